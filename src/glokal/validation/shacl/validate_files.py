"""SHACL on any files: `glokal validate`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from glokal.core.child_process import number_setting
from glokal.core.errors import InputError, UsageError
from glokal.core.files.bounded_read import as_input, size_of
from glokal.core.files.temporary import scratch_folder
from glokal.dataset.labels import LABEL_PROPERTIES, Labels
from glokal.rdf.any_format import ENDINGS, rdf_files, read_triples
from glokal.rdf.source_files import TOTAL_MEGABYTES, TOTAL_VARIABLE, SourceFile
from glokal.rdf.terms import text_of
from glokal.validation.display_names import DisplayNames
from glokal.validation.finding import Finding, Severity, sort_findings
from glokal.validation.localize import explain, localize_findings
from glokal.validation.property_path import read_about
from glokal.validation.report import CheckedRule, Report
from glokal.validation.shacl.data_graph import DataGraph, Progress
from glokal.validation.shacl.rule_descriptions import rules_of_shapes
from glokal.validation.shacl.second_engine import validate_judged
from glokal.validation.shacl.shape_imports import not_followed, read_imports, wanted
from glokal.validation.shacl.unsupported import usable_shapes
from glokal.validation.shacl.validate import engine_limits, finding_of_result
from glokal.validation.skipped_files import say_left_out


def validate_files(
    shapes: Iterable[Path],
    data: Iterable[Path],
    *,
    engine: str,
    lang: str,
    allowed: Iterable[str] = (),
    imports: Iterable[str] = (),
    progress: Progress = lambda _step: None,
) -> Report:
    """Validate data files against shape files.

    `allowed` names what of the shapes may be left out; see `usable_shapes`. `imports`
    are the files of what shapes import, each as IRI=FILE.
    Files that can't be read are findings, all of them, and nothing is validated then.
    Raises UsageError for a file whose ending is unknown, ShapesError for faults of the
    shapes, ToolError when an engine fails, needs more than it may have or differs from
    the other.
    """
    shape_files, broken = _read_all(shapes)
    known = read_imports(imports)
    while more := [
        p for p in wanted(shape_files, known) if p not in _paths(shape_files)
    ]:
        imported, wrong = _read_all(more)
        shape_files += imported
        broken += wrong
        if wrong:
            break
    data_paths, notes = _files(data)
    notes += not_followed(shape_files, known)
    _refuse_huge(data_paths)
    shape_triples, unsupported = (
        ([], ()) if broken else usable_shapes(shape_files, allowed, lang)
    )
    about, payload = read_about(shape_triples), [*shape_files]
    with scratch_folder() as folder:
        merged = DataGraph(folder / "data.nt")
        merged.write(data_paths, progress)
        broken += merged.broken
        if broken:
            return _unread(broken, [*shape_files, *merged.files()], notes)
        progress(f"validate {merged.triples} triples")
        judged = validate_judged(
            merged.path,
            shape_triples,
            engine=engine,
            triples=merged.triples,
            limits=engine_limits(),
        )
        findings = [finding_of_result(result) for result in judged.results]
        if findings:
            # A clean run pays nothing for places.
            from glokal.validation.locations import locate_findings

            progress(f"locate {len(findings)} findings")
            files = [*merged.files(), *shape_files]
            findings = locate_findings(findings, files, about)
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
        "files": len(data_paths),
        "triples": merged.triples,
        "shapes": len(shape_files),
        "queries": 0,
    }
    read = (CheckedRule("syntax", str(path)) for path in data_paths)
    return Report(
        tuple(sort_findings(findings)),
        ("syntax", "shacl"),
        (),
        counts,
        lambda: (*read, *rules_of_shapes(about, names)),
        files={str(path): path for path in data_paths}
        | {file.name: file.path for file in shape_files},
        unsupported=unsupported,
        engines=judged.engines,
        unjudged=judged.unjudged,
    )


def _paths(files: Iterable[SourceFile]) -> set[Path]:
    return {file.path for file in files}


def _unread(
    broken: Iterable[InputError], files: Iterable[SourceFile], notes: Iterable[Finding]
) -> Report:
    """Return the report on files that can't be read; nothing else was looked at."""
    findings = [
        Finding("syntax", "syntax", Severity.VIOLATION, explain(error), error.place)
        for error in broken
    ]
    named = {file.name: file.path for file in files}
    return Report(
        tuple(sort_findings([*findings, *notes])),
        ("syntax",),
        ("shacl",),
        {},
        files=named,
    )


def read_shapes_graph(paths: Iterable[Path]) -> list[SourceFile]:
    """Return the files of a shapes graph; raises as `validate_files`.

    Folders stand for the files in them.
    """
    files, broken = _read_all(paths)
    if broken:
        raise broken[0]
    return files


def _read_all(paths: Iterable[Path]) -> tuple[list[SourceFile], list[InputError]]:
    files, _ = _files(paths)
    _refuse_huge(files)
    read: list[SourceFile] = []
    broken: list[InputError] = []
    for path in files:
        try:
            read.append(_read(path))
        except InputError as error:
            if error.place is None:
                raise
            broken.append(error)
    return read, broken


def _read(path: Path) -> SourceFile:
    prefixes: dict[str, str] = {}
    triples = tuple(read_triples(path, prefixes))
    return SourceFile(str(path), path, "", "shapes", triples, prefixes)


def _refuse_huge(paths: Iterable[Path]) -> None:
    megabytes = int(number_setting(TOTAL_VARIABLE, TOTAL_MEGABYTES))
    with as_input():
        size = sum(size_of(path, str(path)) for path in paths)
    if size > megabytes << 20:
        raise InputError(
            f"The files hold {size >> 20} MB together; {megabytes} are allowed.",
            remedy=f"validate them in parts, or raise the limit with {TOTAL_VARIABLE}.",
        )


def _files(paths: Iterable[Path]) -> tuple[list[Path], list[Finding]]:
    """Return the files, those of folders among them, and a note for what is left out.

    Raises InputError for what can't be taken.
    """
    matches: list[Path] = []
    notes: list[Finding] = []
    for path in paths:
        if not path.is_dir():
            matches.append(path)
            continue
        inside = rdf_files(path)
        if not inside.files:
            raise UsageError(
                f"The folder {path} holds no RDF file.",
                remedy=f"name one with files that end in {ENDINGS}.",
            )
        matches += [file.path for file in inside.files]
        notes += [say_left_out(name, "hidden") for name in inside.hidden]
    return matches, notes
