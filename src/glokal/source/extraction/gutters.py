"""Gutters: strips of a page without words that have lines on both sides for a while.

A strip is found by the gaps between words, band by band (a band is what no horizontal
line parts), and trimmed where only one side has lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from glokal.source.extraction.blocks import Word, lines_of, typical_size
from glokal.source.extraction.paragraphs import MARKS, label_of

# A gutter is wider than this, in sizes of the type; spaces in justified lines can be
# as wide, but not over several lines at one place.
GUTTER = 0.6
# So many lines must stand on each side, twice as many where the strip isn't wide.
_LINES = 3
_WIDE = 1.2
# A gap in height that ends what stands together, in heights of a line.
_APART = 1.0
# A space between words, in sizes of their own type, is never wider.
_SPACE = 0.6


@dataclass(frozen=True)
class Gutter:
    """A strip at `x`, from the first to the last of the bands that it stands in."""

    x: float
    first: int
    last: int


def find_gutters(parts: Sequence[Sequence[Word]], size: float) -> list[Gutter]:
    """Return the gutters of a page, from the left; those of one strip are one."""
    wide = GUTTER * size
    strips: dict[tuple[int, int], list[float]] = {}
    for x in sorted({float(round(x)) for part in parts for x in _gaps(part, wide)}):
        for first, last in _runs(parts, x, wide):
            # Lower than some lines are together, it can't part them.
            top = min(w.top for w in parts[first])
            bottom = max(w.bottom for w in parts[last])
            if bottom - top >= _LINES * 0.8 * size:
                strips.setdefault((first, last), []).append(x)
    runs = []
    for (first, last), places in strips.items():
        words = [w for part in parts[first : last + 1] for w in part]
        for x in _apart(places, words):
            run = _trimmed(parts, x, first, last)
            if run is not None:
                runs.append(run)
    kept: list[Gutter] = []
    for run in sorted(runs, key=lambda g: (g.first - g.last, g.x)):
        if not any(_same(run, g, parts) or _within(run, g) for g in kept):
            kept.append(run)
    kept = sorted(kept, key=lambda g: g.x)
    kept = [g for g in kept if not _behind_labels(g, kept, parts)]
    kept = [_as_long(g, kept, parts) for g in kept]
    return sorted([*kept, *_headed(kept, parts)], key=lambda g: g.x)


def _headed(
    gutters: Sequence[Gutter], parts: Sequence[Sequence[Word]]
) -> Iterable[Gutter]:
    """Yield the gutters before columns that have nothing but their heading.

    The headings of a table stand apart in its first band; two that no gutter parts are
    one column only if something below goes over both.
    """
    if len(gutters) < 2 or len({(g.first, g.last) for g in gutters}) > 1:
        return
    first, last = gutters[0].first, gutters[0].last
    heads = sorted(parts[first], key=lambda w: w.x0)
    wide = _WIDE * typical_size(heads)
    xs = [g.x for g in gutters]
    for left, right in pairwise(heads):
        x = right.x0 - wide / 4
        between = any(left.x0 < of < right.x1 for of in xs)
        if right.x0 - left.x1 < wide or between:
            continue
        if all(not w.x0 < x < w.x1 for p in parts[first : last + 1] for w in p):
            yield Gutter(x, first, last)


def _behind_labels(
    gutter: Gutter, gutters: Sequence[Gutter], parts: Sequence[Sequence[Word]]
) -> bool:
    """Whether what is left of a gutter, up to the next one, is the marks of a list."""
    left = max((g.x for g in gutters if g.x < gutter.x), default=0.0)
    part = [w for p in parts[gutter.first : gutter.last + 1] for w in p]
    between = lines_of([w for w in part if left < w.x0 and w.x1 <= gutter.x], 0)
    labels = [line for line in between if _is_label(line.text)]
    # Its heading and the lines that go on below one may stand at the margin.
    return len(labels) >= 2 and all(_is_label(line.text) for line in between)


def _as_long(
    gutter: Gutter, gutters: Sequence[Gutter], parts: Sequence[Sequence[Word]]
) -> Gutter:
    """Return a gutter as long as its neighbours: a row may lack its last cells."""

    def free(bands_: Iterable[Sequence[Word]]) -> bool:
        return all(not w.x0 < gutter.x < w.x1 for band in bands_ for w in band)

    first, last = gutter.first, gutter.last
    for other in gutters:
        if other.first <= gutter.last and gutter.first <= other.last:
            if free(parts[other.first : gutter.first]):
                first = min(first, other.first)
            if free(parts[gutter.last : other.last + 1]):
                last = max(last, other.last)
    return Gutter(gutter.x, first, last)


def _apart(places: Sequence[float], words: Sequence[Word]) -> Iterable[float]:
    """Yield the middle of each strip that some places without words are in."""
    strip = [places[0]]
    for x in places[1:]:
        if any(strip[-1] < w.x1 and w.x0 < x for w in words):
            yield (strip[0] + strip[-1]) / 2
            strip = []
        strip.append(x)
    yield (strip[0] + strip[-1]) / 2


def _gaps(part: Sequence[Word], wide: float) -> Iterable[float]:
    """Yield the middles of the gaps between words of a band."""
    reach = None
    for word in sorted(part, key=lambda w: w.x0):
        if reach is not None and word.x0 - reach >= wide:
            yield (reach + word.x0) / 2
            # A ragged edge makes wide gaps: their ends may be free further.
            yield word.x0 - wide / 2
            yield reach + wide / 2
        reach = max(reach or word.x1, word.x1)


def _runs(
    parts: Sequence[Sequence[Word]], x: float, wide: float
) -> Iterable[tuple[int, int]]:
    """Yield the first and the last of the bands that no word crosses at x."""
    first = 0
    for at in range(len(parts) + 1):
        if at == len(parts) or _crossed(parts[at], x, wide):
            if first < at:
                yield first, at - 1
            first = at + 1


def _crossed(part: Sequence[Word], x: float, wide: float) -> bool:
    """Whether a word of a band stands at x; between large words more white is usual."""
    near = [w for w in part if abs(w.middle - part[0].middle) < w.height]
    half = max(wide, _SPACE * typical_size(near)) / 2 - 0.5
    return any(w.x0 < x + half and w.x1 > x - half for w in part)


def _trimmed(
    parts: Sequence[Sequence[Word]], x: float, first: int, last: int
) -> Gutter | None:
    """Return a run without what stands apart at its ends on one side only."""
    sides = [
        (any(w.x1 <= x for w in p), any(w.x0 >= x for w in p))
        for p in parts[first : last + 1]
    ]

    offset = first

    def both(at: int) -> bool:
        return all(sides[at - offset])

    begin = first
    while begin <= last and not both(begin):
        begin += 1
    end = last
    while end >= begin and not both(end):
        end -= 1
    if begin > end:
        return None
    # What stands above one column only is a line of it, but for what stands apart.
    while begin > first and _belongs(parts[begin - 1], parts[begin], x):
        begin -= 1
    first = begin
    # The longer column goes on below the shorter one, as long as nothing sets it apart.
    while end < last and _gap(parts[end], parts[end + 1]) < _APART:
        end += 1
    end = _longer(parts, x, begin, end, last)
    run = [w for p in parts[first : end + 1] for w in p]
    left, right = [w for w in run if w.x1 <= x], [w for w in run if w.x0 >= x]
    width = min(w.x0 for w in right) - max(w.x1 for w in left)
    enough = _LINES if width >= _WIDE * typical_size(run) else 2 * _LINES
    for side in (left, right):
        lines = lines_of(side, 0)
        if len(lines) < enough or all(_is_label(line.text) for line in lines):
            return None
    return Gutter(x, first, end)


def _longer(
    parts: Sequence[Sequence[Word]], x: float, begin: int, end: int, last: int
) -> int:
    """Return where the longer column ends, with what is set apart in it.

    Lines that are broken at the edge of the column belong to it; what stands close
    above a line over the whole page does not.
    """
    if last + 1 < len(parts):
        while last > end and _gap(parts[last], parts[last + 1]) < _APART:
            last -= 1
    if last == end:
        return end
    column = [w for p in parts[begin : end + 1] for w in p]
    rest = [w for p in parts[end + 1 : last + 1] for w in p]
    on_left = all(w.x1 <= x for w in rest)
    edge = max((w.x1 for w in column if (w.x1 <= x) == on_left), default=0.0)
    broken = any(
        above.words
        and 0 <= below.top - above.bottom < above.bottom - above.top
        and above.x1 + below.words[0].x1 - below.words[0].x0 > edge
        for above, below in pairwise(lines_of(rest, 0))
    )
    return last if broken else end


def _is_label(text: str) -> bool:
    """Whether a line is only the mark or the number of an item."""
    return text in tuple(MARKS) or label_of(f"{text} -") == text


def _belongs(above: Sequence[Word], below: Sequence[Word], x: float) -> bool:
    """Whether a band is the first line of a column: nothing is left of it, or near."""
    if all(w.x0 >= x for w in above):
        return True
    sizes = typical_size(above), typical_size(below)
    return _gap(above, below) < _APART and sizes[0] < 1.15 * sizes[1]


def _gap(above: Sequence[Word], below: Sequence[Word]) -> float:
    """Return the white between two bands, in heights of a line."""
    height = max(w.height for w in above)
    return (min(w.top for w in below) - max(w.bottom for w in above)) / height


def _within(run: Gutter, longer: Gutter) -> bool:
    """Whether a run is a part of a longer one: a column that is divided, or chance.

    The gutters of a table are as long as each other.
    """
    inside = longer.first <= run.first and run.last <= longer.last
    return inside and run.last - run.first < 0.7 * (longer.last - longer.first)


def _same(one: Gutter, other: Gutter, parts: Sequence[Sequence[Word]]) -> bool:
    """Whether two runs overlap in height with no word between them."""
    first, last = max(one.first, other.first), min(one.last, other.last)
    if first > last:
        return False
    left, right = sorted((one.x, other.x))
    between = [
        w for p in parts[first : last + 1] for w in p if left < w.x0 and w.x1 < right
    ]
    return len(lines_of(between, 0)) < _LINES
