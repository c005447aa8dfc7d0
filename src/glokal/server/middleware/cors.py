"""What every answer has, and what OPTIONS says of an address.

Who may read it (CORS), what a browser may do with it (Content Security Policy, no
guessing of types, no frames of other sites).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glokal.site.security_headers import (
    DATA,
    FRAME_OPTIONS,
    HEADERS,
    PAGES,
    PLAIN_PAGES,
    SCRIPTS,
    is_plain,
)

METHODS = ["GET", "HEAD", "POST"]
SLASHES = re.compile("/{2,}")
_EXPOSED = (
    "Link, ETag, Content-Language, Location, Retry-After, X-Ignored-Parameters, "
    "X-Total-Count"
)
# What a page of another origin may send (Fetch, section 3.3.3). No login means anything
# here, yet clients that always send one, or a library's own header, are answered.
_SENT = (
    "Accept, Accept-Language, Authorization, Cache-Control, Content-Type, "
    "If-None-Match, X-Requested-With"
)
_ALWAYS = [
    # Anyone, without credentials: no answer depends on who asks (Fetch, section 3.3).
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED.encode()),
    *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
]
# What an answer has that doesn't come through the middleware.
PLAIN_HEADERS = {
    **{name.decode(): value.decode() for name, value in _ALWAYS},
    "content-security-policy": DATA,
}
_IN_FRAMES = [pair for pair in _ALWAYS if pair[0] != FRAME_OPTIONS.lower().encode()]


class CorsAndSecurityHeaders:
    """Answers OPTIONS, and adds to every answer what all have."""

    def __init__(
        self,
        app: ASGIApp,
        allowed: Callable[[Scope], list[str]] = lambda _scope: METHODS,
    ) -> None:
        """`allowed` gives the methods of an address, none when there is no such."""
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers in place."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                if message["status"] == 405:
                    remaining = [(n, v) for n, v in headers if n.lower() != b"allow"]
                    headers = [*remaining, (b"allow", self._methods(scope))]
                # An error at such an address is no plain page.
                framed = message["status"] < 400 and is_plain(scope["path"][1:])
                message["headers"] = with_common_headers(headers, framed=framed)
            await send(message)

        if scope["method"] == "OPTIONS":
            # The address that one with a slash too many leads to has the same.
            plain = {"path": SLASHES.sub("/", scope["path"])}
            methods = self._methods({**scope, **plain})
            headers = [
                (b"access-control-allow-methods", methods),
                (b"access-control-allow-headers", _SENT.encode()),
                (b"access-control-max-age", b"86400"),
                (b"allow", methods),
            ]
            start = {"type": "http.response.start", "status": 204, "headers": headers}
            await told(start)
            await told({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, told)

    def _methods(self, scope: Scope) -> bytes:
        return ", ".join([*self._allowed(scope), "OPTIONS"]).encode()


def methods_of(routes: list[BaseRoute], scope: Scope) -> list[str]:
    """Return the methods that the route of an address takes, sorted.

    What is no address of a route (`OPTIONS *`) gets those of the server.
    """
    for route in routes:
        if isinstance(route, Route) and route.matches(scope)[0] != Match.NONE:
            return sorted(route.methods or ())
    return METHODS


def with_common_headers(
    headers: list[tuple[bytes, bytes]], *, framed: bool = False
) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer with those that all have."""
    policy = (b"content-security-policy", _policy(headers, framed))
    return [*headers, *(_IN_FRAMES if framed else _ALWAYS), policy]


def _policy(headers: list[tuple[bytes, bytes]], framed: bool) -> bytes:
    kinds = [value for name, value in headers if name.lower() == b"content-type"]
    media = kinds[0].partition(b";")[0].strip() if kinds else b""
    if media == b"text/html":
        return (PLAIN_PAGES if framed else PAGES).encode()
    return (SCRIPTS if media == b"text/javascript" else DATA).encode()
