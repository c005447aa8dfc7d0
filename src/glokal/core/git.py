"""Git, asked about a folder that a stranger may have written.

Only commands run that look up objects and turn no file into another: `rev-parse`,
`ls-tree` and `cat-file`; `glokal.core.git_commit` has those that write. They read
neither index nor attributes, so that filters, textconv, external diffs, fsmonitor and
hooks of the repository have no part in them.
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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from glokal.core.environment import foreign_environment
from glokal.core.errors import ToolError
from glokal.core.files.temporary import scratch_folder, unnamed_file
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
# What Git says of an object before its content.
_HEAD = 100


@dataclass(frozen=True)
class TreeEntry:
    """A file of a tree: its path from the top, its mode as Git writes it, its object.

    The mode is 100644 or 100755 for a file, 120000 for a link, 160000 for a submodule.
    """

    path: str
    mode: str
    object: str

    @property
    def is_file(self) -> bool:
        """Whether it is a file."""
        return self.mode.startswith("100")

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == "120000"


class Repository:
    """The working tree that a folder is in; `top` is the folder of the whole tree."""

    def __init__(self, folder: Path, top: Path) -> None:
        self.folder = folder
        self.top = top

    @property
    def prefix(self) -> str:
        """The folder's path from the top, "" at the top."""
        result = self.folder.relative_to(self.top).as_posix()
        return "" if result == "." else result

    def commit(self, revision: str) -> str | None:
        """Return the commit that a revision names, None when there is no such one."""
        name = f"{revision}^{{commit}}"
        payload = ask_git(
            self.folder, "rev-parse", "--verify", "-q", "--end-of-options", name
        )
        return payload.decode().strip() if payload is not None else None

    def entries(self, commit: str, path: str = "") -> list[TreeEntry]:
        """Return the files of a commit at a path or below it, by their paths."""
        args = ["ls-tree", "-r", "-z", "--full-tree", commit, "--"]
        payload = ask_git(self.top, *args, *([path] if path else []))
        if payload is None:
            raise _incomplete(self.top)
        return [_entry(line) for line in payload.split(b"\0") if line]

    def read(
        self, entries: Sequence[TreeEntry], megabytes: float
    ) -> Iterator[tuple[TreeEntry, IO[bytes]]]:
        """Yield each of some files with its content as it is kept, without filters.

        The content must be read before the next one is asked for. Raises ToolError when
        they have more than `megabytes` together, or the repository lacks one.
        """
        names = "".join(f"{entry.object}\n" for entry in entries)
        with unnamed_file() as request, unnamed_file() as answer:
            request.write(names.encode())
            request.seek(0)
            most = int(megabytes * (1 << 20)) + _HEAD * len(entries)
            _run(self.top, ["cat-file", "--batch"], request, answer, most, {})
            answer.seek(0)
            for entry in entries:
                head = answer.readline().split()
                if len(head) != 3 or head[1] != b"blob":
                    raise _incomplete(self.top)
                with unnamed_file() as content:
                    _copy(answer, content, int(head[2]))
                    content.seek(0)
                    yield entry, content
                answer.read(1)


def find_repository(folder: Path) -> Repository | None:
    """Return the working tree that a folder is in, None when it is in none.

    Raises ToolError when Git is missing, is not answering, or refuses the repository
    because it is somebody else's.
    """
    folder = folder.resolve()
    payload = ask_git(folder, "rev-parse", "--show-toplevel")
    if payload is None:
        return None
    top = Path(os.fsdecode(payload).rstrip("\n"))
    # `core.worktree` can name any folder as the top.
    return Repository(folder, top) if folder.is_relative_to(top) else None


def changed_lines(old: bytes, new: bytes) -> list[tuple[int, int]]:
    """Return the hunks between two texts: first line in the new one, how many lines.

    Where lines were only taken out the number is 0, and the line is the one before.
    """
    with scratch_folder() as folder:
        (folder / "old").write_bytes(_without_returns(old))
        (folder / "new").write_bytes(_without_returns(new))
        # In no repository, so that there are neither settings nor attributes.
        args = ["diff", "--no-index", "-U0", "--no-color", "--no-ext-diff"]
        payload = ask_git(
            folder, *args, "--no-textconv", "--text", "--", "old", "new", well=(0, 1)
        )
    if payload is None:
        raise ToolError("Git could not compare two files.", remedy="try again.")
    return [_hunk(line) for line in payload.split(b"\n") if line.startswith(b"@@ ")]


def _hunk(line: bytes) -> tuple[int, int]:
    start, _, count = line.split()[2].decode().removeprefix("+").partition(",")
    return int(start), int(count or 1)


def _without_returns(text: bytes) -> bytes:
    # A working tree may have CR LF where the repository has LF (core.autocrlf).
    return text.replace(b"\r\n", b"\n")


def _entry(line: bytes) -> TreeEntry:
    head, _, path = line.partition(b"\t")
    mode, _kind, name = head.decode().split()
    return TreeEntry(os.fsdecode(path), mode, name)


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> None:
    while size > 0:
        part = source.read(min(size, _CHUNK))
        if not part:
            raise ToolError("Git's answer was cut off.", remedy="try again.")
        target.write(part)
        size -= len(part)


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
        if _run(folder, args, asked, answer, most, more or {}) not in well:
            return None
        answer.seek(0)
        return answer.read()


def _run(
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


def _incomplete(top: Path) -> ToolError:
    return ToolError(
        f"The repository in {top} lacks a part of that revision.",
        remedy="fetch the whole of it first; nothing is fetched here.",
    )
