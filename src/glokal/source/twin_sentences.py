"""Sentences and items of lists that tell of twin towns: whose they are, which, where.

“Stord har venskapsavtale med Lejre i Danmark og Grindavik på Island.” A name is that of
a twin town where a country of others stands right behind it, or where it follows the
word for a twin town, a preposition, a colon, or another one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from glokal.source.draft_passages import PlaceNames
from glokal.source.programme_names import well_known_programme

_OPENING, _CLOSING = "(«“\"'", ".,;:!?)»”\"'"
_DASHES = ("-", "–", "—")
_APOSTROPHES = "'’"


@dataclass(frozen=True)
class Twin:
    """A twin town and its country, "" for what the words don't say, and the words."""

    name: str
    country: str
    words: str


@dataclass(frozen=True)
class TwinReading:
    """Whose twin towns a text tells of, [] for nobody's by name, and which they are."""

    whose: Sequence[str]
    twins: Sequence[Twin]


@dataclass(frozen=True)
class _Name:
    """Words with capitals that stand together: from which place to which in a text."""

    text: str
    first: int
    last: int
    opened: bool


class TwinReader:
    """Reads texts; `home` are the codes (of three letters) of countries of a plan."""

    def __init__(self, names: PlaceNames, home: Collection[str]) -> None:
        self._names, self._words, self._home = names, names.words, home

    def read(self, text: str, *, listed: bool) -> TwinReading | None:
        """Return what a text says, None for one that tells of no twin town.

        `listed` says that its heading is about twin towns, so that the text needs no
        word for them.
        """
        if not (listed or self._words.speaks_of_twins(text)):
            return None
        state = self._words.state
        if self._words.denies_any(text) or state.is_unsettled(text):
            return None
        words = text.split()
        begin = next(
            (n for n, w in enumerate(words) if self._words.speaks_of_twins(w)), -1
        )
        if begin >= 0 and state.is_yet_to_be(words, begin):
            return None
        whose: list[str] = []
        twins: list[Twin] = []
        names = list(self._all_names(words))
        for at, name in enumerate(names):
            behind = names[at + 1] if at + 1 < len(names) else None
            country = self._country_of(name, behind, words)
            municipality = self._municipality(name.text)
            follows = self._follows(name, words, begin, listed)
            if country:
                assert behind is not None
                twins.append(_twin(name, behind, country, words))
            elif self._is_country(name.text):
                if follows and not (at and names[at - 1].last + 1 >= name.first - 1):
                    foreign = self._foreign(name.text)
                    twins += [_twin(name, None, foreign, words)] if foreign else []
            elif municipality and not (follows and whose and self._with(name, words)):
                whose.append(municipality)
            elif follows and not self._places(
                names[at - 1] if at else None, name, words
            ):
                twins.append(_twin(name, None, "", words))
        if not twins or (begin < 0 and not any(twin.country for twin in twins)):
            return None
        return TwinReading(list(dict.fromkeys(whose)), twins)

    def _all_names(self, words: Sequence[str]) -> Iterator[_Name]:
        at = 0
        while at < len(words):
            end = at
            while end < len(words) and _has_capital(words[end]):
                end += 1
                if words[end - 1][-1] in _CLOSING:
                    break
                if end < len(words) and words[end][0] in _OPENING:
                    break
            text = " ".join(words[at:end]).strip(_OPENING + _CLOSING)
            told = text and not self._words.is_wide(text)
            if told and not well_known_programme(text):
                yield _Name(text, at, end - 1, words[at][0] in _OPENING)
            at = max(end, at + 1)

    def _country_of(
        self, name: _Name, behind: _Name | None, words: Sequence[str]
    ) -> str:
        """Return the country of others that stands right behind a name."""
        if behind is None or self._is_country(name.text):
            return ""
        between = words[name.last + 1 : behind.first]
        joined = len(between) == 1 and self._is_preposition(between[0])
        beside = not between and (behind.opened or words[name.last].endswith(","))
        return self._foreign(behind.text) if joined or beside else ""

    def _foreign(self, text: str) -> str:
        found = self._words.countries_in(
            f"{self._words.preposition} {text}", self._home
        )
        return found[0] if found else ""

    def _is_country(self, text: str) -> bool:
        return self._words.is_country(text)

    def _municipality(self, text: str) -> str:
        """Return a municipality of the plan's country by its name or its genitive."""
        for name in (text, text.removesuffix("s")):
            if self._names.is_known(self._names.bare(name)):
                return self._names.bare(name)
        return ""

    def _follows(
        self, name: _Name, words: Sequence[str], begin: int, listed: bool
    ) -> bool:
        """Whether what stands before a name says that it is one of a twin town."""
        if name.first == 0 or (begin > name.first) or (begin < 0 and not listed):
            return False
        before = words[name.first - 1]
        return (
            before[-1] in ",:("
            or before in _DASHES
            or name.opened
            or self._words.speaks_of_twins(before)
            or self._words.joins_names(before)
            or self._is_preposition(before)
        )

    def _with(self, name: _Name, words: Sequence[str]) -> bool:
        return self._is_preposition(words[name.first - 1])

    def _places(self, above: _Name | None, name: _Name, words: Sequence[str]) -> bool:
        """Whether a name only says where the one before it lies."""
        if above is None or above.last + 2 != name.first:
            return False
        return self._is_preposition(words[name.first - 1])

    def _is_preposition(self, word: str) -> bool:
        return self._words.stands_before_places(word)


def _twin(
    name: _Name, behind: _Name | None, country: str, words: Sequence[str]
) -> Twin:
    last = behind.last if behind else name.last
    text = " ".join(words[name.first : last + 1])
    own = "" if behind is None and country else name.text
    return Twin(own, country, text.strip(".,;:!?"))


def _has_capital(word: str) -> bool:
    bare = word.strip(_OPENING + _CLOSING)
    if bare[1:2] in _APOSTROPHES:
        bare = bare[2:]
    return bare[:1].isupper()
