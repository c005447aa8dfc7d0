"""Texts with numbers in them: the form that goes with a number, by CLDR.

In a text `{rows:# row|# rows}` is filled with the number and the word that goes with
it: the first form is for CLDR's category "one", the last for all others; `#` is the
number as it is written in the language. A field without forms is filled as it is.
"""

from __future__ import annotations

import string
from typing import Any

from glokal.core.locales import number_in, plural_category


def filled(text: str, lang: str, /, **values: object) -> str:
    """Return a text in a language with its fields filled; KeyError for one missing."""
    return _Filler(lang).vformat(text, (), values)


class _Filler(string.Formatter):
    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang = lang

    def format_field(self, value: Any, format_spec: str) -> Any:
        if not isinstance(value, int) or "#" not in format_spec:
            return super().format_field(value, format_spec)
        forms = format_spec.split("|")
        one = plural_category(value, self._lang) == "one"
        return forms[0 if one else -1].replace("#", number_in(value, self._lang))
