"""The last walk through a publication in the making: readable, known, on the disk.

A publication of ten thousand things has some hundred and forty thousand files in eighty
thousand folders, so it is gone through once.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from glokal.core.files.atomic import sync_folder, sync_opened_folder

Linked = Mapping[str, tuple[int, str]]
_NONE: Linked = {}
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW


def finish_files(root: Path, linked: Linked = _NONE) -> dict[str, str]:
    """Let everyone read all files, sync them to the disk; return their digests.

    The digests are by path, in its order. `linked` are the number (inode) and the
    digest of files that are one with a file of the last build: those are readable and
    on the disk. A web server runs as a user of its own, so that the creation mask
    (umask) doesn't count. Raises OSError.
    """
    return dict(sorted(_finished(root, linked), key=lambda found: found[0].split("/")))


def finish_file(root: Path, name: str) -> None:
    """Do so for a file at the root that came after the others."""
    _finish_file(root, name, None)
    sync_folder(root)


def _finished(root: Path, linked: Linked) -> Iterator[tuple[str, str]]:
    waiting = [""]
    while waiting:
        here = waiting.pop()
        folder = os.open(f"{root}/{here}", _FOLDER)
        try:
            _let_read(folder, 0o555)
            with os.scandir(folder) as entries:
                for entry in entries:
                    path = here + entry.name
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{path}/")
                        continue
                    # Another file can't have the number: the old one has it still.
                    number, result = linked.get(path, (0, ""))
                    if number != entry.inode():
                        result = _finish_file(root, entry.name, folder)
                    yield path, result
            sync_opened_folder(folder)
        finally:
            os.close(folder)


def _finish_file(root: Path, name: str, folder: int | None) -> str:
    path = name if folder is not None else f"{root}/{name}"
    with os.fdopen(os.open(path, _FILE, dir_fd=folder), "rb") as file:
        _let_read(file.fileno(), 0o444)
        result = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return result


def _let_read(file: int, bits: int) -> None:
    mode = stat.S_IMODE(os.fstat(file).st_mode)
    if mode | bits != mode:
        os.fchmod(file, mode | bits)
