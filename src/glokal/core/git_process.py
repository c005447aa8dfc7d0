"""Git as a child process: without network, without what a user or a folder has set.

An object that isn't there is not fetched: no protocol is allowed, and Git runs without
network (`glokal.core.sandbox`). Variables GIT_… don't reach it, and no pager does.

A few objects can stand for more files, or more bytes, than a disk holds; an answer is
read up to a limit.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from glokal.core.environment import foreign_environment
from glokal.core.errors import ToolError
from glokal.core.files.temporary import unnamed_file
from glokal.core.sandbox import run_sandboxed

_SECONDS = 60
# For the case that a later Git reads them in these commands, too.
_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.pager": "cat",
    "core.quotePath": "false",
    "core.sshCommand": "false",
    "credential.helper": "",
    "protocol.allow": "never",
    # A folder with HEAD, objects and refs in it is no repository unless it is named.
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
}
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ATTR_NOSYSTEM": "1",
}
_CHUNK = 1 << 20
# A list of a hundred thousand files has a tenth of this.
_LIST_MEGABYTES = 100.0


def ask_git(
    folder: Path,
    *args: str,
    well: tuple[int, ...] = (0,),
    given: bytes = b"",
    more: Mapping[str, str] | None = None,
) -> bytes | None:
    """Return what Git answers, None when it says that there is nothing.

    `given` is its standard input, `more` are variables for it alone. Raises ToolError
    as every command here does.
    """
    with unnamed_file() as asked, unnamed_file() as answer:
        asked.write(given)
        asked.seek(0)
        most = int(_LIST_MEGABYTES * (1 << 20))
        if run_git(folder, args, asked, answer, most, more or {}) not in well:
            return None
        answer.seek(0)
        return answer.read()


def run_git(
    folder: Path,
    args: Sequence[str],
    stdin: IO[bytes] | int,
    answer: IO[bytes],
    most: int,
    more: Mapping[str, str],
) -> int:
    """Run Git; write its answer, at most so many bytes, to a file; return how it ended.

    Raises ToolError when Git is missing, slow, says more, or refuses the repository.
    """
    environment = foreign_environment() | _ENVIRONMENT | dict(more)
    if args[0] == "diff":
        environment["GIT_CEILING_DIRECTORIES"] = str(folder.parent)
    program = shutil.which("git", path=environment.get("PATH", os.defpath))
    if program is None:
        raise ToolError(
            "Git is not installed.", remedy="install it, or name no revision."
        )
    settings = [part for name, v in _SETTINGS.items() for part in ("-c", f"{name}={v}")]
    command = [program, "--no-pager", *settings, *args]
    with unnamed_file() as errors:

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(  # noqa: S603
                command,
                cwd=folder,
                env=environment,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

        with run_sandboxed(start) as process:
            late = threading.Event()
            timer = threading.Timer(_SECONDS, _end, (process, late))
            timer.start()
            try:
                _take(process, answer, most, folder)
            finally:
                timer.cancel()
                process.kill()
        if late.is_set():
            raise ToolError(
                f"Git did not answer within {_SECONDS} seconds.", remedy="try again."
            )
        errors.seek(0)
        if b"dubious ownership" in errors.read(_CHUNK):
            raise ToolError(
                f"Git does not read {folder}: the repository belongs to another user.",
                remedy="run the command as its owner, or name the folder in Git's own "
                "setting safe.directory.",
            )
    return process.returncode


def _take(
    process: subprocess.Popen[bytes], answer: IO[bytes], most: int, folder: Path
) -> None:
    """Write what a process says to a file, and wait for its end."""
    assert process.stdout is not None
    while part := process.stdout.read(_CHUNK):
        most -= len(part)
        if most < 0:
            raise ToolError(
                f"The repository in {folder} has more in that revision than is read "
                "here.",
                remedy="see what large files, or how many, the revision has; "
                "GLOKAL_DATA_MEGABYTES raises the limit.",
            )
        answer.write(part)
    process.wait()


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()
