"""The publication that is served now, and the next one, which takes over unnoticed.

Everything that one request needs is of one build: files, workers, questions.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from glokal.config import Project
from glokal.config.serving import Serving
from glokal.rdf.sources import APART
from glokal.serve.canned import Canned, read_canned
from glokal.serve.media import RESULTS_JSON
from glokal.serve.pool import Bounds, Pool
from glokal.serve.site import QUADS, NotWholeError, Site, read_mark, take_site
from glokal.store.ondisk import make_store

LOOK_EVERY = 1.0
# How much longer until a folder is looked at again that was not whole.
PATIENCE = 10
# How long a request may go on with the publication before.
LINGER = 30.0
log = logging.getLogger("glokal.serve")


@dataclass(frozen=True)
class Served:
    """One build at work: its files, its workers, its questions.

    `graphs` has the number of triples in each named graph, the default graph under "".
    """

    site: Site
    pool: Pool
    graphs: dict[str, int]
    canned: Canned


class Live:
    """What is served of the publication in a folder, renewed when that changes."""

    def __init__(self, project: Project, publication: Path, serving: Serving) -> None:
        self._project = project
        self._publication = publication
        self._serving = serving
        # Files can be had at once, before the workers are ready.
        self.site = take_site(project, publication)
        self.now: Served | None = None
        self._seen = self.site.mark
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Make the store, start the workers, and begin to look for what is new."""
        self._seen = await asyncio.to_thread(self._mark)
        self.now = await self._serve(self.site, None)
        self._keep(asyncio.create_task(self._watch()))

    async def stop(self) -> None:
        """Stop looking, and stop the workers, those of the publication before too."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.now:
            await self.now.pool.stop()
        self.site.remove()

    async def _watch(self) -> None:
        refused, wait = "", 0
        while True:
            await asyncio.sleep(LOOK_EVERY)
            mark = await asyncio.to_thread(self._mark)
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
                refused, wait = mark, PATIENCE

    async def _renew(self) -> None:
        seen = await asyncio.to_thread(self._mark)
        site = await asyncio.to_thread(take_site, self._project, self._publication)
        before = self.now
        try:
            now = await self._serve(site, before)
        except BaseException:
            site.remove()
            raise
        self.now, self.site, self._seen = now, site, seen
        if before:
            self._keep(asyncio.create_task(_retire(before, now)))

    async def _serve(self, site: Site, before: Served | None) -> Served:
        store = await asyncio.to_thread(self._make, site)
        if before and before.pool.store == store:
            pool = before.pool
            return Served(
                site, pool, before.graphs, await read_canned(self._project, site, pool)
            )
        pool = self._new_pool(store)
        try:
            await pool.start()
            graphs = await self._counted(pool)
            canned = await read_canned(self._project, site, pool)
        except BaseException:
            await pool.stop()
            raise
        return Served(site, pool, graphs, canned)

    def _mark(self) -> str:
        """A name for what is there now, another one when that is another."""
        return read_mark(self._publication)

    def _new_pool(self, store: Path) -> Pool:
        return Pool(store, Bounds.of(self._serving))

    async def _counted(self, pool: Pool) -> dict[str, int]:
        return await _sizes(pool)

    def _make(self, site: Site) -> Path:
        outside = tuple(self._project.graphs + kind for kind in APART)
        return make_store(
            site.root / QUADS,
            self._project.cache / "served",
            in_default_graph=lambda iri: not iri.startswith(outside),
        )

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _sizes(pool: Pool) -> dict[str, int]:
    text = (
        resources.files("glokal.serve")
        .joinpath("queries/sizes.rq")
        .read_text(encoding="utf-8")
    )
    asked = {"query": text, "default": [], "named": [], "accept": RESULTS_JSON}
    _, body = await pool.ask(asked)
    rows = json.loads(body)["results"]["bindings"]
    return {r["g"]["value"] if "g" in r else "": int(r["n"]["value"]) for r in rows}


async def _retire(before: Served, now: Served) -> None:
    try:
        await asyncio.sleep(LINGER)
    finally:
        before.site.remove()
        if before.pool is not now.pool:
            await before.pool.stop()


__all__ = ["Live", "NotWholeError", "Served"]
