"""What a workbook asks for, row by row, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from glokal.workbook.read_workbook import SubmittedRow
from glokal.workbook.rows import Row

CHANGED, NEW, SAME, REJECTED = "changed", "new", "same", "rejected"


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

    `key` is where the thing is, or will be. `edits` are the columns that change.
    """

    line: SubmittedRow
    key: str
    now: Row
    row: Row
    state: str
    edits: tuple[str, ...] = ()
    faults: list[CellFault] = field(default_factory=list)


@dataclass
class ImportPlan:
    """Everything that a workbook asks for, and what is to be told of it."""

    asked: list[RowChange] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    hidden: int = 0
    ignored: tuple[str, ...] = ()

    @property
    def accepted(self) -> list[RowChange]:
        """The rows that nothing is wrong with."""
        return [a for a in self.asked if not a.faults]

    @property
    def rejected(self) -> list[RowChange]:
        """The rows with faults."""
        return [a for a in self.asked if a.faults]
