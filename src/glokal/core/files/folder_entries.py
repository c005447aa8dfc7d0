"""What stands in folders of our own making, with as few calls of the system as can be.

A publication has some hundred thousand files, and is gone through several times.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def folders_below(root: Path) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """Yield a folder and each below it, with what is in it and is no folder itself.

    A link is no folder. Raises OSError for one that can't be read.
    """
    waiting = [os.fspath(root)]
    while waiting:
        folder = waiting.pop()
        others = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    others.append(entry)
        yield folder, others
