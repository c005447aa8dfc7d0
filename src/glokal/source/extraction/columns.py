"""Columns: where white space divides a page, and in what order its parts are read.

A gutter is a strip without words that has lines on both sides of it for a while. The
page is cut at its gutters into zones from the top; a zone without one is read line by
line, one with gutters is a table (`tables`) or columns, read from left to right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from glokal.source.extraction.blocks import Word, typical_size
from glokal.source.extraction.gutters import find_gutters

# Letters overlap a little from line to line; boxes are thought lower by this part.
_SHRUNK = 0.15
_DEEPEST = 6


@dataclass
class Zone:
    """A part of a page: its words, and the middles of its gutters from the left."""

    words: list[Word] = field(repr=False)
    gutters: tuple[float, ...] = ()

    @property
    def bands(self) -> list[list[Word]]:
        """Return the words in bands between which a line can be drawn through."""
        return bands(self.words)

    def columns(self) -> list[list[Word]]:
        """Return the words of each column, from the left."""
        results: list[list[Word]] = [[] for _ in range(len(self.gutters) + 1)]
        for word in self.words:
            results[column_at(word, self.gutters)].append(word)
        return results


def column_at(word: Word, gutters: Sequence[float]) -> int:
    """Return the number of the column that the middle of a word is in, from 0."""
    middle = (word.x0 + word.x1) / 2
    return sum(1 for gutter in gutters if middle > gutter)


def bands(words: Sequence[Word]) -> list[list[Word]]:
    """Return words in groups between which a horizontal line hits none."""
    results: list[list[Word]] = []
    reach = 0.0
    for word in sorted(words, key=lambda w: w.top):
        shrink = _SHRUNK * word.height
        if results and word.top + shrink < reach:
            results[-1].append(word)
            reach = max(reach, word.bottom - shrink)
        else:
            results.append([word])
            reach = word.bottom - shrink
    return results


def zones(words: Sequence[Word]) -> list[Zone]:
    """Return the zones of a page or of a column, from the top."""
    parts = bands(words)
    gutters = find_gutters(parts, typical_size(words))
    results: list[Zone] = []
    for at, part in enumerate(parts):
        active = tuple(g.x for g in gutters if g.first <= at <= g.last)
        if results and results[-1].gutters == active:
            results[-1].words += part
        else:
            results.append(Zone(list(part), active))
    return results


def reading_order(words: Sequence[Word], depth: int = 0) -> list[Zone]:
    """Return zones without gutters in the order in which columns are read."""
    results: list[Zone] = []
    for zone in zones(words):
        if not zone.gutters or depth == _DEEPEST:
            results.append(Zone(zone.words))
            continue
        for column in zone.columns():
            if column:
                results += reading_order(column, depth + 1)
    return results
