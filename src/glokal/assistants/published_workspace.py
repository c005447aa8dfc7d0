"""A built publication as a workspace: what its N-Quads hold, without its sources.

A server has the publication and no project's data. All that an answer's sources need
is in the N-Quads: labels, passages, and the node of each statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import ONTOLOGY_GRAPH
from glokal.core.settings import Project
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import DATA_KINDS, PROVENANCE, kind_beside
from glokal.rdf.source_files import ONTOLOGY, SourceFile


class PublishedWorkspace(Workspace):
    """The graphs of a publication; its sources, reasoner and stores are not needed."""

    def __init__(self, project: Project, quads: Iterable[ox.Quad]) -> None:
        super().__init__(project)
        by_graph: dict[str, list[ox.Triple]] = defaultdict(list)
        for quad in quads:
            if isinstance(quad.graph_name, ox.NamedNode):
                by_graph[quad.graph_name.value].append(quad.triple)
        inferred = by_graph.pop(self.inferred_graph, [])
        in_standards = by_graph.pop(self.standard_words_graph, [])
        self._read = tuple(
            self._file(graph, triples) for graph, triples in sorted(by_graph.items())
        )
        self._inferred = tuple(sorted(inferred, key=str))
        self._standard_words = tuple(sorted(in_standards, key=str))

    @cached_property
    def files(self) -> tuple[SourceFile, ...]:
        """The published graphs but those of the provenance, as files."""
        return tuple(f for f in self._read if f.kind != PROVENANCE)

    @cached_property
    def choices(self) -> tuple[SourceFile, ...]:
        """The nodes of all statements: what the project chose, and what followed."""
        return tuple(f for f in self._read if f.kind == PROVENANCE)

    @cached_property
    def inferred(self) -> tuple[ox.Triple, ...]:
        """The inferred triples, sorted."""
        return self._inferred

    @cached_property
    def standard_words(self) -> tuple[ox.Triple, ...]:
        """The triples in the standards' words, sorted."""
        return self._standard_words

    def _file(self, graph: str, triples: list[ox.Triple]) -> SourceFile:
        if graph.startswith(ONTOLOGY_GRAPH):
            name = f"{ONTOLOGY}/{graph.removeprefix(ONTOLOGY_GRAPH)}.ttl"
            return SourceFile(name, Path(name), graph, ONTOLOGY, triples, {})
        inner = graph.removeprefix(self.project.graphs)
        folder, slash, _ = inner.partition("/")
        kind = folder if slash and folder in DATA_KINDS else kind_beside(inner)
        name = f"data/{inner}.ttl"
        return SourceFile(name, Path(name), graph, kind, triples, {})
