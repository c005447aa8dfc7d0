"""Rows of a draft: what passages give without judgement, and where a person is asked.

A table gives its rows as municipalities, its columns as subject areas, and each item of
a cell as an entry; a list under a heading gives elements of the plan; the title gives
the plan. Whatever the words of the document don't say is left empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from glokal.core.slugs import slugify
from glokal.source.draft_known import (
    SUBJECT_AREA,
    KnownThings,
    drafting_words,
    kinds,
)
from glokal.source.extraction.paragraphs import label_of
from glokal.source.project_documents import ProjectDocument
from glokal.source.words import fold, lexicon, stem

THINGS, COLUMNS, ELEMENTS, ENTRIES = SHEETS = (
    "things",
    "columns",
    "elements",
    "entries",
)
# A name is no sentence.
_LONGEST_NAME = 60
_ELEMENTS = frozenset(k.path for k in kinds().values() if ELEMENTS in k.sheets)


@dataclass(frozen=True)
class DraftRow:
    """A row: its sheet, its key, the passage that says it, and what is known of it.

    `values` are what the columns of the sheet propose: `kind` by the name of the class
    in the ontology, `programme` by its IRI, `name_nb` and the like by language. `done`
    is whether the project has it already.
    """

    sheet: str
    key: str
    passage: str
    quote: str
    values: Mapping[str, str] = field(default_factory=dict)
    done: bool = False


@dataclass(frozen=True)
class _Passage:
    iri: str
    exact: str
    reading: str
    kind: str
    heading: str
    read_with: str


def draft_rows(
    document: ProjectDocument, known: KnownThings, languages: Sequence[str]
) -> list[DraftRow]:
    """Return the rows of a document in the order of its text, one sheet after another.

    `languages` are those that the project has names in.
    """
    drafter = _Drafter(document, known, languages)
    return [
        *drafter.plan(),
        *drafter.municipalities(),
        *drafter.columns(),
        *drafter.elements(),
        *drafter.entries(),
    ]


class _Drafter:
    def __init__(
        self, document: ProjectDocument, known: KnownThings, languages: Sequence[str]
    ) -> None:
        self._document, self._known, self._languages = document, known, languages
        self._language = document.language
        self._words = drafting_words(self._language)
        self._passages = {p.iri: p for p in _passages(document)}
        self._items = [
            p
            for p in self._passages.values()
            if p.kind == "table-item" and p.heading in self._passages
        ]

    def plan(self) -> Iterator[DraftRow]:
        """Yield the plan that the document is."""
        for p in self._passages.values():
            if p.kind == "title":
                slug = self._document.plan or self._document.slug
                iri = f"{self._known.things}plan/{slug}"
                names = self._own_name(p.reading)
                done = self._known.is_known(iri)
                yield DraftRow(THINGS, f"plan/{slug}", p.iri, p.exact, names, done)
                return

    def municipalities(self) -> Iterator[DraftRow]:
        """Yield the rows of tables, as municipalities if the table says so."""
        for iri in self._row_headings():
            passage = self._passages[iri]
            name = self.row_name(iri)
            kind = "Municipality" if self._is_municipality(iri) else ""
            # One that was confirmed under a better name rests on its row all the same.
            resting = self._known.resting_on(iri, ("municipality",))
            known = self._known.named("municipality", name) or "".join(resting[:1])
            key = self._key(known) or f"municipality/{slugify(name)}"
            # A name of a place is the same in every language.
            values = {"kind": kind} | {f"name_{lang}": name for lang in self._languages}
            yield DraftRow(THINGS, key, iri, passage.exact, values, bool(known))

    def columns(self) -> Iterator[DraftRow]:
        """Yield the columns that are no code yet."""
        for iri in dict.fromkeys(p.read_with for p in self._items):
            if iri not in self._passages:
                continue
            passage = self._passages[iri]
            name = self.shown(passage.reading)
            known = self._known.named(SUBJECT_AREA, name)
            key = f"subject-area/{_end(known) or slugify(name)}"
            names = self._own_name(name)
            yield DraftRow(COLUMNS, key, iri, passage.exact, names, bool(known))

    def elements(self) -> Iterator[DraftRow]:
        """Yield the items of lists, with their kind where a heading tells it."""
        for p in self._passages.values():
            if p.kind != "list-item":
                continue
            above = self._above(p)
            kind = next(filter(None, map(self._kind_of, above)), "")
            number, text = _numbered(p.reading)
            values = {"kind": kind, "number": number}
            if len(text) <= _LONGEST_NAME:
                values |= self._own_name(text.rstrip(".;,"))
            values[f"statement_{self._language}"] = text
            done = bool(self._known.resting_on(p.iri, _ELEMENTS))
            key = f"element/{_end(p.iri)}"
            yield DraftRow(ELEMENTS, key, p.iri, p.exact, values, done)

    def entries(self) -> Iterator[DraftRow]:
        """Yield the items of cells."""
        taken: set[str] = set()
        for p in self._items:
            name = self.row_name(p.heading)
            column = self._passages.get(p.read_with)
            area = self.shown(column.reading) if column else ""
            there = self._known.resting_on(p.iri, ("entry",))
            code = self._known.named(SUBJECT_AREA, area)
            parts = [slugify(name), _end(code) or slugify(area)]
            key = self._key(there[0]) if there else self._free(parts, taken)
            taken.add(key)
            values = {"municipality": name, "area": area}
            values |= self._own_name(p.reading)
            programmes = self._known.names_in("programme", p.reading)
            if programmes:
                values["programme"] = programmes[0]
            yield DraftRow(ENTRIES, key, p.iri, p.exact, values, bool(there))

    def row_name(self, iri: str) -> str:
        """Return the name of a row, without the word for a municipality."""
        words = self.shown(self._passages[iri].reading).split()
        generic = {fold(word) for word in self._words["generic"]}
        return " ".join(w for w in words if fold(w) not in generic) or " ".join(words)

    def shown(self, text: str) -> str:
        """Return a heading; one in capitals as the document writes it elsewhere."""
        text = " ".join(text.split()).rstrip(":")
        if not text.isupper():
            return text
        for p in self._passages.values():
            at = p.reading.casefold().find(text.casefold())
            found = p.reading[at : at + len(text)] if at >= 0 else ""
            if found and not found.isupper() and found[:1].isupper():
                return found
        parts = text.capitalize().split("-")
        return "-".join(part[:1].upper() + part[1:] for part in parts)

    def _row_headings(self) -> list[str]:
        rows = dict.fromkeys(p.heading for p in self._items)
        return [r for r in rows if self._passages[r].kind == "table-heading"]

    def _is_municipality(self, iri: str) -> bool:
        corner = self._passages.get(self._passages[iri].read_with)
        asked = {fold(word) for word in self._words["rows"]}
        by_word = corner is not None and fold(corner.reading.strip(" :")) in asked
        own = {fold(word) for word in self._passages[iri].reading.split()}
        generic = {fold(word) for word in self._words["generic"]}
        return (
            by_word
            or bool(own & generic)
            or bool(self._known.named("municipality", self.row_name(iri)))
        )

    def _kind_of(self, passage: _Passage) -> str:
        stemmer = lexicon(self._language)["stemmer"]
        words = "".join(c if c.isalnum() else " " for c in passage.reading).split()
        said = {stem(fold(word), stemmer) for word in words}
        found = [
            kind
            for kind, of in self._words["kinds"].items()
            if said & {stem(fold(word), stemmer) for word in of}
        ]
        return str(found[0]) if len(found) == 1 else ""

    def _above(self, passage: _Passage) -> list[_Passage]:
        """Return what an item is read with, then its headings, nearest first."""
        results = [self._passages[i] for i in (passage.read_with,) if i]
        at = passage.heading
        while at in self._passages and self._passages[at] not in results:
            results.append(self._passages[at])
            at = self._passages[at].heading
        return results

    def _own_name(self, name: str) -> dict[str, str]:
        return {f"name_{self._language}": name}

    def _free(self, parts: Sequence[str], taken: set[str]) -> str:
        number = 1
        stem_ = "entry/" + "-".join(filter(None, parts))
        while f"{stem_}-{number}" in taken or self._known.is_known(
            f"{self._known.things}{stem_}-{number}"
        ):
            number += 1
        return f"{stem_}-{number}"

    def _key(self, iri: str) -> str:
        return iri.removeprefix(self._known.things)


def _passages(document: ProjectDocument) -> Iterator[_Passage]:
    for old in document.passages():
        iri = old.iri
        yield _Passage(
            iri,
            old.text,
            document.said(iri, "readingText") or old.text,
            _end(document.said(iri, "passageKind")),
            document.said(iri, "underHeading"),
            document.said(iri, "readWith"),
        )


def _numbered(text: str) -> tuple[str, str]:
    """Return the printed number of an item, "" without one, and what is behind it."""
    label = label_of(text)
    number = label.rstrip(".)") if label else ""
    if not number.isdecimal():
        return "", text
    return number, text.removeprefix(label).lstrip()


def _end(iri: str) -> str:
    return iri.rpartition("/")[2]
