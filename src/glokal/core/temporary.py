"""Temporary files and folders that are gone after any end.

Each is locked (flock(2)) as long as the process that made it lives. What a killed one
has left bears the prefix and has no lock, so the next command knows it, and removes
it. The number of a process would not do: it is used again, and means nothing in another
container on the same volume.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from glokal.core.os_errors import machine_error
from glokal.errors import MachineError

PREFIX = ".glokal-tmp-"
# In the system's folder for temporary files nothing need be hidden.
FOLDER_PREFIX = "glokal-tmp-"
_TRIES = 20
_VARIABLES = ("TMPDIR", "TEMP", "TMP")


@contextmanager
def temporary_file(folder: Path) -> Iterator[tuple[int, Path]]:
    """Make a file in a folder, yield its descriptor (to write) and its path.

    The file has the permissions that a new file gets. It is removed in the end unless
    it has been given another name. Raises OSError.
    """
    descriptor, path = _locked_file(folder)
    try:
        yield descriptor, path
    finally:
        with suppress(FileNotFoundError):
            path.unlink()
        os.close(descriptor)


def _locked_file(folder: Path) -> tuple[int, Path]:
    for _ in range(_TRIES):
        path = folder / f"{PREFIX}{secrets.token_hex(8)}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            # Between the two calls another process may take it for one left behind.
            if _lock(descriptor, without=True) and os.fstat(descriptor).st_nlink:
                return descriptor, path
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    raise FileExistsError(f"{folder} is being cleared by another process")


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder in the system's one for temporary files; it is gone in the end.

    Raises MachineError when there is no such place, or it takes no more.
    """
    base = temporary_place()
    sweep(base)
    try:
        descriptor, path = locked_folder(base, FOLDER_PREFIX)
    except OSError as error:
        raise machine_error(
            error,
            f"{base} takes no temporary files",
            remedy="name another folder with TMPDIR.",
        ) from error
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)


def temporary_place() -> Path:
    """Return the system's folder for temporary files; MachineError for none.

    The folder one stands in, which Python would take in the end, is none unless the
    environment says so: it is the project.
    """
    try:
        found = Path(tempfile.gettempdir())
    except OSError as error:
        raise _no_place() from error
    named = [Path(os.environ[v]) for v in _VARIABLES if os.environ.get(v)]
    here = Path.cwd()
    if found == here and not any(here == place.absolute() for place in named):
        raise _no_place()
    return found


def _no_place() -> MachineError:
    return MachineError(
        "There is no folder for temporary files that can be written.",
        remedy="name one with room in it with TMPDIR.",
    )


def locked_folder(base: Path, prefix: str) -> tuple[int, Path]:
    """Make a folder with a random name; return the descriptor that locks it, and it.

    Only its owner may enter it. Raises OSError.
    """
    for _ in range(_TRIES):
        path = base / f"{prefix}{secrets.token_hex(8)}"
        path.mkdir(0o700)
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            if _lock(descriptor, without=True) and path.exists():
                return descriptor, path
            os.close(descriptor)
    raise FileExistsError(f"{base} is being cleared by another process")


def sweep(folder: Path, *prefixes: str) -> None:
    """Remove what killed processes of this user have left in a folder.

    Told by the prefixes (else those of this module) and by the lock that is free. What
    can't be removed stays: it does no harm but to take room.
    """
    wanted = prefixes or (PREFIX, FOLDER_PREFIX)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(wanted):
                with suppress(OSError):
                    remove_unlocked(Path(entry.path))


def remove_unlocked(path: Path) -> bool:
    """Remove a file or folder whose maker lives no more; whether it is gone.

    Raises OSError when it can't be looked at.
    """
    with unlocked(path) as free:
        if not free:
            return False
        if stat.S_ISDIR(path.lstat().st_mode):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    return True


@contextmanager
def unlocked(path: Path) -> Iterator[bool]:
    """Whether a file or folder of this user is locked by nobody; held in the block.

    A link or another kind of file counts as locked. Raises OSError.
    """
    found = path.lstat()
    if found.st_uid != os.geteuid() or stat.S_IFMT(found.st_mode) not in (
        stat.S_IFREG,
        stat.S_IFDIR,
    ):
        yield False
        return
    # A folder that is being removed has perhaps lost its rights to be read.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(path, flags)
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, *, without: bool = False) -> bool:
    """Whether the lock was got; `without` is what a file system without locks gives.

    There a maker goes on, and nothing that was left is removed.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return without
    return True
