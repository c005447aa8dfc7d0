"""What has to do with a thing, as a picture in three columns.

Each column always means the same, so the picture is read like a sentence: who, in what,
under which programme or with which place. Why no layout engine draws it stands in
docs/decisions/0034-draw-svg-charts-without-a-layout-engine.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from glokal.core.collation import SortKey, sort_key
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.site.relations import Neighbours, RelationIndex

# More than this is no picture any more; the tables of the page hold it all.
MOST = 40
WIDTH = 900
_COLUMNS, _BOX, _STEP, _TOP = (4, 320, 676), (220, 260, 220), 58, 30
_LETTERS = (26, 31, 26)


@dataclass(frozen=True)
class NetworkNode:
    """A thing in the picture: its lines of text, where it stands, how wide it is.

    `cut` is true when the lines don't hold its whole name.
    """

    link: Value
    lines: tuple[str, ...]
    cut: bool
    x: int
    y: int
    width: int
    here: bool


@dataclass(frozen=True)
class Edge:
    """A tie: the path from one thing to another, and whether it is disputed."""

    path: str
    disputed: bool


@dataclass(frozen=True)
class Network:
    """A picture of ties: its size, its things from left to right, its lines."""

    width: int
    height: int
    nodes: tuple[NetworkNode, ...]
    lines: tuple[Edge, ...]
    disputed: bool


def draw_network(
    view: GraphView, net: RelationIndex, iri: str, lang: str
) -> Network | None:
    """Return the picture around a thing, None when it would say too little or much."""
    around = net.around(iri)
    if not 3 <= around.size <= MOST:
        return None
    return _draw(view, net, around, iri, lang)


def _draw(
    view: GraphView, net: RelationIndex, around: Neighbours, here: str, lang: str
) -> Network:
    lines = net.lines(around)

    def by_name(iri: str) -> SortKey:
        return sort_key(view.link(iri, lang).text, lang)

    who = sorted(around.who, key=by_name)
    what = sorted(around.what, key=_near(lines, who, by_name))
    where = sorted(around.where, key=_near(lines, what, by_name))
    columns = (who, what, where)
    most = max(map(len, columns))
    place: dict[str, tuple[int, int, int]] = {}
    nodes = []
    for number, column in enumerate(columns):
        start = _TOP + (most - len(column)) * _STEP // 2
        for row, iri in enumerate(column):
            link, y = view.link(iri, lang), start + row * _STEP
            place[iri] = (_COLUMNS[number], y, _BOX[number])
            text = _broken(link.text, _LETTERS[number])
            cut = text[-1].endswith("…")
            x, width = _COLUMNS[number], _BOX[number]
            nodes.append(NetworkNode(link, text, cut, x, y, width, iri == here))
    drawn = tuple(Edge(_curve(place[a], place[b]), bad) for a, b, bad in lines)
    height = _TOP + most * _STEP
    disputed = any(bad for _, _, bad in lines)
    return Network(WIDTH, height, tuple(nodes), drawn, disputed)


def _near(
    lines: Sequence[tuple[str, str, bool]],
    before: Sequence[str],
    by_name: Callable[[str], SortKey],
) -> Callable[[str], tuple[float, SortKey]]:
    # Beside the middle of what it is tied to, so that few lines cross.
    row = {iri: n for n, iri in enumerate(before)}
    ends: dict[str, list[int]] = {}
    for a, b, _ in lines:
        if a in row:
            ends.setdefault(b, []).append(row[a])

    def key(iri: str) -> tuple[float, SortKey]:
        result = ends.get(iri, [0])
        return sum(result) / len(result), by_name(iri)

    return key


def _curve(start: tuple[int, int, int], end: tuple[int, int, int]) -> str:
    x, y = start[0] + start[2], start[1] + 24
    x2, y2 = end[0], end[1] + 24
    middle = (x + x2) // 2
    return f"M{x} {y}C{middle} {y} {middle} {y2} {x2} {y2}"


def _broken(text: str, most: int) -> tuple[str, ...]:
    """Return a name on at most three lines, cut when it is longer."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= most or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    remaining = [
        line if len(line) <= most + 2 else line[:most] + "…" for line in lines[:3]
    ]
    if len(lines) > 3 and not remaining[-1].endswith("…"):
        remaining[-1] = remaining[-1][: most - 1] + "…"
    return tuple(remaining)
