"""Words that a narrow cell breaks without a hyphen: “Nordsjøkommisjone|n”.

A word goes on in the next line where it stands alone on its own, no further letter has
room beside it, and the next line begins at the same edge with a small letter. That may
be a new word as well: one that the document has elsewhere is none that is broken off,
and the two parts are one where the document has them as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from glokal.source.extraction.blocks import Block, BlockKind, Doubt, Line
from glokal.source.extraction.citations import phrases

_CELLS = (BlockKind.TABLE_HEADING, BlockKind.TABLE_ITEM)
# Lines that begin within so many points of each other begin at one edge.
_EDGE = 1.5
# Widths of letters in shares of the size of type.
_SHARES = {0.3: "ijl", 0.4: "frt", 0.85: "mwæœ"}
_SHARE = 0.55
# Programs break a little before the edge.
_SLACK = 0.1
_SIGNS = ".,;:!?()[]«»”“\"'’‘"


def mend_broken_words(blocks: Sequence[Block]) -> list[Doubt]:
    """Make one of the parts of broken words, in the lines of cells.

    Returns a doubt for each of them, and for each that may be one and was left.
    """
    known = _whole_words(blocks)
    doubts = []
    for block in blocks:
        if block.kind in _CELLS:
            block.lines, told = _mended(block.lines, known)
            doubts += told
    return doubts


@dataclass(frozen=True)
class _Break:
    """Where a word may be broken: the parts, whether its cell's edge says so, and
    whether the first one is the rest of a word already.
    """

    before: str
    after: str
    edge_known: bool
    goes_on: bool

    @property
    def whole(self) -> str:
        return self.before + self.after


def _mended(
    lines: Sequence[Line], known: frozenset[str]
) -> tuple[list[Line], list[Doubt]]:
    results = [lines[0]]
    doubts: list[Doubt] = []
    for line in lines[1:]:
        above = results[-1]
        broken = _break(above, line)
        if broken is None:
            results.append(line)
            continue
        rule = _judged(broken, known)
        if doubts and doubts[-1].text == broken.before:
            # A word of more than two parts is told once it is whole.
            doubts.pop()
        if rule:
            doubts.append(Doubt(rule, above.page, broken.whole))
        if rule != "broken-word":
            results.append(line)
            continue
        first, *rest = line.words
        # The frame of a line is drawn on one page.
        words = (*above.words, first) if line.page == above.page else above.words
        results[-1] = replace(above, text=broken.whole, words=words, room=line.room)
        if rest:
            text = " ".join(word.text for word in rest)
            results.append(replace(line, text=text, words=tuple(rest)))
    return results, doubts


def _judged(broken: _Break, known: frozenset[str]) -> str:
    """Return what is told of a break: it was mended, it may be one, or "" for none."""
    if broken.goes_on or _bare(broken.whole) in known:
        return "broken-word"
    after = _bare(broken.after)
    if after in {*phrases()["goes_on"]["words"]} - {*phrases()["goes_on"]["endings"]}:
        return ""
    sure = broken.edge_known and after not in known
    return "broken-word" if sure else "maybe-broken-word"


def _break(above: Line, line: Line) -> _Break | None:
    """Return where a word may go on from one line to the next, None if none does."""
    if not above.words or not line.words or line.page - above.page not in (0, 1):
        return None
    before, after = above.text, line.words[0].text
    one_word = " " not in before and before[-1:].isalpha()
    if not one_word or not after[:1].islower() or abs(above.x0 - line.x0) > _EDGE:
        return None
    # The last of its parts is what fills the line, where a word has more than two.
    end = above.words[-1].x1
    edge = above.edge or above.room
    if not edge or end + _width(after[0], line.size) <= edge:
        return None
    return _Break(before, after, bool(above.edge), len(above.words) > 1)


def _width(letter: str, size: float) -> float:
    """Return about how wide a letter is, in points, in most typefaces."""
    share = next((s for s, letters in _SHARES.items() if letter in letters), _SHARE)
    return (share + _SLACK) * size


def _whole_words(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the words that are no first or last part of a word over two lines."""
    return frozenset(_bare(word) for block in blocks for word in _inside(block.lines))


def _inside(lines: Sequence[Line]) -> Iterator[str]:
    for number, line in enumerate(lines):
        words = line.text.split()
        last = len(words) - (number + 1 < len(lines))
        yield from words[1 if number else 0 : last]


def _bare(word: str) -> str:
    return word.strip(_SIGNS).casefold()
