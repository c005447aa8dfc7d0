"""A store for as long as queries are asked of a graph, in bounded memory.

A small graph lies in memory. A large one lies on disk, in a folder for temporary files
that is gone in the end: a million triples take some 350 MB of memory, and a quarter of
that from disk, for about twice the time (docs/decisions/0102).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyoxigraph as ox

from glokal.core.files.temporary import scratch_folder
from glokal.core.os_errors import machine_error
from glokal.rdf.spooled_triples import batches

# Triples. A quarter of a gigabyte is the most that a graph takes while it grows.
IN_MEMORY = 300_000
# What is written at once lies in memory until it is written.
PORTION = 50_000
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class ScratchStore:
    """A store that moves to disk when it is large; `engine` is pyoxigraph's."""

    def __init__(self, folders: ExitStack, most: int | None = None) -> None:
        """Make it empty, in memory; `folders` ends what it makes on disk.

        `most` is how many quads stay in memory, IN_MEMORY unless given.
        """
        self._folders = folders
        self._most = IN_MEMORY if most is None else most
        self.engine = ox.Store()
        self._added = 0
        self._on_disk = False
        self._folder = Path()

    def add(self, triples: Iterable[ox.Triple]) -> None:
        """Add triples to the default graph, as `extend` does."""
        self.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads; those that are there already are no more for it.

        `engine` may be another object afterwards. Raises MachineError where the folder
        for temporary files takes no more.
        """
        for portion in batches(quads, PORTION):
            if not self._on_disk and self._is_large(len(portion)):
                self._move()
            if self._on_disk:
                self._write(portion)
            else:
                self.engine.extend(portion)

    def triples(self) -> Iterator[ox.Triple]:
        """Yield the triples as they are now, whatever is added meanwhile."""
        return (quad.triple for quad in self.engine)

    def _is_large(self, more: int) -> bool:
        self._added += more
        if self._added > self._most:
            # Much of what was added may be the same.
            self._added = len(self.engine) + more
        return self._added > self._most

    def _move(self) -> None:
        small, self._on_disk = self.engine, True
        self._folder = self._folders.enter_context(scratch_folder())
        self.engine = ox.Store(str(self._folder))
        for portion in batches(small, PORTION):
            self._write(portion)

    def _write(self, quads: Iterable[ox.Quad]) -> None:
        try:
            self.engine.bulk_extend(quads)
        except OSError as error:
            # RocksDB has the words of errno(3) in its own, without the number.
            named = (n for n in _NO_ROOM if os.strerror(n) in str(error))
            number = next(named, error.errno)
            place = self._folder.parent
            raise machine_error(
                OSError(number, str(error)) if number else error,
                f"Temporary files can't be written in {place}",
                file=place,
            ) from error

    def __contains__(self, triple: ox.Triple) -> bool:
        """Whether a triple is there, with its literal as the engine writes it."""
        return ox.Quad(triple.subject, triple.predicate, triple.object) in self.engine


@contextmanager
def scratch_store() -> Iterator[ScratchStore]:
    """Make an empty store that is gone in the end, with what lies on disk."""
    with ExitStack() as folders:
        store = ScratchStore(folders)
        try:
            yield store
        finally:
            # The engine holds its files until nobody has it any more.
            store.engine = ox.Store()
