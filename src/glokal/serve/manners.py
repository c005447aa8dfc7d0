"""What every answer has: who may read it (CORS), and no guessing of types."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ["GET", "HEAD", "POST"]
_EXPOSED = "Link, ETag, Content-Language, Location, Retry-After, X-Total-Count"
_ALWAYS = [
    # Anyone, without credentials: no answer depends on who asks (Fetch, section 3.3).
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
]
_PREFLIGHT = [
    (b"access-control-allow-methods", ", ".join([*METHODS, "OPTIONS"]).encode()),
    (
        b"access-control-allow-headers",
        b"Accept, Accept-Language, Content-Type, If-None-Match",
    ),
    (b"access-control-max-age", b"86400"),
    (b"allow", ", ".join([*METHODS, "OPTIONS"]).encode()),
]


class Manners:
    """Answers OPTIONS, and adds to every answer what all have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers in place."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_ALWAYS]
            await send(message)

        if scope["method"] == "OPTIONS":
            await told(
                {"type": "http.response.start", "status": 204, "headers": _PREFLIGHT}
            )
            await told({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, told)
