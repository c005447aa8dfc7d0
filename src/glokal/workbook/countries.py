"""Countries by their names: ISO 3166-1, in the languages of the workbook.

The names are those of Unicode's CLDR, by Babel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from babel import Locale

from glokal.core.locales import NO_COUNTRY
from glokal.workbook.duplicates import KnownNames
from glokal.workbook.layout import BOOK_LANGUAGES

SOURCE = f"ISO 3166-1 (CLDR, Babel {version('babel')})"


@dataclass(frozen=True)
class KnownCountry:
    """A country: its code of two letters, its name in each language."""

    code: str
    names: dict[str, str]


def find_country(
    text: str, languages: Sequence[str] = BOOK_LANGUAGES
) -> KnownCountry | None:
    """Return the country of a name in any of the languages, None for another text."""
    return _by_name(tuple(languages)).get(text.casefold().strip())


def country_names(lang: str) -> list[str]:
    """Return what the countries are called in a language, in order of their letters."""
    named = {c.code: c.names[lang] for c in _by_name((lang,)).values()}
    return sorted(named.values(), key=str.casefold)


def countries_like(text: str) -> list[str]:
    """Return the names of countries that a text is likely a slip of, nearest first."""
    return _index().spelled_like(text)


@cache
def _index() -> KnownNames:
    index = KnownNames()
    # In the order of the languages, so that bokmål is named where they are alike.
    countries = {c.code: c for c in _by_name(BOOK_LANGUAGES).values()}.values()
    for name in dict.fromkeys(n for c in countries for n in c.names.values()):
        index.add(name, name)
    return index


@cache
def _by_name(languages: tuple[str, ...]) -> dict[str, KnownCountry]:
    locales = {language: Locale.parse(language).territories for language in languages}
    found: dict[str, KnownCountry] = {}
    for code in map(str, Locale("en").territories):
        if len(code) == 2 and code not in NO_COUNTRY:
            names = {lang: str(of[code]) for lang, of in locales.items() if code in of}
            country = KnownCountry(code, names)
            found |= {name.casefold(): country for name in names.values()}
    return found
