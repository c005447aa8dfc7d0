"""Links in a stranger's folder that would lead a writer, or a server, out of it."""

from __future__ import annotations

import os
from pathlib import Path


def links_below(root: Path, path: Path) -> list[Path]:
    """Return the symbolic links on the way from a folder to a path below it.

    The path need not be there; one that isn't below the folder, as it is written, has
    none: whoever named it named all of it.
    """
    # As they are written: to resolve them is to follow what is looked for.
    top, whole = Path(os.path.abspath(root)), Path(os.path.abspath(path))  # noqa: PTH100
    if not whole.is_relative_to(top):
        return []
    found, way = [], top
    for part in whole.relative_to(top).parts:
        way /= part
        if way.is_symlink():
            found.append(way)
    return found


def leads_out(root: Path, path: Path) -> bool:
    """Whether a link on the way from a folder to a path below it leads elsewhere."""
    return bool(links_below(root, path)) and not path.resolve().is_relative_to(
        root.resolve()
    )
