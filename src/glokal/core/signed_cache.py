"""A cache in a project's folder that believes only what this user wrote here.

Each entry is a text with a code before it: HMAC-SHA-256 (RFC 2104) by the machine's key
over the name of the cache, the name of the entry and the text. Whoever gives somebody
else a folder can't make such a code, nor pass one entry off as another. What doesn't
fit is as if it weren't there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from glokal.core.files.symlinks import links_below
from glokal.core.files.temporary import temporary_file, write_all
from glokal.core.machine_key import machine_key

# A larger entry is none of ours.
_BYTES = 1 << 30


class SignedCache:
    """The texts in a folder of a project, by name.

    `root` is the project's folder, which holds the cache's. Where that is reached by a
    link, or there is no key, nothing is read and nothing written.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder = folder
        self._root = root

    @cached_property
    def _key(self) -> bytes | None:
        if links_below(self._root, self._folder):
            return None
        return machine_key(self._root)

    def read(self, name: str) -> str | None:
        """Return the text of an entry, None when there is none of our own."""
        if self._key is None:
            return None
        try:
            code, _, text = read_plain(self._folder / name).partition(b"\n")
            whole = hmac.compare_digest(code, self._code(self._key, name, text))
            return text.decode() if whole else None
        except (OSError, UnicodeDecodeError):
            return None

    def write(self, name: str, text: str) -> None:
        """Keep a text; where that can't be, it is only made again next time."""
        if self._key is None:
            return
        data = text.encode()
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary_file(self._folder, 0o600) as (file, result):
                write_all(file, self._code(self._key, name, data) + b"\n" + data)
                result.replace(self._folder / name)

    def _code(self, key: bytes, name: str, text: bytes) -> bytes:
        payload = json.dumps(["glokal", self._folder.name, name]).encode()
        result = hmac.new(key, payload + b"\n" + text, hashlib.sha256)
        return result.hexdigest().encode()


def read_plain(path: Path) -> bytes:
    """Return the bytes of a file; OSError for a link, a FIFO or anything else."""
    return read_plain_and_state(path)[0]


def read_plain_and_state(path: Path | str) -> tuple[bytes, os.stat_result]:
    """Return what `read_plain` does, and the state of the file that was read."""
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(file, "rb") as opened:
        payload = os.fstat(file)
        if not stat.S_ISREG(payload.st_mode) or payload.st_size > _BYTES:
            raise OSError("not a plain file")
        return opened.read(), payload
