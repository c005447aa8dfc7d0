"""A text that was changed, checked: the faults of it and of what it bears on."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import GlokalError, Place, SourceError
from glokal.core.files.temporary import scratch_folder
from glokal.core.settings import load_project
from glokal.dataset.labels import Labels
from glokal.lsp.live_validation import LiveValidation
from glokal.lsp.project_graph import ProjectGraph, turtle_files
from glokal.lsp.turtle_text import LineSpan, NamedSpan, TurtleText
from glokal.rdf.project_files import PROVENANCE, data_kind, folder_of
from glokal.rdf.source_files import (
    CATALOGUE_SHAPES,
    ONTOLOGY,
    TURTLE_ENDING,
    SourceFile,
)
from glokal.rdf.source_files import read_file as read_turtle
from glokal.validation.display_names import DisplayNames
from glokal.validation.finding import Finding, Severity
from glokal.validation.localize import explain, localize_findings
from glokal.validation.locations import locate_findings
from glokal.validation.shacl.results import Result, finding_of_result


@dataclass(frozen=True)
class ShownFault:
    """What is shown at a place: how grave it is, in words, and what may be meant."""

    span: LineSpan
    severity: Severity
    message: str
    rule: str
    near: tuple[str, ...] = ()


class Checker:
    """Checks texts of one folder: a project with its shapes, or any Turtle files."""

    def __init__(self, root: Path, lang: str, shapes: Path | None = None) -> None:
        self.root, self.lang = root, lang
        self._scratch = scratch_folder()
        self._folder = self._scratch.__enter__()
        self.graph = ProjectGraph(_files(root, shapes), self._folder)
        self._live: LiveValidation | None = None
        self._results: list[Result] | None = None

    def close(self) -> None:
        """Remove the copies of what was open."""
        self._scratch.__exit__(None, None, None)

    def check(self, path: Path, text: str) -> dict[Path, list[ShownFault]]:
        """Take the text of a file; return the faults of all files by their paths.

        Of a text that is no Turtle it is the first fault, and nothing else is asked.
        """
        path = path.resolve()
        written = TurtleText(text)
        try:
            gone, new = self.graph.update(path, text)
        except SourceError as error:
            place = error.place or Place("", 1, 1)
            span = written.span_at(place.line or 1, place.column or 1)
            words = explain(error)[self.lang]
            return {path: [ShownFault(span, Severity.VIOLATION, words, "syntax")]}
        faults = self._by_shapes(path, gone, new)
        faults[path] += self._unknown(written)
        return faults

    def check_all(self) -> None:
        """Ask everything anew at the next check: a file was saved."""
        self._results = None

    def _by_shapes(
        self, path: Path, gone: Sequence[ox.Triple], new: Sequence[ox.Triple]
    ) -> dict[Path, list[ShownFault]]:
        results: dict[Path, list[ShownFault]] = defaultdict(list)
        shapes = self.graph.of_kind(shapes=True)
        if not shapes:
            return results
        is_shape = self.graph.files[path].source.kind == "shapes"
        try:
            if self._live is None or is_shape:
                data = self.graph.of_kind(shapes=False)
                self._live = LiveValidation(shapes, data, self._folder)
                self._results = self._live.all()
            elif self._results is None:
                self._live.after(gone, new)
                self._results = self._live.all()
            else:
                self._results = self._live.after(gone, new)
        except GlokalError as error:
            # Shapes that can't be used are told where one looks.
            self._live = None
            results[path].append(
                ShownFault(LineSpan(1, 1, 2), Severity.WARNING, str(error), "shapes")
            )
            return results
        names = {f.source.name: p for p, f in self.graph.files.items()}
        for finding in self._told(self._results):
            at = finding.place
            if at is None or at.file not in names:
                continue
            results[names[at.file]].append(self._fault(names[at.file], finding))
        return results

    def _told(self, found: list[Result]) -> list[Finding]:
        if not found:
            return []
        assert self._live is not None
        files = [f.source for f in self.graph.files.values()]
        about = self._live.about
        placed = locate_findings(map(finding_of_result, found), files, about)
        names = DisplayNames(Labels(files), self.graph.prefixes, about, self.lang)
        known = {iri for f in self.graph.files.values() for iri in f.described}
        return localize_findings(placed, names, about, known)

    def _fault(self, path: Path, finding: Finding) -> ShownFault:
        place = finding.place
        assert place is not None
        text = TurtleText(self.graph.files[path].source.path.read_text("utf-8"))
        span = text.span_at(place.line or 1, place.column or 1)
        words = finding.text(self.lang)
        if finding.shown.near:
            words += " " + say("meant", self.lang, near=finding.shown.near)
        named = text.iri_at(span.line, span.start)
        near = self._near(text, named) if named is not None else ()
        return ShownFault(
            span, finding.severity, words, str(finding.shown.rule) or "shacl", near
        )

    def _unknown(self, text: TurtleText) -> Iterator[ShownFault]:
        seen: dict[str, bool] = {}
        for named in text.names():
            if named.iri not in seen:
                seen[named.iri] = self.graph.is_misspelt(named.iri)
            if seen[named.iri]:
                near = self._near(text, named)
                words = say("unknown", self.lang, written=named.written)
                if near:
                    words += " " + say("meant", self.lang, near=near[0])
                yield ShownFault(
                    named.span, Severity.WARNING, words, "reference-is-known", near
                )

    def _near(self, text: TurtleText, named: NamedSpan) -> tuple[str, ...]:
        if self.graph.described(named.iri) is not None:
            return ()
        prefixes = self.graph.prefixes
        return tuple(text.written(iri, prefixes) for iri in self.graph.near(named.iri))


def say(word: str, lang: str, **filled: str) -> str:
    """Return one of the server's own texts, filled in."""
    return _words()[lang][word].format(**filled)


def _files(root: Path, shapes: Path | None) -> Iterator[SourceFile]:
    """Yield the files of a project, or the Turtle files below a folder."""
    if shapes is not None:
        for path in (
            sorted(shapes.rglob("*" + TURTLE_ENDING)) if shapes.is_dir() else [shapes]
        ):
            yield from _read(path, str(path), "", "shapes")
    if not (root / "publication.toml").is_file():
        given = None if shapes is None else shapes.resolve()
        for other in turtle_files(root):
            at = other.path.resolve()
            if given is None or not at.is_relative_to(given):
                yield other
        return
    project = load_project(root)
    for file in folder_of(project, "ontology").of(TURTLE_ENDING):
        yield from _read(file.path, file.name, "", ONTOLOGY)
    for file in folder_of(project, "data").of(TURTLE_ENDING):
        if data_kind(file) != PROVENANCE:
            yield from _read(file.path, file.name, "", data_kind(file))
    if shapes is None:
        for file in folder_of(project, "shapes").of(TURTLE_ENDING):
            if file.path.name != CATALOGUE_SHAPES:
                yield from _read(file.path, file.name, "", "shapes")


def _read(path: Path, name: str, graph: str, kind: str) -> Iterator[SourceFile]:
    try:
        yield read_turtle(path, name, graph, kind)
    except GlokalError:
        # It is told of when it is opened.
        return


@cache
def _words() -> dict[str, dict[str, str]]:
    file = resources.files("glokal.lsp").joinpath("words.toml")
    results: dict[str, dict[str, str]] = tomllib.loads(file.read_text("utf-8"))
    return results
