"""A municipality's contact, played with openpyxl, and the command that takes it in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner

from glokal.cli.main import cli
from glokal.core.errors import GlokalError

DAY = datetime.date(2026, 11, 25)
PEN = "activity/brevvenner"
SOURCE = {"Sist kontrollert": DAY, "Går god for": "Nes kommune", "Kilde": "Vedtak 7/26"}


class Book:
    """A workbook in the hands of a contact."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def __getitem__(self, title: str) -> Any:
        return self.book[title]

    def column(self, title: str, column: str) -> int:
        return next(c.column for c in self.book[title][1] if c.value == column)

    def cell(self, title: str, row: int, column: str) -> Any:
        return self.book[title].cell(row, self.column(title, column))

    def row(self, title: str, key: str | None) -> int:
        """The row of a key, or the first that is empty."""
        sheet = self.book[title]
        return next(
            r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == key
        )

    def put(self, title: str, key: str | None, **cells: object) -> int:
        row = self.row(title, key)
        for column, value in cells.items():
            self.book[title].cell(row, self.column(title, column)).value = value
        return row

    def add(self, title: str, values: dict[str, Any]) -> int:
        sheet = self.book[title]
        row = next(
            r for r in range(2, sheet.max_row + 1) if not any(c.value for c in sheet[r])
        )
        for column, value in values.items():
            sheet.cell(row, self.column(title, column)).value = value
        return row

    def save(self) -> None:
        self.book.save(self.path)


@dataclass(frozen=True)
class Told:
    """What the command said; a process of its own for each would take minutes."""

    returncode: int
    stdout: str
    stderr: str


def run(*args: str | Path, cwd: Path) -> Told:
    command = ["--project", str(cwd), *map(str, args)]
    ran = CliRunner().invoke(cli, command)
    error = ran.exception
    if isinstance(error, GlokalError):
        return Told(error.exit_code, ran.stdout, str(error))
    if error is not None and not isinstance(error, SystemExit):
        raise error
    return Told(ran.exit_code, ran.stdout, ran.stderr)


def back(book: Book, *args: str) -> Told:
    book.save()
    return run("sheet", "import", book.path, *args, cwd=book.path.parent)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((folder / "data").rglob("*.ttl"))
    }
