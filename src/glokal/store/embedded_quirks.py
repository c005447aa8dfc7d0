"""What the embedded engine is asked, and what it is known to do in its own way.

Every query for pyoxigraph goes through `ask_engine`: it is printed from its tree, and
what the engine would answer wrongly is rewritten first, or refused.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import RDF, XSD
from glokal.sparql.errors import NotTakenError
from glokal.sparql.printer import print_query
from glokal.sparql.rewrite import refuse_wrong_answers, rewrite
from glokal.sparql.taint import Merged, lexical_call, merging_place
from glokal.sparql.tree import DatasetClause, Literal, Query

# Literals of these are kept as they are written.
_KEPT = frozenset((XSD + "string", RDF + "langString"))


# Over so many rewritten literals they are not listed one by one.
_MOST_SPELLINGS = 100_000


@dataclass(frozen=True)
class EngineData:
    """What must be known of a store's data to ask the engine of it.

    `graphs` are the named graphs. `respelled` and `retyped` are the properties with a
    literal whose text or whose datatype the engine writes in another way, `merged`
    those with one that it writes like another literal of the data; each with one such
    literal. `merged_within` are those that have both literals, `typed` those that have
    a literal with a datatype at all. `spellings` are the literals that the engine
    writes in another way, by how it writes them; None where they are too many to be
    listed. `views` are default graphs by their IRI, each with the graph of the store
    that holds it ("" is the store's own default graph); GRAPH doesn't see them.
    """

    graphs: tuple[str, ...] = ()
    respelled: Mapping[str, str] = field(default_factory=dict)
    retyped: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    merged_within: Sequence[str] = ()
    typed: Sequence[str] = ()
    spellings: Mapping[str, Sequence[str]] | None = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)

    def default_graph(self, iri: str) -> ox.NamedNode | ox.DefaultGraph:
        """Return the graph of the store that a default graph's IRI stands for."""
        name = self.views.get(iri, iri)
        return ox.NamedNode(name) if name else ox.DefaultGraph()


class RewrittenLiterals:
    """Finds the properties whose literals the engine rewrites, triple by triple."""

    def __init__(self) -> None:
        self._respelled: dict[str, str] = {}
        self._retyped: dict[str, str] = {}
        # Hashes of the literals that are written as the engine does it, alone and with
        # their property; and the others by how it writes them.
        self._as_stored: set[int] = set()
        self._typed: set[str] = set()
        self._rewritten: dict[ox.Literal, dict[str, set[str]]] = {}

    def look_at(self, triple: ox.Triple | ox.Quad) -> None:
        """Remember the triple's property when the engine rewrites its object."""
        value, predicate = triple.object, triple.predicate.value
        if not isinstance(value, ox.Literal) or value.datatype.value in _KEPT:
            return
        self._typed.add(predicate)
        stored = _stored(value)
        if stored == value:
            self._as_stored |= {hash(stored), hash((stored, predicate))}
            return
        if stored.value != value.value:
            self._respelled.setdefault(predicate, str(value))
        if stored.datatype != value.datatype:
            self._retyped.setdefault(predicate, str(value))
        if stored.value == value.value:
            # A derived integer type. The answer names it xsd:integer wherever it
            # stands, so two of one value are one in DISTINCT and GROUP BY as well.
            self._as_stored |= {hash(stored), hash((stored, predicate))}
            return
        alike = self._rewritten.setdefault(stored, {})
        alike.setdefault(str(value), set()).add(predicate)

    def engine_data(self, graphs: Iterable[str]) -> EngineData:
        """Return what is known of the data; `graphs` are the named graphs."""
        merged: dict[str, str] = {}
        within: set[str] = set()
        spellings: dict[str, list[str]] = {}
        for stored, alike in self._rewritten.items():
            written = sorted(alike)
            if hash(stored) in self._as_stored:
                written.append(str(stored))
            spellings[str(stored)] = written
            if len(written) > 1:
                merged.update(
                    {p: w for w, predicates in alike.items() for p in predicates}
                )
                counts = Counter(p for predicates in alike.values() for p in predicates)
                within |= {
                    p
                    for p, count in counts.items()
                    if count > 1 or hash((stored, p)) in self._as_stored
                }
        return EngineData(
            tuple(graphs),
            self._respelled,
            self._retyped,
            merged,
            sorted(within),
            sorted(self._typed),
            spellings if len(spellings) <= _MOST_SPELLINGS else None,
        )


@lru_cache(1 << 16)
def _stored(literal: ox.Literal) -> ox.Literal:
    """Return a literal as the engine's store has it."""
    store = ox.Store()
    thing = ox.NamedNode(RDF + "value")
    store.add(ox.Quad(thing, thing, literal))
    result = next(iter(store)).object
    assert isinstance(result, ox.Literal)
    return result


def _is_rewritten(function: str, literal: Literal) -> bool:
    if not literal.datatype or literal.datatype in _KEPT:
        return False
    written = ox.Literal(literal.value, datatype=ox.NamedNode(literal.datatype))
    stored = _stored(written)
    if function in ("STR", "GROUP_CONCAT"):
        return stored.value != written.value
    return stored != written


def ask_engine(
    store: ox.Store,
    data: EngineData,
    query: Query,
    dataset: Mapping[str, list[Any]] | None = None,
    *,
    any_spelling: bool = False,
) -> Any:
    """Return what the engine finds.

    `dataset` may hold `default_graph` and `named_graphs`, as the protocol names them;
    it goes before FROM. With `any_spelling` the caller can do with literals as the
    engine writes them. Raises NotTakenError for what the engine answers wrongly.
    """
    refuse_wrong_answers(query)
    if not any_spelling:
        refuse_spellings(query, data)
    default = named = None
    graphs: Sequence[str] = data.graphs
    if not dataset and not data.views.keys().isdisjoint(
        iri.value for iri in query.dataset.default
    ):
        # A view has another name in the store; the protocol's dataset takes it.
        dataset = {
            "default_graph": [
                data.default_graph(i.value) for i in query.dataset.default
            ],
            "named_graphs": [ox.NamedNode(i.value) for i in query.dataset.named],
        }
        query = dataclasses.replace(query, dataset=DatasetClause())
    # The engine is slow with a long list of named graphs, and only GRAPH looks at it.
    looks = bool(query.graphs or query.graph_variables)
    if dataset:
        default = dataset["default_graph"]
        named = dataset["named_graphs"] if looks or not default else None
        graphs = [graph.value for graph in dataset["named_graphs"]]
    elif looks and any(data.views.values()) and not query.dataset:
        # The graph that holds a view is a default graph, and no graph for GRAPH.
        named = [ox.NamedNode(graph) for graph in graphs]
    text = print_query(rewrite(query, lambda: graphs))
    return store.query(text, default_graph=default, named_graphs=named)


def ask_printed(store: ox.Store, text: str) -> Any:
    """Return what the engine finds for a text that was printed from a bounded query.

    That is one of the default graph (`glokal.sparql.bounded_query`), which needs no
    rewriting; `refuse_spellings` was asked before.
    """
    return store.query(text)


def refuse_spellings(query: Query, data: EngineData) -> None:
    """Raise NotTakenError where it counts how a literal was written: that is lost."""
    rewritten = {**data.respelled, **data.retyped}
    predicates = {
        "STR": data.respelled,
        "GROUP_CONCAT": data.respelled,
        "DATATYPE": data.retyped,
        "SAMETERM": rewritten,
    }
    call = lexical_call(query, predicates, _is_rewritten)
    if call is not None:
        example = next(iter(predicates[call.name].values()), "a literal of the query")
        raise NotTakenError(
            f"{call.name} may meet a literal that the engine writes in another way "
            f"({example})",
            call.start,
            remedy="compare values with =, or take a dump.",
        )

    def clashes(literal: Literal) -> bool:
        written = ox.Literal(literal.value, datatype=ox.NamedNode(literal.datatype))
        stored = _stored(written)
        if data.spellings is None:
            return True
        alike = data.spellings.get(str(stored), [str(stored)])
        return list(alike) != [str(written)]

    merged = Merged(data.merged, data.merged_within, data.typed)
    result = merging_place(query, merged, clashes)
    if result is not None:
        what, start = result
        examples = {**rewritten, **data.merged}
        example = next(iter(examples.values()), "a literal of the query")
        raise NotTakenError(
            f"{what} would be matched by value, where SPARQL tells apart how literals "
            f"are written ({example})",
            start,
            remedy="use a variable and compare with =, leave DISTINCT out, or take a "
            "dump.",
        )
