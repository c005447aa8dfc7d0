"""File processes are started, watched and replaced, and told what they may answer.

While there is one, the server's process takes no connections itself; while there is
none, it takes all.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import socket
import sys
import time

from glokal.core.errors import UsageError
from glokal.server.file_processes import messages
from glokal.server.file_processes.child import FileChild, Take
from glokal.server.file_processes.messages import Arrival, Bounds, ToldAnswer
from glokal.server.file_processes.shared_counts import SharedCounts
from glokal.server.ready_answers import ReadyAnswer, ReadyAnswers
from glokal.server.request_keys import Key

log = logging.getLogger("glokal.server")
# A process that ends sooner counts as one that didn't start. How long the next start is
# put off when one after the other fails: twice as long each time, at most the last.
_SETTLED = 5.0
_FIRST_DELAY, _LAST_DELAY = 0.1, 5.0
# How often the processes are asked whether they are well.
_WATCH_SECONDS = 1.0
# How long a stop waits until every process takes no more connections.
_QUIET_SECONDS = 2.0
# How many connections the server's process takes before others have their turn, and how
# long it takes none when it has no room for them.
_AT_ONCE = 64
_NO_ROOM = 1.0


def check_platform() -> None:
    """Raise UsageError where there can be no file processes."""
    if sys.platform != "linux":
        raise UsageError(
            "file_processes is set, and file processes need Linux.",
            remedy="leave it out of serve.toml and unset GLOKAL_FILE_PROCESSES.",
        )


class FileProcesses:
    """The file processes of a server, as many as its settings say."""

    def __init__(self, listener: socket.socket, bounds: Bounds) -> None:
        """Share a socket that is listened on; OSError when the system can't."""
        listener.setblocking(False)
        self._listener, self._bounds = listener, bounds
        self.counts = SharedCounts.make(bounds.processes)
        self.answers: ReadyAnswers | None = None
        self._children: dict[int, FileChild] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._takes_itself = False
        self._take: Take = _refuse

    def start(self, take: Take) -> None:
        """Start the processes; connections that are the server's go to `take`."""
        self._take = take
        self._choose_taker()
        for number in range(self._bounds.processes):
            task = asyncio.create_task(self._run(number))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._watch()

    def _watch(self) -> None:
        """See that each process is well, as long as the server runs."""
        if self._stopping.is_set():
            return
        for child in self._children.values():
            child.ask_if_well()
        asyncio.get_running_loop().call_later(_WATCH_SECONDS, self._watch)

    def close(self) -> None:
        """Give back what `__init__` took."""
        self.counts.close()

    def learn(self, key: Key, answer: ReadyAnswer) -> None:
        """Tell the processes of an answer of the build that is served now."""
        message = self._told(key, answer)
        for child in self._children.values():
            if message:
                child.tell(message)

    def next_build(self) -> None:
        """Let nothing that was told be sent any more: another build is served."""
        self.counts.next_build()
        for child in self._children.values():
            child.forget_waiting()

    def give_back(self, connection: int, times: int) -> bool:
        """Let the process with the fewest have a connection; whether one takes it."""
        ready = [n for n, child in self._children.items() if child.ready]
        if not ready or self._stopping.is_set():
            return False
        least = min(ready, key=self.counts.held)
        return self._children[least].give(connection, times)

    async def quiet(self) -> None:
        """Take no more connections, in no process, and wait until that is so."""
        self._stopping.set()
        self._choose_taker()
        waiting = []
        for child in self._children.values():
            child.forget_waiting()
            child.tell(messages.QUIET)
            waiting.append(child.quiet.wait())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_QUIET_SECONDS):
                await asyncio.gather(*waiting)

    async def stop(self, seconds: float) -> None:
        """Wait until answers under way have ended, so many seconds at most."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        for child in self._children.values():
            child.kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _told(self, key: Key, answer: ReadyAnswer) -> bytes | None:
        rest, size = answer.lines + answer.body, len(answer.body)
        told = ToldAnswer(self.counts.build, key, rest, size, answer.route)
        return messages.encode_answer(told)

    async def _run(self, number: int) -> None:
        """Keep one process running until the server stops."""
        failures = 0
        while not self._stopping.is_set():
            try:
                child = await self._started(number)
                ended = await child.wait()
            except OSError as error:
                ended, seconds = error.strerror or str(error), 0.0
            else:
                seconds = time.monotonic() - child.began
                del self._children[number]
                self._choose_taker()
            self.counts.set_held(number, 0)
            if self._stopping.is_set():
                return
            failures = 0 if seconds >= _SETTLED else failures + 1
            fields = {"reason": ended, "seconds": round(seconds, 1)}
            log.warning("a file process ended", extra={"fields": fields})
            if failures > 1:
                delay = min(_FIRST_DELAY * 2 ** min(failures - 2, 10), _LAST_DELAY)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(delay):
                        await self._stopping.wait()

    async def _started(self, number: int) -> FileChild:
        bounds = dataclasses.replace(self._bounds, number=number)
        child = await FileChild.start(
            self._listener, self.counts, bounds, self._take, self._choose_taker
        )
        self._children[number] = child
        for key, answer in self.answers or ():
            if message := self._told(key, answer):
                child.tell(message)
        if self._stopping.is_set():
            child.tell(messages.QUIET)
        return child

    def _choose_taker(self) -> None:
        """Let the server's process take connections when no other one does."""
        ready = any(child.ready for child in self._children.values())
        wanted = not ready and not self._stopping.is_set()
        if wanted == self._takes_itself:
            return
        self._takes_itself = wanted
        loop = asyncio.get_running_loop()
        if wanted:
            loop.add_reader(self._listener, self._accept)
        else:
            loop.remove_reader(self._listener)

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                connection, _ = self._listener.accept()
            except (BlockingIOError, ConnectionError, InterruptedError):
                return
            except OSError as error:
                log.warning("no connection can be taken: %s", error)
                loop = asyncio.get_running_loop()
                loop.remove_reader(self._listener)
                loop.call_later(_NO_ROOM, self._accept_again)
                return
            connection.setblocking(False)
            self._take(connection, Arrival())

    def _accept_again(self) -> None:
        if self._takes_itself:
            asyncio.get_running_loop().add_reader(self._listener, self._accept)


def _refuse(connection: socket.socket, _arrival: Arrival) -> None:
    connection.close()
