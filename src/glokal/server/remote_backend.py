"""Serving a publication whose questions a larger engine answers.

The pages and files are those of the built publication; each query goes to the service
that `glokal push` has filled, through workers with the same limits as at home.
"""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path

from glokal.core.settings import Project
from glokal.core.settings.server import Serving
from glokal.dataset.push_record import PushRecord, open_pushed, read_push_record
from glokal.server.build_snapshot import SiteSnapshot
from glokal.server.in_process_queries import InProcess
from glokal.server.reload import LiveSite
from glokal.server.workers.pool import WorkerPool
from glokal.server.workers.query_limits import QueryLimits
from glokal.store.remote import RemoteStore

# Workers wait for the service most of their time, so that many cost little.
LIGHT = 8
# Seconds between two looks at what was pushed.
LOOK_AGAIN = 10.0


class RemoteBackend(LiveSite):
    """The workers for a service, renewed when something else was pushed to it."""

    def __init__(
        self, project: Project, publication: Path, serving: Serving, store: RemoteStore
    ) -> None:
        """Raises InputError when the service was never filled, or only half-way."""
        serving = dataclasses.replace(serving, workers=max(serving.workers, LIGHT))
        self._service = store
        self._space = project.graphs
        _, self._pushed = open_pushed(store, self._space)
        super().__init__(project, publication, serving)
        self._looked = 0.0
        self._told = ""

    def _version(self, site: SiteSnapshot) -> str:
        del site
        _, self._pushed = open_pushed(self._service, self._space)
        return self._pushed.digest

    async def _make(self, site: SiteSnapshot, store: Path) -> None:
        """There is nothing to make: the service has the data."""

    def _new_pool(self, store: Path, site: SiteSnapshot) -> WorkerPool:
        del site
        pushed = self._pushed
        dataset = {
            "default": [pushed.default] if pushed.default else [],
            "named": list(pushed.graphs) if pushed.default or pushed.views else [],
            "views": pushed.view_graphs(self._space),
            "graphs": [*pushed.graphs, *([pushed.default] if pushed.default else [])],
        }
        program = ("glokal.server.workers.remote_worker", self._service.endpoint)
        bounds, more = QueryLimits.of(self.serving), (json.dumps(dataset),)
        return WorkerPool(store, bounds, program, more, spool=self.spool)

    async def _in_process(self, store: Path) -> InProcess | None:
        """Nothing is asked here: the service has the data."""
        del store
        return None

    async def _counted(self, pool: WorkerPool) -> dict[str, int]:
        del pool
        return {"": self._pushed.size, **self._pushed.graphs}

    def _mark(self) -> str:
        mark, now = super()._mark(), time.monotonic()
        if now - self._looked > LOOK_AGAIN:
            self._looked = now
            self._told = _name(read_push_record(self._service, self._space))
        return f"{mark} {self._told}" if mark and self._told else ""


def _name(pushed: PushRecord | None) -> str:
    # While a push is under way, what was there before goes on being asked for.
    return pushed.digest if pushed is not None and pushed.whole else ""
