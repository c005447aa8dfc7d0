"""Sheets of an OpenDocument workbook (ISO/IEC 26300), as LibreOffice writes it.

A row or a cell may stand for many (`table:number-rows-repeated`); what is repeated and
empty at the end of a sheet isn't unrolled.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from openpyxl.utils import get_column_letter

from glokal.core.errors import InputError
from glokal.core.files.bounded_read import as_input, size_of
from glokal.workbook.grid import OUR_COLOURS, STRUCK, Formula, Grid
from glokal.workbook.limits import check_workbook
from glokal.workbook.whole_file import whole_fault
from glokal.workbook.xlsx_grid import COLUMNS, LINES

_NS = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"{{{_NS.format(name)}}}" for name in ("table", "office", "text", "style")
)
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_ROWS = (f"{_TABLE}table-row",)
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
# The base has long rows, and many of them.
_BASE_LINES = 1_000_000


def read_ods(path: Path, lang: str) -> Iterator[Grid]:
    """Yield the sheets of a workbook; WorkbookFault when it isn't one or too large."""
    with as_input():
        size_of(path, str(path))
    try:
        # Whatever is declared in a document type is refused here, before it is parsed.
        check_workbook(path, lang)
        with zipfile.ZipFile(path) as packed:
            root = ET.fromstring(packed.read("content.xml"))  # noqa: S314
        looks = _looks(root)
        tables = list(root.iter(f"{_TABLE}table"))
    except InputError:
        raise
    except OSError as error:
        raise whole_fault("unreadable", lang, path, why=error.strerror) from error
    except (zipfile.BadZipFile, KeyError, ET.ParseError, RuntimeError) as error:
        raise whole_fault("broken", lang, path) from error
    hidden = {
        str(style.get(f"{_STYLE}name"))
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    for table in tables:
        apart = table.get(f"{_TABLE}style-name") in hidden
        yield _grid(table, looks, path, lang, apart)


def _looks(root: ET.Element) -> dict[str, str]:
    """Return the colour of each style of cells, or that it strikes through."""
    found = {}
    for style in root.iter(f"{_STYLE}style"):
        colour = ""
        for properties in style.iter(f"{_STYLE}table-cell-properties"):
            colour = properties.get(f"{_FO}background-color", "").lstrip("#").lower()
        for properties in style.iter(f"{_STYLE}text-properties"):
            struck = properties.get(f"{_STYLE}text-line-through-style", "none")
            colour = STRUCK if struck != "none" else colour
        if colour not in ("", "transparent") and colour not in OUR_COLOURS:
            found[str(style.get(f"{_STYLE}name"))] = colour
    return found


def _grid(
    table: ET.Element, looks: dict[str, str], path: Path, lang: str, apart: bool
) -> Grid:
    title = str(table.get(f"{_TABLE}name"))
    grid = Grid(title, [])
    most = _BASE_LINES if apart else LINES + 1
    number = 0
    for row in table.iter(*_ROWS):
        times = _times(row, "rows")
        cells = _cells(row, grid, looks, number, path, lang)
        if any(value is not None for value in cells):
            if number + times > most:
                raise whole_fault("long", lang, path, sheet=title, most=LINES)
            while len(grid.rows) < number:
                grid.rows.append([])
            grid.rows += [list(cells) for _ in range(times)]
        if row.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            grid.hidden |= set(range(number + 1, min(number + times, most) + 1))
        number += times
    return grid


def _cells(
    row: ET.Element,
    grid: Grid,
    looks: dict[str, str],
    number: int,
    path: Path,
    lang: str,
) -> list[object]:
    values: list[object] = []
    column = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        times = _times(cell, "columns")
        value = _value(cell)
        if value is not None:
            if column + times > COLUMNS:
                raise whole_fault(
                    "wide", lang, path, sheet=grid.title, last=column, most=COLUMNS
                )
            values += [None] * (column - len(values))
            values += [value] * times
        if any(cell.get(f"{_TABLE}number-{x}-spanned", "1") != "1" for x in _SPANS):
            grid.merged.append(f"{get_column_letter(column + 1)}{number + 1}")
        note = cell.find(f"{_OFFICE}annotation")
        if note is not None:
            grid.notes[number, column] = _paragraphs(note)
        look = looks.get(cell.get(f"{_TABLE}style-name", ""))
        if look and value is not None:
            grid.colours |= {(number, column + n): look for n in range(times)}
        column += times
    return values


_SPANS = ("columns", "rows")


def _times(element: ET.Element, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", "1")))


def _value(cell: ET.Element) -> object:
    formula = cell.get(f"{_TABLE}formula")
    if formula is not None:
        return Formula(formula)
    kind = cell.get(f"{_OFFICE}value-type")
    if kind is None:
        return None
    if kind == "date":
        written = cell.get(f"{_OFFICE}date-value", "")
        try:
            return datetime.datetime.fromisoformat(written)
        except ValueError:
            return written
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind in ("float", "percentage", "currency"):
        value = float(cell.get(f"{_OFFICE}value", "0"))
        return int(value) if value.is_integer() else value
    return _paragraphs(cell)


def _paragraphs(element: ET.Element) -> str:
    """Return the text of a cell or a note, its paragraphs as lines."""
    return "\n".join(_text(part) for part in element.findall(f"{_TEXT}p"))


def _text(element: ET.Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * int(child.get(f"{_TEXT}c", "1")))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag != f"{_OFFICE}annotation":
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
