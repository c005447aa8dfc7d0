"""What people write in cells, read with care: unclear values are refused, not guessed.

A reading gives the value, or raises CellError with the name of what is wrong and what
fills in its words (`words.toml`).
"""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping

from glokal.dataset.dates import first_day
from glokal.workbook.layout import CHOICE, CHOICES, DATE, Column

_DOTTED = re.compile(r"(?:(?:(\d{1,2})[./])?(\d{1,2})[./])?(\d{4})")
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]00:00(?::00)?)?)?)?")
_EARLIEST, _LATEST = 1950, 2100
# A year that is typed in a cell for dates becomes the day of that number (ISO/IEC
# 29500-1, 18.17.4.1), which is in 1905.
_DAY_ZERO = datetime.date(1899, 12, 30)
# The columns that take nothing but a whole day.
_WHOLE = frozenset(("checked",))
# What a name that isn't in a list stands for; it raises CellError when it may not be.
Propose = Callable[[str, Column], str]


class CellError(Exception):
    """A cell that can't be taken: the name of the fault, and its details."""

    def __init__(self, fault: str, **details: object) -> None:
        super().__init__(fault)
        self.fault = fault
        self.details = details


def read_cell(
    written: object,
    column: Column,
    lists: Mapping[str, Mapping[str, str]],
    propose: Propose,
) -> str:
    """Return the value of a cell as the content has it; CellError when it is unclear.

    `written` is a text, a date, a number, a truth value or None. `lists` gives the IRI
    of each label. `propose` is asked for the value of a name outside them, where the
    column takes such names.
    """
    if written is None:
        return ""
    if column.kind == DATE:
        return read_date(written, whole=column.name in _WHOLE)
    text = plain_text(written)
    if column.kind not in (CHOICE, CHOICES):
        return text
    known = lists[column.choices]
    parts = text.split(";") if column.kind == CHOICES else [text]
    results = {
        find_choice(part, known)
        or (propose(part, column) if column.opens else _refuse(part, known))
        for part in map(str.strip, parts)
        if part
    }
    return " ".join(sorted(results))


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
    # What Python calls printable has nothing to refuse or take away.
    if text.isprintable():
        return " ".join(text.split())
    if any(
        unicodedata.category(c) in ("Cc", "Cf", "Co")
        for c in text
        if c not in "\t\n\r\u00ad\u200b\u200e\u200f\ufeff"
    ):
        raise CellError("control")
    text = re.sub("[\u00ad\u200b\u200e\u200f\ufeff]", "", text)
    return " ".join(text.split())


def shown_date(value: str) -> str:
    """Return a date as people write it: 31.12.2026, 12.2026 or 2026."""
    return ".".join(reversed(value.split("-")))


def read_date(written: object, *, whole: bool = False) -> str:
    """Return a date in the form of ISO 8601, as exactly as it is written.

    CellError for what is none, and for less than a day where the `whole` is asked.
    """
    if isinstance(written, datetime.date):
        day = written.date() if isinstance(written, datetime.datetime) else written
        number = (day - _DAY_ZERO).days
        if _EARLIEST <= number <= _LATEST and not whole:
            return str(number)
        return _within(day.isoformat())
    if isinstance(written, int) and not isinstance(written, bool) and not whole:
        if _EARLIEST <= written <= _LATEST:
            return str(written)
        raise CellError("date_number", value=written)
    if not isinstance(written, str):
        raise CellError("date_number", value=written)
    text = " ".join(written.split())
    if not text:
        return ""
    dotted, iso = _DOTTED.fullmatch(text), _ISO.fullmatch(text)
    if dotted:
        parts = [dotted[3], dotted[2], dotted[1]]
    elif iso:
        parts = [iso[1], iso[2], iso[3]]
    else:
        raise CellError("day" if whole else "date", value=text)
    given = [int(part) for part in parts if part]
    if whole and len(given) < len(parts):
        raise CellError("day", value=text)
    return _within("-".join([f"{given[0]:04}", *(f"{n:02}" for n in given[1:])]))


def _within(value: str) -> str:
    day = first_day(value)
    if day is None or not _EARLIEST <= day.year <= _LATEST:
        raise CellError("no_such_date", value=shown_date(value))
    return value


def find_choice(text: str, known: Mapping[str, str]) -> str:
    """Return the IRI of a label, "" when none is meant without doubt.

    Capitals don't matter, and a municipality may be named without the word for it.
    """
    if text in known:
        return known[text]
    folded = text.casefold()
    alike = [iri for label, iri in known.items() if label.casefold() == folded]
    if not alike:
        alike = [
            iri
            for label, iri in known.items()
            if label.casefold() in (f"{folded} kommune", f"{folded} municipality")
        ]
    return alike[0] if len(alike) == 1 else ""


def _refuse(text: str, known: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(text, known, n=2, cutoff=0.6)
    if near:
        raise CellError("choice_near", value=text, near=" / ".join(near))
    raise CellError("choice", value=text)
