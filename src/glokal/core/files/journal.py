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

import os
import secrets
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from glokal.core.errors import MachineError, Place, UsageError
from glokal.core.files import atomic
from glokal.core.files.journal_record import (
    COMMITTED,
    JOURNAL_FILE,
    NEW,
    PREPARED,
    JournalRecord,
    JournalStep,
    digest_of,
    digest_of_file,
    read_record,
    refuse_outside,
    relative_name,
    resolve_inside,
)
from glokal.core.os_errors import machine_error
from glokal.core.signals import uninterrupted

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
            refuse_outside(root, change.path)
        refuse_changed(changes)
        try:
            record = _prepare(root, changes, command)
        except OSError as error:
            where = error.filename if isinstance(error.filename, str) else root
            raise machine_error(
                error, f"{where} can't be written", remedy=remedy, file=where
            ) from error
        _put_in_place(root, record)


def refuse_changed(changes: Iterable[FileChange]) -> None:
    """Raise ChangedError when a file isn't what it was when it was read."""
    results = [
        str(change.path)
        for change in changes
        if change.before is not None and change.before != digest_of_file(change.path)
    ]
    if results:
        raise ChangedError(
            f"Changed by somebody else in the meantime: {', '.join(results)}; nothing "
            "was written.",
            remedy="run it again: it starts from the files as they are now.",
        )


def is_pending(root: Path) -> bool:
    """Whether there is a record in a folder, of a change at work or of one stopped."""
    return os.path.lexists(root / JOURNAL_FILE)


def is_committed(root: Path) -> bool:
    """Whether files of a folder may be old and new at once."""
    record = read_record(root)
    return record is not None and record.state == COMMITTED


def recover(root: Path, say: Say) -> None:
    """Complete or undo a change that was stopped, and say which.

    The caller holds the lock on the folder. Raises UsageError when that can't be done
    without losing something, with what to do, and MachineError when the system
    refuses.
    """
    record = read_record(root)
    if record is None:
        return
    try:
        with uninterrupted():
            if record.state == PREPARED:
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


def _prepare(root: Path, changes: Sequence[FileChange], command: str) -> JournalRecord:
    """Write the new contents and the record that decides; nothing is left on failure.

    Raises OSError, ChangedError and MachineError.
    """
    steps, result = [], []
    for change in changes:
        target = resolve_inside(root, change.path)
        result += [f for f in _missing(root, target.parent) if f not in result]
        new = target.with_name(f"{NEW}{secrets.token_hex(8)}")
        before = digest_of_file(target) if change.before is None else change.before
        steps.append(
            JournalStep(
                relative_name(root, target), new.name, before, digest_of(change.data)
            )
        )
    record = JournalRecord(PREPARED, command, tuple(steps), tuple(result))
    decided = record
    try:
        atomic.replace_file(root / JOURNAL_FILE, record.text())
        for name in record.made:
            (root / name).mkdir(exist_ok=True)
        written = tuple(
            replace(step, identity=_write_new(root / step.name, step.new, change.data))
            for step, change in zip(record.steps, changes, strict=True)
        )
        decided = replace(record, state=COMMITTED, steps=written)
        for folder in {(root / step.name).parent for step in record.steps}:
            atomic.sync_folder(folder)
        for name in record.made:
            atomic.sync_folder((root / name).parent)
        # As late as can be: an editor takes no lock.
        refuse_changed(changes)
        atomic.replace_file(root / JOURNAL_FILE, decided.text())
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
        atomic.write_new_file(descriptor, data, target)
        return _identity(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _identity(result: os.stat_result) -> str:
    return f"{result.st_ino}-{result.st_ctime_ns}"


def _put_in_place(root: Path, record: JournalRecord) -> None:
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
                atomic.note_change(target)
            placed += 1
        except OSError as error:
            failed = error
            break
    if failed is not None and not placed:
        _undo(root, record)
        raise machine_error(
            failed, f"{target} can't be replaced", file=target
        ) from failed
    try:
        for folder in {(root / step.name).parent for step in record.steps}:
            atomic.sync_folder(folder)
        if failed is None:
            (root / JOURNAL_FILE).unlink(missing_ok=True)
            atomic.sync_folder(root)
    except OSError as error:
        failed = error
    if failed is not None and is_pending(root):
        reason = machine_error(failed)
        raise MachineError(
            f"The change is decided, and putting it in place has stopped: "
            f"{reason.what} The next command completes it.",
            remedy=reason.remedy,
        ) from failed


def _undo(root: Path, record: JournalRecord) -> None:
    for step in record.steps:
        (root / step.name).with_name(step.new).unlink(missing_ok=True)
    for folder in reversed(record.made):
        with suppress(OSError):
            # Somebody may have put something there.
            (root / folder).rmdir()
    (root / JOURNAL_FILE).unlink(missing_ok=True)


def _refuse_lost(root: Path, record: JournalRecord) -> None:
    """Raise UsageError when completing would overwrite, or find nothing to write."""
    for step in record.steps:
        target = root / step.name
        new = target.with_name(step.new)
        now = digest_of_file(target)
        if not os.path.lexists(new):
            if now == step.after:
                continue
            raise UsageError(
                f"A change by {record.command} was stopped half-way, and what it was "
                "to write here is gone.",
                remedy="put the file right by hand, then remove "
                f"{root / JOURNAL_FILE}.",
                place=Place(step.name),
            )
        result = new.lstat()
        own = stat.S_ISREG(result.st_mode) and _identity(result) == step.identity
        if not own or digest_of_file(new) != step.after:
            raise UsageError(
                f"A change by {record.command} was stopped half-way, and what it was "
                f"to write here, {new}, is damaged or was copied here.",
                remedy=f"put the file right by hand, then remove both that file and "
                f"{root / JOURNAL_FILE}.",
                place=Place(step.name),
            )
        if now not in (step.before, step.after):
            raise UsageError(
                f"A change by {record.command} was stopped half-way, and the file has "
                f"been edited since; what it was to hold is in {new}.",
                remedy=f"take over from there what is missing, then remove both that "
                f"file and {root / JOURNAL_FILE}.",
                place=Place(step.name),
            )


def _missing(root: Path, folder: Path) -> list[str]:
    """Return the names of the folders that must be made, the outermost first."""
    results = []
    while not folder.exists() and folder != root.resolve():
        results.append(relative_name(root, folder))
        folder = folder.parent
    return results[::-1]
