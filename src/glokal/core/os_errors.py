"""What the operating system refuses, told in one line: what, why, and what to do.

The one place that turns an OSError into words (errno(3)); every module that writes
uses it, and the command line for what nobody else has caught.
"""

from __future__ import annotations

import errno
import os
import re
import resource

from glokal.core.errors import MachineError

_AGAIN = "then run it again"
# Megabytes of addresses: what a build of the real project takes, and some more; and
# what reading and writing its sources takes, which is 150.
ENGINE_MEGABYTES = 768
SOURCE_MEGABYTES = 256
# What errno means to the one who reads the line, and what helps.
_WORDS = {
    errno.ENOSPC: (
        "no space is left on the file system",
        f"make room there (df and df -i show space and inodes), {_AGAIN}.",
    ),
    errno.EDQUOT: (
        "the quota of disk space is used up",
        f"remove what isn't needed or ask for more, {_AGAIN}.",
    ),
    errno.EFBIG: (
        "a file may not be so large",
        f"raise the limit (ulimit -f), {_AGAIN}.",
    ),
    errno.EMFILE: (
        "this process may not open more files",
        f"raise the limit (ulimit -n), {_AGAIN}.",
    ),
    errno.ENFILE: (
        "the machine can't open more files",
        f"end programs that hold many files open, {_AGAIN}.",
    ),
    errno.ENOMEM: (
        "there is not enough memory",
        f"end other programs or raise the limit (ulimit -v), {_AGAIN}.",
    ),
    errno.EAGAIN: (
        "the machine starts no more processes or threads",
        f"raise the limit (ulimit -u), {_AGAIN}.",
    ),
    errno.EROFS: (
        "the file system is read-only",
        "write to another folder, or mount it for writing.",
    ),
    errno.EACCES: (
        "permission is denied",
        "give the one who runs Glokal the right to write there, or name another place.",
    ),
    errno.EPERM: (
        "the operation is not permitted",
        "give the one who runs Glokal the right to write there, or name another place.",
    ),
    errno.ENAMETOOLONG: (
        "the name is too long",
        "shorten it; most file systems allow 255 bytes.",
    ),
    errno.ENOENT: (
        "there is no such file or folder",
        "see that the name is right and that the folder is there.",
    ),
    errno.ENOTDIR: ("a part of the path is no folder", "name another place."),
    errno.EISDIR: ("it is a folder", "name a file."),
    errno.ELOOP: (
        "the link leads back to itself",
        "let it lead to a file, or remove it.",
    ),
    errno.EIO: (
        "the disk, or the way to it, fails",
        "look in the system's log, and see to your copies.",
    ),
    errno.EBUSY: ("it is in use", f"end what uses it, {_AGAIN}."),
    errno.ENOLCK: (
        "the file system takes no locks",
        "keep the project on a file system that has flock(2).",
    ),
    errno.ENOSYS: (
        "the system has no such call",
        "keep the project on a local file system.",
    ),
    errno.EPIPE: (
        "who reads it has closed it before the end",
        "let it be read to the end, or write to a file with -o.",
    ),
    errno.EBADF: ("it is closed", "open it, or write to a file with -o."),
}


# How Rust's library (std::io::Error, Display) and Python's OSError show the number of
# an error of the system. pyoxigraph raises it as an OSError that has nothing but the
# text, and a child process says it on its last line.
_SHOWN = re.compile(r"\(os error (\d+)\)$|\[Errno (\d+)\]")
# What Python's threading says for EAGAIN of pthread_create(3); it is a RuntimeError.
_NO_THREAD = "can't start new thread"


def errno_of(error: OSError | RuntimeError) -> int:
    """Return the number of an error (errno(3)), 0 when nothing tells it."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    if _NO_THREAD in str(error):
        return errno.EAGAIN
    match = _SHOWN.search(str(error))
    return int(match[1] or match[2]) if match else 0


def machine_error(
    error: OSError | RuntimeError,
    what: str = "",
    *,
    remedy: str = "",
    file: str | os.PathLike[str] = "",
) -> MachineError:
    """Return the error that tells what the system refused.

    `what` is what can't be done, such as "data/x.ttl can't be written"; without it the
    file that the error names is said. `remedy` takes the place of the usual one, but
    for what has nothing to do with the place: a full disk, a limit, a failing disk.
    With the `file`, or the folder, that `what` is about, the error has a name, and the
    command says it in the language of its reader.
    """
    number = errno_of(error)
    known, usual = _WORDS.get(
        number,
        (
            getattr(error, "strerror", None) or str(error),
            f"see what is wrong, {_AGAIN}.",
        ),
    )
    if not what:
        name = getattr(error, "filename", None)
        shown = os.fsdecode(name) if isinstance(name, (str, bytes)) else ""
        what = f"{shown} can't be used" if shown else "The system refused a call"
        file = shown
    about_place = number in (
        *(errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT),
        *(errno.ENOTDIR, errno.EISDIR),
    )
    return MachineError(
        f"{what}: {known}.",
        remedy=remedy if remedy and about_place else usual,
        name=f"system.{errno.errorcode.get(number, '').lower()}" if file else "",
        values={"file": os.fspath(file)},
    )


def refuse_little_memory(least: int) -> None:
    """Raise MachineError when this process may have fewer megabytes than that.

    Where memory ends, Python raises MemoryError, but an engine in Rust ends the process
    (std::alloc::handle_alloc_error) without a chance to say what helps.
    """
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY and most < least << 20:
        for_what = " for its engines" if least == ENGINE_MEGABYTES else ""
        raise MachineError(
            f"The command may have {most >> 20} MB of memory, and needs up to "
            f"{least} MB{for_what}.",
            remedy=f"raise the limit (ulimit -v {least << 10}), {_AGAIN}.",
        )


def memory_error() -> MachineError:
    """Return the error for a process that may have no more memory."""
    known, usual = _WORDS[errno.ENOMEM]
    return MachineError(f"The command can't go on: {known}.", remedy=usual)
