"""Worker processes are started, watched and replaced.

Each process has a task that starts it, waits for its end and sees that another one
takes its place, so that no end goes unseen (docs/decisions/0045).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path

from glokal.core.errors import ToolError
from glokal.server.workers.free_workers import FreeWorkers
from glokal.server.workers.query_limits import QueryLimits
from glokal.server.workers.worker_process import (
    WorkerExit,
    WorkerProcess,
    WorkerStartError,
)

log = logging.getLogger("glokal.server")
# How long a worker may take until it can answer.
START_SECONDS = 60.0
# A worker that ends sooner, without an answer, counts as one that didn't start.
_SETTLED = 5.0
# How long the next start is put off when one after the other fails: the first of these
# at the second failure, twice as long each time, at most the last.
_FIRST_DELAY, _LAST_DELAY = 0.1, 5.0
# How many starts in a row may fail until who waits for a worker is told so.
_TROUBLE = 2
# How many starts in a row may fail until a pool that never worked is given up.
_GIVE_UP = 4


class Supervisor:
    """The worker processes of one store, as many as the bounds ask for.

    `program` is the module of the worker and what it asks: the store unless it is
    somewhere else. `more` are arguments besides. `remake` makes the store again in its
    place when its files are damaged. `changed` is set whenever a worker comes or goes.
    """

    def __init__(
        self,
        store: Path,
        bounds: QueryLimits,
        program: tuple[str, str] | None,
        more: tuple[str, ...],
        remake: Callable[[], Awaitable[None]] | None,
    ) -> None:
        self.free = FreeWorkers()
        # Those that have been ready, and not yet ended; and those on their way to it.
        self.all: set[WorkerProcess] = set()
        self._starting: set[WorkerProcess] = set()
        self.coming = 0
        self.failures, self._failure = 0, WorkerStartError("")
        # How many of those in a row came to nothing by themselves.
        self._troubles = 0
        # Counts how often the store was made again.
        self.edition = 0
        self.over = False
        # Whether a worker ended that wasn't told to, and when there was one again.
        self._lost, self._restored = False, 0.0
        self.changed = asyncio.Event()
        self._bounds = bounds
        self._light = bounds.light
        self._program = program or ("glokal.server.workers.local_worker", str(store))
        self._more = more
        self._remake = remake
        self._remaking = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the workers, and see that one of them is ready; ToolError if not."""
        self.fill()
        while not self.all:
            if self.failures >= _GIVE_UP:
                await self.stop()
                raise self._no_worker()
            await self.changed.wait()
            self.changed.clear()

    def _no_worker(self) -> ToolError:
        what = str(self._failure).rstrip(".")
        return ToolError(
            f"No worker can be started with {self._bounds.megabytes} MB: {what}.",
            remedy="give workers more memory with GLOKAL_QUERY_MEGABYTES, or see to "
            "what is named.",
        )

    async def stop(self) -> None:
        """Stop every worker, and wait until all are gone."""
        self.over = True
        self._stopping.set()
        self.free.close()
        for worker in (*self.all, *self._starting):
            self.end(worker, "stop")
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def shrink(self) -> None:
        """Go on with a single worker for light queries: fewer are to come."""
        self._light = 1
        for worker in self.free.listed()[1:]:
            self.end(worker, "not needed any more")

    @property
    def ready(self) -> bool:
        """Whether a query that comes now can be answered."""
        if any(not worker.heavy for worker in self.all):
            return True
        return bool(self.coming) and not self.failures and not self.over

    def recovering(self, since: float) -> bool:
        """Whether who has waited since then (time.monotonic) did so for no queue.

        Light workers were lost and others are on their way without trouble, or those
        came meanwhile, or one is free; or the store is being made again. Starts that
        were ended from outside are no trouble: whoever kills workers kills those, too.
        """
        if self.over:
            return False
        if self._remaking.locked():
            return True
        if self._troubles >= _TROUBLE:
            return False
        coming = (self._lost or self._is_empty()) and bool(self.coming)
        return coming or self._restored >= since or bool(len(self.free))

    def _is_empty(self) -> bool:
        return all(worker.heavy for worker in self.all)

    def worked(self) -> None:
        """Take note that a worker has done what it is for."""
        self.failures = self._troubles = 0

    def _failed(self, *, from_outside: bool) -> None:
        self.failures += 1
        self._troubles += not from_outside

    def end(self, worker: WorkerProcess, reason: str) -> None:
        """End a worker; its task does the rest."""
        self.free.remove(worker)
        self.all.discard(worker)
        worker.kill("heavy" if worker.heavy else reason)
        worker.close()

    def fill(self) -> None:
        """Start as many workers as are missing for light queries."""
        light = sum(not worker.heavy for worker in self.all)
        for _ in range(0 if self.over else self._light - light - self.coming):
            self.coming += 1
            self._keep(self._run_worker())

    def renew(self, edition: int) -> asyncio.Task[None]:
        """Have a damaged store made again, once for all who found it so.

        `edition` is which one they found, counted from 0. The task isn't stopped with
        the query that asked for it.
        """
        return self._keep(self._renew_store(edition))

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
            self._failed(from_outside=False)
            log.exception("a worker was lost sight of")
        self.changed.set()
        self.fill()

    async def _started(self) -> WorkerProcess | None:
        """Return a worker that is ready, None when that came to nothing."""
        edition = self.edition
        try:
            if self.failures > 1:
                delay = _FIRST_DELAY * 2 ** min(self.failures - 2, 10)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(delay, _LAST_DELAY)):
                        await self._stopping.wait()
            if self.over:
                return None
            edition = self.edition
            worker = await self._start_process()
        except WorkerStartError as error:
            if not self.over:
                # The store that it was to open has been made again meanwhile.
                before = error.damaged and edition != self.edition
                self._failed(from_outside=error.from_outside or before)
                self._failure = error
                fields = {"reason": str(error), "failures": self.failures}
                log.error("a worker can't start", extra={"fields": fields})
                if error.damaged:
                    await self._renew_store(edition)
            return None
        finally:
            self.coming -= 1
        if self._lost:
            self._restored = time.monotonic()
        self._lost = False
        self.all.add(worker)
        if self.over or edition != self.edition:
            self.end(worker, "its store is of before")
        else:
            self.free.append(worker)
            self.changed.set()
        return worker

    async def _start_process(self) -> WorkerProcess:
        bounds = self._bounds
        module, request = self._program
        args = (
            *(str(bounds.megabytes), request),
            *(str(bounds.answer_megabytes << 20), str(bounds.answer_rows)),
            *self._more,
        )
        try:
            worker = await WorkerProcess.start(module, args)
        except OSError as error:
            raise WorkerStartError(error.strerror or str(error)) from error
        self._starting.add(worker)
        try:
            if self.over:
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

    def _note(self, worker: WorkerProcess, end: WorkerExit) -> None:
        """Take note of a worker's end, and log its reason."""
        self.free.remove(worker)
        self.all.discard(worker)
        if not worker.asked:
            worker.close()
        if worker.stopped == "stop" or self.over:
            return
        self._lost = self._lost or not worker.stopped
        unused = not worker.stopped and not worker.answered and not worker.asked
        young = unused and worker.seconds < _SETTLED
        if young:
            self._failed(from_outside=end.from_outside)
        else:
            self.worked()
        fields = {
            "reason": worker.stopped or end.reason,
            "busy": worker.asked,
            "answered": worker.answered,
            "seconds": round(worker.seconds, 1),
        }
        level = logging.INFO if worker.stopped else logging.WARNING
        log.log(level, "a worker ended", extra={"fields": fields})

    async def _renew_store(self, edition: int) -> None:
        if self._remake is None:
            return
        async with self._remaking:
            if edition != self.edition or self.over:
                return
            log.warning("the store is damaged and is made again")
            try:
                await self._remake()
            except Exception as error:
                log.error("the store can't be made again: %s", error)
                return
            self.edition += 1
            self._troubles = 0
            for worker in self.all:
                worker.broken = True
            for worker in self.free.listed():
                self.end(worker, "its store is of before")
