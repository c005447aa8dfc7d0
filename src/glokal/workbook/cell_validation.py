"""What a cell says when it is chosen, and what it refuses (data validation).

A grey cell refuses whatever is typed. A list refuses what isn't in it, unless new names
may be written there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from glokal.workbook.layout import (
    ALWAYS,
    CHOICE,
    CHOICES,
    DATE,
    NEW,
    Column,
    SheetLayout,
)

# What a program shows of a message (ISO/IEC 29500-1, 18.3.1.32).
_LONGEST = 255
# Their new names stand in other sheets.
_TYPED = ("activity", "organisation")


def validate_sheet(
    target: Any,
    sheet: SheetLayout,
    ranges: Mapping[str, str],
    there: int,
    last: int,
    lang: str,
) -> None:
    """Set what the cells of a sheet say and refuse.

    Its rows are there down to the row `there`, and spare ones down to `last`. `ranges`
    gives where each list stands.
    """
    words = _words()[lang]
    grey = _grey(words)
    if there > 1:
        grey.add(f"A2:A{there}")
    for number, column in enumerate(sheet.columns, 2):
        letter = get_column_letter(number)
        if column.edit != ALWAYS and there > 1:
            grey.add(f"{letter}2:{letter}{there}")
        first = 2 if column.edit == ALWAYS else there + 1
        rule = _rule(column, ranges, words)
        if rule is not None and column.edit in (ALWAYS, NEW) and first <= last:
            rule.add(f"{letter}{first}:{letter}{last}")
            target.add_data_validation(rule)
    if grey.sqref:
        target.add_data_validation(grey)


def _grey(words: Mapping[str, str]) -> DataValidation:
    rule = DataValidation("custom", formula1="FALSE", allow_blank=False)
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = words["grey_title"], words["grey"]
    return rule


def _rule(
    column: Column, ranges: Mapping[str, str], words: Mapping[str, str]
) -> DataValidation | None:
    named = column.name if column.name in words else ""
    if column.kind in (CHOICE, CHOICES):
        rule = DataValidation("list", formula1=ranges[column.choices], allow_blank=True)
        # Several values, and new names, can't be held to a list; it is offered.
        rule.showErrorMessage = column.name not in _TYPED and not (
            column.opens or column.kind == CHOICES
        )
        rule.error = words["choose"]
        prompt = "choices" if column.kind == CHOICES else "choose"
        prompt = named or ("open" if column.opens else prompt)
    elif column.kind == DATE and column.name == "checked":
        rule = DataValidation(
            "date", operator="greaterThan", formula1="18264", allow_blank=True
        )
        rule.showErrorMessage = True
        rule.error, prompt = words["checked"], "checked"
    elif column.kind == DATE or named:
        rule = DataValidation(None, allow_blank=True)
        prompt = named or "date"
    else:
        return None
    rule.errorTitle = rule.promptTitle = column.title
    rule.showInputMessage = True
    rule.prompt = words[prompt][:_LONGEST]
    return rule


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.workbook").joinpath("cell_validation.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
