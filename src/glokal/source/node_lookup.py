"""The nodes of statements by what they are about: held, or made when asked for.

A node takes a kilobyte with its statement. Of a large strategy the statements lie in a
temporary file (`glokal.rdf.keyed_triples`), and a node follows from each anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.files.spool import Spool
from glokal.rdf.keyed_triples import Keyed, KeyedTriples
from glokal.rdf.terms import text_of
from glokal.source.provenance import Provenance, StatementNode

# Triples of a strategy whose nodes are held: about 50 MB.
IN_MEMORY = 50_000
# Nodes that are kept after they have been made.
_KEPT = 5_000
Ends = tuple[str, str]


class NodeLookup:
    """The nodes of a project's statements, each thing's in the order of the files."""

    def __init__(self, provenance: Provenance, connecting: Collection[Ends]) -> None:
        """Go through the statements once; MachineError when files have no room.

        `connecting` are the properties by which a thing connects two others.
        """
        self._provenance = provenance
        self._ends: dict[str, dict[str, str]] = {}
        self._asked = {prop for pair in connecting for prop in pair}
        self._held: dict[str, list[StatementNode]] = defaultdict(list)
        self._filed: KeyedTriples | None = None
        if provenance.each.at_most > IN_MEMORY:
            self._filed = KeyedTriples(self._entries(), _subject, Spool())
        else:
            for node in provenance.nodes.values():
                self._look_at(node.triple)
                self._held[_subject(node.triple)].append(node)
        self._kept: dict[str, list[StatementNode]] = {}
        self._number = 0
        self.connecting = self._by_ends(connecting)
        self._ends = {}

    def _entries(self) -> Iterator[Keyed]:
        for triple in self._provenance.traced_triples():
            self._look_at(triple)
            yield _subject(triple), 0, triple

    def _look_at(self, triple: ox.Triple) -> None:
        if triple.predicate.value in self._asked:
            ends = self._ends.setdefault(_subject(triple), {})
            ends[triple.predicate.value] = text_of(triple.object)

    def _by_ends(self, connecting: Iterable[Ends]) -> Mapping[Ends, Sequence[str]]:
        """Return the things that connect two others, by the two."""
        results: dict[Ends, list[str]] = defaultdict(list)
        pool: dict[str, str] = {}
        for subject, ends in self._ends.items():
            for who, what in connecting:
                if who in ends and what in ends:
                    one, other = ends[who], ends[what]
                    pair = pool.setdefault(one, one), pool.setdefault(other, other)
                    results[pair].append(subject)
        return results

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


def _subject(triple: ox.Triple) -> str:
    return text_of(triple.subject)
