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

    It is there as long as this object or one of its segments. A child process (fork(2))
    begins a file of its own.
    """

    def __init__(self) -> None:
        """Open it; raises MachineError when there is no place for it."""
        self._writing = False
        self._begin()

    def _begin(self) -> None:
        self._file, self._owner, self._end = _File(), os.getpid(), 0

    def write(self, parts: Iterable[bytes]) -> Segment:
        """Write bytes to the end, and return where they stand.

        Raises MachineError when there is no room for them. `parts` may read segments of
        this spool, and must not write to it.
        """
        if self._writing:
            raise RuntimeError("a segment is being written")
        if self._owner != os.getpid():
            # The file that was begun before is its parent's, and its brothers'.
            self._begin()
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
        return Segment(self._file, start, self._end)

    def _append(self, data: bytes) -> None:
        write_all(self._file.number, data)
        self._end += len(data)


class _File:
    """An open file without a name, which is closed with the last one who has it."""

    def __init__(self) -> None:
        file = open_unnamed()
        weakref.finalize(self, file.close)
        self.number = file.fileno()


class Segment:
    """What was written to a spool at once."""

    def __init__(self, file: _File, start: int, end: int) -> None:
        """Point at the bytes of a file from `start` to before `end`."""
        self._file = file
        self._start = start
        self._end = end

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._end - self._start

    def open(self) -> io.BufferedReader:
        """Open it for a reading of its own."""
        reader = _Reader(self._file, self._start, self._end)
        return io.BufferedReader(reader, BLOCK)

    def part(self, start: int, end: int) -> Segment:
        """Return the bytes from `start` to before `end`, counted in this segment."""
        return Segment(self._file, self._start + start, self._start + end)

    def blocks(self) -> Iterator[bytes]:
        """Yield all of it, block by block."""
        reader = self.open()
        while block := reader.read(BLOCK):
            yield block

    def __iter__(self) -> Iterator[bytes]:
        """Yield its lines."""
        return iter(self.open())


class _Reader(io.RawIOBase):
    """A place in a file, moved by reading and by nothing else."""

    def __init__(self, file: _File, start: int, end: int) -> None:
        self._file = file
        self._at = start
        self._end = end

    def readable(self) -> bool:
        return True

    # The buffer's type is that of the standard library's own declaration.
    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        room = memoryview(buffer)[: self._end - self._at]
        read = os.preadv(self._file.number, [room], self._at) if room else 0
        self._at += read
        return read
