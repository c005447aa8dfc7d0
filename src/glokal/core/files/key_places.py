"""Where what belongs to a key begins in a file that is sorted by the hashes of keys.

A million keys take 16 MB: of each are known eight bytes of its hash and a number.
Two keys may have the same hash, and then the same place.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left


def key_hash(key: str) -> int:
    """Return a number of eight bytes for a key.

    It is the same within a process and its copies (fork(2)), and nowhere else.
    """
    return hash(key) & 0xFFFFFFFFFFFFFFFF


class KeyPlaces:
    """The places of keys, taken in the order of their hashes."""

    def __init__(self) -> None:
        self._hashes, self._starts = array("Q"), array("Q")

    def add(self, hashed: int, start: int) -> None:
        """Say where what belongs to the keys of a hash begins, in bytes."""
        self._hashes.append(hashed)
        self._starts.append(start)

    def find(self, key: str) -> int | None:
        """Return the number of a key's place; None when it has none."""
        hashed = key_hash(key)
        at = bisect_left(self._hashes, hashed)
        known = at < len(self._hashes) and self._hashes[at] == hashed
        return at if known else None

    def extent(self, number: int, size: int) -> tuple[int, int]:
        """Return where a place begins and ends in a file of that size, in bytes."""
        following = self._starts[number + 1 : number + 2]
        return self._starts[number], following[0] if following else size

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self._hashes)
