"""Git, asked about a folder that a stranger may have written.

Only commands run that look up objects and turn no file into another: `rev-parse`,
`ls-tree` and `cat-file`; `glokal.core.git_commit` has those that write. They read
neither index nor attributes, so that filters, textconv, external diffs, fsmonitor and
hooks of the repository have no part in them. `glokal.core.git_process` runs them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from glokal.core.errors import ToolError
from glokal.core.files.temporary import scratch_folder, unnamed_file
from glokal.core.git_process import ask_git, run_git

_CHUNK = 1 << 20
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
            run_git(self.top, ["cat-file", "--batch"], request, answer, most, {})
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


def _incomplete(top: Path) -> ToolError:
    return ToolError(
        f"The repository in {top} lacks a part of that revision.",
        remedy="fetch the whole of it first; nothing is fetched here.",
    )
