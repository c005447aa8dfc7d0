"""What a workbook asks for, row by row, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from glokal.workbook.read_workbook import SubmittedRow
from glokal.workbook.remarks import Remark
from glokal.workbook.rows import SheetRow

CHANGED, NEW, SAME, REJECTED = "changed", "new", "same", "rejected"
# Faults that only the editor can answer: they aren't marked for the contact.
FOR_EDITOR = frozenset(("ask_english",))


@dataclass(frozen=True)
class CellFault:
    """What is wrong with a cell: the name of the fault, and what fills its words in.

    `column` is "" for the row. `text` is a message that is there already, instead.
    """

    column: str
    name: str
    details: Mapping[str, object] = field(default_factory=dict)
    text: str = ""


@dataclass
class RowChange:
    """A row that asks for something: what is there now, what it shall be.

    `kind` is what it is about (activity, participation, organisation, programme, place,
    country, entry), `key` where that is, or will be. `edits` are the columns that
    change. A row of the flat sheet asks for several changes; `columns` tells in which
    of its columns each part of a change was written. Where one of them has a fault the
    others are `held` back. `again` says that the thing came in earlier, perhaps by
    another workbook.
    """

    line: SubmittedRow
    kind: str
    key: str
    now: SheetRow
    row: SheetRow
    state: str
    edits: tuple[str, ...] = ()
    faults: list[CellFault] = field(default_factory=list)
    columns: Mapping[str, str] = field(default_factory=dict)
    held: bool = False
    again: bool = False

    def place(self, column: str) -> str:
        """Return the column of the sheet in which a part of the change was written."""
        return self.columns.get(column, column)


@dataclass
class ImportPlan:
    """Everything that a workbook asks for, and what is to be told of it.

    `offered` has the rows whose day, voucher or source is that of the row above.
    """

    asked: list[RowChange] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    hidden: int = 0
    remarks: tuple[Remark, ...] = ()
    notes: tuple[str, ...] = ()
    offered: dict[int, int] = field(default_factory=dict)

    @property
    def accepted(self) -> list[RowChange]:
        """The changes that nothing is wrong with."""
        return [a for a in self.asked if not a.faults and not a.held]

    @property
    def rejected(self) -> list[RowChange]:
        """The changes with faults."""
        return [a for a in self.asked if a.faults]

    @property
    def proposals(self) -> list[RowChange]:
        """What is new beside activities and who takes part in them."""
        kinds = ("organisation", "programme", "place")
        return [a for a in self.accepted if a.state == NEW and a.kind in kinds]
