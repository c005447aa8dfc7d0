"""A project as it was at a revision in Git, laid out in a folder of its own."""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from glokal.core.child_process import number_setting
from glokal.core.errors import InputError
from glokal.core.git import Repository, TreeEntry, find_repository
from glokal.core.settings import SETTINGS
from glokal.rdf.source_files import TOTAL_MEGABYTES, TOTAL_VARIABLE

# What all links of a revision have together.
_LINKS_MEGABYTES = 10.0
# What a project is made of; the rest of a repository stays where it is.
_PARTS = ("data", "ontology", "shapes", "queries", "expected", "editions", SETTINGS)


def export_revision(revision: str, root: Path, scratch: Path) -> Path | None:
    """Lay out the project in `root` as it was at a revision; return its folder.

    The folder is made in `scratch`, of plain files: what a link leads to stands in its
    place. Returns None when Git knows no such revision, or there was no project then.
    Raises ToolError when Git fails, InputError when the revision has a link that leads
    out of the project.
    """
    repository = find_repository(root)
    commit = repository.commit(revision) if repository else None
    if repository is None or commit is None:
        return None
    folder = scratch / commit
    if folder.is_dir():
        # Named twice; it stays the same.
        return folder
    for path, content in _files(repository, commit, revision):
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                shutil.copyfileobj(content, file)
        except (FileExistsError, NotADirectoryError) as error:
            raise InputError(
                f"{revision} has {path} twice, or as a file and a folder.",
                remedy="compare with another revision.",
            ) from error
    return folder if (folder / SETTINGS).is_file() else None


def _files(
    repository: Repository, commit: str, revision: str
) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the files of the project by their paths, with what is in them."""
    prefix = f"{repository.prefix}/" if repository.prefix else ""
    result = repository.entries(commit, repository.prefix)
    known = {
        entry.path.removeprefix(prefix): entry
        for entry in result
        if entry.path.startswith(prefix)
    }
    wanted = {p: e for p, e in known.items() if p.partition("/")[0] in _PARTS}
    names = {entry.path: path for path, entry in wanted.items()}
    for path in wanted:
        _refuse_odd(path, revision)
    most = number_setting(TOTAL_VARIABLE, TOTAL_MEGABYTES)
    files = [entry for entry in wanted.values() if entry.is_file]
    for entry, content in repository.read(files, most):
        yield names[entry.path], content
    links = [entry for entry in wanted.values() if entry.is_link]
    led = [
        (names[entry.path], os.fsdecode(content.read()))
        for entry, content in repository.read(links, _LINKS_MEGABYTES)
    ]
    behind = [
        result
        for path, target in led
        for result in _behind(path, target, known, revision).items()
    ]
    contents = repository.read([entry for _, entry in behind], most)
    for (name, _), (_, content) in zip(behind, contents, strict=True):
        yield name, content


def _behind(
    path: str, target: str, known: dict[str, TreeEntry], revision: str
) -> dict[str, TreeEntry]:
    """Return the files that a link stands for, by the paths that they get."""
    plain = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    if plain.startswith("/") or plain.partition("/")[0] == "..":
        raise InputError(
            f"{path} in {revision} is a link out of the project, to {target}.",
            remedy="compare with a revision in which it is a file.",
        )
    if plain in known:
        below = {path: known[plain]}
    else:
        start = f"{plain}/"
        below = {
            path + name.removeprefix(plain): entry
            for name, entry in known.items()
            if name.startswith(start)
        }
    if not below or not all(entry.is_file for entry in below.values()):
        raise InputError(
            f"{path} in {revision} is a link to what is no file or folder of files.",
            remedy="compare with a revision in which it is a file.",
        )
    return below


def _refuse_odd(path: str, revision: str) -> None:
    """Refuse a path that Git would never make and that could lead elsewhere."""
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts or "/".join(parts) != path:
        raise InputError(
            f"{revision} has a path that leads out of it: {path}.",
            remedy="compare with another revision.",
        )
