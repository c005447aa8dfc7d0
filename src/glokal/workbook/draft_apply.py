"""What confirmed rows of a draft say, once each of their cells is understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF, RDFS, SKOS
from glokal.core.slugs import slugify
from glokal.dataset.labels import Labels
from glokal.rdf.language_shapes import code_languages
from glokal.rdf.terms import text_of
from glokal.source.draft_known import SUBJECT_AREA, Kind, kinds
from glokal.source.draft_rows import (
    COLUMNS,
    ELEMENTS,
    ENTRIES,
    SHEETS,
    THINGS,
    DraftRow,
)
from glokal.source.draft_statements import Statements
from glokal.source.project_documents import ProjectDocument
from glokal.source.reanchor import letters_of
from glokal.workbook.draft_anchor import anchor
from glokal.workbook.draft_cells import DraftFault, FilledRow
from glokal.workbook.draft_layout import choices_of, sheet_title
from glokal.workbook.layout import LANGUAGES

# Nynorsk may be left out where bokmål stands (docs/style.md).
_OPTIONAL = "nn"
_MOST_NUMBER = 99
_AREAS = ("place", "country", "county", "municipality", "region")


@dataclass
class Applied:
    """The passages that are settled, by rows confirmed and declined, and the faults."""

    confirmed: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)
    faults: list[DraftFault] = field(default_factory=list)


class DraftApplier:
    """Puts the rows of a workbook into statements, or says what is wrong with them.

    `languages` are those that the project's names must be in.
    """

    def __init__(
        self,
        document: ProjectDocument,
        drafted: Iterable[DraftRow],
        statements: Statements,
        labels: Labels,
        languages: Sequence[str],
    ) -> None:
        self._document, self._statements = document, statements
        self._known, self._labels, self._languages = statements.known, labels, languages
        self._drafted = list(drafted)
        self._by_key = {row.key: row for row in self._drafted}
        self._passages = document.passages()
        self._exact = {p.iri: p.text for p in self._passages}
        self.done = Applied()

    def apply(self, rows: Iterable[FilledRow]) -> Applied:
        """Return what became of the rows; what they say is in the statements.

        Plan, places and columns are taken first, since the others name them.
        """
        listed = sorted(rows, key=lambda row: SHEETS.index(row.sheet))
        for row in listed:
            if row.confirmed:
                passage = self._passage(row)
                before = len(self.done.faults)
                if passage:
                    self._take(row, passage)
                if passage and len(self.done.faults) == before:
                    self.done.confirmed.append(passage)
            elif row.confirmed is False and row.cells["key"] in self._by_key:
                self.done.declined.append(self._by_key[row.cells["key"]].passage)
        return self.done

    def _take(self, row: FilledRow, passage: str) -> None:
        if row.sheet == THINGS:
            self._thing(row, passage)
        elif row.sheet == COLUMNS:
            names = self._texts(row, "name")
            if names:
                fallback = f"subject-area/{slugify(next(iter(names.values())))}"
                key = row.cells["key"] or fallback
                iri = self._statements.code(names, key)
                self._same_names(row, iri, SKOS + "prefLabel", names)
        elif row.sheet == ELEMENTS:
            self._element(row, passage)
        else:
            self._entry(row, passage)

    def _thing(self, row: FilledRow, passage: str) -> None:
        kind, names = self._kind(row), self._texts(row, "name")
        if kind is None or not names:
            return
        plan = kind.path == "plan"
        key = row.cells["key"] if row.cells["key"].startswith("plan/") else ""
        iri = self._named(row, kind, names, passage, key if plan else "")
        if iri and plan and key and not self._document.plan:
            self._statements.documents(self._document.name, self._document.iri, iri)

    def _element(self, row: FilledRow, passage: str) -> None:
        kind, names = self._kind(row), self._texts(row, "name")
        wordings = self._texts(row, "statement")
        number = row.cells["number"]
        if number and not (number.isdecimal() and 0 < int(number) <= _MOST_NUMBER):
            self._fault(row, "number", "number", value=number)
        slug = self._document.plan or self._document.slug
        plan = f"{self._known.things}plan/{slug}"
        if not self._known.is_known(plan):
            self._fault(row, "kind", "plan", sheet=sheet_title(THINGS, row.lang))
        elif kind and names and wordings:
            texts = {"name": names, "statement": wordings}
            iri = self._statements.element(kind, texts, number, plan, passage, "")
            self._same_names(row, iri, RDFS + "label", names)

    def _entry(self, row: FilledRow, passage: str) -> None:
        cells, known = row.cells, self._known
        municipality = known.named("municipality", cells["municipality"])
        authority = self._statements.authority_of(municipality) if municipality else ""
        if not cells["municipality"]:
            self._fault(row, "municipality", "empty")
        elif not authority:
            self._unknown(row, "municipality", THINGS)
        area = known.named(SUBJECT_AREA, cells["area"])
        if not cells["area"]:
            self._fault(row, "area", "empty")
        elif not area:
            self._unknown(row, "area", COLUMNS)
        certainty = self._choice(row, "certainty")
        kind, names = self._kind(row), self._texts(row, "name")
        partners = self._partners(row)
        if not (authority and area and certainty and kind and names):
            return
        about = self._named(row, kind, names, passage)
        if not about:
            return
        if kind.path != "activity":
            for column in ("programme", "partner"):
                if cells[column]:
                    self._fault(row, column, "not-here")
        else:
            self._statements.participation(about, authority, passage)
            for name in _parts(cells["programme"]):
                programme = self._statements.thing(
                    kinds()["Programme"],
                    dict.fromkeys(self._required, name),
                    passage,
                )
                self._statements.relate(kind, about, "supportedUnder", programme)
            for partner in partners:
                if known.path_of(partner) in _AREAS:
                    self._statements.relate(kind, about, "hasCounterpartIn", partner)
                else:
                    self._statements.participation(
                        about, partner, passage, partner=True
                    )
        key = cells["key"] or self._key(authority, area)
        self._statements.entry(
            key, authority, area, about, passage, self._exact[passage], certainty
        )

    def _partners(self, row: FilledRow) -> list[str]:
        results = []
        for name in _parts(row.cells["partner"]):
            paths = ("organisation", "authority", *_AREAS)
            found = (self._known.named(path, name) for path in paths)
            iri = next(filter(None, found), "")
            if iri:
                results.append(iri)
            else:
                sheet = sheet_title(THINGS, row.lang)
                self._fault(row, "partner", "partner", value=name, sheet=sheet)
        return results

    def _named(
        self,
        row: FilledRow,
        kind: Kind,
        names: Mapping[str, str],
        passage: str,
        key: str = "",
    ) -> str:
        """Return a thing by its names, told apart from what is called so already."""
        name = next(iter(names.values()))
        if not slugify(name):
            self._fault(row, f"name_{next(iter(names))}", "no-name", value=name)
            return ""
        there = self._known.named(kind.path, name)
        settled = self._settled(row, kind, passage)
        if settled and there not in settled:
            # It was confirmed before, under another name.
            label = self._labels.of(settled[0], row.lang)
            self._fault(row, f"name_{next(iter(names))}", "other-name", known=label)
            return ""
        if there and not self._known.is_a(there, kind.iri):
            types = self._known.values(there, RDF + "type")
            label = self._labels.of(text_of(types[0].object), row.lang)
            self._fault(row, "kind", "other-kind", known=label)
            return ""
        if there and not self._same_names(row, there, RDFS + "label", names):
            return ""
        return self._statements.thing(kind, names, passage, key)

    def _settled(self, row: FilledRow, kind: Kind, passage: str) -> list[str]:
        """Return what the project says by the passage of a row, [] when nothing."""
        if row.sheet == ENTRIES:
            return [
                text_of(t.object)
                for entry in self._known.resting_on(passage, ("entry",))
                if entry == self._known.things + row.cells["key"]
                for t in self._known.values(entry, GLO + "refersTo")
            ]
        drafted = row.cells["key"] in self._by_key
        return self._known.resting_on(passage, (kind.path,)) if drafted else []

    def _same_names(
        self, row: FilledRow, iri: str, prop: str, names: Mapping[str, str]
    ) -> bool:
        """Whether a thing has no other name in a language than a row gives it."""
        has = {
            t.object.language: t.object.value
            for t in self._known.values(iri, prop)
            if isinstance(t.object, ox.Literal) and t.object.language
        }
        result = True
        for language, name in names.items():
            other = has.get(language, name)
            if letters_of(other) != letters_of(name):
                self._fault(row, f"name_{language}", "other-name", known=other)
                result = False
        return result

    def _passage(self, row: FilledRow) -> str:
        """Return the passage that has the words of the row, else "" with a fault."""
        passage, fault = anchor(row, self._document, self._passages, self._drafted)
        if fault:
            self.done.faults.append(fault)
        return passage

    def _kind(self, row: FilledRow) -> Kind | None:
        iri = self._choice(row, "kind")
        return kinds()[iri.removeprefix(GLO)] if iri else None

    def _choice(self, row: FilledRow, column: str) -> str:
        value = row.cells[column]
        if not value:
            self._fault(row, column, "empty")
            return ""
        for lang in (row.lang, *LANGUAGES):
            known = choices_of(row.sheet, self._labels, lang)[column]
            by_letters = {letters_of(label): iri for label, iri in known.items()}
            if letters_of(value) in by_letters:
                return by_letters[letters_of(value)]
        shown = ", ".join(choices_of(row.sheet, self._labels, row.lang)[column])
        self._fault(row, column, "choice", value=value, known=shown)
        return ""

    def _texts(self, row: FilledRow, part: str) -> dict[str, str]:
        """Return the texts of a row by language; {} with a fault if one is missing."""
        start = f"{part}_"
        texts = {
            column.removeprefix(start): text
            for column, text in row.cells.items()
            if column.startswith(start) and text
        }
        codes = row.sheet == COLUMNS
        required = code_languages(self._languages) if codes else self._required
        missing = [language for language in required if language not in texts]
        for language in missing:
            self._fault(row, f"{part}_{language}", "empty")
        return {} if missing else texts

    @property
    def _required(self) -> list[str]:
        asked = list(self._languages)
        return [lang for lang in asked if lang != _OPTIONAL or asked[0] == _OPTIONAL]

    def _key(self, authority: str, area: str) -> str:
        slug = "-".join(iri.rpartition("/")[2] for iri in (authority, area))
        number = 1
        while self._known.is_known(f"{self._known.things}entry/{slug}-{number}"):
            number += 1
        return f"entry/{slug}-{number}"

    def _unknown(self, row: FilledRow, column: str, sheet: str) -> None:
        shown = sheet_title(sheet, row.lang)
        self._fault(row, column, column, value=row.cells[column], sheet=shown)

    def _fault(self, row: FilledRow, column: str, name: str, **values: object) -> None:
        self.done.faults.append(row.fault(column, name, **values))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
