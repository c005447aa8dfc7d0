"""What holds for a request whatever it asks for, before anything reads it.

RFC 9112, sections 3.2 (Host) and 6.1 (transfer codings); RFC 9110, sections 5.3 (a list
in several lines), 15.5.16 (a body that is compressed) and 15.6.6 (another version of
HTTP); RFC 3986, section 2.5 (UTF-8 in addresses).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from glokal.server.problem_details import problem
from glokal.server.request_parameters import is_utf8_text

OTHER_VERSION = "This server speaks HTTP/1.1. Other versions are a proxy's to speak."
_LISTS = (b"accept", b"accept-encoding", b"accept-language", b"if-none-match")
_SLASHES = re.compile(rb"/{2,}")


class RequestRules:
    """Refuses what no client may send, and puts the rest into one form."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say what is wrong with the request."""
        if scope["type"] == "http":
            if answer := _wrong(scope) or _elsewhere(scope):
                await answer(scope, receive, send)
                return
            scope["headers"] = _joined(scope["headers"])
        await self._app(scope, receive, send)


def _wrong(scope: Scope) -> Response | None:
    version = scope.get("http_version", "1.1")
    if version.partition(".")[0] != "1":
        return problem(505, OTHER_VERSION, headers={"Connection": "close"})
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    needed = version != "1.0"
    if len(hosts) > 1 or (needed and not hosts):
        many = "no Host" if not hosts else f"{len(hosts)} lines of Host"
        return problem(400, f"The request has {many}; send one.")
    if hosts and not is_host(hosts[0].decode("latin-1")):
        return problem(400, "The Host of the request is no name of a host.")
    if not (
        is_utf8_text(scope.get("raw_path") or b"")
        and is_utf8_text(scope["query_string"])
    ):
        return problem(400, "The address is not UTF-8.")
    if _codings(scope, b"transfer-encoding") - {b"chunked"}:
        return problem(
            501,
            "The body has a transfer coding that isn't read here. Send it chunked, or "
            "with its length.",
            headers={"Connection": "close"},
        )
    if _codings(scope, b"content-encoding"):
        return problem(
            415,
            "The body is compressed. Send it as it is.",
            headers={"Accept-Encoding": "identity"},
        )
    return None


def _codings(scope: Scope, header: bytes) -> set[bytes]:
    """Return the codings of a body by a header, without the one that is none."""
    values = b",".join(value for name, value in scope["headers"] if name == header)
    return {v.strip().lower() for v in values.split(b",")} - {b"", b"identity"}


def _elsewhere(scope: Scope) -> Response | None:
    """Return where an address with an empty part leads: to the one without."""
    path = scope.get("raw_path") or b""
    if b"//" not in path:
        return None
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    return RedirectResponse((_SLASHES.sub(b"/", path) + query).decode("latin-1"), 308)


@lru_cache(256)
def is_host(text: str) -> bool:
    """Whether this is a host with or without a port (RFC 3986, section 3.2)."""
    if any(sign in text for sign in "/?#@\\,<>\"'") or not text.isprintable():
        return False
    try:
        parts = urlsplit(f"//{text}")
        return " " not in text and (parts.port or 0) >= 0
    except ValueError:
        return False


def _joined(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers in which each list stands in one line."""
    lists: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        if name in _LISTS:
            lists.setdefault(name, []).append(value)
    if all(len(values) < 2 for values in lists.values()):
        return headers
    remaining = [(name, value) for name, value in headers if name not in lists]
    return [*remaining, *((name, b", ".join(values)) for name, values in lists.items())]
