"""One index of the names of things: all languages, spellings and identifiers.

What a person wrote is compared with every label, alternative and hidden label, and with
identifiers, step by step from equal letters to resembling ones. Each step has a score
of its own (docs/assistants.md), so that a score says how a name was recognised.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox
import snowballstemmer
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from glokal.core.namespaces import GLO, RDF, RDFS, SKOS
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
MOST_ALIKE, PART, LEAST = 89.0, 75.0, 60.0
LONGEST = 200
# In a shorter name one letter makes another name.
_SHORTEST_MISSPELT, _SHORTEST_IDENTIFIER = 8, 4
_STEMMERS = {"nb": "norwegian", "nn": "norwegian", "en": "english", "sv": "swedish"}
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss", "+": " plus "}
)
_SEARCHED = str.maketrans({"å": "a", "ä": "a", "æ": "ae", "ø": "o", "ö": "o", "ï": "i"})
_LABELS = (RDFS + "label", SKOS + "prefLabel")
_NAMES = (*_LABELS, SKOS + "altLabel", SKOS + "hiddenLabel")
_NUMBERS = (GLO + "organisationNumber", GLO + "municipalityNumber")
# Words that say what a thing is, and may be left out or added for those things only.
_QUALIFIERS = {
    "kommune": ("Municipality", "MunicipalAuthority"),
    "kommunen": ("Municipality", "MunicipalAuthority"),
    "kommunes": ("Municipality", "MunicipalAuthority"),
    "municipality": ("Municipality", "MunicipalAuthority"),
    "tjielte": ("Municipality", "MunicipalAuthority"),
    "fylke": ("County",),
    "county": ("County",),
    **dict.fromkeys(
        ("as", "asa", "ab", "sa", "ba", "iks", "kf", "hf"), ("Organisation",)
    ),
}
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
                    self._by_number[_identifier(number)].append(_Name(iri, number))

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
        self._by_spaced[_close_up(key)].append(name)
        self._by_stems[_stem_key(key)].append(name)
        for word, rest in _without_qualifier(key):
            if self._fits(name.iri, word):
                self._qualified[rest].append((name, word))

    def _fits(self, iri: str, qualifier: str) -> bool:
        return self.is_any(iri, [GLO + kind for kind in _QUALIFIERS[qualifier]])

    def _matches(self, written: str, key: str) -> Iterator[tuple[_Name, float]]:
        number = _identifier(written)
        if len(number) >= _SHORTEST_IDENTIFIER:
            for name in self._by_number.get(number, ()):
                yield name, EXACT
        for name in self._by_key.get(key, ()):
            same = _plain(name.text) == _plain(written)
            yield name, EXACT if same else FOLDED
        for name in self._by_spaced.get(_close_up(key), ()):
            yield name, SPACED
        yield from self._with_qualifiers(key)
        for name in self._by_stems.get(_stem_key(key), ()):
            # The singular is another name than the plural.
            whole = " " in key and _qualifiers(key) == _qualifiers(fold_name(name.text))
            yield name, INFLECTED if whole else WORD_FORM
        yield from self._alike(key)

    def _with_qualifiers(self, key: str) -> Iterator[tuple[_Name, float]]:
        for name, _ in self._qualified.get(key, ()):
            yield name, QUALIFIED
        for word, rest in _without_qualifier(key):
            for name in self._by_key.get(rest, ()):
                if self._fits(name.iri, word):
                    yield name, QUALIFIED
            for name, other in self._qualified.get(rest, ()):
                if _QUALIFIERS[other] == _QUALIFIERS[word]:
                    yield name, QUALIFIED

    def _alike(self, key: str) -> Iterator[tuple[_Name, float]]:
        for known, names in self._by_key.items():
            likeness = _likeness(key, known)
            if likeness < LEAST:
                continue
            score = MISSPELT if _one_slip(key, known) else min(likeness, MOST_ALIKE)
            for name in names:
                yield name, score


def fold_name(text: str) -> str:
    """Return a name as it is compared: no case, accents or punctuation.

    å, ä and á are a, ø and ö are o, æ is ae; a plus sign is a word.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    letters = (
        sign
        for sign in unicodedata.normalize("NFKD", plain)
        if not unicodedata.combining(sign)
    )
    words = re.findall(r"[^\W_]+", "".join(letters))
    return " ".join("plus" if word == "pluss" else word for word in words)


def stems(asked: str, lang: str) -> list[str]:
    """Return the stems of the words of a search, without case, å, ä, æ, ø, ö and ï."""
    stemmer = snowballstemmer.stemmer(_STEMMERS[lang])
    words = re.findall(r"[^\W_]+", asked.lower())
    return [stemmer.stemWord(word).translate(_SEARCHED) for word in words]


def _likeness(one: str, other: str) -> float:
    """Return how alike two names are, as they stand or with their words sorted.

    A name whose words all stand in the other one has at least the score of a part.
    """
    best = max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))
    part = best < PART and set(one.split()) <= set(other.split())
    return PART if part else best


def _one_slip(written: str, name: str) -> bool:
    """Whether one word has one letter wrong, too many, missing or swapped.

    Not a short word, nor its first letter, nor a digit, nor a word that says what the
    thing is: those make another name.
    """
    ours, theirs = written.split(), name.split()
    if len(ours) != len(theirs):
        return False
    changed = [(w, n) for w, n in zip(ours, theirs, strict=True) if w != n]
    if len(changed) != 1:
        return False
    [(word, right)] = changed
    return (
        len(right) >= _SHORTEST_MISSPELT
        and word[0] == right[0]
        and _qualifiers(written) == _qualifiers(name)
        and re.findall(r"\d+", word) == re.findall(r"\d+", right)
        and OSA.distance(word, right, score_cutoff=1) <= 1
    )


def _qualifiers(key: str) -> list[str]:
    return [word for word in key.split() if word in _QUALIFIERS]


def _without_qualifier(key: str) -> Iterator[tuple[str, str]]:
    words = key.split()
    if len(words) > 1:
        for place in (0, len(words) - 1):
            if words[place] in _QUALIFIERS:
                yield words[place], " ".join(words[:place] + words[place + 1 :])


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _close_up(key: str) -> str:
    """Return a folded name without spaces, and with aa, oe and ae as a, o and a."""
    spelt = re.sub("aa|ae", "a", key).replace("oe", "o")
    return spelt.replace(" ", "")


def _stem_key(key: str) -> str:
    return " ".join(stems(key, "nb"))


def _identifier(text: str) -> str:
    return re.sub(r"\s", "", text).rstrip("/")
