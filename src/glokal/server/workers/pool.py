"""Queries are lent worker processes, within limits, light and heavy apart.

A query starts on a worker that is free. When it has run for a second, not counted what
it waits for a processor, it counts as heavy: a new worker takes the light place, and
the heavy one goes on at a low priority, as long as few enough are heavy. At its limit
it is stopped with its process.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from glokal.server.spool import RefusedError, Spool
from glokal.server.workers.messages import QueryRequest
from glokal.server.workers.query_limits import QueryLimits
from glokal.server.workers.supervisor import Supervisor
from glokal.server.workers.worker_process import (
    WorkerEndedError,
    WorkerProcess,
    WorkerResponse,
)

# How often a query is asked again whose worker was ended from outside.
_AGAIN = 2
# How soon it is looked at again whether a query is done.
_LEAST = 0.02


class _LostError(Exception):
    """A query had no answer, through no fault of its own: it can be asked again."""


class WorkerPool:
    """The workers of one store; the arguments are those of `Supervisor`.

    Answers are held in `spool`.
    """

    def __init__(
        self,
        store: Path,
        bounds: QueryLimits,
        program: tuple[str, str] | None = None,
        more: tuple[str, ...] = (),
        *,
        spool: Spool | None = None,
        remake: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.store = store
        self.bounds = bounds
        self._workers = Supervisor(store, bounds, program, more, remake)
        self._free, self._all = self._workers.free, self._workers.all
        self.spool = spool or Spool()
        self._heavy = self._at_work = 0

    async def start(self) -> None:
        """Start the workers, and see that one of them is ready; ToolError if not."""
        await self._workers.start()

    async def stop(self) -> None:
        """Stop every worker; what runs is lost."""
        await self._workers.stop()

    async def finish(self, seconds: float) -> None:
        """Wait until no query is at work, but no longer than that."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._at_work:
                    self._workers.changed.clear()
                    await self._workers.changed.wait()

    def shrink(self) -> None:
        """Go on with a single worker for light queries: fewer are to come."""
        self._workers.shrink()

    @property
    def ready(self) -> bool:
        """Whether a query that comes now can be answered."""
        return self._workers.ready

    async def ask(self, query: QueryRequest) -> WorkerResponse:
        """Return the answer to a query, whole; its body has to be read or closed.

        A query whose worker was ended from outside is asked again, unless it had run
        for long. Raises RefusedError at a limit. When the caller is cancelled, the work
        stops.
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
            self._workers.changed.set()

    async def _ask(self, query: QueryRequest) -> WorkerResponse:
        edition = self._workers.edition
        worker = await self._take()
        try:
            answer = await self._answered(worker, query)
        finally:
            self._give(worker)
        if answer.head.reason == "store":
            # However long that takes, it isn't stopped with the query.
            remade = self._workers.renew(edition)
            await asyncio.wait([remade], timeout=self.bounds.start_seconds)
            raise _LostError("The store is damaged and is made again.")
        self._workers.worked()
        return answer

    async def _answered(
        self, worker: WorkerProcess, query: QueryRequest
    ) -> WorkerResponse:
        began = time.monotonic()
        coming = worker.ask(query, self.spool)
        try:
            answer = await self._within_limits(worker, coming)
        except WorkerEndedError as error:
            late = time.monotonic() - began > self.bounds.again_seconds
            raise await self._lost(worker, late=late) from error
        finally:
            if not coming.done():
                worker.broken = True
                coming.cancel()
        if answer.head.reason == "store":
            worker.broken = True
            answer.body.close()
        return answer

    async def _lost(self, worker: WorkerProcess, *, late: bool) -> Exception:
        """Return what to say of a query whose worker ended, long after it began or not.

        A light one has not run for long, however slow the machine is.
        """
        worker.broken = True
        end = await worker.leave()
        if self._workers.over:
            return RefusedError("The service is stopping.")
        if not end.from_outside:
            return RefusedError(
                "The query ended its worker, which may hold "
                f"{self.bounds.megabytes} MB of memory."
            )
        what = f"The query's worker was ended from outside ({end.reason})."
        again = not (worker.heavy and late)
        return _LostError(what) if again else RefusedError(what)

    async def _within_limits(
        self, worker: WorkerProcess, coming: asyncio.Future[WorkerResponse]
    ) -> WorkerResponse:
        bounds = self.bounds
        began = time.monotonic()
        if await self._is_light(worker, coming):
            return coming.result()
        if self._heavy >= bounds.heavy:
            worker.stopped = "limit of heavy queries"
            raise RefusedError(
                f"{bounds.heavy} heavy queries are running already; this one was "
                f"stopped after {time.monotonic() - began:.0f} seconds."
            )
        self._heavy += 1
        worker.heavy = True
        worker.step_back()
        self._workers.fill()
        try:
            left = began + bounds.seconds - time.monotonic()
            done, _ = await asyncio.wait([coming], timeout=left)
        finally:
            self._heavy -= 1
        if done:
            return coming.result()
        worker.stopped = "limit of time"
        raise RefusedError(
            f"The query did not finish in {bounds.seconds:g} seconds and was stopped."
        )

    async def _is_light(
        self, worker: WorkerProcess, coming: asyncio.Future[WorkerResponse]
    ) -> bool:
        """Whether a query is done within what a light one may take.

        How long its worker waits for a processor is a question of the machine, and is
        not counted for as long as others may be made to wait for the worker.
        """
        bounds = self.bounds
        first = left = min(bounds.heavy_after, bounds.seconds)
        last = min(max(first, bounds.wait_seconds), bounds.seconds)
        began, before = time.monotonic(), worker.waited
        while left > 0:
            if await _done_within(coming, max(left, _LEAST)):
                return True
            passed = time.monotonic() - began
            left = min(first - passed + worker.waited - before, last - passed)
        return False

    def _give(self, worker: WorkerProcess) -> None:
        """Take a worker back, or end it when it can't be lent again."""
        ended = worker not in self._all
        if worker.heavy or worker.broken or self._workers.over or ended:
            self._workers.end(worker, "its query was left")
        else:
            self._free.append(worker)

    async def _take(self) -> WorkerProcess:
        bounds = self.bounds
        began = since = time.monotonic()
        while since - began <= bounds.start_seconds:
            with contextlib.suppress(TimeoutError):
                return await self._free.take(bounds.wait_seconds)
            if not self._workers.recovering(since):
                break
            # How soon workers come is a question of the machine, not of a queue.
            since = time.monotonic()
        raise RefusedError(
            "Every worker is busy." if self.ready else "No worker can be started."
        )


async def _done_within(coming: asyncio.Future[WorkerResponse], seconds: float) -> bool:
    """Wait for a future, at most so long; as asyncio.wait, in a third of its time."""
    if coming.done():
        return True
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[None] = loop.create_future()

    def wake(_future: object = None) -> None:
        if not waiting.done():
            waiting.set_result(None)

    timer = loop.call_later(seconds, wake)
    coming.add_done_callback(wake)
    try:
        await waiting
    finally:
        timer.cancel()
        coming.remove_done_callback(wake)
    return coming.done()
