"""Periods as lines along the years, placed in per cent: words keep their size."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from glokal.site.graph_view import Value

_LINE, _TOP = 44, 34
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
class Mark:
    """A period in the picture: where it begins and how long it is, in per cent.

    The width is 0 when only one end is known, which is drawn as a point. `years` are
    written behind it: from x, or up to it when it stands far to the right.
    """

    span: Span
    x: str
    width: str
    y: int
    years: str
    years_x: str
    before: bool


@dataclass(frozen=True)
class Timeline:
    """Periods under each other, and the years that cross them."""

    height: int
    years: tuple[tuple[int, str], ...]
    marks: tuple[Mark, ...]


# From here, in per cent, the years stand before their bar.
_FAR = 80


def draw_timeline(spans: Sequence[Span]) -> Timeline | None:
    """Return periods along the years, in the order given; None when there are none."""
    known = [day for s in spans for day in (s.start, s.end) if day]
    if not known:
        return None
    early, late = min(known).year, max(known).year + 1
    # Whole steps, so that the years that are written stand evenly.
    step = next((s for s in _STEPS if late - early <= s * _MOST_YEARS), _STEPS[-1])
    first, last = early // step * step, -(-late // step) * step
    zero = datetime.date(first, 1, 1)
    total = (last - first) * _DAYS

    def place(day: datetime.date) -> float:
        return (day - zero).days * 100 / total

    marks = []
    for number, span in enumerate(spans):
        day = span.start or span.end
        if day is None:
            continue
        x = place(day)
        width = place(span.end) - x if span.start and span.end else 0.0
        y = _TOP + number * _LINE
        right = x + width > _FAR
        marks.append(
            Mark(
                span,
                f"{x:.2f}",
                f"{width:.2f}" if width else "",
                y,
                # A bar over the whole breadth has no room beside it.
                "" if right and x < 100 - _FAR else _years(span),
                f"{x if right else x + width:.2f}",
                right,
            )
        )
    years = tuple(
        (year, f"{(year - first) * 100 / (last - first):.2f}")
        for year in range(first, last, step)
    )
    return Timeline(_TOP + len(marks) * _LINE, years, tuple(marks))


def _years(span: Span) -> str:
    ends = [str(day.year) if day else "" for day in (span.start, span.end)]
    return "–".join(dict.fromkeys(filter(None, ends)))
