"""A dataset as sorted graphs: its canonical N-Quads and its digest, without holding it.

A blank node is one in the whole dataset and is named for all of it (RDFC-1.0); the
statements without any are in order already, graph by graph.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

import pyoxigraph as ox

from glokal.rdf.canonical import (
    canonical_quads,
    canonical_text,
    digest_of_lines,
    merged_lines,
)
from glokal.rdf.sorted_graph import SortedGraph
from glokal.rdf.spooled_triples import ntriples, triples_in

_END = b".\n"


class SortedDataset:
    """Named graphs, none of which is the default graph."""

    def __init__(self, graphs: Mapping[str, SortedGraph]) -> None:
        """Take the graphs by their names."""
        self._graphs = dict(sorted(graphs.items()))
        bound = [
            ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name))
            for name, graph in self._graphs.items()
            for t in graph.bound
        ]
        self._bound = canonical_quads(bound)

    def lines(self) -> Iterator[bytes]:
        """Yield the canonical N-Quads, sorted."""
        grounds = [_quad_lines(name, graph) for name, graph in self._graphs.items()]
        bound = canonical_text(self._bound).splitlines(keepends=True)
        return merged_lines([*grounds, bound])

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the dataset by RDFC-1.0, in hexadecimal."""
        return digest_of_lines(self.lines())

    def by_graph(self) -> Iterator[ox.Quad]:
        """Yield the quads graph by graph, those of a graph by their N-Triples."""
        about: dict[str, list[ox.Triple]] = defaultdict(list)
        for quad in self._bound:
            assert isinstance(quad.graph_name, ox.NamedNode)
            about[quad.graph_name.value].append(quad.triple)
        for name, graph in self._graphs.items():
            node = ox.NamedNode(name)
            bound = [(line, t) for t in about[name] for line in [ntriples([t])]]
            ground = zip(graph.lines, triples_in(graph.lines), strict=True)
            for _, t in heapq.merge(bound, ground, key=lambda pair: pair[0]):
                yield ox.Quad(t.subject, t.predicate, t.object, node)


def _quad_lines(name: str, graph: SortedGraph) -> Iterator[bytes]:
    """Yield the lines of a graph as N-Quads; they keep their order."""
    end = f"{ox.NamedNode(name)} .\n".encode()
    return (line.removesuffix(_END) + end for line in graph.lines)
