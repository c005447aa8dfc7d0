"""An answer as a workbook (.xlsx): the same words as on the page, the things linked."""

from __future__ import annotations

from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from glokal.publish.tables import Answer
from glokal.store.workbook import workbook_bytes

_WIDEST = 60


def as_workbook(answer: Answer, title: str, address: str) -> bytes:
    """Return an answer as a file; `address` is what the links begin with."""
    book = openpyxl.Workbook()
    book.properties.title = title
    sheet: Any = book.active
    sheet.append(list(answer.columns))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    widths = [len(c) for c in answer.columns]
    for line, row in enumerate(answer.rows, 2):
        for number, values in enumerate(row, 1):
            text = ", ".join(v.text for v in values)
            cell = sheet.cell(line, number)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            # Text that starts like a formula stays text.
            cell.value, cell.data_type = text, "s"
            if text.isdecimal() and (text == "0" or text[0] != "0"):
                cell.value = int(text)
            elif len(values) == 1 and values[0].href:
                outside = "://" in values[0].href
                cell.hyperlink = values[0].href if outside else address + values[0].href
                cell.style = "Hyperlink"
            widths[number - 1] = max(widths[number - 1], len(text))
    for number, width in enumerate(widths, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = min(width, _WIDEST) + 3
    sheet.freeze_panes = "A2"
    if answer.rows:
        sheet.auto_filter.ref = sheet.dimensions
    return workbook_bytes(book)
