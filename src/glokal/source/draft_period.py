"""The period of a plan, where its words have it: two years with a dash between."""

from __future__ import annotations

_DASHES = "-–—‑"
_FIRST, _LAST, _DIGITS = 1950, 2100, 4
_SIGNS = ".,;:()[]«»“”\"'"


def period_in(text: str) -> tuple[str, str] | None:
    """Return the years that a text has as a period; None for none, and for several."""
    for dash in _DASHES:
        text = text.replace(dash, " - ")
    words = [word.strip(_SIGNS) for word in text.split()]
    found = {
        (first, last)
        for first, dash, last in zip(words, words[1:], words[2:], strict=False)
        if dash == "-" and _is_year(first) and _is_year(last) and first <= last
    }
    return found.pop() if len(found) == 1 else None


def _is_year(word: str) -> bool:
    plain = word.isascii() and word.isdecimal() and len(word) == _DIGITS
    return plain and _FIRST <= int(word) <= _LAST
