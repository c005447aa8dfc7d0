"""The passages of a document as drafting reads them, and the places they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from glokal.core.country_lists import COUNTY, MUNICIPALITY, CountryList
from glokal.source.draft_known import KnownThings, drafting_words
from glokal.source.project_documents import ProjectDocument
from glokal.source.words import fold, letters_of, lexicon, stem

# A sign at the end of a heading is no part of its word.
_SIGNS = " :.*"


@dataclass(frozen=True)
class DraftPassage:
    """A passage: its text, its kind, what it stands under and is read with.

    `settled` says that it has a reason why nothing rests on it.
    """

    iri: str
    exact: str
    reading: str
    kind: str
    heading: str
    read_with: str
    settled: bool = False


def passages_of(document: ProjectDocument) -> dict[str, DraftPassage]:
    """Return the passages of a document by IRI, in the order of its text."""
    results = {}
    for old in document.passages():
        iri = old.iri
        results[iri] = DraftPassage(
            iri,
            old.text,
            document.said(iri, "readingText") or old.text,
            document.said(iri, "passageKind").rpartition("/")[2],
            document.said(iri, "underHeading"),
            _column(document, iri) or document.said(iri, "readWith"),
            bool(document.said(iri, "uncoveredReason")),
        )
    return results


def _column(document: ProjectDocument, iri: str) -> str:
    """Return the heading of a column that a passage is read with, "" for none."""
    for other in sorted(document.all_said(iri, "readWith")):
        if document.said(other, "passageKind").endswith("table-heading"):
            return other
    return ""


class PlaceNames:
    """Which names are those of municipalities and counties: what a project has said,
    what the list of its country has, and what the word beside a name says.
    """

    def __init__(
        self, known: KnownThings, listed: Iterable[CountryList], language: str
    ) -> None:
        self._known = known
        self._words: Mapping[str, Any] = drafting_words(language)
        self._language = language
        self._listed: dict[str, set[str]] = {MUNICIPALITY: set(), COUNTY: set()}
        self._lists = tuple(listed)
        for one in self._lists:
            for (kind, _), units in one.units.items():
                self._listed[kind].update(fold(unit.name) for unit in units)

    def municipality(self, text: str) -> str:
        """Return the name of a municipality without the word for it, "" for others."""
        name = self.bare(text)
        known = self._known.named("municipality", name)
        if known or fold(name) in self._listed[MUNICIPALITY] or name != text.strip():
            return name
        # The genitive before the word is how the name stands there in Swedish.
        return ""

    def is_listed(self, name: str) -> bool:
        """Whether the list of the country has a municipality of that name."""
        return fold(name) in self._listed[MUNICIPALITY]

    def code(self, name: str) -> str:
        """Return the number of the one municipality of that name, "" for several."""
        codes = [c for one in self._lists for c in one.codes_of(MUNICIPALITY, name)]
        return codes[0] if len(codes) == 1 else ""

    def is_county(self, text: str) -> bool:
        """Whether a text names a county or who governs one."""
        own = {fold(word.strip(_SIGNS)) for word in text.split()}
        return (
            bool(own & self._folded("counties")) or fold(text) in self._listed[COUNTY]
        )

    def is_word_for_county(self, text: str) -> bool:
        """Whether a text is only the word for who governs a county."""
        return fold(text.strip(_SIGNS)) in self._folded("counties")

    def bare(self, text: str) -> str:
        """Return a name without the word for a municipality, in the nominative."""
        words = text.split()
        kept = [w for w in words if fold(w) not in self._folded("generic")]
        name = " ".join(kept) or " ".join(words)
        if kept and len(kept) < len(words) and name.endswith("s"):
            shorter = name[:-1]
            if self.is_listed(shorter) and not self.is_listed(name):
                return shorter
        return name

    def is_above_municipalities(self, heading: str) -> bool:
        """Whether a heading is that of a column or a row of municipalities."""
        return fold(heading.strip(_SIGNS)) in self._folded("rows")

    def speaks_of_them(self, text: str) -> bool:
        """Whether a sentence has the word for municipalities."""
        return bool(self._words_in(text) & self._folded("rows"))

    def in_text(self, text: str) -> list[str]:
        """Return the municipalities that a sentence names, in its order."""
        words = text.replace(",", " , ").replace(":", " : ").replace(".", " . ").split()
        results: list[str] = []
        at = 0
        while at < len(words):
            for length in (3, 2, 1):
                name = " ".join(words[at : at + length])
                if name[:1].isupper() and (
                    self.is_listed(name) or self._known.named("municipality", name)
                ):
                    results.append(name)
                    at += length - 1
                    break
            at += 1
        return list(dict.fromkeys(results))

    def names(self, text: str) -> list[str]:
        """Return the names that a cell lists: parted by commas and the word for and."""
        joined = text
        for word in self._words["and"]:
            joined = joined.replace(f" {word} ", ", ")
        for sign in ";/\n":
            joined = joined.replace(sign, ",")
        parts = [part.strip(_SIGNS) for part in joined.split(",")]
        return [self.municipality(part) or part for part in parts if part]

    def role(self, heading: str) -> str:
        """Return what a column says of the activity in its row, "" for nothing."""
        if self.is_above_municipalities(heading):
            return "who"
        # A narrow column may break its heading in the middle of a word.
        told = letters_of(heading)
        for role, words in self._words["columns"].items():
            if told in {letters_of(word) for word in words} or heading in words:
                return str(role)
        return ""

    def kind_of_element(self, text: str) -> str:
        """Return the class of elements that a heading is of, "" for none or several."""
        stemmer = lexicon(self._language)["stemmer"]
        words = "".join(c if c.isalnum() else " " for c in text).split()
        said = [stem(fold(word), stemmer) for word in words]
        found = [
            kind
            for kind, of in self._words["kinds"].items()
            if any(_stands_in([stem(fold(w), stemmer) for w in phrase.split()], said)
                   for phrase in of)
        ]  # fmt: skip
        return str(found[0]) if len(found) == 1 else ""

    def membership(self, text: str) -> str | None:
        """Return what a sentence says to be member of, "" if unclear, None of none."""
        words = text.split()
        member, of = self._folded("member"), self._folded("of")
        for at, word in enumerate(words):
            if fold(word.strip(_SIGNS + ",")) in member:
                rest = words[at + 1 :]
                if rest and fold(rest[0]) in of:
                    return " ".join(rest[1:]).rstrip(".;, ")
                return ""
        return None

    def _folded(self, words: str) -> set[str]:
        return {fold(word) for word in self._words[words]}

    def _words_in(self, text: str) -> set[str]:
        return {fold(word.strip(_SIGNS + ",;")) for word in text.split()}


def _stands_in(phrase: list[str], said: list[str]) -> bool:
    return any(
        said[at : at + len(phrase)] == phrase
        for at in range(len(said) - len(phrase) + 1)
    )


def headings_above(
    passage: DraftPassage, passages: Mapping[str, DraftPassage]
) -> Iterator[DraftPassage]:
    """Yield what a passage is read with, then its headings, nearest first."""
    if passage.read_with in passages:
        yield passages[passage.read_with]
    seen = set()
    at = passage.heading
    while at in passages and at not in seen:
        seen.add(at)
        yield passages[at]
        at = passages[at].heading
