"""The words of the pages, and dates and numbers as a language has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from glokal.core.languages import ByLanguage
from glokal.core.locales import long_date, long_month, plural_category
from glokal.core.namespaces import STANDARD_PREFIXES, XSD
from glokal.core.po_files import NONE, Translations
from glokal.core.text_tables import texts
from glokal.dataset.dates import MONTH, YEAR, first_day
from glokal.rdf.terms import shorten, text_of


def load_words(added: Translations = NONE) -> ByLanguage[dict[str, Any]]:
    """Return every word of the pages, by language and name.

    `added` are those that a project brings. A word that a language lacks stands as in
    the nearest one (`completed`).
    """
    return texts("words", added)


def outside_term(iri: str, lang: str, added: Translations = NONE) -> str:
    """Return the word for a term of another vocabulary, its name when there is none."""
    name = shorten(iri, STANDARD_PREFIXES)
    word: str = load_words(added)[lang]["names"].get(name, name)
    return word


def date_in(text: str, lang: str) -> str:
    """Return a year, a month or a day (without a time zone) as people write it.

    A text that is none of them comes back as it is.
    """
    if len(text) == YEAR or (day := first_day(text)) is None:
        return text
    return long_month(day, lang) if len(text) == MONTH else long_date(day, lang)


def cell_text(term: object, lang: str) -> str:
    """Return the text of an RDF term in a table, a date as people write it."""
    dates = (XSD + "date", XSD + "gYearMonth")
    if isinstance(term, ox.Literal) and term.datatype.value in dates:
        return date_in(str(term.value), lang)
    return text_of(term)


def counted(
    words: Mapping[str, Any], key: str, number: int, lang: str, usual: str = ""
) -> str:
    """Return the word for a number of things, by the plural forms of the language.

    `entries_one` is for one, `entries_few` and so on where a language has more forms,
    and `usual` (else the key itself) for the rest.
    """
    found: str = (
        words.get(f"{key}_{plural_category(number, lang)}") or words[usual or key]
    )
    return found
