"""Workbooks (Office Open XML, ISO/IEC 29500): rows for a spreadsheet.

The same rows give the same bytes: a workbook does not tell when it was made. What a
workbook can't hold is refused with the reason, never cut or changed.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from glokal.core.characters import CELL_UNITS, NOT_XML, code_point, utf16_units
from glokal.core.errors import UsageError

# The rows and columns of a sheet (the limits of Excel).
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
# What a reader of workbooks takes for a character: U+000D is written _x000D_, and text
# that looks so has its underscore written that way (ISO/IEC 29500-1, 22.9.2.19).
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# A column is as wide as its longest text, within these bounds (in letters).
_NARROW, _WIDE = 10, 60
# A sheet's name has at most 31 characters and none of these.
_LONGEST_NAME = 31
_NO_NAME = re.compile(r"[\[\]:*?/\\]")
_HEAD, _LINK = Font(bold=True), Font(color="0563C1", underline="single")
_TOP = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and the address that it leads to."""

    value: str | int | float | None
    link: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, the words of its columns, its rows."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_plain(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of the rows alone, for programs."""
    book = openpyxl.Workbook()
    _fill(book.active, columns, rows)
    return _bytes(book)


def write_styled(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook for people: wide columns, links, a filter on the first."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        if _NO_NAME.search(sheet.name) or not 0 < len(sheet.name) <= _LONGEST_NAME:
            raise _refused(f"The sheet {sheet.name!r}", "has a name that none may have")
        result = book.create_sheet(sheet.name)
        _fill(result, sheet.columns, sheet.rows)
        _style(result)
    first = book.worksheets[0]
    first.auto_filter.ref = first.dimensions
    return _bytes(book)


def escape_text(text: str, place: str) -> str:
    """Return a text as a cell has it; `place` is what to call the cell.

    Raises UsageError for what a cell can't hold: over 32,767 UTF-16 units, or a
    character that XML 1.0 has no place for.
    """
    match = NOT_XML.search(text)
    if match:
        raise _refused(place, f"holds the character {code_point(match[0])}")
    length = utf16_units(text)
    if length > CELL_UNITS:
        raise _refused(place, f"has {length} characters; {CELL_UNITS} are its most")
    return _LOOKS_ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")


def unescape_text(text: str) -> str:
    """Return the text that a cell stands for."""
    return _ESCAPED.sub(lambda result: chr(int(result[1], 16)), text)


def _refused(place: str, what: str) -> UsageError:
    return UsageError(
        f"{place} {what}, so that it can't stand in a workbook.",
        remedy="take it out, or ask for CSV or JSON, which hold it.",
    )


def _fill(sheet: Any, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise _refused("The answer", f"has {len(columns)} columns")
    for number, column in enumerate(columns, 1):
        head = sheet.cell(1, number)
        head.value = escape_text(column, "The name of a column")
        head.data_type = "s"
    for line, row in enumerate(rows, 2):
        if line > MOST_ROWS:
            raise _refused("The answer", f"has over {MOST_ROWS - 1} rows")
        for number, cell in enumerate(row, 1):
            target = sheet.cell(line, number)
            value = cell.value
            if isinstance(value, str):
                place = f"The cell {target.coordinate} of the sheet {sheet.title}"
                value = escape_text(value, place)
            target.value = value
            if isinstance(target.value, str):
                # Text that starts like a formula stays text.
                target.data_type = "s"
            if cell.link:
                target.hyperlink = cell.link
    sheet.freeze_panes = "A2"


def _style(sheet: Any) -> None:
    for head in sheet[1]:
        head.font = _HEAD
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = _TOP
            if cell.hyperlink:
                cell.font = _LINK
    for number, column in enumerate(sheet.iter_cols(values_only=True), 1):
        longest = max(len(str(value or "")) for value in column) + 2
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = min(max(longest, _NARROW), _WIDE)


class _Writer(ExcelWriter):
    """Writes each sheet in memory; openpyxl's own writes a temporary file."""

    _archive: ZipFile

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        out = io.BytesIO()
        writer: Any = WorksheetWriter(ws, out)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return what `book.save` would write, without a temporary file on the way."""
    bytes_io = io.BytesIO()
    now = datetime.datetime.now(datetime.UTC)
    book.properties.modified = now.replace(tzinfo=None)
    with ZipFile(bytes_io, "w", ZIP_DEFLATED) as archive:
        _Writer(book, archive).save()
    return bytes_io.getvalue()


def _bytes(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    with (
        ZipFile(io.BytesIO(saved(book))) as old,
        ZipFile(out, "w", ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(
                    rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"1980-01-01T00:00:00Z", data
                )
            new.writestr(ZipInfo(name), data, ZIP_DEFLATED)
    return out.getvalue()
