"""Reading the source files: one file is one named graph, one source, one licence.

Syntax is Turtle 1.1 (https://www.w3.org/TR/turtle/), read by pyoxigraph's parser,
which keeps each literal as it is written. Files are UTF-8 without a byte-order mark.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from glokal.config import Project, shared_folder
from glokal.errors import Place, SourceError, UsageError
from glokal.rdf.missing import place_of
from glokal.vocabulary import ONTOLOGY_GRAPH

STRATEGY, REFERENCE, SUPPLEMENT, REGISTER, ONTOLOGY = (
    "strategy",
    "reference",
    "supplement",
    "register",
    "ontology",
)
# Reached by GRAPH only: the default graph answers what the strategy says.
APART = (SUPPLEMENT, REGISTER)
# Files that were meant to be read; another, such as a note, is left alone.
OTHER_ENDINGS = {".ttl", ".nt", ".nq", ".trig", ".n3", ".rdf", ".owl", ".jsonld"}
# Shapes for the catalogue, which is made from the data and isn't in it.
CATALOGUE_SHAPES = "catalog.ttl"


@dataclass(frozen=True)
class SourceFile:
    """A Turtle file of the project, read: its name, its named graph, its triples."""

    name: str
    path: Path
    graph: str
    kind: str
    triples: Collection[ox.Triple] = field(repr=False)
    prefixes: Mapping[str, str] = field(repr=False)

    @property
    def in_default_graph(self) -> bool:
        """Whether a query without GRAPH sees this file."""
        return self.kind not in APART


def read_text(path: Path, name: str) -> str:
    """Return the text of a UTF-8 file; SourceError when it isn't one."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{name} can't be read: {error.strerror}.") from error
    if raw.startswith(codecs.BOM_UTF8):
        raise SourceError(
            "The file begins with a byte-order mark.",
            remedy="save it as UTF-8 without a byte-order mark.",
            place=Place(name, 1, 1),
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", errors="replace")
        line = before.count("\n") + 1
        raise SourceError(
            f"The file is not UTF-8: byte 0x{raw[error.start]:02x} does not fit.",
            remedy="save it as UTF-8 without a byte-order mark.",
            place=Place(name, line, len(before) - before.rfind("\n")),
        ) from error


def parse_turtle(text: str, name: str) -> tuple[list[ox.Triple], dict[str, str]]:
    """Return the triples and the prefixes of a Turtle text.

    Raises SourceError with file, line and column at the first syntax error.
    """
    # The same label in two files is two blank nodes.
    parser = ox.parse(input=text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    try:
        triples = [quad.triple for quad in parser]
    except SyntaxError as error:
        what = str(error.msg).partition(": ")[2] or str(error.msg)
        raise SourceError(
            f"Turtle syntax error: {what.rstrip('.')}.",
            remedy="mend the text there, or just before.",
            place=Place(name, *place_of(error, text)),
        ) from error
    return triples, dict(parser.prefixes)


def read_file(path: Path, name: str, graph: str, kind: str) -> SourceFile:
    """Read one Turtle file."""
    triples, prefixes = parse_turtle(read_text(path, name), name)
    return SourceFile(name, path, graph, kind, tuple(triples), prefixes)


def read_sources(project: Project) -> tuple[SourceFile, ...]:
    """Read the ontology and the data of a project, in the order of their names."""
    return tuple(
        read_file(path, name, graph, kind)
        for path, name, graph, kind in _source_paths(project)
    )


def broken_files(project: Project) -> list[SourceError]:
    """Return the first error of each Turtle file of a project that can't be read."""
    errors = []
    paths: list[tuple[Path, str]] = []
    try:
        paths.extend((path, name) for path, name, _, _ in _source_paths(project))
    except SourceError as error:
        errors.append(error)
    shapes = sorted(project.folder("shapes").glob("*.ttl"))
    for path, name in [*paths, *((path, f"shapes/{path.name}") for path in shapes)]:
        try:
            parse_turtle(read_text(path, name), name)
        except SourceError as error:
            errors.append(error)
    return errors


def read_shapes(project: Project) -> tuple[SourceFile, ...]:
    """Read the shapes for the data of a project, in the order of their names."""
    folder = project.folder("shapes")
    return tuple(
        read_file(path, f"shapes/{path.name}", "", "shapes")
        for path in sorted(folder.glob("*.ttl"))
        if path.name != CATALOGUE_SHAPES
    )


def read_catalogue_shapes(project: Project) -> SourceFile:
    """Read the shapes for the catalogue: the project's, or those Glokal brings."""
    own = project.folder("shapes") / CATALOGUE_SHAPES
    path = own if own.is_file() else shared_folder("shapes") / CATALOGUE_SHAPES
    return read_file(path, f"shapes/{CATALOGUE_SHAPES}", "", "shapes")


def _source_paths(project: Project) -> Iterator[tuple[Path, str, str, str]]:
    for path in sorted(project.folder("ontology").glob("*.ttl")):
        yield path, f"ontology/{path.name}", ONTOLOGY_GRAPH + path.stem, ONTOLOGY
    data = project.root / "data"
    if not data.is_dir():
        raise UsageError(
            f"{project.root.resolve().name} has no folder data.",
            remedy="put the region's Turtle files in data/strategy, data/reference, "
            "data/supplement and data/register.",
        )
    for path in sorted(data.rglob("*")):
        part = path.relative_to(data)
        if path.suffix != ".ttl":
            if path.suffix.lower() in OTHER_ENDINGS:
                raise SourceError(
                    f"The file ends in {path.suffix}, and only .ttl is read here.",
                    remedy="save it as Turtle with the ending .ttl, or move it away.",
                    place=Place(f"data/{part.as_posix()}"),
                )
            continue
        kind = part.parts[0] if len(part.parts) > 1 else STRATEGY
        if kind not in (STRATEGY, REFERENCE, *APART):
            raise SourceError(
                f"The folder data/{kind} is none of strategy, reference, supplement, "
                "register.",
                remedy="move the file; docs/decisions tells the kinds apart.",
                place=Place(f"data/{part.as_posix()}"),
            )
        if not re.fullmatch(r"[\w./-]+", part.as_posix(), re.ASCII):
            raise SourceError(
                "The name of the file can't be part of the IRI of its graph.",
                remedy="give the file a name of ASCII letters, digits, - and _.",
                place=Place(f"data/{part.as_posix()}"),
            )
        graph = project.graphs + part.with_suffix("").as_posix()
        yield path, f"data/{part.as_posix()}", graph, kind
