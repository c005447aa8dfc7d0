"""One file process as the server sees it: started, told, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict

from glokal.core.child_process import python_command
from glokal.core.environment import clean_environment
from glokal.server.file_processes import messages
from glokal.server.file_processes.messages import Arrival, Bounds
from glokal.server.file_processes.shared_counts import SharedCounts

# What such a process may hold, in megabytes of addresses; it needs a tenth of it.
_MEGABYTES = 512
# What may wait to be told; a process that takes nothing for so long is ended.
_MOST_WAITING = 64 << 20
# How many messages are read before others have their turn.
_AT_ONCE = 64
# How long a process may give no sign of life. It needs less than a millisecond for one,
# but on a machine with much other work it may have to wait for its turn.
_UNWELL_SECONDS = 5.0
Take = Callable[[socket.socket, Arrival], None]


class FileChild:
    """A file process, and what passes between it and the server.

    `ready` when it takes connections; `quiet` is set when it takes and hands over no
    more, or is gone.
    """

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        channel: socket.socket,
        take: Take,
        changed: Callable[[], None],
    ) -> None:
        self._process = process
        self._channel: socket.socket | None = channel
        self._take, self._changed = take, changed
        self._waiting: deque[bytes] = deque()
        self._waiting_size = 0
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(channel, self._hear)
        self.ready = False
        self.quiet = asyncio.Event()
        self.began = self._well = time.monotonic()

    @classmethod
    async def start(
        cls,
        listener: socket.socket,
        counts: SharedCounts,
        bounds: Bounds,
        take: Take,
        changed: Callable[[], None],
    ) -> FileChild:
        """Start one; OSError when the system can't."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            for end in (ours, theirs):
                end.setblocking(False)
            args = [str(listener.fileno()), str(counts.descriptor)]
            process = await asyncio.create_subprocess_exec(
                *python_command(
                    "glokal.server.file_processes.file_process",
                    [str(_MEGABYTES), *args, json.dumps(asdict(bounds))],
                ),
                stdin=theirs.fileno(),
                stdout=asyncio.subprocess.DEVNULL,
                pass_fds=(listener.fileno(), counts.descriptor),
                start_new_session=True,
                env=clean_environment(),
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return cls(process, ours, take, changed)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def tell(self, message: bytes) -> None:
        """Send a message behind those that wait; nothing when the process is gone."""
        if self._channel is None:
            return
        self._waiting.append(message)
        self._waiting_size += len(message)
        if self._waiting_size > _MOST_WAITING:
            self.kill()
        elif len(self._waiting) == 1:
            self._send()

    def ask_if_well(self) -> None:
        """Ask for a sign of life, and end a process that has given none for long.

        One that is stopped or hangs keeps its connections, and is woken for new ones.
        """
        if self._channel is None or not self.ready:
            return
        now = time.monotonic()
        if now - self._well > _UNWELL_SECONDS:
            self.kill()
        elif not self._waiting:
            self.tell(messages.PING)

    def give(self, connection: int, times: int) -> bool:
        """Let the process have a connection; whether it takes it now."""
        if self._channel is None or not self.ready or self._waiting:
            return False
        message = messages.encode_returned(times)
        with contextlib.suppress(OSError):
            return messages.send(self._channel, message, connection)
        return False

    def forget_waiting(self) -> None:
        """Tell nothing of what still waits to be told."""
        self._waiting.clear()
        self._waiting_size = 0

    def kill(self) -> None:
        """End the process at once."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def wait(self) -> str:
        """Wait for the end of the process, and say how it ended."""
        code = await self._process.wait()
        # What it has handed over is the server's, though it is gone.
        while self._hear():
            pass
        self._close()
        if code < 0:
            with contextlib.suppress(ValueError):
                return signal.Signals(-code).name
        return f"exit code {code}"

    def _go_on(self) -> None:
        # There is room again, so it reads: that is a sign of life, too.
        self._well = time.monotonic()
        self._send()

    def _send(self) -> None:
        assert self._channel is not None
        while self._waiting:
            try:
                if not messages.send(self._channel, self._waiting[0]):
                    self._loop.add_writer(self._channel, self._go_on)
                    return
            except OSError:
                self._close()
                return
            self._waiting_size -= len(self._waiting.popleft())
        self._loop.remove_writer(self._channel)

    def _hear(self) -> bool:
        """Read some messages; whether there may be more."""
        for _ in range(_AT_ONCE):
            if self._channel is None:
                return False
            try:
                message, connection = messages.receive(self._channel)
            except BlockingIOError:
                return False
            except OSError:
                message, connection = b"", None
            self._heard(message, connection)
        return True

    def _heard(self, message: bytes, connection: socket.socket | None) -> None:
        kind = message[:1]
        if kind == messages.HANDED and connection is not None:
            self._take(connection, messages.decode_handed(message))
        elif kind == messages.READY:
            self.ready, self._well = True, time.monotonic()
            self._changed()
        elif kind == messages.PONG:
            self._well = time.monotonic()
        elif kind == messages.QUIETED:
            self.quiet.set()
        elif not message:
            self._close()

    def _close(self) -> None:
        """Say nothing more to a process that is gone."""
        self.forget_waiting()
        self.ready = False
        self.quiet.set()
        if self._channel is not None:
            self._loop.remove_reader(self._channel)
            self._loop.remove_writer(self._channel)
            self._channel.close()
            self._channel = None
        self._changed()
