"""The publication that is served now, and the next one, which takes over unnoticed."""

from __future__ import annotations

import asyncio
import json
import logging
from importlib import resources
from pathlib import Path

from glokal.config import Project
from glokal.serve.media import RESULTS_JSON
from glokal.serve.pool import Bounds, Pool
from glokal.store.ondisk import make_store

QUADS = Path("dump") / "glokal.nq"
LOOK_EVERY = 1.0
# How long the workers of the publication before may go on with what they have.
LINGER = 30.0
log = logging.getLogger("glokal.serve")


class Live:
    """The workers for the publication in a folder, renewed when that changes."""

    def __init__(self, project: Project, publication: Path, bounds: Bounds) -> None:
        self._project = project
        self._quads = publication / QUADS
        self._bounds = bounds
        self._pool: Pool | None = None
        self._seen = ""
        # How many triples each named graph has, and the default graph under "".
        self.graphs: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def pool(self) -> Pool | None:
        """The workers; None until they are ready."""
        return self._pool

    @property
    def version(self) -> str:
        """A name for the data, another one when they are others."""
        return self._pool.store.name if self._pool else ""

    async def start(self) -> None:
        """Make the store, start the workers, and begin to look for what is new."""
        await self._renew()
        self._keep(asyncio.create_task(self._watch()))

    async def stop(self) -> None:
        """Stop looking, and stop the workers, those of the publication before too."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._pool:
            await self._pool.stop()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                mark = await asyncio.to_thread(self._mark)
                if mark not in ("", self._seen):
                    await self._renew()
                    log.info("serving a new publication")
            except Exception as error:
                # The one before goes on being served.
                log.warning("the new publication can't be served: %s", error)

    async def _renew(self) -> None:
        self._seen = await asyncio.to_thread(self._mark)
        store = await asyncio.to_thread(self._make)
        if self._pool and self._pool.store == store:
            return
        pool = self._new_pool(store)
        try:
            await pool.start()
            graphs = await self._counted(pool)
        except BaseException:
            await pool.stop()
            raise
        self.graphs = graphs
        before, self._pool = self._pool, pool
        if before:
            self._keep(asyncio.create_task(_retire(before)))

    def _new_pool(self, store: Path) -> Pool:
        return Pool(store, self._bounds)

    async def _counted(self, pool: Pool) -> dict[str, int]:
        return await _sizes(pool)

    def _make(self) -> Path:
        outside = self._project.graphs + "supplement"
        return make_store(
            self._quads,
            self._project.cache / "served",
            in_default_graph=lambda iri: not iri.startswith(outside),
        )

    def _mark(self) -> str:
        try:
            found = self._quads.stat()
        except OSError:
            # The folder is being changed for the next one.
            return ""
        return f"{found.st_ino} {found.st_mtime_ns} {found.st_size}"

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


async def _retire(pool: Pool) -> None:
    try:
        for _ in range(int(LINGER / 0.1)):
            if pool.idle:
                break
            await asyncio.sleep(0.1)
    finally:
        await pool.stop()
