"""By what a file of the last publication is known unread: the state it was left in.

Its state is its number, its size and two times. A program can set back the time of the
last change of a file's bytes (mtime), not that of its state (ctime), which the system
itself sets whenever bytes, permissions, owner or names change. So a file with the state
of before has the bytes of before; docs/decisions/0104 says what that rests on.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from glokal.core.files.temporary import temporary_file

# A file system's clock has moved on by then, on nearly all.
_WAIT = 0.05
_STEP = 0.001


def state_of(found: os.stat_result) -> str:
    """Return the state of a file as a text."""
    return (
        f"{found.st_dev} {found.st_ino} {found.st_size} "
        f"{found.st_mtime_ns} {found.st_ctime_ns}"
    )


def left_states(root: Path, paths: Iterable[str]) -> Iterator[str]:
    """Yield the state of each file below a folder, "" where that would prove nothing.

    That is so where the file system takes any time that it is told for ctime, and of a
    file that has changed within the tick of the clock that it is looked at.
    """
    now = _moved_on(root.parent)
    for path in paths:
        try:
            found = os.lstat(f"{root}/{path}")
        except OSError:
            found = None
        if found and found.st_ctime_ns < now and stat.S_ISREG(found.st_mode):
            yield state_of(found)
        else:
            yield ""


def _moved_on(folder: Path) -> int:
    """Return the time of a folder's file system, when it is later than at the call.

    What is changed afterwards has this time or a later one. 0 where ctime proves
    nothing.
    """
    try:
        # Its clock may be a server's, and another than this machine's.
        with temporary_file(folder) as (file, _):
            start = _touched(file)
            if start == 0:
                return 0
            end = time.monotonic() + _WAIT
            while (now := _touched(file)) <= start and time.monotonic() < end:
                time.sleep(_STEP)
            return now
    except OSError:
        return 0


def _touched(file: int) -> int:
    """Return the ctime of a file whose mtime is set back; 0 when that goes along."""
    os.utime(file, ns=(0, 0))
    return os.fstat(file).st_ctime_ns
