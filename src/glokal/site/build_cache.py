"""What the last build made and this one need not make again.

Each file has a key: a digest of all that it is made from. When the key is the same and
the old file is whole, it is taken over as it is, as a link to it where that can be:
builds write new files in the place of old ones, and to none that is there. The keys lie
in the project's cache, signed, so a publication holds nothing but itself; without them
everything is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from glokal.core.files.data_files import Data, DataFile, write_data_file, write_new
from glokal.core.files.symlinks import path_below
from glokal.core.signed_cache import SignedCache, read_plain_and_state
from glokal.site.build_stamp import name_of, package_digest

# An object that doesn't say what it holds can't tell whether it has changed.
_OPAQUE = " object at 0x", "<generator "


class BuildCache:
    """The files of the last build by their keys, and those of this one.

    `linked` are the digests of those that are one with a file of the last build, by the
    number of the file (inode).
    """

    def __init__(
        self,
        old: Path,
        new: Path,
        cache: SignedCache,
        linked: dict[int, str] | None = None,
    ) -> None:
        self._old, self._new = old, new
        self._cache, self._entry = cache, f"{name_of(old)}.json"
        self._made: dict[str, tuple[str, str]] = {}
        self._before = self._read()
        # Whether a folder of the last build is one, and no link leads there.
        self._folders: dict[str, bool] = {"": True}
        self.linked = {} if linked is None else linked
        self.reused = 0

    @cached_property
    def _package(self) -> str:
        return package_digest()

    @cached_property
    def _mode(self) -> int:
        """The permissions of a file that this build would write."""
        return (self._new.stat().st_mode & 0o666) | 0o444

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
        known = self._before.get(path)
        if not key or known is None or known[0] != key:
            return False
        source = f"{self._old}/{path}"
        if not self._is_own(path.rpartition("/")[0]):
            return False
        try:
            data, state = read_plain_and_state(source)
        except OSError:
            return False
        if hashlib.sha256(data).hexdigest() != known[1]:
            return False
        target = path_below(self._new, path)
        if not self._link(source, target, state):
            write_new(target, data)
        else:
            self.linked[state.st_ino] = known[1]
        self._made[path] = known
        self.reused += 1
        return True

    def data_file(
        self, path: str, media: str, made_from: object, make: Callable[[], Data]
    ) -> DataFile:
        """Write a data file, or take it over; see `DataFiles`."""
        key = self.key(media, made_from)
        if self.take(path, key):
            size = (self._new / path).stat().st_size
            return DataFile(path, media, size, self._made[path][1])
        file = write_data_file(self._new, path, make(), media)
        self.note_digest(path, key, file.sha256)
        return file

    def note_digest(self, path: str, key: str, digest: str) -> None:
        """Remember a file that has just been written, with its digest."""
        if key:
            self._made[path] = (key, digest)

    def save(self) -> None:
        """Write the keys for the next build; where that can't be, it makes all anew."""
        text = json.dumps(self._made, separators=(",", ":"))
        self._cache.write(self._entry, text)

    def _is_own(self, folder: str) -> bool:
        """Whether a folder below the last build is reached without a link.

        It is made in the new one then.
        """
        known = self._folders.get(folder)
        if known is None:
            try:
                mode = os.lstat(f"{self._old}/{folder}").st_mode
            except OSError:
                mode = 0
            known = self._is_own(folder.rpartition("/")[0]) and stat.S_ISDIR(mode)
            if known:
                path_below(self._new, folder).mkdir(parents=True, exist_ok=True)
            self._folders[folder] = known
        return known

    def _link(self, source: str, target: Path, read: os.stat_result) -> bool:
        """Link to a file of the last build whose bytes have been read; False if not.

        Only to one with the permissions and the owner that a new file has.
        """
        if stat.S_IMODE(read.st_mode) != self._mode or read.st_uid != os.geteuid():
            return False
        try:
            os.link(source, target)
        except OSError:
            return False
        # Whoever has put another there since, that one isn't taken.
        found = target.lstat()
        if (found.st_ino, found.st_mtime_ns) == (read.st_ino, read.st_mtime_ns):
            return True
        target.unlink()
        return False

    def _read(self) -> dict[str, tuple[str, str]]:
        text = self._cache.read(self._entry)
        result = json.loads(text) if text is not None else {}
        return {path: (key, digest) for path, (key, digest) in result.items()}
