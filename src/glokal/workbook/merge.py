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
from glokal.workbook.changes import CHANGED, NEW, REJECTED, SAME, Asked, Fault, Plan
from glokal.workbook.duplicates import likely_twins, slug_of
from glokal.workbook.layout import (
    ALWAYS,
    CHOICE,
    CHOICES,
    TEXT,
    Column,
    Sheet,
    load_layout,
)
from glokal.workbook.read_workbook import Filled, Formula, Line
from glokal.workbook.rows import Content, Row

_KEY = re.compile(r"(?:[a-z]+(?:-[a-z]+)*/)?([a-z0-9]+(?:-[a-z0-9]+)*)")
LIFE = ("status", "start", "end", "checked", "vouched", "source")
LIVES = ("activity", "participation")
CHECK = ("checked", "vouched", "source")


Twin = Callable[[str, str], bool]


def make_plan(filled: Filled, now: Content, used: frozenset[str], is_new: Twin) -> Plan:
    """Return what a workbook asks for.

    `now` is the whole register, `used` are the keys that were ever used, `is_new` is
    asked with a new name and one like it whether they are two things.
    """
    return _Planner(filled, now, used, is_new).plan()


class _Planner:
    def __init__(
        self, filled: Filled, now: Content, used: frozenset[str], is_new: Twin
    ) -> None:
        self.filled, self.now, self.is_new = filled, now, is_new
        self.used = set(used)
        self.lists = {
            name: {**known, **filled.base.lists.get(name, {})}
            for name, known in now.lists.items()
        }
        self.made = Plan(ignored=tuple(filled.ignored))

    def plan(self) -> Plan:
        keys = Counter(self._key(line) for line in self.filled.lines)
        order = {"organisation": 0, "activity": 1, "participation": 2, "entry": 3}
        for line in sorted(self.filled.lines, key=lambda x: order[x.sheet]):
            key = self._key(line)
            self.made.hidden += line.hidden
            asked = self._known(line, key) if self._was(line, key) else self._new(line)
            if key and keys[key] > 1 and asked is not None:
                asked.faults.append(Fault("", "twice", {"key": key}))
            if asked is not None:
                self.made.asked.append(asked)
        for sheet, rows in self.filled.base.rows.items():
            kept = {self._key(x) for x in self.filled.lines if x.sheet == sheet}
            self.made.missing += [(sheet, k) for k in rows if k not in kept]
        self.made.asked.sort(key=lambda a: (order[a.line.sheet], a.line.number))
        return self.made

    def _key(self, line: Line) -> str:
        return line.key.strip() if isinstance(line.key, str) else ""

    def _was(self, line: Line, key: str) -> bool:
        return key in self.filled.base.rows.get(line.sheet, {}) or (
            key in self.now.rows[line.sheet]
        )

    def _known(self, line: Line, key: str) -> Asked | None:
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
            gone = Fault("", "gone", {"key": key})
            return Asked(line, key, before, row, REJECTED, (), [gone])
        taken = dict(now)
        edits = []
        for column in edited:
            mine, theirs = row[column.name], now[column.name]
            if mine == theirs:
                continue
            if column.edit != ALWAYS:
                name = "kept" if sheet.file else "quotation"
                faults.append(Fault(column.name, name))
            elif theirs != before[column.name]:
                details = {
                    "was": self._shown(before[column.name], column),
                    "now": self._shown(theirs, column),
                    "mine": self._shown(mine, column),
                }
                faults.append(Fault(column.name, "conflict", details))
            else:
                taken[column.name] = mine
                edits.append(column.name)
        if edits:
            faults += self._needs_source(line.sheet, now, taken, edits)
        if not edits and not faults:
            return None
        return Asked(line, key, now, taken, CHANGED, tuple(edits), faults)

    def _needs_source(
        self, sheet: str, now: Row, row: Row, edits: list[str]
    ) -> list[Fault]:
        """Return what is missing of the source that a change of a life must cite."""
        if sheet not in LIVES or not set(edits) & set(LIFE):
            return []
        faults = [
            Fault(c, "emptied")
            for c in ("status", "start", "end")
            if c in edits and not row[c]
        ]
        faults += [Fault(c, f"no_{c}") for c in CHECK if not row[c]]
        if row["start"] and row["end"] and row["start"] > row["end"]:
            faults.append(Fault("end", "order"))
        if not faults and (row["checked"], row["source"]) == (
            now["checked"],
            now["source"],
        ):
            faults.append(Fault("source", "old_source"))
        if not faults and now["checked"] and row["checked"] < now["checked"]:
            faults.append(Fault("checked", "older_check"))
        return faults

    def _new(self, line: Line) -> Asked | None:
        sheet = load_layout().sheet(line.sheet)
        empty = dict.fromkeys((c.name for c in sheet.columns), "")
        row, faults = self._read(line, sheet, empty)
        asked = Asked(line, "", empty, row, NEW, (), faults)
        if not sheet.file:
            faults.append(Fault("", "no_new_entry"))
        elif isinstance(line.key, Formula):
            faults.append(Fault("", "formula", {"value": line.key.text}))
        elif not faults and sheet.name == "participation":
            self._new_participation(asked)
        elif sheet.name != "participation":
            self._new_thing(asked, sheet)
        if asked.state == SAME:
            return None
        asked.edits = tuple(c.name for c in sheet.columns if row[c.name])
        return asked

    def _new_thing(self, asked: Asked, sheet: Sheet) -> None:
        row, written = asked.row, self._key(asked.line)
        unread = {fault.column for fault in asked.faults}
        for name in ("name_nb", "type", *CHECK):
            if not row[name] and name not in unread:
                asked.faults.append(Fault(name, f"no_{name}"))
        named = _KEY.fullmatch(written)
        if written and not named:
            asked.faults.append(Fault("", "bad_key", {"key": written}))
        slug = named[1] if named else slug_of(row["name_nb"])
        if not slug:
            if row["name_nb"]:
                asked.faults.append(Fault("name_nb", "no_slug"))
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
            asked.faults.append(Fault("", "used_key", {"key": key}))
        elif not asked.faults:
            self._ask_of_twins(asked, sheet)
        if not asked.faults:
            self.used.add(key)

    def _ask_of_twins(self, asked: Asked, sheet: Sheet) -> None:
        name = asked.row["name_nb"]
        rows = self.now.rows[sheet.name].items()
        known = {key: row["name_nb"] for key, row in rows}
        known |= {
            a.key: a.row["name_nb"]
            for a in self.made.asked
            if a.state == NEW and a.line.sheet == sheet.name and not a.faults
        }
        for key in likely_twins(name, known):
            if not self.is_new(name, known[key]):
                details = {"name": known[key], "key": key}
                asked.faults.append(Fault("name_nb", "twin", details))
                return

    def _new_participation(self, asked: Asked) -> None:
        row = asked.row
        for name in ("activity", "organisation"):
            if not row[name]:
                asked.faults.append(Fault(name, f"no_{name}"))
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
            asked.faults += [Fault(c, f"no_{c}") for c in missing]
        everywhere = list(self.now.rows["participation"].values())
        everywhere += [
            a.row for a in self.made.asked if a.line.sheet == "participation"
        ]
        if pair in [(r["activity"], r["organisation"]) for r in everywhere]:
            asked.faults.append(Fault("organisation", "takes_part"))
        if asked.key in self.used and not asked.faults:
            asked.faults.append(Fault("", "used_key", {"key": asked.key}))
        self.used.add(asked.key)

    def _read(self, line: Line, sheet: Sheet, before: Row) -> tuple[Row, list[Fault]]:
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
                faults.append(Fault(column.name, error.fault, error.details))
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
