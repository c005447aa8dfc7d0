"""Measure how far each room goes: `make bench-rooms`.

To the real strategy comes an invented national register as one graph more, of ten
thousand, a hundred thousand and a million triples. Each room takes all of it in, then
answers the canned questions and three of the register's own; rows must be the same.
Sizes may be given as arguments: `python -m benchmarks.rooms 10000000`.
"""

from __future__ import annotations

import contextlib
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from tests import servers

from benchmarks.national import write_register
from glokal.core.settings import load_project
from glokal.dataset.push import push_graphs
from glokal.dataset.push_record import open_pushed
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import STRATEGY
from glokal.rdf.source_files import SourceFile
from glokal.rdf.spooled_triples import TripleHolder
from glokal.sparql.store_interface import Store
from glokal.store.from_environment import open_endpoint, write_client
from glokal.store.graph_store_client import GraphStore, graph_store_of

SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS = Path(__file__).with_name("questions")


def timed(run: Callable[[], object]) -> tuple[float, object]:
    """Return how many seconds something took, and what it gave."""
    start = time.perf_counter()
    found = run()
    return time.perf_counter() - start, found


def enlarged(strategy: Workspace, folder: Path, size: int) -> Workspace:
    """Return the strategy with a register of about that many triples beside it."""
    path = folder / f"{size}.ttl"
    write_register(path, size, share=0, seed=2023)
    triples = TripleHolder().keep(quad.triple for quad in ox.parse(path=path))
    graph = strategy.project.graphs + "strategy/register"
    file = SourceFile(path.name, path, graph, STRATEGY, triples, {})
    made = Workspace(strategy.project)
    made.__dict__.update(files=(*strategy.files, file), inferred=strategy.inferred)
    return made


def ask(store: Store, workspace: Workspace) -> tuple[list[str], list[object]]:
    """Return the times of the canned questions and of the register's, and all rows."""
    canned = [q.text for q in workspace.queries if not q.service]
    own = [path.read_text(encoding="utf-8") for path in sorted(QUESTIONS.glob("*.rq"))]
    seconds, rows = timed(
        lambda: [sorted(map(str, store.select(q).rows)) for q in canned]
    )
    cells, found = [f"{seconds:.2f} s"], [rows]
    for text in own:
        seconds, rows = timed(
            lambda text=text: sorted(map(str, store.select(text).rows))
        )
        cells.append(f"{seconds:.2f} s")
        found.append(rows)
    return cells, found


def row(*cells: str) -> None:
    """Print a row of the table."""
    print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Measure all rooms at all sizes and print a table in Markdown."""
    os.environ.setdefault("GLOKAL_ENDPOINT_SECONDS", "900")
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{platform.platform()}, Python {platform.python_version()}; load {load}\n")
    questions = [path.stem for path in sorted(QUESTIONS.glob("*.rq"))]
    row("triples", "room", "taken in", "canned", *questions)
    print(f"|---:|---|---:|---:|{'---:|' * len(questions)}")
    strategy = Workspace(load_project(Path.cwd()))
    wrong = False
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="glokal-") as name:
            workspace = enlarged(strategy, Path(name), size)
            seconds, store = timed(lambda w=workspace: w.store)
            cells, home = ask(store, workspace)
            total = f"{sum(len(f.triples) for f in workspace.files):,}"
            row(total, "embedded", f"{seconds:.1f} s", *cells)
            del store, workspace.__dict__["store"]
            for kind, end in (("oxigraph", "/query"), ("virtuoso", "/sparql")):
                folder = Path(name) / kind
                folder.mkdir()
                login = {
                    "GLOKAL_ENDPOINT_USER": "dba",
                    "GLOKAL_ENDPOINT_PASSWORD": "dba",
                }
                os.environ.update(login if kind == "virtuoso" else {})
                with contextlib.ExitStack() as running:
                    started = getattr(servers, kind)(folder)
                    endpoint = running.enter_context(started) + end
                    target = GraphStore(graph_store_of(endpoint), write_client())
                    remote = open_endpoint(endpoint)
                    seconds, _ = timed(
                        lambda w=workspace, r=remote, t=target: push_graphs(w, r, t)
                    )
                    there, _ = open_pushed(remote, workspace.project.graphs)
                    cells, away = ask(there, workspace)
                    row(total, kind, f"{seconds:.1f} s", *cells)
                    if away != home:
                        wrong = True
                        print(f"{kind} gives other rows")
                for variable in login:
                    os.environ.pop(variable, None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nGlokal's own memory at its peak: {peak:,.0f} MB.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
