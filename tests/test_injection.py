"""A few of the faults of `make faults`, and that the harness sees what goes wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from glokal.cli.commands import LazyGroup
from tests.conftest import ROOT
from tests.injection.__main__ import bench
from tests.injection.commands import COMMANDS
from tests.injection.faults import GROUPS, points
from tests.injection.strace import READ, Areas, Call, calls, hit, require_strace
from tests.injection.trial import Bench

# Where a change is decided, and one before it.
_NAMES = [command.name for command in COMMANDS]
_BY_NAME = {command.name: command for command in COMMANDS}


def test_every_command_that_writes_is_stopped() -> None:
    require_strace()
    stopped = {command.args[0] for command in COMMANDS}
    # They go on until they are told to end, and have tests of their own.
    assert set(LazyGroup.commands_in) - stopped == {"demo", "lsp", "mcp", "serve"}


# A build writes thousands of files, each call of which is traced.
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", _NAMES)
def test_a_stopped_command_leaves_the_old_state_or_the_new(
    name: str, tmp_path: Path
) -> None:
    require_strace()
    with bench(_BY_NAME[name], tmp_path) as made:
        for call, fault in _few(made):
            trial = made.stop(call, fault)
            assert trial.call is not None, f"{fault} met none of the files"
            assert not trial.wrong, f"{fault} at {trial.call.line}: {trial.wrong}"


def _few(made: Bench) -> list[tuple[Call, str]]:
    """Return the last change of the project for KILL, and one for each other group.

    A build is long, and there are two: each takes half of the groups.
    """
    writing = [c for c in made.calls if c.kind != READ and c.area != "cache"]
    seed = _NAMES.index(made.command.name)
    taken = [(writing[-1], "KILL")]
    for number, group in enumerate(GROUPS[1:]):
        found = points(writing, group, 1, seed)
        taken.append(found[(seed + number) % len(found)])
    return taken[seed % 2 :: 2] if made.command.args == ("build",) else taken


def test_a_file_that_is_written_in_place_is_seen(tmp_path: Path) -> None:
    """The harness goes red when a file isn't replaced at once but written over."""
    require_strace()
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import glokal.core.files.atomic as atomic\n"
        "def write(path, data, *, remedy=''):\n"
        "    with path.open('wb', buffering=0) as file:\n"
        "        file.write(data[:2])\n"
        "        file.write(data[2:])\n"
        "atomic.write_file = write\n",
        encoding="utf-8",
    )
    code = (
        "import sys\nfrom tests.test_injection import torn\nsys.exit(torn(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        env={"PYTHONPATH": str(broken), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def torn(folder: str) -> int:
    """Return 0 when a kill between two writes is told as neither old nor new."""
    with bench(_BY_NAME["query"], Path(folder)) as made:
        writes = [c for c in made.calls if c.kind == "write" and c.area == "project"]
        trial = made.stop(writes[-1], "KILL")
        print(trial, file=sys.stderr)
        return int("neither old nor new" not in trial.wrong)


def test_calls_are_counted_by_name_and_told_by_area(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        'openat(AT_FDCWD</w>, "/lib/x.so", O_RDONLY|O_CLOEXEC) = 3</lib/x.so>\n'
        'openat(AT_FDCWD</w>, "/w/project/a", O_WRONLY|O_CREAT, 0666) = 3</w/p>\n'
        'write(1</dev/null>, "x", 1) = 1\n'
        'write(3</w/project/.cache/b>, "x", 1) = -1 ENOSPC (No space) (INJECTED)\n'
        'rename("/t/a", "/t/b") = ?\n'
        "+++ killed by SIGKILL +++\n",
        encoding="utf-8",
    )
    areas = Areas(Path("/w/project"), Path("/t"))
    found = [(c.name, c.number, c.area) for c in calls(log, areas)]
    assert found == [
        ("openat", 2, "project"),
        ("write", 2, "cache"),
        ("rename", 1, "temporary"),
    ]
    met = hit(log, areas, "ENOSPC")
    assert met is not None and (met.name, met.area) == ("write", "cache")


def test_a_sample_meets_every_kind_of_call() -> None:
    made = [
        Call(name, number, name, area, "")
        for name in ("write", "rename", "fsync")
        for area in ("project", "cache")
        for number in range(20)
    ]
    for group in GROUPS:
        taken = points(made, group, 10, seed=7)
        assert len(taken) == 10
        assert {(c.kind, c.area) for c, _ in taken} == {(c.kind, c.area) for c in made}
        assert taken == points(made, group, 10, seed=7)


def test_without_strace_nothing_passes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.injection"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "apt-get install strace" in done.stderr


def test_where_strace_may_not_trace_nothing_passes(tmp_path: Path) -> None:
    fake = tmp_path / "strace"
    fake.write_text(
        "#!/bin/sh\necho 'strace: ptrace(PTRACE_SEIZE): Operation not permitted' >&2\n"
        "exit 1\n",
        encoding="utf-8",
    )
    fake.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "tests.injection"],
        cwd=ROOT,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "Operation not permitted" in done.stderr
    assert "SYS_PTRACE" in done.stderr
