"""Paragraphs: printed lines of a column as headings, paragraphs and items of lists.

A heading is set larger than the text, or bold, or in capitals, and is short. An item
begins with a mark or a number. What ends a column without ending its sentence goes on
in the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from glokal.source.extraction.blocks import Block, BlockKind, Doubt, Line
from glokal.source.extraction.hyphens import HYPHENS

MARKS = "•●○▪▫■□◦‣⁃·∙➢►▶✓*\uf0b7\uf0a7\uf0d8–-"
_PARAGRAPH_GAP = 1.35
_LARGER = 1.12
_HEADING_LETTERS = 120
_ENDS = '.:!?;»”")'
_SAME_SIZE = 0.6
# What begins a list, wherever the line above ends.
_FIRST_LABELS = ("1.", "1)", "a)")


def label_of(text: str) -> str:
    """Return the mark or the number that a line begins with as an item, else ""."""
    first, _, rest = text.partition(" ")
    if not rest.strip() or not first:
        return ""
    if first in MARKS and len(first) == 1:
        return first
    bare = first[:-1].lstrip("(")
    if first[-1] in ".)" and len(bare) <= 3:
        if bare.isdigit() and len(bare) <= 2:
            return first
        if len(bare) == 1 and bare.isalpha() and first[-1] == ")":
            return first
    return ""


def leading_of(columns: Iterable[Sequence[Line]]) -> float:
    """Return the usual distance from one line to the next, in points."""
    distances = [
        below.top - above.top
        for lines in columns
        for above, below in pairwise(lines)
        if above.page == below.page
        and 0 < below.top - above.top < 4 * (above.size or 10)
    ]
    return median(distances) if distances else 12.0


def ends_early(line: Line, following: Line) -> bool:
    """Whether the first word of the line below would have fitted on a line."""
    if not line.room or not following.words or not line.words:
        return False
    space = 0.3 * (line.size or 10)
    first = following.words[0]
    return line.x1 + space + (first.x1 - first.x0) < line.room - 0.5


def body_size(lines: Iterable[Line]) -> float:
    """Return the size that most letters of the document have.

    In a short one that may be the title's; then that of most letters of sentences.
    """
    weights: dict[float, int] = {}
    sentences: dict[float, int] = {}
    for line in lines:
        for word in line.words:
            weights[word.size] = weights.get(word.size, 0) + len(word.text)
        if line.words and line.text[-1:] == ".":
            sentences[line.size] = sentences.get(line.size, 0) + len(line.text)
    largest = max(weights, default=0.0)
    if sentences and largest not in sentences:
        weights.pop(largest)
    return max(weights, key=lambda s: weights[s]) if weights else 10.0


def is_heading(line: Line, body: float, bold_body: bool = False) -> bool:
    """Return whether a line is set as a heading: larger, bold, or in capitals."""
    letters = [c for c in line.text if c.isalpha()]
    if len(line.text) > _HEADING_LETTERS:
        return False
    if line.size >= _LARGER * body:
        return True
    if not letters:
        return False
    if label_of(line.text) in tuple(MARKS):
        return False
    ended = line.text.rstrip()[-1:] in ".;,"
    if line.bold and not bold_body and not ended:
        return True
    capitals = sum(1 for c in letters if c.isupper())
    return capitals == len(letters) > 3 and not ended and line.size >= 0.95 * body


def blocks_of(lines: Sequence[Line], body: float, leading: float) -> list[Block]:
    """Return the lines of one column as blocks, in their order."""
    results: list[Block] = []
    above: Line | None = None
    for line in lines:
        block = results[-1] if results else None
        if block is None or above is None or _begins(block, above, line, body, leading):
            results.append(_new(line, body))
        else:
            block.lines.append(line)
        above = line
    for block in results:
        if block.kind == BlockKind.HEADING and len(block.text) > 2 * _HEADING_LETTERS:
            block.kind = BlockKind.PARAGRAPH
    return results


def _new(line: Line, body: float) -> Block:
    if is_heading(line, body):
        return Block(BlockKind.HEADING, [line])
    label = label_of(line.text)
    kind = BlockKind.ITEM if label else BlockKind.PARAGRAPH
    return Block(kind, [line], label=label)


def _begins(block: Block, above: Line, line: Line, body: float, leading: float) -> bool:
    """Whether a line begins a block of its own."""
    heading = is_heading(line, body)
    gap = line.top - above.top
    if block.kind == BlockKind.HEADING and not heading and _same_style(above, line):
        # A year on a line of its own, or the end of one that is long.
        heading = gap <= 1.7 * line.size
    if (block.kind == BlockKind.HEADING) != heading:
        # Capitals or bold letters at a line's start are no heading in a paragraph.
        return block.kind == BlockKind.HEADING or _set_apart(above, line, leading)
    if heading:
        far = gap > 1.7 * max(line.size, above.size)
        other = abs(line.size - above.size) > 0.5 or line.bold != above.bold
        return far or other or label_of(line.text) != ""
    label = label_of(line.text)
    if label and (label not in "-–" or block.label == label):
        # "den 2." at the end of a line begins no item on the next.
        within = (
            _mid_sentence(above)
            and label[:1].isdigit()
            and label not in _FIRST_LABELS
            and not block.label
        )
        return not within or gap > _PARAGRAPH_GAP * leading or ends_early(above, line)
    if gap > _PARAGRAPH_GAP * leading:
        return True
    if block.label and line.x0 < block.lines[0].x0 - 2:
        return True
    if block.label and _is_below_list(block.lines[0], above, line):
        return True
    if not block.label and line.x0 > above.x0 + 6 and above.text[-1:] in _ENDS:
        return True
    return (
        above.text[-1:] in _ENDS
        and not line.text[:1].islower()
        and ends_early(above, line)
    )


def _is_below_list(first: Line, above: Line, line: Line) -> bool:
    """Whether a line begins where the mark of an item stands, and no rest of it does.

    An item may go on below its mark, but then the line above it is full.
    """
    if len(first.words) < 2 or line.text[:1].islower():
        return False
    return line.x0 < first.words[1].x0 - 4 and ends_early(above, line)


def _set_apart(above: Line, line: Line, leading: float) -> bool:
    larger = line.size > 1.05 * above.size or line.bold != above.bold
    return (
        larger
        or line.top - above.top > _PARAGRAPH_GAP * leading
        or (above.text[-1:] in _ENDS and ends_early(above, line))
    )


def _same_style(above: Line, line: Line) -> bool:
    return above.bold and line.bold and abs(above.size - line.size) < 0.5


def _mid_sentence(line: Line) -> bool:
    return line.text[-1:] not in _ENDS


def join_columns(columns: Sequence[list[Block]]) -> tuple[list[Block], list[Doubt]]:
    """Return the blocks of columns in one row; what goes on is made one block."""
    results: list[Block] = []
    doubts: list[Doubt] = []
    for blocks in columns:
        rest = blocks
        last = _before(results, rest[0]) if rest else None
        if last is not None and rest and _goes_on(last, rest[0]):
            first = rest[0].lines[0]
            if not (first.text[:1].islower() or last.text[-1] in HYPHENS):
                doubts.append(Doubt("goes-on", first.page, first.text))
            last.lines += rest[0].lines
            rest = rest[1:]
        results += rest
    return results, doubts


def _before(results: Sequence[Block], first: Block) -> Block | None:
    """Return what a column may go on with: the last block but for notes below it."""
    size = first.lines[0].size
    for block in reversed(results):
        own = block.lines[-1].size
        if abs(own - size) < _SAME_SIZE:
            return block
        if own > size or block.kind == BlockKind.HEADING:
            return None
    return None


def _goes_on(last: Block, first: Block) -> bool:
    if first.kind != BlockKind.PARAGRAPH or last.kind not in (
        BlockKind.PARAGRAPH,
        BlockKind.ITEM,
    ):
        return False
    above, line = last.lines[-1], first.lines[0]
    if above.text[-1:] in HYPHENS or line.text[:1].islower():
        return True
    return above.text[-1:] not in '.:!?;»”"' and not _short(above, line)


def _short(above: Line, line: Line) -> bool:
    """Whether the last line of a column ends early, so that a paragraph ends there."""
    return ends_early(above, line)


def set_levels(blocks: Sequence[Block]) -> None:
    """Give each heading its level by its size and weight, and find the title."""
    headings = [b for b in blocks if b.kind == BlockKind.HEADING and b.lines[0].words]
    if not headings:
        return
    first = headings[0]
    largest = max(round(b.lines[0].size, 1) for b in headings)
    if round(first.lines[0].size, 1) == largest and blocks[0] is first:
        same = [b for b in headings if round(b.lines[0].size, 1) == largest]
        if len(same) == 1:
            first.kind = BlockKind.TITLE
            headings = headings[1:]
    styles = sorted({_style(b) for b in headings}, reverse=True)
    for block in headings:
        block.level = styles.index(_style(block)) + 1


def _style(block: Block) -> tuple[float, bool]:
    line = block.lines[0]
    return round(line.size), line.bold
