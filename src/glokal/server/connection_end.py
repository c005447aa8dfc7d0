"""How a connection ends: its last answer can be read, and who waits for it is told.

A client that has closed its side only (RFC 9112, section 9.6, allows it) and one that
is gone look alike. What comes soon is sent to either; after a while it is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)

# Seconds in which a client that is still sending can read why it was refused: closed at
# once, a connection with bytes unread is reset (RFC 9112, section 9.6). As long an
# answer may take for a client that sends no more.
LINGER_SECONDS = 2.0


class EndingHttpProtocol(HttpToolsProtocol):
    """A connection that tells of its end."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # Set when the last answer has been given to the system.
        self._closing: asyncio.TimerHandle | None = None
        # Set when the client sends no more, and still waits for an answer.
        self._silent: asyncio.TimerHandle | None = None
        self._watching: list[Callable[[], None]] = []
        # The requests without a whole answer; uvicorn knows the one that came last.
        self._open: list[RequestResponseCycle] = []

    @contextlib.contextmanager
    def when_gone(self, told: Callable[[], None]) -> Iterator[None]:
        """Call back when the client goes while the block lasts."""
        if self._is_gone:
            told()
        # Its end is seen only as long as something is read.
        self.flow.resume_reading()
        self._watching.append(told)
        try:
            yield
        finally:
            self._watching.remove(told)

    @property
    def _is_gone(self) -> bool:
        return self.transport.is_closing() or bool(
            self.cycle and self.cycle.disconnected
        )

    def _tell_gone(self) -> None:
        for told in self._watching:
            told()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits for that."""
        for timer in (self._closing, self._silent):
            if timer:
                timer.cancel()
        super().connection_lost(exc)
        self._tell_gone()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Let who stops sending have the answer that is under way, if it comes soon."""
        if self._has_answered_all or self._closing or self.transport.is_closing():
            return False
        if self.cycle is not None and self.cycle.more_body:
            # The rest of the request will never come.
            return False
        self._silent = self.loop.call_later(LINGER_SECONDS, self._give_up_silent)
        return True

    def on_headers_complete(self) -> None:
        """Know of a request that is to be answered."""
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before and self.cycle is not None:
            self._open = [*self._unanswered(), self.cycle]

    def on_response_complete(self) -> None:
        """Go on with the next request, or end where the client sends no more."""
        super().on_response_complete()
        if self._silent and self._has_answered_all:
            self.transport.close()

    @property
    def _has_answered_all(self) -> bool:
        answered = self.cycle is None or self.cycle.response_complete
        return answered and not self.pipeline

    def _is_at_rest(self) -> bool:
        """Whether no answer is on its way, and the reader isn't behind."""
        return self._has_answered_all and not self.flow.write_paused

    def _unanswered(self) -> list[RequestResponseCycle]:
        return [cycle for cycle in self._open if not cycle.response_complete]

    def _give_up_silent(self) -> None:
        if not any(cycle.response_started for cycle in self._unanswered()):
            self.transport.abort()

    def _end_with(self, answer: bytes) -> None:
        """Send an answer in place of what the application would say, as the last one.

        An answer that is on its way ends where it is.
        """
        if self.transport.is_closing() or self._closing:
            return
        waiting = self._unanswered()
        if any(cycle.response_started for cycle in waiting):
            self.transport.close()
            return
        self.transport.write(answer)
        for cycle in waiting:
            # Nobody writes to this connection any more.
            cycle.disconnected = True
            cycle.message_event.set()
        if waiting:
            self._tell_gone()
        self.pipeline.clear()
        self.transport.write_eof()
        self._closing = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
