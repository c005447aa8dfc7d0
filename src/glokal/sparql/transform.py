"""A walk over a tree that makes another one, in which some parts are replaced."""

from __future__ import annotations

import dataclasses

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
    InlineData,
    Minus,
    Operation,
    Optional,
    OrderCondition,
    Query,
    Select,
    Service,
    TriplePattern,
    Union,
)


class Transformer:
    """Copies a tree; a subclass says what comes in the place of elements and values."""

    def query(self, found: Query) -> Query:
        """Return a query with its SELECT copied."""
        return dataclasses.replace(found, select=self.select(found.select))

    def select(self, found: Select) -> Select:
        """Return a SELECT with its parts copied."""
        columns = found.projection
        if columns is not None:
            columns = [(v, e and self.expression(e)) for v, e in columns]
        return dataclasses.replace(
            found,
            projection=columns,
            where=self.group(found.where),
            group_by=[(self.expression(e), v) for e, v in found.group_by],
            having=[self.expression(e) for e in found.having],
            order_by=[
                OrderCondition(self.expression(c.value), c.direction)
                for c in found.order_by
            ],
        )

    def group(self, found: Group) -> Group:
        """Return a group with its elements copied."""
        if found.subquery is not None:
            return dataclasses.replace(found, subquery=self.select(found.subquery))
        elements: list[Element] = []
        for element in found.elements:
            elements += self.element(element, found)
        return dataclasses.replace(found, elements=elements)

    def element(self, element: Element, group: Group) -> list[Element]:
        """Return what comes in the place of an element of a group."""
        del group
        match element:
            case TriplePattern() | InlineData():
                return [element]
            case Filter():
                condition = self.expression(element.condition)
                return [dataclasses.replace(element, condition=condition)]
            case Bind():
                value = self.expression(element.value)
                return [dataclasses.replace(element, value=value)]
            case Union():
                groups = [self.group(part) for part in element.groups]
                return [dataclasses.replace(element, groups=groups)]
            case Optional() | Minus() | GraphPattern() | Service():
                return [dataclasses.replace(element, group=self.group(element.group))]

    def expression(self, value: Expression) -> Expression:
        """Return what comes in the place of an expression."""
        match value:
            case Aggregate():
                inner = value.value and self.expression(value.value)
                return dataclasses.replace(value, value=inner)
            case Operation() | Call() | FunctionCall():
                values = [self.expression(part) for part in value.values]
                return dataclasses.replace(value, values=values)
            case Exists():
                return dataclasses.replace(value, group=self.group(value.group))
            case _:
                return value
