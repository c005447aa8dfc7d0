"""Dumps: the graph in files, the same bytes from the same sources.

Triples come from the parsed sources, so that each literal stands as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
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
from glokal.core.settings import Project
from glokal.dataset.prefixes import all_prefixes
from glokal.dataset.standard_words import STANDARD_WORDS
from glokal.dataset.workspace import Workspace
from glokal.rdf.canonical import (
    canonical_quads,
    canonical_text,
    canonical_triples,
    digest,
    in_default_graph,
)
from glokal.rdf.serializers.csv_tables import class_tables
from glokal.rdf.serializers.formats import SUFFIXES, serialise

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
    asserted = canonical_triples(workspace.asserted())
    quads = canonical_quads(named_quads(workspace))
    triples_digest, quads_digest = digest(in_default_graph(asserted)), digest(quads)
    graph = _Graph("glokal", asserted, triples_digest)
    files = (
        *_write_formats(workspace, written, graph),
        *_write_derived(workspace, root, "glokal"),
        *_write_quads(workspace, written, quads, quads_digest),
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
    dumps = Dumps(files, reported, tables, packed, triples_digest, quads_digest)
    _write_sums(root, dumps)
    return dumps


def named_quads(workspace: Workspace) -> Iterator[ox.Quad]:
    """Yield every triple in its named graph: asserted, derived, provenance."""
    graphs = [(f.graph, f.triples) for f in workspace.files]
    graphs += [*workspace.derived_graphs, *workspace.beside_graphs]
    for graph, triples in graphs:
        name = ox.NamedNode(graph)
        for t in triples:
            yield ox.Quad(t.subject, t.predicate, t.object, name)


@dataclass(frozen=True)
class _Graph:
    """A canonical graph: the name of its files, its triples, their digest."""

    name: str
    triples: list[ox.Triple]
    digest: str


def _write_formats(
    workspace: Workspace, written: DataFiles, graph: _Graph
) -> Iterator[DataFile]:
    project, prefixes = workspace.project, all_prefixes(workspace)
    head = _head(project)
    for media, suffix in SUFFIXES.items():
        path = f"{DUMP_FOLDER}/{graph.name}.{suffix}"
        # Where no file has a heading its words change nothing.
        said = head if media == TURTLE else ()
        known = graph.digest, sorted(prefixes.items()), project.things, said
        make = partial(
            serialise, graph.triples, media, prefixes, things=project.things, head=head
        )
        yield written.data_file(path, media, known, make)


def _write_quads(
    workspace: Workspace, written: DataFiles, quads: list[ox.Quad], told: str
) -> Iterator[DataFile]:
    prefixes = all_prefixes(workspace)

    def trig() -> bytes:
        ordered = sorted(quads, key=lambda q: (str(q.graph_name), str(q)))
        data = ox.serialize(ordered, format=ox.RdfFormat.TRIG, prefixes=prefixes)
        assert data is not None
        return _with_prefixes_sorted(data)

    known = told, sorted(prefixes.items())
    yield written.data_file(f"{DUMP_FOLDER}/glokal.trig", TRIG, known, trig)
    # The canonical form itself: who has the file can check the published digest.
    make = partial(canonical_text, quads)
    yield written.data_file(f"{DUMP_FOLDER}/glokal.nq", NQUADS, told, make)


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
    asserted = canonical_triples(view.asserted())
    told = digest(in_default_graph(asserted))
    yield from _write_formats(workspace, written, _Graph("reported", asserted, told))
    yield from _write_derived(view, root, "reported")
    name = ox.NamedNode(view.view_graph)
    quads = (ox.Quad(t.subject, t.predicate, t.object, name) for t in view.view_triples)
    nquads = canonical_text(canonical_quads(quads))
    yield write_data_file(root, f"{DUMP_FOLDER}/reported.nq", nquads, NQUADS)


def _with_prefixes_sorted(trig: bytes) -> bytes:
    """Return TriG with its prefixes sorted, and only those in use."""
    lines = trig.splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if not line.startswith(b"@prefix "))
    body = b"".join(lines[start:])
    declared = {line.split()[1]: line for line in lines[:start]}
    used = sorted(name.rstrip(b":") for name in declared if name in body)
    return b"".join([*(declared[name + b":"] for name in used), b"\n", body])


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
