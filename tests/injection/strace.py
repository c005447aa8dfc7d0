"""strace(1): which calls a command makes, and one of them stopped or made to fail.

Only the main thread of the command is traced. There all files are written; threads and
child processes make no file that is kept, and end with it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from glokal.core.environment import foreign_environment

# Calls that create, write, rename, link, truncate, sync or remove. `?` is for those
# that this processor doesn't have (strace(1), syscall_set).
OPENING = ("creat", "open", "openat")
MAKING = ("mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat")
WRITING = ("write", "pwrite64", "writev", "sendfile", "copy_file_range", "fallocate")
MOVING = ("rename", "renameat", "renameat2")
REMOVING = ("unlink", "unlinkat", "rmdir")
SIZING = ("truncate", "ftruncate")
SYNCING = ("fsync", "fdatasync", "sync_file_range")
MARKING = ("fchmod", "chmod", "fchown", "chown", "fsetxattr", "setxattr")
SENDING = ("sendto", "sendmsg")
CALLS = (
    *(*OPENING, *MAKING, *WRITING, *MOVING, *REMOVING, *SIZING),
    *(*SYNCING, *MARKING, *SENDING),
)
READ = "open to read"
_OPENS_TO_WRITE = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|O_TRUNC|O_TMPFILE")
_SOCKET = re.compile(r"^\w+\(\d+<socket:")
_PROBE = "strace can't stop a program here"


class CannotTraceError(Exception):
    """strace is missing, or the system doesn't let it trace."""


@dataclass(frozen=True)
class Call:
    """A system call of a run: the n-th of its name, and what it is about.

    `area` is "project", "cache", "state" (the user's own), "temporary" or "socket";
    `kind` the name, and for one that opens a file, whether it only reads.
    """

    name: str
    number: int
    kind: str
    area: str
    line: str


@dataclass(frozen=True)
class Areas:
    """Where a command may write: the project, the user's folder for state beside it,

    and the folder for temporary files.
    """

    project: Path
    temporary: Path

    def of(self, line: str) -> str:
        """Return the area that a line of strace is about, "" for none of ours."""
        if _SOCKET.match(line):
            return "socket"
        if f"{self.project}/.cache" in line:
            return "cache"
        if str(self.project) in line:
            return "project"
        if f"{self.project.parent}/state" in line:
            return "state"
        return "temporary" if str(self.temporary) in line else ""


def require_strace() -> None:
    """See that strace can stop a program; CannotTraceError with what to do."""
    if shutil.which("strace") is None:
        raise CannotTraceError(
            f"{_PROBE}: it isn't installed. Type: sudo apt-get install strace"
        )
    done = subprocess.run(
        [
            *("strace", "-o", os.devnull, "-e", "trace=write"),
            *("-e", "inject=write:signal=KILL:when=1", "sh", "-c", "echo untouched"),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode != -signal.SIGKILL or done.stdout:
        said = done.stderr.strip().partition("\n")[0] or f"exit code {done.returncode}"
        raise CannotTraceError(
            f"{_PROBE}: {said}. Allow ptrace(2): docker run --cap-add=SYS_PTRACE, or "
            "kernel.yama.ptrace_scope below 2."
        )


def run(
    args: Sequence[str],
    areas: Areas,
    *,
    log: Path | None = None,
    inject: str = "",
    seconds: float = 600,
) -> subprocess.CompletedProcess[str]:
    """Run `glokal` on a project with these arguments; traced when there is a log.

    With what can be done that calls come in the same order at each run.
    """
    traced: list[str | Path] = []
    if log is not None:
        traced = ["strace", "-y", "-o", log, "-e", f"trace={_set(CALLS)}"]
        traced += ["-e", f"inject={inject}"] if inject else []
    return subprocess.run(
        [*traced, sys.executable, "-m", "glokal", "--project", areas.project, *args],
        cwd=areas.project.parent,
        capture_output=True,
        text=True,
        timeout=seconds,
        env={
            **foreign_environment(),
            "TMPDIR": str(areas.temporary),
            "XDG_STATE_HOME": str(areas.project.parent / "state"),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
        },
        # A shell starts what is in the background with SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def _set(names: Sequence[str]) -> str:
    return ",".join(f"?{name}" for name in names)


def calls(log: Path, areas: Areas) -> Iterator[Call]:
    """Yield the calls of a run that are about one of the areas."""
    counted: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines():
        name = line.partition("(")[0]
        if name not in CALLS:
            continue
        counted[name] += 1
        if area := areas.of(line):
            yield Call(name, counted[name], _kind(name, line), area, line)


def hit(log: Path, areas: Areas, fault: str) -> Call | None:
    """Return the call that a fault was injected into, None when it was none of ours.

    `fault` is the name of a signal (KILL) or of an error (ENOSPC).
    """
    lines = log.read_text(errors="replace").splitlines()
    ends = (f"--- SIG{fault} ", f"+++ killed by SIG{fault} ")
    for before, line in zip(["", *lines], [*lines, ""], strict=True):
        found = (
            line
            if "(INJECTED)" in line
            else before
            if line[:40].startswith(ends)
            else ""
        )
        name = found.partition("(")[0]
        if name in CALLS and (area := areas.of(found)):
            return Call(name, 0, _kind(name, found), area, found)
    return None


def _kind(name: str, line: str) -> str:
    if name in OPENING and name != "creat" and not _OPENS_TO_WRITE.search(line):
        return READ
    return name
