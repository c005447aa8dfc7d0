"""HTTP connections with an end: what is sent too slowly, or without end, is cut off.

uvicorn waits for ever for the rest of a request and for a reader that takes nothing.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, ClassVar

import httptools

from glokal.server.connection_end import EndingHttpProtocol
from glokal.server.inline_queries import InlineQueries
from glokal.server.middleware.access_log import tell_request
from glokal.server.middleware.request_rules import OTHER_VERSION
from glokal.server.ready_answers import ReadyAnswer, ReadyAnswers, answer_bytes
from glokal.server.refused_connections import (
    BUSY,
    names_other_version,
    problem_bytes,
)
from glokal.server.request_keys import MAX_LINES, Key, is_plain_get, request_key

# Bytes of an address, bytes of headers; more is no request of a reader's.
MAX_ADDRESS = 64 << 10
MAX_HEADERS = 64 << 10
# Where a request has its connection, among the extensions of its scope.
CONNECTION = "glokal.connection"


class _TooLargeError(Exception):
    """The head of a request is over a limit, which the connection has noted."""


class TimeoutHttpProtocol(EndingHttpProtocol):
    """A connection whose request must be whole in time, and whose reader must read."""

    most: ClassVar[int] = 500
    request_seconds: ClassVar[float] = 20.0
    reader_seconds: ClassVar[float] = 60.0
    ready: ClassVar[ReadyAnswers | None] = None
    at_once: ClassVar[InlineQueries | None] = None

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._until: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._in_head = True
        # Bytes received of a head, those of its headers and their lines.
        self._head = self._size = self._lines = 0
        self._too_large: tuple[int, str] | None = None
        self._last = b""
        # Whether the request that comes in has its answer already.
        self._answered = False
        # Whether a request of those that came together was answered at once.
        self._had_turn = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        self._read_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what comes, as long as a request's head is of a decent size."""
        if self._closing:
            return
        if self._until is None and not self.transport.is_closing():
            self._wait()
        self._head += len(data) if self._in_head else 0
        self._last = data
        self._had_turn = False
        self._unset_keepalive_if_required()
        self._feed(data)
        # A line that doesn't end is no header yet.
        if self._in_head and self._head > MAX_ADDRESS + MAX_HEADERS:
            self._refuse(431, f"Headers may have {MAX_HEADERS} bytes.")

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
        except httptools.HttpParserUpgrade as upgrade:
            if self._asks_for_upgrade():
                self._go_on_without_upgrade(data[upgrade.args[0] :])

    def _asks_for_upgrade(self) -> bool:
        """Whether the request asks for another protocol, HTTP/2 say."""
        parser = self.parser
        return bool(parser.should_upgrade() and parser.get_method() != b"CONNECT")

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """Read a request as if it asked for no other protocol.

        That may be passed over (RFC 9110, section 7.8). The parser takes what follows
        the head for the other protocol: the body that Java's HttpClient sends, which
        asks for HTTP/2 unless it is told not to.
        """
        parser = self.parser
        version = parser.get_http_version().encode()
        head = [b"%s %s HTTP/%s" % (parser.get_method(), self.url, version)]
        head += [b"%s: %s" % (n, v) for n, v in self.headers if n != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self._feed(b"\r\n".join([*head, b"", rest]))

    def on_message_begin(self) -> None:
        """A request begins, perhaps behind another one."""
        if self._until is None:
            self._wait()
        self._size = self._lines = 0
        self._answered = False
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self}  # type: ignore[dict-item]

    def on_url(self, url: bytes) -> None:
        """Take a part of the address, as long as it isn't too long."""
        super().on_url(url)
        if len(self.url) > MAX_ADDRESS:
            self._too_large = (414, f"An address may have {MAX_ADDRESS} bytes.")
            raise _TooLargeError

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, as long as there are not too many, nor too large ones."""
        self._size += len(name) + len(value)
        self._lines += 1
        if self._size > MAX_HEADERS or self._lines > MAX_LINES:
            self._too_large = (
                431,
                f"A request may have {MAX_LINES} headers, of {MAX_HEADERS} bytes "
                "together.",
            )
            raise _TooLargeError
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there; what comes now is the body."""
        if self._asks_for_upgrade():
            return
        self._in_head, self._head = False, 0
        usual = self.app
        if self._open_connections() > self.most:
            self.app = BUSY
        elif self.at_once is not None and self._answer_at_once(self.at_once):
            return
        elif self.ready is not None and (key := self._ready_key()) is not None:
            answer = self.ready.get(key)
            if answer is not None and self._is_at_rest():
                self._send_file(answer)
                return
            self.app = self.ready.recording(key, usual)
        super().on_headers_complete()
        self.app = usual

    def _ready_key(self) -> Key | None:
        return request_key(self.url, self.headers) if self._is_plain_get() else None

    def _is_plain_get(self) -> bool:
        return is_plain_get(self.parser)

    def _open_connections(self) -> int:
        return len(self.connections)

    def _send_file(self, answer: ReadyAnswer) -> None:
        self._send_ready(answer, time.perf_counter())

    def _answer_at_once(self, at_once: InlineQueries) -> bool:
        """Answer a query that needs no other process; whether it was answered.

        Of several requests that come together only the first one has its turn here, so
        that other connections have theirs.
        """
        if self._had_turn or not (self._is_plain_get() and self._is_at_rest()):
            return False
        began = time.perf_counter()
        answer = at_once(self.url, self.headers)
        if answer is None:
            return False
        self._had_turn = True
        self._send_ready(answer, began)
        return True

    def _send_ready(self, answer: ReadyAnswer, began: float) -> None:
        self._answered = True
        if not self.transport.is_closing():
            headers = self.server_state.default_headers
            self.transport.write(answer_bytes(answer, headers))
        tell_request("GET", answer.route, 200, began, len(answer.body))
        self.on_response_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._asks_for_upgrade():
            return
        self._in_head = True
        self._stop_waiting()
        if not self._answered:
            super().on_message_complete()

    def pause_writing(self) -> None:
        """The reader is behind: give it a while."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.reader_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader reads."""
        self._read_on()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Say that what came is no HTTP, or more of it than may be."""
        status, detail = self._too_large or (400, msg)
        # The parser stops at a version that it doesn't know, and says only that.
        if self._in_head and not self._lines and names_other_version(self._last):
            status, detail = 505, OTHER_VERSION
        self._refuse(status, detail)

    def _wait(self, waited: float = 0.0) -> None:
        left = max(0.0, self.request_seconds - waited)
        self._until = self.loop.call_later(left, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._until:
            self._until.cancel()
            self._until = None

    def _read_on(self) -> None:
        if self._unread:
            self._unread.cancel()
            self._unread = None

    def _too_slow(self) -> None:
        seconds = f"{self.request_seconds:g}"
        self._refuse(408, f"The request was not whole after {seconds} seconds.")

    def _refuse(self, status: int, detail: str) -> None:
        self._stop_waiting()
        self._end_with(problem_bytes(status, detail))
