"""Temporary files and folders that are gone after any end.

Each is locked (flock(2)) as long as the process that made it lives. What a killed one
has left bears the prefix and has no lock, so the next command knows it, and removes
it. The number of a process would not do: it is used again, and means nothing in another
container on the same volume.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from glokal.core.errors import MachineError
from glokal.core.files.left_behind import FOLDER_PREFIX, PREFIX, lock_file, sweep
from glokal.core.os_errors import errno_of, machine_error
from glokal.core.signals import uninterrupted

_TRIES = 20
_VARIABLES = ("TMPDIR", "TEMP", "TMP")
# The Filesystem Hierarchy Standard 3.0, sections 3.18 and 5.15.
_USUAL = ("/tmp", "/var/tmp")  # noqa: S108
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def temporary_file(folder: Path, mode: int = 0o666) -> Iterator[tuple[int, Path]]:
    """Make a file in a folder, yield its descriptor (to write) and its path.

    `mode` is what the file's creation mask (umask) takes from. The file is removed in
    the end unless it has been given another name. Raises OSError.
    """
    results: list[tuple[int, Path]] = []
    try:
        with uninterrupted():
            results.append(_locked_file(folder, mode))
        yield results[0]
    finally:
        with uninterrupted():
            for descriptor, path in results:
                # Most often it has another name by now. One that can't be removed is
                # for the next command: what was done is done.
                with suppress(OSError):
                    path.unlink()
                os.close(descriptor)


def _locked_file(folder: Path, mode: int) -> tuple[int, Path]:
    for _ in range(_TRIES):
        path = folder / f"{PREFIX}{secrets.token_hex(8)}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
        try:
            # Between the two calls another process may take it for one left behind.
            if lock_file(descriptor, without=True) and os.fstat(descriptor).st_nlink:
                return descriptor, path
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    raise FileExistsError(f"{folder} is being cleared by another process")


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it, however little the system takes at once; OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder in the system's one for temporary files; it is gone in the end.

    Raises MachineError when there is no such place, or it takes no more; so does a
    write in it that the system refuses without a name, as write(2) and Rust do.
    """
    base = temporary_place()
    sweep(base)
    with ExitStack() as stack:
        try:
            result = stack.enter_context(making_folder(base, FOLDER_PREFIX))
        except OSError as error:
            raise _takes_none(error, base) from error
        with _telling(base):
            yield result


@contextmanager
def _telling(base: Path) -> Iterator[None]:
    """Say where there is no room, when the error itself names no file."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or errno_of(error) not in _NO_ROOM:
            raise
        raise machine_error(
            error, f"Temporary files can't be written in {base}", file=base
        ) from error


@contextmanager
def making_folder(base: Path, prefix: str, mode: int = 0o700) -> Iterator[Path]:
    """Make a folder with a random name; it is removed unless it has another name then.

    It is locked until then. `mode` is what the creation mask (umask) takes from.
    Raises OSError.
    """
    results: list[tuple[int, Path]] = []
    try:
        with uninterrupted():
            results.append(_locked_folder(base, prefix, mode))
        yield results[0][1]
    finally:
        with uninterrupted():
            for descriptor, path in results:
                shutil.rmtree(path, ignore_errors=True)
                os.close(descriptor)
                _remove_with_one_file(path)


def _remove_with_one_file(root: Path) -> None:
    """Remove what is left of a folder where no more than one file can be opened.

    shutil.rmtree opens every folder on its way down, and so leaves all of it at the
    limit of open files (EMFILE), and what stands in a folder that is read-only.
    """
    open_folders(root)
    for folder, folders, names in os.walk(root, topdown=False):
        for name in (*names, *folders):
            path = Path(folder, name)
            with suppress(OSError):
                # A link to a folder is among the folders.
                if name in folders and not path.is_symlink():
                    path.rmdir()
                else:
                    path.unlink()
    with suppress(OSError):
        root.rmdir()


def open_folders(root: Path) -> None:
    """Let this user write in all folders below one, whatever they were copied from."""
    for folder, folders, _ in os.walk(root):
        for name in folders:
            path = Path(folder, name)
            with suppress(OSError):
                if not path.is_symlink():
                    path.chmod(0o700)


@contextmanager
def made_parents(path: Path) -> Iterator[None]:
    """Make the folders above a path; those that are empty in the end go again.

    Raises OSError.
    """
    missing = [folder for folder in path.absolute().parents if not folder.exists()]
    try:
        with uninterrupted():
            path.parent.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        with uninterrupted(), suppress(OSError):
            for folder in missing:
                folder.rmdir()


@contextmanager
def unnamed_file() -> Iterator[IO[bytes]]:
    """Open a temporary file that has no name (O_TMPFILE), so that none is left.

    Raises MachineError as `scratch_folder` does.
    """
    with open_unnamed() as file, told_where_full():
        yield file


def open_unnamed() -> IO[bytes]:
    """Open a temporary file without a name, for as long as its object lives.

    Raises MachineError when there is no place for it.
    """
    base = temporary_place()
    try:
        return tempfile.TemporaryFile(dir=base)
    except OSError as error:
        raise _takes_none(error, base) from error


@contextmanager
def told_where_full() -> Iterator[None]:
    """Raise MachineError for a write to a temporary file that finds no room."""
    with _telling(temporary_place()):
        yield


def _takes_none(error: OSError, base: Path) -> MachineError:
    return machine_error(
        error,
        f"{base} takes no temporary files",
        remedy="name another folder with TMPDIR.",
        file=base,
    )


def temporary_place() -> Path:
    """Return the system's folder for temporary files; MachineError for none.

    Python's own search (tempfile.gettempdir) writes a file to try it, which a killed
    process leaves there, and takes the working folder in the end: that is the project.
    """
    named = [os.environ[name] for name in _VARIABLES if os.environ.get(name)]
    for place in (*named, *_USUAL):
        folder = Path(place).absolute()
        if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
            # For the libraries, which ask Python.
            tempfile.tempdir = str(folder)
            return folder
    raise _no_place()


def _no_place() -> MachineError:
    return MachineError(
        "There is no folder for temporary files that can be written.",
        remedy="name one with room in it with TMPDIR.",
    )


def _locked_folder(base: Path, prefix: str, mode: int) -> tuple[int, Path]:
    for _ in range(_TRIES):
        path = base / f"{prefix}{secrets.token_hex(8)}"
        path.mkdir(mode)
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            if lock_file(descriptor, without=True) and path.exists():
                return descriptor, path
            os.close(descriptor)
    raise FileExistsError(f"{base} is being cleared by another process")
