"""Dumps: the graph in files, the same bytes from the same sources.

Triples come from the parsed sources, so that each literal stands as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import pyoxigraph as ox

from glokal.core.files.data_files import (
    CSV,
    GZIP,
    NQUADS,
    NTRIPLES,
    TRIG,
    TURTLE,
    DataFile,
    DataFiles,
    packed_bytes,
    write_data_file,
)
from glokal.core.files.spool import Segment, Spool
from glokal.core.settings import Project
from glokal.dataset.prefixes import all_prefixes
from glokal.dataset.standard_words import STANDARD_WORDS
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.csv_tables import class_tables
from glokal.rdf.serializers.engine_output import engine_output
from glokal.rdf.serializers.formats import SUFFIXES, serialise, serialise_indexed
from glokal.rdf.sorted_dataset import SortedDataset
from glokal.rdf.sorted_graph import SortedGraph, sorted_graph
from glokal.rdf.subject_index import SubjectIndex

DUMP_FOLDER = "dump"
# How the files of `Workspace.derived_graphs` are called, in the same order.
DERIVED = ("inferred", STANDARD_WORDS)


@dataclass(frozen=True)
class Dumps:
    """The files of the graph, and its digests by RDFC-1.0.

    `files` are the graph in each format and what follows from it, `reported` the same
    with what was reported since, none when nothing was, `tables` the classes as CSV,
    `packed` the same files with gzip, by path. `triples` is the digest of the
    asserted default graph, `quads` that of all named graphs.
    """

    files: tuple[DataFile, ...]
    reported: tuple[DataFile, ...]
    tables: tuple[DataFile, ...]
    packed: dict[str, DataFile]
    triples: str
    quads: str


def write_dumps(workspace: Workspace, root: Path, written: DataFiles) -> Dumps:
    """Write every dump below `dump/`, packed and plain, and the checksums beside.

    `written` writes those whose graph has a digest of its own, or knows them already.
    """
    spool = Spool()
    asserted = sorted_graph(workspace.asserted(), spool).named()
    dataset = SortedDataset(
        {name: sorted_graph(part, spool) for name, part in workspace.named_graphs}
    )
    files = (
        *_write_formats(workspace, written, _Graph("glokal", asserted)),
        *_write_derived(workspace, root, "glokal"),
        *_write_quads(workspace, written, dataset),
    )
    tables = tuple(
        write_data_file(root, f"{DUMP_FOLDER}/csv/{name}.csv", text.encode(), CSV)
        for name, text in class_tables(asserted)
    )
    reported = tuple(_write_reported(workspace, root, written))
    packed = {
        f.path: written.data_file(
            f"{f.path}.gz", GZIP, f.sha256, partial(packed_bytes, root, f)
        )
        for f in (*files, *reported, *tables)
    }
    dumps = Dumps(files, reported, tables, packed, asserted.digest, dataset.digest)
    _write_sums(root, dumps)
    return dumps


def named_quads(workspace: Workspace) -> Iterator[ox.Quad]:
    """Yield every triple in its named graph."""
    for graph, triples in workspace.named_graphs:
        name = ox.NamedNode(graph)
        for t in triples:
            yield ox.Quad(t.subject, t.predicate, t.object, name)


@dataclass(frozen=True)
class _Graph:
    """The name of a graph's files, and the graph, whose blank nodes have names."""

    name: str
    statements: SortedGraph

    @cached_property
    def index(self) -> SubjectIndex:
        """Where each subject is."""
        return SubjectIndex(self.statements)


def _write_formats(
    workspace: Workspace, written: DataFiles, graph: _Graph
) -> Iterator[DataFile]:
    project, prefixes = workspace.project, all_prefixes(workspace)
    head = _head(project)
    for media, suffix in SUFFIXES.items():
        path = f"{DUMP_FOLDER}/{graph.name}.{suffix}"
        # Where no file has a heading its words change nothing.
        said = head if media == TURTLE else ()
        told = graph.statements.digest
        known = told, sorted(prefixes.items()), project.things, said

        def make(media: str = media) -> Iterable[bytes]:
            things = project.things
            return serialise_indexed(
                graph.index, media, prefixes, things=things, head=head
            )

        yield written.data_file(path, media, known, make)


def _write_quads(
    workspace: Workspace, written: DataFiles, dataset: SortedDataset
) -> Iterator[DataFile]:
    prefixes = all_prefixes(workspace)

    def trig() -> Iterator[bytes]:
        quads = dataset.by_graph()
        written = engine_output(quads, ox.RdfFormat.TRIG, prefixes)
        return _with_prefixes_sorted(Spool().write(written))

    known = dataset.digest, sorted(prefixes.items())
    yield written.data_file(f"{DUMP_FOLDER}/glokal.trig", TRIG, known, trig)
    # The canonical form itself: who has the file can check the published digest.
    yield written.data_file(
        f"{DUMP_FOLDER}/glokal.nq",
        NQUADS,
        dataset.digest,
        dataset.lines,
    )


def _write_derived(workspace: Workspace, root: Path, view: str) -> Iterator[DataFile]:
    for kind, (_, triples) in zip(DERIVED, workspace.derived_graphs, strict=True):
        data = serialise(triples, NTRIPLES, all_prefixes(workspace))
        yield write_data_file(root, f"{DUMP_FOLDER}/{view}-{kind}.nt", data, NTRIPLES)


def is_derived(file: DataFile) -> bool:
    """Whether a dump holds what no source says, and is no form of the graph itself."""
    return file.name.endswith(tuple(f"-{kind}.nt" for kind in DERIVED))


def _write_reported(
    workspace: Workspace, root: Path, written: DataFiles
) -> Iterator[DataFile]:
    """Write the view of what was reported: what is said, and the view as a graph."""
    view = workspace.reported
    if view is None:
        return
    spool = Spool()
    asserted = sorted_graph(view.asserted(), spool).named()
    yield from _write_formats(workspace, written, _Graph("reported", asserted))
    yield from _write_derived(view, root, "reported")
    graph = sorted_graph(view.view_triples, spool)
    nquads = SortedDataset({view.view_graph: graph}).lines()
    yield write_data_file(root, f"{DUMP_FOLDER}/reported.nq", nquads, NQUADS)


def _with_prefixes_sorted(trig: Segment) -> Iterator[bytes]:
    """Yield TriG with its prefixes sorted, and only those in use."""
    lines = iter(trig)
    start, declared = 0, {}
    for line in lines:
        if not line.startswith(b"@prefix "):
            break
        declared[line.split()[1]] = line
        start += len(line)
    body = trig.part(start, trig.size)
    used: set[bytes] = set()
    for line in body:
        used.update(name for name in declared.keys() - used if name in line)
    yield from (declared[name] for name in sorted(used, key=_without_colon))
    yield b"\n"
    yield from body.blocks()


def _without_colon(name: bytes) -> bytes:
    return name.removesuffix(b":")


def _head(project: Project) -> list[str]:
    language = project.languages[0]
    return [
        project.title[language],
        f"{project.version}, {project.modified}. {project.address}",
        project.rights[language],
    ]


def _write_sums(root: Path, dumps: Dumps) -> None:
    files = sorted(
        (*dumps.files, *dumps.reported, *dumps.tables, *dumps.packed.values()),
        key=lambda f: f.path,
    )
    sums = "".join(
        f"{f.sha256}  {f.path.removeprefix(DUMP_FOLDER + '/')}\n" for f in files
    )
    write_data_file(root, f"{DUMP_FOLDER}/SHA256SUMS", sums.encode(), "text/plain")
    hashes = f"{dumps.triples}  triples\n{dumps.quads}  quads\n"
    write_data_file(root, f"{DUMP_FOLDER}/RDFC-1.0", hashes.encode(), "text/plain")
