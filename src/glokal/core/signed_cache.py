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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO

from glokal.core.errors import MachineError
from glokal.core.files.spool import BLOCK, Segment, Spool
from glokal.core.files.symlinks import links_below
from glokal.core.files.temporary import temporary_file, write_all
from glokal.core.machine_key import machine_key

# A larger entry is none of ours.
_BYTES = 1 << 30
# The line with the code has 64 digits.
_LINE = 1 << 10


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
        self.write_parts(name, [text.encode()])

    def read_segment(self, name: str) -> Segment | None:
        """Return the bytes of an entry that may be large, in a temporary file.

        They are copied there as they are looked at, so that nobody changes them after;
        where there is no room for them, it is as if there were none.
        """
        if self._key is None:
            return None
        told = self._told(self._key, name)

        def seen(file: IO[bytes]) -> Iterator[bytes]:
            while block := file.read(BLOCK):
                told.update(block)
                yield block

        try:
            with open_plain(self._folder / name) as file:
                code = file.readline(_LINE)
                result = Spool().write(seen(file))
        except (OSError, MachineError):
            return None
        whole = hmac.compare_digest(code, _line_of(told))
        return result if whole else None

    def write_parts(self, name: str, parts: Iterable[bytes]) -> None:
        """Keep bytes that come in parts, as `write` does; they are never held whole."""
        if self._key is None:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary_file(self._folder, 0o600) as (file, result):
                told = self._told(self._key, name)
                # The code is known when all has been seen, and stands before it.
                write_all(file, _line_of(told))
                for part in parts:
                    told.update(part)
                    write_all(file, part)
                os.lseek(file, 0, os.SEEK_SET)
                write_all(file, _line_of(told))
                result.replace(self._folder / name)

    def _code(self, key: bytes, name: str, text: bytes) -> bytes:
        told = self._told(key, name)
        told.update(text)
        return told.hexdigest().encode()

    def _told(self, key: bytes, name: str) -> hmac.HMAC:
        payload = json.dumps(["glokal", self._folder.name, name]).encode()
        return hmac.new(key, payload + b"\n", hashlib.sha256)


def _line_of(told: hmac.HMAC) -> bytes:
    return told.hexdigest().encode() + b"\n"


def read_plain(path: Path) -> bytes:
    """Return the bytes of a file; OSError for a link, a FIFO or anything else."""
    return read_plain_and_state(path)[0]


def read_plain_and_state(path: Path | str) -> tuple[bytes, os.stat_result]:
    """Return what `read_plain` does, and the state of the file that was read."""
    with open_plain(path) as opened:
        return opened.read(), os.fstat(opened.fileno())


@contextmanager
def open_plain(path: Path | str) -> Iterator[IO[bytes]]:
    """Open a file to be read; OSError for a link, a FIFO or anything else."""
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(file, "rb") as opened:
        state = os.fstat(file)
        if not stat.S_ISREG(state.st_mode) or state.st_size > _BYTES:
            raise OSError("not a plain file")
        yield opened
