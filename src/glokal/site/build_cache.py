"""What the last build made and this one need not make again.

Each file has a key: a digest of all that it is made from. When the key is the same and
the old file is whole, it is taken over as it is, as a link to it where that can be:
builds write new files in the place of old ones, and to none that is there. A file is
whole when it is in the state that it was left in (`file_states`), else when its bytes
have their digest. Keys, digests and states lie in the project's cache, signed, so a
publication holds nothing but itself; without them everything is made anew.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from glokal.core.files.data_files import Data, DataFile, write_data_file, write_new
from glokal.core.signed_cache import SignedCache, read_plain_and_state
from glokal.site.build_stamp import name_of, package_digest
from glokal.site.file_states import left_states, state_of

# An object that doesn't say what it holds can't tell whether it has changed.
_OPAQUE = " object at 0x", "<generator "
# The path of a file has none (`path_below`), and neither has what is kept of it.
_BETWEEN, _PARTS = "\0", 4


@dataclass(frozen=True)
class FilesMade:
    """What a copy of the build made or took over, as `BuildCache` has it."""

    made: dict[str, tuple[str, str]]
    linked: dict[str, tuple[int, str]]
    reused: int


class BuildCache:
    """The files of the last build by their keys, and those of this one.

    `linked` are those that are one with a file of the last build, by path: the number
    of the file (inode) and its digest.
    """

    def __init__(self, old: Path, new: Path, cache: SignedCache) -> None:
        self._old, self._new = old, new
        self._cache, self._entry = cache, f"{name_of(old)}.files"
        self._made: dict[str, tuple[str, str]] = {}
        self._before = self._read()
        # Whether a folder of the last build is one, and no link leads there.
        self._folders: dict[str, bool] = {"": True}
        self.linked: dict[str, tuple[int, str]] = {}
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
        if not self._is_own(path.rpartition("/")[0]):
            return False
        _, digest, state = known
        source = f"{self._old}/{path}"
        try:
            found = os.lstat(source)
            if state and state_of(found) == state:
                if not self._link(path, found, digest):
                    self._copy(path, _whole(source, digest)[0])
            else:
                data, found = _whole(source, digest)
                if not self._link(path, found, digest):
                    self._copy(path, data)
        except OSError:
            return False
        self._made[path] = key, digest
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

    def digest(self, path: str) -> str:
        """Return the digest of a file of this build, "" where it isn't known."""
        _, digest = self._made.get(path, ("", ""))
        return digest

    def begin_copy(self) -> None:
        """Be in a copy of the build: tell from now on what is made in it."""
        self._made, self.linked, self.reused = {}, {}, 0

    def told(self) -> FilesMade:
        """Return what was made in a copy."""
        return FilesMade(self._made, self.linked, self.reused)

    def take_in(self, told: FilesMade) -> None:
        """Know what was made in a copy, as if it had been made here."""
        self._made |= told.made
        self.linked |= told.linked
        self.reused += told.reused

    def save(self) -> None:
        """Keep what the next build needs to know, now that the new files are in place.

        Where it can't be kept the next one makes all anew.
        """
        states = left_states(self._old, self._made)
        parts = (
            (path, key, digest, state)
            for (path, (key, digest)), state in zip(
                self._made.items(), states, strict=True
            )
        )
        self._cache.write(self._entry, _BETWEEN.join(chain.from_iterable(parts)))

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
                with suppress(FileExistsError):
                    # What it stands in has been made just so. For each a Path would
                    # take as long as the call.
                    os.mkdir(f"{self._new}/{folder}")  # noqa: PTH102
            self._folders[folder] = known
        return known

    def _link(self, path: str, found: os.stat_result, digest: str) -> bool:
        """Link to a file of the last build that is known to be whole; False if not.

        Only to one with the permissions and the owner that a new file has.
        """
        if stat.S_IMODE(found.st_mode) != self._mode or found.st_uid != os.geteuid():
            return False
        target = f"{self._new}/{path}"
        try:
            os.link(f"{self._old}/{path}", target)
        except OSError:
            return False
        # Whoever has put another there since, that one isn't taken.
        new = os.lstat(target)
        if (new.st_ino, new.st_mtime_ns) == (found.st_ino, found.st_mtime_ns):
            self.linked[path] = found.st_ino, digest
            return True
        Path(target).unlink()
        return False

    def _copy(self, path: str, data: bytes) -> None:
        self.linked.pop(path, None)
        write_new(self._new / path, data)

    def _read(self) -> dict[str, tuple[str, str, str]]:
        text = self._cache.read(self._entry)
        parts = text.split(_BETWEEN) if text else []
        keys, digests, states = parts[1::_PARTS], parts[2::_PARTS], parts[3::_PARTS]
        found = zip(keys, digests, states, strict=True)
        return dict(zip(parts[::_PARTS], found, strict=True))


def _whole(source: str, digest: str) -> tuple[bytes, os.stat_result]:
    """Return the bytes of a file that has a digest, and its state; OSError if not."""
    data, state = read_plain_and_state(source)
    if hashlib.sha256(data).hexdigest() != digest:
        raise OSError("another file")
    return data, state
