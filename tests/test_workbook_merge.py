"""The merge of a workbook, row by row: what is asked for, refused, and by which name.

The rows are those of the invented region; the base of the workbook is the register as
it is, unless a test says that it was otherwise.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping

import pytest

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.workbook.base_snapshot import BaseSnapshot
from glokal.workbook.changes import CHANGED, NEW, REJECTED, ImportPlan
from glokal.workbook.layout import load_layout
from glokal.workbook.merge import plan_import
from glokal.workbook.planning import Answers
from glokal.workbook.read_workbook import FLAT, SubmittedRow, SubmittedWorkbook
from glokal.workbook.rows import SheetRow, WorkbookRows, read_rows
from tests.conftest import REGION

TODAY = datetime.date(2026, 11, 26)
PEN = "activity/brevvenner"
SOURCE = {"checked": "25.11.2026", "vouched": "Nes kommune", "source": "Vedtak 7/26"}
CAMP = {"name_nb": "Vinterleir på Ål", "type": "internasjonal aktivitet", **SOURCE}


@pytest.fixture(scope="module")
def register() -> WorkbookRows:
    return read_rows(Workspace(load_project(REGION)))


def shown(sheet: str, row: SheetRow, register: WorkbookRows) -> dict[str, object]:
    """The cells of a row as a person sees them: labels for what is chosen."""
    cells: dict[str, object] = {}
    for column in load_layout().sheet(sheet).columns:
        labels = {
            iri: label for label, iri in register.lists.get(column.choices, {}).items()
        }
        parts = [labels.get(part, part) for part in row[column.name].split(" ")]
        text = "; ".join(parts) if labels else row[column.name]
        cells[column.name] = text or None
    return cells


def merge(
    register: WorkbookRows,
    *edits: tuple[str, object, Mapping[str, object]],
    was: Mapping[str, SheetRow] | None = None,
    without: tuple[str, ...] = (),
    used: frozenset[str] = frozenset(),
    new: bool = True,
) -> ImportPlan:
    """Plan the import of the region's workbook with some rows edited or added.

    `was` are rows of the base that the register has no longer so, `without` keys that
    the register has no longer at all.
    """
    base = {s: {**rows} for s, rows in register.rows.items() if s != FLAT}
    for key, row in (was or {}).items():
        base[key.partition("/")[0]][key] = row
    written = {
        (sheet, key): shown(sheet, row, register)
        for sheet, rows in base.items()
        for key, row in rows.items()
    }
    lines = []
    for sheet, key, cells in edits:
        blank = {c.name: None for c in load_layout().sheet(sheet).columns}
        before = written.get((sheet, str(key)), blank)
        if sheet == FLAT and key in register.rows[FLAT]:
            before = shown(FLAT, register.rows[FLAT][str(key)], register)
        lines.append((sheet, key, {**before, **cells}))
    edited = {(sheet, key) for sheet, key, _ in edits}
    lines += [
        (s, k, cells) for (s, k), cells in written.items() if (s, k) not in edited
    ]
    rows = [
        SubmittedRow(sheet, number, key, cells)
        for number, (sheet, key, cells) in enumerate(lines, 2)
    ]
    now = {
        s: {k: r for k, r in rs.items() if k not in without}
        for s, rs in register.rows.items()
    }
    return plan_import(
        SubmittedWorkbook(
            BaseSnapshot("", "nb", False, base, register.lists), lines=rows
        ),
        WorkbookRows("", "", "nb", now, register.lists),
        used | {key for rs in register.rows.values() for key in rs},
        Answers(lambda _name, _other: new, english=lambda name: name),
        TODAY,
    )


def faults(plan: ImportPlan) -> list[tuple[str, str]]:
    return [(fault.column, fault.name) for a in plan.asked for fault in a.faults]


def test_nothing_is_asked_where_nothing_was_edited(register: WorkbookRows) -> None:
    plan = merge(register)
    assert (plan.asked, plan.missing, plan.hidden) == ([], [], 0)


def test_an_activity_of_one_day_is_taken(register: WorkbookRows) -> None:
    day = {"status": "Pågår", "start": "01.06.2026", "end": "01.06.2026", **SOURCE}
    plan = merge(register, ("activity", PEN, day))
    assert faults(plan) == []
    (change,) = plan.accepted
    assert (change.state, change.row["end"]) == (CHANGED, "2026-06-01")
    back = merge(register, ("activity", PEN, {**day, "end": "31.05.2026"}))
    assert faults(back) == [("end", "order")]


@pytest.mark.parametrize("column", ["status", "start", "end"])
def test_what_was_told_of_a_life_can_not_be_emptied(
    column: str, register: WorkbookRows
) -> None:
    status = register.lists.get("status", {})
    told = {
        **register.rows["activity"][PEN],
        "status": next(iter(status.values()), "x"),
        "start": "2026-01-01",
        "end": "2026-12-31",
        "checked": "2026-06-01",
        "vouched": register.rows["activity"][PEN]["vouched"],
        "source": "Vedtak 1/26",
    }
    lives = WorkbookRows(
        "",
        "",
        "nb",
        {**register.rows, "activity": {**register.rows["activity"], PEN: told}},
        register.lists,
    )
    plan = merge(lives, ("activity", PEN, {column: None, **SOURCE}))
    assert (column, "emptied") in faults(plan)


def test_only_lives_need_a_source(register: WorkbookRows) -> None:
    key = next(iter(register.rows["organisation"]))
    plan = merge(register, ("organisation", key, {"name_en": "Another name"}))
    assert faults(plan) == []
    assert [a.edits for a in plan.accepted] == [("name_en",)]
    # Its type is given when it is new, and isn't reported on.
    kinds = register.lists["kinds:Organisation"]
    now = register.rows["organisation"][key]["type"]
    other = next(label for label, iri in kinds.items() if iri != now)
    plan = merge(register, ("organisation", key, {"type": other}))
    assert faults(plan) == [("type", "kept")]


def test_an_edit_of_a_life_needs_all_of_a_source(register: WorkbookRows) -> None:
    plan = merge(register, ("activity", PEN, {"start": "01.06.2026"}))
    assert faults(plan) == [
        ("checked", "no_checked"), ("vouched", "no_vouched"), ("source", "no_source"),
    ]  # fmt: skip


def test_of_two_new_things_with_one_name_the_second_is_refused(
    register: WorkbookRows,
) -> None:
    plan = merge(register, ("activity", None, CAMP), ("activity", None, CAMP))
    assert [a.key for a in plan.asked] == ["activity/vinterleir-pa-al"] * 2
    assert faults(plan) == [("", "used_key")]
    assert [a.state for a in plan.accepted] == [NEW]


def test_a_key_that_was_ever_used_is_not_given_again(register: WorkbookRows) -> None:
    (first,) = merge(register, ("activity", None, CAMP)).accepted
    again = merge(register, ("activity", None, CAMP), used=frozenset({first.key}))
    assert faults(again) == [("", "used_key")]


def test_likely_twins_among_the_new_rows_are_asked_about(
    register: WorkbookRows,
) -> None:
    near = {**CAMP, "name_nb": "Vinterleir på Åle"}
    rows = (("activity", None, CAMP), ("activity", None, near))
    assert faults(merge(register, *rows, new=False)) == [("name_nb", "twin")]
    assert faults(merge(register, *rows, new=True)) == []


def takes_part(register: WorkbookRows, activity: str = "") -> dict[str, object]:
    """A participation that there isn't yet, of a partner in an activity."""
    there = {
        (row["activity"], row["organisation"])
        for row in register.rows["participation"].values()
    }
    activities = register.lists["participationIn"]
    partners = register.lists["participant"]
    chosen = activity or next(iter(activities))
    iri = activities.get(chosen, "")
    partner = next(
        label for label, other in partners.items() if (iri, other) not in there
    )
    return {"activity": chosen, "organisation": partner}


def test_two_rows_of_one_new_participation_that_differ_are_refused(
    register: WorkbookRows,
) -> None:
    row = {**takes_part(register), **SOURCE}
    one = merge(register, ("participation", None, row))
    assert faults(one) == []
    same = merge(register, ("participation", None, row), ("participation", None, row))
    assert faults(same) == []
    assert [a.key for a in same.accepted] == [a.key for a in one.accepted]
    more = {**row, "start": "01.06.2026"}
    two = merge(register, ("participation", None, row), ("participation", None, more))
    assert ("organisation", "takes_part") in faults(two)
    assert len(two.accepted) == 1
    (key,) = (a.key for a in one.accepted)
    ever = merge(register, ("participation", None, row), used=frozenset({key}))
    assert faults(ever) == [("", "used_key")]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, []),
        (SOURCE, []),
        ({"source": "Vedtak 7/26"}, ["no_checked", "no_vouched"]),
        ({"checked": "25.11.2026", "vouched": "Nes kommune"}, ["no_source"]),
    ],
)
def test_a_participation_in_a_new_activity_has_a_whole_source_or_none(
    given: dict[str, object], names: list[str], register: WorkbookRows
) -> None:
    # The activity has a source of its own, which then stands for both.
    part = {**takes_part(register, "Vinterleir på Ål"), **given}
    rows = (("activity", None, CAMP), ("participation", None, part))
    assert [name for _, name in faults(merge(register, *rows))] == names


def test_a_participation_in_a_known_activity_needs_a_source(
    register: WorkbookRows,
) -> None:
    plan = merge(register, ("participation", None, takes_part(register)))
    names = [name for _, name in faults(plan)]
    assert names == ["no_checked", "no_vouched", "no_source"]


def test_an_edit_of_what_is_gone_from_the_register_is_told_as_that(
    register: WorkbookRows,
) -> None:
    edit = ("activity", PEN, {"name_en": "Letters"})
    plan = merge(register, edit, without=(PEN,))
    assert faults(plan) == [("", "gone")]
    assert [a.state for a in plan.rejected] == [REJECTED]
    # A row that nobody edited asks for nothing.
    assert merge(register, without=(PEN,)).asked == []


def test_a_row_twice_is_told_as_that(register: WorkbookRows) -> None:
    edit = {"name_en": "Letters"}
    plan = merge(register, ("activity", PEN, edit), ("activity", PEN, edit))
    assert {name for _, name in faults(plan)} == {"twice"}
    assert plan.accepted == []


def test_text_that_differs_in_how_it_is_stored_is_no_edit(
    register: WorkbookRows,
) -> None:
    # The register has decomposed letters; the workbook gives them composed.
    row = {**register.rows["activity"][PEN], "name_nn": "Brevvenner på Ål"}
    stored = {k: unicodedata.normalize("NFD", v) for k, v in row.items()}
    assert stored["name_nn"] != row["name_nn"]
    kept = WorkbookRows(
        "",
        "",
        "nb",
        {**register.rows, "activity": {**register.rows["activity"], PEN: stored}},
        register.lists,
    )
    assert merge(kept, ("activity", PEN, {"name_nn": row["name_nn"]})).asked == []


def test_a_row_that_is_missing_is_named_and_stays(register: WorkbookRows) -> None:
    base = {s: dict(rows) for s, rows in register.rows.items() if s != FLAT}
    lines = [
        SubmittedRow(sheet, 2, key, shown(sheet, row, register))
        for sheet, rows in base.items()
        for key, row in rows.items()
        if key != PEN
    ]
    plan = plan_import(
        SubmittedWorkbook(
            BaseSnapshot("", "nb", False, base, register.lists), lines=lines
        ),
        register,
        frozenset(),
        Answers(lambda _name, _other: True),
        TODAY,
    )
    assert plan.missing == [("activity", PEN)]
    assert plan.asked == []


def test_what_only_the_workbook_changed_is_taken_and_what_both_did_is_not(
    register: WorkbookRows,
) -> None:
    row = register.rows["activity"][PEN]
    mine = ("activity", PEN, {"name_en": "Mine"})
    (taken,) = merge(register, mine).accepted
    assert taken.row == {**row, "name_en": "Mine"} and taken.edits == ("name_en",)
    older = {PEN: {**row, "name_en": "Older"}}
    assert faults(merge(register, mine, was=older)) == [("name_en", "conflict")]
    same = ("activity", PEN, {"name_en": row["name_en"]})
    assert merge(register, same, was=older).asked == []


def test_what_the_strategy_says_is_corrected_with_a_source_only(
    register: WorkbookRows,
) -> None:
    other = next(
        label
        for label, iri in register.lists["kinds:InternationalActivity"].items()
        if iri != register.rows["activity"][PEN]["type"]
    )
    plan = merge(register, ("activity", PEN, {"type": other}))
    assert faults(plan) == [
        ("checked", "no_checked"), ("vouched", "no_vouched"), ("source", "no_source"),
    ]  # fmt: skip
    (change,) = merge(register, ("activity", PEN, {"type": other, **SOURCE})).accepted
    assert "type" in change.edits
    # What is quoted from it is never edited.
    entry, row = next(iter(register.rows["entry"].items()))
    plan = merge(register, ("entry", entry, {"quote": row["quote"] + " x"}))
    assert faults(plan) == [("quote", "quotation")]


def test_what_is_new_in_a_later_sheet_may_be_chosen_in_an_earlier_one(
    register: WorkbookRows,
) -> None:
    """The activity stands first in the workbook, who vouches for it below."""
    kind = next(iter(register.lists["kinds:Organisation"]))
    club = {"name_nb": "Fjordland reiselag", "type": kind, **SOURCE}
    camp = {**CAMP, "vouched": "Fjordland reiselag"}
    part = {"activity": "Vinterleir på Ål", "organisation": "Fjordland reiselag"}
    rows = (
        ("participation", None, part),
        ("activity", None, camp),
        ("organisation", None, club),
    )
    plan = merge(register, *rows)
    assert faults(plan) == []
    assert [a.line.sheet for a in plan.accepted] == [
        "organisation", "activity", "participation",
    ]  # fmt: skip


TRIP = {**CAMP, "municipalities": "Nes kommune", "start": "2026"}


def by_sheet(plan: ImportPlan) -> list[tuple[str, str]]:
    return [(a.line.sheet, a.kind) for a in plan.asked]


def test_a_new_row_of_the_flat_sheet_asks_for_all_that_it_says(
    register: WorkbookRows,
) -> None:
    plan = merge(register, (FLAT, None, TRIP))
    assert faults(plan) == []
    assert by_sheet(plan) == [(FLAT, "activity"), (FLAT, "participation")]
    assert [a.held for a in plan.asked] == [False, False]
    # A key that nobody has given is no key: the row is new.
    other = merge(register, (FLAT, "activity/nothing", TRIP))
    assert [a.state for a in other.asked] == [NEW, NEW]
    # And so is one of the other sheet.
    assert [a.state for a in merge(register, ("activity", "nothing", CAMP)).asked] == [
        NEW
    ]


def test_a_row_with_a_fault_holds_back_all_that_it_asks_for(
    register: WorkbookRows,
) -> None:
    plan = merge(
        register,
        (FLAT, None, {**TRIP, "start": "våren"}),
        ("activity", PEN, {"name_en": "Letters"}),
    )
    assert faults(plan) == [("start", "date")]
    assert {a.line.sheet for a in plan.asked if a.held} == {FLAT}
    assert [a.kind for a in plan.accepted] == ["activity"]
    assert [a.row["name_en"] for a in plan.accepted] == ["Letters"]


def test_a_change_that_stands_in_two_sheets_is_taken_once(
    register: WorkbookRows,
) -> None:
    english = {"name_en": "Letters"}
    plan = merge(register, ("activity", PEN, english), (FLAT, PEN, english))
    assert [(a.line.sheet, a.edits) for a in plan.asked] == [(FLAT, ("name_en",))]
    assert faults(plan) == []
    # What only one of them says is that one's.
    more = {**english, "name_nn": "Brevvener"}
    plan = merge(register, ("activity", PEN, more), (FLAT, PEN, english))
    assert [(a.line.sheet, a.edits) for a in plan.accepted] == [
        (FLAT, ("name_en",)), ("activity", ("name_nn",)),
    ]  # fmt: skip


def test_two_changes_of_one_cell_in_two_sheets_are_a_fault(
    register: WorkbookRows,
) -> None:
    plan = merge(
        register,
        ("activity", PEN, {"name_en": "Friends by letter"}),
        (FLAT, PEN, {"name_en": "Letters"}),
    )
    assert faults(plan) == [("name_en", "two_sheets")]
    assert [a.line.sheet for a in plan.rejected] == ["activity"]
    assert [a.row["name_en"] for a in plan.accepted] == ["Letters"]


def test_two_sheets_may_cite_two_sources_for_one_change(
    register: WorkbookRows,
) -> None:
    begun = {"start": "2025", **SOURCE}
    cited = {**begun, "source": "Årsmelding 2025", "checked": "24.11.2026"}
    plan = merge(register, ("activity", PEN, cited), (FLAT, PEN, begun))
    assert faults(plan) == []
    assert [a.row["source"] for a in plan.accepted] == ["Vedtak 7/26"]
    # Two values of what they cite them for are still two.
    plan = merge(
        register, ("activity", PEN, {**cited, "start": "2024"}), (FLAT, PEN, begun)
    )
    assert faults(plan) == [("start", "two_sheets")]


def with_more(register: WorkbookRows, *keys: str) -> WorkbookRows:
    """The register with other activities, each called by its key."""
    rows = {
        sheet: {
            **register.rows[sheet],
            **{k: {**register.rows[sheet][PEN], "name_nb": k} for k in keys},
        }
        for sheet in (FLAT, "activity")
    }
    return WorkbookRows("", "", "nb", {**register.rows, **rows}, register.lists)


def test_each_change_is_held_against_its_own_in_the_other_sheet(
    register: WorkbookRows,
) -> None:
    """What is new, what is refused and what is alone stand between them."""
    wrong, alone, same, other = (f"activity/{name}" for name in "abcd")
    plan = merge(
        with_more(register, wrong, alone, same, other),
        (FLAT, None, TRIP),
        (FLAT, wrong, {"start": "våren", "name_en": "Three"}),
        (FLAT, same, {"name_en": "One"}),
        (FLAT, other, {"name_en": "Two"}),
        ("activity", wrong, {"name_en": "Three"}),
        ("activity", alone, {"name_en": "Four"}),
        ("activity", same, {"name_en": "One"}),
        ("activity", other, {"name_en": "Five"}),
    )
    told = [
        (a.line.sheet, a.key, [f.name for f in a.faults])
        for a in plan.asked
        if a.state != NEW
    ]
    assert told == [
        (FLAT, wrong, ["date"]),
        (FLAT, same, []),
        (FLAT, other, []),
        # Of two changes one was refused already: the other is the only one.
        ("activity", wrong, []),
        ("activity", alone, []),
        ("activity", other, ["two_sheets"]),
    ]


def test_of_a_row_twice_the_first_change_tells(register: WorkbookRows) -> None:
    """The row asks for more than one change, and is refused once."""
    partner = next(
        label
        for label, iri in register.lists["participant"].items()
        if iri not in register.rows[FLAT][PEN]["partners"]
        and iri not in register.rows[FLAT][PEN]["municipalities"]
    )
    there = shown(FLAT, register.rows[FLAT][PEN], register)["partners"]
    both = {"partners": f"{there}; {partner}" if there else partner, "start": "2025"}
    row = (FLAT, PEN, {**both, **SOURCE})
    plan = merge(register, row, row)
    assert plan.accepted == []
    twice = [a for a in plan.asked if any(f.name == "twice" for f in a.faults)]
    assert {a.kind for a in twice} == {"activity"}
    assert len({a.line.number for a in twice}) == 2


def test_changes_are_shown_as_the_sheets_stand(register: WorkbookRows) -> None:
    kind = next(iter(register.lists["kinds:Organisation"]))
    club = {"name_nb": "Fjordland reiselag", "type": kind, **SOURCE}
    part = {"activity": "Vinterleir på Ål", "organisation": "Fjordland reiselag"}
    plan = merge(
        register,
        ("participation", None, part),
        ("activity", PEN, {"name_en": "Letters"}),
        (FLAT, None, {**TRIP, "vouched": "Fjordland reiselag"}),
        ("organisation", None, club),
        ("activity", None, {**CAMP, "name_nb": "Sommerleir på Hol"}),
    )
    # The flat row may choose an organisation that is new, the participation both.
    assert faults(plan) == []
    assert by_sheet(plan) == [
        (FLAT, "activity"), (FLAT, "participation"),
        ("organisation", "organisation"),
        ("activity", "activity"), ("activity", "activity"),
        ("participation", "participation"),
    ]  # fmt: skip
    numbers = [a.line.number for a in plan.asked if a.line.sheet == "activity"]
    assert numbers == sorted(numbers)


def test_hidden_rows_are_counted(register: WorkbookRows) -> None:
    base = {s: dict(rows) for s, rows in register.rows.items() if s != FLAT}
    lines = [
        SubmittedRow(sheet, 2, f" {key} ", shown(sheet, row, register), key == PEN)
        for sheet, rows in base.items()
        for key, row in rows.items()
    ]
    plan = plan_import(
        SubmittedWorkbook(
            BaseSnapshot("", "nb", False, base, register.lists),
            lines=lines,
            old_letters=["report.csv"],
        ),
        register,
        frozenset(),
        Answers(lambda _name, _other: True),
        TODAY,
    )
    # Spaces around a key are none of it.
    assert (plan.hidden, plan.missing, plan.asked) == (1, [], [])
    assert plan.notes == ("report.csv",)
