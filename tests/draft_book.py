"""The workbook of a draft, as a person fills it in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl


class Book:
    """A workbook in bokmål or nynorsk, by the titles of its sheets and columns."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, openpyxl.load_workbook(path)

    def rows(self, sheet: str) -> Iterator[dict[str, str]]:
        titles, *lines = self.book[sheet].iter_rows(values_only=True)
        for line in lines:
            if any(line):
                yield {t: v or "" for t, v in zip(titles, line, strict=True)}

    def put(self, sheet: str, at: int, **values: str) -> None:
        """Fill cells of a row; `_` in a title stands for a space before a bracket."""
        of = self.book[sheet]
        titles = [cell.value for cell in of[1]]
        for title, value in values.items():
            name, _, language = title.partition("_")
            shown = f"{name} ({language})" if language else name
            of.cell(at, titles.index(shown) + 1).value = value

    def same(self, *names: str) -> None:
        """Say of things that cells name that they are called so in each language."""
        of = self.book["Navn"]
        for name in names:
            rows = range(2, of.max_row + 2)
            at = next(
                (r for r in rows if of.cell(r, 2).value == name),
                next(r for r in rows if not of.cell(r, 2).value),
            )
            for column in range(2, of.max_column + 1):
                of.cell(at, column).value = name

    def save(self) -> None:
        self.book.save(self.path)
