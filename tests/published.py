"""The strategy as a publication without pages, for what only needs its data."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site.build_stamp import write_stamp
from tests.servers import small_publication


def publish_data(
    workspace: Workspace, folder: Path, more: Iterable[ox.Quad] = ()
) -> Path:
    """Make a project with the workspace's graphs and questions published; return it."""
    graphs = [
        *((f.graph, f.triples) for f in workspace.files),
        *workspace.derived_graphs,
        (workspace.provenance_graph, workspace.provenance_triples),
    ]
    quads = [
        ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph))
        for graph, triples in graphs
        for t in triples
    ]
    small_publication(folder, [*quads, *more])
    public = folder / "public"
    for query in workspace.queries:
        target = public / "query" / query.slug / "query.rq"
        target.parent.mkdir(parents=True)
        target.write_text(query.text, encoding="utf-8")
    write_stamp(load_project(folder), public)
    return folder
