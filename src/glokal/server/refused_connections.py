"""What a connection is told that is one too many, or that no application answers."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope, Send

from glokal.server.middleware.access_log import AccessLog
from glokal.server.middleware.cors import PLAIN_HEADERS, CorsAndSecurityHeaders
from glokal.server.problem_details import problem
from glokal.server.spool import AGAIN


def names_other_version(data: bytes) -> bool:
    """Whether a request line in what was received ends in another major version."""
    versions = (line.rpartition(b" ")[2] for line in data.splitlines())
    return any(v[:5] == b"HTTP/" and v[5:7] != b"1." for v in versions)


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    answer = problem(503, "Too many connections are open already.", headers=AGAIN)
    await answer(scope, receive, send)


# Answers what comes on a connection that is one too many.
BUSY: Any = AccessLog(CorsAndSecurityHeaders(_busy))


def problem_bytes(status: int, detail: str) -> bytes:
    """Return a whole answer that is a problem (RFC 9457), and ends its connection."""
    phrase = HTTPStatus(status).phrase
    fields = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": detail,
    }
    body = json.dumps(fields).encode() + b"\n"
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\n"
    )
    rest = "".join(f"{name}: {value}\r\n" for name, value in PLAIN_HEADERS.items())
    return f"{head}{rest}Connection: close\r\n\r\n".encode() + body
