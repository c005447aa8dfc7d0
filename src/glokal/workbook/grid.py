"""A sheet as people see it, whatever program wrote it: values, notes, colours.

Rows and columns are counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Place = tuple[int, int]
# The "colour" of a cell that is struck through.
STRUCK = "struck"
# What the cells of our own sheets look like, in lower case: head, locked, marked.
OUR_COLOURS = frozenset(("1f3864", "e7e6e6", "ffc7ce", "ffffff"))


@dataclass(frozen=True)
class Formula:
    """A formula, or an error that one left, in place of a value."""

    text: str


@dataclass
class Grid:
    """A sheet: its title, its rows, the numbers of hidden rows, merged ranges.

    `notes` and `colours` have the text and the colour of a cell where it has one that
    isn't ours.
    """

    title: str
    rows: list[list[object]]
    hidden: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    notes: dict[Place, str] = field(default_factory=dict)
    colours: dict[Place, str] = field(default_factory=dict)
