"""Sentences: where one ends and the next begins, in text as it is printed.

A sentence ends at `.`, `!` or `?`, with quotation marks or brackets behind it, before a
word that begins with a capital, a figure or an opening mark. It doesn't end at an
abbreviation (`extraction.toml`), an initial, or a figure before the name of a month.
"""

from __future__ import annotations

from collections.abc import Collection

_ENDS = ".!?…"
_CLOSING = "»”“\"')]’"
_OPENING = "«”“\"'([‘–-•"


def spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of each word of a text, in characters."""
    results: list[tuple[int, int]] = []
    start = -1
    for at, character in enumerate(f"{text} "):
        if character.isspace():
            if start >= 0:
                results.append((start, at))
            start = -1
        elif start < 0:
            start = at
    return results


def sentences(
    text: str, abbreviations: Collection[str], months: Collection[str]
) -> list[tuple[int, int]]:
    """Return start and end of each sentence of a text, in characters.

    Between them is white space only.
    """
    words = spans(text)
    results: list[tuple[int, int]] = []
    first = 0
    for at, (start, end) in enumerate(words):
        last = at + 1 == len(words)
        following = "" if last else text[slice(*words[at + 1])]
        # The number of an item stands before its sentence.
        numbered = at == first and text[start:end].rstrip(".)").isdigit()
        if last or (
            not numbered and ends(text[start:end], following, abbreviations, months)
        ):
            results.append((words[first][0], end))
            first = at + 1
    return results


def ends(
    word: str, following: str, abbreviations: Collection[str], months: Collection[str]
) -> bool:
    """Return whether a sentence ends with a word, before another word."""
    bare = word.rstrip(_CLOSING)
    if not bare or bare[-1] not in _ENDS:
        return False
    begin = following.lstrip(_OPENING)[:1]
    if following and begin and not (begin.isupper() or begin.isdigit()):
        return False
    plain = bare.lstrip(_OPENING).casefold()
    if plain in abbreviations:
        return False
    stem = plain.rstrip(".")
    if stem.isdigit():
        return following.strip(".,").casefold() not in months
    return not (len(stem) == 1 and stem.isalpha() and bare.endswith("."))
