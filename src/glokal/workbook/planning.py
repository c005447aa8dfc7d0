"""What every part of a plan needs: the three sides, what is new, who is asked."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain, islice

from glokal.core.slugs import slugify
from glokal.workbook.cell_parsing import (
    CellError,
    find_choice,
    plain_text,
    read_cell,
    shown_date,
)
from glokal.workbook.changes import NEW, CellFault, ImportPlan, RowChange
from glokal.workbook.countries import SOURCE, KnownCountry, countries_like, find_country
from glokal.workbook.duplicates import KnownNames
from glokal.workbook.grid import Formula
from glokal.workbook.layout import CHOICE, CHOICES, DATE, TEXT, Column, SheetLayout
from glokal.workbook.personal_data import (
    has_mail_address,
    personal_names,
    telephone_numbers,
)
from glokal.workbook.read_workbook import SubmittedRow, SubmittedWorkbook
from glokal.workbook.rows import SheetRow, WorkbookRows

LIFE = ("status", "start", "end")
CHECK = ("checked", "vouched", "source")
# What a report may correct besides: it stands in the strategy or an older report.
SAID = ("type", "programme", "counterpart", "area")
LIVES = ("activity", "participation")
# What stands for a thing that this workbook brings, until it is written.
COMING = "\0"


@dataclass(frozen=True)
class Answers:
    """What a person is asked, or has said beforehand.

    `is_new` tells whether a name is another thing than one like it; `english` gives the
    English name of a thing, "" when nobody says; `not_persons` are names that look like
    those of persons and aren't.
    """

    is_new: Callable[[str, str], bool]
    english: Callable[[str], str] = lambda _name: ""
    not_persons: frozenset[str] = frozenset()


@dataclass
class Planning:
    """The plan that is being made, and all that it is made from.

    `used` are the keys that were ever used; `today` is the day of the import.
    """

    filled: SubmittedWorkbook
    now: WorkbookRows
    used: set[str]
    answers: Answers
    today: datetime.date
    made: ImportPlan = field(default_factory=ImportPlan)
    # What a row proposes, by the sheet and the number of the row.
    proposed: dict[tuple[str, int], list[RowChange]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lists = {
            name: {**known, **self.filled.base.lists.get(name, {})}
            for name, known in self.now.lists.items()
        }
        self.codes = dict(self.now.lists["codes:Country"])
        self._names: dict[str, KnownNames] = {}
        self._named: dict[str, str] = {}
        self._labels: dict[str, KnownNames] = {}
        # Who takes part in what, and in which role when it is new here.
        parts = self.now.rows["participation"].values()
        self.pairs = {(row["activity"], row["organisation"]) for row in parts}
        self.parts: dict[str, SheetRow] = {}

    def read(
        self, line: SubmittedRow, sheet: SheetLayout, before: SheetRow
    ) -> tuple[SheetRow, list[CellFault]]:
        """Return the values of a row, with what can't be read as it was before."""
        row, faults = {}, []

        def propose(name: str, column: Column) -> str:
            return self._propose(name, column, line)

        for column in sheet.columns:
            row[column.name] = before.get(column.name, "")
            if column.name not in line.cells:
                continue
            written = line.cells[column.name]
            try:
                if isinstance(written, Formula):
                    raise CellError("formula", value=written.text)
                value = read_cell(written, column, self.lists, propose)
                # What differs only in how it is stored has not been edited.
                if column.kind != TEXT or value != plain_text(row[column.name]):
                    # A remark is the editor's to read, and isn't kept.
                    if column.kind == TEXT and column.name != "remark":
                        self._refuse_persons(value)
                    row[column.name] = value
            except CellError as error:
                faults.append(CellFault(column.name, error.fault, error.details))
        return row, faults

    def shown(self, value: str, column: Column) -> str:
        """Return a value as its cell shows it."""
        if column.kind in (CHOICE, CHOICES):
            labels = {iri: label for label, iri in self.lists[column.choices].items()}
            return "; ".join(labels.get(iri, iri) for iri in value.split()) or "–"
        return (shown_date(value) if column.kind == DATE else value) or "–"

    def twin(self, kind: str, name: str) -> CellFault | None:
        """Return a fault when a name is like one that is known, and nobody says no."""
        if kind not in self._names:
            self._names[kind] = KnownNames(self.now.lists["supportedUnder"])
            for key, row in self.now.rows[kind].items():
                self.named(kind, key, row["name_nb"])
        for key in self._names[kind].like(name):
            other = self._named[key]
            if not self.answers.is_new(name, other):
                details = {"name": other, "key": key, "mine": name}
                return CellFault("name_nb", "twin", details)
        return None

    def named(self, kind: str, key: str, name: str) -> None:
        """Remember the name of a thing, for those that come after it."""
        self._names[kind].add(key, name)
        self._named[key] = name

    def complete(self, proposed: list[RowChange], row: SheetRow) -> list[RowChange]:
        """Return what a row proposes, with the day, voucher and source of the row."""
        for asked in proposed:
            asked.row |= {c: row.get(c, "") for c in CHECK}
        return proposed

    def _refuse_persons(self, text: str) -> None:
        """Raise CellError when a text holds what is a private person's."""
        numbers = telephone_numbers(text)
        if numbers:
            raise CellError("telephone", value=numbers[0])
        if has_mail_address(text):
            raise CellError("mail")
        known = chain.from_iterable(self.lists.values())
        for name in personal_names(text, known):
            if name not in self.answers.not_persons:
                raise CellError("person", value=name)

    def _propose(self, name: str, column: Column, line: SubmittedRow) -> str:
        """Return the value for a name that no list has; CellError for a likely slip."""
        self._refuse_persons(name)
        kind, country = column.opens, ""
        if kind == "organisation" and name.endswith(")"):
            bare, _, inside = name[:-1].rpartition("(")
            place = self._country(inside, line) if bare.strip() else ""
            if place:
                name, country = bare.strip(), place
                there = find_choice(name, self.lists[column.choices])
                if there:
                    return there
        if kind == "place":
            place = self._country(name, line)
            if place:
                return place
        near = self._like(name, column)
        if kind == "place":
            near += [label for label in countries_like(name) if label not in near]
        for label in near:
            if not self.answers.is_new(name, label):
                raise CellError("name_near", value=name, near=label)
        slug = slugify(name)
        if not slug:
            raise CellError("no_slug")
        key = f"{kind}/{slug}"
        if key in self.used:
            raise CellError("used_key", key=key)
        english = self.answers.english(name) or name
        row = {"name_nb": name, "name_en": english, "country": country, "type": ""}
        return self._add(line, kind, key, row, column.name, name)

    def _like(self, name: str, column: Column) -> list[str]:
        """Return the labels of a list that a name is like, the likeliest first."""
        known = self.lists[column.choices]
        programmes = () if column.opens == "programme" else self.lists["supportedUnder"]
        index = self._labels.setdefault(column.choices, KnownNames(programmes))
        # What this workbook has brought stands last in the list.
        for label in islice(known, len(index), None):
            index.add(label, label)
        return index.like(name)

    def _country(self, text: str, line: SubmittedRow) -> str:
        """Return the value of a country, known or by ISO 3166; "" for no country."""
        country = find_country(text)
        if country is None:
            return ""
        there = self.codes.get(country.code)
        if there:
            return there
        key = f"country/{slugify(country.names['nb'])}"
        return self._add(line, "country", key, _country_row(country), "", text)

    def _add(
        self,
        line: SubmittedRow,
        kind: str,
        key: str,
        row: SheetRow,
        column: str,
        name: str,
    ) -> str:
        value = f"{COMING}{key}"
        asked = RowChange(line, kind, key, {}, row, NEW)
        asked.edits = tuple(c for c in row if row[c])
        asked.columns = dict.fromkeys(("name_nb", "name_en", "country"), column)
        self.proposed.setdefault((line.sheet, line.number), []).append(asked)
        lists = {
            "organisation": ("participant", "vouchedBy"),
            "programme": ("supportedUnder",),
        }
        for each in lists.get(kind, ("hasCounterpartIn", "locatedIn")):
            self.lists[each].setdefault(name, value)
        if kind == "country":
            self.codes.setdefault(row["code"], value)
        return value


def _country_row(country: KnownCountry) -> SheetRow:
    names = country.names
    return {
        "name_nb": names["nb"],
        "name_nn": names["nn"] if names["nn"] != names["nb"] else "",
        "name_en": names["en"],
        "code": country.code,
        "code_source": SOURCE,
    }
