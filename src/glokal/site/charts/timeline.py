"""Periods as bars along the years, placed in per cent: words keep their size."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from glokal.site.page_values import Value

# Years that are written: so many apart, until there are more than this.
_STEPS, _MOST_YEARS = (1, 2, 5, 10, 20, 50, 100), 11
_DAYS = 365.2425


@dataclass(frozen=True)
class Span:
    """What lasts: its name, its first and last day (None when not said), who says it.

    `outside` is true when another source than the strategy says it.
    """

    link: Value
    start: datetime.date | None
    end: datetime.date | None
    outside: bool


@dataclass(frozen=True)
class PeriodBar:
    """A period in the picture: where it begins and how long it is, in per cent."""

    x: str
    width: str
    outside: bool


@dataclass(frozen=True)
class Timeline:
    """The years of the picture with their places, and the bars of each row."""

    years: tuple[tuple[int, str], ...]
    rows: tuple[tuple[PeriodBar, ...], ...]


def draw_timeline(rows: Sequence[Sequence[Span]]) -> Timeline | None:
    """Return the periods of each row along the same years; None when there are none.

    Only a period of which both ends are known is drawn.
    """
    known = [
        day
        for row in rows
        for s in row
        for day in (s.start, s.end)
        if s.start and s.end
    ]
    days = [day for day in known if day]
    if not days:
        return None
    early, late = min(days).year, max(days).year + 1
    # Whole steps, so that the years that are written stand evenly.
    step = next((s for s in _STEPS if late - early <= s * _MOST_YEARS), _STEPS[-1])
    first, last = early // step * step, -(-late // step) * step
    zero = datetime.date(first, 1, 1)
    total = (last - first) * _DAYS

    def place(day: datetime.date) -> float:
        return (day - zero).days * 100 / total

    def bars(row: Sequence[Span]) -> tuple[PeriodBar, ...]:
        return tuple(
            PeriodBar(
                f"{place(s.start):.2f}",
                f"{place(s.end) - place(s.start):.2f}",
                s.outside,
            )
            for s in row
            if s.start and s.end
        )

    years = tuple(
        (year, f"{(year - first) * 100 / (last - first):.2f}")
        for year in range(first, last, step)
    )
    return Timeline(years, tuple(map(bars, rows)))
