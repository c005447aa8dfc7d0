"""When memory is looked for that nobody holds, and given back.

Where much is made and kept to the end of a command, such as the tree of a large file,
each look goes through all of it and finds nothing: half the time of a large workbook.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects made, and not freed, between two looks at the youngest; 700 by itself.
_OBJECTS = 5_000_000
_SOME = 100_000
# Their numbers in glibc's malloc.h, and what both are at first.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _KEPT_BYTES = -1, -3, 128 * 1024


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for cycles rarely while a block runs; memory may grow meanwhile.

    What is left of it is kept to the end of the process, and never looked at again.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*usual)


@contextmanager
def seldom_collection() -> Iterator[None]:
    """Look for cycles seldom while a block runs; then again as before.

    For what makes some cycles, and may be done again and again in one process.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_SOME, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def return_memory() -> None:
    """Give back to the system what was freed, now and from now on.

    A C library may lack the calls for it; then nothing is done. By itself glibc keeps
    the more the larger the parts are that were freed (mallopt(3)).
    """
    gc.collect()
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt") and hasattr(library, "malloc_trim"):
        for threshold in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            library.mallopt(threshold, _KEPT_BYTES)
        library.malloc_trim(0)
