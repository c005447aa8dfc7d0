"""Looking at all there is in a tree, at any depth."""

from __future__ import annotations

from collections.abc import Iterator

from glokal.sparql.tree import (
    Aggregate,
    Bind,
    Call,
    Element,
    Exists,
    Expression,
    Filter,
    FunctionCall,
    GraphPattern,
    Group,
    Minus,
    Operation,
    Optional,
    Select,
    Service,
    Union,
)


def subexpressions(value: Expression) -> list[Expression]:
    """Return the expressions that an expression is made of."""
    match value:
        case Operation() | Call() | FunctionCall():
            return value.values
        case Aggregate():
            return [value.value] if value.value is not None else []
        case _:
            return []


def walk_tree(value: Expression) -> Iterator[Expression]:
    """Yield an expression and all that it is made of, but for groups inside it."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += subexpressions(part)


def selects_and_elements(select: Select) -> Iterator[Select | Element]:
    """Yield a SELECT and all that it holds: elements and subqueries, at any depth."""
    for part in selects_and_groups(select):
        if isinstance(part, Select):
            yield part
        else:
            yield from part.elements


def selects_and_groups(select: Select) -> Iterator[Select | Group]:
    """Yield a SELECT and the groups and subqueries that it holds, at any depth."""
    waiting: list[Select | Group] = [select]
    while waiting:
        part = waiting.pop()
        yield part
        values: list[Expression] = []
        if isinstance(part, Select):
            waiting.append(part.where)
            values += [value for _, value in part.projection or [] if value is not None]
            values += [value for value, _ in part.group_by]
            values += [*part.having, *(c.value for c in part.order_by)]
        elif part.subquery is not None:
            waiting.append(part.subquery)
        else:
            for element in part.elements:
                match element:
                    case Union():
                        waiting += element.groups
                    case Optional() | Minus() | GraphPattern() | Service():
                        waiting.append(element.group)
                    case Filter():
                        values.append(element.condition)
                    case Bind():
                        values.append(element.value)
        for value in values:
            waiting += [p.group for p in walk_tree(value) if isinstance(p, Exists)]
