"""What follows beyond what a reasoner of OWL is given, the same for both engines.

A reasoner sees the logical part of a graph only. The rest has wider properties and
classes too: `glo:affirmedIn` is an annotation property under `glo:statedIn`, and a code
that takes part in no relation is a code all the same (RDF Semantics, rdfs7 and rdfs9).
What counts over all that the graph names stands in `closed/`, one CONSTRUCT a file.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from glokal.reasoning.hermit_completion import close
from glokal.reasoning.rule_queries import construct, queries_in


def complete(
    given: Iterable[ox.Triple], triples: Iterable[ox.Triple]
) -> set[ox.Triple]:
    """Return both, and what follows from them by the closure and by `closed/`."""
    closed = close({*given, *triples})
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in closed)
    counted = {
        t for text in queries_in("closed").values() for t in construct(store, text)
    }
    return close(closed | counted) if counted - closed else closed
