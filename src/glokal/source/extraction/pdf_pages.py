"""The pages of a PDF: words with their places, links, ruled tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from glokal.core.errors import InputError, Place
from glokal.source.extraction.blocks import Doubt, Word

_BOLD = ("bold", "black", "heavy", "semibold", "demi")
# A gap of this part of the size parts words.
_WORD_GAP = 0.17
_SAME_LETTER = 1.0


@dataclass(frozen=True)
class Link:
    """An address behind words of a page, with the place of those words."""

    address: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass
class PageContent:
    """A page: its size, its words, its links, and pdfplumber's own page."""

    number: int
    width: float
    height: float
    words: list[Word]
    links: list[Link]
    found: Any = field(repr=False)
    doubts: list[Doubt] = field(default_factory=list)


def open_pages(raw: bytes, name: str, most: int) -> list[PageContent]:
    """Return the pages of a PDF that may have at most so many.

    Raises InputError with what is wrong and what to do.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    place = Place(name)
    damaged = InputError(
        "The PDF is damaged and can't be read.",
        remedy="open it in a reader and save it anew, or take it from its source.",
        place=place,
        name="document.damaged_pdf",
    )
    try:
        document = pdfplumber.open(io.BytesIO(raw), unicode_norm="NFC")
        number = len(document.pages)
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, PDFPasswordIncorrect):
            raise InputError(
                "The PDF is locked with a password.",
                remedy="save a copy without the password, and import that.",
                place=place,
                name="document.locked_pdf",
            ) from error
        raise damaged from error
    except Exception as error:
        # pdfminer tells of a broken file by whatever it stumbled over.
        raise damaged from error
    if number == 0:
        raise damaged
    if number > most:
        raise InputError(
            f"The PDF has {number} pages; {most} are allowed.",
            remedy="divide it, or raise the limit with GLOKAL_SOURCE_PAGES.",
            place=place,
            name="document.many_pages",
            values={"pages": number, "most": most},
        )
    results = []
    for page in document.pages:
        try:
            page.chars  # noqa: B018  what is broken in a page shows here
        except Exception as error:
            raise damaged from error
        results.append(_content(page))
    if not any(result.words for result in results):
        raise InputError(
            "The PDF has no text: its pages are pictures, as a scanner makes them.",
            remedy="let a program for text recognition (OCR) add the text, and import "
            "its result.",
            place=place,
            name="document.scanned",
        )
    for result in results:
        if not result.words and result.found.images:
            result.doubts.append(Doubt("page-without-text", result.number, ""))
    return results


def _content(page: Any) -> PageContent:
    nothing = _overprinted_spaces(page.chars) | _printed_twice(page.chars)
    clean = page.filter(lambda thing: id(thing) not in nothing)
    found = clean.extract_words(
        x_tolerance_ratio=_WORD_GAP, y_tolerance=2, return_chars=True
    )
    doubts = []
    words = []
    for word in found:
        if not word["upright"]:
            doubts.append(Doubt("turned-text", page.page_number, word["text"]))
            continue
        words.append(_word(word))
    unknown = [w.text for w in words if "(cid:" in w.text or "\ufffd" in w.text]
    doubts += [Doubt("unknown-letters", page.page_number, text) for text in unknown]
    links = _links(page, doubts)
    number = page.page_number
    return PageContent(
        number, float(page.width), float(page.height), words, links, page, doubts
    )


def _links(page: Any, doubts: list[Doubt]) -> list[Link]:
    from pdfplumber.utils.exceptions import MalformedPDFException

    try:
        found = page.hyperlinks
    except (MalformedPDFException, RecursionError):
        # The links of a page may lead to the whole file, and back to themselves.
        doubts.append(Doubt("links-unread", page.page_number, ""))
        return []
    return [
        Link(
            str(link["uri"]), page.page_number,
            link["x0"], link["top"], link["x1"], link["bottom"],
        )
        for link in found
        if link.get("uri")
    ]  # fmt: skip


def _overprinted_spaces(characters: Sequence[dict[str, Any]]) -> set[int]:
    """Return the identities of spaces that the next letter stands on.

    A place where a word may be divided, and isn't, is written so by browsers.
    """
    return {
        id(space)
        for space, following in pairwise(characters)
        if not space["text"].strip()
        and abs(space["top"] - following["top"]) < 1
        and abs(following["x0"] - space["x0"]) < 0.5 * (space["x1"] - space["x0"])
    }


def _printed_twice(characters: Sequence[dict[str, Any]]) -> set[int]:
    """Return the identities of letters that stand on the same letter: false bold.

    pdfplumber's own `dedupe_chars` needs minutes for a full page.
    """
    seen: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
    results: set[int] = set()
    for one in characters:
        x, y = int(one["x0"]), int(one["top"])
        near = (
            other
            for at in (x - 1, x, x + 1)
            for top in (y - 1, y, y + 1)
            for other in seen.get((one["text"], at, top), ())
        )
        if any(_close(one, other) for other in near):
            results.add(id(one))
        else:
            seen.setdefault((one["text"], x, y), []).append(one)
    return results


def _close(one: dict[str, Any], other: dict[str, Any]) -> bool:
    across, down = one["x0"] - other["x0"], one["top"] - other["top"]
    return bool(abs(across) <= _SAME_LETTER and abs(down) <= _SAME_LETTER)


def _word(found: dict[str, Any]) -> Word:
    characters = found["chars"]
    sizes: dict[float, int] = {}
    bold = 0
    for character in characters:
        size = round(float(character["size"]), 1)
        sizes[size] = sizes.get(size, 0) + 1
        font = str(character.get("fontname", "")).casefold()
        bold += any(name in font for name in _BOLD)
    return Word(
        found["text"],
        float(found["x0"]),
        float(found["top"]),
        float(found["x1"]),
        float(found["bottom"]),
        max(sizes, key=lambda s: sizes[s]),
        2 * bold > len(characters),
    )
