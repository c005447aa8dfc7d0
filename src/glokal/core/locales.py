"""What CLDR knows of a language, by Babel: its names, its dates, its numbers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, get_decimal_symbol

# CLDR has regions that are no country: of numbers, and those without a code of ISO's.
NO_COUNTRY = frozenset("EU EZ UN XA XB XK ZZ QO AC CP DG EA IC TA CQ".split())
# English is written here as in Europe, with the day first.
_KIND = {"en": "en-GB"}


def is_known(lang: str) -> bool:
    """Whether a tag (BCP 47) is one of CLDR's locales, in its usual letters."""
    try:
        return str(Locale.parse(lang, sep="-")).replace("_", "-") == lang
    except (UnknownLocaleError, ValueError, TypeError):
        return False


def own_name(lang: str) -> str:
    """Return what a language calls itself, as it stands alone: Svenska."""
    name = Locale.parse(lang, sep="-").get_display_name() or lang
    return name[:1].upper() + name[1:]


def name_in(lang: str, other: str) -> str:
    """Return what a language is called in another: finsk, Finnish."""
    return Locale.parse(lang, sep="-").get_display_name(_locale(other)) or lang


def long_date(day: datetime.date, lang: str) -> str:
    """Return a day as people write it in a language."""
    return format_date(day, "long", locale=_locale(lang))


def long_month(day: datetime.date, lang: str) -> str:
    """Return the month of a day, with its year, as people write it in a language."""
    return format_skeleton("yMMMM", day, locale=_locale(lang))


def decimal_mark(lang: str) -> str:
    """Return what stands between a whole number and the rest of it."""
    return get_decimal_symbol(_locale(lang))


def grouped_number(text: str, lang: str) -> str:
    """Return a number of digits and a point as people write it, thousands apart.

    What is no such number is returned as it is.
    """
    whole, point, rest = text.partition(".")
    if not whole.isdecimal() or not whole.isascii() or (point and not rest.isdecimal()):
        return text
    behind = decimal_mark(lang) + rest if point else ""
    return format_decimal(int(whole), locale=_locale(lang)) + behind


def number_in(number: int, lang: str) -> str:
    """Return a whole number as people write it in a language."""
    return format_decimal(number, locale=_locale(lang))


def plural_category(number: int, lang: str) -> str:
    """Return CLDR's category of a number: zero, one, two, few, many or other."""
    return _locale(lang).plural_form(number)


def plural_categories(lang: str) -> tuple[str, ...]:
    """Return the categories that a language tells apart, `other` the last."""
    order = ("zero", "one", "two", "few", "many")
    tags = _locale(lang).plural_form.tags
    return (*(c for c in order if c in tags), "other")


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(_KIND.get(lang, lang), sep="-")


@cache
def names_of_countries(lang: str) -> Mapping[str, str]:
    """Return the codes of two letters of countries by their names in a language.

    Names are casefolded. CLDR's other regions, such as the EU, aren't among them; a
    language that CLDR doesn't know has none.
    """
    if not is_known(lang):
        return {}
    named = _locale(lang).territories
    return {
        str(name).casefold(): str(code)
        for code, name in named.items()
        if len(code) == 2 and code not in NO_COUNTRY
    }
