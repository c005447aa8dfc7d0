"""What went wrong at a service, in words."""

from __future__ import annotations

import html
import http.client
import re
import socket


def reason_of(error: Exception) -> str:
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


def plain(raw: bytes) -> str:
    """Return the text of an answer without its markup, cut to a length to read."""
    text = html.unescape(re.sub(r"<[^<>]*>", " ", raw.decode(errors="replace")))
    text = re.sub(r"\s+", " ", text).strip().rstrip(".")
    return text if len(text) <= 200 else text[:199] + "…"
