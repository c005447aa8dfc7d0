"""The workers that are free, lent in the order in which they are asked for."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

from glokal.server.spool import RefusedError
from glokal.server.workers.worker_process import WorkerProcess


class FreeWorkers:
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
        """Add a worker, for whoever has waited longest."""
        self._workers.append(worker)
        self._permits.release()

    def remove(self, worker: WorkerProcess) -> None:
        """Take a worker away that has ended; one that isn't there is no matter."""
        with contextlib.suppress(ValueError):
            self._workers.remove(worker)

    def listed(self) -> list[WorkerProcess]:
        """Return the workers, those first that have been free longest."""
        return list(self._workers)

    def close(self) -> None:
        """Let everybody who waits, or will, get RefusedError."""
        self._closed = True
        self._permits.release()

    async def take(self, seconds: float) -> WorkerProcess:
        """Return a worker; TimeoutError when there is none in that time, in seconds."""
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
