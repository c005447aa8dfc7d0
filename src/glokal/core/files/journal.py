"""Several files change together: all of them or none, whatever stops the machine.

A journal of redo records, written ahead:

1. the record says which files will change, and that nothing is decided (`prepared`);
2. each new content goes to a file beside the one it will replace, and is synced;
3. the record is replaced, at once, by one that says `committed`: from here on the
   change counts as made;
4. each file is put in place by rename(2);
5. the record goes.

`recover` finishes what was stopped: before 3 it is undone, after 3 it is completed.
Whoever ships a project could ship a record too, so that what is checked would not be
what was proposed. A record names each new file by what the file system gave it, its
inode and the moment in which it was written (stat(2), st_ctime), which neither Git nor
an archive can set. Only files below the folder that aren't hidden are put in place, and
only with the content whose digest the record names; what somebody has edited since is
not overwritten.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any

from glokal.core.errors import MachineError, Place, UsageError
from glokal.core.files.atomic import (
    note_change,
    replace_file,
    sync_folder,
    write_new_file,
)
from glokal.core.os_errors import machine_error
from glokal.core.signals import uninterrupted

RECORD = ".glokal-journal"
_NEW = ".glokal-new-"
_FORMAT = 2
# A record is a page of text; a larger one is none of ours.
_BYTES = 1 << 24
_PREPARED, _COMMITTED = "prepared", "committed"
Say = Callable[[str], None]


class ChangedError(UsageError):
    """A file is no longer what it was when it was read."""


@dataclass(frozen=True)
class FileChange:
    """A file below the folder of the journal, and what it will hold.

    `before` is the SHA-256 of what was read of it, "" when there was no such file, and
    None when that doesn't matter.
    """

    path: Path
    data: bytes
    before: str | None


@dataclass(frozen=True)
class _Step:
    """One file of a record: its name below the folder, the new file, both digests.

    `identity` is that of the new file, "" before it is written.
    """

    name: str
    new: str
    before: str
    after: str
    identity: str = ""


@dataclass(frozen=True)
class _Record:
    state: str
    command: str
    steps: tuple[_Step, ...]
    # Folders made for it, the outermost first.
    made: tuple[str, ...]

    def text(self) -> bytes:
        steps = [vars(step) for step in self.steps]
        properties = {"format": _FORMAT, **vars(self), "steps": steps}
        return json.dumps(properties, indent=1).encode()


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of what a file holds."""
    return hashlib.sha256(data).hexdigest()


def write_together(
    root: Path, changes: Iterable[FileChange], *, command: str, remedy: str = ""
) -> None:
    """Put changes of files below a folder in place, all of them or none.

    The caller holds the lock on the folder, and has called `recover`. Raises
    ChangedError when a file isn't what it was, MachineError when the system refuses;
    then nothing has been changed, unless the error says so.
    """
    changes = list(changes)
    if not changes:
        return
    with uninterrupted():
        for change in changes:
            _refuse_outside(root, change.path)
        refuse_changed(changes)
        try:
            record = _prepare(root, changes, command)
        except OSError as error:
            where = error.filename if isinstance(error.filename, str) else root
            raise machine_error(
                error, f"{where} can't be written", remedy=remedy
            ) from error
        _put_in_place(root, record)


def refuse_changed(changes: Iterable[FileChange]) -> None:
    """Raise ChangedError when a file isn't what it was when it was read."""
    results = [
        str(change.path)
        for change in changes
        if change.before is not None and change.before != _digest(change.path)
    ]
    if results:
        raise ChangedError(
            f"Changed by somebody else in the meantime: {', '.join(results)}; nothing "
            "was written.",
            remedy="run it again: it starts from the files as they are now.",
        )


def is_pending(root: Path) -> bool:
    """Whether there is a record in a folder, of a change at work or of one stopped."""
    return os.path.lexists(root / RECORD)


def is_committed(root: Path) -> bool:
    """Whether files of a folder may be old and new at once."""
    record = _read(root)
    return record is not None and record.state == _COMMITTED


def recover(root: Path, say: Say) -> None:
    """Complete or undo a change that was stopped, and say which.

    The caller holds the lock on the folder. Raises UsageError when that can't be done
    without losing something, with what to do, and MachineError when the system
    refuses.
    """
    record = _read(root)
    if record is None:
        return
    try:
        with uninterrupted():
            if record.state == _PREPARED:
                _undo(root, record)
                say(f"undone: a change by {record.command} that was stopped early.")
                return
            _refuse_lost(root, record)
            _put_in_place(root, record)
    except OSError as error:
        raise machine_error(
            error, f"The change by {record.command} in {root} can't be finished"
        ) from error
    names = ", ".join(step.name for step in record.steps)
    say(f"completed: a change by {record.command} that was stopped half-way ({names}).")


def _prepare(root: Path, changes: Sequence[FileChange], command: str) -> _Record:
    """Write the new contents and the record that decides; nothing is left on failure.

    Raises OSError, ChangedError and MachineError.
    """
    steps, result = [], []
    for change in changes:
        target = _inside(root, change.path)
        result += [f for f in _missing(root, target.parent) if f not in result]
        new = target.with_name(f"{_NEW}{secrets.token_hex(8)}")
        before = _digest(target) if change.before is None else change.before
        steps.append(
            _Step(_name(root, target), new.name, before, digest_of(change.data))
        )
    record = _Record(_PREPARED, command, tuple(steps), tuple(result))
    decided = record
    try:
        replace_file(root / RECORD, record.text())
        for name in record.made:
            (root / name).mkdir(exist_ok=True)
        written = tuple(
            replace(step, identity=_write_new(root / step.name, step.new, change.data))
            for step, change in zip(record.steps, changes, strict=True)
        )
        decided = replace(record, state=_COMMITTED, steps=written)
        for folder in {(root / step.name).parent for step in record.steps}:
            sync_folder(folder)
        for name in record.made:
            sync_folder((root / name).parent)
        # As late as can be: an editor takes no lock.
        refuse_changed(changes)
        replace_file(root / RECORD, decided.text())
    except BaseException:
        # With a folder that couldn't be synced the record is there all the same.
        if is_committed(root):
            return decided
        with suppress(OSError):
            _undo(root, record)
        raise
    return decided


def _write_new(target: Path, new: str, data: bytes) -> str:
    """Write and sync a new file; return its identity."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    descriptor = os.open(target.with_name(new), flags, 0o666)
    try:
        write_new_file(descriptor, data, target)
        return _identity(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _identity(result: os.stat_result) -> str:
    return f"{result.st_ino}-{result.st_ctime_ns}"


def _put_in_place(root: Path, record: _Record) -> None:
    """Rename each new file; MachineError says that the rest is done by the next.

    A file that can't be replaced (immutable, mounted) comes to light here. When nothing
    has been replaced before it, the change is undone, and MachineError says just that.
    """
    failed: OSError | None = None
    placed = 0
    for step in record.steps:
        target = root / step.name
        new = target.with_name(step.new)
        try:
            if new.exists():
                new.rename(target)
                note_change(target)
            placed += 1
        except OSError as error:
            failed = error
            break
    if failed is not None and not placed:
        _undo(root, record)
        raise machine_error(failed, f"{target} can't be replaced") from failed
    try:
        for folder in {(root / step.name).parent for step in record.steps}:
            sync_folder(folder)
        if failed is None:
            (root / RECORD).unlink(missing_ok=True)
            sync_folder(root)
    except OSError as error:
        failed = error
    if failed is not None and is_pending(root):
        reason = machine_error(failed)
        raise MachineError(
            f"The change is decided, and putting it in place has stopped: "
            f"{reason.what} The next command completes it.",
            remedy=reason.remedy,
        ) from failed


def _undo(root: Path, record: _Record) -> None:
    for step in record.steps:
        (root / step.name).with_name(step.new).unlink(missing_ok=True)
    for folder in reversed(record.made):
        with suppress(OSError):
            # Somebody may have put something there.
            (root / folder).rmdir()
    (root / RECORD).unlink(missing_ok=True)


def _refuse_lost(root: Path, record: _Record) -> None:
    """Raise UsageError when completing would overwrite, or find nothing to write."""
    for step in record.steps:
        target = root / step.name
        new = target.with_name(step.new)
        now = _digest(target)
        if not os.path.lexists(new):
            if now == step.after:
                continue
            raise UsageError(
                f"A change by {record.command} was stopped half-way, and what it was "
                "to write here is gone.",
                remedy=f"put the file right by hand, then remove {root / RECORD}.",
                place=Place(step.name),
            )
        result = new.lstat()
        own = stat.S_ISREG(result.st_mode) and _identity(result) == step.identity
        if not own or _digest(new) != step.after:
            raise UsageError(
                f"A change by {record.command} was stopped half-way, and what it was "
                f"to write here, {new}, is damaged or was copied here.",
                remedy=f"put the file right by hand, then remove both that file and "
                f"{root / RECORD}.",
                place=Place(step.name),
            )
        if now not in (step.before, step.after):
            raise UsageError(
                f"A change by {record.command} was stopped half-way, and the file has "
                f"been edited since; what it was to hold is in {new}.",
                remedy=f"take over from there what is missing, then remove both that "
                f"file and {root / RECORD}.",
                place=Place(step.name),
            )


def _read(root: Path) -> _Record | None:
    """Return the record in a folder, None for none; UsageError when it can't be one."""
    path = root / RECORD
    try:
        result = path.lstat()
        if not stat.S_ISREG(result.st_mode) or result.st_size > _BYTES:
            raise ValueError("no file of ours")
        details = json.loads(path.read_bytes())
        if details["format"] != _FORMAT or details["state"] not in (
            _PREPARED,
            _COMMITTED,
        ):
            raise ValueError("another format")
        steps = tuple(_step(root, step) for step in details["steps"])
        results = tuple(_folder(root, folder) for folder in details["made"])
        return _Record(details["state"], str(details["command"])[:80], steps, results)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise machine_error(error, f"{path} can't be read") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{path} is not the journal of a change that this version of Glokal made.",
            remedy="finish that change with the version that began it, or see that the "
            "files are right and remove the journal.",
        ) from error


def _step(root: Path, said: dict[str, Any]) -> _Step:
    step = _Step(*(str(said[field.name]) for field in fields(_Step)))
    target = _inside(root, root / _relative(step.name))
    token = step.new.removeprefix(_NEW)
    if _name(root, target) != step.name or step.new == token or not token.isalnum():
        raise ValueError("a name that no journal has")
    return step


def _folder(root: Path, name: str) -> str:
    _inside(root, root / _relative(name) / "x")
    return name


def _relative(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or any(part.startswith(".") for part in path.parts):
        raise ValueError("a name that no journal has")
    return path


def _inside(root: Path, path: Path) -> Path:
    """Return the real path of a file; ValueError when it is none that may be written.

    Links are followed, and what they lead to must be below the folder, and not hidden.
    """
    result = path.resolve()
    inside = result.relative_to(root.resolve())
    if any(part.startswith(".") for part in inside.parts):
        raise ValueError(f"{path} is hidden")
    return root.resolve() / inside


def _refuse_outside(root: Path, path: Path) -> None:
    try:
        _inside(root, path)
    except (ValueError, RuntimeError) as error:
        raise UsageError(
            f"{path} is hidden, or a link that leads out of {root}.",
            remedy="put the file itself there, under a name without a dot before it.",
        ) from error


def _name(root: Path, target: Path) -> str:
    return target.relative_to(root.resolve()).as_posix()


def _missing(root: Path, folder: Path) -> list[str]:
    """Return the names of the folders that must be made, the outermost first."""
    results = []
    while not folder.exists() and folder != root.resolve():
        results.append(_name(root, folder))
        folder = folder.parent
    return results[::-1]


def _digest(path: Path) -> str:
    """Return the digest of a file, "" when there is none."""
    try:
        return digest_of(path.read_bytes())
    except FileNotFoundError:
        return ""
