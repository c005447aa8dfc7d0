"""RDFC-1.0: one name and one digest for a graph, however it is written.

https://www.w3.org/TR/rdf-canon/: the digest is SHA-256 of the canonical N-Quads, one
line a statement, sorted by code point. What a blank node is called depends on the
statements that have blank nodes (section 4.4.3, step 2), so that only those go through
the algorithm; the others are in canonical form as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeVar

import pyoxigraph as ox

_Statement = TypeVar("_Statement", ox.Quad, ox.Triple)


def canonical_quads(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return quads with blank nodes named by what is said of them, sorted."""
    ground, bound = _by_blank_nodes(quads)
    return sorted({*ground, *_named(bound)}, key=str)


def canonical_triples(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return triples with blank nodes named by what is said of them, sorted.

    The parser names them at random, which would give other bytes each time.
    """
    ground, bound = _by_blank_nodes(triples)
    named = (quad.triple for quad in _named(in_default_graph(bound)))
    return sorted({*ground, *named}, key=str)


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


def graph_digest(triples: Iterable[ox.Triple]) -> str:
    """Return the SHA-256 of a graph by RDFC-1.0, in hexadecimal."""
    # The canonical N-Quads of a default graph are its N-Triples.
    data = ox.serialize(canonical_triples(triples), format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return hashlib.sha256(b"".join(sorted(data.splitlines(keepends=True)))).hexdigest()


def _by_blank_nodes(
    statements: Iterable[_Statement],
) -> tuple[list[_Statement], list[_Statement]]:
    """Return the statements without blank nodes, and those that have some."""
    ground: list[_Statement] = []
    bound: list[_Statement] = []
    for statement in statements:
        (bound if _has_blank_node(statement) else ground).append(statement)
    return ground, bound


def _has_blank_node(part: object) -> bool:
    if isinstance(part, ox.BlankNode):
        return True
    if isinstance(part, ox.Quad):
        if isinstance(part.graph_name, ox.BlankNode):
            return True
    elif not isinstance(part, ox.Triple):
        return False
    return _has_blank_node(part.subject) or _has_blank_node(part.object)


def _named(bound: Iterable[ox.Quad]) -> list[ox.Quad]:
    dataset = ox.Dataset(bound)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)
