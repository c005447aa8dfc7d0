"""The nodes of statements by what they are about: held, or made when asked for.

A node takes a kilobyte with its statement. Of a large strategy the statements lie in a
temporary file (`glokal.rdf.keyed_triples`), and a node follows from each anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby

import pyoxigraph as ox

from glokal.core.files.key_places import key_hash
from glokal.core.files.spool import Spool
from glokal.rdf.keyed_triples import Keyed, KeyedTriples
from glokal.rdf.terms import text_of
from glokal.source.provenance import Provenance, StatementNode

# Triples of a strategy whose nodes are held: about 250 MB.
IN_MEMORY = 250_000
# Nodes that are kept after they have been made.
_KEPT = 5_000
Ends = tuple[str, str]
Subject = ox.NamedNode | ox.BlankNode | ox.Triple
_TIES = ox.NamedNode("urn:ties")


class NodeLookup:
    """The nodes of a project's statements, each thing's in the order of the files."""

    def __init__(self, provenance: Provenance, connecting: Collection[Ends]) -> None:
        """Go through the statements once; MachineError when files have no room.

        `connecting` are the properties by which a thing connects two others.
        """
        self._provenance = provenance
        self._held: dict[str, list[StatementNode]] = defaultdict(list)
        self._filed: KeyedTriples | None = None
        self._kept: dict[str, list[StatementNode]] = {}
        self._number = 0
        if provenance.each.at_most > IN_MEMORY:
            entries = ((_subject(t), 0, t) for t in provenance.traced_triples())
            self._filed = KeyedTriples(entries, _subject, Spool())
            # Those of one subject stand together there.
            self._tied = _tied_in_file(self._filed, connecting)
            return
        for node in provenance.nodes.values():
            self._held[_subject(node.triple)].append(node)
        tied: dict[Ends, list[str]] = defaultdict(list)
        for subject, nodes in self._held.items():
            for pair in _pairs((n.triple for n in nodes), connecting):
                tied[pair].append(subject)
        self._tied = lambda one, other: tied.get((one, other), ())

    def connecting(self, one: str, other: str) -> Iterable[str]:
        """Return the things that connect two others."""
        return self._tied(one, other)

    def of(self, subject: str) -> Sequence[StatementNode]:
        """Return the nodes of what is said of a thing."""
        if self._filed is None:
            return self._held.get(subject, ())
        nodes = self._kept.get(subject)
        if nodes is None:
            made = (self._provenance.node(t) for t, _ in self._filed.of(subject))
            nodes = [node for node in made if node is not None]
            if self._number + len(nodes) > _KEPT:
                self._kept, self._number = {}, 0
            self._kept[subject] = nodes
            self._number += len(nodes) + 1
        return nodes

    def node(self, triple: ox.Triple) -> StatementNode | None:
        """Return the node of a statement, None when it has none."""
        if self._filed is None:
            return self._provenance.nodes.get(triple)
        nodes = self.of(_subject(triple))
        return next((node for node in nodes if node.triple == triple), None)


def _tied_in_file(
    statements: Iterable[ox.Triple], connecting: Collection[Ends]
) -> Callable[[str, str], Iterable[str]]:
    """Return what gives the things that connect a pair; statements come by subject."""

    def entries() -> Iterator[Keyed]:
        for _, group in groupby(statements, lambda t: key_hash(_subject(t))):
            # Two subjects may have the same hash.
            said: dict[Subject, list[ox.Triple]] = defaultdict(list)
            for t in group:
                said[t.subject].append(t)
            for subject, about in said.items():
                for ends in _pairs(about, connecting):
                    # Only its subject is asked for.
                    pair = _joined(*ends)
                    yield pair, 0, ox.Triple(subject, _TIES, ox.Literal(pair))

    filed = KeyedTriples(entries(), lambda t: text_of(t.object), Spool())

    def tied(one: str, other: str) -> Iterable[str]:
        return [_subject(t) for t, _ in filed.of(_joined(one, other))]

    return tied


def _pairs(
    statements: Iterable[ox.Triple], connecting: Iterable[Ends]
) -> Iterator[Ends]:
    """Yield what the statements about one thing connect by it."""
    ends = {t.predicate.value: text_of(t.object) for t in statements}
    for who, what in connecting:
        if who in ends and what in ends:
            yield ends[who], ends[what]


def _joined(one: str, other: str) -> str:
    # No IRI has a space.
    return f"{one} {other}"


def _subject(triple: ox.Triple) -> str:
    return text_of(triple.subject)
