"""Writing the workbook of a draft: a row for each thing that a person is asked of."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from glokal.core.settings import Project
from glokal.core.xlsx import saved
from glokal.dataset.labels import Labels
from glokal.source.draft_known import kinds
from glokal.source.draft_row import SHEETS, DraftRow, parts_of
from glokal.workbook.draft_layout import (
    LISTS,
    DraftColumn,
    choices_of,
    draft_columns,
    draft_words,
    reason_label,
    sheet_title,
    unread_columns,
)
from glokal.workbook.draft_states import unsettled_rows
from glokal.workbook.write_workbook import (
    HEAD,
    WRAP,
    allow,
    protect,
    put_text,
    row_height,
    same_bytes,
    set_up_print,
    write_lists,
)

_SPARE = 30
_WIDE = 110
_LINE = 15


@dataclass(frozen=True)
class DraftTexts:
    """What a draft's workbook says of itself.

    `document` is the name of the document, `file` what the workbook will be called,
    `offered` the names that a column proposes beside others, by sheet and column.
    """

    document: str
    file: str
    offered: Mapping[str, Iterable[str]]


def write_draft(
    rows: Iterable[DraftRow],
    labels: Labels,
    project: Project,
    languages: Sequence[str],
    lang: str,
    texts: DraftTexts,
) -> bytes:
    """Return the workbook, the same bytes for the same rows.

    `languages` are those of names, `lang` is that of the workbook.
    """
    words = draft_words(lang)
    rows = list(rows)
    book = openpyxl.Workbook()
    moment = datetime.datetime.combine(project.modified, datetime.time())
    book.properties.created = moment
    book.properties.creator = project.publisher.name[project.languages[0]]
    first: Any = book.active
    first.title = words["title"]
    first.column_dimensions["A"].width = _WIDE
    told = [
        t.format(document=texts.document, file=texts.file)
        for t in words["instructions"]
    ]
    told += [*unread_columns(rows, lang), *unsettled_rows(rows, lang)]
    for line, shown in enumerate(told, 1):
        cell = first.cell(line, 1)
        put_text(cell, shown)
        cell.alignment = WRAP
        first.row_dimensions[line].height = row_height([(shown, _WIDE)], _LINE)
        if line == 1:
            cell.font = Font(bold=True, size=14)
    set_up_print(first, table=False)
    lists = {
        f"{sheet}-{column}": known
        for sheet in SHEETS
        for column, known in choices_of(sheet, labels, lang).items()
    }
    strict = frozenset(n for n in lists if n.partition("-")[2] not in LISTS)
    lists["confirmed"] = dict.fromkeys((words["yes"][0], words["no"][0]), "")
    lists["same"] = {words["yes"][1]: ""}
    lists |= {name: dict.fromkeys(of, "") for name, of in texts.offered.items() if of}
    ranges = write_lists(book, lists, words["lists"])
    for sheet in SHEETS:
        target = book.create_sheet(sheet_title(sheet, lang))
        columns = draft_columns(sheet, lang, languages)
        of = [row for row in rows if row.sheet == sheet and not row.done]
        _fill(target, columns, of, _shown(labels, lang))
        _offer(target, sheet, columns, ranges, strict, len(of) + 1 + _SPARE)
        set_up_print(target, table=True)
        protect(target)
    book.move_sheet(words["lists"], len(SHEETS))
    return same_bytes(saved(book), moment)


def _shown(labels: Labels, lang: str) -> Callable[[DraftRow, str], str]:
    """Return what gives the text of a cell, by its row and the name of its column."""

    def shown(row: DraftRow, name: str) -> str:
        if name == "key":
            return row.key
        if name == "quote":
            return " ".join(_shown_signs(row.quote).split())
        value = row.values.get(name, "")
        if name == "reason" and value:
            return reason_label(value, lang)
        if name == "sphere":
            return "; ".join(labels.of(iri, lang) for iri in parts_of(value))
        if name in ("kind", "read_as") and value:
            return labels.of(kinds()[value].iri, lang)
        known = name == "programme" and "://" in value
        return labels.of(value, lang) if known else value

    return shown


def _shown_signs(text: str) -> str:
    """Return a text with the marks that only a typeface of the document can show."""
    signs = ("•" if unicodedata.category(c) == "Co" else c for c in text)
    return "".join(c for c in signs if unicodedata.category(c) not in ("Cf", "Cn"))


def _fill(
    target: Any,
    columns: Sequence[DraftColumn],
    rows: Sequence[DraftRow],
    text_of_cell: Callable[[DraftRow, str], str],
) -> None:
    for number, column in enumerate(columns, 1):
        cell = target.cell(1, number)
        put_text(cell, column.title)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = HEAD
        cell.alignment = WRAP
        target.column_dimensions[get_column_letter(number)].width = column.width
    for line in range(2, len(rows) + 2 + _SPARE):
        row = rows[line - 2] if line - 2 < len(rows) else None
        shown = []
        for number, column in enumerate(columns, 1):
            cell = target.cell(line, number)
            value = text_of_cell(row, column.name) if row else ""
            put_text(cell, value)
            cell.alignment = WRAP
            allow(cell, editable=column.name != "key" or row is None)
            shown.append((value, column.width))
        target.row_dimensions[line].height = row_height(shown, _LINE)
    target.freeze_panes = "D2"
    last = get_column_letter(len(columns))
    target.auto_filter.ref = f"A1:{last}{max(len(rows) + 1, 2)}"


def _offer(
    target: Any,
    sheet: str,
    columns: Sequence[DraftColumn],
    ranges: Mapping[str, str],
    strict: Container[str],
    last: int,
) -> None:
    for number, column in enumerate(columns, 1):
        own = column.name in ("confirmed", "same")
        named = column.name if own else f"{sheet}-{column.name}"
        if named in ranges:
            rule = DataValidation("list", formula1=ranges[named], allow_blank=True)
            rule.showErrorMessage = named in strict
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{last}")
            target.add_data_validation(rule)
