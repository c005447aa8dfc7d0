"""The publication that is served now, and the next one, which takes over unnoticed.

Everything that one request needs is of one build: files, workers, questions.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from glokal.core.errors import GlokalError, ToolError
from glokal.core.os_errors import errno_of, machine_error
from glokal.core.settings import Project
from glokal.core.settings.server import STATE, Serving
from glokal.dataset.views import REPORTED, view_iri
from glokal.server.build_snapshot import (
    EXAMPLES_FILE,
    QUADS,
    REPORTED_QUADS,
    IncompleteBuildError,
    SiteSnapshot,
    read_mark,
    snapshot_build,
)
from glokal.server.build_store import graph_sizes, make_store, open_in_process
from glokal.server.in_process_queries import InProcess
from glokal.server.query_catalog import QueryCatalog, read_query_catalog
from glokal.server.spool import RefusedError, Spool
from glokal.server.state_folder import open_state
from glokal.server.workers.pool import WorkerPool
from glokal.server.workers.query_limits import QueryLimits
from glokal.store.on_disk import store_name

POLL_SECONDS = 1.0
# How much longer until a folder is looked at again that was not whole.
RETRY_AFTER_POLLS = 10
# How long a request may go on with the publication before.
DRAIN_SECONDS = 30.0
log = logging.getLogger("glokal.server")


@dataclass(frozen=True)
class Deployment:
    """One build at work: its files, its workers, its questions.

    `graphs` has the number of triples in each named graph, the default graph under "",
    `reported` that in the view of what was reported, None when nothing was.
    `in_process` answers small queries without a worker, None where that is off.
    """

    site: SiteSnapshot
    pool: WorkerPool
    graphs: dict[str, int]
    canned: QueryCatalog
    reported: int | None = None
    in_process: InProcess | None = None


class LiveSite:
    """What is served of the publication in a folder, renewed when that changes.

    All that it makes is in `state`, a folder of its own, until `close`.
    """

    def __init__(self, project: Project, publication: Path, serving: Serving) -> None:
        """Raises IncompleteBuildError, and UsageError when no folder can be written."""
        self._project = project
        self.publication = publication
        self.serving = serving
        self.state = open_state(project.root, serving.state_dir, usual=STATE)
        self.spool = Spool(serving.held_megabytes, self.state.path)
        try:
            # Files can be had at once, before the workers are ready.
            self.site = snapshot_build(publication, self.state.path)
        except BaseException:
            self.close()
            raise
        self.now: Deployment | None = None
        self.failure: GlokalError | None = None  # why nothing can be served
        # Called when another build is served, before anything of it is sent.
        self.renewed: Callable[[], None] = lambda: None
        self._seen = self.site.mark
        self._made = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether a query that comes now can be answered."""
        return self.now is not None and self.now.pool.ready

    async def start(self) -> None:
        """Make the store, start the workers, and begin to look for what is new."""
        try:
            self._seen = await asyncio.to_thread(self._mark)
            self.now = await self._serve(self.site, None)
        except Exception as error:
            self.failure = _failure(error)
            raise
        self._keep(asyncio.create_task(self._watch()))

    async def stop(self) -> None:
        """Stop looking, and stop the workers, those of the publication before too."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.now:
            await self.now.pool.stop()
        self.close()

    def close(self) -> None:
        """Remove all that was made."""
        self.state.remove()

    async def _watch(self) -> None:
        refused, wait, blind = "", 0, False
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                mark = await asyncio.to_thread(self._mark)
            except Exception as error:
                if not blind:
                    log.warning("what is published can't be looked at: %s", error)
                blind = True
                continue
            blind = False
            wait = wait - 1 if mark == refused else 0
            if mark in ("", self._seen) or wait > 0:
                continue
            try:
                await self._renew()
                log.info("a new publication is served")
            except Exception as error:
                # The one before goes on being served.
                if mark != refused:
                    log.warning("the new publication can't be served: %s", error)
                refused, wait = mark, RETRY_AFTER_POLLS

    async def _renew(self) -> None:
        seen = await asyncio.to_thread(self._mark)
        site = await asyncio.to_thread(
            snapshot_build, self.publication, self.state.path
        )
        before = self.now
        try:
            now = await self._serve(site, before)
        except BaseException:
            site.remove()
            raise
        self.now, self.site, self._seen = now, site, seen
        self.renewed()
        if before:
            self._keep(asyncio.create_task(_retire(before, now)))

    async def _serve(self, site: SiteSnapshot, before: Deployment | None) -> Deployment:
        version = await asyncio.to_thread(self._version, site)
        if before and before.pool.store.name == version:
            pool = before.pool
            return Deployment(
                site,
                pool,
                before.graphs,
                await read_query_catalog(self._project, site, pool),
                before.reported,
                before.in_process,
            )
        self._made += 1
        # In a folder of its own: the same data may come back while those who began
        # with them the first time are still at it.
        store = self.state.path / f"store-{self._made}" / version
        pool = self._new_pool(store, site)
        try:
            await self._make(site, store)
            await pool.start()
            graphs = await self._counted(pool)
            canned = await read_query_catalog(self._project, site, pool)
            reported = None
            if REPORTED_QUADS in site.files:
                view = view_iri(self._project.graphs, REPORTED)
                reported = (await graph_sizes(pool, view))[""]
            in_process = await self._in_process(store)
        except BaseException:
            await _stop(pool)
            raise
        return Deployment(site, pool, graphs, canned, reported, in_process)

    def _mark(self) -> str:
        """A name for what is there now, another one when that is another."""
        return read_mark(self.publication)

    def _version(self, site: SiteSnapshot) -> str:
        """A name for the data of a build, the same for the same data."""
        files = (QUADS, REPORTED_QUADS, EXAMPLES_FILE)
        return store_name(*(site.files[f] for f in files if f in site.files))

    def _new_pool(self, store: Path, site: SiteSnapshot) -> WorkerPool:
        async def remake() -> None:
            # A pool outlives the build that it began with when the next has its data.
            served = self.now
            now = served.site if served and served.pool is pool else site
            await self._make(now, store)

        bounds = QueryLimits.of(self.serving)
        pool = WorkerPool(store, bounds, spool=self.spool, remake=remake)
        return pool

    async def _in_process(self, store: Path) -> InProcess | None:
        """Return what answers small queries here, None when that is off or can't be."""
        return await open_in_process(store, self.serving)

    async def _counted(self, pool: WorkerPool) -> dict[str, int]:
        return await graph_sizes(pool)

    async def _make(self, site: SiteSnapshot, store: Path) -> None:
        """Make the store of a build in a process of its own.

        Raises ToolError when that fails, IncompleteBuildError when the data are
        damaged.
        """
        await make_store(self._project, site, store)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _failure(error: Exception) -> GlokalError | None:
    """Return why a server can't begin, for the one who started it; None for a fault."""
    match error:
        case GlokalError():
            return error
        case RefusedError():
            return ToolError(
                f"The first questions have no answer: {str(error).rstrip('.')}.",
                remedy="run it again, or raise the limits of queries (docs/server.md).",
            )
        case OSError() | RuntimeError() if errno_of(error):
            return machine_error(error, "The server can't begin")
    return None


async def _retire(before: Deployment, now: Deployment) -> None:
    ends = before.pool is not now.pool
    try:
        if ends:
            before.pool.shrink()
        await asyncio.sleep(DRAIN_SECONDS)
        if ends:
            bounds = before.pool.bounds
            await before.pool.finish(bounds.wait_seconds + bounds.seconds)
    finally:
        before.site.remove()
        if ends:
            await _stop(before.pool)


async def _stop(pool: WorkerPool) -> None:
    await pool.stop()
    await asyncio.to_thread(shutil.rmtree, pool.store.parent, ignore_errors=True)


__all__ = ["Deployment", "IncompleteBuildError", "LiveSite"]
