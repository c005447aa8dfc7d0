"""The store of a build: made, counted and opened, by processes of their own."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from importlib import resources
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import python_command
from glokal.core.environment import clean_environment
from glokal.core.errors import ToolError
from glokal.core.settings import Project
from glokal.core.settings.server import Serving
from glokal.dataset.sparql_examples import EXAMPLES_GRAPH
from glokal.dataset.views import view_names
from glokal.rdf.source_files import APART
from glokal.server.build_snapshot import (
    EXAMPLES_FILE,
    QUADS,
    REPORTED_QUADS,
    IncompleteBuildError,
    SiteSnapshot,
)
from glokal.server.in_process_queries import ENGINE, InProcess
from glokal.server.response_formats import RESULTS_JSON
from glokal.server.workers.messages import QueryRequest
from glokal.server.workers.pool import WorkerPool
from glokal.store.graph_counts import read_counts

log = logging.getLogger("glokal.server")


async def make_store(project: Project, site: SiteSnapshot, store: Path) -> None:
    """Make the store of a build in a process of its own.

    Raises ToolError when that fails, IncompleteBuildError when the data are damaged.
    """
    space = project.graphs
    views = view_names(space, apart=REPORTED_QUADS in site.files)
    args = [str(site.root / QUADS), str(store.parent), json.dumps(views)]
    more = (REPORTED_QUADS, EXAMPLES_FILE)
    args += [str(site.root / name) if name in site.files else "" for name in more]
    args.append(space + EXAMPLES_GRAPH)
    args += [s + kind for s in project.graph_spaces for kind in APART]
    result = await _run("glokal.store.on_disk", args, "made")
    if Path(os.fsdecode(result).rstrip("\n")) != store:
        raise IncompleteBuildError(
            f"{QUADS} is not the file that was built.",
            remedy="run glokal build again.",
        )


async def open_in_process(store: Path, serving: Serving) -> InProcess | None:
    """Return what answers small queries here, None when that is off or can't be."""
    if not serving.in_process:
        return None
    if ox.__version__ != ENGINE:
        log.warning(
            "all queries go to workers: the engine is %s, and the bounds of small "
            "ones were tried with %s",
            ox.__version__,
            ENGINE,
        )
        return None
    try:
        told = await _run("glokal.store.graph_counts", [str(store)], "counted")
        counts = read_counts(told.decode())
        rows = serving.answer_rows
        return await asyncio.to_thread(InProcess.open, store, counts, rows)
    except (ToolError, OSError, RuntimeError, ValueError, TypeError) as error:
        log.warning("all queries go to workers: %s", error)
        return None


async def graph_sizes(pool: WorkerPool, view: str = "") -> dict[str, int]:
    """Return how many triples each named graph has, the default graph under ""."""
    text = (
        resources.files("glokal.server")
        .joinpath("queries/sizes.rq")
        .read_text(encoding="utf-8")
    )
    answer = await pool.ask(QueryRequest(text, accept=RESULTS_JSON, view=view))
    rows = json.loads(await answer.body.read())["results"]["bindings"]
    return {r["g"]["value"] if "g" in r else "": int(r["n"]["value"]) for r in rows}


async def _run(module: str, args: list[str], done: str) -> bytes:
    """Return what a program says; ToolError, naming what isn't done, when it fails."""
    making = await asyncio.create_subprocess_exec(
        *python_command(module, args),
        env=clean_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        result, error = await making.communicate()
    finally:
        if making.returncode is None:
            making.kill()
            await making.wait()
    if making.returncode:
        lines = error.decode(errors="replace").strip().splitlines()
        why = lines[-1].rstrip(".") if lines else f"code {making.returncode}"
        raise ToolError(
            f"The store of the publication can't be {done}: {why}.",
            remedy="see that there is room on the disk, and in memory.",
        )
    return result
