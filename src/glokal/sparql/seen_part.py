"""Which triples of a default graph a query can see, told by its tree.

A graph without the others gives the same answer, and takes less memory. Where a
variable stands for a property or for a class, what else the same group says of it tells
which it can be. Where nothing does, and at a path that may be of no step (SPARQL 1.1,
section 18.1.7) or names what it is not, every triple counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from glokal.core.namespaces import RDF
from glokal.rdf.terms import text_of
from glokal.sparql.tree import (
    Group,
    InlineData,
    Iri,
    PropertyPath,
    Query,
    TriplePattern,
    Variable,
    Verb,
)
from glokal.sparql.walk import selects_and_groups

_TYPE = RDF + "type"


class SeenPart:
    """The triples that one of some queries can see."""

    def __init__(
        self, queries: Iterable[Query], graph: Iterable[ox.Triple] | None = None
    ) -> None:
        """Read them off the trees; what variables can be is looked up in the graph.

        The graph is gone through once. Without it a variable can be anything.
        """
        self._graph_known = graph is not None
        self._everything = False
        self._properties: set[str] = set()
        self._classes: set[str] = set()
        # Properties whose subjects and objects are names of what is seen, the object
        # that they must have ("" for any), and of which names.
        self._ends: list[tuple[set[str], str, set[str]]] = []
        for query in queries:
            for group in selects_and_groups(query.select):
                if isinstance(group, Group):
                    for pattern in _patterns(group):
                        self._read(pattern, group)
        if graph is not None and self._ends and not self._everything:
            self._look_up(graph)

    def sees(self, triple: ox.Triple) -> bool:
        """Whether an answer may depend on a triple of the graph."""
        predicate = triple.predicate.value
        if self._everything or predicate in self._properties:
            return True
        return predicate == _TYPE and text_of(triple.object) in self._classes

    def _look_up(self, triples: Iterable[ox.Triple]) -> None:
        watched = {iri for properties, _, _ in self._ends for iri in properties}
        for t in triples:
            predicate = t.predicate.value
            if predicate in watched:
                for properties, value, names in self._ends:
                    if predicate in properties and value in ("", text_of(t.object)):
                        names.add(text_of(t.subject))
                        if not value:
                            names.add(text_of(t.object))

    def _read(self, pattern: TriplePattern, group: Group) -> None:
        verb, value = pattern.verb, pattern.object
        if isinstance(verb, Variable):
            self._everything |= not self._is_bound(verb, group, self._properties)
        elif isinstance(verb, PropertyPath):
            named = named_in(verb)
            self._everything |= named is None
            self._properties |= named or set()
        elif verb.value != _TYPE:
            self._properties.add(verb.value)
        elif isinstance(value, Iri):
            self._classes.add(value.value)
        elif not (
            isinstance(value, Variable) and self._is_bound(value, group, self._classes)
        ):
            self._properties.add(_TYPE)

    def _is_bound(self, variable: Variable, group: Group, names: set[str]) -> bool:
        """Let `names` have what a variable can be; whether the group says it."""
        for element in group.elements:
            if isinstance(element, InlineData) and variable in element.variables:
                column = element.variables.index(variable)
                terms = [row[column] for row in element.rows]
                if None not in terms:
                    names.update(t.value for t in terms if isinstance(t, Iri))
                    return True
        for pattern in _patterns(group) if self._graph_known else ():
            named, value = named_in(pattern.verb), ""
            if named == {_TYPE} and isinstance(pattern.object, Iri):
                value = pattern.object.value
            elif named is None or _TYPE in named:
                continue
            if variable in (pattern.subject, pattern.object):
                self._ends.append((named, value, names))
                return True
        return False


def _patterns(group: Group) -> Iterator[TriplePattern]:
    return (e for e in group.elements if isinstance(e, TriplePattern))


def named_in(verb: Verb) -> set[str] | None:
    """Return the properties of which a path needs one; None where it can do without.

    So it is with a variable, with a path that names what it is not, and with one that
    may be of no step, which leads from each node of the graph to itself (SPARQL 1.1,
    section 18.1.7).
    """
    if _may_be_empty(verb):
        return None
    waiting, results = [verb], set[str]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, Iri):
            results.add(part.value)
        elif isinstance(part, PropertyPath) and part.operator != "!":
            waiting += part.parts
        else:
            return None
    return results


def _may_be_empty(verb: Verb) -> bool:
    if not isinstance(verb, PropertyPath) or verb.operator == "!":
        return False
    if verb.operator in "*?":
        return True
    empty = any if verb.operator == "|" else all
    return empty(map(_may_be_empty, verb.parts))
