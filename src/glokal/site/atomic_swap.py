"""A folder written beside the old one and then put in its place.

Whatever stops a build, the old publication stands: at once when the build fails or is
interrupted, at the next command when it was killed. A folder in the making is locked
as long as its build lives.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from glokal.core.errors import UsageError
from glokal.core.files.atomic import note_change, sync_folder
from glokal.core.files.left_behind import remove_unlocked, unlocked
from glokal.core.files.temporary import made_parents, making_folder
from glokal.core.os_errors import machine_error
from glokal.core.signals import uninterrupted
from glokal.site.build_stamp import STAMP

_OLD = "-old"
_LEFT = re.compile(r"(?P<made>\.(?P<name>.+)-glokal-[0-9a-f]{16})(?P<old>-old)?")


@contextmanager
def replace_directory(target: Path) -> Iterator[Path]:
    """Yield a new folder that takes the place of `target` when the block ends well.

    What the block writes it also syncs to the disk (`finished_files`).
    Raises MachineError when the folder can't be written, UsageError when it holds
    something else.
    """
    recover_directory(target)
    if target.exists() and not (target / STAMP).is_file() and any(target.iterdir()):
        raise UsageError(
            f"The folder {target} holds something that Glokal did not build.",
            remedy="name another folder with -o, or empty this one.",
        )
    with ExitStack() as stack:
        try:
            stack.enter_context(made_parents(target))
            name = f".{target.name}-glokal-"
            result = stack.enter_context(making_folder(target.parent, name, 0o777))
        except OSError as error:
            raise machine_error(
                error,
                f"The folder {target} can't be written",
                remedy="name a folder that you may write in with -o.",
                file=target,
            ) from error
        old = result.with_name(f"{result.name}{_OLD}")
        try:
            yield result
            with uninterrupted():
                _swap(result, target, old)
        except OSError as error:
            raise machine_error(
                error, f"{target} can't be written", file=target
            ) from error
        finally:
            with uninterrupted():
                if not target.exists() and old.exists():
                    old.rename(target)
                shutil.rmtree(old, ignore_errors=True)


def _swap(path: Path, target: Path, old: Path) -> None:
    if target.exists():
        target.rename(old)
    try:
        path.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    note_change(target)
    sync_folder(target.parent)


def recover_directory(target: Path) -> None:
    """Clear away what a killed build left; put back the folder that it set aside."""
    _clear(target.parent, target.name)


def recover_directories(folder: Path) -> None:
    """Do so for every publication in a folder, whatever its name."""
    _clear(folder, None)


def _clear(folder: Path, name: str | None) -> None:
    with suppress(OSError):
        for left in sorted(folder.iterdir()):
            match = _LEFT.fullmatch(left.name)
            if match is None or name not in (None, match["name"]):
                continue
            target = left.with_name(match["name"])
            with suppress(OSError):
                if match["old"]:
                    _put_back(left, left.with_name(match["made"]), target)
                else:
                    remove_unlocked(left)


def _put_back(old: Path, path: Path, target: Path) -> None:
    """Give a folder that was set aside its name again, unless another has taken it."""
    if path.exists():
        with unlocked(path) as free:
            if not free:
                # Its build is just putting the new one there.
                return
    if target.exists():
        remove_unlocked(old)
    else:
        old.rename(target)
