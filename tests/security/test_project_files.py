"""What a stranger's folder says of changes, locks and caches, and what it may do."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from glokal.core.errors import UsageError
from glokal.core.files.journal import FileChange, recover, write_together
from glokal.core.files.journal_record import JOURNAL_FILE
from glokal.core.files.lock import project_lock
from tests.conftest import glokal

BAD, GOOD = b"this is no Turtle\n", b"# nothing\n"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def forged(root: Path, **said: object) -> None:
    """Write a journal that would put a good file in the place of a bad one."""
    (root / "data/x.ttl").write_bytes(BAD)
    new = root / "data/.glokal-new-0"
    new.write_bytes(GOOD)
    step = {
        "name": "data/x.ttl",
        "new": new.name,
        "before": digest(BAD),
        "after": digest(GOOD),
        "identity": f"{new.stat().st_ino}-{new.stat().st_mtime_ns}",
        **said,
    }
    record = {"format": 2, "state": "committed", "command": "x", "made": []}
    (root / JOURNAL_FILE).write_text(json.dumps({**record, "steps": [step]}))


@pytest.mark.parametrize("format", [1, 2])
def test_a_journal_that_came_with_the_folder_changes_no_file(
    region: Path, format: int
) -> None:
    forged(region)
    # As after a copy: the moments of a file are set, all but st_ctime.
    os.utime(region / "data/.glokal-new-0", ns=(1, 1))
    text = (region / JOURNAL_FILE).read_text()
    (region / JOURNAL_FILE).write_text(
        text.replace('"format": 2', f'"format": {format}')
    )
    for command in (("check",), ("fmt",), ("build", "-o", region.parent / "out")):
        shown = glokal(*command, cwd=region)
        assert shown.returncode == 2, command
        assert ".glokal-" in shown.stderr
        assert (region / "data/x.ttl").read_bytes() == BAD
        assert not (region.parent / "out").exists()


# A change of two files that is stopped by the system between the two.
STOPPED = """
import os, signal, sys
from pathlib import Path
from glokal.core.files import journal

root = Path.cwd()
real = Path.rename
def rename(self, target):
    real(self, target)
    if self.name.startswith(".glokal-new-"):
        os.kill(os.getpid(), signal.SIGKILL)
Path.rename = rename
changes = [journal.FileChange(root / name, b"new", None) for name in ("a", "b")]
journal.write_together(root, changes, command="a test")
"""


def test_a_change_of_our_own_that_was_stopped_is_completed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", STOPPED], cwd=tmp_path, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert [(tmp_path / n).read_bytes() for n in ("a", "b")] == [b"new", b"old"]
    told: list[str] = []
    recover(tmp_path, told.append)
    assert [(tmp_path / n).read_bytes() for n in ("a", "b")] == [b"new", b"new"]
    assert told and not (tmp_path / JOURNAL_FILE).exists()


def test_a_change_of_our_own_that_was_copied_is_not_completed(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    for name in ("a", "b"):
        (here / name).write_bytes(b"old")
    subprocess.run([sys.executable, "-c", STOPPED], cwd=here, timeout=60)
    subprocess.run(["cp", "-a", here, there], check=True)
    with pytest.raises(UsageError, match="was copied here"):
        recover(there, print)
    assert (there / "b").read_bytes() == b"old"


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", ".git/config", "data/../../x", "a\0b", "out/x"]
)
def test_a_journal_names_no_file_outside_or_hidden(tmp_path: Path, name: str) -> None:
    root = tmp_path / "project"
    (root / "data").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "out").symlink_to(tmp_path)
    forged(root, name=name)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="not the journal"):
        recover(root, print)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "text", ["", "{}", "[" * 100_000, "null", '{"format": 2}', '"' * 17_000_000, "\0"]
)
def test_a_journal_that_is_none_is_one_line(region: Path, text: str) -> None:
    (region / JOURNAL_FILE).write_text(text)
    shown = glokal("check", cwd=region)
    assert shown.returncode == 2
    assert shown.stderr.count("\n") == 1 and JOURNAL_FILE in shown.stderr


@pytest.mark.parametrize("depth", [1, 2])
def test_the_lock_is_not_taken_through_a_link(region: Path, depth: int) -> None:
    parts = (".cache", "glokal")
    outside = region.parent / "outside"
    outside.mkdir()
    place = region.joinpath(*parts[:depth])
    subprocess.run(["rm", "-rf", place], check=True)
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside)
    for command in (("fmt",), ("edition",), ("build",)):
        shown = glokal(*command, cwd=region)
        assert shown.returncode == 2, command
        assert "is a link" in shown.stderr
    assert list(outside.iterdir()) == []


def test_the_lock_is_no_link_to_a_file(region: Path) -> None:
    other = region.parent / "other"
    other.write_text("mine")
    lock = region / ".cache/glokal/lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.unlink(missing_ok=True)
    lock.symlink_to(other)
    shown = glokal("fmt", cwd=region)
    assert shown.returncode == 2 and shown.stderr.count("\n") == 1
    assert other.read_text() == "mine"


def test_a_change_is_written_under_the_lock_and_read_back(tmp_path: Path) -> None:
    with project_lock(tmp_path, "a test"):
        write_together(
            tmp_path, [FileChange(tmp_path / "a", b"x", "")], command="a test"
        )
    assert (tmp_path / "a").read_bytes() == b"x"
    assert not (tmp_path / JOURNAL_FILE).exists()
