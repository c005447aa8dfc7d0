"""What a stopped command has left in a project: completed, undone, cleared away.

Every command on a project looks for it first. Those that write do it with the lock that
they hold; those that read take the lock for that moment only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from glokal.core.errors import MachineError, UsageError
from glokal.core.files.journal import is_committed, is_pending, recover
from glokal.core.files.left_behind import sweep
from glokal.core.files.lock import LockedError, project_lock
from glokal.core.files.temporary import temporary_place
from glokal.site.atomic_swap import recover_directories

Say = Callable[[str], None]
# A change that is being put in place takes moments.
_SECONDS = 60.0
_PAUSE = 0.05
_CACHES = (".cache/glokal", ".cache/glokal/made", ".cache/glokal/reason")


def recover_before_writing(root: Path, say: Say) -> None:
    """Complete or undo what was stopped; the lock on the project is held.

    Raises as `recover`.
    """
    recover(root, say)
    recover_directories(root)
    _clear(root)


def recover_before_reading(root: Path, say: Say) -> None:
    """Do the same for a command that only reads; it waits for a change at work.

    A folder that can't be written is read as it is if nothing had been decided. Raises
    MachineError when old and new files may stand in it side by side.
    """
    until = time.monotonic() + _SECONDS
    while is_pending(root):
        try:
            with project_lock(root, "glokal, finishing a change", wait=0):
                recover(root, say)
        except LockedError as error:
            if not is_committed(root):
                break
            if time.monotonic() > until:
                raise UsageError(
                    f"A change of the project takes more than {_SECONDS:.0f} seconds.",
                    remedy="see whether the command that makes it hangs.",
                ) from error
            time.sleep(_PAUSE)
        except MachineError as error:
            if not is_committed(root):
                say(f"a change of {root} was stopped early, and had changed nothing.")
                break
            raise MachineError(
                f"A change of {root} was stopped half-way, and can't be completed: "
                f"{error.what}",
                remedy="run glokal check there as one who may write.",
            ) from error
    recover_directories(root)
    _clear(root)


def _clear(root: Path) -> None:
    for folder in (root, *(root / cache for cache in _CACHES)):
        sweep(folder)
    try:
        sweep(temporary_place())
    except MachineError:
        # Who needs the folder will say so.
        return
