"""The sheets of the workbook and their columns, from `layout.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from glokal.core.languages import PAGE_LANGUAGES

BOOK_LANGUAGES = PAGE_LANGUAGES
ALWAYS, NEW = "always", "new"
TEXT, DATE, CHOICE, CHOICES = "text", "date", "choice", "choices"


@dataclass(frozen=True)
class Column:
    """A column: its name in code, its title, what it takes, when it may be edited.

    `choices` names the list that it takes its values from, "" without one. `opens` is
    the kind of thing that a name outside the list proposes, "" where there is none.
    """

    name: str
    title: str
    kind: str
    width: int
    edit: str
    choices: str
    opens: str


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

    @property
    def names(self) -> frozenset[str]:
        """The names of its columns."""
        return frozenset(c.name for c in self.columns)


@dataclass(frozen=True)
class Layout:
    """The workbook in a language: its sheets, the word for keys, the instructions."""

    lang: str
    title: str
    lists: str
    base: str
    key: str
    spare_rows: int
    instructions: tuple[str, ...]
    recipient: str
    sheets: tuple[SheetLayout, ...]

    def sheet(self, name: str) -> SheetLayout:
        """Return the sheet of that name."""
        return next(s for s in self.sheets if s.name == name)


@cache
def load_layout(lang: str = "nb") -> Layout:
    """Return the layout of the workbook in a language."""
    details = _details()
    sheets = tuple(
        SheetLayout(
            sheet["name"],
            sheet["title"][lang],
            sheet["file"],
            tuple(_column(c, lang) for c in sheet["column"]),
        )
        for sheet in details["sheet"]
    )
    return Layout(
        lang,
        details["title"][lang],
        details["lists"][lang],
        details["base"][lang],
        details["key"][lang],
        details["spare_rows"],
        tuple(details["instructions"][lang]),
        details["recipient"][lang],
        sheets,
    )


def _column(details: dict[str, Any], lang: str) -> Column:
    return Column(
        details["name"],
        details["title"][lang],
        details["kind"],
        details["width"],
        details["edit"],
        details.get("list", ""),
        details.get("opens", ""),
    )


@cache
def _details() -> dict[str, Any]:
    file = resources.files("glokal.workbook").joinpath("layout.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
