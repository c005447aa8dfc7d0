"""One way to write a file: whole or not at all, also when the machine stops.

The content goes to a temporary file in the same folder, is synced to the disk
(fsync(2)), and takes the name by rename(2); then the folder is synced. A file that is
replaced keeps its permissions, owner, group and extended attributes, and a link stays
a link: the file that it leads to is replaced.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from glokal.core.errors import MachineError
from glokal.core.files.folder_entries import folders_below
from glokal.core.files.left_behind import PREFIX, sweep
from glokal.core.files.temporary import making_folder, temporary_file, write_all
from glokal.core.os_errors import machine_error
from glokal.core.signals import uninterrupted

# What this process has put in place: "nothing was changed" is said only without any.
_changed: dict[str, None] = {}
_CACHE = ".cache"


def changed() -> tuple[str, ...]:
    """Return the files and folders that this process has changed, caches left out."""
    return tuple(_changed)


def note_change(path: Path) -> None:
    """Remember that a file or folder has been changed by this process."""
    if _CACHE not in path.parts:
        _changed[str(path)] = None


def write_file(path: Path, data: bytes, *, remedy: str = "") -> None:
    """Write a file whole or not at all; a device or a FIFO is just written to.

    Raises MachineError, with `remedy` for what has to do with the place, and then the
    file is as it was, unless the error says that it is written.
    """
    what = f"{path} can't be written"
    try:
        with uninterrupted():
            folder = _put_in_place(path, data)
            if folder is not None:
                note_change(path)
                what = f"{path} is written, but can't be synced to the disk"
                sync_folder(folder)
    except OSError as error:
        raise machine_error(error, what, remedy=remedy, file=path) from error


def replace_file(path: Path, data: bytes) -> None:
    """Do what `write_file` does, and raise OSError.

    With an error of syncing the folder, the last thing done, the file may be the new
    one.
    """
    folder = _put_in_place(path, data)
    if folder is not None:
        sync_folder(folder)


def _put_in_place(path: Path, data: bytes) -> Path | None:
    """Write a file whole; return the folder to sync, None when it is no regular one."""
    target = path.resolve()
    if not is_replaceable(target):
        with target.open("wb") as file:
            file.write(data)
        return None
    sweep(target.parent, PREFIX)
    with temporary_file(target.parent) as (descriptor, result):
        write_new_file(descriptor, data, target)
        result.rename(target)
    return target.parent


def write_new_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder that isn't there, and those above it, with files in it, at once.

    The names of files may have folders in them, with `/` between.
    Raises OSError, and then there is no such folder.
    """
    above = (folder, *folder.parents)
    top = [result for result in above if not result.exists()][-1]
    sweep(top.parent, PREFIX)
    with making_folder(top.parent, PREFIX) as scratch:
        result = scratch / folder.relative_to(top.parent)
        result.mkdir(parents=True)
        for name, data in files.items():
            file = result / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        sync_tree(scratch)
        with uninterrupted():
            (scratch / top.name).rename(top)
            note_change(folder)
            sync_folder(top.parent)


def is_replaceable(target: Path) -> bool:
    """Whether a path is free or has a regular file; not so for a device or a FIFO.

    Raises OSError for a folder, or when that can't be seen.
    """
    try:
        kind = stat.S_IFMT(target.stat().st_mode)
    except FileNotFoundError:
        return True
    if kind == stat.S_IFDIR:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    return kind == stat.S_IFREG


def write_new_file(descriptor: int, data: bytes, replaced: Path) -> None:
    """Write a new file and sync it; what it will replace gives it its attributes.

    Raises OSError, and MachineError when the owner can't be kept.
    """
    write_all(descriptor, data)
    _take_attributes(descriptor, replaced)
    os.fsync(descriptor)


def _take_attributes(descriptor: int, replaced: Path) -> None:
    try:
        old = replaced.stat()
    except FileNotFoundError:
        return
    new = os.fstat(descriptor)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.fchown(descriptor, old.st_uid, old.st_gid)
        except PermissionError as error:
            raise MachineError(
                f"{replaced} belongs to another user, which a new file in its place "
                "would not.",
                remedy="let its owner do it, or make it yours (chown) first.",
            ) from error
    # After the owner, since a change of owner takes set-id bits away.
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
    for name in _extended(replaced):
        try:
            os.setxattr(descriptor, name, os.getxattr(replaced, name))
        except OSError as error:
            # Labels of the system are not everybody's to set; the file keeps its own.
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENODATA):
                raise


def _extended(path: Path) -> list[str]:
    try:
        return os.listxattr(path)
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return []
        raise


def sync_folder(folder: Path | str) -> None:
    """Sync the names in a folder to the disk; OSError when the disk fails.

    A file system that can't sync folders has no more to give, and neither has a folder
    in which this user may write but not read.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        return
    try:
        sync_opened_folder(descriptor)
    finally:
        os.close(descriptor)


def sync_opened_folder(descriptor: int) -> None:
    """Do so for a folder that is open."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


def sync_tree(root: Path) -> None:
    """Sync every file and folder below a folder, and it, to the disk."""
    for folder, entries in folders_below(root):
        for entry in entries:
            descriptor = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(folder)
