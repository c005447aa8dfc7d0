"""SHACL on any files: `glokal validate`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from glokal.check.finding import Finding, sort_findings
from glokal.check.places import find_places
from glokal.check.run import Report
from glokal.check.shacl import validate
from glokal.errors import Place, SourceError, UsageError
from glokal.model.labels import Labels
from glokal.rdf.sources import SourceFile, read_text
from glokal.rdf.terms import text_of

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
}


def validate_files(
    shapes: Iterable[Path], data: Iterable[Path], *, engine: str, lang: str
) -> Report:
    """Validate data files against shape files.

    Raises UsageError for a file whose ending is unknown, SourceError with the place
    of a syntax error, ToolError when the engine fails.
    """
    shape_files = [read_any(path) for path in _files(shapes)]
    data_files = [read_any(path) for path in _files(data)]
    triples = dict.fromkeys(t for f in data_files for t in f.triples)
    results = validate(
        triples, [t for f in shape_files for t in f.triples], engine=engine
    )
    labels = Labels(data_files)
    findings = [
        Finding(
            "shacl",
            text_of(r.shape) if isinstance(r.shape, ox.NamedNode) else r.component,
            r.severity,
            dict(r.messages) or {"": _default_message(r.component)},
            focus=text_of(r.focus),
            path=text_of(r.path),
            value=text_of(r.value),
        )
        for r in results
    ]
    turtle = [f for f in data_files if f.path.suffix == ".ttl"]
    placed = [
        dataclasses.replace(f, focus_label=labels.of(f.focus, lang))
        for f in find_places(findings, turtle)
    ]
    counts = {
        "files": len(data_files),
        "triples": len(triples),
        "shapes": len(shape_files),
        "queries": 0,
    }
    return Report(tuple(sort_findings(placed)), ("syntax", "shacl"), (), counts)


def _default_message(component: str) -> str:
    name = component.rpartition("#")[2].removesuffix("ConstraintComponent")
    return f"The constraint sh:{name[:1].lower()}{name[1:]} is not met."


def _files(paths: Iterable[Path]) -> list[Path]:
    found = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.suffix in _FORMATS)
        if path.is_dir() and not inside:
            raise UsageError(
                f"The folder {path} holds no RDF file.",
                remedy=f"name one with files that end in {', '.join(_FORMATS)}.",
            )
        found += inside if path.is_dir() else [path]
    return found


def read_any(path: Path) -> SourceFile:
    """Read an RDF file by its ending; named graphs are read as one graph."""
    fmt = _FORMATS.get(path.suffix)
    if fmt is None:
        raise UsageError(
            f"{path} has an unknown ending.",
            remedy=f"name a file that ends in {', '.join(_FORMATS)}.",
        )
    text = read_text(path, str(path))
    parser = ox.parse(
        input=text,
        format=fmt,
        base_iri=path.resolve().as_uri(),
        rename_blank_nodes=True,
    )
    try:
        triples = tuple(quad.triple for quad in parser)
    except SyntaxError as error:
        raise SourceError(
            f"Syntax error: {str(error.msg).rstrip('.')}.",
            remedy="mend the text there, or just before.",
            place=Place(str(path), error.lineno, error.offset),
        ) from error
    return SourceFile(str(path), path, "", "data", triples, dict(parser.prefixes))
