"""A graph as sorted lines: counted, compared and sent without being held.

The lines are the N-Triples of its statements, each once, in a temporary file; those
with blank nodes, which have no order before RDFC-1.0 has named them, are objects beside
it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import chain, groupby

import pyoxigraph as ox

from glokal.core.files.spool import Segment, Spool
from glokal.rdf.canonical import (
    canonical_lines,
    canonical_triples,
    digest_of_lines,
    ground_statements,
    lines_of,
    merged_lines,
    sorted_lines,
)
from glokal.rdf.spooled_triples import (
    IN_MEMORY,
    JoinedTriples,
    SpooledTriples,
    triples_in,
)
from glokal.rdf.terms import text_of

# Stands where only the object of a statement is looked at.
_ANY = ox.NamedNode("urn:any")


class SortedGraph(Collection[ox.Triple]):
    """The statements of a graph, each once: first those with blank nodes."""

    def __init__(self, bound: Iterable[ox.Triple], lines: Segment, number: int) -> None:
        """Take the statements with blank nodes, and the lines of the others.

        The lines are N-Triples, sorted, each once; `number` is how many.
        """
        self.bound = tuple(dict.fromkeys(bound))
        self.lines = lines
        self._number = number

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the graph by RDFC-1.0, in hexadecimal."""
        return digest_of_lines(merged_lines([self.lines, canonical_lines(self.bound)]))

    def named(self) -> SortedGraph:
        """Return the same with blank nodes named by what is said of them, in order."""
        return SortedGraph(canonical_triples(self.bound), self.lines, self._number)

    def __len__(self) -> int:
        """Return how many statements there are."""
        return len(self.bound) + self._number

    def __iter__(self) -> Iterator[ox.Triple]:
        """Go through them; those without blank nodes are parsed anew."""
        return chain(self.bound, triples_in(self.lines))

    def __contains__(self, triple: object) -> bool:
        """Whether a statement is there; all may be read."""
        return any(it == triple for it in self)


def distinct_triples(
    parts: Collection[Collection[ox.Triple]],
) -> Collection[ox.Triple]:
    """Return the triples of several collections, each once.

    They are in the order of the collections, those that are too many for memory sorted
    in a temporary file (MachineError).
    """
    joined = JoinedTriples(parts)
    if len(joined) <= IN_MEMORY:
        return dict.fromkeys(joined).keys()
    return sorted_graph(joined, Spool())


def distinct_subjects(triples: Collection[ox.Triple]) -> Iterator[str]:
    """Yield the IRI or the label of each subject of a graph once.

    Those of a sorted graph stand together, and none is held.
    """
    if not isinstance(triples, SortedGraph):
        yield from {text_of(t.subject) for t in triples}
        return
    bound = {text_of(t.subject) for t in triples.bound}
    yield from bound
    ground = (text_of(t.subject) for t in triples_in(triples.lines))
    yield from (s for s, _ in groupby(ground) if s not in bound)


def distinct_objects(triples: Collection[ox.Triple]) -> int:
    """Return how many objects a graph has; they are counted in a temporary file."""
    if not isinstance(triples, SortedGraph):
        return len({t.object for t in triples})
    bound = {t.object for t in triples.bound}
    lines = lines_of(
        ox.Triple(_ANY, _ANY, t.object)
        for t in triples_in(triples.lines)
        if t.object not in bound
    )
    return len(bound) + sum(1 for _ in sorted_lines(lines))


def sorted_graph(triples: Iterable[ox.Triple], spool: Spool) -> SortedGraph:
    """Return a graph sorted; its lines are written to the spool (MachineError)."""
    bound: list[ox.Triple] = []
    if isinstance(triples, SpooledTriples) and not triples.bound:
        # They are lines already.
        lines: Iterable[bytes] = triples.lines
    else:
        lines = lines_of(ground_statements(triples, bound))
    return _written(bound, sorted_lines(lines), spool)


def merged_graph(graphs: Collection[SortedGraph], spool: Spool) -> SortedGraph:
    """Return the union of graphs, sorted.

    The same blank node in two of them is one. Raises MachineError as `sorted_graph`.
    """
    bound = chain.from_iterable(graph.bound for graph in graphs)
    return _written(bound, merged_lines(g.lines for g in graphs), spool)


def without(graph: SortedGraph, other: SortedGraph, spool: Spool) -> SortedGraph:
    """Return what one graph has and another hasn't.

    The same blank node in both is one. Raises MachineError as `sorted_graph`.
    """
    known = set(other.bound)
    bound = [t for t in graph.bound if t not in known]
    return _written(bound, _lines_without(graph.lines, other.lines), spool)


def _lines_without(lines: Iterable[bytes], others: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines that aren't among the others; both are sorted."""
    left = iter(others)
    other = next(left, None)
    for line in lines:
        while other is not None and other < line:
            other = next(left, None)
        if line != other:
            yield line


def _written(
    bound: Iterable[ox.Triple], lines: Iterable[bytes], spool: Spool
) -> SortedGraph:
    number = 0

    def counted() -> Iterator[bytes]:
        nonlocal number
        for line in lines:
            number += 1
            yield line

    # Reading the lines may find what is bound, so that it goes before.
    segment = spool.write(counted())
    return SortedGraph(bound, segment, number)
