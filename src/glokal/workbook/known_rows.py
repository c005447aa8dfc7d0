"""Rows of what is there already: what they change, and what that needs."""

from __future__ import annotations

from glokal.workbook.changes import CHANGED, REJECTED, CellFault, RowChange
from glokal.workbook.layout import ALWAYS, load_layout
from glokal.workbook.planning import CHECK, LIFE, LIVES, SAID, Planning
from glokal.workbook.read_workbook import SubmittedRow
from glokal.workbook.rows import SheetRow


def known_row(
    plan: Planning,
    line: SubmittedRow,
    key: str,
    kind: str,
    *,
    row: SheetRow | None = None,
    faults: list[CellFault] | None = None,
) -> list[RowChange]:
    """Return what a row asks of a thing that is there, nothing for nothing.

    `row` has the values of a row that is read already, with its `faults`.
    """
    sheet = load_layout().sheet(line.sheet)
    now = plan.now.rows[kind].get(key)
    base = plan.filled.base.rows.get(kind, {}).get(key)
    before = {**(now or {}), **(base or now or {})}
    if row is None:
        row, faults = plan.read(line, sheet, before)
    faults = faults or []
    columns = [c for c in sheet.columns if c.name in before]
    edited = [c for c in columns if row[c.name] != before[c.name]]
    if now is None:
        if not edited and not faults:
            return []
        gone = CellFault("", "gone", {"key": key})
        return [RowChange(line, kind, key, before, row, REJECTED, (), [gone])]
    taken = dict(now)
    edits = []
    # What this workbook brought the last time may be corrected by it.
    own = kind in LIVES and all(row[c] and row[c] == now[c] for c in CHECK)
    for column in edited:
        mine, theirs = row[column.name], now[column.name]
        if mine == theirs:
            continue
        if column.edit != ALWAYS:
            faults.append(CellFault(column.name, "kept" if sheet.file else "quotation"))
        elif (
            theirs != before[column.name]
            and column.name not in CHECK
            and not (own and column.name in (*LIFE, *SAID))
        ):
            details = {
                "was": plan.shown(before[column.name], column),
                "now": plan.shown(theirs, column),
                "mine": plan.shown(mine, column),
            }
            faults.append(CellFault(column.name, "conflict", details))
        else:
            taken[column.name] = mine
            edits.append(column.name)
    if edits:
        again = own and any(before[c] != now[c] for c in CHECK)
        # What can't be read is told once.
        unread = {fault.column for fault in faults}
        needed = needs_source(plan, kind, now, taken, edits, again=again)
        faults += [fault for fault in needed if fault.column not in unread]
    if not edits and not faults:
        return []
    return [RowChange(line, kind, key, now, taken, CHANGED, tuple(edits), faults)]


def needs_source(
    plan: Planning,
    kind: str,
    now: SheetRow,
    row: SheetRow,
    edits: list[str],
    *,
    again: bool = False,
) -> list[CellFault]:
    """Return what is missing of the source that a change of a life must cite.

    `again` says that what the workbook itself brought is corrected by it.
    """
    if kind not in LIVES or not set(edits) & {*LIFE, *SAID, *CHECK}:
        return []
    faults = [
        CellFault(c, "emptied") for c in edits if c in (*LIFE, *SAID) and not row[c]
    ]
    faults += check_faults(plan, row)
    if faults or again:
        return faults
    if (row["checked"], row["source"]) == (now["checked"], now["source"]):
        return [CellFault("source", "old_source")]
    # An older check of somebody else's confirms; it can't say what is so now.
    other = row["vouched"] != now["vouched"] and not set(edits) & {*LIFE, *SAID}
    if now["checked"] and row["checked"] < now["checked"] and not other:
        return [CellFault("checked", "older_check")]
    return []


def check_faults(plan: Planning, row: SheetRow) -> list[CellFault]:
    """Return what is wrong with the day, the voucher, the source and the period."""
    faults = [CellFault(c, f"no_{c}") for c in CHECK if not row[c]]
    if row["checked"] > plan.today.isoformat():
        faults.append(CellFault("checked", "future_check"))
    length = min(len(row.get("start", "")), len(row.get("end", "")))
    if length and row["start"][:length] > row["end"][:length]:
        faults.append(CellFault("end", "order"))
    return faults
