"""Bytes that are too many for memory: kept in a temporary file, read again and again.

The file has no name, so that a killed process leaves none. Each reading has a place of
its own in it (pread(2)): several go on at once, in child processes too.
"""

from __future__ import annotations

import io
import os
import weakref
from collections.abc import Iterable, Iterator

from glokal.core.files.temporary import open_unnamed, told_where_full, write_all

# Read and written at once, in bytes.
BLOCK = 1 << 16


class Spool:
    """A temporary file that grows by one segment after the other.

    It is there as long as this object or one of its segments.
    """

    def __init__(self) -> None:
        """Open it; raises MachineError when there is no place for it."""
        file = open_unnamed()
        weakref.finalize(self, file.close)
        self._number = file.fileno()
        self._end = 0
        self._writing = False

    def write(self, parts: Iterable[bytes]) -> Segment:
        """Write bytes to the end, and return where they stand.

        Raises MachineError when there is no room for them. `parts` may read segments of
        this spool, and must not write to it.
        """
        if self._writing:
            raise RuntimeError("a segment is being written")
        self._writing = True
        try:
            start, waiting, size = self._end, list[bytes](), 0
            with told_where_full():
                for part in parts:
                    waiting.append(part)
                    size += len(part)
                    if size >= BLOCK:
                        self._append(b"".join(waiting))
                        waiting, size = [], 0
                self._append(b"".join(waiting))
        finally:
            self._writing = False
        return Segment(self, start, self._end)

    def _append(self, data: bytes) -> None:
        write_all(self._number, data)
        self._end += len(data)

    def read_into(self, buffer: memoryview, at: int) -> int:
        """Read bytes from a place into a buffer; return how many."""
        return os.preadv(self._number, [buffer], at)


class Segment:
    """What was written to a spool at once."""

    def __init__(self, spool: Spool, start: int, end: int) -> None:
        """Point at the bytes of a spool from `start` to before `end`."""
        self._spool = spool
        self._start = start
        self._end = end

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._end - self._start

    def open(self) -> io.BufferedReader:
        """Open it for a reading of its own."""
        reader = _Reader(self._spool, self._start, self._end)
        return io.BufferedReader(reader, BLOCK)

    def part(self, start: int, end: int) -> Segment:
        """Return the bytes from `start` to before `end`, counted in this segment."""
        return Segment(self._spool, self._start + start, self._start + end)

    def blocks(self) -> Iterator[bytes]:
        """Yield all of it, block by block."""
        reader = self.open()
        while block := reader.read(BLOCK):
            yield block

    def __iter__(self) -> Iterator[bytes]:
        """Yield its lines."""
        return iter(self.open())


class _Reader(io.RawIOBase):
    """A place in a spool, moved by reading and by nothing else."""

    def __init__(self, spool: Spool, start: int, end: int) -> None:
        self._spool = spool
        self._at = start
        self._end = end

    def readable(self) -> bool:
        return True

    # The buffer's type is that of the standard library's own declaration.
    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        room = memoryview(buffer)[: self._end - self._at]
        read = self._spool.read_into(room, self._at) if room else 0
        self._at += read
        return read
