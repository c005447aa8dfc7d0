"""Closing the network to a thread, a process and its children (seccomp, Linux).

A filter of system calls (seccomp(2)) refuses socket, connect and io_uring_setup with
EPERM, and where it is asked for the opening of files and the running of programs. It
holds for the calling thread and for every thread and process that this one starts
later, can't be taken off, and leaves other threads alone. Elsewhere than on Linux
there is no filter; `sandbox_available` tells.
"""

from __future__ import annotations

import contextvars
import ctypes
import errno
import platform
import socket
import struct
import sys
import threading
from collections.abc import Callable
from functools import cache
from typing import Generic, TypeVar

Result = TypeVar("Result")

# Audit architecture, and the numbers of socket, connect and io_uring_setup.
_CALLS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (41, 42, 425)),
    "aarch64": (0xC00000B7, (198, 203, 425)),
    "riscv64": (0xC00000F3, (198, 203, 425)),
}
# Those of openat, openat2, open_by_handle_at, execve and execveat, and where a system
# has them of open and creat.
_FILE_CALLS = {
    "x86_64": (257, 437, 304, 59, 322, 2, 85),
    "aarch64": (56, 437, 265, 221, 281),
    "riscv64": (56, 437, 265, 221, 281),
}
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _ATLEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
# Calls of the x32 interface have this bit set, and other numbers.
_X32 = 0x40000000


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("yes", ctypes.c_ubyte),
        ("no", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def close_network(*, files: bool = False) -> bool:
    """Close the network to this thread for good; return whether that could be done.

    With `files` nothing can be opened by name either, nor another program be run.
    In the main thread of a process, before it starts others, it holds for the process.
    """
    known = _CALLS.get(platform.machine())
    if sys.platform != "linux" or known is None or struct.calcsize("P") != 8:
        return False
    architecture, calls = known
    if files:
        calls += _FILE_CALLS[platform.machine()]
    refuse = len(calls) + 5
    rows = [
        (_LOAD, 0, 0, 4),
        # A jump counts from the next step to the last one, which refuses.
        (_EQUAL, 0, refuse - 2, architecture),
        (_LOAD, 0, 0, 0),
        (_ATLEAST, refuse - 4, 0, _X32),
        *((_EQUAL, refuse - 5 - n, 0, call) for n, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    steps = (_Step * len(rows))(*(_Step(*row) for row in rows))
    program = _Program(len(rows), steps)
    libc = ctypes.CDLL(None, use_errno=True)
    retained: int = libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    closed: int = libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)
    return retained == 0 and closed == 0


@cache
def sandbox_available() -> bool:
    """Whether the network can be closed here; tried once, in a thread that ends."""
    return _Sealed(_is_closed).result()


def run_sandboxed(function: Callable[[], Result]) -> Result:
    """Run a function in a thread whose network is closed; return what it returns.

    Raises what the function raises. Threads and processes that it starts have no
    network either. Whatever is bound to its thread (an unread pyoxigraph result, say)
    has to be used up inside. Where the network can't be closed the function runs all
    the same: see `sandbox_available`.
    """
    return _Sealed(function).result()


class _Sealed(Generic[Result]):
    """A call of a function in a thread of its own, without network."""

    def __init__(self, function: Callable[[], Result]) -> None:
        self._function = function
        self._found: list[Result] = []
        self._error: BaseException | None = None

    def result(self) -> Result:
        """Run it and wait for its end."""
        context = contextvars.copy_context()
        # A daemon: Ctrl-C ends the command while it waits, and the thread with it.
        thread = threading.Thread(target=context.run, args=(self._run,), daemon=True)
        thread.start()
        thread.join()
        if self._error is not None:
            raise self._error
        return self._found[0]

    def _run(self) -> None:
        try:
            close_network()
            self._found.append(self._function())
        except BaseException as error:
            self._error = error


def _is_closed() -> bool:
    try:
        socket.socket().close()
    except PermissionError:
        return True
    return False
