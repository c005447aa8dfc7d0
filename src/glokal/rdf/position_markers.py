"""Marks in a text: an ending that is put behind each value, and tells where it stands.

The marked text is parsed as the text itself is. A mark may stand in an IRI, in the
label of a blank node, in a literal and in a language tag, and changes the kind of none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_MARK = re.compile(r"-gk([0-9a-f]+)k")


class Mark(NamedTuple):
    """Where a value begins, and where the node that it is said of; in bytes."""

    start: int
    node: int


@dataclass
class MarkedText:
    """A text with its marks, and where each node names its types, which have none."""

    text: bytes = b""
    marks: list[Mark] = field(default_factory=list)
    types: dict[int, list[int]] = field(default_factory=dict)
    _changes: list[tuple[int, int, bytes]] = field(default_factory=list)

    def put(self, start: int, node: int, at: int) -> None:
        """Mark the value that begins at `start` by an ending at `at`."""
        self._changes.append((at, at, self._next(start, node)))

    def replace(self, start: int, node: int, end: int) -> None:
        """Mark a value that can hold no ending by putting a text in its place."""
        self._changes.append((start, end, b'"' + self._next(start, node) + b'"'))

    def finish(self, data: bytes) -> MarkedText:
        """Return itself with the text made of what was marked."""
        parts, done = [], 0
        for start, end, new in sorted(self._changes):
            parts += [data[done:start], new]
            done = end
        self.text = b"".join([*parts, data[done:]])
        return self

    def mark_of(self, text: str) -> Mark | None:
        """Return the mark that a term of the marked text ends in, None without one."""
        found = _MARK.findall(text)
        number = int(found[-1], 16) if found else -1
        return self.marks[number] if 0 <= number < len(self.marks) else None

    def _next(self, start: int, node: int) -> bytes:
        self.marks.append(Mark(start, node))
        return f"-gk{len(self.marks) - 1:x}k".encode()


def unmarked(text: str) -> str:
    """Return a term as it is without its mark."""
    return _MARK.sub("", text)
