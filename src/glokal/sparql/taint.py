"""Which functions of a query may look at how a literal is written.

The engine writes some literals in its own way ("1.50" becomes 1.5). Values stay what
they are; STR, DATATYPE and sameTerm give another answer. Whether a query can meet such
a literal there is followed from the triple patterns through its assignments.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from glokal.sparql.tree import (
    Bind,
    Call,
    Expression,
    Iri,
    Literal,
    Query,
    Select,
    TriplePattern,
    Variable,
)
from glokal.sparql.walk import selects_and_elements, walk

# What these give depends on how a literal is written, not on its value.
LEXICAL = frozenset(("DATATYPE", "SAMETERM", "STR"))


def lexical_call(
    query: Query,
    predicates: Mapping[str, Collection[str]],
    rewrites: Callable[[str, Literal], bool],
) -> Call | None:
    """Return a call that may see a rewritten literal, None when there is none.

    `predicates` are, for each function, those that have such literals in the data;
    `rewrites` tells whether a function would notice that a literal is rewritten.
    """
    tainted: dict[str, set[str]] = {}
    for call in query.calls:
        if not isinstance(call, Call) or call.name not in LEXICAL:
            continue
        if call.name not in tainted:
            known = predicates[call.name]
            tainted[call.name] = _tainted(query.select, known) if known else set()
        for part in (p for value in call.values for p in walk(value)):
            if isinstance(part, Variable) and part.name in tainted[call.name]:
                return call
            if isinstance(part, Literal) and rewrites(call.name, part):
                return call
    return None


def _tainted(select: Select, predicates: Collection[str]) -> set[str]:
    """Return the names of the variables that may hold a rewritten literal."""
    tainted: set[str] = set()
    assigned: list[tuple[str, Expression]] = []
    for part in selects_and_elements(select):
        if isinstance(part, TriplePattern):
            known = isinstance(part.verb, Iri) and part.verb.value not in predicates
            if isinstance(part.object, Variable) and not known:
                tainted.add(part.object.name)
        elif isinstance(part, Bind):
            assigned.append((part.variable.name, part.value))
        elif isinstance(part, Select):
            columns = part.projection or []
            assigned += [(v.name, value) for v, value in columns if value is not None]
            assigned += [(v.name, value) for value, v in part.group_by if v is not None]
    grown = True
    while grown:
        grown = False
        for name, value in assigned:
            if name not in tainted and any(
                isinstance(p, Variable) and p.name in tainted for p in walk(value)
            ):
                tainted.add(name)
                grown = True
    return tainted
