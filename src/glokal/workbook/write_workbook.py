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
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from glokal.core.characters import CELL_UNITS
from glokal.core.settings import Project
from glokal.core.xlsx import escape_text, saved
from glokal.dataset.dates import MONTH
from glokal.workbook.base_snapshot import write_snapshot
from glokal.workbook.cell_parsing import shown_date
from glokal.workbook.cell_validation import validate_sheet
from glokal.workbook.layout import (
    ALWAYS,
    CHOICE,
    CHOICES,
    DATE,
    NEW,
    Column,
    Layout,
    SheetLayout,
    load_layout,
)
from glokal.workbook.rows import SheetRow, WorkbookRows

# In Norwegian, whatever language the program is in: elsewhere the month may come first.
DATE_FORMAT = "[$-414]dd.mm.yyyy"
GREY = PatternFill("solid", fgColor="E7E6E6")
WHITE = PatternFill()
HEAD = PatternFill("solid", fgColor="1F3864")
WRAP = Alignment(wrap_text=True, vertical="top")
_WIDE, _KEY_WIDTH = 125, 32
# The line of the instructions that names the recipient.
_RECIPIENT = 2
# A zip's first possible moment: the workbook's own clock says nothing.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_workbook(content: WorkbookRows, project: Project) -> bytes:
    """Return the workbook of the register, in the language of the rows."""
    layout = load_layout(content.lang)
    book = openpyxl.Workbook()
    result = datetime.datetime.combine(project.modified, datetime.time())
    book.properties.created = result
    book.properties.creator = project.publisher.name[project.languages[0]]
    _instructions(book.active, content, project)
    ranges = write_lists(book, content.lists, layout.lists)
    for sheet in layout.sheets:
        target = book.create_sheet(sheet.title)
        _fill(target, sheet, content, ranges, layout)
        set_up_print(target, table=True)
        protect(target)
    base = book.create_sheet(layout.base)
    for line, text in enumerate(write_snapshot(content, project), 1):
        # A row of the base may be longer than a cell. A character is two UTF-16 units
        # at most, by which cells are measured.
        for number, start in enumerate(range(0, len(text), CELL_UNITS // 2), 1):
            put_text(base.cell(line, number), text[start : start + CELL_UNITS // 2])
    base.sheet_state = "veryHidden"
    protect(base)
    book.move_sheet(layout.lists, len(layout.sheets))
    return same_bytes(saved(book), result)


def _instructions(first: Any, content: WorkbookRows, project: Project) -> None:
    layout = load_layout(content.lang)
    first.title = layout.title
    first.column_dimensions["A"].width = _WIDE
    publisher = project.publisher.name
    lang = content.lang if content.lang in publisher else project.languages[0]
    name = content.recipient or publisher[lang]
    recipient = layout.recipient.format(name=name, publisher=publisher[lang])
    for line, text in enumerate(layout.instructions, 1):
        cell = first.cell(line, 1)
        shown = text.format(recipient=recipient) if line == _RECIPIENT else text
        put_text(cell, shown)
        cell.alignment = WRAP
        first.row_dimensions[line].height = row_height(
            [(shown, _WIDE)], 22 if line == 1 else 15
        )
        if line == 1 or (text and not layout.instructions[line - 2]):
            cell.font = Font(bold=True, size=14 if line == 1 else 11)
    set_up_print(first, table=False)
    protect(first)


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
    layout: Layout,
) -> None:
    titles = [layout.key, *(column.title for column in sheet.columns)]
    for number, title in enumerate(titles, 1):
        cell = target.cell(1, number)
        put_text(cell, title)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = HEAD
        cell.alignment = WRAP
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
        key = target.cell(line, 1)
        put_text(key, row_key)
        key.alignment = WRAP
        allow(key, editable=False)
        for number, column in enumerate(sheet.columns, 2):
            cell = target.cell(line, number)
            _put(cell, column, row, labels.get(column.choices, {}))
            allow(cell, editable=column.edit == ALWAYS)
        shown = [(row_key, _KEY_WIDTH)]
        shown += [
            (str(c.value or ""), w)
            for c, w in zip(target[line][1:], widths, strict=False)
        ]
        target.row_dimensions[line].height = row_height(shown, 15)
    there = last = len(rows) + 1
    if sheet.file:
        for line in range(last + 1, last + 1 + layout.spare_rows):
            target.cell(line, 1).number_format = "@"
            allow(target.cell(line, 1), editable=True)
            for number, column in enumerate(sheet.columns, 2):
                cell = target.cell(line, number)
                cell.number_format = _format(column)
                allow(cell, editable=column.edit in (ALWAYS, NEW))
        last += layout.spare_rows
    validate_sheet(target, sheet, ranges, there, last, layout.lang)
    target.freeze_panes = "C2"
    target.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{max(last, 2)}"


def row_height(shown: Iterable[tuple[str, int]], line: int) -> float:
    """Return the height of a row in points, by its texts and their columns' widths."""
    return float(line * max(1, *(-(-len(text) // width) for text, width in shown), 1))


def _put(cell: Cell, column: Column, row: SheetRow, labels: Mapping[str, str]) -> None:
    value = row[column.name]
    if column.kind == DATE and len(value) > MONTH:
        cell.value = datetime.date.fromisoformat(value)
        cell.number_format = DATE_FORMAT
    elif column.kind == DATE:
        put_text(cell, shown_date(value))
        cell.number_format = _format(column)
    elif column.kind in (CHOICE, CHOICES):
        put_text(cell, shown_choice(value, labels))
    else:
        put_text(cell, value)
    cell.alignment = WRAP


def _format(column: Column) -> str:
    # A year or a month that is typed in a cell for dates would become a day.
    return DATE_FORMAT if column.kind == DATE and column.name == "checked" else "@"


def shown_choice(value: str, labels: Mapping[str, str]) -> str:
    """Return the IRIs of a choice as labels with semicolons between them."""
    return "; ".join(labels.get(iri, iri) for iri in value.split())


def put_text(cell: Cell, value: str) -> None:
    """Write a text that stays one."""
    cell.number_format = "@"
    if value:
        cell.value = escape_text(value, f"The cell {cell.coordinate}")
        # Text that starts like a formula stays text, here and when it is edited.
        cell.data_type = "s"
        if value[0] in "=+-@\t\r":
            cell.quotePrefix = True


def allow(cell: Cell, *, editable: bool) -> None:
    """Show whether a cell is to be written in."""
    # No cell of a table is locked: rows with locked cells can't be sorted. What isn't
    # to be written in is grey, and refuses what is typed (`validate_sheet`).
    cell.protection = Protection(locked=False)
    if not editable:
        cell.fill = GREY


def protect(sheet: Any) -> None:
    """Lock the cells that aren't for editing; no password, for it is no secret."""
    sheet.protection.sheet = True
    for allowed in (
        "sort", "autoFilter", "formatColumns", "formatRows", "formatCells",
        "insertRows", "insertColumns", "objects",
    ):  # fmt: skip
        setattr(sheet.protection, allowed, False)


def set_up_print(sheet: Any, *, table: bool) -> None:
    """Set a sheet up for paper: across, all columns, a table with its titles and lines.

    A table is for A3, and its keys stay on the screen.
    """
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if table else sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
    if table:
        sheet.print_title_rows = "1:1"
        sheet.print_options.gridLines = True
        sheet.print_area = f"B1:{get_column_letter(sheet.max_column)}{sheet.max_row}"
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"


def write_lists(
    book: Any, lists: Mapping[str, Mapping[str, str]], title: str
) -> dict[str, str]:
    """Write the lists that cells are chosen from, hidden; return where each stands."""
    sheet = book.create_sheet(title)
    ranges = {}
    for number, (name, known) in enumerate(lists.items(), 1):
        put_text(sheet.cell(1, number), name)
        for line, label in enumerate(known, 2):
            put_text(sheet.cell(line, number), label)
        letter = get_column_letter(number)
        ranges[name] = f"'{title}'!${letter}$2:${letter}${len(known) + 1}"
    sheet.sheet_state = "hidden"
    protect(sheet)
    return ranges
