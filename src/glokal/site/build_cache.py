"""What the last build made and this one need not make again.

Each file has a key: a digest of all that it is made from. When the key is the same and
the old file is whole, it is taken over as it is. The keys lie in the project's cache,
signed, so a publication holds nothing but itself; without them everything is made anew.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path

from glokal.core.files.symlinks import path_below
from glokal.core.signed_cache import SignedCache, read_plain
from glokal.site.build_stamp import name_of, package_digest

# An object that doesn't say what it holds can't tell whether it has changed.
_OPAQUE = " object at 0x", "<generator "


class BuildCache:
    """The files of the last build by their keys, and those of this one."""

    def __init__(self, old: Path, new: Path, cache: SignedCache) -> None:
        self._old, self._new = old, new
        self._cache, self._entry = cache, f"{name_of(old)}.json"
        self._made: dict[str, tuple[str, str]] = {}
        self._before = self._read()
        self.reused = 0

    @cached_property
    def _package(self) -> str:
        return package_digest()

    def key(self, *parts: object) -> str:
        """Return the key of a file that is made from parts, "" when it can't be told.

        The parts say by their `repr` all that they hold.
        """
        message = repr(parts)
        if any(mark in message for mark in _OPAQUE):
            return ""
        return hashlib.sha256(f"{self._package} {message}".encode()).hexdigest()

    def take(self, path: str, key: str) -> bool:
        """Take a file over from the last build if it has the key and is whole."""
        if not key or self._before.get(path, ("", ""))[0] != key:
            return False
        try:
            data = read_plain(self._old / path)
        except OSError:
            return False
        if hashlib.sha256(data).hexdigest() != self._before[path][1]:
            return False
        target = path_below(self._new, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self._made[path] = self._before[path]
        self.reused += 1
        return True

    def note(self, path: str, key: str) -> None:
        """Remember a file that has just been written, with its key."""
        if key:
            data = (self._new / path).read_bytes()
            self.note_digest(path, key, hashlib.sha256(data).hexdigest())

    def note_digest(self, path: str, key: str, digest: str) -> None:
        """Remember a file that has just been written, with its digest."""
        if key:
            self._made[path] = (key, digest)

    def save(self) -> None:
        """Write the keys for the next build; where that can't be, it makes all anew."""
        text = json.dumps(self._made, separators=(",", ":"))
        self._cache.write(self._entry, text)

    def _read(self) -> dict[str, tuple[str, str]]:
        text = self._cache.read(self._entry)
        result = json.loads(text) if text is not None else {}
        return {path: (key, digest) for path, (key, digest) in result.items()}
