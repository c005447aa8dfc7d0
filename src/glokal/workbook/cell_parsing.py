"""What people write in cells, read with care: unclear values are refused, not guessed.

A reading gives the value, or raises CellError with the name of what is wrong and what
fills in its words (`words.toml`).
"""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Mapping

from glokal.workbook.layout import CHOICE, CHOICES, DATE, Column

_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_EARLIEST, _LATEST = 1950, 2100


class CellError(Exception):
    """A cell that can't be taken: the name of the fault, and its details."""

    def __init__(self, fault: str, **details: object) -> None:
        super().__init__(fault)
        self.fault = fault
        self.details = details


def read_cell(
    written: object, column: Column, lists: Mapping[str, Mapping[str, str]]
) -> str:
    """Return the value of a cell as the content has it; CellError when it is unclear.

    `written` is a text, a date, a number, a truth value or None. `lists` gives the IRI
    of each label.
    """
    if written is None:
        return ""
    if column.kind == DATE:
        return _date(written)
    text = plain_text(written)
    if column.kind == CHOICE:
        return _chosen(text, lists[column.choices]) if text else ""
    if column.kind == CHOICES:
        parts = [part.strip() for part in text.split(";")]
        results = {_chosen(part, lists[column.choices]) for part in parts if part}
        return " ".join(sorted(results))
    return text


def plain_text(written: object) -> str:
    """Return a text in one form: composed letters, one space; CellError for others."""
    if isinstance(written, bool):
        raise CellError("truth", value="SANN" if written else "USANN")
    if isinstance(written, datetime.date):
        raise CellError("date_for_text", value=written.strftime("%d.%m.%Y"))
    if not isinstance(written, str):
        # Leading zeros would be gone already.
        raise CellError("number", value=written)
    text = unicodedata.normalize("NFC", written)
    if any(
        unicodedata.category(c) in ("Cc", "Cf", "Co")
        for c in text
        if c not in "\t\n\r\u00ad\u200b\u200e\u200f\ufeff"
    ):
        raise CellError("control")
    text = re.sub("[\u00ad\u200b\u200e\u200f\ufeff]", "", text)
    return " ".join(text.split())


def _date(written: object) -> str:
    if isinstance(written, datetime.datetime):
        return _within(written.date())
    if isinstance(written, datetime.date):
        return _within(written)
    if isinstance(written, bool) or not isinstance(written, str):
        raise CellError("date_number", value=written)
    text = " ".join(written.split())
    if not text:
        return ""
    dotted, iso = _DOTTED.fullmatch(text), _ISO.fullmatch(text)
    try:
        if dotted:
            return _within(
                datetime.date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
            )
        if iso:
            return _within(datetime.date(int(iso[1]), int(iso[2]), int(iso[3])))
    except ValueError:
        raise CellError("no_such_date", value=text) from None
    raise CellError("date", value=text)


def _within(day: datetime.date) -> str:
    if not _EARLIEST <= day.year <= _LATEST:
        raise CellError("no_such_date", value=day.strftime("%d.%m.%Y"))
    return day.isoformat()


def _chosen(text: str, known: Mapping[str, str]) -> str:
    if text in known:
        return known[text]
    alike = [iri for label, iri in known.items() if label.casefold() == text.casefold()]
    if len(alike) == 1:
        return alike[0]
    near = difflib.get_close_matches(text, known, n=2, cutoff=0.6)
    if near:
        raise CellError("choice_near", value=text, near=" / ".join(near))
    raise CellError("choice", value=text)
