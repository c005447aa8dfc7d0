"""A copy of the workbook with each fault marked in its cell."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from glokal.core.settings import Project
from glokal.core.xlsx import escape_text, saved
from glokal.workbook.changes import FOR_EDITOR, ImportPlan
from glokal.workbook.grid import Formula
from glokal.workbook.import_report import import_fault_text
from glokal.workbook.layout import BOOK_LANGUAGES, load_layout
from glokal.workbook.marks import MARK_COLOUR, signed, without_draft_marks
from glokal.workbook.ods_grid import read_ods
from glokal.workbook.read_workbook import SubmittedWorkbook
from glokal.workbook.whole_file import WorkbookFault, text_of_fault
from glokal.workbook.write_workbook import GREY, WHITE, same_bytes
from glokal.workbook.xlsx_grid import open_workbook

_RED = PatternFill("solid", fgColor=MARK_COLOUR)
Mark = tuple[str, str, str]


def annotate_errors(
    path: Path, plan: ImportPlan, filled: SubmittedWorkbook, project: Project
) -> bytes:
    """Return a workbook with the cells at fault red, each with its fault as a note.

    Faults are told in the workbook's language. A sheet at the end lists them, for those
    who can't see colours or notes. What was marked the last time is no longer.
    """
    layout = filled.layout
    marks = []
    for request in plan.rejected:
        sheet = layout.sheet(request.line.sheet)
        for fault in request.faults:
            if fault.name in FOR_EDITOR:
                continue
            letter = (
                filled.columns.get((sheet.name, fault.column))
                or (filled.columns[sheet.name, ""])
            )
            text = import_fault_text(fault, request, layout.lang)
            marks.append((sheet.title, f"{letter}{request.line.number}", text))
    return _marked(path, marks, project, layout.lang)


def annotate_fault(
    path: Path, fault: WorkbookFault, project: Project, lang: str
) -> bytes | None:
    """Return a copy that shows the fault of a whole workbook, None when none can."""
    said = f"{fault.what} {fault.remedy}"
    marks = [(sheet, cell, said) for sheet, cell in fault.marks] or [("", "", said)]
    try:
        return _marked(path, marks, project, lang)
    except WorkbookFault:
        return None


def marked_path(path: Path, lang: str) -> Path:
    """Return where the marked copy of a workbook is written: beside it."""
    # A copy of a copy has the name that the first one had.
    words = {text_of_fault("fault_sheet", each).lower() for each in BOOK_LANGUAGES}
    stem = path.stem
    for word in words:
        stem = stem.removesuffix(f"-{word}")
    return path.with_name(f"{stem}-{text_of_fault('fault_sheet', lang).lower()}.xlsx")


def _marked(path: Path, marks: Iterable[Mark], project: Project, lang: str) -> bytes:
    book = _book(path, lang)
    for language in BOOK_LANGUAGES:
        if text_of_fault("fault_sheet", language) in book.sheetnames:
            del book[text_of_fault("fault_sheet", language)]
    ours = {s.title for each in BOOK_LANGUAGES for s in load_layout(each).sheets}
    for sheet in book.worksheets:
        if sheet.title in ours:
            _clean(sheet)
    listed = book.create_sheet(text_of_fault("fault_sheet", lang))
    for letter, width in (("A", 16), ("B", 10), ("C", 100)):
        listed.column_dimensions[letter].width = width
    listed.append([text_of_fault(f"fault_{x}", lang) for x in ("at", "cell", "sheet")])
    for title, where, text in marks:
        if title in book.sheetnames:
            cell = book[title][where.partition(":")[0]]
            cell.fill = _RED
            known = f"{cell.comment.text}\n" if cell.comment else ""
            note = Comment(known + signed(text), "Glokal", width=320, height=140)
            cell.comment = note
        listed.append([title, where, text])
        for shown in listed[listed.max_row]:
            shown.data_type = "s"
    return same_bytes(saved(book), book.properties.created)


def _book(path: Path, lang: str) -> Any:
    """Open a workbook to be marked; one of OpenDocument is written anew as .xlsx."""
    if path.suffix.lower() != ".ods":
        return open_workbook(path, lang)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    bases = {load_layout(language).base for language in BOOK_LANGUAGES}
    for grid in read_ods(path, lang):
        sheet: Any = book.create_sheet(grid.title)
        if grid.title in bases:
            sheet.sheet_state = "veryHidden"
        for row, values in enumerate(grid.rows, 1):
            for column, value in enumerate(values, 1):
                if value is None:
                    continue
                cell = sheet.cell(row, column)
                text = value.text if isinstance(value, Formula) else value
                if isinstance(text, str):
                    cell.value = escape_text(text, f"The cell {cell.coordinate}")
                    cell.data_type = "s"
                else:
                    cell.value = text
        for (row, column), note in grid.notes.items():
            sheet.cell(row + 1, column + 1).comment = Comment(note, "")
    return book


def _clean(sheet: Any) -> None:
    """Take away the marks of the last time; what others wrote stays."""
    # The cells that there are; iter_rows() would make all up to one in the last corner.
    for cell in list(sheet._cells.values()):
        if cell.comment is not None:
            theirs = without_draft_marks(str(cell.comment.text))
            author = cell.comment.author
            cell.comment = Comment(theirs, author) if theirs else None
        if cell.has_style and str(cell.fill.fgColor.rgb)[-6:] == MARK_COLOUR:
            cell.fill = GREY if cell.protection.locked else WHITE
