"""A connection that came to the server by a file process, and may go back to one.

All that is HTTP is as for any other. It goes back when it has asked for files whose
answers are ready: for one after it came the first time, for twice as many after each
time more, so that who asks for now this and now that isn't handed to and fro.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from glokal.server.file_processes.messages import Arrival
from glokal.server.file_processes.shared_counts import SharedCounts
from glokal.server.ready_answers import ReadyAnswer
from glokal.server.timeouts import TimeoutHttpProtocol

# After so many ready answers a connection goes back, however often it came.
_MOST_ANSWERS = 64


class HandedOverHttpProtocol(TimeoutHttpProtocol):
    """A connection with what was read of it elsewhere."""

    counts: ClassVar[SharedCounts]
    # Given a connection's descriptor and how often it came; whether it is taken.
    give_back: ClassVar[Callable[[int, int], bool]]

    def __init__(self, *args: Any, arrival: Arrival, **more: Any) -> None:
        super().__init__(*args, **more)
        self._arrival = arrival
        self._wanted = min(2 ** max(arrival.times - 1, 0), _MOST_ANSWERS)
        self._ready_answers = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Go on with what was read, as if it had been read here."""
        super().connection_made(transport)
        self._tell_count()
        self._stop_waiting()
        self._wait(self._arrival.waited)
        if self._arrival.data:
            super().data_received(self._arrival.data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        super().connection_lost(exc)
        self._tell_count()

    def data_received(self, data: bytes) -> None:
        """Take what comes, and let a file process go on when that is better."""
        super().data_received(data)
        if self._ready_answers >= self._wanted and self._is_between_requests():
            self._go_back()

    def _tell_count(self) -> None:
        self.counts.set_server(len(self.connections))

    def _open_connections(self) -> int:
        return self.counts.connections

    def _send_file(self, answer: ReadyAnswer) -> None:
        super()._send_file(answer)
        self._ready_answers += 1

    def _is_between_requests(self) -> bool:
        """Whether all that came is answered, and all answers are given away."""
        waits = self._until or self._closing or self.transport.is_closing()
        unsent = self.transport.get_write_buffer_size()
        return not waits and not unsent and self._is_at_rest()

    def _go_back(self) -> None:
        # What comes now is read by the other process.
        self.transport.pause_reading()
        connection = self.transport.get_extra_info("socket").fileno()
        if type(self).give_back(connection, self._arrival.times):
            # Closes what this process has of it, and not the connection.
            self.transport.abort()
        else:
            self.transport.resume_reading()
            # Tried again after as many answers more.
            self._ready_answers = 0
