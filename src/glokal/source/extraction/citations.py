"""Citations: how a passage is named in words, by heading, row and column.

The words are those of `extraction.toml`, in the languages that passages are cited in.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from glokal.core.languages import ByLanguage

# Languages that a passage is cited in, unless the project has others.
CITED_IN = ("nb", "en")


@cache
def phrases() -> Mapping[str, Any]:
    """Return the words of `extraction.toml`."""
    file = resources.files("glokal.source.extraction").joinpath("extraction.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def reason_of(name: str, languages: Iterable[str]) -> dict[str, str]:
    """Return why nothing rests on such a passage, in each language that has it."""
    return ByLanguage[str](phrases()["reasons"][name]).among(languages)


def shown(heading: str) -> str:
    """Return a heading as it stands in a sentence: not in capitals, without a colon."""
    text = heading.rstrip(":").strip()
    return text.capitalize() if text.isupper() else text


def citation_of(
    phrase: str, languages: Iterable[str], **values: object
) -> dict[str, str]:
    """Return a phrase of `extraction.toml` with its values, by language."""
    words = ByLanguage[str](phrases()["citations"][phrase])
    told = words.among(languages)
    return {lang: text.format(**values) for lang, text in told.items()}


def cited_under(
    heading: str | None, phrase: str, languages: Iterable[str], **values: object
) -> dict[str, str]:
    """Return a citation behind the heading that it stands under, None for none."""
    said = citation_of(phrase, languages, **values)
    if heading is None:
        return {lang: text[:1].upper() + text[1:] for lang, text in said.items()}
    above = shown(heading)
    return {lang: f"{above}, {text}" for lang, text in said.items()}


def told_apart(
    citations: Iterable[Mapping[str, str]],
) -> Iterator[Mapping[str, str]]:
    """Yield citations; where two tables under a heading have the same rows and
    columns, or two headings the same words, the later ones with a number.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for citation in citations:
        told = tuple(citation.values())
        seen[told] += 1
        if seen[told] == 1:
            yield citation
            continue
        words = ByLanguage[str](phrases()["citations"]["again"])
        yield {
            lang: words[lang].format(citation=text, number=seen[told])
            for lang, text in citation.items()
        }
