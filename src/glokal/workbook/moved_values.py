"""A column that was sorted by itself: its values stand beside the wrong rows.

It looks like many edits, each of which is sound; together they only change places.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from glokal.workbook.changes import CHANGED, CellFault, ImportPlan, RowChange
from glokal.workbook.layout import TEXT, load_layout

# Two that changed places may be told; of what many rows share, three are needed.
_FEW, _SHARED = 2, 3


def question_moved(plan: ImportPlan) -> None:
    """Put a fault on each value that stood in another row of its sheet before."""
    edits: dict[tuple[str, str], list[RowChange]] = defaultdict(list)
    for asked in plan.asked:
        if asked.state == CHANGED and asked.now:
            for column in asked.edits:
                edits[asked.line.sheet, column].append(asked)
    for (sheet, column), rows in edits.items():
        there = load_layout().sheet(sheet)
        if column not in there.names:
            continue
        old = Counter(row.now[column] for row in rows if row.now[column])
        new = Counter(row.row[column] for row in rows if row.row[column])
        moved = [r for r in rows if r.row[column] and old[r.row[column]]]
        kind = there.column(column).kind
        if kind == TEXT and column != "source":
            wrong = len(moved) >= _FEW and 2 * len(moved) >= len(rows)
        else:
            wrong = len(moved) >= _SHARED and old == new and len(old) > 1
        if wrong:
            for row in moved:
                row.faults.append(CellFault(column, "moved"))
