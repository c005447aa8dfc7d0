"""The default graph of a store on disk, in memory, with its rows in the same order.

A store on disk gives what a pattern with a predicate finds in the order of one index,
by predicate, object and subject (Oxigraph, lib/oxigraph/src/storage, `dpos`; where the
subject is known, what is left of it is the same). One in memory has the triples of a
term in a chain, and walks it from the last that was put in. So the triples go in by
predicate, the last ones first. Patterns whose predicate isn't known find theirs in the
order of another index, and must be asked of the store on disk.
"""

from __future__ import annotations

import pyoxigraph as ox

_DEFAULT = ox.DefaultGraph()
# Put in at once: other threads wait for as long as the engine takes, some milliseconds.
_BATCH = 500


def copy_default_graph(store: ox.Store) -> ox.Store:
    """Return a store in memory with the default graph of another one, and no more."""
    every = store.quads_for_pattern(None, None, None, _DEFAULT)
    predicates = dict.fromkeys(quad.predicate for quad in every)
    quads = [
        quad
        for predicate in predicates
        for quad in store.quads_for_pattern(None, predicate, None, _DEFAULT)
    ]
    quads.reverse()
    result = ox.Store()
    for at in range(0, len(quads), _BATCH):
        result.extend(quads[at : at + _BATCH])
    return result
