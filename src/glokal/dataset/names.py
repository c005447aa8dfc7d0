"""One index of the names of things: all languages, spellings and identifiers.

What a person wrote is compared with every label, alternative and hidden label, and with
identifiers, step by step from equal letters to resembling ones. Each step has a score
of its own (docs/assistants.md), so that a score says how a name was recognised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF, RDFS, SKOS
from glokal.dataset.name_likeness import (
    QUALIFIERS,
    SHORTEST_IDENTIFIER,
    close_up,
    fold_name,
    identifier_key,
    likeness,
    one_slip,
    plain_name,
    qualifiers_in,
    stem_key,
    without_qualifier,
)
from glokal.rdf.terms import text_of

# The score from which a match is sure, and how far behind the next one has to be.
SURE, AHEAD = 90.0, 2.0
# How a name was recognised, and what that is worth.
EXACT, FOLDED, SPACED, QUALIFIED, MISSPELT, INFLECTED = (
    100.0,
    98.0,
    96.0,
    94.0,
    92.0,
    91.0,
)
# One word in another form may be another name: "Vika" is a bay, "Vik" a municipality.
WORD_FORM = 85.0
# What is only alike is never sure; below this it isn't worth telling.
MOST_ALIKE, LEAST = 89.0, 60.0
LONGEST = 200
_LABELS = (RDFS + "label", SKOS + "prefLabel")
_NAMES = (*_LABELS, SKOS + "altLabel", SKOS + "hiddenLabel")
_NUMBERS = (GLO + "organisationNumber", GLO + "municipalityNumber")
# Of these there are names in the data, but nobody looks for them by name.
_NOT_LOOKED_FOR = (
    GLO + "SourceDocument",
    GLO + "SourceConflict",
    GLO + "OutsideRecord",
)


@dataclass(frozen=True)
class NameMatch:
    """A thing that a name may mean: the score, and the name that was recognised.

    `sure` is whether a program may take it without asking a person.
    """

    iri: str
    score: float
    name: str
    sure: bool = False


@dataclass(frozen=True)
class _Name:
    iri: str
    text: str


class NameIndex:
    """The names of the things in some triples."""

    def __init__(self, triples: Iterable[ox.Triple], things: str) -> None:
        """Take those whose IRIs begin with `things` and that have a class of ours."""
        named: dict[str, list[ox.Literal]] = defaultdict(list)
        identified: dict[str, list[str]] = defaultdict(list)
        self._types: dict[str, set[str]] = defaultdict(set)
        self._above: dict[str, set[str]] = defaultdict(set)
        for t in triples:
            subject, predicate, value = text_of(t.subject), t.predicate.value, t.object
            if predicate in _NAMES and isinstance(value, ox.Literal):
                named[subject].append(value)
            elif predicate in _NUMBERS or predicate == SKOS + "exactMatch":
                identified[subject].append(text_of(value))
            elif predicate == RDF + "type":
                self._types[subject].add(text_of(value))
            elif predicate == RDFS + "subClassOf":
                self._above[subject].add(text_of(value))
        self._by_key: dict[str, list[_Name]] = defaultdict(list)
        self._by_spaced: dict[str, list[_Name]] = defaultdict(list)
        self._by_stems: dict[str, list[_Name]] = defaultdict(list)
        self._by_number: dict[str, list[_Name]] = defaultdict(list)
        self._qualified: dict[str, list[tuple[_Name, str]]] = defaultdict(list)
        for iri, texts in named.items():
            if iri.startswith(things) and self._is_looked_for(iri):
                for text in dict.fromkeys(literal.value for literal in texts):
                    self._add(_Name(iri, text))
                for number in (iri, *identified[iri]):
                    self._by_number[identifier_key(number)].append(_Name(iri, number))

    def things(self, kinds: Collection[str] = ()) -> list[str]:
        """Return the things that have names, of any of some classes; sorted."""
        iris = {name.iri for names in self._by_key.values() for name in names}
        return sorted(iri for iri in iris if self.is_any(iri, kinds))

    def classes(self, iri: str) -> set[str]:
        """Return the classes of a thing, those above them too."""
        return {c for own in self._types.get(iri, ()) for c in self.above(own)}

    def above(self, kind: str) -> set[str]:
        """Return a class and those above it."""
        found: set[str] = set()
        ahead = [kind]
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead += self._above.get(name, ())
        return found

    def is_any(self, iri: str, kinds: Collection[str]) -> bool:
        """Whether a thing has one of the classes; without any to have, it has."""
        return not kinds or not self.classes(iri).isdisjoint(kinds)

    def find(
        self, written: str, kinds: Collection[str] = (), *, limit: int = 10
    ) -> tuple[NameMatch, ...]:
        """Return what a name may mean, the likeliest first; nothing for no name.

        `kinds` are the classes that it may be of. What is longer than any name, or has
        no letter or digit, means nothing.
        """
        if len(written) > LONGEST or not (key := fold_name(written)):
            return ()
        best: dict[str, NameMatch] = {}
        for name, score in self._matches(written, key):
            if score < LEAST or not self.is_any(name.iri, kinds):
                continue
            if name.iri not in best or best[name.iri].score < score:
                best[name.iri] = NameMatch(name.iri, round(score, 1), name.text)
        ordered = sorted(best.values(), key=lambda m: (-m.score, len(m.name), m.iri))
        if ordered and ordered[0].score >= SURE:
            behind = ordered[1].score if len(ordered) > 1 else 0.0
            if ordered[0].score - behind >= AHEAD:
                first = ordered[0]
                ordered[0] = NameMatch(first.iri, first.score, first.name, sure=True)
        return tuple(ordered[:limit])

    def beginning(
        self, prefix: str, kinds: Collection[str] = (), *, limit: int = 10
    ) -> tuple[NameMatch, ...]:
        """Return things for somebody who is writing: names that begin so come first."""
        key = fold_name(prefix[:LONGEST])
        results: dict[str, NameMatch] = {}
        starts = sorted(
            (not known.startswith(key), len(known), known)
            for known in self._by_key
            if key and (known.startswith(key) or f" {key}" in known)
        )
        for _, _, known in starts:
            for name in self._by_key[known]:
                if self.is_any(name.iri, kinds):
                    results.setdefault(name.iri, NameMatch(name.iri, FOLDED, name.text))
        for match in self.find(prefix, kinds, limit=limit):
            results.setdefault(match.iri, match)
        return tuple(results.values())[:limit]

    def _is_looked_for(self, iri: str) -> bool:
        classes = self.classes(iri)
        ours = any(name.startswith(GLO) for name in classes)
        return ours and classes.isdisjoint(_NOT_LOOKED_FOR)

    def _add(self, name: _Name) -> None:
        key = fold_name(name.text)
        if not key:
            return
        self._by_key[key].append(name)
        self._by_spaced[close_up(key)].append(name)
        self._by_stems[stem_key(key)].append(name)
        for word, rest in without_qualifier(key):
            if self._fits(name.iri, word):
                self._qualified[rest].append((name, word))

    def _fits(self, iri: str, qualifier: str) -> bool:
        return self.is_any(iri, [GLO + kind for kind in QUALIFIERS[qualifier]])

    def _matches(self, written: str, key: str) -> Iterator[tuple[_Name, float]]:
        number = identifier_key(written)
        if len(number) >= SHORTEST_IDENTIFIER:
            for name in self._by_number.get(number, ()):
                yield name, EXACT
        for name in self._by_key.get(key, ()):
            same = plain_name(name.text) == plain_name(written)
            yield name, EXACT if same else FOLDED
        for name in self._by_spaced.get(close_up(key), ()):
            yield name, SPACED
        yield from self._with_qualifiers(key)
        for name in self._by_stems.get(stem_key(key), ()):
            # The singular is another name than the plural.
            whole = " " in key and qualifiers_in(key) == qualifiers_in(
                fold_name(name.text)
            )
            yield name, INFLECTED if whole else WORD_FORM
        yield from self._alike(key)

    def _with_qualifiers(self, key: str) -> Iterator[tuple[_Name, float]]:
        for name, _ in self._qualified.get(key, ()):
            yield name, QUALIFIED
        for word, rest in without_qualifier(key):
            for name in self._by_key.get(rest, ()):
                if self._fits(name.iri, word):
                    yield name, QUALIFIED
            for name, other in self._qualified.get(rest, ()):
                if QUALIFIERS[other] == QUALIFIERS[word]:
                    yield name, QUALIFIED

    def _alike(self, key: str) -> Iterator[tuple[_Name, float]]:
        for known, names in self._by_key.items():
            alike = likeness(key, known)
            if alike < LEAST:
                continue
            score = MISSPELT if one_slip(key, known) else min(alike, MOST_ALIKE)
            for name in names:
                yield name, score
