"""Measure what the project does with the real strategy, beside a peer.

Each task runs several times in one process, ours and the peer's by turns; the best
time of each counts, since everything else on a machine only makes it slower.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import rdflib

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.turtle.formatter import format_turtle
from glokal.validation.shacl.validate import validate_graph

Run = Callable[[], object]
ROUNDS = 3


def best(run: Run, peer: Run) -> tuple[float, float]:
    """Return the best time of each in seconds."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for measured, task in zip(times, (run, peer), strict=True):
            start = time.perf_counter()
            task()
            measured.append(time.perf_counter() - start)
    return min(times[0]), min(times[1])


def tasks(workspace: Workspace) -> list[tuple[str, str, Run, Run]]:
    """Return name, peer, our run and the peer's run."""
    texts = {f.name: f.path.read_text(encoding="utf-8") for f in workspace.files}
    data = [t for file in workspace.files for t in file.triples]
    shapes = [t for file in workspace.shapes for t in file.triples]
    nt = ox.serialize(
        set(data) | set(workspace.inferred), format=ox.RdfFormat.N_TRIPLES
    )
    assert nt is not None
    graph = rdflib.Graph().parse(data=nt, format="nt")
    queries = [q.text for q in workspace.queries if not q.service]
    store = workspace.store
    return [
        (
            f"validate {len(set(data))} triples with {len(workspace.shapes)} files",
            "pySHACL",
            lambda: validate_graph(data, shapes),
            lambda: validate_graph(data, shapes, engine="pyshacl"),
        ),
        (
            f"answer {len(queries)} canned queries",
            "RDFLib",
            lambda: [store.select(q) for q in queries],
            lambda: [list(graph.query(q)) for q in queries],
        ),
        (
            f"format {len(texts)} Turtle files",
            "RDFLib",
            lambda: [format_turtle(text, name) for name, text in texts.items()],
            lambda: [
                rdflib.Graph().parse(data=text, format="turtle").serialize()
                for text in texts.values()
            ],
        ),
    ]


def main() -> None:
    """Measure and print a table."""
    workspace = Workspace(load_project(Path.cwd()))
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(f"{'task':45} {'glokal':>9} {'peer':>9}  ratio")
    for name, peer, run, other in tasks(workspace):
        ours, theirs = best(run, other)
        ratio = theirs / ours
        print(f"{name:45} {ours:8.3f}s {theirs:8.3f}s  {ratio:.1f}x {peer}", flush=True)


if __name__ == "__main__":
    main()
