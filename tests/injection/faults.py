"""Which faults are injected at which calls: signals, and what a system refuses."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator, Sequence

from tests.injection.strace import (
    MAKING,
    MARKING,
    MOVING,
    OPENING,
    READ,
    REMOVING,
    SENDING,
    SIZING,
    SYNCING,
    WRITING,
    Call,
)

SIGNALS = {name: signal.Signals[f"SIG{name}"] for name in ("KILL", "TERM", "INT")}
ERROR = "an error"
GROUPS = (*SIGNALS, ERROR)
# What each call may answer (its manual page, ERRORS), as far as it says something of
# the machine: no room, a quota, a limit, a missing right, a failing disk.
ERRORS = {
    **dict.fromkeys(OPENING, ("ENOSPC", "EDQUOT", "EMFILE", "EROFS", "EACCES")),
    READ: ("EMFILE", "EACCES", "ENFILE", "EIO"),
    **dict.fromkeys(MAKING, ("ENOSPC", "EDQUOT", "EROFS", "EACCES")),
    **dict.fromkeys(WRITING, ("ENOSPC", "EDQUOT", "EFBIG", "EIO")),
    **dict.fromkeys(MOVING, ("ENOSPC", "EDQUOT", "EROFS", "EACCES")),
    **dict.fromkeys(REMOVING, ("EROFS", "EACCES", "EIO")),
    **dict.fromkeys(SIZING, ("ENOSPC", "EFBIG", "EIO")),
    **dict.fromkeys(SYNCING, ("ENOSPC", "EDQUOT", "EIO")),
    **dict.fromkeys(MARKING, ("EROFS", "EPERM", "EIO")),
    **dict.fromkeys(SENDING, ("ECONNRESET", "EPIPE")),
}
Point = tuple[Call, str]


def points(calls: Sequence[Call], group: str, most: int, seed: int) -> list[Point]:
    """Return which calls are tried with a fault of a group: all, or a sample.

    The sample has at least one of every kind of call in every area, and all of those
    when `most` leaves room; the last of a kind, where things are decided, comes first.
    """
    chance = random.Random(f"{seed} {group}")
    fit = [c for c in calls if group == ERROR or c.kind != READ]
    if not most:
        return [(call, fault) for call in fit for fault in _faults(call, group)]
    kinds: dict[tuple[str, str], list[Call]] = {}
    for call in fit:
        kinds.setdefault((call.kind, call.area), []).append(call)
    taken = [found[-1] for found in kinds.values()]
    rest = [call for call in fit if call not in taken]
    taken += chance.sample(rest, max(0, min(most - len(taken), len(rest))))
    return list(_with_faults(taken, group, chance))


def _faults(call: Call, group: str) -> Sequence[str]:
    return ERRORS[call.kind] if group == ERROR else (group,)


def _with_faults(
    taken: Sequence[Call], group: str, chance: random.Random
) -> Iterator[Point]:
    """Yield a fault for each call; the least tried so far where several fit."""
    tried: dict[str, int] = {}
    for call in taken:
        fitting = _faults(call, group)
        fault = min(fitting, key=lambda f: (tried.get(f, 0), chance.random()))
        tried[fault] = tried.get(fault, 0) + 1
        yield call, fault
