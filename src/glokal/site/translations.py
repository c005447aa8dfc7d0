"""The words of the pages, from the files in `FILES`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import pyoxigraph as ox

from glokal.core.languages import completed
from glokal.core.namespaces import STANDARD_PREFIXES, XSD
from glokal.dataset.dates import MONTH, YEAR, first_day
from glokal.rdf.terms import shorten, text_of

FILES = (
    "words.toml",
    "reading.toml",
    "documents.toml",
    "tools.toml",
    "about.toml",
    "guides.toml",
    "regions.toml",
)


@cache
def load_words() -> dict[str, dict[str, Any]]:
    """Return every word of the pages, by language and name.

    A word that a language lacks stands as in the nearest one (`completed`).
    """
    words: dict[str, dict[str, Any]] = {}
    for name in FILES:
        file = resources.files("glokal.site").joinpath(name)
        for lang, named in tomllib.loads(file.read_text(encoding="utf-8")).items():
            known = words.setdefault(lang, {})
            for key, details in named.items():
                # A table may be spread over the files.
                whole = isinstance(details, dict)
                known[key] = {**known.get(key, {}), **details} if whole else details
    return completed(words)


def words_in(lang: str) -> dict[str, Any]:
    """Return the words of a language, those of the first one for one without.

    An answer may be in Nynorsk, for which there are no pages; its months are the same.
    """
    words = load_words()
    return words.get(lang) or next(iter(words.values()))


def outside_term(iri: str, lang: str) -> str:
    """Return the word for a term of another vocabulary, its name when there is none."""
    name = shorten(iri, STANDARD_PREFIXES)
    word: str = words_in(lang)["names"].get(name, name)
    return word


def date_in(text: str, lang: str) -> str:
    """Return a year, a month or a day (without a time zone) as people write it.

    A text that is none of them comes back as it is.
    """
    if len(text) == YEAR or (day := first_day(text)) is None:
        return text
    if len(text) == MONTH:
        return month_in(text, lang)
    words = words_in(lang)
    written: str = words["date"].format(
        day=day.day, month=words["months"][day.month - 1], year=day.year
    )
    return written


def cell_text(term: object, lang: str) -> str:
    """Return the text of an RDF term in a table, a date as people write it."""
    dates = (XSD + "date", XSD + "gYearMonth")
    if isinstance(term, ox.Literal) and term.datatype.value in dates:
        return date_in(str(term.value), lang)
    return text_of(term)


def month_in(text: str, lang: str) -> str:
    """Return a month (xsd:gYearMonth) as people write it."""
    year, month = text[:7].split("-")
    name: str = words_in(lang)["months"][int(month) - 1]
    return f"{name} {year}"
