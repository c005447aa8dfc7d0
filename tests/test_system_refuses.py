"""What the system refuses is told in one line with exit code 2; nothing is lost."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click
import pytest

from glokal.cli import main
from glokal.core.child_process import ChildFailedError
from glokal.core.errors import MachineError
from glokal.core.files import atomic
from glokal.core.files.journal import FileChange, write_together
from glokal.core.files.temporary import scratch_folder, unnamed_file
from glokal.core.os_errors import machine_error
from glokal.core.settings import load_project
from glokal.core.signals import SignalledError, exit_code
from glokal.dataset.workspace import Workspace
from glokal.reasoning import hermit
from glokal.reasoning.entailments import NoVerdictError
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
    assert "kan ikke være så stor" in done.stderr
    assert tree(region) == before


def test_a_thread_that_can_not_be_started_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> object:
        # What threading.Thread.start raises under `ulimit -u`.
        raise RuntimeError("can't start new thread")

    def other() -> object:
        raise RuntimeError("something else")

    # Tests before this one have written in the same process.
    monkeypatch.setattr(atomic, "_changed", {})
    monkeypatch.setattr(main, "_run", refused)
    monkeypatch.setattr(main, "guard_streams", os.getpid)
    monkeypatch.setattr(main, "end_by_exception", os.getpid)
    with pytest.raises(SystemExit) as caught:
        main.main()
    assert caught.value.code == 2
    assert capsys.readouterr().err == (
        "glokal: The system refused a call: the machine starts no more processes or "
        "threads. Do this: raise the limit (ulimit -u), then run it again.\n"
    )
    monkeypatch.setattr(main, "_run", other)
    with pytest.raises(RuntimeError, match="something else"):
        main.main()


def test_a_child_that_can_start_no_thread_is_no_faulty_installation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_args: object) -> bytes:
        raise ChildFailedError("RuntimeError: can't start new thread")

    monkeypatch.setattr(hermit, "run_child", refused)
    with pytest.raises(NoVerdictError) as caught:
        hermit.reason_with_hermit((), namespaces=())
    assert "starts no more processes or threads" in caught.value.what
    assert "ulimit -u" in caught.value.remedy


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


@pytest.mark.parametrize("place", [scratch_folder, unnamed_file])
def test_a_full_folder_for_temporary_files_is_named(
    place: Callable[[], AbstractContextManager[object]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    # As pyoxigraph raises it, and as write(2) does: neither names the file.
    full = (
        OSError("No space left on device (os error 28)"),
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    )
    for error in full:
        with pytest.raises(MachineError) as caught, place():
            raise error
        assert str(caught.value) == (
            f"Temporary files can't be written in {tmp_path}: no space is left on the "
            "file system. Do this: make room there (df and df -i show space and "
            "inodes), then run it again."
        )
    with pytest.raises(OSError, match="elsewhere"), place():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "elsewhere")
    assert list(tmp_path.iterdir()) == []


def test_at_the_limit_of_open_files_temporary_ones_go_as_well(tmp_path: Path) -> None:
    code = """
import os, resource
from glokal.core.files.temporary import scratch_folder
resource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))
with scratch_folder() as folder:
    (folder / "a/b/c").mkdir(parents=True)
    (folder / "a/b/c/file").touch()
    (folder / "link").symlink_to("/")
    try:
        while True:
            os.dup(0)
    except OSError as error:
        print(error.strerror)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "Too many open files\n", done.stderr
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


# Root writes everywhere, so that it becomes somebody else.
COPIER = """
import os
from pathlib import Path
import glokal.rdf.source_files
from glokal.core.files.temporary import scratch_folder
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.workbook import dry_run
workspace = Workspace(load_project(Path()))
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
with scratch_folder() as scratch:
    copy = scratch / "copy"
    texts = {"data/register/a.ttl": "", "data/strategy/b.ttl": ""}
    dry_run.copy_with(workspace, copy, texts)
    (copy / "data/strategy").chmod(0o500)
print(os.listdir(os.environ["TMPDIR"]))
"""


def test_a_change_is_tried_on_a_copy_of_read_only_folders(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Who it becomes can't reach the folder of the tests.
    monkeypatch.setattr(tempfile, "tempdir", None)
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        place.chmod(0o755)
        shutil.copytree(region, place / "project")
        (place / "temporary").mkdir()
        (place / "temporary").chmod(0o777)
        for name in ("data/strategy", "data"):
            (place / "project" / name).chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", COPIER],
            cwd=place / "project",
            env=os.environ | {"TMPDIR": str(place / "temporary")},
            capture_output=True,
            text=True,
        )
    assert done.stdout == "[]\n", done.stderr


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
