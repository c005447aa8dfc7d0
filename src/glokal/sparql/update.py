"""SPARQL 1.1 Update, rules [29] to [51], read so that an update is known for one."""

from __future__ import annotations

from collections.abc import Sequence

from glokal.sparql.errors import QueryError
from glokal.sparql.lexer import END
from glokal.sparql.parser import QueryReader
from glokal.sparql.tree import BlankNode, TriplePattern, Update, Variable

UPDATE_STARTS = frozenset(
    "LOAD CLEAR DROP CREATE ADD MOVE COPY INSERT DELETE WITH".split()
)


class UpdateReader(QueryReader):
    """Reads updates."""

    def update(self) -> Update:
        """Take a whole request, rule [29]."""
        operations = []
        self.prologue()
        while self.types[self.at] in UPDATE_STARTS:
            operations.append(self.types[self.at])
            self._operation(self.types[self.at])
            if not self.take(";"):
                break
            self.prologue()
        self.expect(END)
        return Update(operations)

    def _operation(self, kind: str) -> None:
        match kind:
            case "LOAD":
                self.at += 1
                self.take("SILENT")
                self.iri()
                if self.take("INTO"):
                    self.expect("GRAPH")
                    self.iri()
            case "CLEAR" | "DROP":
                self.at += 1
                self.take("SILENT")
                if not any(map(self.take, ("DEFAULT", "NAMED", "ALL"))):
                    self.expect("GRAPH")
                    self.iri()
            case "CREATE":
                self.at += 1
                self.take("SILENT")
                self.expect("GRAPH")
                self.iri()
            case "ADD" | "MOVE" | "COPY":
                self.at += 1
                self.take("SILENT")
                self._graph_or_default()
                self.expect("TO")
                self._graph_or_default()
            case _:
                self._change(kind)

    def _graph_or_default(self) -> None:
        if not self.take("DEFAULT"):
            self.take("GRAPH")
            self.iri()

    def _change(self, kind: str) -> None:
        """Take INSERT DATA, DELETE DATA, DELETE WHERE, Modify, rules [38] to [41]."""
        after = self.types[self.at + 1]
        if kind != "WITH" and after in ("DATA", "WHERE"):
            if kind == "INSERT" and after == "WHERE":
                self.at += 1
                self.fail()
            self.at += 2
            nodes = kind == "INSERT"
            self._quads(variables=after == "WHERE", blank_nodes=nodes)
            if not nodes:
                self.forget_labels()
            return
        if self.take("WITH"):
            self.iri()
        if self.types[self.at] not in ("DELETE", "INSERT"):
            self.fail()
        if self.take("DELETE"):
            self._quads(variables=True, blank_nodes=False)
        if self.take("INSERT"):
            self._quads(variables=True, blank_nodes=True)
        self.forget_labels()
        while self.take("USING"):
            self.take("NAMED")
            self.iri()
        self.expect("WHERE")
        self.group()
        self.forget_labels()

    def _quads(self, *, variables: bool, blank_nodes: bool) -> None:
        """Take a template with graphs, rules [48] to [52]."""
        self.expect("{")
        self.new_pattern()
        while (kind := self.types[self.at]) != "}":
            if kind == "GRAPH":
                self.at += 1
                name = self.variable_or_iri()
                self._judge([name], variables=variables, blank_nodes=blank_nodes)
                self._graph(variables=variables, blank_nodes=blank_nodes)
                self.take(".")
                continue
            self._triples(variables=variables, blank_nodes=blank_nodes)
            if not self.take(".") and self.types[self.at] not in ("}", "GRAPH"):
                self.fail()
        self.expect("}")

    def _graph(self, *, variables: bool, blank_nodes: bool) -> None:
        self.expect("{")
        while self.types[self.at] != "}":
            self._triples(variables=variables, blank_nodes=blank_nodes)
            if not self.take(".") and self.types[self.at] != "}":
                self.fail()
        self.expect("}")

    def _triples(self, *, variables: bool, blank_nodes: bool) -> None:
        triple_patterns: list[TriplePattern] = []
        self.same_subject(triple_patterns, paths=False)
        for triple in triple_patterns:
            terms = [triple.subject, triple.verb, triple.object]
            self._judge(terms, variables=variables, blank_nodes=blank_nodes)

    def _judge(
        self, terms: Sequence[object], *, variables: bool, blank_nodes: bool
    ) -> None:
        """Refuse what data can't have, section 19.8, notes 8 and 9."""
        for term in terms:
            if isinstance(term, Variable) and not variables:
                raise QueryError("DATA takes no variables", self.start)
            if isinstance(term, BlankNode) and not blank_nodes:
                raise QueryError("DELETE takes no blank nodes", self.start)
