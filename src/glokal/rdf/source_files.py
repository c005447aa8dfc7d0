"""Reading the source files: one file is one named graph, one source, one licence.

Syntax is Turtle 1.1 (https://www.w3.org/TR/turtle/), read by pyoxigraph's parser,
which keeps each literal as it is written. Files are UTF-8 without a byte-order mark.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from glokal.core.child_process import number_setting
from glokal.core.errors import Place, SourceError
from glokal.core.files.bounded_read import decode, read_bytes, size_of
from glokal.core.namespaces import GLO, ONTOLOGY_GRAPH, RDF
from glokal.core.settings import Project, shared_folder
from glokal.rdf.blank_node_depth import refuse_depth
from glokal.rdf.error_position import place_of
from glokal.rdf.project_files import (
    CODE_LISTS,
    COMMON,
    PROVENANCE,
    REGISTER,
    SUPPLEMENT,
    Folder,
    data_kind,
    folder_of,
    refused,
)
from glokal.rdf.spooled_triples import TripleHolder
from glokal.rdf.terms import text_of

ONTOLOGY = "ontology"
TURTLE_ENDING = ".ttl"
# What all files together may hold, in megabytes, unless the environment says otherwise.
TOTAL_MEGABYTES = 512
TOTAL_VARIABLE = "GLOKAL_DATA_MEGABYTES"
# Reached by GRAPH only: the default graph answers what the strategy says.
APART = (SUPPLEMENT, REGISTER, PROVENANCE)
# What the region's codes may be, besides its own: see decision 75.
COMMON_CODES = f"ontology/{COMMON}.ttl"
# Shapes for the catalogue, which is made from the data and isn't in it.
CATALOGUE_SHAPES = "catalog.ttl"
_Kept = TypeVar("_Kept", bound=Collection[ox.Triple])


@dataclass(frozen=True)
class SourceFile:
    """A file that was read: its name, its named graph, its triples.

    `ending` tells its format where the path does not, `base` what its IRIs are relative
    to where that isn't the path.
    """

    name: str
    path: Path
    graph: str
    kind: str
    triples: Collection[ox.Triple] = field(repr=False)
    prefixes: Mapping[str, str] = field(repr=False)
    ending: str = ""
    base: str = ""

    @property
    def in_default_graph(self) -> bool:
        """Whether a query without GRAPH sees this file."""
        return self.kind not in APART


def read_text(path: Path, name: str) -> str:
    """Return the text of a UTF-8 file.

    Raises SourceError with its place when it isn't one, is no regular file or is too
    large; InputError when it can't be read.
    """
    return decode(read_bytes(path, name), name)


def parse_turtle(
    text: str, name: str, base: str = ""
) -> tuple[list[ox.Triple], dict[str, str]]:
    """Return the triples and the prefixes of a Turtle text; "" is no base IRI.

    Raises SourceError with file, line and column at the first syntax error.
    """
    return _parsed(text, name, base, list)


def _parsed(
    text: str, name: str, base: str, keep: Callable[[Iterator[ox.Triple]], _Kept]
) -> tuple[_Kept, dict[str, str]]:
    """Return what is kept of a text's triples, and its prefixes."""
    # The same label in two files is two blank nodes.
    parser = ox.parse(
        input=text,
        format=ox.RdfFormat.TURTLE,
        base_iri=base or None,
        rename_blank_nodes=True,
    )
    try:
        triples = keep(quad.triple for quad in parser)
    except SyntaxError as error:
        what = str(error.msg).partition(": ")[2] or str(error.msg)
        raise SourceError(
            f"Turtle syntax error: {what.rstrip('.')}.",
            remedy="fix the text there, or just before.",
            place=Place(name, *place_of(error, text)),
        ) from error
    except MemoryError as error:
        raise too_long(name) from error
    return triples, dict(parser.prefixes)


def too_long(name: str) -> SourceError:
    """Return the error for what the parser would have to hold whole: it has a limit."""
    return SourceError(
        "Something in the file is longer than 16 MB by itself.",
        remedy="shorten the text, or divide the line.",
        place=Place(name),
    )


def read_file(
    path: Path, name: str, graph: str, kind: str, holder: TripleHolder | None = None
) -> SourceFile:
    """Read one Turtle file; its triples are kept by the holder.

    Raises what `read_text` and `parse_turtle` raise.
    """
    keep = (holder or TripleHolder()).keep
    triples, prefixes = _parsed(read_text(path, name), name, "", keep)
    refuse_depth(triples, name)
    return SourceFile(name, path, graph, kind, triples, prefixes)


def read_sources(project: Project) -> tuple[SourceFile, ...]:
    """Read the ontology and the data of a project, in the order of their names.

    Those of `data/provenance/` are about the others and are read apart. Of the codes
    that regions have in common those are there that the data take up. What is too much
    for memory is in a temporary file (`rdf.spooled_triples`).
    """
    holder = TripleHolder()
    files = tuple(
        read_file(path, name, graph, kind, holder)
        for path, name, graph, kind in _source_paths(project)
        if kind != PROVENANCE
    )
    return tuple(_taken_up(files, project.graphs))


def read_common_codes(project: Project) -> tuple[SourceFile, ...]:
    """Read the codes that regions have in common, whether the data take them up or not.

    Those of a class are left out of which the region has codes of its own.
    """
    paths = list(_source_paths(project))
    own = {
        t.object
        for path, name, graph, kind in paths
        if kind == CODE_LISTS
        for t in read_file(path, name, graph, kind).triples
        if _is_type(t) and text_of(t.object).startswith(GLO)
    }
    common = (read_file(*it) for it in paths if it[1] == COMMON_CODES)
    results = []
    for file in common:
        taken = {t.subject for t in file.triples if _is_type(t) and t.object in own}
        left = [t for t in file.triples if t.subject not in taken]
        results.append(replace(file, triples=tuple(left)))
    return tuple(results)


def _taken_up(files: Iterable[SourceFile], graphs: str) -> Iterator[SourceFile]:
    """Yield the files, of the common codes those that the data name and don't describe.

    They are then among the region's own, and so is their graph: another region that is
    in the same store takes up others.
    """
    common = {t.subject for f in files if f.name == COMMON_CODES for t in f.triples}
    told = (t for f in files if f.kind != ONTOLOGY and common for t in f.triples)
    named, described = set[object](), set[object]()
    for t in told:
        if t.object in common:
            named.add(t.object)
        if t.subject in common and _is_type(t):
            described.add(t.subject)
    named -= described
    for file in files:
        if file.name != COMMON_CODES:
            yield file
        elif triples := tuple(t for t in file.triples if t.subject in named):
            graph = f"{graphs}{COMMON}"
            yield replace(file, triples=triples, kind=CODE_LISTS, graph=graph)


def _is_type(triple: ox.Triple) -> bool:
    return triple.predicate.value == RDF + "type"


def read_provenance(project: Project) -> tuple[SourceFile, ...]:
    """Read the files of `data/provenance/`, in the order of their names."""
    holder = TripleHolder()
    return tuple(
        read_file(path, name, graph, kind, holder)
        for path, name, graph, kind in _source_paths(project)
        if kind == PROVENANCE
    )


def broken_files(project: Project) -> list[SourceError]:
    """Return what is wrong with each file of a project that can't be read.

    Of a file whose text is wrong it is the first error.
    """
    errors = list(refused(project))
    for folder in ("ontology", "data", "shapes"):
        for file in _folder(project, folder).files:
            if file.path.name.endswith(TURTLE_ENDING):
                try:
                    read_file(file.path, file.name, "", "")
                except SourceError as error:
                    errors.append(error)
    return errors


def read_shapes(project: Project) -> tuple[SourceFile, ...]:
    """Read the shapes for the data of a project, in the order of their names."""
    return tuple(
        read_file(file.path, file.name, "", "shapes")
        for file in folder_of(project, "shapes").of(TURTLE_ENDING)
        if file.path.name != CATALOGUE_SHAPES
    )


def read_catalogue_shapes(project: Project) -> SourceFile:
    """Read the shapes for the catalogue: the project's, or those Glokal brings."""
    for file in folder_of(project, "shapes").of(TURTLE_ENDING):
        if file.path.name == CATALOGUE_SHAPES:
            return read_file(file.path, file.name, "", "shapes")
    return shared_catalogue_shapes()


def shared_catalogue_shapes() -> SourceFile:
    """Read the shapes for the catalogue that come with Glokal."""
    path = shared_folder("shapes") / CATALOGUE_SHAPES
    return read_file(path, f"shapes/{CATALOGUE_SHAPES}", "", "shapes")


def _source_paths(project: Project) -> Iterator[tuple[Path, str, str, str]]:
    for file in folder_of(project, "ontology").of(TURTLE_ENDING):
        yield file.path, file.name, ONTOLOGY_GRAPH + file.path.stem, ONTOLOGY
    data = folder_of(project, "data").of(TURTLE_ENDING)
    size = sum(size_of(file.path, file.name) for file in data)
    most = number_setting(TOTAL_VARIABLE, TOTAL_MEGABYTES)
    if size > most * (1 << 20):
        raise SourceError(
            f"The files hold {size >> 20} MB together; {most:g} are allowed.",
            remedy=f"leave something out, or raise the limit with {TOTAL_VARIABLE}.",
            place=Place("data"),
        )
    for file in data:
        part = file.name.removeprefix("data/").removesuffix(TURTLE_ENDING)
        yield file.path, file.name, project.graphs + part, data_kind(file)


def _folder(project: Project, name: str) -> Folder:
    try:
        return folder_of(project, name)
    except SourceError:
        # It is told of among what is refused.
        return Folder()
