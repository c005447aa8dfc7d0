"""RDFC-1.0: one name and one digest for a graph, however it is written.

https://www.w3.org/TR/rdf-canon/: the digest is SHA-256 of the canonical N-Quads, one
line a statement, sorted by code point. What a blank node is called depends on the
statements that have blank nodes (section 4.4.3, step 2), so that only those go through
the algorithm; the others are in canonical form as they are.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import pyoxigraph as ox

from glokal.core.files.spool import Spool
from glokal.rdf.spooled_triples import batches
from glokal.rdf.terms import has_blank_node

# Lines that are sorted in memory at once: about 40 MB.
_RUN = 250_000
# Statements that are written at once.
_AT_ONCE = 10_000
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
    ground = ground_statements(quads, bound)
    statements = itertools.chain(ground, _when_asked(lambda: _named(bound)))
    return digest_of_lines(sorted_lines(lines_of(statements)))


def digest_of_lines(lines: Iterable[bytes]) -> str:
    """Return the SHA-256 of lines, in hexadecimal."""
    told = hashlib.sha256()
    for line in lines:
        told.update(line)
    return told.hexdigest()


def canonical_lines(triples: Iterable[ox.Triple]) -> list[bytes]:
    """Return the canonical N-Triples of a graph's statements with blank nodes, sorted.

    `triples` are all statements of the graph that have some.
    """
    named = (quad.triple for quad in _named(in_default_graph(triples)))
    return sorted({_line(triple) for triple in named})


def ground_statements(
    statements: Iterable[_Statement], bound: list[_Statement]
) -> Iterator[_Statement]:
    """Yield the statements without blank nodes; put the others into the list."""
    for statement in statements:
        if has_blank_node(statement):
            bound.append(statement)
        else:
            yield statement


def lines_of(statements: Iterable[_Statement]) -> Iterator[bytes]:
    """Yield the lines of statements as N-Triples or N-Quads, in their order."""
    parts = map(_lines, batches(statements, _AT_ONCE))
    return itertools.chain.from_iterable(parts)


def sorted_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines sorted, each once.

    They are sorted by runs, of which all but the last lie in a temporary file. Raises
    MachineError when there is no room for them.
    """
    runs: list[Iterable[bytes]] = []
    spool = None
    for part in batches(lines, _RUN):
        if runs:
            spool = spool or Spool()
            runs.append(spool.write(runs.pop()))
        runs.append(sorted(part))
    return merged_lines(runs)


def merged_lines(runs: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """Yield the lines of several sorted runs, sorted, each once."""
    return (line for line, _ in itertools.groupby(heapq.merge(*runs)))


def _lines(statements: Sequence[_Statement]) -> list[bytes]:
    # The canonical N-Quads of a default graph are its N-Triples.
    triples = isinstance(statements[0], ox.Triple)
    kind = ox.RdfFormat.N_TRIPLES if triples else ox.RdfFormat.N_QUADS
    data = ox.serialize(statements, format=kind)
    assert data is not None
    return data.splitlines(keepends=True)


def _line(triple: ox.Triple) -> bytes:
    return _lines([triple])[0]


def _when_asked(make: Callable[[], Iterable[_Statement]]) -> Iterator[_Statement]:
    yield from make()


def _by_blank_nodes(
    statements: Iterable[_Statement],
) -> tuple[list[_Statement], list[_Statement]]:
    """Return the statements without blank nodes, and those that have some."""
    ground: list[_Statement] = []
    bound: list[_Statement] = []
    for statement in statements:
        (bound if has_blank_node(statement) else ground).append(statement)
    return ground, bound


def _named(bound: Iterable[ox.Quad]) -> list[ox.Quad]:
    dataset = ox.Dataset(bound)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)
