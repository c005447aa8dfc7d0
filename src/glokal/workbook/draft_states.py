"""Rows of a draft about what the document says to be planned, dormant or ended.

The pages show what is confirmed as going on, so each such row is told of: when it is
drafted, and when it has been confirmed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from openpyxl.utils import get_column_letter

from glokal.source.draft_row import DraftRow
from glokal.workbook.draft_layout import draft_columns, draft_message, sheet_title

_BULLETS = "•·*-– "


def unsettled_rows(rows: Iterable[DraftRow], lang: str) -> Iterator[str]:
    """Yield what a person is told of such rows, with their places in the workbook.

    The workbook has the rows that aren't done, in their order (`draft_workbook`).
    """
    lines: Counter[str] = Counter()
    for row in rows:
        if row.done:
            continue
        lines[row.sheet] += 1
        if row.values.get("status"):
            names = [column.name for column in draft_columns(row.sheet, lang, ())]
            letter = get_column_letter(names.index("quote") + 1)
            place = f"{sheet_title(row.sheet, lang)}!{letter}{lines[row.sheet] + 1}"
            yield told_of(row, place, lang)


def told_of(row: DraftRow, place: str, lang: str) -> str:
    """Return what is told of a row that stands at a place."""
    what = row.values.get("network") or " ".join(row.quote.split()).lstrip(_BULLETS)
    return draft_message(
        "state", lang, place=place, status=row.values["status"], what=what
    )
