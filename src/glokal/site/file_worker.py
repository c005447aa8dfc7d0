"""A process that makes files of a publication beside the build: `FileWriters` runs it.

It reads batches of files from its input, makes and writes each, and answers with their
digests. What it can't make it answers with "": the build makes that itself, so that an
error is told where everybody looks for it.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from glokal.core.child_process import end_with_parent
from glokal.core.files.data_files import write_data_file

Make = Callable[[], bytes]


@dataclass(frozen=True)
class QueuedFile:
    """A file to be made: its path below the publication, what makes it, its key.

    `make` is a function of a module with its arguments (`functools.partial`), so that
    another process can call it. Its bytes follow from the arguments alone.
    """

    path: str
    make: Make
    key: str


def make_file(root: Path, file: QueuedFile) -> str:
    """Make a file, write it below the root, and return its digest (SHA-256)."""
    return write_data_file(root, file.path, file.make(), "").sha256


def main() -> None:
    """Make files until the input ends."""
    end_with_parent(int(sys.argv[1]))
    root = Path(sys.argv[2])
    answer, sys.stdout = sys.stdout.buffer, sys.stderr
    while True:
        try:
            # The build has written it: nothing from elsewhere comes in here.
            batch: list[QueuedFile] = pickle.load(sys.stdin.buffer)  # noqa: S301
        except EOFError:
            return
        pickle.dump([_made(root, file) for file in batch], answer)
        answer.flush()


def _made(root: Path, file: QueuedFile) -> str:
    try:
        return make_file(root, file)
    except Exception:
        return ""


if __name__ == "__main__":
    main()
