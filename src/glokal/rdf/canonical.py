"""RDFC-1.0: one name and one digest for a graph, however it is written.

https://www.w3.org/TR/rdf-canon/: the digest is SHA-256 of the canonical N-Quads, one
line a statement, sorted by code point. What a blank node is called depends on the
statements that have blank nodes (section 4.4.3, step 2), so that only those go through
the algorithm; the others are in canonical form as they are.
"""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import pyoxigraph as ox

# Statements that are sorted in memory at once: about 20 MB of text.
_RUN = 100_000
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
    """Return the SHA-256 of a dataset by RDFC-1.0, in hexadecimal.

    What is held at once are the statements with blank nodes, and a run of the others.
    """
    bound: list[ox.Quad] = []
    ground = _ground(quads, bound)
    return _digest_of(ground, lambda: _named(bound), ox.RdfFormat.N_QUADS)


def graph_digest(triples: Iterable[ox.Triple]) -> str:
    """Return the SHA-256 of a graph by RDFC-1.0; what is held is as in `digest`."""
    bound: list[ox.Triple] = []
    ground = _ground(triples, bound)

    def named() -> Iterable[ox.Triple]:
        return (quad.triple for quad in _named(in_default_graph(bound)))

    # The canonical N-Quads of a default graph are its N-Triples.
    return _digest_of(ground, named, ox.RdfFormat.N_TRIPLES)


def _ground(
    statements: Iterable[_Statement], bound: list[_Statement]
) -> Iterator[_Statement]:
    """Yield the statements without blank nodes; put the others into the list."""
    for statement in statements:
        if _has_blank_node(statement):
            bound.append(statement)
        else:
            yield statement


def _digest_of(
    ground: Iterator[_Statement],
    named: Callable[[], Iterable[_Statement]],
    kind: ox.RdfFormat,
) -> str:
    """Return the SHA-256 of the sorted lines, each once, of all statements.

    `named` is asked when `ground` has come to its end. Of several runs all but the
    last are kept in files.
    """
    told = hashlib.sha256()
    with contextlib.ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        for part in _parts(itertools.chain(ground, _when_asked(named))):
            if runs:
                kept = files.enter_context(tempfile.TemporaryFile())
                kept.writelines(runs.pop())
                kept.seek(0)
                runs.append(kept)
            data = ox.serialize(part, format=kind)
            assert data is not None
            runs.append(sorted(data.splitlines(keepends=True)))
        before = b""
        for line in heapq.merge(*runs):
            if line != before:
                told.update(line)
            before = line
    return told.hexdigest()


def _when_asked(make: Callable[[], Iterable[_Statement]]) -> Iterator[_Statement]:
    yield from make()


def _parts(statements: Iterator[_Statement]) -> Iterator[list[_Statement]]:
    while part := list(itertools.islice(statements, _RUN)):
        yield part


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
