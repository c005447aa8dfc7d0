"""The graphs of a project as they are sent to a service, each with its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from glokal.core.files.spool import Spool
from glokal.dataset.workspace import Workspace
from glokal.rdf.sorted_graph import SortedGraph, merged_graph, sorted_graph


@dataclass(frozen=True)
class SortedGraphs:
    """The named graphs, the default graph, and the views that have graphs of their own.

    `digests` are by the name of the graph, that of the default graph under "": it is
    made of those of the graphs that are in it. `digest` is one of all of them but the
    views, and of the day up to which a view of what was reported is made.
    """

    named: Mapping[str, SortedGraph]
    default: SortedGraph
    views: Mapping[str, SortedGraph]
    digests: Mapping[str, str]
    digest: str


def sorted_graphs(workspace: Workspace) -> SortedGraphs:
    """Return the graphs of a workspace, sorted in a temporary file.

    Raises MachineError where there is no room for it.
    """
    spool = Spool()
    named = _named(workspace, spool)
    inside = [named[name] for name in sorted(_inside(workspace))]
    views = {}
    if (reported := workspace.reported) is not None:
        views[reported.view_graph] = sorted_graph(reported.view_triples, spool)
    digests = _digests(workspace, named)
    return SortedGraphs(
        named,
        merged_graph(inside, spool),
        views,
        {**digests, **{name: graph.digest for name, graph in views.items()}},
        _digest_of_all(workspace, digests),
    )


def workspace_digest(workspace: Workspace) -> str:
    """Return the digest of all graphs of a workspace, as `SortedGraphs` has it."""
    digests = _digests(workspace, _named(workspace, Spool()))
    return _digest_of_all(workspace, digests)


def _named(workspace: Workspace, spool: Spool) -> dict[str, SortedGraph]:
    parts = workspace.named_graphs
    return {name: sorted_graph(triples, spool) for name, triples in parts}


def _inside(workspace: Workspace) -> set[str]:
    """Return the names of the graphs that the default graph is made of."""
    files = {f.graph for f in workspace.files if f.in_default_graph}
    return files | {name for name, _ in workspace.derived_graphs}


def _digests(workspace: Workspace, named: Mapping[str, SortedGraph]) -> dict[str, str]:
    digests = {name: graph.digest for name, graph in named.items()}
    inside = sorted(f"{name} {digests[name]}\n" for name in _inside(workspace))
    return {**digests, "": _sha256("".join(inside))}


def _digest_of_all(workspace: Workspace, digests: Mapping[str, str]) -> str:
    told = sorted(f"{name} {digest}\n" for name, digest in digests.items())
    if workspace.reported is not None:
        told.append(f"{workspace.project.modified}\n")
    return _sha256("".join(told))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
