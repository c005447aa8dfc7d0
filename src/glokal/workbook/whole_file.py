"""Faults of a whole workbook, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from glokal.core.errors import InputError, Place

_MOST = 3


class WorkbookFault(InputError):
    """A workbook that can't be taken: why, and the cells that show it.

    `marks` has the title of a sheet and a cell for each, so that a copy can be marked.
    """

    def __init__(
        self,
        what: str,
        remedy: str,
        place: Place,
        marks: Sequence[tuple[str, str]] = (),
        do: str = "",
    ) -> None:
        super().__init__(what, remedy=remedy, place=place)
        self.marks = tuple(marks)
        self._do = do

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self._do} {self.remedy}"


def whole_fault(
    fault: str,
    lang: str,
    path: Path | str,
    *,
    sheet: str = "",
    cells: Sequence[str] = (),
    **details: object,
) -> WorkbookFault:
    """Return a fault by its name, in a language, with its place and remedy."""
    words = _words()[lang]
    where = f"{path} [{sheet}]" if sheet else str(path)
    return WorkbookFault(
        words[fault].format(cells=", ".join(cells[:_MOST]), **details),
        words[f"{fault}_do"].format(**details),
        Place(where),
        [(sheet, cell) for cell in cells] if sheet else (),
        words["do"],
    )


def text_of_fault(name: str, lang: str) -> str:
    """Return a part of such a text."""
    return _words()[lang][name]


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.workbook").joinpath("whole_file.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
