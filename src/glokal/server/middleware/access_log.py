"""What a server writes about itself: a JSON object a line, on the error stream.

No address of a client, no query, no parameter: a request is told by its method, the
pattern of its path, and how it ended.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glokal.core.characters import visible_json

log = logging.getLogger("glokal.server")
_OUTCOMES = {2: "answered", 3: "redirect", 4: "refused", 5: "failed"}


_ENCODED = json.JSONEncoder(ensure_ascii=False).encode


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": _stamp(record.created),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        # A log is looked at on a terminal.
        return visible_json(_ENCODED(fields))


def configure_logging() -> None:
    """Send what the server and its parts tell to the error stream."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    # Nothing of that is told, and finding it out takes a while for each line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for name, level in (("glokal.server", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


class AccessLog:
    """Tells of each request when it has ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status, size, whole = 500, 0, False

        async def counted(message: Message) -> None:
            nonlocal status, size, whole
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
                whole = not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            gone = scope.get("state", {}).get("gone") or not whole
            path = getattr(scope.get("route"), "path", "")
            tell_request(scope["method"], path, status, began, size, gone=gone)


def tell_request(
    method: str, route: str, status: int, began: float, size: int, *, gone: bool = False
) -> None:
    """Tell of a request that has ended; `began` by time.perf_counter."""
    if not log.isEnabledFor(logging.INFO):
        return
    # Where in the program this is said would take longer to find than all the rest.
    record = log.makeRecord(log.name, logging.INFO, "", 0, "request", (), None)
    record.fields = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round((time.perf_counter() - began) * 1000, 1),
        "bytes": size,
        "outcome": "client_closed" if gone else _outcome(status),
    }
    log.handle(record)


def request_line_parts(
    method: str, route: str, status: int, size: int
) -> tuple[str, str]:
    """Return what `tell_request` writes between the time and the milliseconds, and
    what behind them, for `request_line`.
    """
    fields = {
        "level": "info",
        "message": "request",
        "method": method,
        "route": route,
        "status": status,
    }
    behind = {"bytes": size, "outcome": _outcome(status)}
    # The parts of an object stand between braces.
    before, after = _ENCODED(fields)[1:-1], _ENCODED(behind)[1:-1]
    return visible_json(f'", {before}, "ms": '), visible_json(f", {after}}}") + "\n"


def request_line(parts: tuple[str, str], ended: float, seconds: float) -> str:
    """Return the line for a request that has ended (seconds since 1970), and took so
    long: the one that `tell_request` writes, without a logger on the way.
    """
    before, after = parts
    return f'{{"time": "{_stamp(ended)}{before}{round(seconds * 1000, 1)}{after}'


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _outcome(status: int) -> str:
    if status == 304:
        return "not_modified"
    if status in (429, 503):
        return "limited"
    return _OUTCOMES.get(status // 100, "")
