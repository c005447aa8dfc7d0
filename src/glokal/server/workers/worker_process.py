"""One worker process: how it is started, asked, and what its end was.

The process has one end of a socket as its standard input and output. Its end is waited
for with `Process.wait`, which depends on no pipe and comes at once in every version of
asyncio and uvloop, whoever was reading what.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from glokal.core.child_process import python_command
from glokal.core.environment import clean_environment
from glokal.server.spool import RefusedError, Spool, SpooledBody
from glokal.server.workers.connection import Frame, FrameConnection
from glokal.server.workers.messages import QueryRequest, ResponseHead, encode_frame

# glibc sets address space aside for each thread's memory, in a hurry up to a gigabyte:
# a worker that holds next to nothing would be ended by its limit as it starts.
_FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
# How long a process may be still there that has closed its connection.
_LAST_MOMENT = 2.0
# What a pipe holds (pipe(7)); more of what a worker says on its error stream is lost.
_PIPE = 65536
# Signals that come from somebody: a query can't send them to its worker.
_FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


class WorkerEndedError(Exception):
    """The worker ended, or said something that is no answer, before it had answered."""


class WorkerStartError(Exception):
    """The worker can't answer; `damaged` when its store can't be read.

    `from_outside` is whether somebody ended it.
    """

    def __init__(
        self, detail: str, *, damaged: bool = False, from_outside: bool = False
    ) -> None:
        super().__init__(detail)
        self.damaged = damaged
        self.from_outside = from_outside


@dataclass
class WorkerResponse:
    """What a worker answered: a head, and a body that has to be read or closed."""

    head: ResponseHead
    body: SpooledBody


@dataclass(frozen=True)
class WorkerExit:
    """How a worker ended, in words, and the last line that it said on its error stream.

    `from_outside` is whether somebody else ended it. The line may tell of a query.
    """

    reason: str
    from_outside: bool = False
    said: str = ""


class WorkerProcess:
    """A process that answers one query at a time.

    `heavy` has run for longer than a light query may; `broken` can't be used again;
    `asked` is at a query that it hasn't answered. `stopped` says why the server itself
    ended it.
    """

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        connection: FrameConnection,
        errors: int,
    ) -> None:
        self._process = process
        self._connection = connection
        self._errors = errors
        self._schedule = _open_schedule(process.pid)
        self._end: WorkerExit | None = None
        self.heavy = self.broken = self.asked = False
        self.answered = 0
        self.stopped = ""
        self.began = time.monotonic()

    @classmethod
    async def start(cls, module: str, args: Sequence[str]) -> WorkerProcess:
        """Start `python -m module args`; OSError when the system can't."""
        # The program that asks a service logs in there.
        login = module == "glokal.server.workers.remote_worker"
        environment = clean_environment(login=login)
        ours, theirs = socket.socketpair()
        errors, details = os.pipe()
        try:
            # Nobody reads what it says before its end: rather lost than waited for.
            os.set_blocking(errors, False)
            os.set_blocking(details, False)
            ours.setblocking(False)
            process = await asyncio.create_subprocess_exec(
                *python_command(module, args),
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=details,
                start_new_session=True,
                env=environment | _FEW_ARENAS,
            )
        except BaseException:
            ours.close()
            os.close(errors)
            raise
        finally:
            theirs.close()
            os.close(details)
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_unix_connection(FrameConnection, sock=ours)
        return cls(process, connection, errors)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self.began

    async def ready(self, seconds: float) -> None:
        """Wait until it can answer; WorkerStartError when it can't."""
        said: asyncio.Future[Frame | None] = asyncio.get_running_loop().create_future()
        self._connection.expect(lambda it: None if said.done() else said.set_result(it))
        try:
            async with asyncio.timeout(seconds):
                frame = await said
        except TimeoutError as error:
            self.kill("start")
            raise WorkerStartError(f"not ready after {seconds:g} seconds") from error
        if frame is None:
            end = await self.leave()
            payload = f"{end.reason}: {end.said}" if end.said else end.reason
            raise WorkerStartError(payload, from_outside=end.from_outside)
        head = frame.head
        if head.status != 200:
            raise WorkerStartError(head.detail, damaged=head.reason == "store")

    def ask(self, query: QueryRequest, spool: Spool) -> asyncio.Future[WorkerResponse]:
        """Return what will be the answer to a query, whole; to be cancelled if left.

        It raises WorkerEndedError, and RefusedError when the spool has no room.
        """
        loop = asyncio.get_running_loop()
        result: asyncio.Future[WorkerResponse] = loop.create_future()
        # Who waited may be gone when it fails.
        result.add_done_callback(_note_failure)
        if self._connection.is_closing:
            result.set_exception(WorkerEndedError())
            return result
        self.asked = True

        def taken(frame: Frame | None) -> None:
            if result.done():
                return
            if frame is None:
                result.set_exception(WorkerEndedError())
            elif isinstance(frame.body, bytes):
                self._done()
                result.set_result(WorkerResponse(frame.head, spool.hold(frame.body)))
            else:
                task = loop.create_task(
                    self._receive(frame.head, frame.body, frame.size, spool)
                )
                task.add_done_callback(lambda task: _pass_on(task, result))
                result.add_done_callback(lambda _: task.cancel())

        self._connection.send(encode_frame(query), taken)
        return result

    async def _receive(
        self, head: ResponseHead, body: asyncio.StreamReader, size: int, spool: Spool
    ) -> WorkerResponse:
        try:
            held = await spool.receive(body, size)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerEndedError from error
        except RefusedError:
            # The answer was read away.
            self._done()
            raise
        self._done()
        return WorkerResponse(head, held)

    def _done(self) -> None:
        self._connection.body_read()
        self.answered += 1
        self.asked = False

    @property
    def waited(self) -> float:
        """For how many seconds it could have run and had no processor (proc(5)).

        0 where the system doesn't tell.
        """
        try:
            return int(os.pread(self._schedule, 100, 0).split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return 0.0

    def step_back(self) -> None:
        """Let lighter queries go before."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 15)

    def kill(self, reason: str = "") -> None:
        """End it at once; the reason is the server's own."""
        if self._process.returncode is None:
            self.stopped = self.stopped or reason
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Give up the connection; whoever reads from it sees its end."""
        self._connection.close()

    async def leave(self, seconds: float = _LAST_MOMENT) -> WorkerExit:
        """Return how it ended; end it when it is still there after that time."""
        try:
            async with asyncio.timeout(seconds):
                return await self.wait()
        except TimeoutError:
            self.kill("said no answer")
            return await self.wait()

    async def wait(self) -> WorkerExit:
        """Return how it ended, when it has."""
        code = await self._process.wait()
        if self._end is None:
            self._end = self._ended(code)
        return self._end

    def _ended(self, code: int) -> WorkerExit:
        try:
            raw = os.read(self._errors, _PIPE)
        except BlockingIOError:
            raw = b""
        os.close(self._errors)
        if self._schedule >= 0:
            os.close(self._schedule)
            self._schedule = -1
        lines = raw.decode(errors="replace").strip().splitlines()
        text = " ".join(lines[-1][:200].split()) if lines else ""
        if text.startswith(("memory allocation of", "MemoryError")):
            return WorkerExit("out of memory", said=text)
        if code >= 0:
            return WorkerExit(f"exit code {code}", said=text)
        number = -code
        name = signal.Signals(number).name if number in set(signal.Signals) else number
        return WorkerExit(f"signal {name}", number in _FROM_OUTSIDE, text)


def _open_schedule(pid: int) -> int:
    """Return an open file that tells how a process was scheduled, -1 without one."""
    try:
        return os.open(f"/proc/{pid}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1


def _note_failure(future: asyncio.Future[WorkerResponse]) -> None:
    if not future.cancelled():
        future.exception()


def _pass_on(
    task: asyncio.Task[WorkerResponse], result: asyncio.Future[WorkerResponse]
) -> None:
    """Let a future end as a task did."""
    error = None if task.cancelled() else task.exception()
    if result.done():
        return
    if task.cancelled():
        result.cancel()
    elif error is not None:
        result.set_exception(error)
    else:
        result.set_result(task.result())
