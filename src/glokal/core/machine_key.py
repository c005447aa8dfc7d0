"""A secret key of this user on this machine, to know one's own files again.

It lies in the user's folder for state (XDG Base Directory Specification on Linux), is
made when it is first asked for, and nobody else may read it. With the key goes what it
has signed: that is then made again.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

import platformdirs

from glokal.core.files.left_behind import PREFIX, sweep
from glokal.core.files.temporary import temporary_file, write_all

_BYTES = 32
_NAME = "cache.key"


def machine_key(outside: Path) -> bytes | None:
    """Return the key, made when there is none; None when there can be none.

    A key below the folder `outside` is not taken: whoever wrote the folder could have
    written the key. Neither is one that others own or may read.
    """
    try:
        folder = platformdirs.user_state_path("glokal", appauthor=False)
    except RuntimeError:
        # No HOME, and a user whom the system doesn't know, as in many containers.
        return None
    path = folder / _NAME
    if not folder.is_absolute() or folder.resolve().is_relative_to(outside.resolve()):
        return None
    # One that was killed as it made the key may have left it under another name, too.
    sweep(folder, PREFIX)
    try:
        return _read(path) or _make(path)
    except OSError:
        return None


def _read(path: Path) -> bytes | None:
    """Return the key in a file, None when there is none that can be trusted."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(file, "rb") as opened:
        payload = os.fstat(file)
        own = stat.S_ISREG(payload.st_mode) and payload.st_uid == os.geteuid()
        if not own or payload.st_mode & 0o077:
            return None
        result = opened.read(_BYTES + 1)
    return result if len(result) == _BYTES else None


def _make(path: Path) -> bytes | None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with temporary_file(path.parent, 0o600) as (file, result):
        write_all(file, secrets.token_bytes(_BYTES))
        try:
            # Whole or not at all, and of two that make one at once the first.
            os.link(result, path)
        except FileExistsError:
            if _read(path) is None:
                # One that others could read, or that was cut off.
                result.replace(path)
    return _read(path)
