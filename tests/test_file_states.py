"""A file of the last publication that is known unread is the file that was left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from glokal.core.settings import load_project
from glokal.site import build_cache, file_states
from glokal.site.build_cache import BuildCache
from glokal.site.file_states import left_states, state_of

HERE = Path(__file__).parent
NAMES = tuple(f"doc/thing/{number}/index.html" for number in range(5))


@pytest.fixture
def make(region: Path) -> Callable[[Path], BuildCache]:
    """What makes the cache of a build into a folder, over a last one."""
    project = load_project(region)

    def cache(new: Path) -> BuildCache:
        new.mkdir()
        return BuildCache(region / "public", new, project.cache("made"))

    return cache


@pytest.fixture
def public(region: Path, make: Callable[[Path], BuildCache]) -> Path:
    """A publication of some files, whose states are known."""
    first, public = make(region / "new"), region / "public"
    for name in NAMES:
        first.data_file(name, "text/html", name, name.encode)
    (region / "new").rename(public)
    first.save()
    return public


def _reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note from now on which files of the last build are read."""
    read: list[str] = []
    usual = build_cache._whole

    def whole(source: str, digest: str) -> tuple[bytes, os.stat_result]:
        read.append(source.partition("/public/")[2])
        return usual(source, digest)

    monkeypatch.setattr(build_cache, "_whole", whole)
    return read


def _taken(cache: BuildCache) -> list[str]:
    return [n for n in NAMES if cache.take(n, cache.key("text/html", n))]


def test_what_is_as_it_was_left_is_taken_over_unread(
    public: Path, make: Callable[[Path], BuildCache], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = _reading(monkeypatch)
    new = public.with_name("new")
    cache = make(new)
    assert _taken(cache) == list(NAMES)
    assert read == []
    assert all((new / name).samefile(public / name) for name in NAMES)
    assert {path: number for path, (number, _) in cache.linked.items()} == {
        name: (public / name).stat().st_ino for name in NAMES
    }


def test_what_was_taken_over_is_known_at_the_next_build_too(
    public: Path, make: Callable[[Path], BuildCache], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old names of the files are gone by then, which changes their state."""
    new = public.with_name("new")
    cache = make(new)
    _taken(cache)
    shutil.rmtree(public)
    new.rename(public)
    cache.save()
    read = _reading(monkeypatch)
    assert _taken(make(new)) == list(NAMES)
    assert read == []


def test_other_bytes_of_the_same_size_and_time_are_seen(
    public: Path, make: Callable[[Path], BuildCache]
) -> None:
    changed = public / NAMES[1]
    before = changed.stat()
    with changed.open("r+b") as file:
        file.write(b"X")
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = changed.stat()
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size)
    assert after.st_mtime_ns == before.st_mtime_ns
    assert _taken(make(public.with_name("new"))) == [*NAMES[:1], *NAMES[2:]]


def test_another_file_in_the_place_of_one_is_read(
    public: Path, make: Callable[[Path], BuildCache], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes are taken over, whoever has put them there; no others."""
    for name, data in zip(NAMES[:2], (NAMES[0].encode(), b"mine"), strict=True):
        (public / name).unlink()
        (public / name).write_bytes(data)
    read = _reading(monkeypatch)
    assert _taken(make(public.with_name("new"))) == [*NAMES[:1], *NAMES[2:]]
    assert read == list(NAMES[:2])


def test_files_whose_names_were_exchanged_are_read(
    public: Path, make: Callable[[Path], BuildCache]
) -> None:
    one, other = public / NAMES[0], public / NAMES[1]
    one.rename(public / "aside")
    other.rename(one)
    (public / "aside").rename(other)
    assert _taken(make(public.with_name("new"))) == list(NAMES[2:])


def test_a_folder_that_is_a_link_is_not_gone_through(
    public: Path, make: Callable[[Path], BuildCache]
) -> None:
    (public / "doc").rename(public.with_name("doc"))
    (public / "doc").symlink_to(public.with_name("doc"))
    assert _taken(make(public.with_name("new"))) == []


def test_what_is_kept_of_another_publication_is_not_believed(
    public: Path, region: Path, make: Callable[[Path], BuildCache]
) -> None:
    cache = load_project(region).cache("made")
    kept = cache._folder / make(region / "other")._entry
    assert kept.is_file()
    moved = BuildCache(region / "elsewhere", region / "other", cache)
    public.rename(region / "elsewhere")
    shutil.copyfile(kept, cache._folder / moved._entry)
    again = BuildCache(region / "elsewhere", region / "other", cache)
    assert _taken(again) == []
    kept.unlink()
    assert _taken(make(region / "new")) == []


def test_no_state_is_kept_where_ctime_can_be_set_back(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "" not in left_states(public, NAMES)
    # As a file system does that has one time for both.
    monkeypatch.setattr(file_states, "_touched", lambda _file: 0)
    assert set(left_states(public, NAMES)) == {""}


def test_no_state_is_kept_of_what_changed_within_a_tick_of_the_clock(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = (public / NAMES[3]).stat().st_ctime_ns
    monkeypatch.setattr(file_states, "_moved_on", lambda _folder: last)
    assert list(left_states(public, NAMES))[3] == ""


def test_a_file_that_is_gone_or_a_link_has_no_state(public: Path) -> None:
    (public / NAMES[0]).unlink()
    (public / NAMES[1]).unlink()
    (public / NAMES[1]).symlink_to(public / NAMES[2])
    first, second, third, *_ = left_states(public, NAMES)
    assert (first, second) == ("", "")
    assert third == state_of((public / NAMES[2]).stat())
