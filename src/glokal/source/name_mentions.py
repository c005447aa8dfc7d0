"""Whether a text speaks of a name: its words in any inflection, numbers, dates.

A name is spoken of when each of its telling words stands in the text, in any
inflection (by the Snowball stemmer of the language) or as part of a compound; an
abbreviation in capitals only as it is. Marks on letters make no difference, except
those that make another letter of the Norwegian or Swedish alphabet.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

# Letters, not letters with a mark.
_LETTERS = "æøåäö"
# A shorter stem begins and ends too many other words.
_COMPOUND = 4
# Longer words in capitals are names that a heading shouts, not abbreviations.
_ABBREVIATION = 5
# Words whose forms are kept: most words of a plan are met again.
_KEPT = 20_000
_WORD = re.compile(r"[^\W\d_]+|\d+")


class NameWords:
    """The words of some texts in a language, to look for names in."""

    def __init__(self, texts: Iterable[str], language: str) -> None:
        self._lexicon = lexicon(language)
        self._stop, self._generic = _telling_nothing(language)
        self._stem = self._lexicon["stemmer"]
        self.letters = letters_of("".join(texts := tuple(texts)))
        self.written = {word for text in texts for word in _WORD.findall(text)}
        self.plain = {fold(word) for word in self.written}
        self.stems = {stem(word, self._stem) for word in self.plain}

    def has_name(self, name: str) -> bool:
        """Return whether each telling word of a name stands in the texts."""
        words = [w for w in _WORD.findall(name) if w.casefold() not in self._stop]
        rest = [w for w in words if stem(fold(w), self._stem) not in self._generic]
        return bool(words) and all(map(self._has, rest or words))

    def has_number(self, number: str) -> bool:
        """Return whether a whole number stands in the texts, in figures or in words."""
        if number in self.plain:
            return True
        words: list[str] = self._lexicon["numbers"]
        at = int(number) if number.isdigit() else len(words)
        return at < len(words) and fold(words[at]) in self.plain

    def has_date(self, date: str) -> bool:
        """Return whether a year, a year and month, or a day stands in the texts.

        `date` is written as in XML Schema: 2023, 2023-03 or 2023-03-31. No more is
        demanded than it says, and no less.
        """
        year, *rest = date.split("-")
        if year not in self.plain:
            return False
        if not rest:
            return True
        month = int(rest[0])
        names = self._lexicon["months"]
        named = month <= len(names) and fold(names[month - 1]) in self.plain
        if not named and not {str(month), rest[0]} & self.plain:
            return False
        return len(rest) < 2 or bool({rest[1], rest[1].lstrip("0")} & self.plain)

    def has_text(self, text: str) -> bool:
        """Return whether a text stands in the texts word for word, or they in it."""
        letters = letters_of(text)
        if not letters or not self.letters.strip("0123456789"):
            return False
        # The number before an item is no word of it.
        own = self.letters.lstrip("0123456789")
        return letters in self.letters or own in letters

    def _has(self, word: str) -> bool:
        if word.isupper() and 1 < len(word) < _ABBREVIATION:
            return word in self.written
        wanted = stem(fold(word), self._stem)
        if wanted in self.stems or fold(word) in self.plain:
            return True
        return len(wanted) >= _COMPOUND and any(
            result.startswith(wanted) or result.endswith(wanted)
            for result in self.stems | self.plain
        )


def words_for(term: str, language: str) -> tuple[str, ...]:
    """Return the words by which a text speaks of a shared class or code."""
    terms: Mapping[str, list[str]] = lexicon(language)["terms"]
    return tuple(
        word
        for end, words in terms.items()
        if term.endswith(("#" + end, "/" + end))
        for word in words
    )


def letters_of(text: str) -> str:
    """Return the letters and figures of a text, without case, space and signs."""
    return "".join(c for c in text.casefold() if c.isalnum())


def fold(word: str) -> str:
    """Return a word without case, and without marks that make no other letter."""
    # Names of a large project may have a number each, which would fill what is kept.
    return word if _is_number(word) else _folded(word)


def stem(word: str, stemmer: str) -> str:
    """Return the stem of a word, itself when there is no stemmer for the language."""
    return word if _is_number(word) or not stemmer else _stemmed(word, stemmer)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit()


@lru_cache(maxsize=_KEPT)
def _folded(word: str) -> str:
    return "".join(
        c if c in _LETTERS else unicodedata.normalize("NFD", c)[0]
        for c in unicodedata.normalize("NFC", word.casefold())
    )


@lru_cache(maxsize=_KEPT)
def _stemmed(word: str, stemmer: str) -> str:
    return str(_stemmer(stemmer).stemWord(word))


@cache
def _telling_nothing(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a language that say nothing alone, and stems that say little.

    The first stand in any text, the second in the names of many things.
    """
    known = lexicon(language)
    generic = (stem(fold(word), known["stemmer"]) for word in known["generic"])
    return frozenset(known["stop"]), frozenset(generic)


@cache
def lexicon(language: str) -> Mapping[str, Any]:
    """Return what is known of a language; of others, that nothing is."""
    file = resources.files("glokal.source").joinpath("lexicon.toml")
    known: dict[str, dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))
    empty: dict[str, Any] = {
        "stemmer": "", "stop": [], "generic": [], "numbers": [], "months": [],
        "terms": {},
    }  # fmt: skip
    return empty | known.get(language, {})


@cache
def _stemmer(name: str) -> Any:
    # It holds the rules of thirty languages, and few commands ask for any.
    import snowballstemmer

    return snowballstemmer.stemmer(name)
