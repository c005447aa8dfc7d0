"""Running heads and page numbers: what returns at the edge of the pages.

Lines near the upper and the lower edge are compared with figures left out; what stands
at the same height on at least half of the pages, or on three, is no part of the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from glokal.source.extraction.blocks import Doubt, Line, Word, lines_of

# The part of the page at each end where running heads stand.
_EDGE = 0.12
# Heights differ by no more than this, in points.
_SAME_HEIGHT = 4.0
_ENOUGH = 3
_NUMBER_WORDS = frozenset({"side", "page", "sida", "sidan", "av", "of", "s.", "|", "/"})


def without_running_heads(
    pages: Sequence[Sequence[Word]], heights: Sequence[float]
) -> tuple[list[list[Word]], list[Doubt]]:
    """Return the words of each page without running heads, and what was left out."""
    edges: list[list[Line]] = []
    for number, (words, height) in enumerate(zip(pages, heights, strict=True), 1):
        near = [
            w
            for w in words
            if w.bottom < _EDGE * height or w.top > (1 - _EDGE) * height
        ]
        edges.append(lines_of(near, number))
    dropped: dict[int, set[Word]] = defaultdict(set)
    doubts: list[Doubt] = []
    for key, lines in _alike(edges).items():
        on = {line.page for line in lines}
        returns = len(on) >= 2 and (len(on) >= _ENOUGH or 2 * len(on) >= len(pages))
        if not returns and not (_is_number(key) and _outermost(lines, edges)):
            continue
        for line in lines:
            dropped[line.page].update(line.words)
        doubts.append(
            Doubt(
                "running-head" if returns else "page-number",
                min(on),
                lines[0].text,
                {"pages": len(on)},
            )
        )
    kept = [
        [w for w in words if w not in dropped[number]]
        for number, words in enumerate(pages, 1)
    ]
    return kept, doubts


def _alike(edges: Sequence[Sequence[Line]]) -> Mapping[str, list[Line]]:
    """Return lines with the same words, but for figures, at the same height."""
    groups: dict[str, list[list[Line]]] = defaultdict(list)
    for line in (line for of in edges for line in of):
        for group in groups[_plain(line.text)]:
            if abs(group[0].top - line.top) <= _SAME_HEIGHT:
                group.append(line)
                break
        else:
            groups[_plain(line.text)].append([line])
    return {
        f"{key}\n{number}" if number else key: group
        for key, of in groups.items()
        for number, group in enumerate(of)
    }


def _plain(text: str) -> str:
    words = ("#" if w.strip(".,()-–").isdigit() else w for w in text.casefold().split())
    return " ".join(words)


def _is_number(key: str) -> bool:
    words = key.partition("\n")[0].split()
    return "#" in words and all(w in _NUMBER_WORDS or w == "#" for w in words)


def _outermost(lines: Sequence[Line], edges: Sequence[Sequence[Line]]) -> bool:
    return all(
        line in (edges[line.page - 1][0], edges[line.page - 1][-1]) for line in lines
    )
