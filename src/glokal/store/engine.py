"""What the embedded engine is asked, and what it is known to do in its own way.

Every query for pyoxigraph goes through `ask_engine`: it is printed from its tree, and
what the engine would answer wrongly is rewritten first, or refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from glokal.sparql.errors import NotTakenError
from glokal.sparql.printer import print_query
from glokal.sparql.rewrite import refuse_wrong_answers, rewrite
from glokal.sparql.taint import lexical_call
from glokal.sparql.tree import Literal, Query
from glokal.vocabulary import RDF, XSD

# Literals of these are kept as they are written.
_KEPT = frozenset((XSD + "string", RDF + "langString"))


@dataclass(frozen=True)
class EngineData:
    """What must be known of a store's data to ask the engine of it.

    `graphs` are the named graphs. `respelled` and `retyped` are the properties with a
    literal whose text or whose datatype the engine writes in another way, each with one
    such literal.
    """

    graphs: tuple[str, ...] = ()
    respelled: Mapping[str, str] = field(default_factory=dict)
    retyped: Mapping[str, str] = field(default_factory=dict)


class RewrittenLiterals:
    """Finds the properties whose literals the engine rewrites, triple by triple."""

    def __init__(self) -> None:
        self.respelled: dict[str, str] = {}
        self.retyped: dict[str, str] = {}

    def look_at(self, triple: ox.Triple | ox.Quad) -> None:
        """Remember the triple's property when the engine rewrites its object."""
        value, predicate = triple.object, triple.predicate.value
        if not isinstance(value, ox.Literal) or value.datatype.value in _KEPT:
            return
        stored = _stored(value)
        if stored.value != value.value:
            self.respelled.setdefault(predicate, str(value))
        if stored.datatype != value.datatype:
            self.retyped.setdefault(predicate, str(value))


@lru_cache(1 << 16)
def _stored(literal: ox.Literal) -> ox.Literal:
    """Return a literal as the engine's store has it."""
    store = ox.Store()
    thing = ox.NamedNode(RDF + "value")
    store.add(ox.Quad(thing, thing, literal))
    found = next(iter(store)).object
    assert isinstance(found, ox.Literal)
    return found


def _is_rewritten(function: str, literal: Literal) -> bool:
    if not literal.datatype or literal.datatype in _KEPT:
        return False
    written = ox.Literal(literal.value, datatype=ox.NamedNode(literal.datatype))
    stored = _stored(written)
    if function == "STR":
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

    `dataset` may hold `default_graph` and `named_graphs`, as the protocol names them.
    With `any_spelling` the caller can do with literals as the engine writes them.
    Raises NotTakenError for what the engine answers wrongly.
    """
    refuse_wrong_answers(query)
    predicates = {
        "STR": data.respelled,
        "DATATYPE": data.retyped,
        "SAMETERM": {**data.respelled, **data.retyped},
    }
    call = lexical_call(query, predicates, _is_rewritten)
    if call is not None and not any_spelling:
        example = next(iter(predicates[call.name].values()), "a literal of the query")
        raise NotTakenError(
            f"{call.name} may meet a literal that the engine writes in another way "
            f"({example})",
            call.start,
            remedy="compare values with =, or take a dump.",
        )
    default = named = None
    graphs: Sequence[str] = data.graphs
    if dataset:
        default = dataset["default_graph"]
        named = dataset["named_graphs"]
        graphs = [graph.value for graph in named]
    text = print_query(rewrite(query, lambda: graphs))
    return store.query(text, default_graph=default, named_graphs=named)
