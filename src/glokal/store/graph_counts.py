"""Counts of the default graph of a store, from which the cost of a query is bounded.

Run as `python -m glokal.store.graph_counts STORE` it prints them as JSON, in a process
of its own: the memory of it isn't the server's.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import end_with_parent
from glokal.core.namespaces import RDF
from glokal.sparql.cost_bound import GraphCounts, PredicateCounts

_TYPE = ox.NamedNode(RDF + "type")
_DEFAULT = ox.DefaultGraph()


def count_graph(store: ox.Store) -> GraphCounts:
    """Return the counts of a store's default graph.

    Terms are told apart by their hashes: where two have the same one, they count as
    one, and a bound is only higher by that.
    """
    of_subject, of_object = Counter[int](), Counter[int]()
    predicates: dict[ox.NamedNode, None] = {}
    longest_name = 0
    for quad in store.quads_for_pattern(None, None, None, _DEFAULT):
        of_subject[hash(quad.subject)] += 1
        of_object[hash(quad.object)] += 1
        predicates[quad.predicate] = None
        longest_name = max(longest_name, len(str(quad.subject)))
    counted = {p.value: _count_predicate(store, p) for p in predicates}
    classes = Counter(
        quad.object.value
        for quad in store.quads_for_pattern(None, _TYPE, None, _DEFAULT)
        if isinstance(quad.object, ox.NamedNode)
    )
    longest_name = max([longest_name, *(len(iri) for iri in (*counted, *classes))])
    longest = max([longest_name, *(c.longest for c in counted.values())])
    return GraphCounts(
        sum(of_subject.values()),
        max(of_subject.values(), default=0),
        max(of_object.values(), default=0),
        longest,
        longest_name,
        counted,
        dict(classes),
    )


def _count_predicate(store: ox.Store, predicate: ox.NamedNode) -> PredicateCounts:
    subjects, objects = Counter[int](), Counter[int]()
    longest = 0
    for quad in store.quads_for_pattern(None, predicate, None, _DEFAULT):
        subjects[hash(quad.subject)] += 1
        objects[hash(quad.object)] += 1
        longest = max(longest, len(str(quad.object)))
    return PredicateCounts(
        sum(subjects.values()), max(subjects.values()), max(objects.values()), longest
    )


def read_counts(text: str) -> GraphCounts:
    """Return counts from the JSON that `main` prints."""
    told = json.loads(text)
    predicates = {p: PredicateCounts(**c) for p, c in told["predicates"].items()}
    return GraphCounts(**{**told, "predicates": predicates})


def main() -> None:
    """Print the counts of the store that the argument names."""
    end_with_parent(0)
    counts = count_graph(ox.Store.read_only(str(Path(sys.argv[1]))))
    print(json.dumps(asdict(counts)))


if __name__ == "__main__":
    main()
