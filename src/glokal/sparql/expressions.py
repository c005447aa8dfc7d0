"""Expressions: rules [110] to [128] of the grammar, and the operators' precedence."""

from __future__ import annotations

from abc import abstractmethod

from glokal.sparql.errors import QueryError
from glokal.sparql.functions import BUILTINS
from glokal.sparql.lexer import AGGREGATES, NUMBERS, VAR
from glokal.sparql.token_reader import IRI_STARTS, LITERAL_STARTS, TokenReader
from glokal.sparql.tree import (
    Aggregate,
    Call,
    Exists,
    Expression,
    FunctionCall,
    Group,
    Iri,
    Operation,
)

_COMPARISONS = frozenset(("=", "!=", "<", ">", "<=", ">="))
_CALLS = BUILTINS.keys() | AGGREGATES | {"EXISTS", "NOT"}
CONSTRAINT_STARTS = _CALLS | IRI_STARTS | {"("}


class ExpressionReader(TokenReader):
    """Reads expressions."""

    # Whether an aggregate may stand here (section 11).
    aggregates = False

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.functions: list[Iri] = []
        self.calls: list[Call | Aggregate] = []

    @abstractmethod
    def group(self) -> Group:
        """Take a group graph pattern."""

    def expression(self) -> Expression:
        """Take an expression, rule [110]."""
        first = self._conjunction()
        while self.types[self.at] == "||":
            self.link()
            self.at += 1
            first = Operation("||", [first, self._conjunction()])
        return first

    def bracketed(self) -> Expression:
        """Take an expression between parentheses, rule [120]."""
        self.expect("(")
        self.enter()
        result = self.expression()
        self.leave()
        self.expect(")")
        return result

    def constraint(self) -> Expression:
        """Take what FILTER, HAVING and ORDER BY take, rule [69]."""
        kind = self.types[self.at]
        if kind == "(":
            return self.bracketed()
        if kind in IRI_STARTS:
            function = self.iri()
            if self.types[self.at] != "(":
                self.fail()
            return self._function(function)
        return self._call()

    def _conjunction(self) -> Expression:
        first = self._relation()
        while self.types[self.at] == "&&":
            self.link()
            self.at += 1
            first = Operation("&&", [first, self._relation()])
        return first

    def _relation(self) -> Expression:
        first = self._sum()
        kind = self.types[self.at]
        if kind in _COMPARISONS:
            self.at += 1
            return Operation(kind, [first, self._sum()])
        if kind == "IN":
            self.at += 1
            return Operation("IN", [first, *self._list()])
        if kind == "NOT":
            self.at += 1
            self.expect("IN")
            return Operation("NOT IN", [first, *self._list()])
        return first

    def _sum(self) -> Expression:
        first = self._product()
        while True:
            kind = self.types[self.at]
            if kind in ("+", "-"):
                self.at += 1
                operator, second = kind, self._product()
            elif kind in NUMBERS and self._values[self.at][0] in "+-":
                # ?a -1 is a sum with a signed number, rule [116].
                operator, second = "+", self._product()
            else:
                return first
            self.link()
            first = Operation(operator, [first, second])

    def _product(self) -> Expression:
        first = self._unary()
        while (kind := self.types[self.at]) in ("*", "/"):
            self.link()
            self.at += 1
            first = Operation(kind, [first, self._unary()])
        return first

    def _unary(self) -> Expression:
        kind = self.types[self.at]
        if kind in ("!", "+", "-"):
            self.at += 1
            return Operation(kind, [self._primary()])
        return self._primary()

    def _primary(self) -> Expression:
        kind = self.types[self.at]
        if kind == VAR:
            return self.variable()
        if kind in LITERAL_STARTS:
            return self.literal()
        if kind == "(":
            return self.bracketed()
        if kind in IRI_STARTS:
            result = self.iri()
            return self._function(result) if self.types[self.at] == "(" else result
        return self._call()

    def _call(self) -> Expression:
        kind, start = self.types[self.at], self.start
        if kind in ("EXISTS", "NOT"):
            negated = self.take("NOT")
            self.expect("EXISTS")
            return Exists(self._group_inside(), negated)
        if kind in AGGREGATES:
            return self._aggregate(kind)
        if kind not in BUILTINS:
            self.fail()
        self.at += 1
        if kind == "BOUND":
            self.expect("(")
            values: list[Expression] = [self.variable()]
            self.expect(")")
        else:
            values = self._list()
        fewest, most = BUILTINS[kind]
        if len(values) < fewest or len(values) > most >= 0:
            takes = str(fewest) if fewest == most else f"{fewest} to {most}"
            raise QueryError(f"{kind} takes {takes} values, not {len(values)}", start)
        call = Call(kind, values, start)
        self.calls.append(call)
        return call

    def _group_inside(self) -> Group:
        """Take a group that stands in an expression; what is around it goes on."""
        around, aggregates = self.basic_pattern, self.aggregates
        self.aggregates = False
        result = self.group()
        self.basic_pattern, self.aggregates = around, aggregates
        return result

    def _function(self, function: Iri) -> FunctionCall:
        self.expect("(")
        distinct, values = False, []
        self.enter()
        if self.types[self.at] != ")":
            distinct = self.take("DISTINCT")
            values.append(self.expression())
            while self.take(","):
                values.append(self.expression())
        self.leave()
        self.expect(")")
        self.functions.append(function)
        return FunctionCall(function, values, distinct)

    def _list(self) -> list[Expression]:
        self.expect("(")
        if self.take(")"):
            return []
        self.enter()
        values = [self.expression()]
        while self.take(","):
            values.append(self.expression())
        self.leave()
        self.expect(")")
        return values

    def _aggregate(self, name: str) -> Aggregate:
        start = self.start
        self.at += 1
        self.expect("(")
        if not self.aggregates:
            raise QueryError(
                f"{name} can't stand here",
                start,
                remedy="use it in SELECT, HAVING or ORDER BY, not in an aggregate.",
            )
        self.enter()
        self.aggregates = False
        distinct = self.take("DISTINCT")
        value = None
        if name != "COUNT" or not self.take("*"):
            value = self.expression()
        separator = None
        if name == "GROUP_CONCAT" and self.take(";"):
            self.expect("SEPARATOR")
            self.expect("=")
            separator = self.string()
        self.aggregates = True
        self.leave()
        self.expect(")")
        aggregate = Aggregate(name, value, start, distinct, separator)
        self.calls.append(aggregate)
        return aggregate
