"""No way out: a process that has sealed itself can open no socket, of any kind.

A seccomp filter of Linux (seccomp(2)); elsewhere there is none, and the syntax of a
query alone keeps it from the network.
"""

from __future__ import annotations

import ctypes
import platform
import sys

# Audit architecture, and the numbers of socket, connect and io_uring_setup.
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 425)),
    "aarch64": (0xC00000B7, (198, 203, 425)),
}
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _ATLEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001
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


def seal() -> bool:
    """Close the network to this process for good; return whether that can be done."""
    known = _CALLS.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, calls = known
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
    kept: int = libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    closed: int = libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)
    return kept == 0 and closed == 0
