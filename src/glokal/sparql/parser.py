"""Queries: rules [1] to [27] of the grammar, read by descent, a token at a time.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar. The grammar is LL(1), so nothing is
read twice, and the time is proportional to the length.
"""

from __future__ import annotations

from collections.abc import Callable

from glokal.sparql.expressions import CONSTRAINT_STARTS
from glokal.sparql.groups import GroupReader
from glokal.sparql.lexer import END, VAR
from glokal.sparql.token_reader import IRI_STARTS
from glokal.sparql.tree import (
    DatasetClause,
    Expression,
    Group,
    Iri,
    OrderCondition,
    Query,
    Select,
    TriplePattern,
    Variable,
)


class QueryReader(GroupReader):
    """Reads queries."""

    def query(self) -> Query:
        """Take a whole query, rule [2]."""
        self.prologue()
        match self.types[self.at]:
            case "SELECT":
                dataset = DatasetClause()
                result = Query("SELECT", self.select(dataset), dataset)
            case "ASK":
                result = self._ask()
            case "CONSTRUCT":
                result = self._construct()
            case "DESCRIBE":
                result = self._describe()
            case _:
                self.fail()
        if self.types[self.at] == "VALUES":
            result.select.values = self.inline_data()
        self.expect(END)
        result.services = self.services
        result.functions = self.functions
        result.calls = self.calls
        result.graphs = self.graphs
        result.literals = self.literals
        result.nullable_paths = self.nullable_paths
        result.graph_variables = self.graph_variables
        result.base = self.base
        return result

    def prologue(self) -> None:
        """Take what is declared, rule [4]."""
        while self.types[self.at] in ("BASE", "PREFIX"):
            self.declare()

    def select(self, dataset: DatasetClause | None = None) -> Select:
        """Take a SELECT up to its modifiers, rules [7] and [8].

        With `dataset`, it is a query's and FROM goes in there.
        """
        self.expect("SELECT")
        distinct = ""
        if self.types[self.at] in ("DISTINCT", "REDUCED"):
            distinct = self.types[self.at]
            self.at += 1
        result = Select(self._projection(), Group([]), distinct)
        if dataset is not None:
            self._dataset(dataset)
        result.where = self._where()
        self._modifiers(result)
        return result

    def _projection(self) -> list[tuple[Variable, Expression | None]] | None:
        if self.take("*"):
            return None
        results: list[tuple[Variable, Expression | None]] = []
        while True:
            if self.types[self.at] == VAR:
                results.append((self.variable(), None))
            elif self.take("("):
                self.link()
                value = self._aggregated(self.expression)
                self.expect("AS")
                results.append((self.variable(), value))
                self.expect(")")
            elif results:
                return results
            else:
                self.fail()

    def _aggregated(self, read: Callable[[], Expression]) -> Expression:
        self.aggregates = True
        self.enter()
        result = read()
        self.leave()
        self.aggregates = False
        return result

    def _ask(self) -> Query:
        self.at += 1
        dataset = self._dataset(DatasetClause())
        select = Select(None, self._where())
        self._modifiers(select)
        return Query("ASK", select, dataset)

    def _describe(self) -> Query:
        self.at += 1
        described: list[Iri | Variable] | None = None
        if not self.take("*"):
            described = [self.variable_or_iri()]
            while self.types[self.at] in IRI_STARTS or self.types[self.at] == VAR:
                described.append(self.variable_or_iri())
        dataset = self._dataset(DatasetClause())
        has_where = self.types[self.at] in ("WHERE", "{")
        select = Select(None, self._where() if has_where else Group([]))
        self._modifiers(select)
        return Query("DESCRIBE", select, dataset, described=described)

    def _construct(self) -> Query:
        self.at += 1
        template: list[TriplePattern] = []
        dataset = DatasetClause()
        if self.types[self.at] == "{":
            self.triples(template)
            self.forget_labels()
            self._dataset(dataset)
            where = self._where()
        else:
            # The short form: what is looked for is what is given.
            self._dataset(dataset)
            self.expect("WHERE")
            start = self.start
            self.triples(template)
            where = Group([*template], start, self.end_of_last)
        select = Select(None, where)
        self._modifiers(select)
        return Query("CONSTRUCT", select, dataset, template=template)

    def _dataset(self, dataset: DatasetClause) -> DatasetClause:
        while self.take("FROM"):
            listed = dataset.named if self.take("NAMED") else dataset.default
            listed.append(self.iri())
        return dataset

    def _where(self) -> Group:
        self.take("WHERE")
        return self.group()

    def _modifiers(self, select: Select) -> None:
        """Take GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET, rules [18] to [27]."""
        if self.take("GROUP"):
            self.expect("BY")
            select.group_by.append(self._group_condition())
            while (
                self.types[self.at] in CONSTRAINT_STARTS or self.types[self.at] == VAR
            ):
                select.group_by.append(self._group_condition())
        if self.take("HAVING"):
            select.having.append(self._aggregated(self.constraint))
            while self.types[self.at] in CONSTRAINT_STARTS:
                self.link()
                select.having.append(self._aggregated(self.constraint))
        if self.take("ORDER"):
            self.expect("BY")
            select.order_by.append(self._order_condition())
            starts = CONSTRAINT_STARTS | {VAR, "ASC", "DESC"}
            while self.types[self.at] in starts:
                select.order_by.append(self._order_condition())
        while (kind := self.types[self.at]) in ("LIMIT", "OFFSET"):
            name = kind.lower()
            if getattr(select, name) is not None:
                self.fail()
            self.at += 1
            setattr(select, name, self.integer())

    def _group_condition(self) -> tuple[Expression, Variable | None]:
        if self.types[self.at] == VAR:
            return self.variable(), None
        if self.types[self.at] != "(":
            if self.types[self.at] not in CONSTRAINT_STARTS:
                self.fail()
            return self.constraint(), None
        self.at += 1
        self.enter()
        value = self.expression()
        variable = None
        if self.take("AS"):
            self.link()
            variable = self.variable()
        self.leave()
        self.expect(")")
        return value, variable

    def _order_condition(self) -> OrderCondition:
        kind = self.types[self.at]
        if kind in ("ASC", "DESC"):
            self.at += 1
            return OrderCondition(self._aggregated(self.bracketed), kind)
        if kind == VAR:
            return OrderCondition(self.variable(), "")
        return OrderCondition(self._aggregated(self.constraint), "")
