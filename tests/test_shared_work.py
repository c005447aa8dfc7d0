"""Work that copies of a process share: all of it done once, errors, early ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from glokal.core.child_process import is_running
from glokal.site import shared_work
from glokal.site.shared_work import MOST_PARTS, SharedWork

PARTS = 40
_IS_ALONE = "from glokal.site.shared_work import can_copy; print(can_copy())"
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux"),
    # Where pytest watches over a test by a thread, it says nothing in a copy.
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take this process for one without the thread by which pytest watches over it."""
    monkeypatch.setattr(shared_work, "can_copy", lambda: True)


class Squares:
    """A work that keeps squares in memory and in files, by who has made them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[int, int] = {}
        self.by: dict[int, int] = {}
        self.before: Callable[[int], object] = lambda _part: None

    def begin_copy(self) -> None:
        self.made, self.by = {}, {}

    def do(self, part: int) -> None:
        self.before(part)
        self.made[part], self.by[part] = part * part, os.getpid()
        (self.folder / f"{part}").write_text(f"{part * part}", encoding="utf-8")

    def told(self) -> tuple[dict[int, int], dict[int, int]]:
        return self.made, self.by

    def take_in(self, told: tuple[dict[int, int], dict[int, int]]) -> None:
        self.made |= told[0]
        self.by |= told[1]

    def is_whole(self, parts: int) -> bool:
        """Whether each part is there, in memory and as a file."""
        files = {p.name: p.read_text(encoding="utf-8") for p in self.folder.iterdir()}
        expected = {n: n * n for n in range(parts)}
        return self.made == expected and files == {
            str(n): str(square) for n, square in expected.items()
        }


@pytest.fixture
def work(tmp_path: Path) -> Squares:
    """A work whose files lie in a folder of its own."""
    return Squares(tmp_path)


def _pids(shared: SharedWork) -> list[int]:
    return [copy._pid for copy in shared._copies]


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("copies", [0, 1, 3])
@pytest.mark.parametrize("parts", [0, 1, PARTS, MOST_PARTS])
def test_each_part_is_done_however_many_do_it(
    work: Squares, copies: int, parts: int
) -> None:
    with SharedWork(work, parts, copies) as shared:
        assert len(_pids(shared)) == min(copies, parts)
        shared.finish()
        shared.finish()
    assert work.is_whole(parts)


@pytest.mark.usefixtures("alone")
def test_a_copy_does_parts(work: Squares) -> None:
    """The build begins when a copy has done one, which it tells by a file."""
    with SharedWork(work, PARTS, 1) as shared:
        (pid,) = _pids(shared)
        while not list(work.folder.iterdir()):
            assert is_running(pid)
        shared.finish()
    assert work.is_whole(PARTS)
    assert set(work.by.values()) <= {pid, os.getpid()}
    assert pid in work.by.values()


@pytest.mark.usefixtures("alone")
def test_an_error_in_a_copy_is_raised_by_the_build(work: Squares) -> None:
    build = os.getpid()

    def fail(part: int) -> None:
        if part == PARTS - 1:
            raise ValueError(f"part {part}, {os.getpid() == build}")

    work.before = fail
    with (
        pytest.raises(ValueError, match=f"part {PARTS - 1}, True"),
        SharedWork(work, PARTS, 2) as shared,
    ):
        # Nothing is left for the build, so that a copy comes to the last one.
        while os.read(shared._next, 0) or len(list(work.folder.iterdir())) < PARTS - 1:
            pass
        shared.finish()


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_what_a_copy_had_that_was_ended_is_done_by_the_build(
    work: Squares, number: signal.Signals
) -> None:
    build = os.getpid()
    work.before = lambda _part: os.getpid() == build or os.kill(os.getpid(), number)
    with SharedWork(work, PARTS, 2) as shared:
        for pid in _pids(shared):
            # Each has begun a part.
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        shared.finish()
    assert work.is_whole(PARTS)
    assert set(work.by.values()) == {build}


@pytest.mark.usefixtures("alone")
def test_no_copy_is_left_after_an_interruption(work: Squares) -> None:
    build = os.getpid()
    # A copy waits for ever.
    work.before = lambda _part: os.getpid() == build or signal.pause()
    pids = []
    with pytest.raises(KeyboardInterrupt), SharedWork(work, PARTS, 2) as shared:
        pids += _pids(shared)
        raise KeyboardInterrupt
    assert len(pids) == 2
    assert not any(map(is_running, pids))


def test_a_process_without_threads_is_copied() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IS_ALONE], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_a_process_with_threads_is_not_copied(work: Squares) -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        with SharedWork(work, PARTS, 2) as shared:
            assert _pids(shared) == []
            shared.finish()
    finally:
        over.set()
        thread.join()
    assert work.is_whole(PARTS)


@pytest.mark.usefixtures("alone")
def test_where_no_process_can_be_made_the_build_does_all(
    work: Squares, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(shared_work.os, "fork", refuse)
    with SharedWork(work, PARTS, 2) as shared:
        shared.finish()
    assert work.is_whole(PARTS)
