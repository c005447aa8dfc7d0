"""The passages of a document as drafting reads them, and the places they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from glokal.core.country_lists import COUNTY, MUNICIPALITY, CountryList
from glokal.source.draft_column_words import SIGNS
from glokal.source.draft_known import KnownThings
from glokal.source.draft_vocabulary import DraftVocabulary
from glokal.source.extraction.citations import phrases
from glokal.source.name_mentions import fold
from glokal.source.project_documents import ProjectDocument

# The kinds of passages that are running text.
PROSE = ("sentence", "list-item")


@dataclass(frozen=True)
class DraftPassage:
    """A passage: its text, its kind, what it stands under and is read with.

    `settled` says that it has a reason why nothing rests on it, `shared` are further
    headings of rows and columns that it stands under, where its cell is merged.
    """

    iri: str
    exact: str
    reading: str
    kind: str
    heading: str
    read_with: str
    settled: bool = False
    shared: tuple[str, ...] = ()


def passages_of(document: ProjectDocument) -> dict[str, DraftPassage]:
    """Return the passages of a document by IRI, in the order of its text."""
    results = {}
    for old in document.passages():
        iri = old.iri
        column, *shared = _headings(document, iri) or [""]
        results[iri] = DraftPassage(
            iri,
            old.text,
            document.said(iri, "readingText") or old.text,
            document.said(iri, "passageKind").rpartition("/")[2],
            document.said(iri, "underHeading"),
            column or document.said(iri, "readWith"),
            _is_settled(document, iri),
            tuple(shared),
        )
    return results


def _is_settled(document: ProjectDocument, iri: str) -> bool:
    """Whether a passage has a reason that isn't the one of every heading."""
    reasons = document.all_said(iri, "uncoveredReason")
    heading = document.said(iri, "passageKind").endswith("/heading")
    of_all = {*phrases()["reasons"]["heading"].values()} if heading else set()
    return bool(reasons) and not of_all & {*reasons}


def _headings(document: ProjectDocument, iri: str) -> list[str]:
    """Return the headings of a table that a passage is read with, its column first."""
    return [
        other
        for other in sorted(document.all_said(iri, "readWith"))
        if document.said(other, "passageKind").endswith("table-heading")
    ]


class PlaceNames:
    """Which names are those of municipalities and counties: what a project has said,
    what the list of its country has, and what the word beside a name says.
    """

    def __init__(
        self, known: KnownThings, listed: Iterable[CountryList], language: str
    ) -> None:
        self._known = known
        self.words = DraftVocabulary(language)
        self._learned: dict[str, str] = {}
        self._listed: dict[str, set[str]] = {MUNICIPALITY: set(), COUNTY: set()}
        self._lists = tuple(listed)
        for one in self._lists:
            for (kind, _), units in one.units.items():
                self._listed[kind].update(fold(unit.name) for unit in units)

    def learn(self, names: Iterable[str]) -> None:
        """Take up municipalities that the document itself says to be some."""
        self._learned.update((fold(name), name) for name in names)

    def counted_up(self, text: str) -> list[str]:
        """Return the names behind the word for municipalities in a sentence that says
        what its region consists of: “kommunane Austvåg, Breivang og Dalsøy”.
        """
        if not self.words.counts_up(text):
            return []
        rows, joins = self.words.folded("rows"), self.words.folded("and")
        words = text.split()
        at = next((n for n, w in enumerate(words) if fold(w) in rows), len(words))
        found: list[str] = []
        name: list[str] = []
        for word in words[at + 1 :]:
            if word[:1].isupper():
                name.append(word.rstrip(",.;"))
            elif fold(word) not in joins or not name:
                break
            if word[-1] in ",.;" or not word[:1].isupper():
                found += [" ".join(name)] * bool(name)
                name = []
        found += [" ".join(name)] * bool(name)
        return found if len(found) > 1 else []

    def municipality(self, text: str) -> str:
        """Return the name of a municipality without the word for it, "" for others."""
        name = self.bare(text)
        known = self._known.named("municipality", name)
        listed = fold(name) in self._listed[MUNICIPALITY] or fold(name) in self._learned
        if known or listed or name != text.strip():
            return name
        # The genitive before the word is how the name stands there in Swedish.
        return ""

    def is_listed(self, name: str) -> bool:
        """Whether the list of the country has a municipality of that name."""
        return fold(name) in self._listed[MUNICIPALITY]

    def is_known(self, name: str) -> bool:
        """Whether the project, or the list of its country, has such a municipality."""
        return self._is_certain(name)

    def code(self, name: str) -> str:
        """Return the number of the one municipality of that name, "" for several."""
        codes = [c for one in self._lists for c in one.codes_of(MUNICIPALITY, name)]
        return codes[0] if len(codes) == 1 else ""

    def is_county(self, text: str) -> bool:
        """Whether a text names a county or who governs one."""
        own = {fold(word.strip(SIGNS)) for word in text.split()}
        of_one = bool(own & self.words.folded("counties"))
        return of_one or fold(text) in self._listed[COUNTY]

    def is_word_for_county(self, text: str) -> bool:
        """Whether a text is only the word for who governs a county."""
        return fold(text.strip(SIGNS)) in self.words.folded("counties")

    def bare(self, text: str) -> str:
        """Return a name without the word for a municipality, in the nominative."""
        words = text.split()
        kept = [w for w in words if fold(w) not in self.words.folded("generic")]
        name = " ".join(kept) or " ".join(words)
        if kept and len(kept) < len(words) and name.endswith("s"):
            shorter = name[:-1]
            if self.is_listed(shorter) and not self.is_listed(name):
                return shorter
        return name

    def written(self, text: str) -> list[str]:
        """Return how a sentence may write a name: also without the word for a
        municipality in any language, and then without a genitive.
        """
        kept = [w for w in text.split() if not self.words.is_generic(w)]
        name = " ".join(kept)
        if not kept or len(kept) == len(text.split()):
            return [text]
        return [text, name, name.removesuffix("s")]

    def in_text(self, text: str) -> list[str]:
        """Return the municipalities that a sentence names, in its order."""
        words = text.replace(",", " , ").replace(":", " : ").replace(".", " . ").split()
        results: list[str] = []
        at = 0
        while at < len(words):
            for length in (3, 2, 1):
                name = " ".join(words[at : at + length])
                if name[:1].isupper() and self._is_certain(name):
                    results.append(name)
                    at += length - 1
                    break
            at += 1
        return list(dict.fromkeys(results))

    def several(self, heading: DraftPassage) -> list[str]:
        """Return whose a heading says a row to be: several, where each is known."""
        for text in (heading.exact, heading.reading):
            names = self.names(text)
            if len(names) > 1 and all(self._is_certain(name) for name in names):
                return names
        return [self.bare(heading.reading)]

    def _is_certain(self, name: str) -> bool:
        known = self._known.named("municipality", name)
        return bool(known) or self.is_listed(name) or fold(name) in self._learned

    def names(self, text: str) -> list[str]:
        """Return the names that a cell lists: parted by commas and the word for and."""
        joined = text
        for word in self.words.conjunctions:
            joined = joined.replace(f" {word} ", ", ")
        for sign in ";/\n":
            joined = joined.replace(sign, ",")
        parts = [part.strip(SIGNS) for part in joined.split(",")]
        return [self.municipality(part) or part for part in parts if part]


def unsettled_of(
    name: str,
    own: DraftPassage,
    passages: Mapping[str, DraftPassage],
    words: DraftVocabulary,
) -> str:
    """Return the sentence that says of what is called so that it is planned, dormant or
    ended, "" without one.

    `own` is the passage that it is proposed by.
    """
    sought = f" {fold(name)} "
    for p in passages.values() if name else ():
        parts = (fold(word.strip(f"{SIGNS},;()")) for word in p.reading.split())
        named = p.kind in PROSE and p is not own and sought in f" {' '.join(parts)} "
        if named and words.state.is_unsettled(p.reading):
            return " ".join(p.reading.split())
    return ""


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
