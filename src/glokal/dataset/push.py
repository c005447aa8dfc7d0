"""`glokal push`: a service gets exactly the graphs of a project, and keeps all others.

Each named graph of ours that has changed since the last push is replaced; one that an
earlier push left and that is gone is removed; nothing else is written to. The default
graph of the design is filled so that a query without GRAPH answers as at home. What a
push has done stands in a record on the service itself, with a digest of each graph that
is there whole, so that one that stopped half-way is seen, and fixed by the next.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.errors import FindingsError, UsageError
from glokal.dataset.push_record import (
    MERGED_GRAPH,
    RECORD_GRAPH,
    PushRecord,
    default_claimed_by_others,
    pushed_dataset,
    read_push_record,
    used_by_others,
)
from glokal.dataset.sorted_graphs import sorted_graphs
from glokal.dataset.workspace import Workspace
from glokal.rdf.sorted_graph import SortedGraph
from glokal.rdf.terms import text_of
from glokal.store.graph_store_client import GraphStore
from glokal.store.probe import refuse_wrong_engine
from glokal.store.query_templates import render_query
from glokal.store.remote import RemoteStore

Progress = Callable[[str], None]


@dataclass(frozen=True)
class PushResult:
    """What a push did: the record it left, and the graphs it removed.

    `outdated` are the records of other projects that had another number of triples in a
    graph which they share with this one, and which is now as this one has it. `kept`
    are the graphs that were there already, as they are now, "" for the default graph.
    """

    pushed: PushRecord
    removed: tuple[str, ...]
    outdated: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemovalResult:
    """What was taken away, and what was kept since other projects use it."""

    removed: tuple[str, ...]
    kept: tuple[str, ...]


def push_graphs(
    workspace: Workspace,
    store: RemoteStore,
    target: GraphStore,
    *,
    progress: Progress = lambda _step: None,
    whole: bool = False,
) -> PushResult:
    """Make a service hold the graphs of a workspace.

    With `whole` those that are there already, by their digests, are sent as well.
    Raises what the two sides of the service raise; ToolError, before anything is
    written, for an engine that is known to answer wrongly; FindingsError when the
    service counts other numbers of triples than were sent.
    """
    refuse_wrong_engine(store)
    progress("sorting what is to be sent")
    to_send = sorted_graphs(workspace)
    graphs = {**to_send.named, **to_send.views}
    space = workspace.project.graphs
    before = read_push_record(store, space)
    old = {**before.graphs, **before.views} if before else {}
    known = {**old, **dict.fromkeys(graphs, 0)}
    digests = to_send.digests
    there = set() if whole else _there(store, space, before, digests)
    known.update({graph: len(graphs[graph]) for graph in there if graph})
    # Until it is decided, the service's own default graph is not claimed.
    kept = before.default if before else space + MERGED_GRAPH
    state = PushRecord(
        to_send.digest,
        kept,
        graphs=known,
        digests={graph: digests[graph] for graph in sorted(there)},
    )
    record = space + RECORD_GRAPH

    def write(state: PushRecord) -> None:
        for _ in target.replace(record, state.triples(record)):
            pass

    write(state)
    default = _default_graph(store, space, before)
    # From here on the record tells an interrupted push what is its own.
    write(dataclasses.replace(state, default=default))
    ours = before is not None and before.whole and not before.default
    if not default and not ours and default_claimed_by_others(store, space):
        # Two pushes that begin together see both claims, and both step aside.
        default = space + MERGED_GRAPH
        write(dataclasses.replace(state, default=default))
    if default != kept:
        there.discard("")
    _send(target, {**graphs, "": to_send.default}, default, there, progress)
    users = used_by_others(store, space)
    removed = tuple(sorted(set(known) - set(graphs) - set(users)))
    if before and before.default != default and before.default:
        removed += (before.default,)
    for graph in removed:
        target.remove(graph)
    sizes = {graph: len(triples) for graph, triples in graphs.items()}
    counts = {graph: sizes.pop(graph) for graph in to_send.views}
    size = len(to_send.default)
    pushed = PushRecord(
        state.digest, default, size, sizes, counts, whole=True, digests=digests
    )
    progress("counting what is there")
    _verify(store, pushed, removed)
    write(pushed)
    outdated = {
        record
        for graph, size in pushed.graphs.items()
        for record, told in users.get(graph, {}).items()
        if told != size
    }
    return PushResult(pushed, removed, tuple(sorted(outdated)), tuple(sorted(there)))


def _there(
    store: RemoteStore,
    space: str,
    before: PushRecord | None,
    digests: Mapping[str, str],
) -> set[str]:
    """Return the graphs that a service holds already as they are now.

    Its record says so, and their triples are as many as they were. Graphs outside of
    the project's own namespace are another project's as well, which may have changed
    them: they count as not there.
    """
    if before is None:
        return set()
    sizes = {**before.graphs, **before.views}
    same = {g for g, told in before.digests.items() if digests.get(g) == told}
    mine = {g for g in same if g.startswith(space) and g in sizes}
    found = _sizes(store, mine)
    there = {g for g in mine if found.get(g, 0) == sizes[g]}
    if "" in same and before.whole and _default_size(store, before) == before.size:
        there.add("")
    return there


def _send(
    target: GraphStore,
    graphs: Mapping[str, SortedGraph],
    default: str,
    there: Collection[str],
    progress: Progress,
) -> None:
    """Write the graphs that aren't there yet; that under "" goes by its own name."""
    left = {graph: t for graph, t in graphs.items() if graph not in there}
    total, done = sum(map(len, left.values())), 0
    for graph, triples in left.items():
        for sent in target.replace(graph or default, triples):
            progress(f"{done + sent} of {total} triples")
        done += len(triples)


def remove(
    workspace: Workspace, store: RemoteStore, target: GraphStore
) -> RemovalResult:
    """Take away what was pushed, but for graphs that another project's push names.

    So too with what a push left that stopped half-way. Raises UsageError when there is
    nothing.
    """
    space = workspace.project.graphs
    pushed = read_push_record(store, space)
    if pushed is None:
        raise UsageError(
            f"Nothing of this project has been pushed to {store.endpoint}.",
            remedy="there is nothing to remove.",
        )
    users = used_by_others(store, space)
    kept = tuple(sorted(set(pushed.graphs) & set(users)))
    gone = tuple(graph for graph in pushed.graphs if graph not in users)
    for graph in (*gone, *pushed.views, pushed.default):
        target.remove(graph)
    target.remove(space + RECORD_GRAPH)
    return RemovalResult(gone, kept)


def _default_graph(store: RemoteStore, space: str, before: PushRecord | None) -> str:
    """Return the name of the graph that shall be the default graph, "" for its own.

    The record has been written to a named graph of the service.
    """
    plain = store.seeing((), ())
    if plain.query(
        render_query("shows", record=space + RECORD_GRAPH), name="default graph"
    ):
        # Its default graph is the union of all graphs, the supplement among them.
        return space + MERGED_GRAPH
    if before is not None and not before.default:
        return ""
    foreign = plain.query(render_query("anything"), name="default graph")
    return space + MERGED_GRAPH if foreign else ""


def _sizes(store: RemoteStore, graphs: Iterable[str]) -> dict[str, int]:
    """Return how many triples named graphs of a service have; those without none."""
    names = " ".join(str(ox.NamedNode(graph)) for graph in graphs)
    text = render_query("sizes", graphs=names)
    rows = store.seeing((), ()).select(text, name="sizes").rows
    return {text_of(graph): int(text_of(number)) for graph, number in rows}


def _default_size(store: RemoteStore, pushed: PushRecord) -> int:
    """Return how many triples the default graph of a push has."""
    seen = pushed_dataset(store, pushed).select(render_query("size"), name="size").rows
    return int(text_of(seen[0][0]))


def _verify(store: RemoteStore, pushed: PushRecord, removed: Iterable[str]) -> None:
    results = _sizes(store, [*pushed.graphs, *pushed.views, *removed])
    expected = {g: n for g, n in {**pushed.graphs, **pushed.views}.items() if n}
    results["the default graph"] = _default_size(store, pushed)
    expected["the default graph"] = pushed.size
    wrong = [
        f"{graph} has {results.get(graph, 0)} triples for {expected.get(graph, 0)}"
        for graph in sorted(results.keys() | expected.keys())
        if results.get(graph, 0) != expected.get(graph, 0)
    ]
    if wrong:
        raise FindingsError(
            f"{store.endpoint} does not hold what was sent: {'; '.join(wrong[:5])}.",
            remedy="see that nobody else writes to these graphs, and push again.",
        )
