"""What a workbook asks for: each row held against what it was and what is now.

Three sides: the row as it was exported, the row as the register has it now, the row as
it came back. A value that only the workbook changed is taken; one that both changed,
differently, is a conflict.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from glokal.workbook.cell_parsing import CellError, plain_text, read_cell
from glokal.workbook.changes import (
    CHANGED,
    NEW,
    REJECTED,
    SAME,
    CellFault,
    ImportPlan,
    RowChange,
)
from glokal.workbook.duplicates import probable_duplicates, slugify
from glokal.workbook.layout import (
    ALWAYS,
    CHOICE,
    CHOICES,
    TEXT,
    Column,
    SheetLayout,
    load_layout,
)
from glokal.workbook.read_workbook import Formula, SubmittedRow, SubmittedWorkbook
from glokal.workbook.rows import Row, WorkbookRows

_KEY = re.compile(r"(?:[a-z]+(?:-[a-z]+)*/)?([a-z0-9]+(?:-[a-z0-9]+)*)")
LIFE = ("status", "start", "end", "checked", "vouched", "source")
LIVES = ("activity", "participation")
CHECK = ("checked", "vouched", "source")


ConfirmNew = Callable[[str, str], bool]


def plan_import(
    filled: SubmittedWorkbook,
    now: WorkbookRows,
    used: frozenset[str],
    is_new: ConfirmNew,
) -> ImportPlan:
    """Return what a workbook asks for.

    `now` is the whole register, `used` are the keys that were ever used, `is_new` is
    asked with a new name and one like it whether they are two things.
    """
    return _Planner(filled, now, used, is_new).plan()


class _Planner:
    def __init__(
        self,
        filled: SubmittedWorkbook,
        now: WorkbookRows,
        used: frozenset[str],
        is_new: ConfirmNew,
    ) -> None:
        self.filled, self.now, self.is_new = filled, now, is_new
        self.used = set(used)
        self.lists = {
            name: {**known, **filled.base.lists.get(name, {})}
            for name, known in now.lists.items()
        }
        self.made = ImportPlan(ignored=tuple(filled.ignored))

    def plan(self) -> ImportPlan:
        keys = Counter(self._key(line) for line in self.filled.lines)
        order = {"organisation": 0, "activity": 1, "participation": 2, "entry": 3}
        for line in sorted(self.filled.lines, key=lambda x: order[x.sheet]):
            key = self._key(line)
            self.made.hidden += line.hidden
            request = (
                self._known(line, key) if self._was(line, key) else self._new(line)
            )
            if key and keys[key] > 1 and request is not None:
                request.faults.append(CellFault("", "twice", {"key": key}))
            if request is not None:
                self.made.asked.append(request)
        for sheet, rows in self.filled.base.rows.items():
            remaining = {self._key(x) for x in self.filled.lines if x.sheet == sheet}
            self.made.missing += [(sheet, k) for k in rows if k not in remaining]
        self.made.asked.sort(key=lambda a: (order[a.line.sheet], a.line.number))
        return self.made

    def _key(self, line: SubmittedRow) -> str:
        return line.key.strip() if isinstance(line.key, str) else ""

    def _was(self, line: SubmittedRow, key: str) -> bool:
        return key in self.filled.base.rows.get(line.sheet, {}) or (
            key in self.now.rows[line.sheet]
        )

    def _known(self, line: SubmittedRow, key: str) -> RowChange | None:
        """Return what a row asks of a thing that is there, None for nothing."""
        sheet = load_layout().sheet(line.sheet)
        now = self.now.rows[line.sheet].get(key)
        before = self.filled.base.rows.get(line.sheet, {}).get(key) or now
        assert before is not None
        row, faults = self._read(line, sheet, before)
        edited = [c for c in sheet.columns if row[c.name] != before[c.name]]
        if now is None:
            if not edited and not faults:
                return None
            gone = CellFault("", "gone", {"key": key})
            return RowChange(line, key, before, row, REJECTED, (), [gone])
        taken = dict(now)
        edits = []
        for column in edited:
            mine, theirs = row[column.name], now[column.name]
            if mine == theirs:
                continue
            if column.edit != ALWAYS:
                name = "kept" if sheet.file else "quotation"
                faults.append(CellFault(column.name, name))
            elif theirs != before[column.name]:
                details = {
                    "was": self._shown(before[column.name], column),
                    "now": self._shown(theirs, column),
                    "mine": self._shown(mine, column),
                }
                faults.append(CellFault(column.name, "conflict", details))
            else:
                taken[column.name] = mine
                edits.append(column.name)
        if edits:
            faults += self._needs_source(line.sheet, now, taken, edits)
        if not edits and not faults:
            return None
        return RowChange(line, key, now, taken, CHANGED, tuple(edits), faults)

    def _needs_source(
        self, sheet: str, now: Row, row: Row, edits: list[str]
    ) -> list[CellFault]:
        """Return what is missing of the source that a change of a life must cite."""
        if sheet not in LIVES or not set(edits) & set(LIFE):
            return []
        faults = [
            CellFault(c, "emptied")
            for c in ("status", "start", "end")
            if c in edits and not row[c]
        ]
        faults += [CellFault(c, f"no_{c}") for c in CHECK if not row[c]]
        if row["start"] and row["end"] and row["start"] > row["end"]:
            faults.append(CellFault("end", "order"))
        if not faults and (row["checked"], row["source"]) == (
            now["checked"],
            now["source"],
        ):
            faults.append(CellFault("source", "old_source"))
        if not faults and now["checked"] and row["checked"] < now["checked"]:
            faults.append(CellFault("checked", "older_check"))
        return faults

    def _new(self, line: SubmittedRow) -> RowChange | None:
        sheet = load_layout().sheet(line.sheet)
        empty = dict.fromkeys((c.name for c in sheet.columns), "")
        row, faults = self._read(line, sheet, empty)
        request = RowChange(line, "", empty, row, NEW, (), faults)
        if not sheet.file:
            faults.append(CellFault("", "no_new_entry"))
        elif isinstance(line.key, Formula):
            faults.append(CellFault("", "formula", {"value": line.key.text}))
        elif not faults and sheet.name == "participation":
            self._new_participation(request)
        elif sheet.name != "participation":
            self._new_thing(request, sheet)
        if request.state == SAME:
            return None
        request.edits = tuple(c.name for c in sheet.columns if row[c.name])
        return request

    def _new_thing(self, asked: RowChange, sheet: SheetLayout) -> None:
        row, written = asked.row, self._key(asked.line)
        unread = {fault.column for fault in asked.faults}
        for name in ("name_nb", "type", *CHECK):
            if not row[name] and name not in unread:
                asked.faults.append(CellFault(name, f"no_{name}"))
        named = _KEY.fullmatch(written)
        if written and not named:
            asked.faults.append(CellFault("", "bad_key", {"key": written}))
        slug = named[1] if named else slugify(row["name_nb"])
        if not slug:
            if row["name_nb"]:
                asked.faults.append(CellFault("name_nb", "no_slug"))
            return
        asked.key = key = f"{sheet.name}/{slug}"
        # What is new here may be chosen in the other sheets; if it isn't taken, nor
        # is what chose it.
        for name in ("participationIn", "participant", "vouchedBy"):
            if (sheet.name == "activity") == (name == "participationIn"):
                self.lists[name].setdefault(row["name_nb"], f"\0{key}")
        if _same(row, self.now.rows[sheet.name].get(key)):
            # It was taken the last time; the workbook came again.
            asked.state = SAME
        elif key in self.used:
            asked.faults.append(CellFault("", "used_key", {"key": key}))
        elif not asked.faults:
            self._ask_of_twins(asked, sheet)
        if not asked.faults:
            self.used.add(key)

    def _ask_of_twins(self, asked: RowChange, sheet: SheetLayout) -> None:
        name = asked.row["name_nb"]
        rows = self.now.rows[sheet.name].items()
        known = {key: row["name_nb"] for key, row in rows}
        known |= {
            a.key: a.row["name_nb"]
            for a in self.made.asked
            if a.state == NEW and a.line.sheet == sheet.name and not a.faults
        }
        for key in probable_duplicates(name, known):
            if not self.is_new(name, known[key]):
                details = {"name": known[key], "key": key}
                asked.faults.append(CellFault("name_nb", "twin", details))
                return

    def _new_participation(self, asked: RowChange) -> None:
        row = asked.row
        for name in ("activity", "organisation"):
            if not row[name]:
                asked.faults.append(CellFault(name, f"no_{name}"))
        if asked.faults:
            return
        pair = row["activity"], row["organisation"]
        slugs = [value.rpartition("/")[2] for value in pair]
        asked.key = f"participation/{'-'.join(slugs)}"
        there = self.now.rows["participation"].get(asked.key)
        if there is not None and row["role"] in ("", there["role"]):
            asked.state = SAME
            return
        new = row["activity"].startswith("\0")
        missing = [c for c in CHECK if not row[c]]
        if missing and not (new and len(missing) == len(CHECK)):
            asked.faults += [CellFault(c, f"no_{c}") for c in missing]
        everywhere = list(self.now.rows["participation"].values())
        everywhere += [
            a.row for a in self.made.asked if a.line.sheet == "participation"
        ]
        if pair in [(r["activity"], r["organisation"]) for r in everywhere]:
            asked.faults.append(CellFault("organisation", "takes_part"))
        if asked.key in self.used and not asked.faults:
            asked.faults.append(CellFault("", "used_key", {"key": asked.key}))
        self.used.add(asked.key)

    def _read(
        self, line: SubmittedRow, sheet: SheetLayout, before: Row
    ) -> tuple[Row, list[CellFault]]:
        """Return the values of a row, with what can't be read as it was before."""
        row, faults = {}, []
        for column in sheet.columns:
            written = line.cells[column.name]
            row[column.name] = before[column.name]
            try:
                if isinstance(written, Formula):
                    raise CellError("formula", value=written.text)
                value = read_cell(written, column, self.lists)
                # What differs only in how it is stored has not been edited.
                if column.kind != TEXT or value != plain_text(before[column.name]):
                    row[column.name] = value
            except CellError as error:
                faults.append(CellFault(column.name, error.fault, error.details))
        return row, faults

    def _shown(self, value: str, column: Column) -> str:
        if column.kind in (CHOICE, CHOICES):
            labels = {iri: label for label, iri in self.lists[column.choices].items()}
            return "; ".join(labels.get(iri, iri) for iri in value.split()) or "–"
        return value or "–"


def _same(row: Row, there: Row | None) -> bool:
    """Whether all that a row says is there already."""
    return there is not None and all(
        there.get(name) == value for name, value in row.items() if value
    )
