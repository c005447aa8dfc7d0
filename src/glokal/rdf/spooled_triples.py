"""Triples that are too many for memory: kept as N-Triples in a temporary file.

A million triples as objects are 340 MB. As lines in a file they are none, and each
iteration parses them anew, in less than a microsecond each. So what goes through all
triples of a project does so once, and asks by name for nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

import pyoxigraph as ox

from glokal.core.files.spool import Segment, Spool
from glokal.rdf.terms import has_blank_node

# Triples that one holder keeps as objects: about 85 MB.
IN_MEMORY = 250_000
# Triples that are written to the file at once.
_BATCH = 5_000
_Item = TypeVar("_Item")


class SpooledTriples(Collection[ox.Triple]):
    """Triples in a file, in their order; a blank node has one name in all iterations.

    `in` reads all of them: whoever asks for many makes an index of what is wanted.
    """

    def __init__(self, lines: Segment, size: int, *, bound: bool) -> None:
        """Take so many triples as lines of N-Triples.

        `bound` is whether some have blank nodes.
        """
        self.lines = lines
        self.bound = bound
        self._size = size

    def __len__(self) -> int:
        """Return how many there are, those that stand there twice counted twice."""
        return self._size

    def __iter__(self) -> Iterator[ox.Triple]:
        """Parse them anew, one by one."""
        return triples_in(self.lines)

    def __contains__(self, triple: object) -> bool:
        """Whether a triple is there; all are read."""
        return any(it == triple for it in self)


class TripleHolder:
    """Keeps triples, the first in memory and those that are too many in a spool."""

    def __init__(self, most: int | None = None) -> None:
        """Keep up to `most` triples in memory, all together; IN_MEMORY unless given."""
        self._room = IN_MEMORY if most is None else most
        self._spool: Spool | None = None

    def keep(self, triples: Iterable[ox.Triple]) -> Collection[ox.Triple]:
        """Return the triples, to be gone through again and again.

        Raises MachineError when the place for temporary files has no room for them.
        """
        rest = iter(triples)
        first = tuple(itertools.islice(rest, self._room + 1))
        if len(first) <= self._room:
            self._room -= len(first)
            return first
        if self._spool is None:
            self._spool = Spool()
        return spooled(itertools.chain(first, rest), self._spool)


class JoinedTriples(Collection[ox.Triple]):
    """The triples of several collections, one after the other."""

    def __init__(self, parts: Iterable[Collection[ox.Triple]]) -> None:
        """Take the collections; they must not change."""
        self._parts = tuple(parts)

    def __len__(self) -> int:
        """Return how many they have together."""
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[ox.Triple]:
        """Go through them in their order."""
        return itertools.chain.from_iterable(self._parts)

    def __contains__(self, triple: object) -> bool:
        """Whether one of them has a triple."""
        return any(triple in part for part in self._parts)


def spooled(triples: Iterable[ox.Triple], spool: Spool) -> SpooledTriples:
    """Write triples to a spool, and return them as they are there; MachineError."""
    size, bound = 0, False

    def lines() -> Iterator[bytes]:
        nonlocal size, bound
        for batch in batches(triples, _BATCH):
            size += len(batch)
            bound = bound or any(map(has_blank_node, batch))
            yield ntriples(batch)

    segment = spool.write(lines())
    return SpooledTriples(segment, size, bound=bound)


def batches(items: Iterable[_Item], size: int) -> Iterator[Sequence[_Item]]:
    """Yield items in lists of that size; the last one may be shorter."""
    rest = iter(items)
    while batch := list(itertools.islice(rest, size)):
        yield batch


def ntriples(triples: Iterable[ox.Triple]) -> bytes:
    """Return triples as lines of N-Triples, in their order."""
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data


def triples_in(segment: Segment) -> Iterator[ox.Triple]:
    """Parse the N-Triples of a segment, which were written by `ntriples`."""
    # They have been checked when they were read first.
    lines = ox.parse(input=segment.open(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return (quad.triple for quad in lines)
