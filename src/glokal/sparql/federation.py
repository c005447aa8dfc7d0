"""SERVICE without a way out: what to ask elsewhere, and the answer put in its place.

A SERVICE with an IRI does not depend on what is around it (SPARQL 1.1 Federated Query,
section 4), so it is asked first, as a SELECT of its own; its rows then stand in the
query as VALUES, and the engine that answers the rest needs no network.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

import pyoxigraph as ox

from glokal.sparql.errors import NotTakenError
from glokal.sparql.printer import declared_base, print_select
from glokal.sparql.scope import in_scope
from glokal.sparql.transform import Transformer
from glokal.sparql.tree import (
    Element,
    Group,
    InlineData,
    Iri,
    Literal,
    Query,
    Select,
    Service,
    Union,
    Variable,
)
from glokal.sparql.walk import selects_and_elements

ServiceTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
ServiceRows = tuple[Sequence[str], Iterable[Sequence[ServiceTerm]]]
# Asks an endpoint a SELECT; None when it did not answer and SILENT stands there.
Ask = Callable[[str, str, bool, tuple[int, ...]], ServiceRows | None]


def with_services_answered(query: Query, ask: Ask) -> Query:
    """Return a query without SERVICE; each was asked of `ask` and is now VALUES.

    `ask` gets the endpoint, a SELECT, whether SILENT was written and the numbers behind
    LIMIT, and gives columns and rows. Raises what it raises, and NotTakenError when a
    row has a blank node.
    """
    if not query.services:
        return query
    answered = _Answering(ask, declared_base(query)).query(query)
    return dataclasses.replace(answered, services=[])


class _Answering(Transformer):
    def __init__(self, ask: Ask, base: str) -> None:
        self._ask = ask
        self._base = base

    def element(self, element: Element, group: Group) -> list[Element]:
        """Return the rows of a SERVICE; those inside it are asked before it."""
        (changed,) = super().element(element, group)
        if not isinstance(changed, Service):
            return [changed]
        assert isinstance(changed.name, Iri)
        names = sorted(in_scope(changed.group))
        request = Select([(Variable(n), None) for n in names] or None, changed.group)
        selects = (s for s in selects_and_elements(request) if isinstance(s, Select))
        limits = tuple({s.limit for s in selects if s.limit is not None})
        result = self._ask(
            changed.name.value,
            f"{self._base}{print_select(request)}",
            changed.silent,
            limits,
        )
        if result is None:
            # SILENT: as if one solution without bindings had come.
            return [Union([Group([])], changed.start, changed.end)]
        columns, rows = result
        variables = [Variable(name) for name in columns]
        cells = [[_cell(cell, changed) for cell in row] for row in rows]
        return [InlineData(variables, cells, changed.start, changed.end)]


def _cell(cell: ServiceTerm, service: Service) -> Iri | Literal | None:
    match cell:
        case None:
            return None
        case ox.NamedNode():
            return Iri(cell.value)
        case ox.Literal():
            kind = "" if cell.language else cell.datatype.value
            return Literal(cell.value, kind, cell.language or "")
    raise NotTakenError(
        "The other endpoint answered with a blank node, which has no name here",
        service.start,
        remedy="ask it for what has an address, or ask it by itself.",
    )
