"""Sheets of an Office Open XML workbook, by openpyxl."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import XMLPullParser
from zipfile import ZipFile

import openpyxl
from openpyxl.utils import get_column_letter

from glokal.core.errors import InputError
from glokal.core.files.bounded_read import as_input, size_of
from glokal.core.namespaces import OOXML_STRICT
from glokal.core.xlsx import unescape_text
from glokal.workbook.grid import OUR_COLOURS, STRUCK, Formula, Grid
from glokal.workbook.limits import check_workbook
from glokal.workbook.whole_file import whole_fault

LINES, COLUMNS = 20_000, 500
# The base has a row for each thing that the register knew.
_BASE_CELLS = 5_000_000
# Bytes in which the first tag of a part stands.
_HEAD = 8192
_PLAIN = (str, int, float, datetime.date, datetime.time)


def open_workbook(path: Path, lang: str) -> Any:
    """Open a workbook; WorkbookFault when it isn't one or is too large."""
    with as_input():
        # A FIFO or a device isn't opened.
        size_of(path, str(path))
    try:
        check_workbook(path, lang)
        if _is_strict(path):
            raise whole_fault("strict", lang, path)
        with warnings.catch_warnings():
            # What openpyxl passes over is for this package to judge.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path)
    except InputError:
        raise
    except OSError as error:
        raise whole_fault("unreadable", lang, path, why=error.strerror) from error
    except Exception as error:
        # openpyxl lets through whatever its parsers raise at a broken part.
        raise whole_fault("broken", lang, path) from error


def _is_strict(path: Path) -> bool:
    """Whether a workbook is in the strict form (ISO/IEC 29500-1), other words for all.

    Excel saves it as “Strict Open XML Spreadsheet”; openpyxl finds nothing in it.
    """
    parser: Any = XMLPullParser(["start"])
    with ZipFile(path) as packed, packed.open("xl/workbook.xml") as part:
        parser.feed(part.read(_HEAD))
    tags = (str(element.tag) for _, element in parser.read_events())
    return next(tags, "").startswith(f"{{{OOXML_STRICT}")


def read_xlsx(path: Path, lang: str) -> Iterator[Grid]:
    """Yield the sheets of a workbook; WorkbookFault when one is too large."""
    book = open_workbook(path, lang)
    for source in book.worksheets:
        if source.sheet_state != "veryHidden":
            if source.max_column > COLUMNS:
                last = get_column_letter(source.max_column)
                raise whole_fault(
                    "wide", lang, path, sheet=source.title, last=last, most=COLUMNS
                )
            if source.max_row > LINES and any(
                cell.value is not None for cell in source[source.max_row]
            ):
                raise whole_fault("long", lang, path, sheet=source.title, most=LINES)
        elif source.max_row * source.max_column > _BASE_CELLS:
            raise whole_fault("lost", lang, path)
        yield _grid(source)


def _grid(source: Any) -> Grid:
    merged = sorted(map(str, source.merged_cells.ranges))
    hidden = {n for n, d in source.row_dimensions.items() if d.hidden}
    grid = Grid(source.title, [], hidden, merged)
    if source.sheet_state == "veryHidden":
        # The base: as long as it must be, and nothing to look at.
        grid.rows = [list(row) for row in source.iter_rows(values_only=True)]
        return grid
    looks: dict[int, str] = {}
    last = min(source.max_row, LINES + 1)
    for row, cells in enumerate(source.iter_rows(max_row=last)):
        values = []
        for column, cell in enumerate(cells):
            values.append(_value(cell))
            if cell.comment is not None:
                grid.notes[row, column] = str(cell.comment.text)
            if cell.has_style:
                if cell.style_id not in looks:
                    looks[cell.style_id] = _look(cell)
                if looks[cell.style_id]:
                    grid.colours[row, column] = looks[cell.style_id]
        grid.rows.append(values)
    return grid


def _look(cell: Any) -> str:
    """Return the colour of a cell, or that it is struck through; "" for ours."""
    if cell.font and cell.font.strike:
        return STRUCK
    fill = cell.fill
    if fill is None or fill.fill_type is None:
        return ""
    colour = fill.fgColor
    if colour.type == "rgb":
        shown = str(colour.rgb)[-6:].lower()
    else:
        # A colour of the theme, whose first two are white and black.
        shown = "" if colour.value in (0, 64) else f"{colour.type} {colour.value}"
    return "" if shown in OUR_COLOURS else shown


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
