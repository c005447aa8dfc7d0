"""Tables of a PDF by the rules that are drawn around their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from glokal.source.extraction.blocks import Doubt, Line, Word, lines_of
from glokal.source.extraction.pdf_pages import PageContent
from glokal.source.extraction.tables import PageTable, TableRow

_SAME_RULE = 3.0
# Where rules meet, browsers draw corners of their own.
_CORNER = 8.0


def ruled_tables(
    page: PageContent, words: Sequence[Word]
) -> tuple[list[tuple[float, PageTable]], list[Word]]:
    """Return the tables that rules are drawn around, each with its top, and the rest.

    A frame with one cell is no table, nor is one with no more than one column or row.
    """
    results: list[tuple[float, PageTable]] = []
    rest = list(words)
    for found in page.found.find_tables(_settings(page.found)):
        rows = [
            TableRow([_cell(cell, rest, page.number) for cell in row.cells])
            for row in found.rows
        ]
        boxes = [list(row.cells) for row in found.rows]
        kept = [at for at, row in enumerate(rows) if any(row.cells)]
        rows = _with_room([rows[at] for at in kept])
        for row, merged in zip(rows, _merged([boxes[at] for at in kept]), strict=True):
            row.merged = merged
        filled = max((sum(1 for c in row.cells if c) for row in rows), default=0)
        if len(rows) < 2 or filled < 2:
            continue
        for row in rows[1:]:
            row.goes_on = not row.cells[0]
        x0, top, x1, bottom = found.bbox
        inside = [
            w
            for w in rest
            if x0 <= (w.x0 + w.x1) / 2 <= x1 and top <= w.middle <= bottom
        ]
        taken = {
            w for row in rows for cell in row.cells for ln in cell for w in ln.words
        }
        if len(taken) < len(inside):
            lost = [w for w in inside if w not in taken]
            page.doubts.append(
                Doubt("outside-cells", page.number, " ".join(w.text for w in lost))
            )
        rest = [w for w in rest if w not in taken]
        results.append((top, PageTable(rows, page.number, ruled=True)))
    return results, rest


def _settings(page: Any) -> dict[str, Any]:
    """Return how tables are found: one cut by the page's end is closed there."""
    upright = [e for e in page.edges if e["orientation"] == "v"]
    level = [
        e["top"] for e in page.edges
        if e["orientation"] == "h" and e["x1"] - e["x0"] > _CORNER
    ]  # fmt: skip
    if not upright:
        return {}
    ends = (min(e["top"] for e in upright), max(e["bottom"] for e in upright))
    cut = [end for end in ends if all(abs(end - y) > _SAME_RULE for y in level)]
    return {"explicit_horizontal_lines": cut}


def _cell(
    box: tuple[float, float, float, float] | None, words: Sequence[Word], page: int
) -> list[Line]:
    if box is None:
        return []
    x0, top, x1, bottom = box
    inside = [
        w for w in words if x0 <= (w.x0 + w.x1) / 2 <= x1 and top <= w.middle <= bottom
    ]
    lines = lines_of(inside, page, max((w.x1 for w in inside), default=0.0))
    # As much is left free at the right as at the left.
    left = min((w.x0 for w in inside), default=x0) - x0
    return [replace(line, edge=x1 - left) for line in lines]


_Box = tuple[float, float, float, float]


def _merged(rows: Sequence[Sequence[_Box | None]]) -> list[dict[int, tuple[int, int]]]:
    """Return, for each row, over how many rows and columns its cells are merged.

    A place in the grid that a cell from above or from the left reaches has no box.
    """
    tops = [min((b[1] for b in row if b), default=0.0) for row in rows]
    lefts = [
        min((row[at][0] for row in rows if row[at]), default=0.0)  # type: ignore[index]
        for at in range(len(rows[0]) if rows else 0)
    ]
    results = []
    for number, row in enumerate(rows):
        merged = {}
        for at, box in enumerate(row):
            if box is None:
                continue
            below = sum(
                1
                for further in range(number + 1, len(rows))
                if rows[further][at] is None and tops[further] < box[3] - _SAME_RULE
            )
            beside = sum(
                1
                for further in range(at + 1, len(row))
                if row[further] is None and lefts[further] < box[2] - _SAME_RULE
            )
            if below or beside:
                merged[at] = (below, beside)
        results.append(merged)
    return results


def _with_room(rows: Sequence[TableRow]) -> list[TableRow]:
    """Return rows whose lines may reach as far as any other of their column."""
    rooms: dict[int, float] = {}
    for row in rows:
        for at, cell in enumerate(row.cells):
            rooms[at] = max([rooms.get(at, 0.0), *(line.x1 for line in cell)])
    return [
        TableRow(
            [[replace(ln, room=rooms[at]) for ln in c] for at, c in enumerate(r.cells)]
        )
        for r in rows
    ]
