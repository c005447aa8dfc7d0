"""What a service says of the last push: a small graph of our own that tells it.

The graph `…/graph/pushed` says by what name the default graph goes, which graphs are
ours with the number of their triples, the digest of the whole, and whether all of it
is there. VoID and the SPARQL service description have the words for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.errors import InputError
from glokal.core.namespaces import DCTERMS, RDF, SD, SPDX, VOID
from glokal.dataset.views import IN_STRATEGY, VIEW_SPACE, view_iri, view_names
from glokal.rdf.terms import integer, text_of
from glokal.store.probe import refuse_wrong_engine
from glokal.store.query_templates import render_query
from glokal.store.remote import RemoteStore

# The names of our own two graphs, behind the namespace of a project's graphs.
RECORD_GRAPH = "pushed"
MERGED_GRAPH = VIEW_SPACE + IN_STRATEGY
_UNDER_WAY = "under way"
# What the default graph is called in a record, where its own name may be none.
_DEFAULT = "#default"


@dataclass(frozen=True)
class PushRecord:
    """A push: its digest, its graphs with their sizes, how it keeps the default graph.

    `default` is the graph that has it, "" when the service's own default graph does.
    `size` is the number of its triples. `views` are the other default graphs, with the
    numbers of theirs. `whole` is false until all is there. `digests` are those of the
    graphs that are known to be there whole; the default graph's stands under "".
    """

    digest: str
    default: str = ""
    size: int = 0
    graphs: Mapping[str, int] = field(default_factory=dict)
    views: Mapping[str, int] = field(default_factory=dict)
    whole: bool = False
    digests: Mapping[str, str] = field(default_factory=dict)

    def view_graphs(self, space: str) -> dict[str, str]:
        """Return the graph that holds each view, "" for the service's own default.

        `space` is the namespace of the project's graphs.
        """
        names = view_names(space, apart=bool(self.views))
        return {view: graph or self.default for view, graph in names.items()}

    def triples(self, record: str) -> list[ox.Triple]:
        """Return the record as triples about itself."""
        me = ox.NamedNode(record)

        def say(
            subject: ox.NamedNode, term: str, value: ox.NamedNode | ox.Literal
        ) -> None:
            results.append(ox.Triple(subject, ox.NamedNode(term), value))

        results: list[ox.Triple] = []
        say(me, RDF + "type", ox.NamedNode(SD + "Dataset"))
        say(me, SPDX + "checksumValue", ox.Literal(self.digest))
        say(me, VOID + "triples", integer(self.size))
        if not self.whole:
            say(me, DCTERMS + "description", ox.Literal(_UNDER_WAY))
        if self.default:
            say(me, SD + "defaultGraph", ox.NamedNode(self.default))
        for graph, size in (*self.graphs.items(), *self.views.items()):
            say(me, SD + "namedGraph", ox.NamedNode(graph))
            say(ox.NamedNode(graph), VOID + "triples", integer(size))
        for graph, digest in self.digests.items():
            about = ox.NamedNode(graph or record + _DEFAULT)
            say(about, SPDX + "checksumValue", ox.Literal(digest))
        return results


def read_push_record(store: RemoteStore, graphs: str) -> PushRecord | None:
    """Return what a service says of the last push; None when there was none.

    `graphs` is the namespace of the project's graphs.
    """
    text = render_query("pushed", record=graphs + RECORD_GRAPH)
    rows = store.seeing((), ()).select(text, name="the record of the last push").rows
    fields: dict[str, str] = {}
    sizes: dict[str, int] = {}
    views: dict[str, int] = {}
    digests: dict[str, str] = {}
    for kind, value, size in ((text_of(a), text_of(b), text_of(c)) for a, b, c in rows):
        if kind == "graph":
            is_view = value.startswith(graphs + VIEW_SPACE)
            (views if is_view else sizes)[value] = int(size or 0)
        elif kind == "digest of graph":
            default = value == graphs + RECORD_GRAPH + _DEFAULT
            digests["" if default else value] = size
        else:
            fields[kind] = value
    if "digest" not in fields:
        return None
    return PushRecord(
        digest=fields["digest"],
        default=fields.get("default", ""),
        size=int(fields.get("size", "0")),
        graphs=sizes,
        views=views,
        whole="state" not in fields,
        digests=digests,
    )


def used_by_others(store: RemoteStore, graphs: str) -> dict[str, dict[str, int]]:
    """Return the graphs that other projects have pushed to a service as well.

    Each has the records of those projects, and how many triples they say it has: the
    graphs of the ontology are the same for all. `graphs` is the namespace of our own.
    """
    text = render_query("users")
    rows = store.seeing((), ()).select(text, name="the records of all pushes").rows
    users: dict[str, dict[str, int]] = {}
    for graph, record, size in (
        (text_of(a), text_of(b), text_of(c)) for a, b, c in rows
    ):
        if record != graphs + RECORD_GRAPH:
            users.setdefault(graph, {})[record] = int(size or 0)
    return users


def default_claimed_by_others(store: RemoteStore, graphs: str) -> bool:
    """Return whether another project's push has, or takes, the default graph.

    `graphs` is the namespace of our own.
    """
    text = render_query("defaults")
    rows = store.seeing((), ()).select(text, name="the records of all pushes").rows
    return any(
        default is None and text_of(record) != graphs + RECORD_GRAPH
        for record, default in rows
    )


def open_pushed(
    store: RemoteStore, graphs: str, view: str = IN_STRATEGY
) -> tuple[RemoteStore, PushRecord]:
    """Return a service with a view of the last push, and what it says of that.

    Raises InputError when there was no push, or when one stopped half-way; ToolError
    for an engine that is known to answer wrongly.
    """
    refuse_wrong_engine(store)
    pushed = read_push_record(store, graphs)
    if pushed is None:
        raise InputError(
            f"Nothing of this project has been pushed to {store.endpoint}.",
            remedy=f"run glokal push --endpoint {store.endpoint}",
            name="service.never_pushed",
            values={"service": store.endpoint},
        )
    if not pushed.whole:
        raise InputError(
            f"A push to {store.endpoint} has stopped half-way, or is going on now.",
            remedy=f"wait, or run glokal push --endpoint {store.endpoint} again.",
            name="service.half_pushed",
            values={"service": store.endpoint},
        )
    if view != IN_STRATEGY and pushed.views:
        graph = pushed.view_graphs(graphs)[view_iri(graphs, view)]
        return store.seeing((graph,), tuple(pushed.graphs)), pushed
    return pushed_dataset(store, pushed), pushed


def pushed_dataset(store: RemoteStore, pushed: PushRecord) -> RemoteStore:
    """Return a service that is asked for the dataset of a push.

    A default graph with a name is named in each query, and the named graphs with it,
    since naming the one without the other leaves GRAPH with nothing (SPARQL 1.1
    Protocol, section 2.1.4).
    """
    named: Collection[str] = tuple(pushed.graphs) if pushed.default else ()
    return store.seeing((pushed.default,) if pushed.default else (), named)
