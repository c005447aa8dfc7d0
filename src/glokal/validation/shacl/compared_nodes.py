"""Queries that compare a node with others, and when to stop looking for another.

"No two have the same number" is a SELECT DISTINCT of the nodes for which there is
another. Asked once, an engine goes through each pair: of n nodes that are alike through
n² of them. Asked of one node after the other, with all bound that both may have, it may
stop at the first other, since DISTINCT gives no row twice. That is worth it only where
many are alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from glokal.sparql.printer import print_select
from glokal.sparql.tree import (
    Aggregate,
    Bind,
    Filter,
    Group,
    Iri,
    Literal,
    PropertyPath,
    Query,
    QueryTerm,
    Select,
    TriplePattern,
    Variable,
    Verb,
)

_THIS, _FAILURE, _NUMBER = "this", "failure", "count"


@dataclass(frozen=True)
class ComparedNodes:
    """What is asked before such a query, as texts of SPARQL with whole IRIs.

    `rows` gives each ?this with all that a row of it may hold and that others may have
    as well, each once. `own` and `others` give for what both sides have in `shared` how
    often it is there (?count).
    """

    rows: str
    own: str
    others: str
    shared: tuple[str, ...]


def compared_nodes(query: Query) -> ComparedNodes | None:
    """Return how to ask a query that looks for one other node; None for another one.

    It is a SELECT DISTINCT of patterns, filters and constants, with one variable for
    the other node, which only is a subject and stands in no row.
    """
    select = query.select
    columns = select.projection
    if query.form != "SELECT" or select.distinct != "DISTINCT" or columns is None:
        return None
    if any(value is not None for _, value in columns) or _has_more(select):
        return None
    projected = {variable.name for variable, _ in columns}
    elements = select.where.elements
    patterns = [e for e in elements if isinstance(e, TriplePattern)]
    binds = [e for e in elements if isinstance(e, Bind)]
    filters = sum(isinstance(e, Filter) for e in elements)
    if len(elements) != len(patterns) + len(binds) + filters or _FAILURE in projected:
        return None
    # What is bound anew in a row must not differ among others.
    if not all(isinstance(b.value, Iri | Literal) for b in binds):
        return None
    other = _other(patterns, projected)
    if other is None:
        return None
    others = [p for p in patterns if _is(p.subject, other)]
    own = [p for p in patterns if not _is(p.subject, other)]
    # What no pattern leads to from ?this is gone through for each of them.
    if not _is_led_to(own):
        return None
    told = _variables(own)
    needed = projected - {b.variable.name for b in binds}
    if _THIS not in told or not needed <= told:
        return None
    shared = tuple(sorted(told & _variables(others)))
    return ComparedNodes(
        _rows(sorted({_THIS, *needed, *shared}), own),
        _counted(shared, own),
        _counted(shared, others),
        shared,
    )


def _has_more(select: Select) -> bool:
    where = select.where
    more = (select.group_by, select.having, select.order_by, select.values)
    limits = (select.limit, select.offset)
    return any(more) or limits != (None, None) or where.subquery is not None


def _other(patterns: list[TriplePattern], projected: set[str]) -> str | None:
    """Return the only variable that is a subject and stands nowhere else, if it may."""
    subjects = {p.subject.name for p in patterns if isinstance(p.subject, Variable)}
    elsewhere = {name for p in patterns for name in (*_of(p.object), *_of_verb(p.verb))}
    others = subjects - elsewhere - projected - {_THIS}
    about = [p for p in patterns if others & set(_of(p.subject))]
    if len(others) != 1 or any(_THIS in (*_of(p.object),) for p in about):
        return None
    return next(iter(others))


def _is_led_to(patterns: list[TriplePattern]) -> bool:
    """Whether each subject is ?this or the object of a pattern that is led to."""
    reached, before = {_THIS}, 0
    while before != len(reached):
        before = len(reached)
        for p in patterns:
            if reached & set(_of(p.subject)):
                reached |= set(_of(p.object))
    return all(reached & set(_of(p.subject)) for p in patterns)


def _variables(patterns: list[TriplePattern]) -> set[str]:
    return {
        name
        for p in patterns
        for name in (*_of(p.subject), *_of_verb(p.verb), *_of(p.object))
    }


def _is(term: QueryTerm, name: str) -> bool:
    return isinstance(term, Variable) and term.name == name


def _of(term: QueryTerm) -> Iterator[str]:
    if isinstance(term, Variable):
        yield term.name


def _of_verb(verb: Verb) -> Iterator[str]:
    if not isinstance(verb, PropertyPath):
        yield from _of(verb)


def _counted(shared: tuple[str, ...], patterns: list[TriplePattern]) -> str:
    number = (Variable(_NUMBER), Aggregate("COUNT", None, -1))
    select = Select(
        [*((Variable(name), None) for name in shared), number],
        Group(list(patterns)),
        group_by=[(Variable(name), None) for name in shared],
    )
    return print_select(select)


def _rows(names: list[str], patterns: list[TriplePattern]) -> str:
    columns = [(Variable(name), None) for name in names]
    return print_select(Select([*columns], Group(list(patterns)), "DISTINCT"))
