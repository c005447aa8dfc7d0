"""The words of the pages, from the files in `FILES`."""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from glokal.rdf.terms import shorten
from glokal.vocabulary import STANDARD_PREFIXES

FILES = ("words.toml", "reading.toml", "tools.toml", "about.toml")


@cache
def load_words() -> dict[str, dict[str, Any]]:
    """Return every word of the pages, by language and name."""
    words: dict[str, dict[str, Any]] = {}
    for name in FILES:
        file = resources.files("glokal.publish").joinpath(name)
        for lang, named in tomllib.loads(file.read_text(encoding="utf-8")).items():
            known = words.setdefault(lang, {})
            for key, said in named.items():
                # A table may be spread over the files.
                whole = isinstance(said, dict)
                known[key] = {**known.get(key, {}), **said} if whole else said
    return words


def outside_term(iri: str, lang: str) -> str:
    """Return the word for a term of another vocabulary, its name when there is none."""
    name = shorten(iri, STANDARD_PREFIXES)
    word: str = load_words()[lang]["names"].get(name, name)
    return word


def date_in(text: str, lang: str) -> str:
    """Return a date (xsd:date without a time zone) as people write it."""
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        return text
    words = load_words()[lang]
    written: str = words["date"].format(
        day=date.day, month=words["months"][date.month - 1], year=date.year
    )
    return written


def month_in(text: str, lang: str) -> str:
    """Return a month (xsd:gYearMonth) as people write it."""
    year, month = text[:7].split("-")
    name: str = load_words()[lang]["months"][int(month) - 1]
    return f"{name} {year}"
