"""The lock on a project: one command at a time writes sources, editions, publication.

The system holds it (flock(2), by `filelock`), so it ends with the process that has it,
however that ends. The file says who has it, for those who wait.
"""

from __future__ import annotations

import datetime
import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from glokal.core.errors import UsageError
from glokal.core.files.symlinks import links_below
from glokal.core.os_errors import machine_error

WAIT_SECONDS = 600.0
# Who waits longer than this is told what it is for.
_PATIENCE = 1.0
_NAME = ".cache/glokal/lock"
# Who holds it is told in a line.
_MOST = 10_000
_NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM)


class LockedError(UsageError):
    """Another command is writing to the project."""


@contextmanager
def project_lock(
    root: Path,
    command: str,
    *,
    wait: float = WAIT_SECONDS,
    say: Callable[[str], None] = lambda _text: None,
    needed: bool = True,
) -> Iterator[None]:
    """Hold the lock on the project in a folder; `command` is who holds it, in words.

    Waits up to `wait` seconds, and says so after one. Raises LockedError when it is not
    free by then, UsageError where a link leads to it, which a stranger may have made,
    MachineError when there can be no lock; without `needed` a project
    that can't be written needs none, since nobody like us writes to it.
    """
    # It takes 60 ms to import, and only commands that write need it.
    from filelock import FileLock, Timeout

    path = root / _NAME
    if paths := links_below(root, path.parent):
        raise UsageError(
            f"{paths[0]} is a link, to {paths[0].readlink()}; the lock on the project "
            "is not taken through it.",
            remedy="put a folder in its place, or take the link away.",
        )

    def write_holder(descriptor: int) -> None:
        properties = {
            "command": command,
            "process": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.datetime.now().isoformat(" ", "seconds"),
        }
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(properties).encode(), 0)

    lock = FileLock(
        path,
        fallback_to_soft=False,
        thread_local=False,
        on_acquired=_without_fail(write_holder),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=min(_PATIENCE, wait))
        except Timeout:
            if wait <= _PATIENCE:
                raise
            say(f"waiting for {_holder(path)} …")
            lock.acquire(timeout=wait - _PATIENCE)
    except Timeout as error:
        holder = _holder_of(path)
        raise LockedError(
            f"The project is being written by {_holder(path)}.",
            remedy="run it again when that is over, or let it wait: --wait SECONDS.",
            name="lock.held" if holder else "lock.unknown",
            values=holder,
        ) from error
    except OSError as error:
        if needed or error.errno not in _NOT_WRITABLE:
            raise machine_error(
                error, f"The lock on the project, {path}, can't be taken", file=path
            ) from error
    try:
        yield
    finally:
        lock.release()


def _without_fail(write: Callable[[int], None]) -> Callable[[int], None]:
    def tell(descriptor: int) -> None:
        try:
            write(descriptor)
        except OSError:
            # On a full disk the lock holds as well without its words.
            os.ftruncate(descriptor, 0)

    return tell


def _holder(path: Path) -> str:
    """Return who holds a lock, in words."""
    holder = _holder_of(path)
    if not holder:
        return "another command of Glokal"
    return "{command} (process {process} on {host}, since {since})".format(**holder)


def _holder_of(path: Path) -> dict[str, object]:
    """Return what the holder of a lock has written of itself; empty if nothing."""
    try:
        with path.open(encoding="utf-8") as file:
            said = json.loads(file.read(_MOST))
        return {key: said[key] for key in ("command", "process", "host", "since")}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
