"""The flat sheet: an activity, who takes part in it and what is reported, on one row.

A row asks for several changes, of which all are taken or none. The day, the voucher and
the source that aren't filled in are those of the row above.
"""

from __future__ import annotations

from glokal.core.namespaces import CODE
from glokal.workbook.changes import NEW, SAME, CellFault, RowChange
from glokal.workbook.grid import Formula
from glokal.workbook.known_rows import check_faults, known_row
from glokal.workbook.layout import load_layout
from glokal.workbook.new_rows import finished, new_participation, new_thing
from glokal.workbook.planning import CHECK, COMING, LIFE, Planning
from glokal.workbook.read_workbook import FLAT, SubmittedRow
from glokal.workbook.remarks import REMARK, Remark
from glokal.workbook.rows import SheetRow, flat_rows

_ROLES = {
    "municipalities": CODE + "role/participant",
    "partners": CODE + "role/partner",
}
# In which columns of the flat sheet a participation is written.
_WRITTEN = {"activity": "name_nb", "role": "partners", "organisation": "partners"}


class FlatRows:
    """Reads the rows of the flat sheet; `remarks` has what their last column says."""

    def __init__(self, plan: Planning) -> None:
        self.plan = plan
        self.remarks: list[Remark] = []
        base = plan.filled.base
        own = set(plan.lists["things:MunicipalAuthority"].values())
        self.before = flat_rows(
            {k: _whole(r) for k, r in base.rows.get("activity", {}).items()},
            base.rows.get("participation", {}),
            own,
        )
        self.now = plan.now.rows[FLAT]
        self.iris: dict[str, str] = {}
        # The row above that was filled in, and its day, voucher and source.
        self.above: tuple[int, SheetRow] | None = None

    def row(self, line: SubmittedRow, key: str) -> list[RowChange]:
        """Return what a row asks for; `key` is "" for what is new."""
        sheet = load_layout().sheet(FLAT)
        before = {**self.now.get(key, {}), **self.before.get(key, {})} if key else {}
        before = before or dict.fromkeys(sheet.names, "")
        row, faults = self.plan.read(line, sheet, before)
        self._remark(line, row, before)
        changed = [c for c in sheet.names - {"remark"} if row[c] != before[c]]
        if not changed and not faults:
            return []
        needs = not key or set(changed) - {"name_nb", "name_en"}
        if needs:
            self._offer(line, row, before)
        if key:
            requests = self._known(line, key, row, before, faults)
        else:
            requests = self._new(line, row, faults)
        if not requests:
            return []
        activity = requests[0]
        requests += self._participants(line, activity, row, before, bool(key))
        return [a for a in requests if a.state != SAME]

    def checks(self, requests: list[RowChange]) -> SheetRow:
        """Return the day, voucher and source that count for what a row asks for."""
        rows = [a.row for a in requests]
        return next((r for r in rows if r.get("source")), rows[0])

    def _known(
        self,
        line: SubmittedRow,
        key: str,
        row: SheetRow,
        before: SheetRow,
        faults: list[CellFault],
    ) -> list[RowChange]:
        for column in ("municipalities", "partners"):
            if set(before[column].split()) - set(row[column].split()):
                faults.append(CellFault(column, "left"))
                row[column] = before[column]
        requests = known_row(
            self.plan, line, key, "activity", row=dict(row), faults=faults
        )
        if requests:
            return requests
        # Only who takes part has changed.
        now = self.plan.now.rows["activity"][key]
        return [RowChange(line, "activity", key, now, dict(now), SAME)]

    def _new(
        self, line: SubmittedRow, row: SheetRow, faults: list[CellFault]
    ) -> list[RowChange]:
        scope = self.plan.filled.base.scope
        own = self.plan.lists["things:MunicipalAuthority"].values()
        mine = [iri for iri in own if iri.rpartition("/")[2] == scope]
        unread = any(f.column == "municipalities" for f in faults)
        if not row["municipalities"] and not unread:
            row["municipalities"] = " ".join(mine)
        asked = RowChange(line, "activity", "", {}, {**row, "name_nn": ""}, NEW)
        asked.faults = faults
        if isinstance(line.key, Formula):
            faults.append(CellFault("", "formula", {"value": line.key.text}))
            return [asked]
        new_thing(self.plan, asked)
        if not row["municipalities"] and not unread and asked.state == NEW:
            asked.faults.append(CellFault("municipalities", "no_municipality"))
        return finished(asked) or [asked]

    def _participants(
        self,
        line: SubmittedRow,
        activity: RowChange,
        row: SheetRow,
        before: SheetRow,
        known: bool,
    ) -> list[RowChange]:
        """Return the participations that a row asks for."""
        coming = activity.state == NEW
        key = activity.key
        value = f"{COMING}{key}" if coming else self._iri(key)
        requests = []
        for column, role in _ROLES.items():
            there = set(before[column].split()) if known else set()
            for who in row[column].split():
                if who in there:
                    continue
                part = {
                    **dict.fromkeys(LIFE, ""),
                    "activity": value,
                    "organisation": who,
                    "role": role,
                    **{c: "" if coming else row[c] for c in CHECK},
                }
                asked = RowChange(line, "participation", "", {}, part, NEW)
                asked.columns = {**_WRITTEN, "organisation": column}
                if activity.key:
                    new_participation(self.plan, asked)
                    asked.faults = [
                        CellFault(asked.place(f.column), f.name, f.details)
                        for f in asked.faults
                    ]
                requests += finished(asked)
        if requests and not coming:
            given = {f.column for f in activity.faults}
            checks = check_faults(self.plan, {c: row[c] for c in CHECK})
            requests[0].faults += [f for f in checks if f.column not in given]
        return requests

    def _iri(self, key: str) -> str:
        """Return the value that an activity has in the lists."""
        if not self.iris:
            known = self.plan.lists["participationIn"].values()
            self.iris = {iri.rpartition("/")[2]: iri for iri in known}
        return self.iris.get(key.rpartition("/")[2], "")

    def _offer(self, line: SubmittedRow, row: SheetRow, before: SheetRow) -> None:
        """Fill in the day, the voucher and the source from the row above."""
        own = [c for c in CHECK if row[c] and row[c] != before[c]]
        if len(own) < len(CHECK) and self.above is not None:
            number, above = self.above
            for column in CHECK:
                if column not in own:
                    row[column] = above[column]
            self.plan.made.offered[line.number] = number
        if all(row[c] for c in CHECK) and own:
            self.above = line.number, {c: row[c] for c in CHECK}

    def _remark(self, line: SubmittedRow, row: SheetRow, before: SheetRow) -> None:
        text = row["remark"]
        if text and text != before["remark"]:
            letter = self.plan.filled.columns[FLAT, "remark"]
            title = self.plan.filled.layout.sheet(FLAT).title
            cell = f"{letter}{line.number}"
            self.remarks.append(Remark(REMARK, title, cell, text, row["name_nb"]))


def _whole(row: SheetRow) -> SheetRow:
    """Return a row of the base with the columns that its format may lack."""
    return {"area": "", **row}
