"""The sheets as PDF, set by Typst: tagged (PDF/UA-1), the same bytes each time.

Typst comes as one wheel with its own fonts, so that nothing of the machine shows in
the file. It is the extra `pdf`; without it the sheets are pages only. What the data
say goes in as JSON and is text there, never markup.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from functools import cache
from importlib import import_module, resources
from typing import TYPE_CHECKING, Any

from glokal.core.extras import has_extra
from glokal.site.page_values import Value

if TYPE_CHECKING:
    from glokal.site.pages.sheet_contents import SheetContents, SheetPart

# Of a column, in letters.
_NARROWEST, _WIDEST = 8, 40


@cache
def can_make_pdf() -> bool:
    """Whether Typst is installed."""
    return has_extra("pdf")


def sheet_pdf(
    sheet: SheetContents, footer: str, home: str, day: datetime.date, lang: str
) -> bytes:
    """Return a sheet as PDF.

    `footer` stands on each leaf; `home` is the address that links begin with; `day` is
    the date of the document, so that the bytes don't depend on when it is made.
    """

    def cell(values: Iterable[Value]) -> list[dict[str, str]]:
        return [
            {
                "text": v.text,
                "lang": v.lang or lang,
                "url": v.href if not v.href or "://" in v.href else home + v.href,
            }
            for v in values
        ]

    said: dict[str, Any] = {
        "lang": lang,
        "title": sheet.title,
        "lead": sheet.lead,
        "footer": footer,
        "day": [day.year, day.month, day.day],
        "facts": [[f.label, cell(f.values)] for f in sheet.facts],
        "parts": [
            {
                "heading": part.heading,
                "note": part.note,
                "columns": part.columns,
                "numbered": part.numbered,
                "widths": _widths(part),
                "numbers": _numbers(part),
                "rows": [[cell(values) for values in row] for row in part.rows],
            }
            for part in sheet.parts
        ],
    }
    template = resources.files("glokal.site").joinpath("templates/sheet.typ")
    made: bytes = import_module("typst").compile(
        template.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={"sheet": json.dumps(said, ensure_ascii=False)},
    )
    return made


def _numbers(part: SheetPart) -> list[bool]:
    """Return which columns have numbers alone, and dashes for none."""
    return [part.numeric(n) for n in range(len(part.columns))]


def _widths(part: SheetPart) -> list[int]:
    """Return how wide the columns are beside each other, by what stands in them.

    A column is as wide as most of its cells need, within bounds, so that a long one
    doesn't press the others and a short one is still to be read.
    """
    widths = []
    for n, head in enumerate(part.columns):
        cells = [", ".join(v.text for v in row[n]) for row in part.rows]
        most = sorted(map(len, cells))[len(cells) * 3 // 4] if cells else 0
        # No word is divided.
        words = (word for text in (head, *cells) for word in text.split())
        longest = max(map(len, words), default=0)
        widths.append(min(max(most, longest + 2, _NARROWEST), _WIDEST))
    return widths
