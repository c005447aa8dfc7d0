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
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import IO

from glokal.core.files.symlinks import links_below
from glokal.core.files.temporary import temporary_file, write_all
from glokal.core.machine_key import machine_key

# A larger entry is none of ours.
_BYTES = 1 << 30
# What is read at once.
_PART = 1 << 20
# The code in hexadecimal, and the end of its line.
_HEAD = 2 * hashlib.sha256().digest_size + 1


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
        with suppress(UnicodeDecodeError), self.opened(name) as file:
            return None if file is None else file.read().decode()
        return None

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes] | None]:
        """Open the text of an entry, None when there is none of our own.

        It is read twice, in parts: it must be whole before any of it is believed.
        """
        with ExitStack() as ending:
            yield self._believed(name, ending)

    def _believed(self, name: str, ending: ExitStack) -> IO[bytes] | None:
        if self._key is None:
            return None
        with suppress(OSError):
            file = ending.enter_context(open_plain(self._folder / name))
            head = file.read(_HEAD)
            code = self._code(self._key, name, iter(partial(file.read, _PART), b""))
            if hmac.compare_digest(head, code):
                file.seek(_HEAD)
                return file
        return None

    def write(self, name: str, text: str) -> None:
        """Keep a text; where that can't be, it is only made again next time."""
        self.write_parts(name, [text.encode()])

    def write_parts(self, name: str, parts: Iterable[bytes]) -> None:
        """Keep what the parts are together, as `write` does; one is held at a time."""
        if self._key is None:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary_file(self._folder, 0o600) as (file, result):
                # The code goes before what it is of.
                os.lseek(file, _HEAD, os.SEEK_SET)
                code = self._code(self._key, name, _written(file, parts))
                os.lseek(file, 0, os.SEEK_SET)
                write_all(file, code)
                result.replace(self._folder / name)

    def _code(self, key: bytes, name: str, parts: Iterable[bytes]) -> bytes:
        payload = json.dumps(["glokal", self._folder.name, name]).encode()
        result = hmac.new(key, payload + b"\n", hashlib.sha256)
        for part in parts:
            result.update(part)
        return f"{result.hexdigest()}\n".encode()


def _written(file: int, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Write each part to a file, then yield it."""
    for part in parts:
        write_all(file, part)
        yield part


def read_plain(path: Path) -> bytes:
    """Return the bytes of a file; OSError for a link, a FIFO or anything else."""
    return read_plain_and_state(path)[0]


def read_plain_and_state(path: Path | str) -> tuple[bytes, os.stat_result]:
    """Return what `read_plain` does, and the state of the file that was read."""
    with open_plain(path) as opened:
        return opened.read(), os.fstat(opened.fileno())


def open_plain(path: Path | str) -> IO[bytes]:
    """Open a file to read; OSError for a link, a FIFO or anything else."""
    opened = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    payload = os.fstat(opened.fileno())
    if not stat.S_ISREG(payload.st_mode) or payload.st_size > _BYTES:
        opened.close()
        raise OSError("not a plain file")
    return opened
