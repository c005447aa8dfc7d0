"""A copy of the workbook with each fault marked in its cell."""

from __future__ import annotations

from pathlib import Path

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from glokal.core.settings import Project
from glokal.core.xlsx import saved
from glokal.workbook.changes import ImportPlan
from glokal.workbook.import_report import fault_text, report_texts
from glokal.workbook.layout import load_layout
from glokal.workbook.read_workbook import SubmittedWorkbook, open_workbook
from glokal.workbook.write_workbook import same_bytes

_RED = PatternFill("solid", fgColor="FFC7CE")


def annotate_errors(
    path: Path, plan: ImportPlan, filled: SubmittedWorkbook, project: Project, lang: str
) -> bytes:
    """Return a workbook with the cells at fault red, each with its fault as a note.

    A sheet at the end lists the faults, for those who can't see colours or notes.
    """
    book, layout = open_workbook(path), load_layout()
    words = report_texts(lang)
    if words["fault_sheet"] in book.sheetnames:
        del book[words["fault_sheet"]]
    listed = book.create_sheet(words["fault_sheet"])
    listed.column_dimensions["A"].width = 16
    listed.column_dimensions["B"].width = 10
    listed.column_dimensions["C"].width = 100
    listed.append([words["fault_at"], words["fault_cell"], words["fault_sheet"]])
    for request in plan.rejected:
        sheet = layout.sheet(request.line.sheet)
        for fault in request.faults:
            text = fault_text(fault, request, lang)
            letter = (
                filled.columns.get((sheet.name, fault.column))
                or (filled.columns[sheet.name, ""])
            )
            cell = book[sheet.title][f"{letter}{request.line.number}"]
            cell.fill = _RED
            known = f"{cell.comment.text}\n" if cell.comment else ""
            cell.comment = Comment(known + text, "Glokal", width=320, height=140)
            listed.append([sheet.title, cell.coordinate, text])
            for shown in listed[listed.max_row]:
                shown.data_type = "s"
    return same_bytes(saved(book), book.properties.created)


def marked_path(path: Path) -> Path:
    """Return where the marked copy of a workbook is written: beside it."""
    return path.with_name(f"{path.stem}-feil.xlsx")
