"""What the server and its file processes must know of each other at any moment.

A few numbers in memory that all of them share: which build is served, counted, and how
many connections each of them has open. Each number has one writer and is written whole
(8 bytes in their place). A process that is asked for a file after any reader has seen
the next build sees that number, too: it was written before that reader's answer.
"""

from __future__ import annotations

import mmap
import os

_NUMBER = 8
_BUILD, _SERVER, _FIRST = 0, 1, 2


class SharedCounts:
    """The numbers, by the process that writes them."""

    def __init__(self, descriptor: int, processes: int) -> None:
        """Map what `make` has made for so many file processes; OSError if it can't."""
        size = (_FIRST + processes) * _NUMBER
        self._memory = mmap.mmap(descriptor, size)
        self._numbers = memoryview(self._memory).cast("Q")
        self._open = self._numbers[_SERVER:]
        self.descriptor = descriptor

    @classmethod
    def make(cls, processes: int) -> SharedCounts:
        """Set the memory aside, in the server's process; OSError if there is none."""
        descriptor = os.memfd_create("glokal-counts")
        os.ftruncate(descriptor, (_FIRST + processes) * _NUMBER)
        return cls(descriptor, processes)

    def close(self) -> None:
        """Give the memory back."""
        self._open.release()
        self._numbers.release()
        self._memory.close()
        os.close(self.descriptor)

    @property
    def build(self) -> int:
        """How many builds have taken over from another since the server began."""
        return self._numbers[_BUILD]

    def next_build(self) -> None:
        """Let all that was sent before be sent no more; by the server."""
        self._numbers[_BUILD] += 1

    @property
    def connections(self) -> int:
        """How many connections are open in all processes together.

        One that passes from one process to another isn't counted meanwhile.
        """
        return sum(self._open)

    def set_server(self, connections: int) -> None:
        """Tell how many the server's process has."""
        self._numbers[_SERVER] = connections

    def held(self, process: int) -> int:
        """Return how many a file process has."""
        return self._numbers[_FIRST + process]

    def set_held(self, process: int, connections: int) -> None:
        """Tell how many a file process has; by itself, or when it has ended."""
        self._numbers[_FIRST + process] = connections
