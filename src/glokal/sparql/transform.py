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

    def query(self, result: Query) -> Query:
        """Return a query with its SELECT copied."""
        return dataclasses.replace(result, select=self.select(result.select))

    def select(self, result: Select) -> Select:
        """Return a SELECT with its parts copied."""
        columns = result.projection
        if columns is not None:
            columns = [(v, e and self.expression(e)) for v, e in columns]
        return dataclasses.replace(
            result,
            projection=columns,
            where=self.group(result.where),
            group_by=[(self.expression(e), v) for e, v in result.group_by],
            having=[self.expression(e) for e in result.having],
            order_by=[
                OrderCondition(self.expression(c.value), c.direction)
                for c in result.order_by
            ],
        )

    def group(self, result: Group) -> Group:
        """Return a group with its elements copied."""
        if result.subquery is not None:
            return dataclasses.replace(result, subquery=self.select(result.subquery))
        elements: list[Element] = []
        for element in result.elements:
            elements += self.element(element, result)
        return dataclasses.replace(result, elements=elements)

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
