"""Texts of ours in a further language: citations and reasons that an import wrote.

They were made of patterns (`extraction.toml`), so what stands in one language is taken
apart by its pattern and put together by that of another. What a person has worded
otherwise fits no pattern, and is nobody's to translate here.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from glokal.source.extraction.citations import phrases

# Fields that are counted; the others are names, the same in every language.
_COUNTED = ("number", "nth")
# Tells one place from another of the same name.
_AGAIN = "again"


def known_citation(texts: Mapping[str, str], lang: str) -> str:
    """Return a citation in a language, "" where it isn't surely known.

    `texts` are what it is in other languages: every one that has a pattern must come
    out as it is, and there must be one outcome. The title of a further document stands
    before it, the number of a place of the same name behind it.
    """
    again = phrases()["citations"][_AGAIN]
    numbered = {
        own: next(_ways(again[own], text), None) if own in again else None
        for own, text in texts.items()
    }
    numbers = {way["number"] for way in numbered.values() if way}
    if len(numbers) == 1 and all(numbered.values()):
        inner = {own: way["citation"] for own, way in numbered.items() if way}
        known = known_citation(inner, lang) if lang in again else ""
        number = numbers.pop()
        return again[lang].format(citation=known, number=number) if known else ""
    for title in _titles(texts.values()) if texts else ():
        rest = {own: text.removeprefix(title) for own, text in texts.items()}
        if known := known_citation(rest, lang):
            return f"{title}{known}"
    made = [m for own, text in texts.items() for m in _made_of(text, own)]
    fitting = [m for m in made if lang in m.words and _agrees(m, texts)]
    # A heading doesn't end in what looks like a place: the shortest one is meant.
    least = min((len(m.above) for m in fitting), default=0)
    found = {
        _put(m.above, m.words[lang], m.values) for m in fitting if len(m.above) == least
    }
    return found.pop() if len(found) == 1 else ""


def known_reason(texts: Mapping[str, str], lang: str) -> str:
    """Return why nothing rests on a passage, where the reason is one of an import."""
    for words in phrases()["reasons"].values():
        if lang in words and any(words.get(own) == text for own, text in texts.items()):
            return str(words[lang])
    return ""


@dataclass(frozen=True)
class _Made:
    """What a citation may have been made of: the heading above, a pattern by language,
    and its fields.
    """

    above: str
    words: Mapping[str, str]
    values: Mapping[str, str]


def _made_of(text: str, own: str) -> Iterator[_Made]:
    """Yield what a citation in a language may have been made of.

    Before the pattern the heading above may stand, as it is, and a comma.
    """
    for above, rest in _parts(text):
        for name, words in phrases()["citations"].items():
            if name == _AGAIN:
                continue
            pattern = str(words.get(own, ""))
            if not above:
                pattern = pattern[:1].upper() + pattern[1:]
            if pattern:
                for values in _ways(pattern, rest):
                    yield _Made(above, words, values)


def _titles(texts: Iterable[str]) -> Iterator[str]:
    """Yield what all texts begin with, up to a colon and a space, the longest first."""
    first, *others = texts
    at = first.rfind(": ")
    while at >= 0:
        if all(text.startswith(first[: at + 2]) for text in others):
            yield first[: at + 2]
        at = first.rfind(": ", 0, at)


def _agrees(made: _Made, texts: Mapping[str, str]) -> bool:
    """Whether each text of a citation that has a pattern is made of the same."""
    return all(
        _put(made.above, made.words[own], made.values) == text
        for own, text in texts.items()
        if own in made.words
    )


def _parts(text: str) -> Iterator[tuple[str, str]]:
    yield "", text
    at = text.find(", ")
    while at >= 0:
        yield text[:at], text[at + 2 :]
        at = text.find(", ", at + 1)


def _put(above: str, pattern: str, values: Mapping[str, str]) -> str:
    said = pattern.format(**values)
    return f"{above}, {said}" if above else said[:1].upper() + said[1:]


def _ways(pattern: str, text: str) -> Iterator[dict[str, str]]:
    """Yield the fields by which a pattern becomes a text."""
    pieces = [
        (before, name) for before, name, _, _ in string.Formatter().parse(pattern)
    ]
    yield from _rest(pieces, text, {})


def _rest(
    pieces: list[tuple[str, str | None]], text: str, values: dict[str, str]
) -> Iterator[dict[str, str]]:
    if not pieces:
        if not text:
            yield values
        return
    (before, name), *others = pieces
    if not text.startswith(before):
        return
    text = text[len(before) :]
    if name is None:
        yield from _rest(others, text, values)
        return
    for end in range(1, len(text) + 1):
        value = text[:end]
        if name not in _COUNTED or (value.isascii() and value.isdigit()):
            yield from _rest(others, text[end:], {**values, name: value})
