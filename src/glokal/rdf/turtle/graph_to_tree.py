"""From a graph to the tree that Turtle writes: blank nodes nested, lists as lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from glokal.core.namespaces import RDF
from glokal.rdf.terms import Term
from glokal.rdf.turtle.tree import Node, Property, Statement


def tree_of(triples: Iterable[ox.Triple]) -> list[Statement]:
    """Return a graph as statements.

    A blank node that is used once is nested where it is used; a list is a collection
    when nothing else is said of its cells.
    """
    return _Tree(triples).statements()


class _Tree:
    """Builds the tree of a graph: nests blank nodes that are used once, and lists."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        dataset = ox.Dataset(
            ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph())
            for t in triples
        )
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        self.by_subject: dict[Term, list[ox.Triple]] = defaultdict(list)
        self.uses: Counter[Term] = Counter()
        for t in sorted((quad.triple for quad in dataset), key=str):
            assert isinstance(t.subject, ox.NamedNode | ox.BlankNode)
            assert not isinstance(t.object, ox.Triple)
            self.by_subject[t.subject].append(t)
            if isinstance(t.object, ox.BlankNode):
                self.uses[t.object] += 1
        self.nested: set[Term] = set()

    def statements(self) -> list[Statement]:
        roots = [s for s in self.by_subject if not self._nests(s)]
        statements = [self._statement(s) for s in roots]
        # A ring of blank nodes has no root; what is left gets labels.
        for left in self.by_subject:
            if left not in self.nested and left not in roots:
                self.uses[left] += 1
                statements.append(self._statement(left))
        return statements

    def _nests(self, term: Term) -> bool:
        return isinstance(term, ox.BlankNode) and self.uses[term] == 1

    def _statement(self, subject: Term) -> Statement:
        self.nested.add(subject)
        return Statement(Node(subject, 0, 0), self._properties(subject))

    def _properties(self, subject: Term) -> list[Property]:
        grouped: dict[ox.NamedNode, list[Node]] = defaultdict(list)
        for t in self.by_subject.get(subject, ()):
            assert not isinstance(t.object, ox.Triple)
            grouped[t.predicate].append(self._node(t.object))
        return [Property(p, objects) for p, objects in grouped.items()]

    def _node(self, term: Term) -> Node:
        if not self._nests(term) or term in self.nested:
            return Node(term, 0, 0)
        members = self._members(term)
        if members is not None:
            return Node(term, 0, 0, members=[self._node(m) for m in members])
        self.nested.add(term)
        return Node(term, 0, 0, inside=self._properties(term))

    def _members(self, cell: Term) -> list[Term] | None:
        members, cells = [], []
        nil = ox.NamedNode(RDF + "nil")
        while cell != nil:
            details = self.by_subject.get(cell, [])
            results = {t.predicate.value: t.object for t in details}
            first, rest = results.get(RDF + "first"), results.get(RDF + "rest")
            whole = len(details) == 2 and self._nests(cell)
            if not whole or first is None or rest is None or cell in cells:
                return None
            assert not isinstance(first, ox.Triple)
            assert not isinstance(rest, ox.Triple)
            members.append(first)
            cells.append(cell)
            cell = rest
        self.nested.update(cells)
        return members
