"""Confirmed entries of a draft, as statements."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from glokal.core.namespaces import GLO
from glokal.rdf.terms import text_of
from glokal.source.draft_known import SUBJECT_AREA, Kind, kinds
from glokal.source.draft_row import COLUMNS, THINGS, DraftRow, parts_of
from glokal.source.draft_statements import EntryCell
from glokal.source.reanchor import letters_of
from glokal.source.statements import AREA_NOT_STATED
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_layout import CERTAINTY, column_title, sheet_title
from glokal.workbook.draft_names import NewNames
from glokal.workbook.draft_programmes import known_spheres, near_programme
from glokal.workbook.draft_reading import PLACES, RowReader
from glokal.workbook.draft_same import SameActivity
from glokal.workbook.draft_words import EntryWords

_COLUMNS_OF_ACTIVITIES = ("programme", "partner", "country")


@dataclass(frozen=True)
class _Ties:
    """Who has an activity, under what, with whom and where."""

    holders: Sequence[str]
    programmes: Sequence[str]
    partners: Sequence[str]
    counterparts: Sequence[str]
    # Programmes that the draft proposed with their spheres, for a person to change.
    proposed: Sequence[str]


class EntryApplier:
    """Says what an entry is about, and who has it.

    `exact` are the texts of the passages, `keys` those of the rows that were drafted,
    `file` is where the passages stand, `names` knows what is new in other languages.
    """

    def __init__(
        self,
        reader: RowReader,
        exact: Mapping[str, str],
        keys: Container[str],
        file: str,
        names: NewNames,
    ) -> None:
        self._names = names
        self._read, self._keys, self._file = reader, keys, file
        self._exact = exact
        self._known, self._statements = reader.known, reader.statements
        self._same = SameActivity(reader)
        self._words = EntryWords(reader, exact, keys)

    def entry(self, row: FilledRow, passage: str, drafted: DraftRow | None) -> None:
        """Take a row of the sheet of entries."""
        read, cells = self._read, row.cells
        holders = read.holders(row, "municipality")
        areas, programmes = self._areas(row)
        certainty = read.choice(row, "certainty") if areas else ""
        if areas == [] and passage in read.in_tables:
            # A table without subject areas lists what it lists all the same.
            areas = [AREA_NOT_STATED]
            chosen = cells["certainty"]
            certainty = read.choice(row, "certainty") if chosen else CERTAINTY[0]
        kind, names = read.kind(row), read.texts(row, "name")
        notes = self._reasons(row, certainty)
        partners = self._partners(row, passage)
        counterparts = self._counterparts(row, passage)
        programmes = list(dict.fromkeys((*programmes, *parts_of(cells["programme"]))))
        whole = holders and kind and names and partners is not None
        if not whole or counterparts is None or areas is None:
            return
        assert kind is not None and partners is not None
        if (areas and not certainty) or notes is None:
            return
        if any(self._is_misspelt(row, name) for name in programmes):
            return
        if kind.path != "activity":
            for column in _COLUMNS_OF_ACTIVITIES:
                if cells[column]:
                    read.fault(row, column, "not-here")
            if not areas or areas == [AREA_NOT_STATED]:
                read.fault(row, "area", "no-area")
                return
        if not self._is_one(row, kind, names, programmes, [*partners, *counterparts]):
            return
        about = self._about(row, kind, names, passage)
        if not about:
            return
        pairs = [(holder, area) for holder in holders for area in areas]
        if not self._words.settle(row, passage, pairs, about):
            return
        also = drafted.also if drafted else ()
        read.called(row, kind, about, passage)
        self._statements.stated(about, also)
        told = drafted.read_with if drafted else ()
        self._statements.read_with(self._file, passage, (*also, *told))
        if kind.path == "activity":
            proposed = parts_of(drafted.values.get("programme", "") if drafted else "")
            ties = _Ties(holders, programmes, partners, counterparts, proposed)
            self._activity(row, about, kind, passage, ties)
        self._spheres(row, [about] if kind.path == "programme" else programmes)
        for holder, area in pairs:
            key = cells["key"] if len(pairs) == 1 else ""
            cell = EntryCell(
                key or self._key(holder, area), holder, area, about,
                self._words.quoted(row, passage, holder, about), certainty, notes,
            )  # fmt: skip
            self._statements.entry(cell, passage)

    def _is_misspelt(self, row: FilledRow, programme: str) -> bool:
        """Whether a name is likely meant for another programme's; then with a fault."""
        near = near_programme(self._known, programme)
        if self._known.named("programme", programme) or not near:
            return False
        sheet = sheet_title(THINGS, row.lang)
        self._read.fault(
            row, "programme", "near-programme",
            value=programme, known=near, sheet=sheet,
        )  # fmt: skip
        return True

    def _reasons(self, row: FilledRow, certainty: str) -> dict[str, str] | None:
        """Return why the editor placed an entry; None with a fault if nothing says."""
        if certainty != CERTAINTY[1]:
            return {}
        reading = self._read.written(row, "reading")
        if not reading:
            column = next(c for c in row.cells if c.startswith("reading_"))
            title = column_title("certainty", row.lang)
            value = row.cells["certainty"]
            self._read.fault(row, column, "editor-why", title=title, value=value)
            return None
        return self._read.texts(row, "reading") or None

    def _is_one(
        self,
        row: FilledRow,
        kind: Kind,
        names: Mapping[str, str],
        programmes: Sequence[str],
        counterparts: Sequence[str],
    ) -> bool:
        """Whether a row may be about what has its name already."""
        if kind.path != "activity":
            return True
        name = next(iter(names.values()))
        there = self._known.named(kind.path, name)
        return self._same.is_one(row, name, there, programmes, counterparts)

    def _spheres(self, row: FilledRow, programmes: Sequence[str]) -> None:
        """Say which sphere the one programme of a row is of."""
        if not row.cells["sphere"]:
            return
        spheres = self._read.choices(row, "sphere")
        if len(programmes) != 1:
            number, sheet = len(programmes), sheet_title(THINGS, row.lang)
            self._read.fault(row, "sphere", "sphere-of-one", number=number, sheet=sheet)
            return
        (name,) = programmes
        programme = self._known.named("programme", name) or name
        self._statements.in_sphere(programme, spheres)

    def _activity(
        self, row: FilledRow, about: str, kind: Kind, passage: str, ties: _Ties
    ) -> None:
        statements, counterparts = self._statements, [*ties.counterparts]
        for holder in ties.holders:
            statements.participation(about, holder, passage)
        for name in ties.programmes:
            there = self._known.named("programme", name)
            names = {} if there else self._names.of(row, "programme", name)
            names = names or {self._read.required[0]: name}
            programme = statements.thing(kinds()["Programme"], names, passage)
            statements.relate(kind, about, "supportedUnder", programme)
            if not there and not row.cells["sphere"] and name not in ties.proposed:
                # The draft would have proposed these, had the words named it.
                spheres = known_spheres(name)
                statements.in_sphere(programme, spheres)
        for partner in ties.partners:
            if self._known.path_of(partner) in PLACES:
                counterparts.append(partner)
            else:
                statements.participation(about, partner, passage, partner=True)
        for place in counterparts:
            statements.relate(kind, about, "hasCounterpartIn", place)

    def _areas(self, row: FilledRow) -> tuple[list[str] | None, list[str]]:
        """Return the areas of an entry, None with a fault; and, where a column is a
        programme, that.
        """
        results, programmes = [], []
        for name in parts_of(row.cells["area"]):
            area = self._known.named(SUBJECT_AREA, name)
            if not area:
                self._read.unknown(row, "area", name, COLUMNS)
                return None, []
            results.append(area)
            programmes += [name] if self._known.named("programme", name) else []
        return results, programmes

    def _partners(self, row: FilledRow, passage: str) -> list[str] | None:
        """Return who an activity is done with; None with a fault."""
        read, results = self._read, []
        for name in parts_of(row.cells["partner"]):
            iri = read.named(name) or read.place(name, passage)
            if iri and row.cells["partner_kind"]:
                self._statements.recall(iri)
            if not iri and row.cells["partner_kind"]:
                kind = read.kind(row, "partner_kind")
                if kind is None or not read.has_slug(row, "partner", name):
                    return None
                names = self._names.of(row, "partner", name)
                iri = self._statements.thing(kind, names, passage)
            if not iri:
                read.nowhere(row, "partner", name)
                return None
            results.append(iri)
        return results

    def _counterparts(self, row: FilledRow, passage: str) -> list[str] | None:
        """Return the countries and places of a row; None with a fault."""
        results = []
        for name in parts_of(row.cells["country"]):
            iri = self._read.place(name, passage)
            if not iri:
                self._read.nowhere(row, "country", name)
                return None
            results.append(iri)
        return results

    def _about(
        self, row: FilledRow, kind: Kind, names: Mapping[str, str], passage: str
    ) -> str:
        """Return what an entry is about, told apart from what is called so already."""
        settled = self._settled(row, kind, passage)
        if not self._read.may_be_called(row, kind, names, settled):
            return ""
        return self._statements.thing(kind, names, passage)

    def _settled(self, row: FilledRow, kind: Kind, passage: str) -> list[str]:
        """Return what the project says by the passage of a row, [] when nothing."""
        found = [
            text_of(t.object)
            for entry in self._known.resting_on(passage, ("entry",))
            if entry == self._known.things + row.cells["key"]
            for t in self._known.values(entry, GLO + "refersTo")
        ]
        if found or row.cells["area"] or row.cells["key"] not in self._keys:
            return found
        if letters_of(row.cells["quote"]) != letters_of(self._exact[passage]):
            # A sentence of several twin towns has a row for each.
            return []
        return self._known.resting_on(passage, (kind.path,))

    def _key(self, authority: str, area: str) -> str:
        slug = "-".join(iri.rpartition("/")[2] for iri in (authority, area))
        number = 1
        # A row of the draft may have the name, and be written later.
        while (key := f"entry/{slug}-{number}") in self._keys or (
            self._known.is_known(self._known.things + key)
        ):
            number += 1
        return key
