"""Confirmed rows of the sheet of columns: areas, groups, programmes, or none of them.

A column of partners, networks, contacts or other things is no subject area: what
stands in it is set aside, and is written where it belongs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from glokal.core.namespaces import GLO, SKOS
from glokal.core.slugs import slugify
from glokal.source.draft_known import kinds
from glokal.source.draft_row import COLUMNS, ENTRIES, DraftRow, parts_of
from glokal.source.reanchor import letters_of
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_layout import column_roles, sheet_title
from glokal.workbook.draft_reading import RowReader
from glokal.workbook.draft_reasons import ReasonApplier

_CODE = "SubjectArea"


class ColumnApplier:
    """Says what the columns of tables are; `drafted` are the rows of the draft."""

    def __init__(
        self, reader: RowReader, reasons: ReasonApplier, drafted: Sequence[DraftRow]
    ) -> None:
        self._read, self._reasons, self._drafted = reader, reasons, drafted
        self._statements = reader.statements
        # The names of columns that are set aside, by their letters.
        self._aside: set[str] = set()

    def column(self, row: FilledRow, passage: str) -> None:
        """Take a row of the sheet."""
        read, cells = self._read, row.cells
        chosen = read.choice(row, "read_as") if cells["read_as"] else ""
        if cells["read_as"] and not chosen:
            return
        if chosen in column_roles():
            self._set_aside(row, passage)
            return
        kind = kinds()[chosen.removeprefix(GLO)] if chosen else None
        programme = kind is not None and kind.path == "programme"
        if cells["sphere"] and not programme:
            read.fault(row, "sphere", "sphere-here")
        names = read.texts(row, "name")
        if not names:
            return
        if kind is not None and programme:
            # The column of a programme is both: its code, and what supports its items.
            named = {lang: names[lang] for lang in read.required}
            iri = self._statements.thing(kind, named, passage)
            self._statements.in_sphere(iri, read.choices(row, "sphere"))
        code = kind if kind is not None and not programme else kinds()[_CODE]
        key = cells["key"].rpartition("/")[2] or slugify(next(iter(names.values())))
        iri = self._statements.code(names, f"{code.path}/{key}", code)
        read.same_names(row, iri, SKOS + "prefLabel", names)
        self._reasons.heading(passage)

    def is_set_aside(self, row: FilledRow) -> bool:
        """Whether an entry stands in a column that is set aside; then with a fault."""
        for name in parts_of(row.cells["area"]):
            if letters_of(name) in self._aside:
                sheet = sheet_title(COLUMNS, row.lang)
                self._read.fault(row, "area", "set-aside", value=name, sheet=sheet)
                return True
        return False

    def settle(self, confirmed: Collection[str]) -> list[str]:
        """Give the cells of columns that are set aside their reason; return them."""
        results = []
        for row in self._drafted:
            areas = parts_of(row.values.get("area", ""))
            aside = areas and all(letters_of(name) in self._aside for name in areas)
            if row.sheet == ENTRIES and aside and row.passage not in confirmed:
                self._reasons.part_of_row(row.passage)
                results.append(row.passage)
        return results

    def _set_aside(self, row: FilledRow, passage: str) -> None:
        names = [*self._read.written(row, "name").values()]
        for drafted in self._drafted:
            if drafted.sheet == COLUMNS and drafted.key == row.cells["key"]:
                names += [v for k, v in drafted.values.items() if k[:5] == "name_"]
        self._aside.update(map(letters_of, names))
        self._reasons.heading(passage)
