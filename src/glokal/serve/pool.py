"""Worker processes that answer queries within limits, light and heavy apart.

A query starts on a worker that is free. When it has run for a second it counts as
heavy: a new worker takes the light place, and the heavy one goes on at a low priority,
as long as few enough are heavy. At its limit it is stopped with its process.

Each process has a task that starts it, waits for its end and sees that another one
takes its place, so that no end goes unseen.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path

from glokal.config.serving import Serving
from glokal.errors import ToolError
from glokal.serve.messages import Query
from glokal.serve.spool import RefusedError, Spool
from glokal.serve.worker_process import (
    Answer,
    End,
    WorkerEndedError,
    WorkerProcess,
    WorkerStartError,
)

log = logging.getLogger("glokal.serve")
# How long a worker may take until it can answer.
START_SECONDS = 60.0
# A worker that ends sooner, without an answer, counts as one that didn't start.
_SETTLED = 5.0
# How long the next start is put off when one after the other fails: the first of these
# at the second failure, twice as long each time, at most the last.
_FIRST_DELAY, _LAST_DELAY = 0.1, 5.0
# How many starts in a row may fail until a pool that never worked is given up.
_GIVE_UP = 4
# How often a light query is asked again whose worker was ended from outside.
_AGAIN = 2


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


class _LostError(Exception):
    """A query had no answer, through no fault of its own: it can be asked again."""


class _Free:
    """The workers that are free; who waits gets one in the order of coming."""

    def __init__(self) -> None:
        self._workers: deque[WorkerProcess] = deque()
        # As many permits as workers, or more when one was taken away meanwhile. A
        # semaphore loses none when a waiter is cancelled in the tick of its turn.
        self._permits = asyncio.Semaphore(0)
        self._closed = False

    def __len__(self) -> int:
        return len(self._workers)

    def append(self, worker: WorkerProcess) -> None:
        self._workers.append(worker)
        self._permits.release()

    def remove(self, worker: WorkerProcess) -> None:
        with contextlib.suppress(ValueError):
            self._workers.remove(worker)

    def listed(self) -> list[WorkerProcess]:
        return list(self._workers)

    def close(self) -> None:
        self._closed = True
        self._permits.release()

    async def take(self, seconds: float) -> WorkerProcess:
        """Return a worker; TimeoutError when there is none in that time."""
        if not self._permits.locked():
            # Nobody waits, and neither has this one to.
            await self._permits.acquire()
            if self._workers and not self._closed:
                return self._workers.popleft()
            self._permits.release()
        async with asyncio.timeout(seconds):
            while True:
                await self._permits.acquire()
                if self._closed:
                    # For who waits next.
                    self._permits.release()
                    raise RefusedError("The service is stopping.")
                if self._workers:
                    return self._workers.popleft()


class Pool:
    """The workers of one store.

    `program` is the module of the worker and what it asks: the store unless it is
    somewhere else. `more` are arguments besides. Answers are held in `spool`. `remake`
    makes the store again in its place when its files are damaged.
    """

    def __init__(
        self,
        store: Path,
        bounds: Bounds,
        program: tuple[str, str] | None = None,
        more: tuple[str, ...] = (),
        *,
        spool: Spool | None = None,
        remake: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.store = store
        self.bounds = bounds
        self._program = program or ("glokal.serve.worker", str(store))
        self._more = more
        self._spool = spool or Spool()
        self._remake = remake
        self._remaking = asyncio.Lock()
        # Counts how often the store was made again.
        self._edition = 0
        self._light = bounds.light
        self._free = _Free()
        # Those that have been ready, and not yet ended; and those on their way to it.
        self._all: set[WorkerProcess] = set()
        self._starting: set[WorkerProcess] = set()
        self._coming = 0
        self._heavy = self._at_work = 0
        self._failures, self._failure = 0, WorkerStartError("")
        self._over = False
        self._stopping = asyncio.Event()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the workers, and see that one of them is ready; ToolError if not."""
        self._fill()
        while not self._all:
            if self._failures >= _GIVE_UP:
                await self.stop()
                raise self._no_worker()
            await self._changed.wait()
            self._changed.clear()

    def _no_worker(self) -> ToolError:
        what = str(self._failure).rstrip(".")
        return ToolError(
            f"No worker can be started with {self.bounds.megabytes} MB: {what}.",
            remedy="give workers more memory with GLOKAL_QUERY_MEGABYTES, or see to "
            "what is named.",
        )

    async def stop(self) -> None:
        """Stop every worker; what runs is lost."""
        self._over = True
        self._stopping.set()
        self._free.close()
        for worker in (*self._all, *self._starting):
            self._end(worker, "stop")
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def finish(self, seconds: float) -> None:
        """Wait until no query is at work, but no longer than that."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._at_work:
                    self._changed.clear()
                    await self._changed.wait()

    def shrink(self) -> None:
        """Go on with a single worker for light queries: fewer are to come."""
        self._light = 1
        for worker in self._free.listed()[1:]:
            self._end(worker, "not needed any more")

    @property
    def ready(self) -> bool:
        """Whether a query that comes now can be answered."""
        if any(not worker.heavy for worker in self._all):
            return True
        return bool(self._coming) and not self._failures and not self._over

    async def ask(self, query: Query) -> Answer:
        """Return the answer to a query, whole; its body has to be read or closed.

        A light query whose worker was ended from outside is asked again. Raises
        RefusedError at a limit. When the caller is cancelled, the work stops.
        """
        self._at_work += 1
        try:
            for _ in range(_AGAIN):
                with contextlib.suppress(_LostError):
                    return await self._ask(query)
            try:
                return await self._ask(query)
            except _LostError as error:
                raise RefusedError(str(error)) from error
        finally:
            self._at_work -= 1
            self._changed.set()

    async def _ask(self, query: Query) -> Answer:
        edition = self._edition
        async with self._lent() as worker:
            task = asyncio.create_task(worker.ask(query, self._spool))
            # Who waited may be gone when it fails.
            task.add_done_callback(lambda t: t.cancelled() or t.exception())
            try:
                answer = await self._within_limits(worker, task)
            except WorkerEndedError as error:
                raise await self._lost(worker) from error
            finally:
                if not task.done():
                    worker.broken = True
                    task.cancel()
            if answer.head.reason == "store":
                worker.broken = True
                answer.body.close()
        if answer.head.reason == "store":
            # However long that takes, it isn't stopped with the query.
            remade = self._keep(self._renew_store(edition))
            await asyncio.wait([remade], timeout=self.bounds.wait_seconds)
            raise _LostError("The store is damaged and is made again.")
        self._failures = 0
        return answer

    async def _lost(self, worker: WorkerProcess) -> Exception:
        """Return what to say of a query whose worker ended."""
        worker.broken = True
        end = await worker.leave()
        if self._over:
            return RefusedError("The service is stopping.")
        if not end.from_outside:
            return RefusedError(
                "The query ended its worker, which may hold "
                f"{self.bounds.megabytes} MB of memory."
            )
        what = f"The query's worker was ended from outside ({end.reason})."
        return RefusedError(what) if worker.heavy else _LostError(what)

    async def _within_limits(
        self, worker: WorkerProcess, task: asyncio.Task[Answer]
    ) -> Answer:
        bounds = self.bounds
        first = min(bounds.heavy_after, bounds.seconds)
        done, _ = await asyncio.wait([task], timeout=first)
        if done:
            return task.result()
        if self._heavy >= bounds.heavy:
            worker.stopped = "limit of heavy queries"
            raise RefusedError(
                f"{bounds.heavy} heavy queries are running already; this one was "
                f"stopped after {first:g} seconds."
            )
        self._heavy += 1
        worker.heavy = True
        worker.step_back()
        self._fill()
        try:
            left = bounds.seconds - first
            done, _ = await asyncio.wait([task], timeout=left)
        finally:
            self._heavy -= 1
        if done:
            return task.result()
        worker.stopped = "limit of time"
        raise RefusedError(
            f"The query did not finish in {bounds.seconds:g} seconds and was stopped."
        )

    @contextlib.asynccontextmanager
    async def _lent(self) -> AsyncIterator[WorkerProcess]:
        worker = await self._take()
        try:
            yield worker
        finally:
            ended = worker not in self._all
            if worker.heavy or worker.broken or self._over or ended:
                self._end(worker, "its query was left")
            else:
                self._give(worker)

    async def _take(self) -> WorkerProcess:
        try:
            return await self._free.take(self.bounds.wait_seconds)
        except TimeoutError as error:
            what = (
                "Every worker is busy." if self.ready else "No worker can be started."
            )
            raise RefusedError(what) from error

    def _give(self, worker: WorkerProcess) -> None:
        self._free.append(worker)

    def _end(self, worker: WorkerProcess, reason: str) -> None:
        """End a worker; its task does the rest."""
        self._free.remove(worker)
        self._all.discard(worker)
        worker.kill("heavy" if worker.heavy else reason)
        worker.close()

    def _fill(self) -> None:
        """Start as many workers as are missing for light queries."""
        light = sum(not worker.heavy for worker in self._all)
        for _ in range(0 if self._over else self._light - light - self._coming):
            self._coming += 1
            self._keep(self._run_worker())

    def _keep(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run_worker(self) -> None:
        """Start a worker, wait for its end, and have another one take its place."""
        try:
            worker = await self._started()
            if worker is not None:
                end = await worker.wait()
                self._note(worker, end)
        except Exception:
            self._failures += 1
            log.exception("a worker was lost sight of")
        self._changed.set()
        self._fill()

    async def _started(self) -> WorkerProcess | None:
        """Return a worker that is ready, None when that came to nothing."""
        edition = self._edition
        try:
            if self._failures > 1:
                delay = _FIRST_DELAY * 2 ** min(self._failures - 2, 10)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(delay, _LAST_DELAY)):
                        await self._stopping.wait()
            if self._over:
                return None
            edition = self._edition
            worker = await self._start_process()
        except WorkerStartError as error:
            if not self._over:
                self._failures, self._failure = self._failures + 1, error
                fields = {"reason": str(error), "failures": self._failures}
                log.error("a worker can't start", extra={"fields": fields})
                if error.damaged:
                    await self._renew_store(edition)
            return None
        finally:
            self._coming -= 1
        self._all.add(worker)
        if self._over or edition != self._edition:
            self._end(worker, "its store is of before")
        else:
            self._give(worker)
            self._changed.set()
        return worker

    async def _start_process(self) -> WorkerProcess:
        bounds = self.bounds
        module, asked = self._program
        args = (
            *(str(bounds.megabytes), asked),
            *(str(bounds.answer_megabytes << 20), str(bounds.answer_rows)),
            *self._more,
        )
        try:
            worker = await WorkerProcess.start(module, args)
        except OSError as error:
            raise WorkerStartError(error.strerror or str(error)) from error
        self._starting.add(worker)
        try:
            if self._over:
                worker.kill("stop")
            await worker.ready(START_SECONDS)
        except WorkerStartError:
            worker.kill("start")
            await worker.wait()
            worker.close()
            raise
        finally:
            self._starting.discard(worker)
        return worker

    def _note(self, worker: WorkerProcess, end: End) -> None:
        """Take note of a worker's end, and log its reason."""
        self._free.remove(worker)
        self._all.discard(worker)
        if not worker.asked:
            worker.close()
        if worker.stopped == "stop" or self._over:
            return
        unused = not worker.stopped and not worker.answered and not worker.asked
        young = unused and worker.seconds < _SETTLED
        self._failures = self._failures + 1 if young else 0
        fields = {
            "reason": worker.stopped or end.reason,
            "busy": worker.asked,
            "answered": worker.answered,
            "seconds": round(worker.seconds, 1),
        }
        level = logging.INFO if worker.stopped else logging.WARNING
        log.log(level, "a worker ended", extra={"fields": fields})

    async def _renew_store(self, edition: int) -> None:
        """Have a damaged store made again, once for all who found it so."""
        if self._remake is None:
            return
        async with self._remaking:
            if edition != self._edition or self._over:
                return
            log.warning("the store is damaged and is made again")
            try:
                await self._remake()
            except Exception as error:
                log.error("the store can't be made again: %s", error)
                return
            self._edition += 1
            for worker in self._all:
                worker.broken = True
            for worker in self._free.listed():
                self._end(worker, "its store is of before")
