"""How often Python looks for cycles among what is kept.

Where much is made and kept to the end of a command, such as the tree of a large file,
each look goes through all of it and finds nothing: half the time of a large workbook.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects made, and not freed, between two looks at the youngest; 700 by itself.
_OBJECTS = 5_000_000


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for cycles rarely while a block runs; memory may grow meanwhile."""
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
