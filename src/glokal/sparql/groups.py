"""Group graph patterns and what stands in them: rules [53] to [68] of the grammar."""

from __future__ import annotations

from abc import abstractmethod

from glokal.sparql.errors import QueryError
from glokal.sparql.expressions import CONSTRAINT_STARTS
from glokal.sparql.lexer import VAR
from glokal.sparql.patterns import TRIPLE_STARTS, PatternReader
from glokal.sparql.token_reader import IRI_STARTS, LITERAL_STARTS
from glokal.sparql.tree import (
    Bind,
    Element,
    Filter,
    GraphPattern,
    Group,
    InlineData,
    Iri,
    Literal,
    Minus,
    Optional,
    Select,
    Service,
    TriplePattern,
    Union,
    Variable,
)


class GroupReader(PatternReader):
    """Reads groups."""

    # Whether GRAPH stands with a variable.
    graph_variables = False

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.services: list[Service] = []
        self.graphs: list[Iri] = []

    @abstractmethod
    def select(self) -> Select:
        """Take a SELECT up to its modifiers."""

    def group(self) -> Group:
        """Take a group graph pattern, rule [53]."""
        start = self.start
        self.expect("{")
        self.enter()
        result = Group([], start)
        if self.types[self.at] == "SELECT":
            result.subquery = self.select()
            if self.types[self.at] == "VALUES":
                result.subquery.values = self.inline_data()
        else:
            self.new_pattern()
            self._elements(result.elements)
        self.leave()
        self.expect("}")
        result.end = self.end_of_last
        return result

    def triples(self, out: list[TriplePattern]) -> None:
        """Take the triples of a template between { and }, rules [52] and [73]."""
        self.expect("{")
        self.new_pattern()
        while self.types[self.at] != "}":
            self.same_subject(out, paths=False)
            if not self.take(".") and self.types[self.at] != "}":
                self.fail()
        self.expect("}")

    def variable_or_iri(self) -> Iri | Variable:
        """Take a variable or an IRI, rule [107]."""
        return self.variable() if self.types[self.at] == VAR else self.iri()

    def inline_data(self) -> InlineData:
        """Take VALUES, rules [28] and [61] to [65]."""
        start = self.start
        self.expect("VALUES")
        rows: list[list[Iri | Literal | None]] = []
        if self.types[self.at] == VAR:
            variables = [self.variable()]
            self.expect("{")
            while self.types[self.at] != "}":
                rows.append([self._value()])
        else:
            self.expect("(")
            variables = []
            names: set[str] = set()
            while self.types[self.at] != ")":
                start_of_name = self.start
                variables.append(self.variable())
                name = variables[-1].name
                if name in names:
                    what = f"?{name} stands twice in VALUES"
                    raise QueryError(what, start_of_name)
                names.add(name)
            self.at += 1
            self.expect("{")
            while self.types[self.at] != "}":
                rows.append(self._row(len(variables)))
        self.at += 1
        return InlineData(variables, rows, start, self.end_of_last)

    def _row(self, size: int) -> list[Iri | Literal | None]:
        start = self.start
        self.expect("(")
        row = []
        while self.types[self.at] != ")":
            row.append(self._value())
        self.at += 1
        if len(row) != size:
            what = f"The row has {len(row)} values, and there are {size} variables"
            raise QueryError(what, start, remedy="write UNDEF where there is none.")
        return row

    def _value(self) -> Iri | Literal | None:
        kind = self.types[self.at]
        if kind in IRI_STARTS:
            return self.iri()
        if kind in LITERAL_STARTS:
            return self.literal()
        self.expect("UNDEF")
        return None

    def _elements(self, out: list[Element]) -> None:
        # Triples need a point between them; the other parts may have one behind them.
        after_triples = False
        while (kind := self.types[self.at]) != "}":
            if kind in TRIPLE_STARTS:
                if after_triples:
                    self.fail()
                triples: list[TriplePattern] = []
                self.same_subject(triples, paths=True)
                out += triples
                after_triples = not self.take(".")
                continue
            self.link()
            if kind == "FILTER":
                out.append(self._filter())
            else:
                out.append(self._part(kind))
                self.new_pattern()
            self.take(".")
            after_triples = False

    def _filter(self) -> Filter:
        start = self.start
        self.at += 1
        if self.types[self.at] not in CONSTRAINT_STARTS:
            self.fail()
        condition = self.constraint()
        return Filter(condition, start, self.end_of_last)

    def _part(self, kind: str) -> Element:
        start = self.start
        if kind == "{":
            groups = [self.group()]
            while self.take("UNION"):
                self.link()
                groups.append(self.group())
            return Union(groups, start, self.end_of_last)
        if kind == "VALUES":
            return self.inline_data()
        self.at += 1
        if kind == "OPTIONAL":
            return Optional(self.group(), start, self.end_of_last)
        if kind == "MINUS":
            return Minus(self.group(), start, self.end_of_last)
        if kind == "BIND":
            self.expect("(")
            self.enter()
            value = self.expression()
            self.expect("AS")
            variable = self.variable()
            self.leave()
            self.expect(")")
            return Bind(value, variable, start, self.end_of_last)
        if kind == "GRAPH":
            name = self.variable_or_iri()
            if isinstance(name, Iri):
                self.graphs.append(name)
            else:
                self.graph_variables = True
            return GraphPattern(name, self.group(), start, self.end_of_last)
        if kind == "SERVICE":
            silent = self.take("SILENT")
            name = self.variable_or_iri()
            service = Service(name, self.group(), silent, start, self.end_of_last)
            self.services.append(service)
            return service
        self.at -= 1
        self.fail()
