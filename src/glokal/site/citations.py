"""The passages that say what stands on a page, statement by statement.

A statement is shown with the passages of its own node (`glokal.source.provenance`) and
no others. A row of a table says what connects the things in it: a statement from one to
another, or a membership, a participation or an entry that has both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.namespaces import GLO
from glokal.rdf.terms import literal_in, text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value, in_language
from glokal.site.reported_changes import ReportedChanges
from glokal.source.node_lookup import NodeLookup
from glokal.source.provenance import Provenance, StatementNode, node_triples

# Nodes that connect others, by what they connect: who is in something, and in what.
_CONNECTS = tuple(
    (GLO + who, GLO + what)
    for who, what in (
        ("member", "membershipIn"),
        ("participant", "participationIn"),
        ("entryOf", "refersTo"),
        ("inSubjectArea", "refersTo"),
    )
)
_CONFLICT = GLO + "SourceConflict"
_WHAT = {what for _, what in _CONNECTS}
# A shorter text may be a number or a label that stands in a row by chance.
_SHORTEST_TEXT = 12


@dataclass(frozen=True)
class PassageLink:
    """A passage that something rests on: where it stands, and the way to it.

    `lang` is the language of its text.
    """

    citation: str
    text: str
    href: str
    lang: str = ""


@dataclass(frozen=True)
class CitedValue:
    """A value, the passages that say it, and why they are read so, "" mostly."""

    value: Value
    sources: tuple[PassageLink, ...]
    reading: str = ""


@dataclass(frozen=True)
class CitedFact:
    """A property in words and its values, each with its own passages."""

    label: str
    values: tuple[CitedValue, ...]


class Cited:
    """The statements of a publication and their passages, ready to be looked up."""

    def __init__(
        self,
        view: GraphView,
        provenance: Provenance,
        reported: ReportedChanges | None = None,
    ) -> None:
        """With `reported`, what no passage says rests on the report that told it."""
        self._view = view
        self._reported = reported
        self.provenance = provenance
        self._nodes = NodeLookup(provenance, _CONNECTS)

    def source(self, passage: str, lang: str, words: Mapping[str, Any]) -> PassageLink:
        """Return a passage as a source, with the way to it in the reading page.

        A report is a source too; its page tells what it says.
        """
        view = self._view
        if self._reported and passage in self._reported.ties.values():
            citation = self._reported.citation(passage, lang, words)
            return PassageLink(citation, "", view.path(passage))
        return PassageLink(
            view.value(passage, GLO + "citation", lang),
            view.value(passage, GLO + "readingText", "nb"),
            f"{words['paths']['strategy']}#{passage_anchor(passage)}",
            view.quoted_in(passage),
        )

    def sources(
        self, passages: Iterable[str], lang: str, words: Mapping[str, Any]
    ) -> tuple[PassageLink, ...]:
        """Return passages as sources, in the order of the text."""
        ordered = self.provenance.source.in_order(passages)
        return tuple(self.source(p, lang, words) for p in ordered)

    def of(self, subject: str, *predicates: str) -> tuple[str, ...]:
        """Return the passages of what is said of a subject by some properties."""
        nodes = (n for n in self._nodes.of(subject) if _predicate(n) in predicates)
        return self.provenance.source.in_order(p for n in nodes for p in n.passages)

    def facts(
        self, triples: Iterable[ox.Triple], lang: str, words: Mapping[str, Any]
    ) -> tuple[CitedFact, ...]:
        """Return triples as properties in words, each value with its passages."""
        by_property: dict[str, list[ox.Triple]] = defaultdict(list)
        for t in triples:
            by_property[t.predicate.value].append(t)
        facts = []
        for prop, details in by_property.items():
            shown = in_language((t.object for t in details), lang)
            values = [self._value(t, lang, words) for t in details if t.object in shown]
            values.sort(key=lambda v: sort_key(v.value.text, lang))
            # The ontology's word, unless readers have a plainer one.
            plain = words.get("fact_words", {}).get(prop.removeprefix(GLO))
            label = plain or self._view.term(prop, lang)
            facts.append(CitedFact(label, tuple(values)))
        return tuple(sorted(facts, key=lambda f: sort_key(f.label, lang)))

    def triples(self, subject: str) -> list[ox.Triple]:
        """Return the nodes of the statements about a subject, as triples."""
        return [t for node in self._nodes.of(subject) for t in node_triples(node)]

    def connecting(self, terms: Collection[object]) -> tuple[str, ...]:
        """Return the passages that say how the things in a row belong together.

        `terms` are the row's, as RDF terms, with what the question was asked about.
        What another statement's passages say already adds none.
        """
        row: dict[str, list[object]] = defaultdict(list)
        for term in terms:
            if term is not None:
                row[text_of(term)].append(term)
        results: set[str] = set()
        for nodes in self._situations(self._ends(row)):
            results |= _of_situation(nodes)
        # Who governs a municipality is what a row says only when it says nothing else.
        for node in sorted(self._direct(row), key=self._is_within):
            if results and self._is_within(node):
                break
            if not results.intersection(node.passages):
                results.update(node.passages)
        for name in row:
            # A disagreement is itself what the row says.
            statements = (n for n in self._nodes.of(name) if _object(n) == _CONFLICT)
            results.update(p for n in statements for p in n.passages)
        if self._reported and not results:
            results |= _reports_of(row, self._reported.ties)
        return self.provenance.source.in_order(results)

    def leaving_out(self, terms: Iterable[object]) -> tuple[str, ...]:
        """Return the passages that leave out what connects the things in a row."""
        ends = self._ends(text_of(term) for term in terms if term is not None)
        subjects = {
            text_of(nodes[0].triple.subject) for nodes in self._situations(ends)
        }
        found = {p for s in subjects for p in self._view.objects(s, GLO + "omittedIn")}
        return self.provenance.source.in_order(found)

    def _ends(self, names: Iterable[str]) -> dict[str, str]:
        """Return names, and the authorities that govern them, each with its name."""
        return {
            end: name for name in names for end in (name, *self._view.governed_by(name))
        }

    def _value(
        self, triple: ox.Triple, lang: str, words: Mapping[str, Any]
    ) -> CitedValue:
        node = self._node(triple)
        return CitedValue(
            self._view.cell(triple.object, lang),
            self.sources(node.passages, lang, words) if node else (),
            _in_language(node.reading, lang) if node else "",
        )

    def _node(self, triple: ox.Triple) -> StatementNode | None:
        """Return the node of a statement, for a translation that of the original."""
        node = self._nodes.node(triple)
        if node is not None or not isinstance(triple.object, ox.Literal):
            return node
        if not triple.object.language:
            return None
        statements = [
            n
            for n in self._nodes.of(text_of(triple.subject))
            if n.triple.predicate == triple.predicate
        ]
        return statements[0] if len(statements) == 1 else None

    def _situations(self, ends: Mapping[str, str]) -> Iterator[list[StatementNode]]:
        """Yield what says of each node that it connects the ends, and how.

        Only those nodes that have most of the row: an entry in the row's subject area
        and not the one in another.
        """
        results: dict[str, tuple[int, list[StatementNode]]] = {}
        for pair in permutations(ends, 2):
            for subject in self._nodes.connecting(*pair):
                statements = [n for n in self._nodes.of(subject) if _object(n) in ends]
                results[subject] = (
                    len({ends[_object(n)] for n in statements}),
                    statements,
                )
        most = max((size for size, _ in results.values()), default=0)
        remaining = [
            statements for size, statements in results.values() if size == most > 1
        ]
        # Where memberships lead from one thing to the other, being listed adds nothing.
        joined = {
            _object(n)
            for statements in remaining
            if not _is_entry(statements)
            for n in statements
        }
        for statements in remaining:
            if not (
                _is_entry(statements) and joined.issuperset(map(_object, statements))
            ):
                yield statements

    def _is_within(self, node: StatementNode) -> bool:
        """Whether a statement ties a municipality to the authority that governs it."""
        subject, value = text_of(node.triple.subject), _object(node)
        return self._view.leading(subject) == self._view.leading(value)

    def _direct(self, row: Mapping[str, list[object]]) -> Iterator[StatementNode]:
        for name in row:
            for node in self._nodes.of(name):
                value = node.triple.object
                same = row.get(text_of(value), ())
                if not same or text_of(value) == name:
                    continue
                long = len(text_of(value)) >= _SHORTEST_TEXT
                if not isinstance(value, ox.Literal) or value in same or long:
                    yield node


def _reports_of(row: Collection[str], ties: Mapping[frozenset[str], str]) -> set[str]:
    """Return the reports that tell what a row connects, else of a thing in it."""
    pairs = {ties[p] for p in map(frozenset, permutations(row, 2)) if p in ties}
    return pairs or {ties[p] for iri in row if (p := frozenset((iri,))) in ties}


def passage_anchor(passage: str) -> str:
    """Return the name of a passage's place in the reading page."""
    return "p-" + passage.rpartition("/")[2]


def _of_situation(nodes: list[StatementNode]) -> set[str]:
    """Return the passages that say who is in something, as what, and in what."""
    results = {p for n in nodes if _predicate(n) not in _WHAT for p in n.passages}
    for node in nodes:
        if _predicate(node) in _WHAT and not results.intersection(node.passages):
            results.update(node.passages)
    return results


def _is_entry(nodes: list[StatementNode]) -> bool:
    return any(_predicate(node) == GLO + "refersTo" for node in nodes)


def _predicate(node: StatementNode) -> str:
    return node.triple.predicate.value


def _object(node: StatementNode) -> str:
    return text_of(node.triple.object)


def _in_language(texts: Mapping[str, str], lang: str) -> str:
    literals = (ox.Literal(t, language=x) for x, t in texts.items() if x)
    literal = literal_in(literals, lang, "nb")
    return literal.value if literal else ""
