"""Work in parts that copies of the build do beside it, each on a core of its own.

A copy is made by fork(2), so that it has all that the build has read and worked out.
Whoever is free takes the next part, the build too. What a copy did it tells at its end,
over a pipe. Where it can't, whatever the reason, the build does those parts itself, so
that an error is raised where it always was. Copies are only made on Linux, of a process
that has no other thread.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from glokal.core.child_process import end_with_parent
from glokal.core.files.temporary import write_all

_NUMBER = struct.Struct("=I")
# So many parts fit in a pipe, which holds a page of memory at least (pipe(7)).
MOST_PARTS = 1000
# A thread that was waited for is still counted for a moment.
_TRIES, _STEP = 50, 0.001


class Work(Protocol):
    """Something to be done in parts, by their numbers, in any order."""

    def begin_copy(self) -> None:
        """Be in a copy from now on: tell only what this one does."""

    def do(self, part: int) -> None:
        """Do a part; done again it leaves the same."""

    def told(self) -> Any:
        """Return what a copy has done besides writing files; it can be pickled."""

    def take_in(self, told: Any) -> None:
        """Let it be as if what a copy tells had been done here."""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_copy() -> bool:
    """Whether this process can be copied as it is."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    for _ in range(_TRIES):
        if len(list(Path("/proc/self/task").iterdir())) == 1:
            return True
        time.sleep(_STEP)
    return False


class SharedWork:
    """The parts of a work, and the copies that do them meanwhile.

    No copy is left behind the `with`.
    """

    def __init__(self, work: Work, parts: int, copies: int) -> None:
        """Begin with up to so many copies, fewer where the system makes no more."""
        assert parts <= MOST_PARTS
        self._work, self._left = work, set(range(parts))
        self._next, numbers = os.pipe()
        os.write(numbers, b"".join(map(_NUMBER.pack, range(parts))))
        os.close(numbers)
        self._copies: list[_Copy] = []
        if copies > 0 and can_copy():
            for _ in range(min(copies, parts)):
                with suppress(OSError):
                    self._copies.append(_Copy(self._share))

    def __enter__(self) -> SharedWork:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for copy in self._copies:
            copy.end()
        os.close(self._next)

    def finish(self, *, alone: bool = False) -> None:
        """Do what nobody has begun, and wait for the copies; raise as that does.

        `alone` leaves all to the copies, where there are some.
        """
        if not (alone and self._copies):
            for part in self._taken():
                self._work.do(part)
                self._left.discard(part)
        while self._copies:
            copy = self._copies[0]
            done, told = copy.told()
            copy.end()
            self._copies.pop(0)
            if done:
                self._work.take_in(told)
                self._left.difference_update(done)
        for part in sorted(self._left):
            self._work.do(part)
        self._left.clear()

    def _taken(self) -> Iterator[int]:
        # Each reads a whole number, for nobody reads less at once.
        while data := os.read(self._next, _NUMBER.size):
            yield _NUMBER.unpack(data)[0]

    def _share(self) -> bytes:
        self._work.begin_copy()
        done = []
        for part in self._taken():
            self._work.do(part)
            done.append(part)
        return pickle.dumps((done, self._work.told()), pickle.HIGHEST_PROTOCOL)


class _Copy:
    """A copy of this process that does its share and ends."""

    def __init__(self, share: Callable[[], bytes]) -> None:
        """Raises OSError when the system makes no more processes."""
        self._answer, told = os.pipe()
        try:
            self._pid = os.fork()
        except OSError:
            os.close(self._answer)
            os.close(told)
            raise
        if self._pid == 0:
            _be_a_copy(share, told)
        os.close(told)

    def told(self) -> tuple[list[int], Any]:
        """Wait for its end; return the parts that it did and what it tells of them."""
        with os.fdopen(os.dup(self._answer), "rb") as answer:
            data = answer.read()
        try:
            # A copy of this very process has written it.
            done, told = pickle.loads(data)  # noqa: S301
        except (EOFError, pickle.UnpicklingError):
            return [], None
        return done, told

    def end(self) -> None:
        """End it, whatever it is doing."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._answer)


def _be_a_copy(share: Callable[[], bytes], told: int) -> None:
    """Do a share and end, past all that the build would do at its own end."""
    try:
        # A session of its own: Ctrl-C is the build's, which ends its copies.
        os.setsid()
        end_with_parent(0)
        # To look through the build's memory would copy it.
        gc.freeze()
        write_all(told, share())
    finally:
        # What can't be told the build does itself, and raises what is raised there.
        os._exit(0)
