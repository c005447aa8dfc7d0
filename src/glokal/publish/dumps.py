"""Dumps: the graph in files, the same bytes from the same sources.

Triples come from the parsed sources, so that each literal stands as it was written.
N-Triples and N-Quads are sorted; JSON-LD and RDF/XML follow the order of the Turtle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from glokal.rdf.turtle import write_turtle
from glokal.workspace import Workspace

TURTLE, NTRIPLES, JSONLD, RDFXML = (
    "text/turtle",
    "application/n-triples",
    "application/ld+json",
    "application/rdf+xml",
)
TRIG, NQUADS = "application/trig", "application/n-quads"
SUFFIXES = {TURTLE: "ttl", NTRIPLES: "nt", JSONLD: "jsonld", RDFXML: "rdf"}


@dataclass(frozen=True)
class Dump:
    """A file of data: its path, media type, size in bytes and SHA-256."""

    path: str
    media: str
    size: int
    sha256: str


def write_file(root: Path, path: str, data: bytes, media: str) -> Dump:
    """Write a data file below the root and return what describes it."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return Dump(path, media, len(data), hashlib.sha256(data).hexdigest())


def serialise(
    triples: Iterable[ox.Triple], media: str, prefixes: Mapping[str, str]
) -> bytes:
    """Return triples in one of the triple formats, in a fixed order."""
    ordered = sorted(set(triples), key=str)
    if media == TURTLE:
        return write_turtle(ordered, prefixes).encode()
    formats = {
        NTRIPLES: ox.RdfFormat.N_TRIPLES,
        JSONLD: ox.RdfFormat.JSON_LD,
        RDFXML: ox.RdfFormat.RDF_XML,
    }
    data = ox.serialize(
        ordered,
        format=formats[media],
        prefixes=None if media == NTRIPLES else dict(prefixes),
    )
    assert data is not None
    return data


def write_dumps(workspace: Workspace, root: Path) -> list[Dump]:
    """Write every dump below `dump/` and the checksums beside them."""
    prefixes = all_prefixes(workspace)
    asserted = rename_blank_nodes(workspace.asserted())
    made = [
        write_file(
            root,
            f"dump/glokal.{suffix}",
            serialise(asserted, media, prefixes),
            media,
        )
        for media, suffix in SUFFIXES.items()
    ]
    made.append(
        write_file(
            root,
            "dump/glokal-inferred.nt",
            serialise(workspace.inferred, NTRIPLES, prefixes),
            NTRIPLES,
        )
    )
    made += _write_quads(workspace, root, prefixes)
    sums = "".join(f"{d.sha256}  {d.path.removeprefix('dump/')}\n" for d in made)
    (root / "dump" / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")
    return made


def _write_quads(
    workspace: Workspace, root: Path, prefixes: Mapping[str, str]
) -> list[Dump]:
    quads = []
    graphs = [(f.graph, f.triples) for f in workspace.files]
    for graph, triples in [*graphs, (workspace.inferred_graph, workspace.inferred)]:
        name = ox.NamedNode(graph)
        quads += [
            ox.Quad(t.subject, t.predicate, t.object, name)
            for t in rename_blank_nodes(triples)
        ]
    ordered = sorted(set(quads), key=lambda q: (str(q.graph_name), str(q)))
    made = []
    for media, suffix, fmt, known in (
        (TRIG, "trig", ox.RdfFormat.TRIG, dict(prefixes)),
        (NQUADS, "nq", ox.RdfFormat.N_QUADS, None),
    ):
        data = ox.serialize(ordered, format=fmt, prefixes=known)
        assert data is not None
        made.append(write_file(root, f"dump/glokal.{suffix}", data, media))
    return made


def all_prefixes(workspace: Workspace) -> dict[str, str]:
    """Return the prefixes that the source files declare, sorted."""
    found: dict[str, str] = {}
    for file in workspace.files:
        found.update(file.prefixes)
    return dict(sorted(found.items()))


def rename_blank_nodes(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return the triples with blank nodes named by what they say (RDFC-1.0).

    The parser names them at random, which would give other bytes each time.
    """
    dataset = ox.Dataset(
        ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph()) for t in triples
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((quad.triple for quad in dataset), key=str)
