"""Writing the workbook: Office Open XML by openpyxl, the same bytes for the same data.

Text is always written as text, so that nothing in the data is ever run as a formula.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from glokal.core.characters import CELL_UNITS
from glokal.core.settings import Project
from glokal.core.xlsx import escape_text, saved
from glokal.workbook.base_snapshot import write_snapshot
from glokal.workbook.layout import (
    ALWAYS,
    CHOICE,
    CHOICES,
    DATE,
    NEW,
    Column,
    SheetLayout,
    load_layout,
)
from glokal.workbook.rows import Row, WorkbookRows

DATE_FORMAT = "dd.mm.yyyy"
_GREY = PatternFill("solid", fgColor="E7E6E6")
_HEAD = PatternFill("solid", fgColor="1F3864")
_WRAP = Alignment(wrap_text=True, vertical="top")
_WIDE, _KEY_WIDTH = 125, 32
# A zip's first possible moment: the workbook's own clock says nothing.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_workbook(content: WorkbookRows, project: Project) -> bytes:
    """Return the workbook of the register."""
    layout = load_layout()
    book = openpyxl.Workbook()
    result = datetime.datetime.combine(project.modified, datetime.time())
    book.properties.created = result
    book.properties.creator = project.publisher.name[project.languages[0]]
    first: Any = book.active
    first.title = layout.title
    first.column_dimensions["A"].width = _WIDE
    for line, text in enumerate(layout.instructions, 1):
        cell = first.cell(line, 1)
        _text(cell, text)
        cell.alignment = _WRAP
        first.row_dimensions[line].height = _height(
            [(text, _WIDE)], 22 if line == 1 else 15
        )
        if line == 1 or (text and not layout.instructions[line - 2]):
            cell.font = Font(bold=True, size=14 if line == 1 else 11)
    _protect(first)
    ranges = _lists(book, content.lists, layout.lists)
    for sheet in layout.sheets:
        target = book.create_sheet(sheet.title)
        _fill(target, sheet, content, ranges, layout.key, layout.spare_rows)
        _protect(target)
    base = book.create_sheet(layout.base)
    for line, text in enumerate(write_snapshot(content, project), 1):
        # A row of the base may be longer than a cell. A character is two UTF-16 units
        # at most, by which cells are measured.
        for number, start in enumerate(range(0, len(text), CELL_UNITS // 2), 1):
            _text(base.cell(line, number), text[start : start + CELL_UNITS // 2])
    base.sheet_state = "veryHidden"
    _protect(base)
    book.move_sheet(layout.lists, len(layout.sheets))
    return same_bytes(saved(book), result)


def same_bytes(packed: bytes, result: datetime.datetime) -> bytes:
    """Return a workbook without the moment at which it was saved."""
    out = io.BytesIO()
    stamp = result.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp, data)
            info = zipfile.ZipInfo(name, _ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return out.getvalue()


def _fill(
    target: Any,
    sheet: SheetLayout,
    content: WorkbookRows,
    ranges: Mapping[str, str],
    key: str,
    spare: int,
) -> None:
    titles = [key, *(column.title for column in sheet.columns)]
    for number, title in enumerate(titles, 1):
        cell = target.cell(1, number)
        _text(cell, title)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = _WRAP
    target.column_dimensions["A"].width = _KEY_WIDTH
    for number, column in enumerate(sheet.columns, 2):
        target.column_dimensions[get_column_letter(number)].width = column.width
    labels = {
        name: {iri: label for label, iri in known.items()}
        for name, known in content.lists.items()
    }
    rows = content.rows[sheet.name]
    widths = [column.width for column in sheet.columns]
    for line, (row_key, row) in enumerate(rows.items(), 2):
        _text(target.cell(line, 1), row_key)
        target.cell(line, 1).fill = _GREY
        target.cell(line, 1).alignment = _WRAP
        for number, column in enumerate(sheet.columns, 2):
            cell = target.cell(line, number)
            _put(cell, column, row, labels.get(column.choices, {}))
            _allow(cell, column.edit == ALWAYS)
        shown = [(row_key, _KEY_WIDTH)]
        shown += [
            (str(c.value or ""), w)
            for c, w in zip(target[line][1:], widths, strict=False)
        ]
        target.row_dimensions[line].height = _height(shown, 15)
    last = len(rows) + 1
    if sheet.file:
        for line in range(last + 1, last + 1 + spare):
            target.cell(line, 1).number_format = "@"
            target.cell(line, 1).protection = Protection(locked=False)
            for number, column in enumerate(sheet.columns, 2):
                cell = target.cell(line, number)
                cell.number_format = DATE_FORMAT if column.kind == DATE else "@"
                _allow(cell, column.edit in (ALWAYS, NEW))
        last += spare
    for number, column in enumerate(sheet.columns, 2):
        _validate(target, column, get_column_letter(number), last, ranges)
    target.freeze_panes = "C2"
    target.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{max(last, 2)}"


def _height(shown: Iterable[tuple[str, int]], line: int) -> float:
    """Return the height of a row in points, by its texts and their columns' widths."""
    return float(line * max(1, *(-(-len(text) // width) for text, width in shown), 1))


def _put(cell: Cell, column: Column, row: Row, labels: Mapping[str, str]) -> None:
    value = row[column.name]
    if column.kind == DATE:
        cell.number_format = DATE_FORMAT
        if value:
            cell.value = datetime.date.fromisoformat(value)
            cell.number_format = DATE_FORMAT
    elif column.kind in (CHOICE, CHOICES):
        _text(cell, shown_choice(value, labels))
    else:
        _text(cell, value)
    cell.alignment = _WRAP


def shown_choice(value: str, labels: Mapping[str, str]) -> str:
    """Return the IRIs of a choice as labels with semicolons between them."""
    return "; ".join(labels.get(iri, iri) for iri in value.split())


def _text(cell: Cell, value: str) -> None:
    cell.number_format = "@"
    if value:
        cell.value = escape_text(value, f"The cell {cell.coordinate}")
        # Text that starts like a formula stays text, here and when it is edited.
        cell.data_type = "s"
        if value[0] in "=+-@\t\r":
            cell.quotePrefix = True


def _allow(cell: Cell, editable: bool) -> None:
    if editable:
        cell.protection = Protection(locked=False)
    else:
        cell.fill = _GREY


def _protect(sheet: Any) -> None:
    """Lock the cells that aren't for editing; no password, for it is no secret."""
    sheet.protection.sheet = True
    sheet.protection.sort = False
    sheet.protection.autoFilter = False
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def _lists(
    book: Any, lists: Mapping[str, Mapping[str, str]], title: str
) -> dict[str, str]:
    sheet = book.create_sheet(title)
    ranges = {}
    for number, (name, known) in enumerate(lists.items(), 1):
        _text(sheet.cell(1, number), name)
        for line, label in enumerate(known, 2):
            _text(sheet.cell(line, number), label)
        letter = get_column_letter(number)
        ranges[name] = f"'{title}'!${letter}$2:${letter}${len(known) + 1}"
    sheet.sheet_state = "hidden"
    _protect(sheet)
    return ranges


def _validate(
    target: Any, column: Column, letter: str, last: int, ranges: Mapping[str, str]
) -> None:
    if last < 2:
        return
    if column.kind == CHOICE:
        rule = DataValidation("list", formula1=ranges[column.choices], allow_blank=True)
        rule.error = "Velg en verdi fra listen."
    elif column.kind == CHOICES:
        # Several values can't be held to a list; it is offered all the same.
        rule = DataValidation(
            "list",
            formula1=ranges[column.choices],
            allow_blank=True,
            showErrorMessage=False,
        )
    elif column.kind == DATE:
        rule = DataValidation(
            "date", operator="greaterThan", formula1="18264", allow_blank=True
        )
        rule.error = "Skriv datoen som 31.12.2026."
    else:
        return
    rule.errorTitle = column.title
    rule.add(f"{letter}2:{letter}{last}")
    target.add_data_validation(rule)
