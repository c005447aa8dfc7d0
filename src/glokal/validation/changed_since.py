"""Only what was touched since a revision in Git: the findings on changed blocks.

A finding stays when a block of its subject has changed, in any file, or the block that
it stands in; and when it is about what triples that are gone spoke of or pointed at, or
about what points at those: a deletion breaks what refers to it. What speaks of no
subject (a file that can't be read, an answer that is no longer the expected one) is
about everything, and always stays.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import number_setting
from glokal.core.errors import UsageError
from glokal.core.files.bounded_read import FILE_MEGABYTES, VARIABLE
from glokal.core.git import Entry, changed_lines, find_repository
from glokal.core.namespaces import RDF
from glokal.rdf.any_format import FORMATS
from glokal.rdf.source_files import SourceFile
from glokal.rdf.turtle.source_map import Locator
from glokal.validation.finding import Finding
from glokal.validation.report import Report

Lines = tuple[int, int]


def only_changed(report: Report, revision: str, folder: Path) -> Report:
    """Return the report with the findings on what changed since a revision.

    `folder` is in the working tree. Raises UsageError outside Git or when the revision
    is unknown, ToolError when Git is not installed.
    """
    changes = _Changes(report, revision, folder)
    remaining = tuple(f for f in report.findings if changes.touch(f))
    hidden = len(report.findings) - len(remaining)
    return dataclasses.replace(
        report, findings=remaining, since=revision, hidden=hidden
    )


class _Changes:
    def __init__(self, report: Report, revision: str, folder: Path) -> None:
        self.files = report.files
        repository = find_repository(folder)
        if repository is None:
            raise UsageError(
                f"{folder.resolve()} is not under Git.",
                remedy="stand in a working tree, or leave out --changed-since.",
            )
        commit = repository.commit(revision)
        if commit is None:
            raise UsageError(
                f"Git knows no revision {revision!r} here.",
                remedy="name a commit, a branch or a tag; after a shallow clone, fetch "
                "more of the history.",
            )
        self.repository, self.commit = repository, commit
        self.locators: dict[str, Locator] = {}
        self.hunks: dict[str, list[Lines] | None] = {}

    def touch(self, finding: Finding) -> bool:
        """Whether a finding is about something that changed."""
        if finding.focus is None or finding.place is None:
            return True
        if finding.place.file not in self.files:
            return True
        if any(self._overlap(file, lines) for file, lines in self._blocks(finding)):
            return True
        gone = self.broken
        return gone is None or finding.focus in gone or finding.value in gone

    @cached_property
    def broken(self) -> set[object] | None:
        """The nodes around triples that are gone; None when that can't be told."""
        removed: set[ox.Triple] = set()
        remaining: list[ox.Triple] = []
        top = self.repository.top
        here = {path.resolve() for path in self.files.values()}
        entries = self.repository.entries(self.commit)
        old = [
            e
            for e in entries
            if e.is_file
            and Path(e.path).suffix.lower() in FORMATS
            and (top / e.path in here or not (top / e.path).exists())
        ]
        most = number_setting(VARIABLE, FILE_MEGABYTES)
        for entry, content in self.repository.read(old, most):
            path, before = top / entry.path, content.read()
            after = path.read_bytes() if path.exists() else b""
            if before == after:
                remaining += _triples(after, path) or ()
                continue
            was, now = _triples(before, path), _triples(after, path)
            if was is None or now is None:
                return None
            removed |= set(was) - set(now)
            remaining += now
        # What another file says now is not gone.
        removed -= set(remaining)
        missing = {t.subject for t in removed}
        pointing = {t.subject for t in remaining if t.object in missing}
        ends = {t.object for t in removed if not isinstance(t.object, ox.Literal)}
        kinds = {t.object for t in removed if t.predicate.value == RDF + "type"}
        return {*missing, *pointing, *(ends - kinds)}

    def _blocks(self, finding: Finding) -> Iterator[tuple[str, Lines | None]]:
        """Yield the files and lines of the subject's blocks; None for a whole file."""
        place = finding.place
        assert place is not None
        for file in self.files:
            locator = self._locator(file)
            if isinstance(finding.focus, ox.NamedNode):
                for lines in locator.blocks(finding.focus.value):
                    yield file, lines
        locator = self._locator(place.file)
        exact = locator.exact and place.line is not None
        yield place.file, locator.block_at(place.line or 1) if exact else None

    def _locator(self, file: str) -> Locator:
        if file not in self.locators:
            source = SourceFile(file, self.files[file], "", "", (), {})
            self.locators[file] = Locator(source)
        return self.locators[file]

    def _overlap(self, file: str, lines: Lines | None) -> bool:
        if file not in self.hunks:
            self.hunks[file] = self._hunks(self.files[file].resolve())
        hunks = self.hunks[file]
        if hunks is None or (lines is None and hunks):
            return True
        return lines is not None and any(
            first <= lines[1] and lines[0] <= last for first, last in hunks
        )

    def _hunks(self, path: Path) -> list[Lines] | None:
        """Return the changed lines of a file as it is now, None for the whole file."""
        top = self.repository.top
        if not path.is_relative_to(top):
            # Git can't tell, so nothing is kept back.
            return None
        name = path.relative_to(top).as_posix()
        old = [
            content.read()
            for _, content in self.repository.read(
                [e for e in self._entries(name) if e.path == name and e.is_file],
                number_setting(VARIABLE, FILE_MEGABYTES),
            )
        ]
        if not old:
            # That revision doesn't know it.
            return None
        hunks = changed_lines(old[0], path.read_bytes())
        return [_lines(start, count) for start, count in hunks]

    def _entries(self, name: str) -> list[Entry]:
        return self.repository.entries(self.commit, name)


def _triples(text: bytes, path: Path) -> list[ox.Triple] | None:
    """Return the triples of a file without blank nodes, None when it can't be read."""
    if not text:
        return []
    fmt = FORMATS[path.suffix.lower()]
    try:
        parser = ox.parse(input=text, format=fmt, base_iri=path.as_uri())
        return [q.triple for q in parser if not isinstance(q.subject, ox.BlankNode)]
    except SyntaxError:
        return None


def _lines(start: int, count: int) -> Lines:
    # Where lines were taken out, the ones beside the gap were touched.
    return (start, start + count - 1) if count else (start, start + 1)
