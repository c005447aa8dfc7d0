"""What the system refuses is told in one line with exit code 2; nothing is lost."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from glokal.core.child_process import ChildFailedError
from glokal.core.errors import MachineError
from glokal.core.files import atomic
from glokal.core.files.journal import FileChange, write_together
from glokal.core.os_errors import machine_error
from glokal.core.settings import load_project
from glokal.core.signals import SignalledError, exit_code
from glokal.dataset.workspace import Workspace
from glokal.validation.pipeline import run_checks
from glokal.validation.shacl import engine_call
from tests.conftest import glokal
from tests.injection.trial import tree


def limited(
    project: Path, limit: int, most: int, *args: str
) -> subprocess.CompletedProcess[str]:
    def lower() -> None:
        resource.setrlimit(limit, (most, most))

    return _run(project, lower, *args)


def _run(
    project: Path, before: Callable[[], object], *args: str, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "glokal", *args],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | env,
        preexec_fn=before,
    )


def test_an_error_that_rust_raised_has_its_words() -> None:
    # What pyoxigraph raises for a file over the limit of size.
    error = OSError("File too large (os error 27)")
    assert errno.EFBIG == 27
    told = machine_error(error, "x.nq can't be written")
    assert str(told) == (
        "x.nq can't be written: a file may not be so large. Do this: raise the limit "
        "(ulimit -f), then run it again."
    )


@pytest.mark.parametrize("args", [("build",), ("sheet", "export", "register.xlsx")])
def test_a_limit_of_size(region: Path, args: tuple[str, ...]) -> None:
    before = tree(region)
    done = limited(region, resource.RLIMIT_FSIZE, 8192, *args)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "may not be so large" in done.stderr
    assert tree(region) == before


def test_an_engine_that_is_refused_a_call_is_no_fault_of_a_shape(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: object) -> bytes:
        # The last line of Python where it may open no more files.
        raise ChildFailedError("OSError: [Errno 24] Too many open files: '/x.py'")

    monkeypatch.setattr(engine_call.ReadyChild, "answer", refused)
    with pytest.raises(MachineError) as caught:
        run_checks(Workspace(load_project(region)), only=("shacl",))
    assert str(caught.value) == (
        "The engine shacl can't go on: this process may not open more files. Do this: "
        "raise the limit (ulimit -n), then run it again."
    )


def test_a_limit_of_memory_below_that_of_the_engines(region: Path) -> None:
    done = limited(region, resource.RLIMIT_AS, 800 << 20, "check", "--only", "shacl")
    assert "maximum limit" not in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 2)


@pytest.mark.parametrize(
    ("args", "megabytes", "needed", "limit"),
    [
        # With 250 MB, pyoxigraph ended the import with SIGABRT and forty lines.
        (("sparql", "ASK {}"), 250, "768 MB for its engines", 786432),
        (("check",), 700, "768 MB for its engines", 786432),
        (("fmt",), 200, "256 MB", 262144),
    ],
)
def test_a_limit_of_memory_that_would_end_an_engine(
    region: Path, args: tuple[str, ...], megabytes: int, needed: str, limit: int
) -> None:
    before = tree(region)
    done = limited(region, resource.RLIMIT_AS, megabytes << 20, *args)
    assert done.returncode == 2
    assert done.stderr == (
        f"glokal: The command may have {megabytes} MB of memory, and needs up to "
        f"{needed}. Do this: raise the limit (ulimit -v {limit}), then run it again.\n"
    )
    assert tree(region) == before


@pytest.mark.parametrize(
    "args",
    [("fmt", "--check"), ("stale",), ("source", "find", "Nordplus"), ("check", "-h")],
)
def test_what_asks_no_engine_needs_little_memory(
    region: Path, args: tuple[str, ...]
) -> None:
    done = limited(region, resource.RLIMIT_AS, 300 << 20, *args)
    assert done.returncode in (0, 1)
    assert done.stdout and "memory" not in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("sparql", "-f", "fifo"),
        ("fmt", "fifo.ttl"),
        ("check", "--baseline", "fifo"),
        ("check", "--source-text", "fifo"),
        ("sheet", "import", "fifo.xlsx", "--yes"),
        ("sheet", "import", "register", "--yes"),
        ("validate", "--shapes", "fifo.ttl", "--data", "data"),
        ("diff", "fifo.ttl"),
    ],
)
def test_a_fifo_that_a_command_was_given_is_not_opened(
    region: Path, args: tuple[str, ...]
) -> None:
    for name in ("fifo", "fifo.ttl", "fifo.xlsx"):
        os.mkfifo(region / name)
    (region / "register").mkdir()
    os.mkfifo(region / "register/grunnlag.jsonl")
    done = glokal(*args, cwd=region)
    if args[0] == "validate":
        # What can't be read is a finding of a validation, with its file.
        assert done.returncode == 1, done.stderr
        assert "fifo.ttl" in done.stdout and "FIFO" in done.stdout
        return
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("glokal: ")


def test_without_a_home_and_with_a_temporary_folder_that_is_none(region: Path) -> None:
    done = _run(region, os.getpid, "fmt", "--check", HOME="/nonexistent", TMPDIR="/no")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_publication_can_be_read_by_everyone(region: Path) -> None:
    """A web server runs as another user; nobody else may write."""
    done = _run(region, lambda: os.umask(0o077), "build")
    assert done.returncode == 0, done.stderr
    made = [region / "public", *(region / "public").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in made} == {0o755, 0o644}


def test_an_export_to_a_new_folder_is_made_at_once(region: Path) -> None:
    done = glokal("sheet", "export", "a/b/register", cwd=region)
    assert done.returncode == 0, done.stderr
    assert (region / "a/b/register/grunnlag.jsonl").is_file()
    assert [path.name for path in (region / "a").iterdir()] == ["b"]
    assert not list(region.glob(".glokal-*"))


def test_a_file_that_can_not_be_synced_counts_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(atomic, "sync_folder", refuse)
    path = tmp_path / "a"
    with pytest.raises(MachineError, match="is written, but can't be synced"):
        atomic.write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert str(path) in atomic.changed()
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_the_first_file_that_can_not_be_replaced_undoes_the_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("old")
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if Path(target).name == "a":
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    changes = [FileChange(tmp_path / name, b"new", None) for name in ("a", "b")]
    with pytest.raises(MachineError, match="a can't be replaced: it is in use"):
        write_together(tmp_path, changes, command="a test")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {
        "a": "old",
        "b": "old",
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_is_told_to_end_leaves_with_that_signal(number: signal.Signals) -> None:
    told = SignalledError(number)
    assert exit_code(told) == 128 + number
    abort = click.Abort()
    abort.__cause__ = told
    assert exit_code(abort) == 128 + number
    assert exit_code(KeyboardInterrupt()) == 130
