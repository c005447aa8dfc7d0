"""Changes in words: what is new, gone and changed, by kind, with names for IRIs."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.edition.compare import ADDED, CHANGED, REMOVED, Change, Changes, Value
from glokal.edition.snapshot import Snapshot
from glokal.model.labels import FALLBACK
from glokal.publish.words import outside_term
from glokal.rdf.terms import literal_in, sort_key, text_of
from glokal.vocabulary import GLO, RDF, RDFS, SKOS

_NAMES = (RDFS + "label", SKOS + "prefLabel", GLO + "citation")
STATES = (ADDED, REMOVED, CHANGED)


@dataclass(frozen=True)
class Line:
    """A property that changed: its name, whose word it is, values gone and new."""

    name: str
    note: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A thing that changed: its name, its kind, its IRI, and its changed properties."""

    name: str
    kind: str
    iri: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Story:
    """The changes from one graph to another in one language, by state."""

    title: str
    summary: str
    parts: tuple[tuple[str, tuple[Told, ...]], ...]


def tell(changes: Changes, old: Snapshot, new: Snapshot, lang: str) -> Story:
    """Return changes in words; names are those of the new graph, else of the old."""
    teller, words = _Teller(old, new, lang), _words()[lang]
    parts = [
        (words[state], teller.things(changes, state))
        for state in STATES
        if changes.number(state)
    ]
    counts = {state: changes.number(state) for state in STATES}
    return Story(
        words["title"].format(old=changes.old, new=changes.new),
        words["summary"].format(**counts) if changes.things else words["none"],
        tuple(parts),
    )


def as_text(story: Story) -> str:
    """Return a story as lines of text."""
    return "\n".join(_lines(story)) + "\n"


def _lines(story: Story) -> Iterator[str]:
    yield story.title
    yield story.summary
    for heading, things in story.parts:
        yield ""
        yield heading
        for thing in things:
            yield f"  {thing.kind}: {thing.name} <{thing.iri}>"
            for line in thing.lines:
                note = f" ({line.note})" if line.note else ""
                yield f"    {line.name}{note}"
                yield from (f"      − {value}" for value in line.removed)
                yield from (f"      + {value}" for value in line.added)


class _Teller:
    def __init__(self, old: Snapshot, new: Snapshot, lang: str) -> None:
        self.lang, self.words = lang, _words()[lang]
        self.names = _names(old.statements)
        self.names.update(_names(new.statements))

    def things(self, changes: Changes, state: str) -> tuple[Told, ...]:
        told = [self._told(c) for c in changes.things if c.state == state]
        return tuple(
            sorted(told, key=lambda t: (sort_key(t.kind), sort_key(t.name), t.iri))
        )

    def _told(self, change: Change) -> Told:
        lines = [
            Line(
                self._property(said.iri),
                self.words.get(said.kind, ""),
                tuple(map(self._value, said.removed)),
                tuple(map(self._value, said.added)),
            )
            for said in change.properties
            # A thing that is new or gone is told by its kind and its name.
            if change.state == CHANGED or said.iri not in (*_NAMES, RDF + "type")
        ]
        kinds = [self._name(iri) for iri in change.classes if iri.startswith(GLO)]
        kind = ", ".join(kinds) or self.words["other"]
        return Told(self._name(change.iri), kind, change.iri, tuple(lines))

    def _property(self, iri: str) -> str:
        own = iri.startswith(GLO)
        return self._name(iri) if own else outside_term(iri, self._page_language)

    @property
    def _page_language(self) -> str:
        return "nb" if self.lang == "nn" else self.lang

    def _value(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, ox.NamedNode):
            return self._name(value.value)
        return f"«{value.value}»" + (f" ({value.language})" if value.language else "")

    def _name(self, iri: str) -> str:
        found = literal_in(self.names.get(iri, ()), *FALLBACK[self.lang])
        return found.value if found else iri.rstrip("/#").rpartition("/")[2]


def _names(
    statements: Iterable[tuple[str, ox.Triple]],
) -> dict[str, list[ox.Literal]]:
    found: dict[str, list[ox.Literal]] = defaultdict(list)
    for _, t in statements:
        if t.predicate.value in _NAMES and isinstance(t.object, ox.Literal):
            found[text_of(t.subject)].append(t.object)
    return found


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.publish").joinpath("changes.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
