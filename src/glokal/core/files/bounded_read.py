"""Reading a file whole: only a regular file, and only up to a limit.

A FIFO, a socket or a device is never opened: opening one can wait for ever, or do
something. A file is not read beyond its limit, whatever its size is said to be.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from glokal.core.child_process import number_setting
from glokal.core.errors import GlokalError, InputError, Place, SourceError

# What one source file may hold, in megabytes, unless the environment says otherwise.
FILE_MEGABYTES = 64
VARIABLE = "GLOKAL_FILE_MEGABYTES"
FILE_KINDS = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
    stat.S_IFREG: "a file",
}
# Where a process finds its own open files, such as `<(…)` of a shell: they are open
# already, so that a pipe among them is nobody's trap.
_OWN = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")
_AS_UTF8 = "save it as UTF-8 without a byte-order mark."
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def read_bytes(path: Path, name: str, megabytes: float | None = None) -> bytes:
    """Return what a regular file holds, at most `megabytes` (else the setting).

    Raises SourceError when it is too large or no regular file, InputError with the
    reason when the machine doesn't let it be read. `name` is what a reader calls it.
    """
    most = megabytes or number_setting(VARIABLE, FILE_MEGABYTES)
    limit = int(most * (1 << 20))
    try:
        if not is_own_stream(path):
            _refuse_kind(os.stat(path), name)  # noqa: PTH116  one call, one test
        # Should it be replaced by a FIFO meanwhile, opening doesn't wait.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        with os.fdopen(number, "rb") as file:
            if not is_own_stream(path):
                _refuse_kind(os.fstat(number), name)
            else:
                os.set_blocking(number, True)
            size = os.fstat(number).st_size
            data = file.read(limit + 1) if size <= limit else b""
    except OSError as error:
        raise unreadable(error, name) from error
    if size > limit or len(data) > limit:
        text = f"{size >> 20} MB" if size > limit else "more"
        raise SourceError(
            f"The file has {text}; {most:g} MB are allowed.",
            remedy="divide it."
            if megabytes
            else f"divide it, or raise the limit with {VARIABLE}.",
            place=Place(name),
        )
    return data


def is_own_stream(path: Path) -> bool:
    """Whether a path is a file that this process has open, such as `<(…)` gives."""
    return str(path).startswith(_OWN)


def decode(raw: bytes, name: str) -> str:
    """Return the text of UTF-8 without a byte-order mark; SourceError for other bytes.

    A NUL is no text, though UTF-8 has it: the file is in another encoding, or broken.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            what = f"begins with a byte-order mark ({encoding})"
            raise SourceError(
                f"The file {what}.", remedy=_AS_UTF8, place=Place(name, 1, 1)
            )
    # In UTF-16 without a mark every other byte of a Latin text is a NUL.
    if b"\x00" in raw[:4]:
        raise SourceError(
            "The file looks like UTF-16.",
            remedy=_AS_UTF8,
            place=Place(name, 1, 1),
            name="file.utf16",
        )
    at = raw.find(b"\x00")
    if at >= 0:
        raise SourceError(
            "The file holds a NUL, which no text has.",
            remedy="take the character away, or take the file from its source again.",
            place=_place(raw[:at], name),
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"The file is not UTF-8: byte 0x{raw[error.start]:02x} does not fit.",
            remedy=_AS_UTF8,
            place=_place(raw[: error.start], name),
            name="file.not_utf8",
            values={"byte": f"0x{raw[error.start]:02x}"},
        ) from error


def _place(before: bytes, name: str) -> Place:
    """Return the place behind some bytes; lines end where editors end them."""
    lines = re.split(r"\r\n|\n|\r", before.decode("utf-8", errors="replace"))
    return Place(name, len(lines), len(lines[-1]) + 1)


def size_of(path: Path, name: str) -> int:
    """Return the size of a regular file in bytes; raises as `read_bytes`."""
    try:
        result = path.stat()
    except OSError as error:
        raise unreadable(error, name) from error
    _refuse_kind(result, name)
    return result.st_size


@contextmanager
def as_input() -> Iterator[None]:
    """Turn a SourceError into an InputError: what was given to a command is at fault.

    The sources of a project are checked, and their faults are findings; a file that a
    command was given can't be read whole (exit code 2).
    """
    try:
        yield
    except SourceError as error:
        raise InputError(
            error.what,
            remedy=error.remedy,
            place=error.place,
            name=error.name,
            values=error.values,
        ) from error


def unreadable(error: OSError, name: str, kind: str = "file") -> GlokalError:
    """Return the error for a file or folder that can't be read, with what to do.

    What the folder itself holds is a SourceError: a link that leads nowhere or in a
    ring. What the machine doesn't allow is an InputError.
    """
    place = Place(name)
    said = ""
    match error.errno:
        case errno.ELOOP:
            return SourceError(
                "The link leads back to itself.",
                remedy="let it lead to a file or a folder, or remove it.",
                place=place,
            )
        case errno.ENOENT:
            remedy = "see that its name is right."
            said = "file.not_there" if kind == "file" else ""
        case errno.EACCES | errno.EPERM:
            remedy = "give the one who runs Glokal the right to read it."
        case errno.ENAMETOOLONG:
            remedy = "shorten its name, or that of a folder it stands in."
        case _:
            remedy = "see what is wrong with it, or take it away."
    what = f"The {kind} can't be read: {error.strerror or error}."
    return InputError(what, remedy=remedy, place=place, name=said)


def _refuse_kind(result: os.stat_result, name: str) -> None:
    kind = stat.S_IFMT(result.st_mode)
    if kind != stat.S_IFREG:
        raise SourceError(
            f"This is {FILE_KINDS.get(kind, 'something else')}, where a file should "
            "be.",
            remedy="put a file in its place, or take it away.",
            place=Place(name),
        )
