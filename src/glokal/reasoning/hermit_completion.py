"""The closure that HermiT leaves out: superclasses, superproperties and inverses.

HermiT gives the most specific types and does not repeat a relation for its inverse
or for the wider property; readers and queries want all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from glokal.core.namespaces import OWL, RDF, RDFS

_TYPE = ox.NamedNode(RDF + "type")


def close(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Return the triples with every wider type, wider relation and inverse added."""
    results = set(triples)
    classes = _pairs(results, RDFS + "subClassOf")
    wider = _pairs(results, RDFS + "subPropertyOf")
    inverse = _pairs(results, OWL + "inverseOf")
    for one, others in list(inverse.items()):
        for other in others:
            inverse[other].add(one)
    waiting = list(results)
    while waiting:
        new = _step(waiting.pop(), classes, wider, inverse) - results
        results |= new
        waiting += new
    return results


_Pairs = dict[ox.NamedNode, set[ox.NamedNode]]


def _pairs(triples: set[ox.Triple], predicate: str) -> _Pairs:
    pairs: _Pairs = defaultdict(set)
    for t in triples:
        if (
            t.predicate.value == predicate
            and isinstance(t.subject, ox.NamedNode)
            and isinstance(t.object, ox.NamedNode)
        ):
            pairs[t.subject].add(t.object)
    return pairs


def _step(
    triple: ox.Triple, classes: _Pairs, wider: _Pairs, inverse: _Pairs
) -> set[ox.Triple]:
    s, p, o = triple.subject, triple.predicate, triple.object
    if p == _TYPE and isinstance(o, ox.NamedNode):
        return {ox.Triple(s, p, above) for above in classes.get(o, ())}
    new = {ox.Triple(s, above, o) for above in wider.get(p, ())}
    if isinstance(o, ox.NamedNode):
        new |= {ox.Triple(o, back, s) for back in inverse.get(p, ())}
    return new
