"""Texts that are written before they can be used, kept out of memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pyoxigraph as ox

from glokal.core.files.spool import BLOCK, Spool
from glokal.core.files.temporary import unnamed_file

# Keeps parts of a text, to be gone through once: `list`, or `in_blocks`.
Keep = Callable[[Iterable[bytes]], Iterable[bytes]]


def in_blocks(parts: Iterable[bytes]) -> Iterable[bytes]:
    """Write the parts of a text to a temporary file, and return it in blocks.

    Raises MachineError when there is no room for it.
    """
    return Spool().write(parts).blocks()


def engine_output(
    statements: Iterable[ox.Triple] | Iterable[ox.Quad],
    kind: ox.RdfFormat,
    prefixes: Mapping[str, str],
) -> Iterator[bytes]:
    """Yield what pyoxigraph writes in blocks; MachineError as `in_blocks`."""
    with unnamed_file() as file:
        ox.serialize(statements, output=file, format=kind, prefixes=dict(prefixes))
        file.seek(0)
        while block := file.read(BLOCK):
            yield block
