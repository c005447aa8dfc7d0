"""What people say in a workbook beside its cells: notes, colours, columns of their own.

None of it goes into the register by itself; all of it is told to the editor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from glokal.workbook.grid import STRUCK, Grid
from glokal.workbook.layout import Layout
from glokal.workbook.marks import without_draft_marks

NOTE, COLOUR, STRIKE, OWN, REMARK, DRAWING = (
    "note", "colour", "strike", "own", "remark", "drawing",
)  # fmt: skip


@dataclass(frozen=True)
class Remark:
    """Something said beside the cells: what kind, in which sheet and cell, the text.

    `about` is the name in the row, "" without one; `head` the title of the column.
    """

    kind: str
    sheet: str
    cell: str
    text: str
    about: str = ""
    head: str = ""


def remarks_of(
    grid: Grid, top: int, ours: Sequence[int], name: int | None
) -> Iterator[Remark]:
    """Yield what is said in a sheet of ours beside its cells.

    `top` is the index of the row of titles, `ours` are the columns that are read, by
    index, `name` the one that names the row.
    """

    def about(row: int) -> str:
        cells = grid.rows[row] if row < len(grid.rows) else []
        known = name is not None and row > top and name < len(cells)
        return str(cells[name] or "").strip() if known and name is not None else ""

    titles = grid.rows[top]
    for (row, column), written in sorted(grid.notes.items()):
        text = without_draft_marks(written)
        if text:
            yield Remark(NOTE, grid.title, _cell(row, column), text, about(row))
    yield from _colours(grid, top)
    for row, cells in enumerate(grid.rows):
        for column, value in enumerate(cells):
            if (row >= top and column in ours) or value is None:
                continue
            text = " ".join(str(value).split())
            if text and row != top:
                head = titles[column] if row > top and column < len(titles) else ""
                yield Remark(
                    OWN, grid.title, _cell(row, column), text, about(row), _text(head)
                )


def other_sheet(grid: Grid, layout: Layout) -> Iterator[Remark]:
    """Yield what is written in a sheet that isn't read, or beside the instructions."""
    known = {*layout.instructions, ""}
    for row, cells in enumerate(grid.rows):
        for column, value in enumerate(cells):
            text = " ".join(str(value).split()) if value is not None else ""
            if grid.title == layout.title and (text in known or row == 1):
                continue
            if text:
                yield Remark(OWN, grid.title, _cell(row, column), text)
    for (row, column), written in sorted(grid.notes.items()):
        yield Remark(NOTE, grid.title, _cell(row, column), written)


def _colours(grid: Grid, top: int) -> Iterator[Remark]:
    """Yield one remark for each colour of a sheet, with the rows that have it."""
    rows: dict[str, list[int]] = defaultdict(list)
    for (row, _column), colour in sorted(grid.colours.items()):
        filled = row < len(grid.rows) and any(v is not None for v in grid.rows[row])
        if row > top and filled and row not in rows[colour]:
            rows[colour].append(row)
    for colour, numbers in rows.items():
        if numbers:
            kind = STRIKE if colour == STRUCK else COLOUR
            shown = ", ".join(str(number + 1) for number in numbers)
            yield Remark(kind, grid.title, shown, "" if kind == STRIKE else colour)


def _cell(row: int, column: int) -> str:
    return f"{get_column_letter(column + 1)}{row + 1}"


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
