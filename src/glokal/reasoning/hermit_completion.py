"""The closure that HermiT leaves out: superclasses, superproperties and inverses.

HermiT gives the most specific types and does not repeat a relation for its inverse
or for the wider property; readers and queries want all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from glokal.core.namespaces import OWL, RDF, RDFS

_TYPE = ox.NamedNode(RDF + "type")
_CLASS, _PROPERTY, _INVERSE = (
    ox.NamedNode(iri)
    for iri in (RDFS + "subClassOf", RDFS + "subPropertyOf", OWL + "inverseOf")
)
_Pairs = dict[ox.NamedNode, set[ox.NamedNode]]


class Closure:
    """What each triple gives by itself: every wider type and relation, and inverses."""

    def __init__(self) -> None:
        """Make one that knows no axiom."""
        self._pairs: dict[ox.NamedNode, _Pairs] = {
            word: defaultdict(set) for word in (_CLASS, _PROPERTY, _INVERSE)
        }

    def learn(self, triples: Iterable[ox.Triple]) -> bool:
        """Take in the axioms among the triples, and return whether one was new."""
        learned = False
        for t in triples:
            pairs = self._pairs.get(t.predicate)
            if pairs is None:
                continue
            one, other = t.subject, t.object
            if isinstance(one, ox.NamedNode) and isinstance(other, ox.NamedNode):
                learned |= other not in pairs.get(one, ())
                pairs[one].add(other)
                if pairs is self._pairs[_INVERSE]:
                    pairs[other].add(one)
        return learned

    def following(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        """Yield what follows from each of the triples, without the triple itself.

        The same comes again where it follows from several.
        """
        classes, wider, inverse = self._pairs.values()
        for given in triples:
            predicate = given.predicate
            if (
                given.object not in classes
                if predicate == _TYPE
                else predicate not in wider and predicate not in inverse
            ):
                continue
            known, waiting = {given}, [given]
            while waiting:
                new = self._step(waiting.pop()) - known
                yield from new
                known |= new
                waiting += new

    def _step(self, triple: ox.Triple) -> set[ox.Triple]:
        classes, wider, inverse = self._pairs.values()
        s, p, o = triple.subject, triple.predicate, triple.object
        if p == _TYPE and isinstance(o, ox.NamedNode):
            return {ox.Triple(s, p, above) for above in classes.get(o, ())}
        new = {ox.Triple(s, above, o) for above in wider.get(p, ())}
        if isinstance(o, ox.NamedNode):
            new |= {ox.Triple(o, back, s) for back in inverse.get(p, ())}
        return new
