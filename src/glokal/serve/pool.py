"""Worker processes that answer queries within limits, light and heavy apart.

A query starts on a worker that is free. When it has run for a second it counts as
heavy: a new worker takes the light place, and the heavy one goes on at a low priority,
as long as few enough are heavy. At its limit it is stopped with its process.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glokal.config.serving import Serving
from glokal.errors import ToolError
from glokal.serve.worker import HEAD, frame

# glibc sets address space aside for each thread's memory, in a hurry up to a gigabyte:
# a worker that holds next to nothing would be ended by its limit as it starts.
_FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True)
class Bounds:
    """What queries may take together and each: processes, seconds, megabytes."""

    light: int = 2
    heavy: int = 3
    heavy_after: float = 1.0
    seconds: float = 20.0
    wait_seconds: float = 5.0
    megabytes: int = 1024
    answer_megabytes: int = 64
    answer_rows: int = 100_000
    services: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, serving: Serving) -> Bounds:
        """Return the bounds that a server's settings ask for."""
        return cls(
            light=serving.workers,
            heavy=serving.heavy_workers,
            seconds=serving.query_seconds,
            megabytes=serving.query_megabytes,
            answer_megabytes=serving.answer_megabytes,
            answer_rows=serving.answer_rows,
            services=serving.services,
        )


class RefusedError(Exception):
    """A query was stopped or not begun; the text says why, for the client."""


class Pool:
    """The workers of one store.

    `program` is the module of the worker and what it asks: the store unless it is
    somewhere else. `more` are arguments besides.
    """

    def __init__(
        self,
        store: Path,
        bounds: Bounds,
        program: tuple[str, str] | None = None,
        more: tuple[str, ...] = (),
    ) -> None:
        self.store = store
        self.bounds = bounds
        self._program = program or ("glokal.serve.worker", str(store))
        self._more = more or (("OPEN",) if bounds.services else ())
        self._free: deque[_Worker] = deque()
        self._waiting: deque[asyncio.Future[_Worker]] = deque()
        self._all: set[_Worker] = set()
        self._heavy = 0
        self._over = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the workers, and see that one of them answers; ToolError if not."""
        await asyncio.gather(*(self._add() for _ in range(self.bounds.light)))
        asked = {"query": "ASK {}", "default": [], "named": [], "accept": ""}
        try:
            await self.ask(asked)
        except RefusedError as error:
            await self.stop()
            raise ToolError(
                f"The workers can't open the store with {self.bounds.megabytes} MB.",
                remedy="give them more with GLOKAL_QUERY_MEGABYTES.",
            ) from error

    async def stop(self) -> None:
        """Stop every worker; what runs is lost."""
        self._over = True
        for worker in list(self._all):
            self._discard(worker)
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_exception(RefusedError("The service is stopping."))
        # A worker that is on its way sees that all is over; those ended are seen off.
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def idle(self) -> bool:
        """Whether no worker has work."""
        return len(self._free) == len(self._all)

    async def ask(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Return the head and the body of the answer to a request.

        Raises RefusedError at a limit. When the caller is cancelled, the work stops.
        """
        async with self._lent() as worker:
            task = asyncio.ensure_future(worker.ask(asked))
            try:
                return await self._within_limits(worker, task)
            except (asyncio.IncompleteReadError, OSError) as error:
                worker.broken = True
                raise RefusedError(
                    "The query ended its worker, which may hold "
                    f"{self.bounds.megabytes} MB of memory."
                ) from error
            finally:
                if not task.done():
                    worker.broken = True
                    task.cancel()

    async def _within_limits(
        self, worker: _Worker, task: asyncio.Future[tuple[dict[str, Any], bytes]]
    ) -> tuple[dict[str, Any], bytes]:
        bounds = self.bounds
        first = min(bounds.heavy_after, bounds.seconds)
        done, _ = await asyncio.wait([task], timeout=first)
        if done:
            return task.result()
        if self._heavy >= bounds.heavy:
            raise RefusedError(
                f"{bounds.heavy} heavy queries are running already; this one was "
                f"stopped after {first:g} seconds."
            )
        self._heavy += 1
        worker.heavy = True
        worker.step_back()
        self._replace()
        try:
            left = bounds.seconds - first
            done, _ = await asyncio.wait([task], timeout=left)
        finally:
            self._heavy -= 1
        if done:
            return task.result()
        raise RefusedError(
            f"The query did not finish in {bounds.seconds:g} seconds and was stopped."
        )

    @contextlib.asynccontextmanager
    async def _lent(self) -> AsyncIterator[_Worker]:
        worker = await self._take()
        try:
            yield worker
        finally:
            if worker.heavy or worker.broken or self._over:
                self._discard(worker)
                if not worker.heavy:
                    self._replace()
            else:
                self._give(worker)

    async def _take(self) -> _Worker:
        if self._free:
            return self._free.popleft()
        waiter: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await asyncio.wait_for(waiter, self.bounds.wait_seconds)
        except TimeoutError as error:
            raise RefusedError("Every worker is busy.") from error
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def _give(self, worker: _Worker) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(worker)
                return
        self._free.append(worker)

    def _replace(self) -> None:
        if not self._over:
            self._keep(asyncio.ensure_future(self._add()))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _add(self) -> None:
        bounds = self.bounds
        module, asked = self._program
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, str(bounds.megabytes), asked),
            *(str(bounds.answer_megabytes << 20), str(bounds.answer_rows)),
            *self._more,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=1 << 20,
            env=os.environ | _FEW_ARENAS,
        )
        worker = _Worker(process)
        self._all.add(worker)
        if self._over:
            self._discard(worker)
        else:
            self._give(worker)

    def _discard(self, worker: _Worker) -> None:
        self._all.discard(worker)
        with contextlib.suppress(ValueError):
            self._free.remove(worker)
        worker.kill()
        self._keep(asyncio.ensure_future(worker.ended()))


class _Worker:
    """A process that answers one request at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.heavy = self.broken = False

    async def ask(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        out, source = self._process.stdin, self._process.stdout
        assert out is not None and source is not None
        out.write(frame(asked))
        await out.drain()
        size, more = HEAD.unpack(await source.readexactly(HEAD.size))
        head = await source.readexactly(size)
        return json.loads(head), await source.readexactly(more)

    def step_back(self) -> None:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 15)

    async def ended(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        # What it wrote last is read away first: a reader with much to give rests until
        # somebody takes it, never sees the end, and the process is waited for forever.
        while not self._process.stdout.at_eof():
            try:
                await self._process.stdout.read()
            except OSError:
                break
            except RuntimeError:
                # Who asked is still reading; it may leave before the end, or not.
                await asyncio.sleep(0.01)
        await self._process.wait()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
