"""SHACL on a graph that changes a little at a time.

What SHACL Core says is asked of the engine as a whole, which takes it as long as a
blink. Queries of the shapes are asked only for the things around a change; the others
keep what was found before, until a file is saved and all is asked again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import SH
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import Term
from glokal.validation.shacl.data_queries import QueriedGraph
from glokal.validation.shacl.engine_process import linked_results
from glokal.validation.shacl.results import Result, read_results
from glokal.validation.shacl.sparql_constraints import SparqlConstraints
from glokal.validation.shacl.validate import Prepared, prepare_shapes, run_prepared

_NT = ox.RdfFormat.N_TRIPLES


class LiveValidation:
    """The shapes of a project, ready to be asked again and again."""

    def __init__(
        self, shapes: Iterable[SourceFile], data: Iterable[SourceFile], folder: Path
    ) -> None:
        """Read shapes and data; raises as `prepare_shapes`."""
        self._data = folder / "live.nt"
        triples = {t: None for file in data for t in file.triples}
        ox.serialize(triples, str(self._data), format=_NT)
        given = [t for file in shapes for t in file.triples]
        self.prepared = prepare_shapes(self._data, given, engine="shacl")
        self.about = self.prepared.about
        # Other forms of shapes are asked whole, by the engine that does them right.
        words = {t.predicate.value for t in self.prepared.shapes}
        self._partly = self.prepared.engine == "shacl" and not words & {
            SH + "target",
            SH + "parameter",
        }
        self._core = Prepared(
            tuple(
                t for t in self.prepared.shapes if t.predicate.value != SH + "sparql"
            ),
            self.about,
            "shacl",
            self.prepared.rows,
        )
        self._graph = QueriedGraph(self._data, self.about)
        self._queries = SparqlConstraints(self._graph, self.prepared.shapes)
        self._by_query: list[Result] = []

    def all(self) -> list[Result]:
        """Return all results, everything asked anew."""
        if not self._partly:
            return run_prepared(self.prepared, self._written(), limits=None)[0]
        self._by_query = self._ask(None)
        return [*self._by_core(), *self._by_query]

    def after(
        self, gone: Sequence[ox.Triple], new: Sequence[ox.Triple]
    ) -> list[Result]:
        """Return all results after a change of the data."""
        self._graph.change(gone, new)
        if not self._partly:
            return run_prepared(self.prepared, self._written(), limits=None)[0]
        around = self._around([*gone, *new])
        kept = [r for r in self._by_query if r.focus not in around]
        self._by_query = [*kept, *self._ask(around)]
        return [*self._by_core(), *self._by_query]

    def _around(self, changed: Iterable[ox.Triple]) -> set[Term]:
        """Return what triples speak of and point at, and what points at that."""
        results: set[Term] = set()
        for t in changed:
            results |= {
                n for n in (t.subject, t.object) if not isinstance(n, ox.Triple)
            }
        for node in [n for n in results if isinstance(n, ox.NamedNode)]:
            for quad in self._graph.store.quads_for_pattern(
                None, None, node, ox.DefaultGraph()
            ):
                if not isinstance(quad.subject, ox.Triple):
                    results.add(quad.subject)
        return results

    def _by_core(self) -> list[Result]:
        return run_prepared(self._core, self._written(), limits=None)[0]

    def _ask(self, only: Collection[Term] | None) -> list[Result]:
        solved = self._queries.results(only)
        return read_results(
            linked_results([*self._queries.triples(solved)]), self.about
        )

    def _written(self) -> Path:
        self._graph.store.dump(str(self._data), _NT, from_graph=ox.DefaultGraph())
        return self._data
