"""Provenance: for each statement of the strategy a node with the passages that say it.

A node is an `rdf:Statement` with subject, predicate, object and `glo:statedIn`. Where
the subject has one passage it follows from that; where it has several, a person has
chosen in `data/provenance/`. `glo:reading` says why a person reads a passage so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.source.documents import Source, language_of, read_source
from glokal.source.statements import (
    SourceStatement,
    SourceStatements,
    statement_iri,
)

# At most so many passages may be read in the same words.
SAME_READING = 3


@dataclass(frozen=True)
class StatementNode:
    """The provenance of one statement.

    `reading` is why a person reads the passages so, by language. A node is `chosen`
    when it stands in `data/provenance/`.
    """

    iri: str
    triple: ox.Triple
    passages: tuple[str, ...]
    reading: Mapping[str, str] = field(default_factory=dict, hash=False)
    chosen: bool = False


@dataclass(frozen=True)
class Provenance:
    """The nodes of a project's statements.

    `choices` are the nodes of `data/provenance/` by what each is about, `things` the
    namespace of the things. Statements are as many as triples: `traced` goes through
    them, and only what asks for `statements` or `nodes` has them all in memory.
    """

    source: Source
    choices: Mapping[ox.Triple, StatementNode]
    things: str
    each: SourceStatements = field(repr=False)

    def traced(self) -> Iterator[tuple[SourceStatement, StatementNode | None]]:
        """Yield each statement with the node that a person has chosen, or None.

        Without one, its node follows when its subject has one passage.
        """
        for statement in self.each:
            yield statement, self.choices.get(statement.triple)

    @cached_property
    def statements(self) -> tuple[SourceStatement, ...]:
        """All statements, in the order of the files."""
        return tuple(self.each)

    @cached_property
    def nodes(self) -> Mapping[ox.Triple, StatementNode]:
        """The node of each statement that has one, by its triple."""
        return {node.triple: node for node in self.each_node()}

    def each_node(self) -> Iterator[StatementNode]:
        """Yield the nodes in the order of their statements, made anew."""
        return filter(None, (self.node(s.triple) for s in self.each))

    def node(self, statement: ox.Triple) -> StatementNode | None:
        """Return the node of a statement: one that was chosen, else one that follows.

        None for a statement with several passages, and for one without any.
        """
        chosen = self.choices.get(statement)
        if chosen is not None:
            return chosen
        passages = self.each.passages(text_of(statement.subject))
        if len(passages) != 1:
            return None
        return StatementNode(statement_iri(statement, self.things), statement, passages)

    def traced_triples(self) -> Iterator[ox.Triple]:
        """Yield the statements that have a node, in the order of the files."""
        for statement, chosen in self.traced():
            if chosen is not None or len(statement.passages) == 1:
                yield statement.triple

    @cached_property
    def open(self) -> tuple[SourceStatement, ...]:
        """The statements with several passages for which nobody has chosen."""
        return tuple(s for s, n in self.traced() if n is None and len(s.passages) > 1)

    @property
    def taken(self) -> tuple[StatementNode, ...]:
        """The chosen nodes of statements, in the order of these."""
        return tuple(self._summary[0].values())

    @property
    def stray(self) -> tuple[StatementNode, ...]:
        """The chosen nodes of triples that the strategy doesn't have."""
        taken, _ = self._summary
        return tuple(n for t, n in self.choices.items() if t not in taken)

    def counts(self) -> dict[str, int]:
        """Return how many statements there are, and how many of them rest how."""
        taken, counts = self._summary
        return {
            "statements": counts["statements"],
            "derived": counts["derived"],
            "chosen": len(taken),
            "read": sum(bool(n.reading) for n in taken.values()),
            "ambiguous": counts["ambiguous"],
        }

    @cached_property
    def _summary(self) -> tuple[dict[ox.Triple, StatementNode], Counter[str]]:
        """What a person has chosen for statements, and how many of these rest how."""
        taken: dict[ox.Triple, StatementNode] = {}
        counts: Counter[str] = Counter()
        for statement, chosen in self.traced():
            counts["statements"] += 1
            if chosen is not None:
                taken[statement.triple] = chosen
            elif statement.passages:
                alone = len(statement.passages) == 1
                counts["derived" if alone else "ambiguous"] += 1
        return taken, counts

    def triples(self) -> Iterator[ox.Triple]:
        """Yield the graph of the nodes, in the order of their statements."""
        for node in self.each_node():
            yield from node_triples(node)

    def of(self, triple: ox.Triple) -> tuple[str, ...]:
        """Return the passages that say a triple, in the order of the text."""
        node = self.nodes.get(triple)
        return node.passages if node else ()


def reading_key(text: str) -> str:
    """Return a reading in the form that two of the same words share."""
    return " ".join(text.split()).casefold()


def read_alike(
    nodes: Iterable[StatementNode],
) -> dict[str, dict[tuple[str, ...], list[StatementNode]]]:
    """Return the nodes with a reading, by its words and by what is read so."""
    results: dict[str, dict[tuple[str, ...], list[StatementNode]]] = {}
    for node in nodes:
        for text in sorted({reading_key(t) for t in node.reading.values()}):
            results.setdefault(text, {}).setdefault(node.passages, []).append(node)
    return results


def node_triples(node: StatementNode) -> list[ox.Triple]:
    """Return the triples of one node."""
    name, t = ox.NamedNode(node.iri), node.triple
    assert not isinstance(t.subject, ox.Triple)
    triples = [
        ox.Triple(name, ox.NamedNode(RDF + "type"), ox.NamedNode(RDF + "Statement")),
        ox.Triple(name, ox.NamedNode(RDF + "subject"), t.subject),
        ox.Triple(name, ox.NamedNode(RDF + "predicate"), t.predicate),
        ox.Triple(name, ox.NamedNode(RDF + "object"), t.object),
    ]
    triples += [
        ox.Triple(name, ox.NamedNode(GLO + "statedIn"), ox.NamedNode(passage))
        for passage in node.passages
    ]
    triples += [
        ox.Triple(name, ox.NamedNode(GLO + "reading"), _text(text, language))
        for language, text in sorted(node.reading.items())
    ]
    return triples


def trace(
    files: Iterable[SourceFile], chosen: Iterable[SourceFile], things: str
) -> Provenance:
    """Return the provenance of the statements of `files`.

    `chosen` are the files of `data/provenance/`, `things` is the namespace of the
    things. Raises nothing: what is wrong with the choices is for the check to say.
    """
    known = tuple(files)
    source = read_source(known)
    choices = read_statement_nodes(chosen, source)
    return Provenance(source, choices, things, SourceStatements(known, source))


def read_statement_nodes(
    files: Iterable[SourceFile], source: Source
) -> dict[ox.Triple, StatementNode]:
    """Return the nodes that files hold, by the triple that each is about.

    A node that doesn't name one triple is passed over: see `broken_nodes`.
    """
    results: dict[ox.Triple, StatementNode] = {}
    for iri, details in _nodes(files).items():
        triple = _triple(details)
        if triple is None:
            continue
        passages = source.in_order(
            text_of(p) for p in details.get(GLO + "statedIn", ())
        )
        reading = {language_of(r): text_of(r) for r in details.get(GLO + "reading", ())}
        results[triple] = StatementNode(iri, triple, passages, reading, chosen=True)
    return results


def broken_nodes(files: Iterable[SourceFile]) -> list[str]:
    """Return the nodes that don't name one triple, and those that name one again."""
    result = _nodes(files)
    triples = {iri: _triple(details) for iri, details in result.items()}
    number = Counter(triples.values())
    return [iri for iri, t in triples.items() if t is None or number[t] > 1]


def _nodes(files: Iterable[SourceFile]) -> dict[str, dict[str, list[object]]]:
    results: dict[str, dict[str, list[object]]] = {}
    for file in files:
        for t in file.triples:
            details = results.setdefault(text_of(t.subject), {})
            details.setdefault(t.predicate.value, []).append(t.object)
    return results


def _triple(said: Mapping[str, list[object]]) -> ox.Triple | None:
    parts = [said.get(RDF + name, []) for name in ("subject", "predicate", "object")]
    if any(len(part) != 1 for part in parts):
        return None
    (subject,), (predicate,), (value,) = parts
    if not isinstance(subject, ox.NamedNode) or not isinstance(predicate, ox.NamedNode):
        return None
    if not isinstance(value, ox.NamedNode | ox.Literal):
        return None
    return ox.Triple(subject, predicate, value)


def _text(text: str, language: str) -> ox.Literal:
    return ox.Literal(text, language=language) if language else ox.Literal(text)
