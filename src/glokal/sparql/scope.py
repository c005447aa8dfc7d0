"""Where variables are in scope, and what may not be assigned or selected there.

SPARQL 1.1, section 18.2.1 (variable scope), 11.4 (grouped queries), and the notes of
section 19.8.
"""

from __future__ import annotations

from collections.abc import Iterator

from glokal.sparql.errors import QueryError
from glokal.sparql.tree import (
    Aggregate,
    Bind,
    Exists,
    Expression,
    Filter,
    GraphPattern,
    Group,
    InlineData,
    Minus,
    Optional,
    Query,
    Select,
    Service,
    TriplePattern,
    Union,
    Variable,
)
from glokal.sparql.walk import subexpressions, walk_tree


def check_scope(query: Query) -> None:
    """Raise QueryError for what a query assigns twice, or selects and can't have."""
    columns_of(query.select, of_query=query.form != "SELECT")


def columns_of(select: Select, *, of_query: bool = False) -> set[str]:
    """Return the names that a SELECT gives; `of_query` when it has no columns.

    Raises QueryError as `check_scope` does.
    """
    seen = in_scope(select.where)
    if select.values:
        seen |= {v.name for v in select.values.variables}
    start = select.where.start
    grouped = bool(select.group_by)
    keys: set[str] = set()
    for value, variable in select.group_by:
        _look_into(value)
        if isinstance(value, Variable):
            keys.add(value.name)
        if variable is not None:
            if variable.name in seen:
                raise _assigned(variable.name, start)
            keys.add(variable.name)
    for value in select.having:
        _look_into(value)
        grouped = grouped or _has_aggregate(value)
    for condition in select.order_by:
        _look_into(condition.value)
        grouped = grouped or _has_aggregate(condition.value)
    if select.projection is None:
        if grouped and not of_query:
            raise QueryError(
                "SELECT * can't stand with GROUP BY",
                start,
                remedy="name the columns.",
            )
        return seen
    grouped = grouped or any(v and _has_aggregate(v) for _, v in select.projection)
    columns: set[str] = set()
    # Sets are not joined for each column: there may be many of both.
    known = [columns, keys] if grouped else [columns, keys, seen]
    for variable, given in select.projection:
        if given is None:
            if grouped and variable.name not in keys:
                raise _ungrouped(variable.name, start)
            columns.add(variable.name)
            continue
        _look_into(given)
        if any(variable.name in names for names in (seen, keys, columns)):
            raise _assigned(variable.name, start)
        if grouped:
            for name in _outside_aggregates(given):
                if not any(name in names for names in known):
                    raise _ungrouped(name, start)
        columns.add(variable.name)
    return columns


def in_scope(group: Group) -> set[str]:
    """Return the names of the variables that are in scope after a group."""
    if group.subquery is not None:
        return columns_of(group.subquery)
    seen: set[str] = set()
    for element in group.elements:
        match element:
            case TriplePattern():
                for term in (element.subject, element.verb, element.object):
                    if isinstance(term, Variable):
                        seen.add(term.name)
            case Filter():
                _look_into(element.condition)
            case Bind():
                _look_into(element.value)
                if element.variable.name in seen:
                    raise _assigned(element.variable.name, element.start)
                seen.add(element.variable.name)
            case InlineData():
                seen |= {v.name for v in element.variables}
            case Union():
                for part in element.groups:
                    seen |= in_scope(part)
            case Optional():
                seen |= in_scope(element.group)
            case Minus():
                in_scope(element.group)
            case GraphPattern() | Service():
                seen |= in_scope(element.group)
                if isinstance(element.name, Variable):
                    seen.add(element.name.name)
    return seen


def _look_into(value: Expression) -> None:
    for part in walk_tree(value):
        if isinstance(part, Exists):
            in_scope(part.group)


def _has_aggregate(value: Expression) -> bool:
    return any(isinstance(part, Aggregate) for part in walk_tree(value))


def _outside_aggregates(value: Expression) -> Iterator[str]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Variable):
            yield part.name
        elif not isinstance(part, Aggregate):
            waiting += subexpressions(part)


def _assigned(name: str, start: int) -> QueryError:
    return QueryError(
        f"?{name} has a value already, and can't be given another",
        start,
        remedy="use another name.",
    )


def _ungrouped(name: str, start: int) -> QueryError:
    return QueryError(
        f"?{name} is neither grouped by nor in an aggregate",
        start,
        remedy=f"add ?{name} to GROUP BY, or use SAMPLE(?{name}).",
    )
