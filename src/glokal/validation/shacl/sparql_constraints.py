"""SPARQL-based constraints and targets (SHACL, section 5), asked of pyoxigraph.

The engine `shacl` finds nothing where dates are compared in a query; pyoxigraph
compares them. A constraint is asked for each focus node with `$this` bound before
(section 5.3.1), or once for all of them where that gives the same; see
`glokal.validation.shacl.prebinding`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from glokal.core.namespaces import RDF, SH
from glokal.rdf.terms import Term, text_of
from glokal.validation.shacl.data_queries import QueriedGraph, is_deactivated, path_term
from glokal.validation.shacl.prebinding import PreparedQuery, prepared_query, with_path
from glokal.validation.shacl.query_prefixes import declared_prefixes
from glokal.validation.shacl.shape_messages import fill_message, is_the_same_for_all

Solution = Mapping[str, Term]
# Of so few nodes a query is asked one by one: asked once it may look at all the data.
_FEW = 8
# Of so many nodes it is looked whether they are compared with many others each: asking
# once goes through all pairs. Of fewer these are quickly gone through.
_MANY, _ALIKE = 1_000, 64
_COUNTED = ox.NamedNode("urn:x-glokal:counted")
# The name of the shapes graph for queries; no data graph has it.
SHAPES_GRAPH = ox.NamedNode("urn:x-glokal:shapes-graph")


@dataclass(frozen=True)
class Solved:
    """A solution of a query that is a violation, and whose it is."""

    shape: Term
    component: str
    focus: Term
    row: Solution
    messages: Sequence[Term]
    source: Term | None = None


class ConstraintError(Exception):
    """A query of the shapes can't be read, or says that it failed."""


class SparqlConstraints:
    """The SPARQL-based constraints and targets of a shapes graph."""

    def __init__(self, graph: QueriedGraph, shapes: Iterable[ox.Triple]) -> None:
        self.graph, self.about = graph, graph.about
        self._queries: dict[tuple[Term, str], PreparedQuery] = {}
        quads = (
            ox.Quad(t.subject, t.predicate, t.object, SHAPES_GRAPH) for t in shapes
        )
        graph.store.bulk_extend(quads)

    def read_targets(self) -> None:
        """Ask each SPARQL target which nodes its shape looks at; see `extra`.

        Raises ConstraintError for a query that can't be read (SHACL-AF, section 3.1).
        """
        for shape, details in self.about.items():
            for target in details.get(SH + "target", ()):
                for query in self.about.get(target, {}).get(SH + "select", ()):
                    rows = self.ask(target, text_of(query), {})
                    nodes = [n for row in rows if (n := row.get("this"))]
                    self.graph.extra.setdefault(shape, []).extend(nodes)

    def results(self, only: Collection[Term] | None = None) -> Iterator[Solved]:
        """Yield what the constraints find, in the order of the shapes.

        With `only`, they are asked for the focus nodes among those alone.
        """
        for shape, details in self.about.items():
            for constraint in details.get(SH + "sparql", ()):
                if is_deactivated(self.about, constraint):
                    continue
                for row, focus in self._violations(shape, constraint, only):
                    messages = self.about.get(constraint, {}).get(SH + "message", ())
                    yield Solved(
                        shape,
                        SH + "SPARQLConstraintComponent",
                        focus,
                        row,
                        messages or details.get(SH + "message", ()),
                        constraint,
                    )

    def triples(self, solveds: Iterable[Solved]) -> Iterator[ox.Triple]:
        """Yield results as triples of a report (SHACL, section 5.3.2)."""
        for number, solved in enumerate(solveds):
            node = ox.BlankNode(f"sparql{number}")
            for predicate, value in self._result(solved):
                yield ox.Triple(node, ox.NamedNode(predicate), value)

    def _violations(
        self, shape: Term, constraint: Term, only: Collection[Term] | None
    ) -> Iterator[tuple[Solution, Term]]:
        query = next(iter(self.about.get(constraint, {}).get(SH + "select", ())), None)
        nodes = self.graph.focus_nodes(shape)
        text = with_path(text_of(query), path_term(self.about, shape))
        if not nodes:
            # A query that can't be read is an error with or without data.
            self.ask(constraint, text, {"this": ox.NamedNode("urn:x-glokal:none")})
            return
        if only is not None:
            nodes = {node: None for node in nodes if node in only}
        elif self._prepared(constraint, text).joinable and (
            len(nodes) > _FEW or any(isinstance(n, ox.BlankNode) for n in nodes)
        ):
            if (sides := self._sides(constraint, text, nodes)) is not None:
                yield from self._with_others(constraint, text, sides, nodes)
                return
            for row in self.ask(constraint, text, {}):
                if (focus := row.get("this")) in nodes and focus is not None:
                    yield row, focus
            return
        for focus in nodes:
            bound = {"this": focus, "shapesGraph": SHAPES_GRAPH, "currentShape": shape}
            for row in self.ask(constraint, text, bound):
                yield row, focus

    def _sides(
        self, constraint: Term, text: str, nodes: Collection[Term]
    ) -> Sequence[Solution] | None:
        """Return what to bind to ask for one other node after the other.

        None where asking once is quicker, as it is where few are alike, and where
        something has no name that could be written.
        """
        prepared = self._prepared(constraint, text)
        compared = prepared.compared
        if len(nodes) < _MANY or compared is None:
            return None
        others = self._alike(compared.others, compared.shared)
        own = self._alike(compared.own, compared.shared)
        pairs = sum(number * others[key] for key, number in own.items())
        if pairs < _ALIKE * len(nodes):
            return None
        sides = self.ask(_COUNTED, compared.rows, {})
        return sides if all(map(prepared.can_write, sides)) else None

    def _with_others(
        self,
        constraint: Term,
        text: str,
        sides: Iterable[Solution],
        nodes: Collection[Term],
    ) -> Iterator[tuple[Solution, Term]]:
        """Yield the rows of a query that compares nodes, each once."""
        seen: set[tuple[tuple[str, Term], ...]] = set()
        for side in sides:
            if (focus := side["this"]) in nodes:
                # One other node is enough, and which one it is is in no row.
                for row in self.ask(constraint, text, side, most=1):
                    key = (("this", focus), *sorted(row.items(), key=str))
                    if key not in seen:
                        seen.add(key)
                        yield row, focus

    def _alike(
        self, text: str, shared: Sequence[str]
    ) -> Counter[tuple[Term | None, ...]]:
        """Return how often there is what both sides have in common."""
        results: Counter[tuple[Term | None, ...]] = Counter()
        for row in self.ask(_COUNTED, text, {}):
            key = tuple(row.get(name) for name in shared)
            results[key] = int(text_of(row["count"]))
        return results

    def ask(
        self,
        owner: Term,
        text: str,
        bound: Mapping[str, Term],
        *,
        most: int | None = None,
    ) -> Sequence[Solution]:
        """Return the solutions of a query with variables bound before.

        With `most`, no more than that are looked for. ASK gives one solution where its
        answer is no. Raises ConstraintError for a query that can't be read, or whose
        solution binds ?failure to true.
        """
        try:
            prepared = self._prepared(owner, text)
            request, substituted = prepared.bind(bound)
            result = self.graph.store.query(
                request,
                prefixes=declared_prefixes(self.about, owner),
                substitutions=substituted,
                named_graphs=[SHAPES_GRAPH],
                default_graph=[ox.DefaultGraph()],
            )
        except (SyntaxError, ValueError) as error:
            statement = " ".join(str(error).split())
            raise ConstraintError(f"a query can't be read: {statement}") from error
        if isinstance(result, ox.QueryBoolean):
            return [] if result else [{}]
        if not isinstance(result, ox.QuerySolutions):
            raise ConstraintError("the shapes hold a query that is no SELECT or ASK")
        if prepared.asks:
            # A blank node was bound, so that the ASK was put as a SELECT.
            return [] if next(iter(result), None) is not None else [{}]
        names = [variable.value for variable in result.variables]
        rows = [_solution(names, row) for row in islice(result, most)]
        if any(text_of(row.get("failure")) == "true" for row in rows):
            raise ConstraintError("a query of the shapes says that it failed")
        return rows

    def _prepared(self, owner: Term, text: str) -> PreparedQuery:
        if (owner, text) not in self._queries:
            self._queries[owner, text] = prepared_query(
                text, declared_prefixes(self.about, owner)
            )
        return self._queries[owner, text]

    def _result(self, solved: Solved) -> Iterator[tuple[str, Term]]:
        own, row = self.about.get(solved.shape, {}), solved.row
        yield RDF + "type", ox.NamedNode(SH + "ValidationResult")
        yield SH + "focusNode", solved.focus
        yield SH + "sourceShape", solved.shape
        if solved.source is not None:
            yield SH + "sourceConstraint", solved.source
        yield SH + "sourceConstraintComponent", ox.NamedNode(solved.component)
        severity = next(iter(own.get(SH + "severity", ())), None)
        yield SH + "resultSeverity", severity or ox.NamedNode(SH + "Violation")
        value = row.get("value")
        if value is None and SH + "path" not in own:
            value = solved.focus
        if value is not None:
            yield SH + "value", value
        path = row.get("path")
        if isinstance(path, ox.NamedNode):
            yield SH + "resultPath", path
        elif SH + "path" in own:
            yield SH + "resultPath", own[SH + "path"][0]
        message = row.get("message")
        if message is None and is_the_same_for_all(solved.messages):
            # Whoever reads the report knows the shapes; each result would repeat it.
            return
        bound = {**row, "this": solved.focus}
        for text in [message] if message is not None else solved.messages:
            if isinstance(text, ox.Literal):
                yield SH + "resultMessage", fill_message(text, bound)


def _solution(names: Iterable[str], row: ox.QuerySolution) -> Solution:
    """Return what variables are bound to; a triple term of RDF 1.2 is no term here."""
    return {
        name: value
        for name in names
        if (value := row[name]) is not None and not isinstance(value, ox.Triple)
    }
