"""The languages that pages are made in, and what stands in for a text one lacks.

Pages may be in any of `PAGE_LANGUAGES`; the reports of the commands are in fewer. Where
a text isn't there in a page's language, the nearest one that a reader of it can read
stands instead, under the language that it is in (docs/configuration.md, Languages).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")

PAGE_LANGUAGES = ("nb", "nn", "en", "sv")
# Languages to look in for each, itself first; "" is a text without any. A Swede reads
# bokmål, and most names of the things here are alike in both.
NEAREST = {
    "nb": ("nb", "nn", "", "en"),
    "nn": ("nn", "nb", "", "en"),
    "en": ("en", "", "nb"),
    "sv": ("sv", "nb", "nn", "", "en"),
}


class ByLanguage(dict[str, T]):
    """Something in several languages; for a language it lacks, what is nearest.

    `texts[lang]` never fails as long as there is one; `lang in texts`, `get` and the
    items tell only what is there, so that nothing is said to be in another language
    than it is.
    """

    def __missing__(self, lang: str) -> T:
        """Return the text in the nearest language; KeyError without any."""
        return dict.__getitem__(self, self.language(lang))

    def language(self, lang: str) -> str:
        """Return the language that `texts[lang]` is in; KeyError without any."""
        for choice in (lang, *NEAREST.get(lang, ()), *self):
            if choice in self:
                return choice
        raise KeyError(lang)

    def among(self, languages: Iterable[str]) -> ByLanguage[T]:
        """Return the texts in some languages, each under the language that it is in."""
        own = dict.fromkeys(self.language(lang) for lang in languages)
        return ByLanguage({lang: self[lang] for lang in own})


def completed(words: Mapping[str, Mapping[str, Any]]) -> ByLanguage[dict[str, Any]]:
    """Return words by language and name, each language with the words it lacks.

    A table of words is completed word by word; whatever else is taken as it is.
    """
    return ByLanguage(
        {lang: _filled(words, lang) for lang in words}
        | {lang: _filled(words, lang) for lang in PAGE_LANGUAGES if lang not in words}
    )


def _filled(words: Mapping[str, Mapping[str, Any]], lang: str) -> dict[str, Any]:
    result: dict[str, Any] = dict(words.get(lang, {}))
    for choice in NEAREST.get(lang, ())[1:]:
        _fill(result, words.get(choice, {}))
    return result


def _fill(result: dict[str, Any], others: Mapping[str, Any]) -> None:
    for key, value in others.items():
        if key not in result:
            result[key] = value
        elif isinstance(value, dict) and isinstance(result[key], dict):
            result[key] = dict(result[key])
            _fill(result[key], value)
