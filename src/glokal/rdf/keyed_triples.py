"""Triples in a temporary file, found by a key such as their subject.

They are written in the order of the hashes of their keys, and of a key are known eight
bytes of its hash and where its triples begin. What is found so is read and parsed
anew, and only a part of it kept: a look takes some hundredths of a millisecond.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

import pyoxigraph as ox

from glokal.core.files.key_places import KeyPlaces, key_hash
from glokal.core.files.spool import Spool
from glokal.rdf.canonical import lines_of, sorted_lines
from glokal.rdf.spooled_triples import batches, triples_in

# A triple with a number of whoever keeps it: where it was said.
Marked = tuple[ox.Triple, int]
Keyed = tuple[str, int, ox.Triple]
# Triples that are kept after they have been looked up: about 10 MB.
_KEPT = 20_000
_AT_ONCE = 5_000
# Before each line while they are sorted: the hash of its key, its number, its mark.
_HEAD = "%016x%010x%02x "
_HASH, _NUMBERED, _HEADED = 16, 26, 29


class KeyedTriples:
    """Triples by a key, of each key in the order in which they were given."""

    def __init__(
        self, entries: Iterable[Keyed], key: Callable[[ox.Triple], str], spool: Spool
    ) -> None:
        """Take triples with their keys and marks, 0 to 255, and write them to a spool.

        `key` gives the key of a triple. Raises MachineError when there is no room.
        """
        self._key = key
        self._places = KeyPlaces()
        # Of each place the number of its first triple; of each triple its mark.
        self._numbers, self._marks = array("Q"), bytearray()
        self._lines = spool.write(self._looked_at(sorted_lines(_headed(entries))))
        self._kept: dict[str, Sequence[Marked]] = {}
        self._held = 0

    def _looked_at(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        before, at = b"", 0
        for line in lines:
            if line[:_HASH] != before:
                before = line[:_HASH]
                self._places.add(int(before, 16), at)
                self._numbers.append(len(self._marks))
            self._marks.append(int(line[_NUMBERED : _HEADED - 1], 16))
            at += len(line) - _HEADED
            yield line[_HEADED:]

    def read(self, key: str) -> Iterator[Marked]:
        """Yield the triples of a key, each as often as it was given, with its mark."""
        place = self._places.find(key)
        if place is None:
            return
        number = self._numbers[place]
        extent = self._places.extent(place, self._lines.size)
        for triple in triples_in(self._lines.part(*extent)):
            # Two keys may have the same hash.
            if self._key(triple) == key:
                yield triple, self._marks[number]
            number += 1

    def __iter__(self) -> Iterator[ox.Triple]:
        """Go through all triples; those of a key stand together."""
        return triples_in(self._lines)

    def of(self, key: str) -> Sequence[Marked]:
        """Return the same at once; it is kept for a while, unless it is much."""
        found = self._kept.get(key)
        if found is None:
            found = tuple(self.read(key))
            if not found:
                return ()
            if len(found) <= _KEPT:
                if self._held + len(found) > _KEPT:
                    self._kept, self._held = {}, 0
                self._kept[key] = found
                self._held += len(found)
        return found


def _headed(entries: Iterable[Keyed]) -> Iterator[bytes]:
    number = 0
    for batch in batches(entries, _AT_ONCE):
        lines = lines_of(triple for _, _, triple in batch)
        for (key, mark, _), line in zip(batch, lines, strict=True):
            head = _HEAD % (key_hash(key), number, mark)
            yield head.encode() + line
            number += 1
