"""A folder of a server's own: links to a build's files, its store, held answers.

It has a random name, nobody else may read it, and it is locked as long as its server
runs (flock(2)); a number of a process would say nothing to a server in another
container on the same volume. What killed servers have left is removed by the next that
starts.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from glokal.core.errors import UsageError
from glokal.core.files.symlinks import links_below
from glokal.core.files.temporary import temporary_place
from glokal.core.os_errors import machine_error
from glokal.core.signals import uninterrupted

_LIVE, _MAKING, _OLD = "server-", "making-", "removed-"
_LOCK = "lock"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO)
# A folder in the making is locked within moments; one that isn't was left.
_MAKING_SECONDS = 3600.0


@dataclass
class StateFolder:
    """The folder; `lock` is the open file that holds the lock, `note` a word to say."""

    path: Path
    lock: int
    note: str = ""

    def remove(self) -> None:
        """Remove the folder with all that is in it, and give up the lock."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1


def open_state(root: Path, folder: str, *, usual: str) -> StateFolder:
    """Make a folder for a server of the project in `root`, and remove old ones.

    `folder` is where, below the project or absolute. The usual one is replaced by the
    system's folder for temporary files when it can't be written, or is reached by a
    link, which a stranger may have made, and the note says so; any other must be
    writable: UsageError; MachineError when it has no room. A signal that would end the
    command leaves none behind.
    """
    made: list[StateFolder] = []
    try:
        with uninterrupted():
            made.append(_open(root, folder, usual))
    except BaseException:
        for result in made:
            result.remove()
        raise
    return made[0]


def _open(root: Path, folder: str, usual: str) -> StateFolder:
    base = root / folder
    try:
        if folder == usual and (paths := links_below(root, base)):
            raise OSError(errno.ELOOP, f"{paths[0]} is a link")
        return _make(base)
    except OSError as error:
        why = f"{base} can't be written ({error.strerror})"
        if folder != usual:
            if error.errno in _NO_ROOM:
                raise machine_error(
                    error, f"{base} can't have the server's own files"
                ) from error
            raise UsageError(
                f"{why}, and it is to have the server's own files.",
                remedy="name one that you may write in with --state.",
            ) from error
    place = temporary_place()
    try:
        own = _temporary(place)
        result = _make(own)
    except OSError as error:
        raise UsageError(
            f"The server has no folder for its own files: {why}, and neither can "
            f"{place} ({error.strerror}).",
            remedy="name one that you may write in with --state.",
        ) from error
    result.note = f"{why}: the server's own files are in {own}; --state names another."
    return result


def _temporary(place: Path) -> Path:
    """Return a folder for this user below the system's one for temporary files."""
    base = place / f"glokal-{os.geteuid()}"
    with contextlib.suppress(FileExistsError):
        base.mkdir(0o700)
    result = base.lstat()
    if not stat.S_ISDIR(result.st_mode) or result.st_uid != os.geteuid():
        # Somebody else was there before.
        return Path(tempfile.mkdtemp(prefix="glokal-", dir=place))
    return base


def _make(base: Path) -> StateFolder:
    base.mkdir(parents=True, exist_ok=True)
    _clear(base)
    making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=base))
    try:
        lock = os.open(making / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Seen by others from now on, and never without its lock.
            path = making.with_name(_LIVE + making.name.removeprefix(_MAKING))
            making.rename(path)
        except BaseException:
            os.close(lock)
            raise
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return StateFolder(path, lock)


def _clear(base: Path) -> None:
    """Remove what servers have left that run no more; a link leads nowhere."""
    for left in base.iterdir():
        if left.is_symlink() or not left.is_dir():
            continue
        if left.name.startswith(_LIVE):
            _remove_unlocked(left)
        elif left.name.startswith(_OLD) or (
            left.name.startswith(_MAKING) and _age(left) > _MAKING_SECONDS
        ):
            shutil.rmtree(left, ignore_errors=True)


def _remove_unlocked(left: Path) -> None:
    with contextlib.suppress(OSError):
        lock = os.open(left / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A removal that is stopped half-way goes on next time, by this name.
            old = left.with_name(_OLD + left.name.removeprefix(_LIVE))
            left.rename(old)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            os.close(lock)


def _age(folder: Path) -> float:
    """Return for how many seconds a folder has not been changed."""
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0
