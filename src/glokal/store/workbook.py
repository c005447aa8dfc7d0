"""Workbooks (Office Open XML, ISO/IEC 29500): rows for a spreadsheet.

The same rows give the same bytes: a workbook does not tell when it was made.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

# A column is as wide as its longest text, within these bounds (in letters).
_NARROW, _WIDE = 10, 60
# A sheet's name has at most 31 characters and none of these.
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
        made = book.create_sheet(_NO_NAME.sub(" ", sheet.name)[:31])
        _fill(made, sheet.columns, sheet.rows)
        _style(made)
    first = book.worksheets[0]
    first.auto_filter.ref = first.dimensions
    return _bytes(book)


def _fill(sheet: Any, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet.append(list(columns))
    for line, row in enumerate(rows, 2):
        for number, cell in enumerate(row, 1):
            target = sheet.cell(line, number)
            value = cell.value
            if isinstance(value, str):
                # What a workbook can't hold (XML 1.0, section 2.2) is shown as missing.
                value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
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


def _bytes(book: openpyxl.Workbook) -> bytes:
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    with ZipFile(made) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(
                    rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"1980-01-01T00:00:00Z", data
                )
            new.writestr(ZipInfo(name), data, ZIP_DEFLATED)
    return out.getvalue()
