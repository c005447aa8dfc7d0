"""Heads and feet of the pages of a Word document: told of, since they are not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from glokal.source.extraction.blocks import Doubt

_MARGINS = tuple(
    f"{pages}{margin}"
    for pages in ("", "first_page_", "even_page_")
    for margin in ("header", "footer")
)


def page_margins(document: Any) -> Iterator[Doubt]:
    """Yield each text that stands above or below the text of pages, once."""
    seen: set[str] = set()
    for section in document.sections:
        for name in _MARGINS:
            margin = getattr(section, name)
            # One that is linked is that of the section before.
            if margin.is_linked_to_previous:
                continue
            for text in _texts(margin):
                if text not in seen:
                    seen.add(text)
                    yield Doubt("page-margin", 0, text)


def _texts(part: Any) -> Iterator[str]:
    from docx.table import Table

    for inner in part.iter_inner_content():
        if isinstance(inner, Table):
            for cell in {id(c._tc): c for r in inner.rows for c in r.cells}.values():
                yield from _texts(cell)
        elif inner.text.strip():
            yield " ".join(inner.text.split())
