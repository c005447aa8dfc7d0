"""The program of a file process: it answers what it knows, and hands over the rest.

It takes connections from the same socket as the server. What comes on one between two
requests is either exactly one request whose answer the server has sent before, or it
goes to the server with the connection and all that was read: no rule of HTTP, no limit
and no answer is made here (docs/decisions/0106). It can open no socket and no file.
"""

from __future__ import annotations

import errno
import json
import os
import select
import socket
import sys
import time
from collections import deque

from glokal.core.child_process import end_with_parent
from glokal.core.sandbox import close_network
from glokal.server.file_processes import messages
from glokal.server.file_processes.known_answers import FileAnswer, KnownAnswers
from glokal.server.file_processes.log_pieces import write_lines
from glokal.server.file_processes.messages import Arrival, Bounds
from glokal.server.file_processes.shared_counts import SharedCounts
from glokal.server.middleware.access_log import configure_logging, log, request_line

# Seconds: how often the waiting connections are looked through, and how long one may
# say nothing at its beginning until it is the server's.
_SWEEP, _SILENT = 0.5, 1.0
# How long nothing is taken when the process has no room for another connection.
_NO_ROOM = 1.0
_READ, _WRITE = select.EPOLLIN, select.EPOLLOUT


class _Held:
    """A connection, `used` when it had an answer; `rest` is what its reader must take.

    `since` is its beginning or its last answer, `until` when its reader is given up.
    """

    __slots__ = ("rest", "since", "socket", "times", "until", "used")

    def __init__(self, taken: socket.socket, since: float) -> None:
        self.socket, self.since = taken, since
        self.times, self.until = 0, 0.0
        self.used, self.rest = False, memoryview(b"")


class FileProcess:
    """Answers and hands over until the server tells it to stop, or is gone."""

    def __init__(
        self,
        listener: socket.socket,
        channel: socket.socket,
        counts: SharedCounts,
        bounds: Bounds,
    ) -> None:
        self._listener, self._channel = listener, channel
        self._counts, self._bounds = counts, bounds
        self._known = KnownAnswers(counts)
        self._held: dict[int, _Held] = {}
        self._handed: deque[tuple[socket.socket, bytes]] = deque()
        self._lines: list[str] = []
        self._poll = select.epoll()
        self._poll.register(channel, _READ)
        # Another process that waits is woken for another connection.
        self._taking = _READ | select.EPOLLEXCLUSIVE
        self._poll.register(listener, self._taking)
        self._full_until = 0.0
        # When it ends at the latest, once it was told to; whether it has to say so.
        self._stops_at, self._owes_end = 0.0, False
        self._sweep_at = 0.0

    def run(self) -> None:
        """Serve; comes back when it has stopped. OSError when the server is gone."""
        messages.send(self._channel, messages.READY)
        listening, hearing = self._listener.fileno(), self._channel.fileno()
        while not (self._stops_at and self._is_over()):
            for descriptor, _ in self._poll.poll(self._wait()):
                if descriptor == listening:
                    self._take()
                elif descriptor == hearing:
                    self._hear()
                elif held := self._held.get(descriptor):
                    self._serve(held)
            if self._lines:
                write_lines(self._lines)
                self._lines.clear()
            if self._handed:
                self._hand()
            now = time.monotonic()
            if now >= self._sweep_at:
                self._sweep(now)

    def _wait(self) -> float | None:
        waits = self._held or self._handed or self._full_until or self._stops_at
        return _SWEEP if waits else None

    def _is_over(self) -> bool:
        late = time.monotonic() >= self._stops_at
        return late or not (self._held or self._handed or self._owes_end)

    def _take(self) -> None:
        try:
            taken, _ = self._listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                self._poll.unregister(self._listener)
                self._full_until = time.monotonic() + _NO_ROOM
            # Else another process has it, or its client is gone.
            return
        taken.setblocking(False)
        self._hold(_Held(taken, time.monotonic()))

    def _hold(self, held: _Held) -> None:
        descriptor = held.socket.fileno()
        self._held[descriptor] = held
        self._poll.register(descriptor, _READ)
        self._counts.set_held(self._bounds.number, len(self._held))

    def _let_go(self, held: _Held) -> None:
        descriptor = held.socket.fileno()
        del self._held[descriptor]
        self._poll.unregister(descriptor)
        self._counts.set_held(self._bounds.number, len(self._held))

    def _close(self, held: _Held) -> None:
        self._let_go(held)
        held.socket.close()

    def _serve(self, held: _Held) -> None:
        try:
            if held.rest:
                self._send_on(held)
                return
            data = held.socket.recv(messages.REQUEST)
            began = time.perf_counter()
            if not data:
                self._close(held)
            elif (answer := self._answer(data)) is None:
                self._give_up(held, data)
            else:
                self._send(held, answer, began)
        except BlockingIOError:
            return
        except OSError:
            # The client is gone.
            self._close(held)

    def _answer(self, data: bytes) -> FileAnswer | None:
        if self._counts.connections > self._bounds.connections:
            return None
        return self._known.answer(data)

    def _send(self, held: _Held, answer: FileAnswer, began: float) -> None:
        now = time.time()
        whole = self._known.head(now) + answer.rest
        try:
            sent = held.socket.send(whole)
        except BlockingIOError:
            sent = 0
        finally:
            # As the server tells it: when it has been given to the system.
            taken = time.perf_counter() - began
            self._lines.append(request_line((answer.before, answer.after), now, taken))
        held.since, held.used = time.monotonic(), True
        if sent < len(whole):
            held.rest = memoryview(whole)[sent:]
            held.until = held.since + self._bounds.reader
            self._poll.modify(held.socket, _WRITE)

    def _send_on(self, held: _Held) -> None:
        held.rest = held.rest[held.socket.send(held.rest) :]
        if not held.rest:
            held.since = time.monotonic()
            if self._stops_at:
                self._close(held)
                return
            self._poll.modify(held.socket, _READ)

    def _give_up(self, held: _Held, data: bytes) -> None:
        """Let the server have a connection, with what was read of it."""
        self._let_go(held)
        waited = 0.0 if held.used else time.monotonic() - held.since
        arrival = Arrival(data, waited, held.times + 1)
        self._handed.append((held.socket, messages.encode_handed(arrival)))

    def _hand(self) -> None:
        while self._handed:
            connection, message = self._handed[0]
            try:
                if not messages.send(self._channel, message, connection.fileno()):
                    break
            except OSError as error:
                # More are on their way than the system lets one have (unix(7)).
                if error.errno != errno.ETOOMANYREFS:
                    raise
                break
            self._handed.popleft()
            connection.close()
        if self._owes_end and not self._handed:
            self._owes_end = not messages.send(self._channel, messages.QUIETED)
        waits = self._handed or self._owes_end
        self._poll.modify(self._channel, _READ | _WRITE if waits else _READ)

    def _hear(self) -> None:
        for _ in range(64):
            try:
                message, connection = messages.receive(self._channel)
            except BlockingIOError:
                return
            kind = message[:1]
            if kind == messages.ANSWER:
                self._known.learn(messages.decode_answer(message))
            elif kind == messages.RETURNED and connection is not None:
                held = _Held(connection, time.monotonic())
                held.used, held.times = True, messages.decode_returned(message)
                self._hold(held)
                if self._stops_at:
                    self._close(held)
            elif kind == messages.QUIET:
                self._quiet()
            elif kind == messages.PING:
                # Where there is no room for it, what else is sent is read as one soon.
                messages.send(self._channel, messages.PONG)
            elif not message:
                raise ConnectionError("the server is gone")

    def _quiet(self) -> None:
        """Take no more connections, close those at rest, and let answers end."""
        if not self._full_until:
            self._poll.unregister(self._listener)
        self._full_until = 0.0
        self._listener.close()
        for held in list(self._held.values()):
            if not held.rest:
                self._close(held)
        self._stops_at = time.monotonic() + self._bounds.stop
        self._owes_end = True
        self._hand()

    def _sweep(self, now: float) -> None:
        self._sweep_at = now + _SWEEP
        if 0 < self._full_until <= now:
            self._full_until = 0.0
            self._poll.register(self._listener, self._taking)
        for held in list(self._held.values()):
            if held.rest:
                if now >= held.until:
                    self._close(held)
            elif held.used:
                if now - held.since >= self._bounds.idle:
                    self._close(held)
            elif now - held.since >= _SILENT:
                self._give_up(held, b"")
        if self._handed or self._owes_end:
            self._hand()


def main() -> None:
    """Be a file process: megabytes, descriptors and bounds are the arguments."""
    megabytes, listening, shared, bounds = sys.argv[1:]
    configure_logging()
    limits = Bounds(**json.loads(bounds))
    end_with_parent(int(megabytes))
    listener = socket.socket(fileno=int(listening))
    channel = socket.socket(fileno=0)
    # Whoever starts a process may have made its input one that waits.
    channel.setblocking(False)
    listener.setblocking(False)
    counts = SharedCounts(int(shared), limits.processes)
    process = FileProcess(listener, channel, counts, limits)
    close_network(files=True)
    try:
        process.run()
    except ConnectionError:
        # The server is gone, and nobody is left to answer to.
        return
    except MemoryError:
        os._exit(3)
    except Exception:
        log.exception("a file process failed")
        sys.exit(1)


if __name__ == "__main__":
    main()
