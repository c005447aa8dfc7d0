"""A store for one command: in memory while it is small, else in a temporary folder.

A million quads in pyoxigraph's memory are some 320 MB, and on disk a tenth of it beside
220 MB of files. Queries take up to three times as long there.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from contextlib import ExitStack

import pyoxigraph as ox

from glokal.core.files.temporary import scratch_folder
from glokal.rdf.spooled_triples import batches

# Quads that are held in memory: about 160 MB.
IN_MEMORY = 500_000
# Quads that are added to the files at once: RocksDB holds those several times.
_BATCH = 50_000


class ScratchStore:
    """Quads to be asked; their place is gone with this object, and after any end."""

    def __init__(self, most: int | None = None) -> None:
        """Keep up to `most` quads in memory, IN_MEMORY unless given."""
        self.engine = ox.Store()
        self._room: float = IN_MEMORY if most is None else most

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads; those that are there already change nothing.

        `engine` may be another object afterwards. Raises MachineError when the place
        for temporary files has no room.
        """
        for batch in batches(quads, _BATCH):
            # Those that are added again count again: the limit is no exact one.
            self._room -= len(batch)
            if self._room < 0:
                self._move_to_disk()
            self.engine.bulk_extend(batch)

    def _move_to_disk(self) -> None:
        self._room = float("inf")
        stack = ExitStack()
        weakref.finalize(self, stack.close)
        folder = stack.enter_context(scratch_folder())
        in_memory, self.engine = self.engine, ox.Store(str(folder / "store"))
        for batch in batches(in_memory, _BATCH):
            self.engine.bulk_extend(batch)
