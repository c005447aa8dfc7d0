"""SPARQL-based constraints and targets (SHACL, section 5), asked of pyoxigraph.

The engine `shacl` finds nothing where dates are compared in a query; pyoxigraph
compares them. A constraint is asked for each focus node with `$this` bound before
(section 5.3.1), or once for all of them where that gives the same: see `_joinable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from glokal.check.data_graph import DataGraph, is_deactivated, path_term
from glokal.check.messages_of_shapes import fill_message
from glokal.check.path import Path
from glokal.rdf.terms import Term, text_of
from glokal.sparql.errors import QueryError
from glokal.sparql.escapes import resolve_codepoints
from glokal.sparql.lexer import tokenize
from glokal.sparql.reader import read_query
from glokal.sparql.tree import (
    Bind,
    Exists,
    Filter,
    Group,
    Optional,
    TriplePattern,
    Variable,
)
from glokal.sparql.walk import walk
from glokal.vocabulary import OWL, RDF, SH

Solution = Mapping[str, Term]
_THIS = ox.Variable("this")
_BOUND = ("shapesGraph", "currentShape", "PATH")
# The name of the shapes graph for queries; no data graph has it.
SHAPES_GRAPH = ox.NamedNode("urn:x-glokal:shapes-graph")


class ConstraintError(Exception):
    """A query of the shapes can't be read, or says that it failed."""


class SparqlConstraints:
    """The SPARQL-based constraints and targets of a shapes graph."""

    def __init__(self, graph: DataGraph, shapes: Iterable[ox.Triple]) -> None:
        self.graph, self.about = graph, graph.about
        quads = (
            ox.Quad(t.subject, t.predicate, t.object, SHAPES_GRAPH) for t in shapes
        )
        graph.store.bulk_extend(quads)

    def read_targets(self) -> None:
        """Ask each SPARQL target which nodes its shape looks at; see `extra`.

        Raises ConstraintError for a query that can't be read (SHACL-AF, section 3.1).
        """
        for shape, said in self.about.items():
            for target in said.get(SH + "target", ()):
                for query in self.about.get(target, {}).get(SH + "select", ()):
                    rows = self._ask(target, text_of(query), {})
                    nodes = [n for row in rows if (n := row.get("this"))]
                    self.graph.extra.setdefault(shape, []).extend(nodes)

    def report(self) -> Iterator[ox.Triple]:
        """Yield the results of the constraints as triples of a report, in order."""
        number = 0
        for shape, said in self.about.items():
            for constraint in said.get(SH + "sparql", ()):
                if is_deactivated(self.about, constraint):
                    continue
                for row, focus in self._violations(shape, constraint):
                    node = ox.BlankNode(f"sparql{number}")
                    number += 1
                    for predicate, value in self._result(shape, constraint, row, focus):
                        yield ox.Triple(node, ox.NamedNode(predicate), value)

    def _violations(
        self, shape: Term, constraint: Term
    ) -> Iterator[tuple[Solution, Term]]:
        query = next(iter(self.about.get(constraint, {}).get(SH + "select", ())), None)
        nodes = self.graph.focus_nodes(shape)
        text = _with_path(text_of(query), path_term(self.about, shape))
        if not nodes:
            # A query that can't be read is an error with or without data.
            self._ask(constraint, text, {_THIS: ox.NamedNode("urn:x-glokal:none")})
            return
        if _joinable(text, self._prefixes(constraint)):
            for row in self._ask(constraint, text, {}):
                if (focus := row.get("this")) in nodes and focus is not None:
                    yield row, focus
            return
        for focus in nodes:
            bound = {_THIS: focus, ox.Variable("shapesGraph"): SHAPES_GRAPH}
            bound[ox.Variable("currentShape")] = shape
            for row in self._ask(constraint, text, bound):
                yield row, focus

    def _ask(
        self, owner: Term, text: str, bound: Mapping[ox.Variable, Term]
    ) -> Iterable[Solution]:
        try:
            found = self.graph.store.query(
                text,
                prefixes=self._prefixes(owner),
                substitutions=dict(bound),
                named_graphs=[SHAPES_GRAPH],
                default_graph=[ox.DefaultGraph()],
            )
        except (SyntaxError, ValueError) as error:
            said = " ".join(str(error).split())
            raise ConstraintError(f"a query can't be read: {said}") from error
        if not isinstance(found, ox.QuerySolutions):
            raise ConstraintError("sh:select holds a query that is no SELECT")
        names = [variable.value for variable in found.variables]
        rows = [_solution(names, row) for row in found]
        if any(text_of(row.get("failure")) == "true" for row in rows):
            raise ConstraintError("a query of the shapes says that it failed")
        return rows

    def _prefixes(self, owner: Term) -> dict[str, str]:
        waiting = list(self.about.get(owner, {}).get(SH + "prefixes", ()))
        found, seen = {}, set(waiting)
        while waiting:
            said = self.about.get(waiting.pop(), {})
            for declared in said.get(SH + "declare", ()):
                told = self.about.get(declared, {})
                names = told.get(SH + "prefix", ()), told.get(SH + "namespace", ())
                for prefix, namespace in zip(*names, strict=False):
                    found[text_of(prefix)] = text_of(namespace)
            more = set(said.get(OWL + "imports", ())) - seen
            seen |= more
            waiting += more
        return found

    def _result(
        self, shape: Term, constraint: Term, row: Solution, focus: Term
    ) -> Iterator[tuple[str, Term]]:
        """Yield what a solution gives of a result (SHACL, section 5.3.2)."""
        said, own = self.about.get(constraint, {}), self.about.get(shape, {})
        yield RDF + "type", ox.NamedNode(SH + "ValidationResult")
        yield SH + "focusNode", focus
        yield SH + "sourceShape", shape
        yield SH + "sourceConstraint", constraint
        component = SH + "SPARQLConstraintComponent"
        yield SH + "sourceConstraintComponent", ox.NamedNode(component)
        severity = next(iter(own.get(SH + "severity", ())), None)
        yield SH + "resultSeverity", severity or ox.NamedNode(SH + "Violation")
        value = row.get("value")
        if value is None and SH + "path" not in own:
            value = focus
        if value is not None:
            yield SH + "value", value
        path = row.get("path")
        if isinstance(path, ox.NamedNode):
            yield SH + "resultPath", path
        elif SH + "path" in own:
            yield SH + "resultPath", own[SH + "path"][0]
        message = row.get("message")
        texts = [message] if message is not None else said.get(SH + "message", ())
        bound = {**row, "this": focus}
        for text in texts or own.get(SH + "message", ()):
            if isinstance(text, ox.Literal):
                yield SH + "resultMessage", fill_message(text, bound)


def _solution(names: Iterable[str], row: ox.QuerySolution) -> Solution:
    """Return what variables are bound to; a triple term of RDF 1.2 is no term here."""
    return {
        name: value
        for name in names
        if (value := row[name]) is not None and not isinstance(value, ox.Triple)
    }


def _with_path(text: str, path: Path | None) -> str:
    """Return a query with the path of its shape in the place of $PATH (5.2.1)."""
    if path is None:
        return text
    text = resolve_codepoints(text)[0]
    tokens = tokenize(text)
    places = [
        (start, start + len(value))
        for kind, value, start in zip(
            tokens.types, tokens.values, tokens.starts, strict=True
        )
        if kind == "VAR" and value == "$PATH"
    ]
    for start, end in reversed(places):
        text = text[:start] + _as_sparql(path) + text[end:]
    return text


def _as_sparql(path: Path) -> str:
    if path.kind == "property":
        return f"<{path.iri}>"
    parts = [_as_sparql(part) for part in path.parts]
    match path.kind:
        case "inversePath":
            return f"^({parts[0]})"
        case "sequence":
            return f"({'/'.join(parts)})"
        case "alternativePath":
            return f"({'|'.join(parts)})"
        case "zeroOrOnePath":
            return f"({parts[0]})?"
        case "oneOrMorePath":
            return f"({parts[0]})+"
        case _:
            return f"({parts[0]})*"


def _joinable(text: str, prefixes: Mapping[str, str]) -> bool:
    """Whether asking once and picking rows gives what binding $this before does.

    So it is when $this is returned and bound by a triple pattern before anything
    optional, and when no part is evaluated without what stands around it.
    """
    declared = "".join(f"PREFIX {p}: <{ns}>\n" for p, ns in prefixes.items())
    try:
        select = read_query(declared + text).query.select
    except QueryError:
        return False
    columns = [variable.name for variable, _ in select.projection or []]
    if "this" not in columns or select.group_by or select.having or select.values:
        return False
    if select.limit is not None or select.offset is not None:
        return False
    if not _correlated(select.where) or _needs_binding(select.where):
        return False
    for element in select.where.elements:
        if isinstance(element, TriplePattern):
            ends = (element.subject, element.object)
            if any(isinstance(e, Variable) and e.name == "this" for e in ends):
                return True
        elif not isinstance(element, Filter):
            return False
    return False


def _correlated(group: Group, *, top: bool = True) -> bool:
    """Whether each part of a group sees $this: none is evaluated by itself."""
    if group.subquery is not None:
        return False
    for element in group.elements:
        match element:
            case TriplePattern():
                pass
            case Filter():
                inside = walk(element.condition)
                groups = [p.group for p in inside if isinstance(p, Exists)]
                if not all(_correlated(g, top=False) for g in groups):
                    return False
            case Bind() if top:
                if any(isinstance(p, Exists) for p in walk(element.value)):
                    return False
            case Optional() if top:
                if not _correlated(element.group, top=False):
                    return False
            case _:
                return False
    return True


def _needs_binding(group: Group) -> bool:
    """Whether a group names what only binding before can give."""
    waiting = [group]
    while waiting:
        for element in waiting.pop().elements:
            said: list[object] = []
            match element:
                case TriplePattern():
                    said = [element.subject, element.verb, element.object]
                case Filter():
                    said = list(walk(element.condition))
                case Bind():
                    said = list(walk(element.value))
                case Optional():
                    waiting.append(element.group)
            for part in said:
                if isinstance(part, Exists):
                    waiting.append(part.group)
                if isinstance(part, Variable) and part.name in _BOUND:
                    return True
    return False
