"""Dates as exact as their source has them: a year, a month or a day.

`xsd:gYear`, `xsd:gYearMonth` and `xsd:date` are lexical forms of ISO 8601 that begin
alike. A year is no day, so nothing is added to it; where a place on a line or an order
is needed, it lasts from its first day to its last.
"""

from __future__ import annotations

import calendar
import datetime

YEAR, MONTH = len("2023"), len("2023-03")


def first_day(text: str) -> datetime.date | None:
    """Return the first day of a year, a month or a day; None for another text."""
    tail = {YEAR: "-01-01", MONTH: "-01"}.get(len(text), "")
    try:
        return datetime.date.fromisoformat(text + tail)
    except ValueError:
        # What is no date is for the shapes to find.
        return None


def last_day(text: str) -> datetime.date | None:
    """Return the last day of a year, a month or a day; None for another text."""
    first = first_day(text)
    if first is None or len(text) > MONTH:
        return first
    month = 12 if len(text) == YEAR else first.month
    day = calendar.monthrange(first.year, month)[1]
    return datetime.date(first.year, month, day)
