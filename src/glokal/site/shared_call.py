"""One thing that a copy of the build makes beside it: `shared_work` of one part.

The build goes on meanwhile, and asks for the result when it needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from glokal.site.build_cache import BuildCache, FilesMade
from glokal.site.shared_work import SharedWork

Result = TypeVar("Result")


class _Call(Generic[Result]):
    """A call, and in `found` what it returned, once it has been made."""

    def __init__(self, make: Callable[[], Result], kept: BuildCache) -> None:
        self._make, self._kept = make, kept
        self.found: list[Result] = []

    def begin_copy(self) -> None:
        self._kept.begin_copy()

    def do(self, part: int) -> None:
        del part
        self.found = [self._make()]

    def told(self) -> tuple[FilesMade, list[Result]]:
        return self._kept.told(), self.found

    def take_in(self, told: tuple[FilesMade, list[Result]]) -> None:
        files, self.found = told
        self._kept.take_in(files)


class SharedCall(Generic[Result]):
    """A call that is being made."""

    def __init__(self, call: _Call[Result], work: SharedWork) -> None:
        self._call, self._work = call, work

    def result(self) -> Result:
        """Return what the call returns, when it is there; raise what it raises."""
        if not self._call.found:
            self._work.finish()
        return self._call.found[0]


@contextmanager
def shared_call(
    make: Callable[[], Result], kept: BuildCache, *, copied: bool
) -> Iterator[SharedCall[Result]]:
    """Begin a call; `copied` says whether by a copy, else it waits to be asked for.

    What `make` returns can be pickled.
    """
    call = _Call(make, kept)
    with SharedWork(call, 1, 1 if copied else 0) as work:
        yield SharedCall(call, work)
