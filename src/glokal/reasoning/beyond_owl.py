"""What follows beyond what a reasoner of OWL is given, the same for both engines.

A reasoner sees the logical part of a graph only. The rest has wider properties and
classes too: `glo:affirmedIn` is an annotation property under `glo:statedIn`, and a code
that takes part in no relation is a code all the same (RDF Semantics, rdfs7 and rdfs9).
What counts over all that the graph names stands in `closed/`, one CONSTRUCT a file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import chain

import pyoxigraph as ox

from glokal.rdf.scratch_store import scratch_store
from glokal.reasoning.hermit_completion import Closure
from glokal.reasoning.rule_queries import construct, queries_in
from glokal.sparql.prepare import prepare
from glokal.sparql.seen_part import SeenPart
from glokal.sparql.tree import Query


def complete(
    given: Collection[ox.Triple],
    inferred: Collection[ox.Triple],
    wanted: Callable[[ox.Triple], bool],
) -> frozenset[ox.Triple]:
    """Return what is inferred, and what follows by the closure and by `closed/`.

    It is what is `wanted` and not among the given, which are gone through several times
    and not kept.
    """
    closure, results = Closure(), set[ox.Triple]()
    for triples in (given, inferred):
        closure.learn(triples)

    def added() -> Iterator[ox.Triple]:
        new = closure.following(chain(given, inferred))
        for t in chain(inferred, new):
            if wanted(t):
                results.add(t)
            yield t

    counted = _counted(chain(given, added()))
    results.update(filter(wanted, chain(counted, closure.following(counted))))
    for t in given:
        results.discard(t)
    return frozenset(results)


def _counted(closed: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Return what the queries of `closed/` make of a graph, which is gone through."""
    queries = _queries()
    seen = SeenPart(queries.values())
    with scratch_store() as store:
        store.add(filter(seen.sees, closed))
        return {t for text in queries for t in construct(store.engine, text)}


@cache
def _queries() -> dict[str, Query]:
    return {text: prepare(text, name) for name, text in queries_in("closed").items()}
