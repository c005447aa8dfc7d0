"""SHACL on any files: `glokal validate`."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import GlokalError
from glokal.core.files.temporary import scratch_folder
from glokal.dataset.labels import LABEL_PROPERTIES, Labels
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.source_map import Locator
from glokal.validation.display_names import DisplayNames
from glokal.validation.finding import Finding, Severity, sort_findings
from glokal.validation.localize import explain, localize_findings
from glokal.validation.locations import locate_findings
from glokal.validation.property_path import read_about
from glokal.validation.report import CheckedRule, Report
from glokal.validation.shacl.data_graph import DataGraph, Progress
from glokal.validation.shacl.engine_call import engine_limits, ready_engine
from glokal.validation.shacl.given_files import GivenFiles
from glokal.validation.shacl.results import finding_of_result
from glokal.validation.shacl.rule_descriptions import rules_of_shapes
from glokal.validation.shacl.second_engine import validate_judged
from glokal.validation.shacl.shape_imports import not_followed, read_imports, wanted
from glokal.validation.shacl.unmet_targets import unmet_targets, unused_shapes
from glokal.validation.shacl.unsupported import usable_shapes

# Bytes of data whose statements are looked for before anything is found in them.
_PREPARED = 50_000_000


@dataclass(frozen=True)
class ReadingOptions:
    """How shapes and data are read.

    `allowed` names what of the shapes may be left out; see `usable_shapes`. `imports`
    are the files of what shapes import, each as IRI=FILE. `exclude` are patterns of
    what is passed over below folders; `data_format` is the format of the data files,
    whatever their endings.
    """

    allowed: Collection[str] = ()
    imports: Collection[str] = ()
    exclude: Collection[str] = ()
    data_format: ox.RdfFormat | None = None


_USUAL = ReadingOptions()


def validate_files(
    shapes: Iterable[Path],
    data: Iterable[Path],
    *,
    engine: str,
    lang: str,
    options: ReadingOptions = _USUAL,
    progress: Progress = lambda _step: None,
) -> Report:
    """Validate data files against shape files.

    Files that can't be read are findings, all of them, and nothing is validated then.
    Raises UsageError for a file whose ending is unknown, ShapesError for faults of the
    shapes, ToolError when an engine fails, needs more than it may have or differs from
    the other.
    """
    limits = engine_limits()
    with scratch_folder() as folder, ready_engine(limits) as ready:
        given = GivenFiles(folder, tuple(options.exclude))
        shape_files = given.read(shapes)
        known = read_imports(options.imports)
        while more := [
            p for p in wanted(shape_files, known) if str(p) not in _names(shape_files)
        ]:
            found = given.read(more)
            shape_files += found
            if len(found) < len(more):
                break
        sources = given.open(data, options.data_format)
        notes = [*not_followed(shape_files, known)]
        shape_triples, unsupported = (
            ([], ())
            if given.broken
            else usable_shapes(shape_files, options.allowed, lang)
        )
        about, payload = read_about(shape_triples), [*shape_files]
        merged = DataGraph(folder / "data.nt")
        merged.write(sources, given, progress)
        notes += given.notes
        origins = {s.name: s.origin for s in sources if s.origin is not None}
        origins |= {file.name: Path(file.name) for file in shape_files}
        if given.broken:
            return _unread(given.broken, origins, notes)
        progress(f"validate {merged.triples} triples")
        files = [*merged.files(), *shape_files]
        places = [Locator(file) for file in files] if _is_spare(merged.path) else []
        if ready is not None:
            ready.meanwhile = partial(_prepare, places)
        judged = validate_judged(
            merged.path,
            shape_triples,
            engine=engine,
            triples=merged.triples,
            limits=limits,
            ready=ready,
        )
        findings = [finding_of_result(result) for result in judged.results]
        notes += unmet_targets(about, merged.path, shape_files)
        notes += unused_shapes(about, shape_files)
        if findings:
            progress(f"locate {len(findings)} findings")
            findings = locate_findings(findings, files, about, prepared=places)
            # Everything that the shapes speak of may be named in the report.
            named = {text_of(t.object) for t in shape_triples}
            named |= {text_of(x) for f in findings for x in (f.focus, f.value)}
            payload.append(merged.telling(named, LABEL_PROPERTIES))
        prefixes = {p: ns for file in merged.files() for p, ns in file.prefixes.items()}
    for file in shape_files:
        prefixes |= file.prefixes
    names = DisplayNames(Labels(payload), prefixes, about, lang)
    findings = [*localize_findings(findings, names, about), *notes]
    counts = {
        "files": len(sources),
        "triples": merged.triples,
        "shapes": len(shape_files),
        "queries": 0,
    }
    read = (CheckedRule("syntax", source.name) for source in sources)
    return Report(
        tuple(sort_findings(findings)),
        ("syntax", "shacl"),
        (),
        counts,
        lambda: (*read, *rules_of_shapes(about, names)),
        files=origins,
        unsupported=unsupported,
        **judged.told(),
    )


def _prepare(places: Iterable[Locator]) -> None:
    for place in places:
        place.prepare()


def _is_spare(data: Path) -> bool:
    """Whether places can be prepared while the engine works, at no cost for a run
    without findings: with a processor of its own, and data that are held lightly.
    """
    return (os.cpu_count() or 1) > 1 and data.stat().st_size <= _PREPARED


def _names(files: Iterable[SourceFile]) -> set[str]:
    return {file.name for file in files}


def _unread(
    broken: Iterable[GlokalError], files: Mapping[str, Path], notes: Iterable[Finding]
) -> Report:
    """Return the report on files that can't be read; nothing else was looked at."""
    findings = [
        Finding("syntax", "syntax", Severity.VIOLATION, explain(error), error.place)
        for error in broken
    ]
    return Report(
        tuple(sort_findings([*findings, *notes])),
        ("syntax",),
        ("shacl",),
        {},
        files=files,
    )


def read_shapes_graph(paths: Iterable[Path]) -> list[SourceFile]:
    """Return the files of a shapes graph; raises as `validate_files`.

    Folders stand for the files in them.
    """
    with scratch_folder() as folder:
        given = GivenFiles(folder)
        files = given.read(paths)
        if given.broken:
            raise given.broken[0]
        return files
