"""A flowchart of Mermaid as a picture, for the few forms that the documents have.

Nodes are words, an arrow is `-->` or, dotted, `-.->`. A node stands a row below the
lowest one that leads to it by a plain arrow.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

WIDTH, HEIGHT, ROW, GAP = 120, 30, 74, 24


def drawn(text: str) -> str:
    """Return a flowchart as SVG; its words are in the text behind it, too."""
    names, arrows = _read(text)
    rows = _rows(names, arrows)
    widest = max(len(row) for row in rows)
    width = widest * (WIDTH + GAP) + GAP
    middle: dict[str, tuple[float, int]] = {}
    for number, row in enumerate(rows):
        left = (width - len(row) * (WIDTH + GAP) + GAP) / 2
        for place, name in enumerate(row):
            x = left + place * (WIDTH + GAP) + WIDTH / 2
            middle[name] = (x, GAP + number * ROW + HEIGHT // 2)
    height = GAP * 2 + (len(rows) - 1) * ROW + HEIGHT
    lines = [_line(middle[a], middle[b], dotted) for a, b, dotted in arrows]
    boxes = [_box(name, *middle[name]) for name in names]
    return (
        f'<svg class="flowchart" role="img" aria-label="{html.escape(_said(arrows))}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>'
        f"{''.join(lines)}{''.join(boxes)}</svg>\n"
    )


def _read(text: str) -> tuple[list[str], list[tuple[str, str, bool]]]:
    names: dict[str, None] = {}
    arrows = []
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) == 3 and words[1] in ("-->", "-.->"):
            arrows.append((words[0], words[2], words[1] == "-.->"))
        elif len(words) != 1:
            raise ValueError(f"no line of a flowchart that is known here: {line}")
        names |= dict.fromkeys(word for word in words if ">" not in word)
    return list(names), arrows


def _rows(
    names: Sequence[str], arrows: Sequence[tuple[str, str, bool]]
) -> list[list[str]]:
    row = dict.fromkeys(names, 0)
    for _ in names:
        for start, end, dotted in arrows:
            if not dotted:
                row[end] = max(row[end], row[start] + 1)
    return [
        [n for n in names if row[n] == number]
        for number in range(max(row.values()) + 1)
    ]


def _line(start: tuple[float, int], end: tuple[float, int], dotted: bool) -> str:
    down = 1 if start[1] < end[1] else -1
    y1, y2 = start[1] + down * HEIGHT // 2, end[1] - down * HEIGHT // 2
    dash = ' stroke-dasharray="4 4"' if dotted else ""
    return (
        f'<line x1="{start[0]:.0f}" y1="{y1}" x2="{end[0]:.0f}" y2="{y2}"{dash} '
        'marker-end="url(#tip)"/>'
    )


def _box(name: str, x: float, y: int) -> str:
    return (
        f'<rect x="{x - WIDTH / 2:.0f}" y="{y - HEIGHT // 2}" width="{WIDTH}" '
        f'height="{HEIGHT}" rx="5"/>'
        f'<text x="{x:.0f}" y="{y + 5}" text-anchor="middle">{html.escape(name)}</text>'
    )


def _said(arrows: Sequence[tuple[str, str, bool]]) -> str:
    return "; ".join(f"{start} to {end}" for start, end, _ in arrows)
