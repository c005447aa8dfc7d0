"""What went wrong at a service, in words."""

from __future__ import annotations

import http.client
import socket
from html.parser import HTMLParser


def kind_of_no_answer(error: Exception) -> str:
    """Return what sort of no answer it is: `late`, `refused`, `no_host`; "" if none."""
    cause = getattr(error, "reason", error)
    if isinstance(error, TimeoutError) or isinstance(cause, TimeoutError):
        return "late"
    if isinstance(cause, ConnectionRefusedError):
        return "refused"
    return "no_host" if isinstance(cause, socket.gaierror) else ""


def why_no_answer(error: Exception) -> str:
    """Return why there is no answer, to go behind the address of the service."""
    cause = getattr(error, "reason", error)
    if isinstance(error, TimeoutError) or isinstance(cause, TimeoutError):
        return "did not answer in time"
    if isinstance(cause, ConnectionRefusedError):
        return "can't be reached: nothing listens there"
    if isinstance(cause, socket.gaierror):
        return "can't be reached: there is no such host"
    if isinstance(error, http.client.IncompleteRead):
        return "broke off in the middle of its answer"
    return f"can't be reached: {cause or type(error).__name__}"


class _Text(HTMLParser):
    """Collects the text of a page, without what is program or style."""

    HIDDEN = frozenset({"script", "style", "template"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in self.HIDDEN
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self.HIDDEN))
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def answer_text(raw: bytes) -> str:
    """Return the text of an answer without its markup, cut to a length to read.

    No character that a terminal would obey is left in it.
    """
    page = _Text()
    page.feed(raw.decode(errors="replace"))
    page.close()
    shown = (c if c.isprintable() else " " for c in "".join(page.parts))
    text = " ".join("".join(shown).split()).rstrip(".")
    return text if len(text) <= 200 else text[:199] + "…"
