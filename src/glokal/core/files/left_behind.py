"""What killed processes have left: temporary files and folders that nobody has locked.

Each bears a prefix and is locked (flock(2)) as long as the process that made it lives.
What has the prefix and no lock is nobody's any more, and the next command removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".glokal-tmp-"
# In the system's folder for temporary files nothing need be hidden.
FOLDER_PREFIX = "glokal-tmp-"


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
    result = path.lstat()
    if result.st_uid != os.geteuid() or stat.S_IFMT(result.st_mode) not in (
        stat.S_IFREG,
        stat.S_IFDIR,
    ):
        yield False
        return
    # A folder that is being removed has perhaps lost its rights to be read.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(path, flags)
    try:
        yield lock_file(descriptor)
    finally:
        os.close(descriptor)


def lock_file(descriptor: int, *, without: bool = False) -> bool:
    """Lock an open file or folder; whether the lock was got.

    `without` is what a file system without locks gives.
    There a maker goes on, and nothing that was left is removed.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return without
    return True
