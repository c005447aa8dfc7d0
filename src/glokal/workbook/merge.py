"""What a workbook asks for: each row held against what it was and what is now.

Three sides: the row as it was exported, the row as the register has it now, the row as
it came back. A value that only the workbook changed is taken; one that both changed,
differently, is a conflict. What is reported adds to what was, so that two may confirm
the same.
"""

from __future__ import annotations

import datetime
from collections import Counter

from glokal.workbook.changes import (
    CHANGED,
    CellFault,
    ImportPlan,
    RowChange,
)
from glokal.workbook.flat_sheet import FlatRows
from glokal.workbook.known_rows import known_row
from glokal.workbook.moved_values import question_moved
from glokal.workbook.new_rows import plan_new
from glokal.workbook.planning import CHECK, Answers, Planning
from glokal.workbook.read_workbook import FLAT, SubmittedRow, SubmittedWorkbook
from glokal.workbook.rows import WorkbookRows

# What is new may be chosen in the sheets that are read after its own.
_READ = ("organisation", FLAT, "activity", "participation", "entry")
# How they stand in the workbook.
_SHOWN = (FLAT, "organisation", "activity", "participation", "entry")


def plan_import(
    filled: SubmittedWorkbook,
    now: WorkbookRows,
    used: frozenset[str],
    answers: Answers,
    today: datetime.date,
) -> ImportPlan:
    """Return what a workbook asks for.

    `now` is the whole register, `used` are the keys that were ever used, `answers` are
    a person's, `today` is the day on which it is taken in.
    """
    plan = Planning(filled, now, set(used), answers, today)
    plan.made.notes = tuple(filled.old_letters)
    lines = sorted(filled.lines, key=lambda x: _READ.index(x.sheet))
    keys = Counter((line.sheet, _key(line)) for line in lines)
    asked: list[RowChange] = []
    plan.made.asked = asked
    offered = FlatRows(plan)
    for line in lines:
        key = _key(line)
        plan.made.hidden += line.hidden
        was = (
            key in filled.base.rows.get(_kind(line), {}) or key in now.rows[line.sheet]
        )
        if line.sheet == FLAT:
            requests = offered.row(line, key if was else "")
        elif was:
            requests = known_row(plan, line, key, line.sheet)
        else:
            requests = plan_new(plan, line)
        proposed = plan.proposed.pop((line.sheet, line.number), [])
        if requests:
            requests += plan.complete(proposed, offered.checks(requests))
        if key and keys[line.sheet, key] > 1 and requests:
            requests[0].faults.append(CellFault("", "twice", {"key": key}))
        asked += requests
    plan.made.remarks = (*filled.remarks, *offered.remarks)
    _same_in_two_sheets(plan.made)
    question_moved(plan.made)
    hold_rows(plan.made)
    for sheet, rows in filled.base.rows.items():
        remaining = {_key(x) for x in filled.lines if _kind(x) == sheet}
        plan.made.missing += [(sheet, k) for k in rows if k not in remaining]
    asked.sort(key=lambda a: (_SHOWN.index(a.line.sheet), a.line.number))
    return plan.made


def hold_rows(plan: ImportPlan) -> None:
    """Hold back the other changes of a row that has a fault in one of them."""
    wrong = {(a.line.sheet, a.line.number) for a in plan.rejected}
    for asked in plan.asked:
        asked.held = (asked.line.sheet, asked.line.number) in wrong


def _same_in_two_sheets(plan: ImportPlan) -> None:
    """Take a change once that stands in two sheets; two different ones are a fault."""
    first: dict[tuple[str, str], RowChange] = {}
    for asked in list(plan.asked):
        if asked.state != CHANGED or asked.faults:
            continue
        other = first.setdefault((asked.kind, asked.key), asked)
        if other is asked:
            continue
        both = [c for c in asked.edits if c in other.edits]
        for column in both:
            if asked.row[column] != other.row[column] and column not in CHECK:
                asked.faults.append(CellFault(column, "two_sheets"))
        asked.edits = tuple(c for c in asked.edits if c not in both)
        if not asked.edits and not asked.faults:
            plan.asked.remove(asked)


def _key(line: SubmittedRow) -> str:
    return line.key.strip() if isinstance(line.key, str) else ""


def _kind(line: SubmittedRow) -> str:
    return "activity" if line.sheet == FLAT else line.sheet
