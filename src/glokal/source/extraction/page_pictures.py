"""Pictures of the pages with the passages drawn on them, for a person to look at."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from glokal.source.extraction.passages import CutPassage

# Pixels for a point: letters of the text can be read.
_SCALE = 1.6
_COLOURS = {
    "title": (170, 0, 110),
    "heading": (170, 0, 110),
    "sentence": (0, 90, 200),
    "list-item": (0, 130, 60),
    "table-heading": (190, 80, 0),
    "table-item": (120, 60, 190),
}


def page_pictures(
    raw: bytes, passages: Sequence[CutPassage]
) -> Iterator[tuple[int, bytes]]:
    """Yield the number of each page and its picture as PNG.

    A passage has a frame around each of its lines, and its number, counted from 1,
    where it begins.
    """
    import pypdfium2
    from PIL import ImageDraw

    document = pypdfium2.PdfDocument(raw)
    try:
        for at in range(len(document)):
            picture = document[at].render(scale=_SCALE).to_pil().convert("RGB")
            pencil = ImageDraw.Draw(picture)
            for number, passage in enumerate(passages, 1):
                _draw(pencil, number, passage, at + 1)
            file = io.BytesIO()
            picture.save(file, "PNG", optimize=True)
            yield at + 1, file.getvalue()
    finally:
        document.close()


def _draw(pencil: Any, number: int, passage: CutPassage, page: int) -> None:
    colour = _COLOURS.get(passage.kind, (90, 90, 90))
    first = True
    for line, begin, end in passage.lines:
        at, inside = 0, []
        for word in line.words:
            if begin <= at < end:
                inside.append(word)
            at += len(word.text) + 1
        if line.page != page or not inside:
            first = first and line.page != page
            continue
        box = (
            min(w.x0 for w in inside) - 1,
            min(w.top for w in inside),
            max(w.x1 for w in inside) + 1,
            max(w.bottom for w in inside),
        )
        x0, top, x1, bottom = (value * _SCALE for value in box)
        pencil.rectangle((x0, top, x1, bottom), outline=colour)
        if first:
            pencil.text((x0 - 4, top - 10), str(number), fill=colour)
            first = False
