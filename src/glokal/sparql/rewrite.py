"""Queries that the embedded engine is known to answer wrongly, put in another way.

Each rewriting gives what SPARQL 1.1 defines, by its own definitions; what can't be put
in another way is refused. The cases are those that the W3C suite shows for Oxigraph 0.5
(`tests/sparql_misses.toml`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from glokal.sparql.errors import NotTakenError
from glokal.sparql.scope import in_scope
from glokal.sparql.transform import Transformer
from glokal.sparql.tree import (
    Aggregate,
    BlankNode,
    Call,
    Element,
    Exists,
    Expression,
    Filter,
    FunctionCall,
    GraphPattern,
    Group,
    InlineData,
    Iri,
    Literal,
    Operation,
    Optional,
    PropertyPath,
    Query,
    QueryTerm,
    TriplePattern,
    Union,
    Variable,
)

# Over so many named graphs a query is not written out for each, nor into more parts
# than that where GRAPH stands in GRAPH.
MOST_GRAPHS = 500


def rewrite(query: Query, graphs: Callable[[], Sequence[str]]) -> Query:
    """Return a query that the engine answers rightly.

    `graphs` gives the named graphs of the store; those of FROM NAMED come first. Raises
    NotTakenError for what the engine answers wrongly in every wording.
    """
    concatenates = any(call.name == "GROUP_CONCAT" for call in query.calls)
    if not (query.nullable_paths or query.graph_variables or concatenates):
        return query

    def named() -> Sequence[str]:
        return [iri.value for iri in query.dataset.named] or graphs()

    return _Rewriter(named).query(query)


def refuse_wrong_answers(query: Query) -> None:
    """Raise NotTakenError for what the engine answers wrongly in every wording."""
    for call in query.calls:
        if isinstance(call, Call) and call.name == "BNODE" and call.values:
            raise NotTakenError(
                "BNODE of a text would be the same node in every row, which SPARQL 1.1 "
                "does not mean",
                call.start,
                remedy="use BNODE() without a value, or IRI(CONCAT(…)).",
            )


class _Rewriter(Transformer):
    """Rewrites a tree from the top."""

    def __init__(self, graphs: Callable[[], Sequence[str]]) -> None:
        self._graphs = graphs
        # Into how many parts what stands around the place is written out.
        self._parts = 1

    def element(self, element: Element, group: Group) -> list[Element]:
        """Return an element that the engine matches rightly."""
        match element:
            case TriplePattern():
                return _without_length(element, group.elements)
            case GraphPattern(name=Variable() as name) if not _binds_graph(
                element.group, name
            ):
                return [self._each_graph(element)]
        return super().element(element, group)

    def expression(self, value: Expression) -> Expression:
        """Return an expression that the engine works out rightly."""
        changed = super().expression(value)
        if isinstance(changed, Aggregate) and changed.name == "GROUP_CONCAT":
            # A simple literal (section 18.5.1.7); the engine keeps a language.
            return Call("STR", [changed], changed.start)
        return changed

    def _each_graph(self, graph_pattern: GraphPattern) -> Element:
        """Return GRAPH ?g { P } as a union over the graphs, section 18.6.

        For each graph P is matched in it, and ?g joined to that.
        """
        names = self._graphs()
        assert isinstance(graph_pattern.name, Variable)
        around = self._parts
        self._parts *= max(1, len(names))
        if self._parts > MOST_GRAPHS:
            raise NotTakenError(
                f"There are {len(names)} named graphs, and this part would have to be "
                "asked of each",
                graph_pattern.start,
                remedy="name the graph, or bind it by a triple pattern in GRAPH.",
            )
        group = self.group(graph_pattern.group)
        self._parts = around
        groups = []
        for name in names or [""]:
            graph = Iri(name)
            data = InlineData([graph_pattern.name], [[graph]] if name else [], -1, -1)
            inside = GraphPattern(graph, group, -1, -1)
            groups.append(Group([inside, data] if name else [data]))
        return Union(groups, graph_pattern.start, graph_pattern.end)


def _binds_graph(group: Group, name: Variable) -> bool:
    """Whether the engine binds the variable of GRAPH around a group.

    It does by matching a triple; a group without one on its way binds nothing. An
    OPTIONAL that has the variable too is matched with it unbound (section 18.6).
    """
    if group.subquery is not None:
        return False
    if not group.elements:
        return True
    binds = False
    for element in group.elements:
        match element:
            case TriplePattern():
                if isinstance(element.verb, PropertyPath) and is_nullable(element.verb):
                    ends = (element.subject, element.object)
                    if any(isinstance(end, Iri | Literal) for end in ends):
                        return False
                binds = True
            case Filter():
                if not _inner_groups_bind(element.condition, name):
                    return False
            case Union():
                parts = element.groups
                if not all(g.elements and _binds_graph(g, name) for g in parts):
                    return False
                binds = True
            case Optional():
                inner = element.group
                if not inner.elements or not _binds_graph(inner, name):
                    return False
                if name.name in in_scope(inner):
                    return False
            case _:
                return False
    return binds


def _inner_groups_bind(value: Expression, name: Variable) -> bool:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Exists) and not _binds_graph(part.group, name):
            return False
        if isinstance(part, Operation | Call | FunctionCall):
            waiting += part.values
    return True


def is_nullable(path: Iri | PropertyPath) -> bool:
    """Whether a path may have no length."""
    if isinstance(path, Iri):
        return False
    match path.operator:
        case "*" | "?":
            return True
        case "|":
            return any(map(is_nullable, path.parts))
        case "!":
            return False
        case _:
            return all(map(is_nullable, path.parts))


def _without_length(triple: TriplePattern, around: list[Element]) -> list[Element]:
    """Return a pattern whose path of no length is matched apart, section 18.4.

    From a constant such a path leads to the constant itself, whether a graph has it or
    not; the engine looks for it in the graph.
    """
    verb = triple.verb
    if not isinstance(verb, PropertyPath) or not is_nullable(verb):
        return [triple]
    if verb.operator == "^":
        turned = dataclasses.replace(
            triple, subject=triple.object, verb=verb.parts[0], object=triple.subject
        )
        return _without_length(turned, around)
    fixed = [t for t in (triple.subject, triple.object) if isinstance(t, Iri | Literal)]
    if not fixed or verb.operator == "/":
        return [triple]
    if verb.operator == "|":
        # An alternative is a union (section 18.2.2.4).
        parts = [
            Group(_without_length(dataclasses.replace(triple, verb=part), around))
            for part in verb.parts
        ]
        return [Union(parts, triple.start, triple.end)]
    if len(fixed) == 2:
        return [] if _same(*fixed) else [triple]
    other = triple.object if fixed[0] is triple.subject else triple.subject
    return [_or_itself(triple, fixed[0], other, around)]


def _or_itself(
    triple: TriplePattern, fixed: Iri | Literal, other: QueryTerm, around: list[Element]
) -> Element:
    if isinstance(other, BlankNode):
        if any(e is not triple and _finds(e, other) for e in around):
            # What another pattern finds in the graph is in the graph.
            return triple
        raise NotTakenError(
            "A path of no length from a constant to a blank node would be missed",
            triple.start,
            remedy="use a variable in the place of the blank node.",
        )
    assert isinstance(other, Variable)
    apart = Operation("!", [Call("SAMETERM", [other, fixed], -1)])
    return Union(
        [
            Group([triple, Filter(apart, -1, -1)]),
            Group([InlineData([other], [[fixed]], -1, -1)]),
        ],
        triple.start,
        triple.end,
    )


def _finds(element: Element, node: BlankNode) -> bool:
    """Whether a pattern matches a node only where the graph has it."""
    return (
        isinstance(element, TriplePattern)
        and node in (element.subject, element.object)
        and not (isinstance(element.verb, PropertyPath) and is_nullable(element.verb))
    )


def _same(one: Iri | Literal, other: Iri | Literal) -> bool:
    if isinstance(one, Iri) and isinstance(other, Iri):
        return one.value == other.value
    return one == other
