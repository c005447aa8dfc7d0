"""RDFC-1.0: one name and one digest for a graph, however it is written.

https://www.w3.org/TR/rdf-canon/: the digest is SHA-256 of the canonical N-Quads, one
line a statement, sorted by code point.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox


def canonical_quads(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return quads with blank nodes named by what is said of them, sorted."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def canonical_triples(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return triples with blank nodes named by what is said of them, sorted.

    The parser names them at random, which would give other bytes each time.
    """
    return [quad.triple for quad in canonical_quads(in_default_graph(triples))]


def in_default_graph(triples: Iterable[ox.Triple]) -> list[ox.Quad]:
    """Return triples as quads of the default graph."""
    return [
        ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph()) for t in triples
    ]


def canonical_text(quads: Iterable[ox.Quad]) -> bytes:
    """Return the canonical N-Quads of quads that have been canonicalised."""
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    assert data is not None
    return b"".join(sorted(data.splitlines(keepends=True)))


def digest(quads: Iterable[ox.Quad]) -> str:
    """Return the SHA-256 of a dataset by RDFC-1.0, in hexadecimal."""
    return hashlib.sha256(canonical_text(canonical_quads(quads))).hexdigest()
