"""Links and names of a stranger that would lead a writer, or a server, elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from glokal.core.errors import SourceError, UsageError


def links_below(root: Path, path: Path) -> list[Path]:
    """Return the symbolic links on the way from a folder to a path below it.

    The path need not be there; one that isn't below the folder, as it is written, has
    none: whoever named it named all of it.
    """
    # As they are written: to resolve them is to follow what is looked for.
    top, whole = Path(os.path.abspath(root)), Path(os.path.abspath(path))  # noqa: PTH100
    if not whole.is_relative_to(top):
        return []
    result, way = [], top
    for part in whole.relative_to(top).parts:
        way /= part
        if way.is_symlink():
            result.append(way)
    return result


def path_below(root: Path, name: str) -> Path:
    """Return the path of a file below a folder by its name, such as `doc/x/index.html`.

    Names of published files are made of IRIs. Raises SourceError for one that would
    lead elsewhere.
    """
    parts = name.removesuffix("/").split("/")
    if "" in parts or "." in parts or ".." in parts or "\0" in name:
        raise SourceError(
            f"An IRI would be published as the file {name}, which leads elsewhere.",
            remedy="give what it names an IRI without // and without . or .. as a part "
            "of its path.",
        )
    return root.joinpath(*parts)


def refuse_link(root: Path, path: Path, option: str) -> None:
    """Raise UsageError when a folder below the project is reached by a link.

    `option` is the one of the command that names another folder.
    """
    result = links_below(root, path) or ([path] if path.is_symlink() else [])
    if result:
        raise UsageError(
            f"{result[0]} is a link, to {result[0].readlink()}; nothing is written "
            "through it.",
            remedy=f"name the folder itself with {option}, or take the link away.",
        )


def refuse_way_out(root: Path, path: Path, option: str) -> None:
    """Raise UsageError when a link below a folder leads out of it.

    `option` is the one of the command that names another file or folder.
    """
    if leads_out(root, path):
        raise UsageError(
            f"{path} is a link that leads to {path.resolve()}, out of {root}.",
            remedy=f"name that itself with {option}, if it is meant.",
        )


def leads_out(root: Path, path: Path) -> bool:
    """Whether a link on the way from a folder to a path below it leads elsewhere."""
    return bool(links_below(root, path)) and not path.resolve().is_relative_to(
        root.resolve()
    )
