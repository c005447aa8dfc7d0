"""Whether a query asked once gives what it gives with $this bound before.

Binding before (SHACL, section 5.3.1) puts a term in the place of $this everywhere. When
each part of the query that names $this binds it by a triple pattern of its own, or
stands behind one that does, evaluating it for all terms and picking the rows of one
gives the same (SPARQL 1.1, section 18.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from glokal.sparql.tree import (
    Aggregate,
    Bind,
    Exists,
    Expression,
    Filter,
    Group,
    Optional,
    Query,
    Select,
    TriplePattern,
    Union,
    Variable,
)
from glokal.sparql.walk import selects_and_elements, walk_tree

_THIS = "this"


def is_joinable(query: Query) -> bool:
    """Whether a SELECT may be asked once, and the rows be picked by ?this."""
    projection = query.select.projection
    if query.nullable_paths:
        # A path of no steps leads from a term to itself, also where no triple has it.
        return False
    return query.form == "SELECT" and projection is not None and _select(query.select)


def sees_outer(group: Group) -> bool:
    """Whether a group is patterns and filters only, so that none stands by itself."""
    if group.subquery is not None:
        return False
    for element in group.elements:
        match element:
            case TriplePattern():
                pass
            case Filter():
                inside = walk_tree(element.condition)
                if not all(
                    sees_outer(p.group) for p in inside if isinstance(p, Exists)
                ):
                    return False
            case _:
                return False
    return True


def _select(select: Select) -> bool:
    """Whether a SELECT binds ?this, gives it, and says nothing of all rows together."""
    columns = select.projection
    if columns is not None and not any(
        variable.name == _THIS and value is None for variable, value in columns
    ):
        return False
    if select.limit is not None or select.offset is not None or select.values:
        return False
    values = [value for _, value in columns or [] if value is not None]
    values += [*select.having, *(c.value for c in select.order_by)]
    parts = [p for value in values for p in walk_tree(value)]
    if any(isinstance(p, Exists) for p in parts):
        return False
    keys = [key for key, _ in select.group_by]
    if keys and not any(isinstance(k, Variable) and k.name == _THIS for k in keys):
        return False
    if not keys and any(isinstance(p, Aggregate) for p in parts):
        return False
    return _group(select.where) is True


def _group(group: Group) -> bool | None:
    """Whether a group binds ?this in each solution; None when asking once is wrong."""
    if group.subquery is not None:
        if _select(group.subquery):
            return True
        # A subquery that does not know ?this is the same for all.
        return None if _names_this(group) else False
    bound = False
    conditions: list[Expression] = []
    for element in group.elements:
        match element:
            case TriplePattern():
                ends = (element.subject, element.object)
                bound = bound or any(map(_is_this, ends))
                if _is_this(element.verb):
                    return None
            case Filter():
                conditions.append(element.condition)
            case Bind():
                parts = list(walk_tree(element.value))
                if any(isinstance(p, Exists) for p in parts):
                    return None
                if (not bound and any(map(_is_this, parts))) or _is_this(
                    element.variable
                ):
                    return None
            case Optional():
                if not sees_outer(element.group):
                    return None
                if not bound and _names_this(element.group):
                    return None
            case Union():
                branches = [_group(g) for g in element.groups]
                named = [_names_this(g) for g in element.groups]
                if None in branches or any(
                    names and not binds
                    for names, binds in zip(named, branches, strict=True)
                ):
                    return None
                bound = bound or all(branches)
            case _:
                return None
    for condition in conditions:
        parts = list(walk_tree(condition))
        exists = [p.group for p in parts if isinstance(p, Exists)]
        if not all(map(sees_outer, exists)):
            return None
        named_here = any(map(_is_this, parts)) or any(map(_names_this, exists))
        if named_here and not bound:
            return None
    return bound


def _is_this(part: object) -> bool:
    return isinstance(part, Variable) and part.name == _THIS


def _names_this(group: Group) -> bool:
    whole = Select(None, group)
    return any(
        _mentions(part) for part in selects_and_elements(whole) if part is not whole
    )


def _mentions(part: object) -> bool:
    values: Iterable[object] = ()
    match part:
        case TriplePattern():
            values = (part.subject, part.verb, part.object)
        case Filter():
            values = walk_tree(part.condition)
        case Bind():
            values = (*walk_tree(part.value), part.variable)
        case Select():
            values = [v for v, _ in part.projection or []]
            values += [k for k, _ in part.group_by]
        case Optional() | Union():
            # What they hold is looked at by itself.
            values = ()
        case _:
            return True
    return any(map(_is_this, values))
