"""The second reader: PDFium reads each line again, and what differs is told.

Both give letters as the file has them; they differ where its fonts say little of what
a glyph means, where letters are set apart, and where something stands twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glokal.source.extraction.blocks import Block, Doubt, Line
from glokal.source.extraction.hyphens import HYPHENS

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}


def compare_readers(
    raw: bytes, blocks: Sequence[Block], heights: Mapping[int, float]
) -> list[Doubt]:
    """Return a doubt for each line that PDFium reads in another way.

    `heights` are those of the pages, since PDFium counts from below. A file that it
    can't open is one doubt.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError:
        return [Doubt("second-reader", 0, "")]
    results: list[Doubt] = []
    try:
        texts: dict[int, Any] = {}
        for line in (line for block in blocks for line in block.lines if line.words):
            if line.page not in texts:
                texts[line.page] = document[line.page - 1].get_textpage()
            other = _read(texts[line.page], line, heights[line.page])
            doubt = _difference(line, other)
            if doubt is not None:
                results.append(doubt)
        for text in texts.values():
            text.close()
    finally:
        document.close()
    return results


def _read(text: Any, line: Line, height: float) -> str:
    found: str = text.get_text_bounded(
        left=line.x0 - 1, bottom=height - line.bottom, right=line.x1 + 1,
        top=height - line.top,
    )  # fmt: skip
    return found


def _difference(line: Line, other: str) -> Doubt | None:
    ours, theirs = _plain(line.text), _plain(other)
    if ours.split() == theirs.split():
        return None
    values = {"other": " ".join(theirs.split())}
    if _letters(ours) == _letters(theirs):
        return Doubt("other-spaces", line.page, line.text, values)
    if _letters(ours) in _letters(theirs):
        # The box of a line touches its neighbours.
        return None
    return Doubt("other-letters", line.page, line.text, values)


def _plain(text: str) -> str:
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    return "".join("-" if c in HYPHENS else c for c in text)


def _letters(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and c != "-")
