"""What a cache in a stranger's folder may make a command believe: nothing."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from glokal.core.machine_key import machine_key
from glokal.core.signed_cache import SignedCache


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder for state."""
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def cache(project: Path, name: str = "reason") -> SignedCache:
    return SignedCache(project / ".cache" / "glokal" / name, project)


def entry(project: Path) -> Path:
    return project / ".cache" / "glokal" / "reason" / "x.nt"


def test_what_was_written_is_read(state: Path, project: Path) -> None:
    cache(project).write("x.nt", "blåbær\n")
    assert cache(project).read("x.nt") == "blåbær\n"
    assert cache(project).read("y.nt") is None


def test_what_was_written_in_parts_is_read_whole(state: Path, project: Path) -> None:
    kept, parts = (
        cache(project),
        [b"bl\xc3", b"", b"\xa5b\xc3\xa6r\n", b"x" * 3_000_000],
    )
    kept.write_parts("x.nt", parts)
    assert kept.read("x.nt") == "blåbær\n" + "x" * 3_000_000
    segment = kept.read_segment("x.nt")
    assert segment is not None and segment.open().read() == b"".join(parts)
    with entry(project).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"y")
    assert kept.read_segment("x.nt") is None
    # What was believed stays as it was.
    assert segment.open().read() == b"".join(parts)


def test_parts_that_end_with_an_error_leave_what_was_kept(
    state: Path, project: Path
) -> None:
    def parts() -> Iterator[bytes]:
        yield b"new"
        raise ValueError

    cache(project).write("x.nt", "old")
    with pytest.raises(ValueError):
        cache(project).write_parts("x.nt", parts())
    assert cache(project).read("x.nt") == "old"
    assert [file.name for file in entry(project).parent.iterdir()] == ["x.nt"]


def test_the_key_is_the_users_alone(state: Path, project: Path) -> None:
    key = machine_key(project)
    assert key is not None and len(key) == 32
    assert machine_key(project) == key
    path = state / "glokal" / "cache.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["cache.key"]


def test_a_key_that_others_could_read_is_replaced(state: Path, project: Path) -> None:
    key = machine_key(project)
    (state / "glokal" / "cache.key").chmod(0o644)
    assert machine_key(project) not in (None, key)


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_damaged_key_is_replaced(state: Path, project: Path, content: bytes) -> None:
    machine_key(project)
    path = state / "glokal" / "cache.key"
    path.write_bytes(content)
    found = machine_key(project)
    assert found is not None and len(found) == 32 and not content.startswith(found)


def test_a_link_is_no_key(state: Path, project: Path, tmp_path: Path) -> None:
    (state / "glokal").mkdir(parents=True)
    known = tmp_path / "known"
    known.write_bytes(b"k" * 32)
    known.chmod(0o600)
    (state / "glokal" / "cache.key").symlink_to(known)
    assert machine_key(project) != b"k" * 32


def test_a_key_below_the_project_is_none(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(project / "home"))
    (project / "home" / "glokal").mkdir(parents=True)
    key = project / "home" / "glokal" / "cache.key"
    key.write_bytes(b"k" * 32)
    key.chmod(0o600)
    assert machine_key(project) is None
    cache(project).write("x.nt", "text")
    assert not entry(project).exists()


def test_a_user_whom_the_system_does_not_know_has_no_key(
    state: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container that runs as `--user 12345`, without HOME."""

    def unknown(number: int) -> pwd.struct_passwd:
        raise KeyError(f"getpwuid(): uid not found: {number}")

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME")
    assert machine_key(project) is None
    cache(project).write("x.nt", "text")
    assert cache(project).read("x.nt") is None


def test_without_a_key_nothing_is_believed(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    cache(project).write("x.nt", "text")
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert machine_key(project) is None
    assert cache(project).read("x.nt") is None


def test_what_somebody_else_wrote_is_not_believed(
    state: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache(project).write("x.nt", "forged")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    assert cache(project).read("x.nt") is None
    cache(project).write("x.nt", "own")
    assert cache(project).read("x.nt") == "own"


def test_no_byte_can_be_changed(state: Path, project: Path) -> None:
    cache(project).write("x.nt", "ab")
    whole = entry(project).read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        entry(project).write_bytes(bytes(changed))
        assert cache(project).read("x.nt") is None, place
    for size in range(len(whole)):
        entry(project).write_bytes(whole[:size])
        assert cache(project).read("x.nt") is None, size
    entry(project).write_bytes(whole)
    assert cache(project).read("x.nt") == "ab"


def test_no_entry_passes_for_another(state: Path, project: Path) -> None:
    cache(project).write("x.nt", "text")
    data = entry(project).read_bytes()
    entry(project).with_name("y.nt").write_bytes(data)
    made = project / ".cache" / "glokal" / "made"
    made.mkdir()
    (made / "x.nt").write_bytes(data)
    assert cache(project).read("y.nt") is None
    assert cache(project, "made").read("x.nt") is None


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_cache_behind_a_link_is_neither_read_nor_written(
    state: Path, project: Path, tmp_path: Path, depth: int
) -> None:
    outside = tmp_path / "outside"
    parts = (".cache", "glokal", "reason")
    (outside.joinpath(*parts[depth:])).mkdir(parents=True)
    project.joinpath(*parts[: depth - 1]).mkdir(parents=True, exist_ok=True)
    project.joinpath(*parts[:depth]).symlink_to(outside)
    cache(project).write("x.nt", "text")
    assert not [path for path in outside.rglob("*") if path.is_file()]
    assert cache(project).read("x.nt") is None


def test_an_entry_that_is_a_link_or_a_fifo_is_not_opened(
    state: Path, project: Path, tmp_path: Path
) -> None:
    cache(project).write("x.nt", "text")
    moved = tmp_path / "moved"
    entry(project).rename(moved)
    entry(project).symlink_to(moved)
    assert cache(project).read("x.nt") is None
    entry(project).unlink()
    os.mkfifo(entry(project))
    assert cache(project).read("x.nt") is None
    # It is replaced, not written into.
    cache(project).write("x.nt", "text")
    assert cache(project).read("x.nt") == "text"
