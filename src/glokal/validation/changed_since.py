"""Only what was touched since a revision in Git: the findings on changed blocks.

A finding stays when a block of its subject has changed, in any file, or the block that
it stands in; when it is about what triples that are gone or new speak of or point at,
or about what points at those that are gone: a deletion breaks what refers to it; and
when its path, or a shape inside its shape, leads to one of them. What speaks of no
subject (a file that can't be read, an answer that is no longer the expected one) is
about everything, and always stays.
"""

from __future__ import annotations

import dataclasses
import math
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from glokal.core.child_process import number_setting
from glokal.core.errors import SourceError, UsageError
from glokal.core.files.bounded_read import FILE_MEGABYTES, VARIABLE
from glokal.core.files.gzip_limits import unpack
from glokal.core.git import TreeEntry, changed_lines, find_repository
from glokal.core.namespaces import RDF
from glokal.rdf.rdf_input import PACKED, format_of, has_known_ending
from glokal.rdf.source_files import SourceFile
from glokal.rdf.turtle.source_map import Locator
from glokal.validation.finding import Finding
from glokal.validation.property_path import ShaclPath
from glokal.validation.report import Report

Lines = tuple[int, int]
# Blank nodes hang on each other no deeper than that.
_DEEP = 100


class _Fact(NamedTuple):
    subject: object
    predicate: str
    value: object


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
        around = self.around
        if around is None or finding.focus in around or finding.value in around:
            return True
        if finding.details:
            return any(map(self._inside, finding.details))
        route = finding.route
        return route is not None and self._leads(finding.focus, route)

    def _inside(self, finding: Finding) -> bool:
        around = self.around or set()
        return (
            finding.focus in around
            or finding.value in around
            or any(map(self._inside, finding.details))
        )

    def _leads(self, focus: object, path: ShaclPath) -> bool:
        """Whether a path may lead from a node over what changed."""
        seen: set[object] = {focus}
        reached, steps = seen, _steps(path)
        # What the last step leads to is its value, not its subject.
        while reached and steps > 1:
            beside = (self._beside.get(node, set()) for node in reached)
            reached = set().union(*beside) - seen
            if not self._changed.isdisjoint(reached):
                return True
            seen |= reached
            steps -= 1
        return False

    @cached_property
    def _beside(self) -> dict[object, set[object]]:
        """The nodes that stand beside each one in a triple now."""
        results: dict[object, set[object]] = {}
        for f in self._remaining:
            if not isinstance(f.value, ox.Literal) and f.predicate != RDF + "type":
                results.setdefault(f.subject, set()).add(f.value)
                results.setdefault(f.value, set()).add(f.subject)
        results.pop(None, None)
        return results

    @cached_property
    def around(self) -> set[object] | None:
        """The nodes around triples that are gone or new; None when none can tell."""
        self._remaining: list[_Fact] = []
        self._changed: set[object] = set()
        removed: set[_Fact] = set()
        added: set[_Fact] = set()
        top = self.repository.top
        here = {path.resolve() for path in self.files.values()}
        entries = self.repository.entries(self.commit)
        old = [
            e
            for e in entries
            if e.is_file
            and has_known_ending(e.path)
            and (top / e.path in here or not (top / e.path).exists())
        ]
        most = number_setting(VARIABLE, FILE_MEGABYTES)
        for entry, content in self.repository.read(old, most):
            path, before = top / entry.path, content.read()
            after = path.read_bytes() if path.exists() else b""
            here.discard(path)
            if before == after:
                self._remaining += _facts(after, path) or ()
                continue
            was, now = _facts(before, path), _facts(after, path)
            if was is None or now is None:
                return None
            removed |= set(was) - set(now)
            added |= set(now) - set(was)
            self._remaining += now
        for path in sorted(here):
            # That revision doesn't know it.
            if not path.is_file():
                continue
            new = _facts(path.read_bytes(), path)
            if new is None:
                return None
            added |= set(new)
            self._remaining += new
        # What another file says now is not gone.
        removed -= set(self._remaining)
        missing = {fact.subject for fact in removed}
        pointing = {f.subject for f in self._remaining if f.value in missing}
        self._changed = missing | {fact.subject for fact in added}
        ends = {
            f.value
            for f in removed | added
            if f.predicate != RDF + "type" and not isinstance(f.value, ox.Literal)
        }
        return {*self._changed, *pointing, *ends} - {None}

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

    def _entries(self, name: str) -> list[TreeEntry]:
        return self.repository.entries(self.commit, name)


def _facts(text: bytes, path: Path) -> list[_Fact] | None:
    """Return what a file says, None when it can't be read.

    What is said of a blank node is said of the node with a name that it hangs on.
    """
    if not text:
        return []
    if not has_known_ending(path.name):
        return None
    fmt = format_of(path)
    try:
        if path.suffix == PACKED:
            most = number_setting(VARIABLE, FILE_MEGABYTES)
            text = unpack(text, path.name, most, VARIABLE)
        parser = ox.parse(input=text, format=fmt, base_iri=path.as_uri())
        triples = [quad.triple for quad in parser]
    except (SyntaxError, SourceError, OSError, EOFError, zlib.error):
        return None
    above = {t.object: t.subject for t in triples if isinstance(t.object, ox.BlankNode)}

    def owner(node: object) -> object:
        for _ in range(_DEEP):
            if not isinstance(node, ox.BlankNode):
                return node
            node = above.get(node)
        return None

    return [
        _Fact(
            owner(t.subject),
            t.predicate.value,
            None if isinstance(t.object, ox.BlankNode) else t.object,
        )
        for t in triples
    ]


def _steps(path: ShaclPath) -> float:
    """Return how many triples a path leads over at most."""
    if path.kind == "property":
        return 1
    steps = [_steps(part) for part in path.parts]
    if path.kind in ("zeroOrMorePath", "oneOrMorePath"):
        return math.inf
    return sum(steps) if path.kind == "sequence" else max(steps, default=0)


def _lines(start: int, count: int) -> Lines:
    # Where lines were taken out, the ones beside the gap were touched.
    return (start, start + count - 1) if count else (start, start + 1)
