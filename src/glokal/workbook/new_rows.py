"""Rows that bring something: a new activity, participation, partner."""

from __future__ import annotations

import re

from glokal.core.slugs import slugify
from glokal.workbook.changes import CHANGED, NEW, SAME, CellFault, RowChange
from glokal.workbook.grid import Formula
from glokal.workbook.known_rows import check_faults, needs_source
from glokal.workbook.layout import load_layout
from glokal.workbook.planning import CHECK, COMING, LIFE, SAID, Planning
from glokal.workbook.read_workbook import SubmittedRow
from glokal.workbook.rows import SheetRow

_KEY = re.compile(r"(?:[a-z]+(?:-[a-z]+)*/)?([a-z0-9]+(?:-[a-z0-9]+)*)")


def plan_new(plan: Planning, line: SubmittedRow) -> list[RowChange]:
    """Return what a row of a sheet asks for that brings something new."""
    sheet = load_layout().sheet(line.sheet)
    row, faults = plan.read(line, sheet, dict.fromkeys(sheet.names, ""))
    asked = RowChange(line, line.sheet, "", {}, row, NEW, (), faults)
    if not sheet.file:
        faults.append(CellFault("", "no_new_entry"))
    elif isinstance(line.key, Formula):
        faults.append(CellFault("", "formula", {"value": line.key.text}))
    elif line.sheet != "participation":
        new_thing(plan, asked)
    elif not faults:
        _participation_row(plan, asked)
    return finished(asked)


def finished(asked: RowChange) -> list[RowChange]:
    """Return a change, or nothing when there is nothing to do."""
    if asked.state == SAME:
        return []
    if asked.state == NEW:
        asked.edits = tuple(c for c in asked.row if asked.row[c])
    return [asked]


def new_thing(plan: Planning, asked: RowChange) -> None:
    """Find the key of a new activity or partner, and what is wrong with it."""
    row, kind = asked.row, asked.kind
    key = asked.line.key
    written = key.strip() if isinstance(key, str) else ""
    unread = {fault.column for fault in asked.faults}
    needed = ("name_nb", "type", *CHECK)
    missing = [c for c in needed if not row[c] and asked.place(c) not in unread]
    named = _KEY.fullmatch(written)
    if written and not named:
        asked.faults.append(CellFault("", "bad_key", {"key": written}))
    slug = named[1] if named else slugify(row["name_nb"])
    asked.key = key = f"{kind}/{slug}" if slug else ""
    there = plan.now.rows[kind].get(key)
    if (
        there is not None
        and not written
        and key not in plan.filled.base.rows.get(kind, {})
    ):
        _again(plan, asked, there)
        return
    if there is not None and not written and _name(there) == _name(row):
        # It was in the workbook, and is written once more as if it were new.
        _again(plan, asked, there)
        return
    asked.faults += [CellFault(c, f"no_{c}") for c in missing]

    known = {f.column for f in asked.faults}
    asked.faults += [f for f in check_faults(plan, row) if f.column not in known]
    if not slug:
        if row["name_nb"]:
            asked.faults.append(CellFault("name_nb", "no_slug"))
        return
    # What is new here may be chosen in the other sheets; if it isn't taken, nor is
    # what chose it.
    for name in ("participationIn", "participant", "vouchedBy"):
        if (kind == "activity") == (name == "participationIn"):
            plan.lists[name].setdefault(row["name_nb"], f"{COMING}{key}")
    if key in plan.used:
        asked.faults.append(CellFault("", "used_key", {"key": key}))
    elif not asked.faults:
        _ask_of_names(plan, asked)
    if not asked.faults:
        plan.used.add(key)


def _name(row: SheetRow) -> str:
    return row["name_nb"].casefold()


def _ask_of_names(plan: Planning, asked: RowChange) -> None:
    """Ask of names like this one, and for the English name."""
    row = asked.row
    twin = plan.twin(asked.kind, row["name_nb"])
    if twin is not None:
        asked.faults.append(twin)
        return
    if not row["name_en"]:
        row["name_en"] = plan.answers.english(row["name_nb"])
    if not row["name_en"]:
        asked.faults.append(CellFault("name_en", "ask_english"))
        return
    plan.named(asked.kind, asked.key, row["name_nb"])


def _again(plan: Planning, asked: RowChange, there: SheetRow) -> None:
    """Hold a new row against the thing that is there by now.

    It came in by an earlier copy of this workbook, or a partner has reported the same.
    What the row says besides is taken: by whoever vouched for it as a correction, by
    others as a report of their own.
    """

    row = asked.row
    asked.now, asked.state, asked.again = there, CHANGED, True
    mine = row["vouched"] in ("", there["vouched"])
    edits = [c for c in row if c in there and row[c] and row[c] != there[c]]
    kept = [] if mine else [c for c in edits if c not in (*CHECK, *LIFE, "name_nb")]
    for column in kept:
        if column in SAID and there[column]:
            shown = load_layout().sheet(asked.line.sheet).column(column)
            details = {
                "now": plan.shown(there[column], shown),
                "mine": plan.shown(row[column], shown),
            }
            asked.faults.append(CellFault(column, "differs", details))
        elif there[column]:
            # A name has been given; the one who came first keeps it.
            edits.remove(column)
    life = [c for c in edits if c in (*LIFE, *SAID, *CHECK)]
    asked.row = {**there, **{c: row[c] for c in edits}}
    asked.edits = tuple(edits)
    if life and asked.kind == "activity":
        same = mine and (row["checked"], row["source"]) == (
            there["checked"],
            there["source"],
        )
        asked.faults += needs_source(
            plan, asked.kind, there, asked.row, life, again=same
        )
    elif asked.kind == "organisation":
        asked.edits = tuple(c for c in edits if c.startswith("name_"))
    if not asked.edits and not asked.faults:
        asked.state = SAME


def _participation_row(plan: Planning, asked: RowChange) -> None:
    row = asked.row
    for name in ("activity", "organisation"):
        if not row[name]:
            asked.faults.append(CellFault(name, f"no_{name}"))
    if asked.faults:
        return
    new_participation(plan, asked)
    if asked.state == SAME or asked.faults:
        return
    # What comes with a new activity has its source.
    missing = [c for c in CHECK if not row[c]]
    comes = row["activity"].startswith(COMING) and len(missing) == len(CHECK)
    if not comes:
        asked.faults += check_faults(plan, row)


def new_participation(plan: Planning, asked: RowChange) -> None:
    """Find the key of a new participation; it is the same where it is there already."""
    row = asked.row
    pair = row["activity"], row["organisation"]
    slugs = [value.rpartition("/")[2] for value in pair]
    asked.key = f"participation/{'-'.join(slugs)}"
    there = plan.now.rows["participation"].get(asked.key) or plan.parts.get(asked.key)
    # A row that says more than the first is no copy of it, and isn't passed over.
    if there and all(row[c] in ("", there[c]) for c in ("role", *LIFE)):
        asked.state = SAME
        return
    if pair in plan.pairs:
        asked.faults.append(CellFault("organisation", "takes_part"))
    elif asked.key in plan.used:
        asked.faults.append(CellFault("", "used_key", {"key": asked.key}))
    else:
        plan.pairs.add(pair)
        plan.parts[asked.key] = row
    plan.used.add(asked.key)
