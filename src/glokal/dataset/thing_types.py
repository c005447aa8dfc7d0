"""Of what kind things are: the classes of a graph's things, and the wider ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from glokal.core.namespaces import RDF, RDFS
from glokal.rdf.terms import text_of


class ThingTypes:
    """The classes of the things in some triples, as they are stated."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._types: dict[str, set[str]] = {}
        self._above: dict[str, set[str]] = {}
        for t in triples:
            if t.predicate.value == RDF + "type":
                self._types.setdefault(text_of(t.subject), set()).add(text_of(t.object))
            elif t.predicate.value == RDFS + "subClassOf":
                self._above.setdefault(text_of(t.subject), set()).add(text_of(t.object))

    def alike(self, one: str, other: str) -> bool:
        """Whether two things have a class in common, or the second has none."""
        wanted = set(self._classes(other))
        return not wanted or not wanted.isdisjoint(self._classes(one))

    def _classes(self, thing: str) -> Iterator[str]:
        seen: set[str] = set()
        ahead = [*self._types.get(thing, ())]
        while ahead:
            name = ahead.pop()
            if name not in seen:
                seen.add(name)
                yield name
                ahead += self._above.get(name, ())
