"""The sheets of the workbook and their columns, from `layout.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

ALWAYS, NEW = "always", "new"
TEXT, DATE, CHOICE, CHOICES = "text", "date", "choice", "choices"


@dataclass(frozen=True)
class Column:
    """A column: its name in code, its title, what it takes, when it may be edited.

    `choices` names the list that it takes its values from, "" without one.
    """

    name: str
    title: str
    kind: str
    width: int
    edit: str
    choices: str


@dataclass(frozen=True)
class SheetLayout:
    """A sheet: its name in code, its title, the file for what is new, its columns."""

    name: str
    title: str
    file: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(c for c in self.columns if c.name == name)


@dataclass(frozen=True)
class Layout:
    """The workbook: the titles of its sheets, the word for keys, the instructions."""

    title: str
    lists: str
    base: str
    key: str
    spare_rows: int
    instructions: tuple[str, ...]
    sheets: tuple[SheetLayout, ...]

    def sheet(self, name: str) -> SheetLayout:
        """Return the sheet of that name."""
        return next(s for s in self.sheets if s.name == name)


@cache
def load_layout() -> Layout:
    """Return the layout of the workbook."""
    file = resources.files("glokal.workbook").joinpath("layout.toml")
    details = tomllib.loads(file.read_text(encoding="utf-8"))
    sheets = tuple(
        SheetLayout(
            sheet["name"],
            sheet["title"],
            sheet["file"],
            tuple(
                Column(
                    c["name"],
                    c["title"],
                    c["kind"],
                    c["width"],
                    c["edit"],
                    c.get("list", ""),
                )
                for c in sheet["column"]
            ),
        )
        for sheet in details["sheet"]
    )
    return Layout(
        details["title"],
        details["lists"],
        details["base"],
        details["key"],
        details["spare_rows"],
        tuple(details["instructions"]),
        sheets,
    )
