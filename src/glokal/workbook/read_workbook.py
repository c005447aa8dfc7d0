"""A workbook, or a folder of CSV files, that comes back filled in.

Sheets are known by their titles and columns by theirs, so that moving them does no
harm. What can't be read without guessing is refused as a whole.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from glokal.core.errors import InputError, Place, UsageError
from glokal.core.files.bounded_read import as_input, read_bytes, size_of
from glokal.core.settings import Project
from glokal.core.xlsx import unescape_text
from glokal.dataset.canned_queries import suggest
from glokal.workbook.base_snapshot import BaseSnapshot, read_snapshot
from glokal.workbook.csv_folder import BASE, read_csv
from glokal.workbook.layout import SheetLayout, load_layout
from glokal.workbook.limits import check_workbook

_LINES = 20_000
_COLUMNS = 500
# The base has a row for each thing that the register knew.
_BASE_CELLS = 5_000_000
_PLAIN = (str, int, float, datetime.date, datetime.time)


@dataclass(frozen=True)
class Formula:
    """A formula, or an error that one left, in place of a value."""

    text: str


@dataclass(frozen=True)
class SubmittedRow:
    """A row that somebody may have written in: its place, its key, its cells."""

    sheet: str
    number: int
    key: object
    cells: dict[str, object]
    hidden: bool = False


@dataclass
class SubmittedWorkbook:
    """A workbook that came back: what it remembers, and its rows.

    `columns` gives the letter of each column of a sheet; `ignored` the titles of
    sheets and columns that are not ours.
    """

    base: BaseSnapshot
    lines: list[SubmittedRow] = field(default_factory=list)
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def read_workbook(path: Path, project: Project) -> SubmittedWorkbook:
    """Read a workbook, or a folder with CSV files, that came back.

    Raises InputError with its place when it can't be read without guessing.
    """
    if path.is_dir():
        return _read_folder(path, project)
    if path.suffix.lower() != ".xlsx":
        raise UsageError(
            f"{path} is no workbook that can be read.",
            remedy="save it as .xlsx (Excel workbook), or name a folder of CSV files.",
        )
    return _read_book(path, project)


def open_workbook(path: Path) -> Any:
    """Open a workbook; InputError when it isn't one or is too large."""
    with as_input():
        # A FIFO or a device isn't opened.
        size_of(path, str(path))
    try:
        check_workbook(path)
        return openpyxl.load_workbook(path)
    except InputError:
        raise
    except OSError as error:
        raise InputError(
            f"The file can't be read: {error.strerror}.", place=Place(str(path))
        ) from error
    except Exception as error:
        # openpyxl lets through whatever its parsers raise at a broken part.
        raise InputError(
            "The file is not a whole workbook.",
            remedy="open it, save it as .xlsx, and try again; a workbook with a "
            "password can't be read.",
            place=Place(str(path)),
        ) from error


def _read_book(path: Path, project: Project) -> SubmittedWorkbook:
    layout, book = load_layout(), open_workbook(path)
    if layout.base not in book.sheetnames:
        raise _lost(path)
    payload = book[layout.base]
    if payload.max_row * payload.max_column > _BASE_CELLS:
        raise _lost(path)
    lines = [
        "".join(unescape_text(str(value)) for value in row if value is not None)
        for row in payload.iter_rows(values_only=True)
    ]
    filled = SubmittedWorkbook(read_snapshot(lines, project, str(path)))
    ours = {layout.title, layout.lists, layout.base, *(s.title for s in layout.sheets)}
    filled.ignored += [title for title in book.sheetnames if title not in ours]
    for sheet in layout.sheets:
        if sheet.title not in book.sheetnames:
            raise InputError(
                f"The sheet “{sheet.title}” is missing.",
                remedy=f"give it its name back. {suggest(sheet.title, filled.ignored)}"
                if filled.ignored
                else "export the workbook anew.",
                place=Place(str(path)),
            )
        source = book[sheet.title]
        place = Place(f"{path} [{sheet.title}]")
        merged = sorted(map(str, source.merged_cells.ranges))
        if merged:
            raise InputError(
                f"The cells {', '.join(merged[:3])} are merged.",
                remedy="unmerge them and write the value in each cell.",
                place=place,
            )
        if source.max_column > _COLUMNS:
            last = get_column_letter(source.max_column)
            raise InputError(
                f"The sheet goes on to the column {last}; {_COLUMNS} are read.",
                remedy="delete the columns that aren't needed.",
                place=place,
            )
        rows = [
            [_value(cell) for cell in row]
            for row in source.iter_rows(max_row=min(source.max_row, _LINES + 1))
        ]
        hidden = {n for n, d in source.row_dimensions.items() if d.hidden}
        if source.max_row > _LINES and any(
            cell.value is not None for cell in source[source.max_row]
        ):
            raise InputError(f"There are over {_LINES} rows.", place=place)
        _take(filled, sheet, rows, hidden, place)
    return filled


def _value(cell: Any) -> object:
    if cell.data_type == "f":
        return Formula(str(getattr(cell.value, "text", cell.value)))
    if cell.data_type == "e":
        return Formula(str(cell.value))
    value = cell.value
    if isinstance(value, str):
        return unescape_text(value)
    # A rich text is a list of runs to openpyxl.
    return str(value) if not isinstance(value, _PLAIN) and value is not None else value


def _read_folder(path: Path, project: Project) -> SubmittedWorkbook:
    base = path / BASE
    if not base.is_file():
        raise _lost(path)
    with as_input():
        raw = read_bytes(base, str(base))
    lines = raw.decode(errors="replace").splitlines()
    filled = SubmittedWorkbook(read_snapshot(lines, project, str(base)))
    for sheet in load_layout().sheets:
        file = path / f"{sheet.title.lower()}.csv"
        if not file.is_file():
            raise InputError(
                f"The file {file.name} is missing.",
                remedy="give it its name back, or export anew.",
                place=Place(str(path)),
            )
        _take(filled, sheet, read_csv(file), set(), Place(str(file)))
    return filled


def _take(
    filled: SubmittedWorkbook,
    sheet: SheetLayout,
    rows: Sequence[Sequence[object]],
    hidden: Iterable[int],
    place: Place,
) -> None:
    """Put the rows of a sheet among those that came back."""
    key = load_layout().key
    hidden = set(hidden)
    # Somebody may have put a heading of their own above.
    top = next(
        (n for n, row in enumerate(rows[:20]) if key in [_title(v) for v in row]), None
    )
    if top is None:
        raise InputError(
            f"The column “{key}” is missing.",
            remedy="give it its name back; rows are known by their keys.",
            place=place,
        )
    titles = [_title(value) for value in rows[top]]
    wanted = {key: "", **{c.title: c.name for c in sheet.columns}}
    others = [t for t in titles if t and t not in wanted]
    for title in wanted:
        if titles.count(title) != 1:
            twice = title in titles
            raise InputError(
                f"The column “{title}” {'stands twice' if twice else 'is missing'}.",
                remedy="take one of them away."
                if twice
                else "give it its name back."
                + (f" Perhaps it is “{others[0]}” now." if others else ""),
                place=place,
            )
    filled.ignored += [f"{sheet.title}: {title}" for title in others]
    at = {wanted[t]: n for n, t in enumerate(titles) if t in wanted}
    for name, number in at.items():
        filled.columns[sheet.name, name] = get_column_letter(number + 1)
    for number, row in enumerate(rows[top + 1 :], top + 2):
        cells = {n: row[at[n]] if at[n] < len(row) else None for n in at}
        if any(v is not None and str(v).strip() for v in cells.values()):
            written = cells.pop("")
            filled.lines.append(
                SubmittedRow(sheet.name, number, written, cells, number in hidden)
            )


def _title(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _lost(path: Path) -> InputError:
    return InputError(
        "The workbook has lost what it remembers of the register.",
        remedy="export it anew with glokal sheet export, and fill in that one; don't "
        "copy the sheets to another workbook.",
        place=Place(str(path)),
    )
