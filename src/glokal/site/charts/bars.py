"""Numbers as bars. Widths are in per cent, so that the words keep their size."""

from __future__ import annotations

from dataclasses import dataclass, replace

from glokal.site.answer_tables import AnswerTable
from glokal.site.page_values import Value

_LINE = 46


@dataclass(frozen=True)
class Bar:
    """A bar: what it stands for, its number, its width in per cent, its place."""

    link: Value
    number: str
    width: str
    y: int


@dataclass(frozen=True)
class Bars:
    """Bars under each other: what they count, and the height of the picture."""

    counted: str
    height: int
    bars: tuple[Bar, ...]


def draw_bars(answer: AnswerTable, column: str) -> Bars | None:
    """Return the numbers of a column as bars, None when there is nothing to compare.

    `column` is the heading of the numbers; the first column names the bars, with those
    up to the numbers where that isn't enough to tell them apart.
    """
    if column not in answer.columns:
        return None
    place = answer.columns.index(column)
    read = [(row[0][0], row[place][0].text) for row in answer.rows]
    if len({link.text for link, _ in read}) < len(read):
        names = [" – ".join(c[0].text for c in row[:place]) for row in answer.rows]
        read = [
            (replace(link, text=name), number)
            for (link, number), name in zip(read, names, strict=True)
        ]
    if len(read) < 2 or not all(number.isdecimal() for _, number in read):
        return None
    most = max(int(number) for _, number in read) or 1
    bars = tuple(
        Bar(link, number, f"{int(number) * 92 / most:.1f}", n * _LINE)
        for n, (link, number) in enumerate(read)
    )
    return Bars(column, len(bars) * _LINE, bars)
