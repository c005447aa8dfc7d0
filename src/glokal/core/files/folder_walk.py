"""Everything that stands in a folder: what is read, left out or refused, and why.

Links are followed within a boundary; what leads out of it is refused by name, since
whoever proposes a change to a project could point at any file of the machine.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from glokal.core.errors import GlokalError, Place, SourceError
from glokal.core.files.bounded_read import FILE_KINDS, unreadable
from glokal.core.files.file_names import alike, is_hidden, is_usual, is_utf8, shown_name

_Identity = tuple[int, int]
# Tells of a name below the folder, with / between its parts, whether it is passed over.
Skip = Callable[[str], bool]
# More than a project has. Folders that link to each other crosswise, without a ring,
# would give far more names than there are files.
MOST_FILES = 100_000


@dataclass(frozen=True)
class FoundFile:
    """A regular file: where it is, and its name below the folder looked at."""

    path: Path
    name: str


@dataclass
class Contents:
    """What stands in a folder, in the order of the names.

    `hidden` and `empty` are names of files and folders left out, `plain` those of files
    that could be data and are none, `folders` the names of all other folders, `wrong`
    what can't be taken.
    """

    files: list[FoundFile] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    wrong: list[SourceError] = field(default_factory=list)


def is_folder(path: Path, name: str) -> bool:
    """Whether there is a folder at a path; False when there is nothing at all.

    Raises SourceError when something else is there, InputError when that can't be seen.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise unreadable(error, name, "folder") from error
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except OSError as error:
        raise _broken(error, name) from error
    if kind != stat.S_IFDIR:
        raise SourceError(
            f"This is {FILE_KINDS.get(kind, 'something else')}, where a folder should "
            "be.",
            remedy="make it a folder, or give it another name.",
            place=Place(name),
        )
    return True


def walk_folder(
    folder: Path,
    name: str,
    boundary: Path | None,
    *,
    portable: bool = True,
    skip: Skip | None = None,
) -> Contents:
    """Return what stands in a folder and in those below it.

    A link is followed when what it leads to is below `boundary`, or when there is none.
    With `portable`, names that not every file system can hold side by side are wrong.
    What `skip` names is not looked at. Raises InputError when a folder can't be read.
    """
    contents = Contents()
    limit = None if boundary is None else Path(os.path.realpath(boundary))
    start = _target(folder, name, limit)
    below_folder = len(name) + 1
    # A link to a folder that holds this one leads back as well.
    holding = tuple(_holding(folder.resolve()))
    waiting: list[tuple[Path, str, tuple[_Identity, ...]]] = [
        (folder, name, (*holding, _identity(start)))
    ]
    count = 0
    while waiting:
        path, name, above = waiting.pop()
        entries = _entries(path, name)
        if skip is not None:
            begin = f"{name}/"[below_folder:]
            entries = [e for e in entries if not skip(begin + e.name)]
        count += len(entries)
        if count > MOST_FILES:
            raise SourceError(
                f"There are over {MOST_FILES} files.",
                remedy="see whether folders link to each other, or divide the data.",
                place=Place(name),
            )
        seen = _sort_out(entries, name, contents, portable=portable)
        if not entries:
            contents.empty.append(name)
        for entry in seen:
            label = f"{name}/{shown_name(entry.name)}"
            try:
                there = _target(Path(entry.path), label, limit)
                kind = stat.S_IFMT(there.st_mode)
                if kind == stat.S_IFDIR:
                    if _identity(there) in above:
                        raise _ring(label)
                    contents.folders.append(label)
                    below = (*above, _identity(there))
                    waiting.append((Path(entry.path), label, below))
                elif kind == stat.S_IFREG:
                    contents.files.append(FoundFile(Path(entry.path), label))
                else:
                    raise _no_file(kind, label)
            except SourceError as error:
                contents.wrong.append(error)
    contents.files.sort(key=lambda f: f.name.split("/"))
    for names in (contents.folders, contents.hidden, contents.empty):
        names.sort(key=lambda name: name.split("/"))
    return contents


def is_file(path: Path, name: str, boundary: Path) -> bool:
    """Whether there is a file at a path; False when there is nothing at all.

    Raises SourceError when something else is there, or a link that leads to nothing or
    out of the boundary; InputError when that can't be seen.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise unreadable(error, name) from error
    kind = stat.S_IFMT(target(path, name, boundary).st_mode)
    if kind != stat.S_IFREG:
        raise _no_file(kind, name)
    return True


def _no_file(kind: int, name: str) -> SourceError:
    return SourceError(
        f"This is {FILE_KINDS.get(kind, 'something else')}, where a file should be.",
        remedy="take it away.",
        place=Place(name),
    )


def target(path: Path, name: str, boundary: Path | None) -> os.stat_result:
    """Return what stands at a path, through its links, which end below the boundary.

    Raises SourceError for a link that leads elsewhere, InputError for what can't be
    seen.
    """
    return _target(path, name, boundary and Path(os.path.realpath(boundary)))


def _entries(path: Path, name: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return list(entries)
    except OSError as error:
        raise unreadable(error, name, "folder") from error


def _sort_out(
    entries: Iterable[os.DirEntry[str]],
    name: str,
    contents: Contents,
    *,
    portable: bool,
) -> list[os.DirEntry[str]]:
    """Return the entries that are to be looked at; note what becomes of the others."""
    seen = []
    for entry in entries:
        label = f"{name}/{shown_name(entry.name)}"
        if is_usual(entry.name):
            continue
        if is_hidden(entry.name):
            contents.hidden.append(label)
        elif not is_utf8(entry.name):
            error = SourceError(
                "The name is not UTF-8.",
                remedy="give it a name of ASCII letters, digits, - and _.",
                place=Place(label),
            )
            contents.wrong.append(error)
        else:
            seen.append(entry)
    for first, other in alike(e.name for e in seen) if portable else ():
        error = SourceError(
            f"The name is {shown_name(first)} but for upper and lower case or the "
            "way its letters are composed.",
            remedy="rename one: on many machines only one of the two can be there.",
            place=Place(f"{name}/{shown_name(other)}"),
        )
        contents.wrong.append(error)
    return seen


def _target(path: Path, name: str, limit: Path | None) -> os.stat_result:
    try:
        there = path.lstat()
        if not stat.S_ISLNK(there.st_mode):
            return there
        real = Path(os.path.realpath(path, strict=True))
        if limit is None or real.is_relative_to(limit):
            return real.stat()
    except OSError as error:
        raise _broken(error, name) from error
    raise SourceError(
        f"The link leads out of the folder {shown_name(limit.name)}.",
        remedy="put what it leads to in its place, or take it away.",
        place=Place(name),
    )


def _holding(folder: Path) -> Iterator[_Identity]:
    """Yield the folders that hold a folder, as far as they can be seen."""
    for above in folder.parents:
        try:
            yield _identity(above.stat())
        except PermissionError:
            return


def _broken(error: OSError, name: str) -> GlokalError:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return SourceError(
                "The link leads to nothing.",
                remedy="let it lead to a file or a folder, or take it away.",
                place=Place(name),
            )
        case errno.ELOOP:
            return _ring(name)
        case _:
            return unreadable(error, name)


def _ring(name: str) -> SourceError:
    return SourceError(
        "The link leads back to where it stands.",
        remedy="let it lead elsewhere, or take it away.",
        place=Place(name),
    )


def _identity(result: os.stat_result) -> _Identity:
    return result.st_dev, result.st_ino
