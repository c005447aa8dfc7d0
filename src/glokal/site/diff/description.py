"""Changes in words: what is new, gone and changed, by kind, with names for IRIs.

`renderers` writes them as text, Markdown, HTML and JSON.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType

import pyoxigraph as ox

from glokal.core.collation import SortKey, sort_key
from glokal.core.languages import completed, nearest
from glokal.core.namespaces import GLO, RDF, RDFS, SKOS
from glokal.dataset.releases.graph_diff import (
    ADDED,
    CHANGED,
    REMOVED,
    GraphDiff,
    StatedValue,
    ThingChange,
)
from glokal.dataset.releases.graph_snapshot import Snapshot
from glokal.dataset.views import IN_STRATEGY, REPORTED
from glokal.rdf.terms import literal_in, text_of
from glokal.site.diff.impact import AnswerChange, Effects
from glokal.site.diff.successors import MOVED, REPLACED, Successor, successors
from glokal.site.diff.summary import ComparedGraphs, summarise
from glokal.site.page_words import outside_term
from glokal.sparql.store_interface import Row

_NAMES = (RDFS + "label", SKOS + "prefLabel", GLO + "citation")
_TOLD_BY_NAME = {*_NAMES, RDF + "type"}
STATES = (ADDED, REMOVED, CHANGED, MOVED, REPLACED)


@dataclass(frozen=True)
class PropertyDiff:
    """A property that changed: its name, whose word it is, values gone and new."""

    name: str
    note: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class ThingDiff:
    """A thing that changed: its name, its kind, its IRI, and its changed properties."""

    name: str
    kind: str
    iri: str
    lines: tuple[PropertyDiff, ...]


@dataclass(frozen=True)
class Effect:
    """A part of what a change does: a heading, and lines with what is gone and new."""

    heading: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class DiffReport:
    """The changes from one graph to another in one language, by state.

    `sentences` are the changes that people ask for first. `effects` are empty unless
    they were worked out.
    """

    title: str
    summary: str
    sentences: tuple[str, ...]
    parts: tuple[tuple[str, tuple[ThingDiff, ...]], ...]
    effects: tuple[Effect, ...] = ()


def describe_diff(
    changes: GraphDiff,
    old: Snapshot,
    new: Snapshot,
    lang: str,
    done: Effects | None = None,
    *,
    replaced: Mapping[str, str] = MappingProxyType({}),
) -> DiffReport:
    """Return changes in words; names are those of the new graph, else of the old.

    `done` is what the changes do, if that was worked out; `replaced` are the things
    that the editions record another one of, by the IRI that is gone.
    """
    teller, words = _Teller(old, new, lang), _words()[lang]
    heirs = successors(changes.things, replaced)
    told = teller.things(changes, heirs)
    parts = [(words[state], told[state]) for state in STATES if told[state]]
    return DiffReport(
        words["title"].format(old=changes.old, new=changes.new),
        _summary({state: len(things) for state, things in told.items()}, words),
        summarise(ComparedGraphs(old, new, changes, heirs), teller.name, words, lang),
        tuple(parts),
        teller.effects(done) if done else (),
    )


def _summary(numbers: Mapping[str, int], words: Mapping[str, str]) -> str:
    """Return how many things are new, gone and changed; states without any are not."""
    counted = [
        words[f"{_count(number)}_{state}"].format(n=number)
        for state in STATES
        if (number := numbers[state])
    ]
    return f"{', '.join(counted)}." if counted else words["none"]


def _count(number: int) -> str:
    return {0: "no", 1: "one"}.get(number, "many")


class _Teller:
    def __init__(self, old: Snapshot, new: Snapshot, lang: str) -> None:
        self.lang, self.words = lang, _words()[lang]
        self._known: dict[str, str] = {}
        self.names = _names(old.statements)
        self.names.update(_names(new.statements))

    def things(
        self, changes: GraphDiff, heirs: Iterable[Successor]
    ) -> dict[str, tuple[ThingDiff, ...]]:
        """Return what is told of each thing, by its state, sorted by kind and name."""
        results: dict[str, list[ThingDiff]] = {state: [] for state in STATES}
        known = set()
        for heir in heirs:
            known |= {heir.old.iri, heir.new.iri}
            results[heir.state].append(self._heir(heir))
        for change in changes.things:
            if change.iri not in known:
                results[change.state].append(self._told(change))
        return {
            state: tuple(sorted(told, key=self._order))
            for state, told in results.items()
        }

    def _order(self, told: ThingDiff) -> tuple[SortKey, SortKey, str]:
        kind, name = sort_key(told.kind, self.lang), sort_key(told.name, self.lang)
        return kind, name, told.iri

    def _heir(self, heir: Successor) -> ThingDiff:
        """Tell of two things as of one that goes on under another address."""
        properties = heir.properties
        told = self._told(
            ThingChange(heir.new.iri, CHANGED, heir.new.classes, properties)
        )
        address = PropertyDiff(
            self.words["address"], "", (heir.old.iri,), (heir.new.iri,)
        )
        return replace(told, lines=(address, *told.lines))

    def _told(self, change: ThingChange) -> ThingDiff:
        lines = [
            PropertyDiff(
                self._property(details.iri),
                self.words.get(details.kind, ""),
                tuple(map(self._value, details.removed)),
                tuple(map(self._value, details.added)),
            )
            for details in change.properties
            # A thing that is new or gone is told by its kind and its name.
            if change.state == CHANGED or details.iri not in _TOLD_BY_NAME
        ]
        kinds = [self.name(iri) for iri in change.classes if iri.startswith(GLO)]
        kind = ", ".join(kinds) or self.words["other"]
        return ThingDiff(self.name(change.iri), kind, change.iri, tuple(lines))

    def _property(self, iri: str) -> str:
        own = iri.startswith(GLO)
        return self.name(iri) if own else outside_term(iri, self.lang)

    def _value(self, value: StatedValue) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, ox.NamedNode):
            return self.name(value.value)
        text = self.words["quoted"].format(text=value.value)
        return text + (f" ({value.language})" if value.language else "")

    def effects(self, done: Effects) -> tuple[Effect, ...]:
        """Return what changes do, in words."""
        words = self.words
        new, gone = (
            tuple(f"{f.place}: {f.text(self.lang)}" for f in result)
            for result in (done.new, done.gone)
        )
        findings = Effect(
            words["findings" if new or gone else "no_findings"], gone, new
        )
        results = [findings, *self._answers(done, IN_STRATEGY, "answers")]
        if done.reported:
            results += self._answers(done, REPORTED, "answers_reported")
        return tuple(results)

    def _answers(self, done: Effects, view: str, word: str) -> Iterator[Effect]:
        changed = [answer for answer in done.answers if answer.view == view]
        number = len(changed)
        heading = self.words[f"{_count(number)}_{word}"].format(
            n=number, all=done.asked
        )
        yield Effect(heading, (), ())
        yield from map(self._answer, changed)

    def _answer(self, answer: AnswerChange) -> Effect:
        removed, added = (
            tuple(
                sorted(map(self._row, rows), key=lambda row: sort_key(row, self.lang))
            )
            for rows in (answer.removed, answer.added)
        )
        summary = answer.query.summary[self.lang]
        return Effect(f"{summary} ({answer.query.slug})", removed, added)

    def _row(self, row: Row) -> str:
        return " | ".join(
            self.name(cell.value) if isinstance(cell, ox.NamedNode) else text_of(cell)
            for cell in row
        )

    def name(self, iri: str) -> str:
        """Return the label of a thing, the end of its IRI when it has none."""
        # The same few kinds and properties are told of each thing.
        if iri not in self._known:
            literal = literal_in(self.names.get(iri, ()), *nearest(self.lang))
            end = iri.rstrip("/#").rpartition("/")[2]
            self._known[iri] = literal.value if literal else end
        return self._known[iri]


def _names(
    statements: Iterable[tuple[str, ox.Triple]],
) -> dict[str, list[ox.Literal]]:
    results: dict[str, list[ox.Literal]] = defaultdict(list)
    for _, t in statements:
        if t.predicate.value in _NAMES and isinstance(t.object, ox.Literal):
            results[text_of(t.subject)].append(t.object)
    return results


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.site.diff").joinpath("changes.toml")
    return completed(tomllib.loads(file.read_text(encoding="utf-8")))
