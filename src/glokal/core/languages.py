"""The languages that pages are made in, and what stands in for a text one lacks.

The texts of the pages come in `PAGE_LANGUAGES`; for others a project has a file that a
translator fills (`glokal.core.po_files`). The reports of the commands are in fewer.
Where a text isn't there in a page's language, the nearest one that a reader of it can
read stands instead, under the language that it is in (docs/languages.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")

PAGE_LANGUAGES = ("nb", "nn", "en", "sv")
# Languages to look in for each, itself first; "" is a text without any. A Swede or a
# Dane reads bokmål, and most names of the things here are alike in all three.
_NEAREST = {
    "nb": ("nb", "nn", "", "en"),
    "nn": ("nn", "nb", "", "en"),
    "en": ("en", "", "nb"),
    "sv": ("sv", "nb", "nn", "", "en"),
    "da": ("da", "nb", "nn", "", "sv", "en"),
}
# Words that are part of addresses, or are in their own language whatever the page's.
_UNMARKED = ("paths", "language_names")
# What stands around a text of another language in a page before it is written, and
# behind its tag: code points that are no characters (Unicode 16.0, section 23.7).
OPENS, NAMED, CLOSES = "\ufdd0", "\ufdd1", "\ufdd2"


def nearest(lang: str) -> tuple[str, ...]:
    """Return the languages to look in for one: itself, the nearest, in the end all."""
    if lang in _NEAREST:
        return _NEAREST[lang]
    primary = lang.partition("-")[0]
    return tuple(
        dict.fromkeys((lang, *_NEAREST.get(primary, (primary, "", "en", "nb"))))
    )


class Said(str):
    """A text in another language than the page that it stands on.

    It is text like any other; in a template it comes with marks around it, of which
    `glokal.site.language_marks` makes elements with `lang`.
    """

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, text: str, lang: str) -> Said:
        """Return a text that is in a language."""
        self = super().__new__(cls, text)
        self.lang = lang
        return self

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.lang

    def format(self, *args: object, **values: object) -> Said:
        """Return the text with its fields filled, in the same language."""
        return Said(str.format(self, *args, **values), self.lang)

    def __html__(self) -> str:
        """Return the text for a template: escaped, between marks."""
        text = str.__str__(self)
        for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.replace(sign, escaped)
        text = text.replace('"', "&#34;").replace("'", "&#39;")
        return f"{OPENS}{self.lang}{NAMED}{text}{CLOSES}"


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
        for choice in (*nearest(lang), *self):
            if choice in self:
                return choice
        raise KeyError(lang)

    def among(self, languages: Iterable[str]) -> ByLanguage[T]:
        """Return the texts in some languages, each under the language that it is in."""
        own = dict.fromkeys(self.language(lang) for lang in languages)
        return ByLanguage({lang: self[lang] for lang in own})


def completed(
    words: Mapping[str, Mapping[str, Any]], languages: Collection[str] = ()
) -> ByLanguage[dict[str, Any]]:
    """Return words by language and name, each language with the words it lacks.

    A table of words is completed word by word; whatever else is taken as it is. What is
    taken from another language is marked with it (`Said`). `languages` are there
    besides those of the words and of the pages.
    """
    every = dict.fromkeys((*words, *PAGE_LANGUAGES, *languages))
    return ByLanguage({lang: _filled(words, lang) for lang in every})


def _filled(words: Mapping[str, Mapping[str, Any]], lang: str) -> dict[str, Any]:
    result: dict[str, Any] = dict(words.get(lang, {}))
    for choice in nearest(lang)[1:]:
        _fill(result, words.get(choice, {}), choice)
    return result


def _fill(result: dict[str, Any], others: Mapping[str, Any], lang: str) -> None:
    for key, value in others.items():
        if key not in result:
            result[key] = value if key in _UNMARKED else _said(value, lang)
        elif isinstance(value, dict) and isinstance(result[key], dict):
            result[key] = dict(result[key])
            _fill(result[key], value, lang if key not in _UNMARKED else "")


def _said(value: Any, lang: str) -> Any:
    match value:
        case str() if lang:
            return Said(value, lang)
        case list():
            return [_said(item, lang) for item in value]
        case dict():
            return {key: _said(item, lang) for key, item in value.items()}
    return value
