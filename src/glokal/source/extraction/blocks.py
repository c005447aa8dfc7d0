"""What a document consists of, whatever its format: lines, blocks, doubts.

Lengths are PDF points (1/72 inch) from the upper left corner of the page; pages start
at 1. A document without pages has 0 for the page and no boxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is; a table has a block for each heading and each item of a cell."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "list-item"
    TABLE_HEADING = "table-heading"
    TABLE_ITEM = "table-item"
    LINK = "link"


@dataclass(frozen=True)
class Word:
    """A word on a page: its letters, its box, the size and weight of its type."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float = 0.0
    bold: bool = False

    @property
    def middle(self) -> float:
        """Return the height of the word's middle on the page."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Return the height of the word's box."""
        return self.bottom - self.top


def typical_size(words: Iterable[Word], without: float = 10.0) -> float:
    """Return the size that most letters have, `without` when there are none."""
    weights: dict[float, int] = {}
    for word in words:
        weights[word.size] = weights.get(word.size, 0) + len(word.text)
    return max(weights, key=lambda size: weights[size]) if weights else without


@dataclass(frozen=True)
class Line:
    """A printed line: its text, and its words where they have places.

    `room` is how far to the right a line may reach here, 0 when that isn't known;
    `edge` is where a cell of a ruled table has no more place for letters.
    """

    text: str
    page: int = 0
    words: tuple[Word, ...] = field(default=(), repr=False)
    room: float = 0.0
    edge: float = 0.0

    @property
    def size(self) -> float:
        """Return the size that most of the line's letters have, 0 without words."""
        return typical_size(self.words, 0.0)

    @property
    def bold(self) -> bool:
        """Return whether most of the line's letters are bold."""
        letters = sum(len(w.text) for w in self.words)
        return 2 * sum(len(w.text) for w in self.words if w.bold) > letters

    @property
    def x0(self) -> float:
        """Return the left edge."""
        return min((w.x0 for w in self.words), default=0.0)

    @property
    def x1(self) -> float:
        """Return the right edge."""
        return max((w.x1 for w in self.words), default=0.0)

    @property
    def top(self) -> float:
        """Return the upper edge."""
        return min((w.top for w in self.words), default=0.0)

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return max((w.bottom for w in self.words), default=0.0)


@dataclass(eq=False)
class Block:
    """Lines that belong together, in reading order.

    `label` is the mark or number that an item begins with, which its first line has
    too. `level` is that of a heading, 1 the highest. `row` and `column` are the
    headings that a cell of a table stands under, `shared` further ones, where the cell
    is merged over several rows or columns. `redacted` says that the text was replaced.
    """

    kind: BlockKind
    lines: list[Line]
    level: int = 0
    label: str = ""
    row: Block | None = None
    column: Block | None = None
    redacted: bool = False
    shared: list[Block] = field(default_factory=list)

    def share(self, heading: Block | None) -> None:
        """Stand under one more heading of a row or a column."""
        there = (self.row, self.column, *self.shared)
        if heading is not None and heading not in there:
            self.shared.append(heading)

    @property
    def text(self) -> str:
        """Return the lines as they are printed, one below the other."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Doubt:
    """What the reading was unsure of: a rule of `extraction.toml`, where, and words."""

    rule: str
    page: int
    text: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Extraction:
    """A document as it was read. `pages` is their number, 0 for none."""

    blocks: Sequence[Block]
    doubts: Sequence[Doubt]
    pages: int = 0


def joined(words: Sequence[Word], page: int, room: float = 0.0) -> Line:
    """Return words of one printed line as a line, from left to right."""
    ordered = tuple(sorted(words, key=lambda w: w.x0))
    return Line(" ".join(w.text for w in ordered), page, ordered, room)


def lines_of(words: Sequence[Word], page: int, room: float = 0.0) -> list[Line]:
    """Return the printed lines that words of one column make, from the top."""
    gathered: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.middle, w.x0)):
        last = gathered[-1] if gathered else None
        if last is not None and _on_line(word, last):
            last.append(word)
        else:
            gathered.append([word])
    return [joined(of, page, room) for of in gathered]


def _on_line(word: Word, line: Sequence[Word]) -> bool:
    """Whether a word stands on the line of others; a raised figure does too."""
    tallest = max(line, key=lambda w: w.height)
    overlap = min(word.bottom, tallest.bottom) - max(word.top, tallest.top)
    return overlap > 0.5 * min(word.height, tallest.height)
