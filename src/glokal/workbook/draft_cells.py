"""Reading the workbook of a draft: its rows as texts, each cell with its place.

The sheets and columns are known by their titles, in the language that the workbook was
written in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.utils import get_column_letter

from glokal.core.errors import InputError, Place
from glokal.source.draft_row import NAMES, SHEETS
from glokal.workbook.cell_parsing import CellError, plain_text, read_date
from glokal.workbook.draft_layout import (
    draft_columns,
    fault_text,
    is_yes,
    sheet_named,
    sheet_title,
)
from glokal.workbook.grid import Formula, Grid
from glokal.workbook.xlsx_grid import read_xlsx

_DATES = ("start", "end")


@dataclass(frozen=True)
class DraftFault:
    """A cell that can't be taken: its sheet, its place, and what to do about it."""

    sheet: str
    cell: str
    text: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}: {self.text}"


@dataclass(frozen=True)
class FilledRow:
    """A row of the workbook: what stands in it, by the names of the columns.

    `confirmed` is None where nobody has said yes or no. `places` has the cell of each
    column.
    """

    sheet: str
    title: str
    lang: str
    confirmed: bool | None
    cells: Mapping[str, str]
    places: Mapping[str, str] = field(repr=False)

    def fault(self, column: str, name: str, **values: object) -> DraftFault:
        """Return a fault of one of its cells, in the language of the workbook."""
        text = fault_text(name, self.lang, **values)
        return DraftFault(self.title, self.places[column], text)


def read_draft(
    path: Path, languages: Sequence[str], lang: str
) -> tuple[list[FilledRow], list[DraftFault]]:
    """Return the rows of a workbook in which something stands, and what is wrong.

    `languages` are those of names. Raises WorkbookFault for what is no workbook, and
    InputError for one without each of the sheets of a draft.
    """
    rows: list[FilledRow] = []
    faults: list[DraftFault] = []
    found: dict[str, str] = {}
    for grid in read_xlsx(path, lang):
        heads = grid.rows[0] if grid.rows else ()
        sheet, written_in = sheet_named(grid.title, heads, languages)
        if sheet:
            found[sheet] = written_in
            rows += _rows(grid, sheet, written_in, languages, faults.append, path)
    if not found:
        raise _refused(path, "", fault_text("no-sheet", lang))
    # Older workbooks have no sheet of names.
    absent = [s for s in SHEETS if s not in found and s != NAMES]
    if absent:
        titles = (sheet_title(s, next(iter(found.values()))) for s in absent)
        shown = ", ".join(titles)
        raise _refused(path, "", fault_text("no-sheets", lang, value=shown))
    return rows, faults


def _rows(
    grid: Grid,
    sheet: str,
    lang: str,
    languages: Sequence[str],
    tell: Callable[[DraftFault], None],
    path: Path,
) -> list[FilledRow]:
    heads = [str(value or "").strip() for value in grid.rows[0]] if grid.rows else []
    at: dict[str, int] = {}
    absent: list[str] = []
    for column in draft_columns(sheet, lang, languages):
        if column.title not in heads and column.optional:
            absent.append(column.name)
            continue
        if column.title not in heads:
            text = fault_text("no-column", lang, value=column.title)
            raise _refused(path, grid.title, text)
        at[column.name] = heads.index(column.title)
    results = []
    for number, values in enumerate(grid.rows[1:], 2):
        places = {n: f"{get_column_letter(c + 1)}{number}" for n, c in at.items()}
        cells = {}
        for name, column_number in at.items():
            value = values[column_number] if column_number < len(values) else None
            try:
                cells[name] = _date(value) if name in _DATES else _text(value)
            except CellError as error:
                cells[name] = ""
                text = fault_text(error.fault, lang, **error.details)
                tell(DraftFault(grid.title, places[name], text))
        if not any(cells.values()):
            continue
        for name in absent:
            cells[name] = ""
            places[name] = f"A{number}"
        answer = cells.get("confirmed", "")
        row = FilledRow(sheet, grid.title, lang, is_yes(answer), cells, places)
        if answer and row.confirmed is None:
            tell(row.fault("confirmed", "confirmed", value=answer))
        results.append(row)
    return results


def _date(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Formula):
        raise CellError("formula")
    return read_date(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Formula):
        raise CellError("formula")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:g}"
    return plain_text(value)


def says_yes(row: FilledRow, column: str) -> bool | None:
    """Return whether a cell says yes or no, None for nothing and for other words."""
    return is_yes(row.cells[column])


def _refused(path: Path, sheet: str, text: str) -> InputError:
    what, _, remedy = text.partition(". ")
    where = f"{path} [{sheet}]" if sheet else str(path)
    return InputError(f"{what}.", remedy=remedy, place=Place(where))
