"""Files made by helpers: the same bytes with and without, errors, early ends."""

from __future__ import annotations

import hashlib
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from glokal.core.child_process import is_running
from glokal.core.errors import UsageError
from glokal.core.settings import load_project
from glokal.core.xlsx import escape_text
from glokal.site import parallel_files
from glokal.site.build_cache import BuildCache
from glokal.site.parallel_files import FileWriters, file_writers

HERE = Path(__file__).parent
MANY = 600


@pytest.fixture
def cache(tmp_path: Path) -> BuildCache:
    """An empty cache of the region that comes with the tests."""
    project = load_project(HERE / "region")
    root = tmp_path / "new"
    root.mkdir()
    return BuildCache(tmp_path / "old", root, project.cache("made"))


def _expected(number: int) -> bytes:
    return f"{number}\n".encode() * 50


def _queue(writers: FileWriters, count: int = MANY) -> None:
    for number in range(count):
        # A function that any process finds: bytes.__mul__ of an argument.
        make = partial(bytes.__mul__, f"{number}\n".encode(), 50)
        writers.write(f"doc/{number % 7}/{number}.txt", f"key {number}", make)


def _files(root: Path) -> dict[str, bytes]:
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file()
    }


@pytest.mark.parametrize("helpers", [0, 1, 3])
def test_the_files_are_the_same_however_many_make_them(
    cache: BuildCache, tmp_path: Path, helpers: int
) -> None:
    root = tmp_path / "new"
    writers = FileWriters(root, cache, helpers=helpers)
    _queue(writers)
    writers.finish()
    writers.close()
    assert _files(root) == {f"doc/{n % 7}/{n}.txt": _expected(n) for n in range(MANY)}
    for n in range(MANY):
        digest = hashlib.sha256(_expected(n)).hexdigest()
        assert cache._made[f"doc/{n % 7}/{n}.txt"] == (f"key {n}", digest)


def test_helpers_do_make_files(cache: BuildCache, tmp_path: Path) -> None:
    """Each writes by which command it was started."""
    root = tmp_path / "new"
    writers = FileWriters(root, cache, helpers=1)
    made_by = partial(Path.read_bytes, Path("/proc/self/cmdline"))
    for number in range(MANY):
        writers.write(f"{number}", "", made_by)
    writers.finish()
    writers.close()
    assert any(b"glokal.site.file_worker" in made for made in _files(root).values())


@pytest.mark.parametrize("helpers", [0, 1])
def test_an_error_is_the_one_of_the_build(
    cache: BuildCache, tmp_path: Path, helpers: int
) -> None:
    writers = FileWriters(tmp_path / "new", cache, helpers=helpers)
    with pytest.raises(UsageError, match="Cell A1"):
        _with_a_fault(writers)
    writers.close()
    assert not writers._helpers


def _with_a_fault(writers: FileWriters) -> None:
    _queue(writers)
    writers.write("bad.txt", "", partial(escape_text, "\x00", "Cell A1"))  # type: ignore[arg-type]
    _queue(writers, 5)
    writers.finish()


def test_what_a_helper_had_that_was_killed_is_made(
    cache: BuildCache, tmp_path: Path
) -> None:
    root = tmp_path / "new"
    writers = FileWriters(root, cache, helpers=2)
    _queue(writers, MANY // 2)
    for helper in writers._helpers:
        os.kill(helper._process.pid, signal.SIGKILL)
    for number in range(MANY // 2, MANY):
        make = partial(bytes.__mul__, f"{number}\n".encode(), 50)
        writers.write(f"doc/{number % 7}/{number}.txt", "", make)
    writers.finish()
    writers.close()
    assert _files(root) == {f"doc/{n % 7}/{n}.txt": _expected(n) for n in range(MANY)}


def test_what_cannot_be_told_to_another_process_is_made_here(
    cache: BuildCache, tmp_path: Path
) -> None:
    writers = FileWriters(tmp_path / "new", cache, helpers=1)
    for number in range(MANY):
        writers.write(f"{number}", "", lambda: b"here")
    writers.finish()
    writers.close()
    assert set(_files(tmp_path / "new").values()) == {b"here"}


def test_the_later_of_two_files_of_one_path_stays(
    cache: BuildCache, tmp_path: Path
) -> None:
    writers = FileWriters(tmp_path / "new", cache, helpers=1)
    _queue(writers)
    writers.write("doc/0/0.txt", "", partial(bytes.__mul__, b"new", 1))
    writers.finish()
    writers.close()
    assert (tmp_path / "new" / "doc/0/0.txt").read_bytes() == b"new"


def test_no_helper_is_left_after_an_interruption(
    cache: BuildCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel_files, "cores", lambda: 3)
    pids = []
    with (
        pytest.raises(KeyboardInterrupt),
        file_writers(tmp_path / "new", cache) as writers,
    ):
        _queue(writers)
        pids += [helper._process.pid for helper in writers._helpers]
        raise KeyboardInterrupt
    assert len(pids) == 2
    assert not any(map(is_running, pids))


def test_one_core_has_no_helpers(
    cache: BuildCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel_files, "cores", lambda: 1)
    with file_writers(tmp_path / "new", cache) as writers:
        _queue(writers)
        assert not writers._helpers
        assert len(_files(tmp_path / "new")) == MANY
