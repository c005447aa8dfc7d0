"""The record of files that change together: what it says, and reading it with distrust.

A record that came with a project may be forged, so every name in it is checked: it must
be below the folder, not hidden, and a new file's name must be one of ours.
"""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from glokal.core.errors import UsageError
from glokal.core.files.atomic import is_replaceable
from glokal.core.os_errors import machine_error

JOURNAL_FILE = ".glokal-journal"
NEW = ".glokal-new-"
PREPARED, COMMITTED = "prepared", "committed"
_FORMAT = 2
# A record is a page of text; a larger one is none of ours.
_BYTES = 1 << 24


@dataclass(frozen=True)
class JournalStep:
    """One file of a record: its name below the folder, the new file, both digests.

    `identity` is that of the new file, "" before it is written.
    """

    name: str
    new: str
    before: str
    after: str
    identity: str = ""


@dataclass(frozen=True)
class JournalRecord:
    """What is written ahead: the state, the command's name, and what changes."""

    state: str
    command: str
    steps: tuple[JournalStep, ...]
    # Folders made for it, the outermost first.
    made: tuple[str, ...]

    def text(self) -> bytes:
        """Return the record as JSON."""
        steps = [vars(step) for step in self.steps]
        properties = {"format": _FORMAT, **vars(self), "steps": steps}
        return json.dumps(properties, indent=1).encode()


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of what a file holds."""
    return hashlib.sha256(data).hexdigest()


def digest_of_file(path: Path) -> str:
    """Return the digest of a file, "" when there is none.

    Raises UsageError for a FIFO, a socket or a device, which is never opened, and
    OSError.
    """
    if not is_replaceable(path):
        raise UsageError(
            f"{path} is a FIFO, a socket or a device, where a file should be.",
            remedy="take it away, or name another place.",
        )
    try:
        return digest_of(path.read_bytes())
    except FileNotFoundError:
        return ""


def read_record(root: Path) -> JournalRecord | None:
    """Return the record in a folder, None for none; UsageError when it can't be one."""
    path = root / JOURNAL_FILE
    try:
        result = path.lstat()
        if not stat.S_ISREG(result.st_mode) or result.st_size > _BYTES:
            raise ValueError("no file of ours")
        details = json.loads(path.read_bytes())
        if details["format"] != _FORMAT or details["state"] not in (
            PREPARED,
            COMMITTED,
        ):
            raise ValueError("another format")
        steps = tuple(_step(root, step) for step in details["steps"])
        results = tuple(_folder(root, folder) for folder in details["made"])
        return JournalRecord(
            details["state"], str(details["command"])[:80], steps, results
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise machine_error(error, f"{path} can't be read", file=path) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{path} is not the journal of a change that this version of Glokal made.",
            remedy="finish that change with the version that began it, or see that the "
            "files are right and remove the journal.",
        ) from error


def _step(root: Path, said: dict[str, Any]) -> JournalStep:
    step = JournalStep(*(str(said[field.name]) for field in fields(JournalStep)))
    target = resolve_inside(root, root / _relative(step.name))
    token = step.new.removeprefix(NEW)
    if (
        relative_name(root, target) != step.name
        or step.new == token
        or not token.isalnum()
    ):
        raise ValueError("a name that no journal has")
    return step


def _folder(root: Path, name: str) -> str:
    resolve_inside(root, root / _relative(name) / "x")
    return name


def _relative(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or any(part.startswith(".") for part in path.parts):
        raise ValueError("a name that no journal has")
    return path


def resolve_inside(root: Path, path: Path) -> Path:
    """Return the real path of a file; ValueError when it is none that may be written.

    Links are followed, and what they lead to must be below the folder, and not hidden.
    """
    result = path.resolve()
    inside = result.relative_to(root.resolve())
    if any(part.startswith(".") for part in inside.parts):
        raise ValueError(f"{path} is hidden")
    return root.resolve() / inside


def refuse_outside(root: Path, path: Path) -> None:
    """Raise UsageError for a file that must not be written, with what to do."""
    try:
        resolve_inside(root, path)
    except (ValueError, RuntimeError) as error:
        raise UsageError(
            f"{path} is hidden, or a link that leads out of {root}.",
            remedy="put the file itself there, under a name without a dot before it.",
        ) from error


def relative_name(root: Path, target: Path) -> str:
    """Return the name of a file below the folder, with "/" between its parts."""
    return target.relative_to(root.resolve()).as_posix()
