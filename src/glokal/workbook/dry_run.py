"""A change tried on a copy of the project before anything is written.

The copy is checked with the shapes and the rules; a fault that the change brings is
put on the row, and the cell, that it comes from.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from glokal.core.errors import MachineError
from glokal.core.files.file_names import is_hidden
from glokal.core.files.journal import FileChange
from glokal.core.files.journal_record import digest_of
from glokal.core.files.temporary import open_folders, scratch_folder
from glokal.core.os_errors import machine_error
from glokal.core.settings import SETTINGS, load_project
from glokal.dataset.prefixes import all_prefixes
from glokal.dataset.releases.graph_diff import GraphDiff as Difference
from glokal.dataset.releases.graph_diff import compare_snapshots
from glokal.dataset.releases.graph_snapshot import Snapshot, snapshot_of
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import read_text
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.edit import edit_turtle
from glokal.validation.finding import Finding
from glokal.validation.fingerprint import add_fingerprints
from glokal.validation.pipeline import run_checks
from glokal.workbook.changes import CellFault, ImportPlan, RowChange
from glokal.workbook.layout import BOOK_LANGUAGES, load_layout
from glokal.workbook.merge import hold_rows
from glokal.workbook.planning import COMING
from glokal.workbook.to_triples import COLUMNS, TripleChanges, triples_for

_STEPS = ("hygiene", "shacl", "quotes")
_PARTS = ("data", "ontology", "shapes", "queries", "expected", "editions")
# Things that may be named in data/register before they are anywhere else.
_KINDS = (
    "activity", "authority", "country", "organisation", "participation", "place",
    "programme", "record", "report",
)  # fmt: skip
Progress = Callable[[str], None]


@dataclass(frozen=True)
class DryRun:
    """What would be written, by file, and what changes by it.

    `before` has the digest of each of the files as it was read, "" for a new one.
    `others` are findings that come from no row; with any, nothing may be written.
    """

    files: Mapping[str, str]
    before: Mapping[str, str]
    difference: Difference
    old: Snapshot
    new: Snapshot
    others: tuple[Finding, ...]

    def changes(self, root: Path) -> list[FileChange]:
        """Return the files of the project in a folder that are to be written."""
        return [
            FileChange(root / name, text.encode(), self.before[name])
            for name, text in self.files.items()
        ]


def dry_run(
    plan: ImportPlan,
    workspace: Workspace,
    name: str,
    *,
    progress: Progress = lambda _step: None,
) -> DryRun:
    """Try what a plan asks for; put the faults that it brings on its rows.

    `name` is what the outcome is called when it is compared with the project.

    Tried again without the rows at fault, until what is left is clean. Raises
    SourceError when a file can't be changed as asked.
    """
    _reject_with_them(plan)
    before: set[str] | None = None
    old = snapshot_of(workspace)
    old = dataclasses.replace(old, name=workspace.project.slug)
    while True:
        changes = triples_for(plan.accepted, workspace.files, workspace.project.things)
        texts, digests = _texts(changes, workspace)
        with scratch_folder() as scratch:
            copy = copy_with(workspace, scratch / "copy", texts)
            progress("checks")
            report = run_checks(copy, only=_STEPS) if texts else None
            results = [
                f
                for f in (report.findings if report else ())
                if report is not None and report.fails(f)
            ]
            if results and before is None:
                earlier = run_checks(workspace, only=_STEPS).findings
                before = set(add_fingerprints(earlier))
            known = before or set()
            fresh = [
                f
                for f, key in zip(results, add_fingerprints(results), strict=True)
                if key not in known
            ]
            new = dataclasses.replace(snapshot_of(copy), name=name) if texts else old
        others = [f for f in fresh if not _blame(f, changes)]
        if len(others) == len(fresh):
            difference = compare_snapshots(old, new)
            return DryRun(texts, digests, difference, old, new, tuple(others))
        _reject_with_them(plan)


def _texts(
    changes: TripleChanges, workspace: Workspace
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the text that each changed file would have, and the digest it has now."""
    project = workspace.project
    own = {kind: f"{project.things}{kind}/" for kind in _KINDS}
    prefixes = {**all_prefixes(workspace), **own}
    paths = {file.name: file.path for file in workspace.files}
    texts, digests = {}, {}
    for name, change in sorted(changes.files.items()):
        path = paths.get(name)
        text = read_text(path, name) if path else ""
        result = edit_turtle(text, name, change.removed, change.added, prefixes)
        if result != text:
            texts[name] = result
            digests[name] = digest_of(text.encode()) if path else ""
    return texts, digests


def copy_with(
    workspace: Workspace, folder: Path, texts: Mapping[str, str]
) -> Workspace:
    """Return a copy of a project in a folder, with other texts of some of its files.

    Raises MachineError when it can't be made.
    """
    root = workspace.project.root
    try:
        folder.mkdir()
        _copy_file(str(root / SETTINGS), str(folder / SETTINGS))
        for part in _PARTS:
            if (root / part).is_dir():
                # What is left out when the folder is read may lead nowhere.
                shutil.copytree(
                    root / part, folder / part, ignore=_hidden, copy_function=_copy_file
                )
        open_folders(folder)
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise _no_copy(error, folder) from error
    return Workspace(load_project(folder))


def _copy_file(source: str, target: str) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        # Raised at once: copytree would go on, and give a list of all in the end.
        raise _no_copy(error, Path(target)) from error


def _no_copy(error: OSError, where: Path) -> MachineError:
    return machine_error(
        error, f"The copy to try the change on, {where}, can't be made"
    )


def _hidden(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if is_hidden(name)]


def _blame(finding: Finding, changes: TripleChanges) -> bool:
    """Put a finding on the rows that it comes from; whether there are any."""
    rows = changes.origin.get(text_of(finding.focus), [])
    for row in rows:
        column = _column(finding, row)
        words = {lang: finding.text(lang) for lang in BOOK_LANGUAGES}
        row.faults.append(CellFault(column, "shape", words))
    return bool(rows)


def _column(finding: Finding, row: RowChange) -> str:
    names = load_layout().sheet(row.line.sheet).names
    name = row.place(COLUMNS.get(finding.path, ""))
    if finding.path.endswith("#label"):
        shape = finding.rule.rpartition("-")[2]
        language = getattr(finding.value, "language", None) or shape
        name = row.place(f"name_{language}")
        name = name if name in names else row.place("name_nb")
    return name if name in names else ""


def _reject_with_them(plan: ImportPlan) -> None:
    """Reject what would name what isn't taken, and hold back the rest of its row."""
    while True:
        hold_rows(plan)
        out = {
            f"{COMING}{a.key}" for a in plan.asked if a.key and (a.faults or a.held)
        } - {f"{COMING}{a.key}" for a in plan.accepted}
        results = [
            (asked, column)
            for asked in plan.accepted
            for column, value in asked.row.items()
            if COMING in value and out & set(value.split(" "))
        ]
        if not results:
            return
        for asked, column in results:
            asked.faults.append(CellFault(asked.place(column), "depends"))
