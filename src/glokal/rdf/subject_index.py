"""Where the statements of each subject stand in a sorted graph.

Its lines have the statements of a subject together, so that a few numbers a subject are
enough to read them in any order of subjects, some at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from glokal.core.namespaces import OWL, RDF
from glokal.rdf.sorted_graph import SortedGraph
from glokal.rdf.spooled_triples import triples_in
from glokal.rdf.terms import Term

_TYPE = RDF + "type"


class SubjectIndex:
    """The subjects of a graph, and what it takes to read what is said of them.

    `kinds` are those types of a subject that are words of OWL. What hangs on a subject
    by blank nodes is told with it (`hanging`).
    """

    def __init__(self, graph: SortedGraph) -> None:
        """Go through the graph once."""
        self.graph = graph
        self.kinds: dict[Term, set[str]] = defaultdict(set)
        self.bound: dict[Term, list[ox.Triple]] = defaultdict(list)
        self._places: dict[Term, tuple[int, int]] = {}
        at = 0
        # A line is a statement, so that both go on together.
        for line, t in zip(graph.lines, triples_in(graph.lines), strict=True):
            subject = self._looked_at(t)
            start, _ = self._places.get(subject, (at, at))
            at += len(line)
            self._places[subject] = start, at
        for t in graph.bound:
            self.bound[self._looked_at(t)].append(t)

    def _looked_at(self, t: ox.Triple) -> Term:
        assert isinstance(t.subject, ox.NamedNode | ox.BlankNode)
        if (
            t.predicate.value == _TYPE
            and isinstance(t.object, ox.NamedNode)
            and t.object.value.startswith(OWL)
        ):
            self.kinds[t.subject].add(t.object.value)
        return t.subject

    def subjects(self) -> Iterator[Term]:
        """Go through all subjects, blank nodes among them, each once."""
        yield from self._places
        yield from (s for s in self.bound if s not in self._places)

    def about(self, subjects: Iterable[Term]) -> Iterator[ox.Triple]:
        """Yield what the graph says of some subjects."""
        for subject in subjects:
            start, end = self._places.get(subject, (0, 0))
            if end:
                yield from triples_in(self.graph.lines.part(start, end))
            yield from self.bound.get(subject, ())

    def size(self, subject: Term) -> int:
        """Return about how many bytes the lines of a subject have."""
        start, end = self._places.get(subject, (0, 0))
        return end - start
