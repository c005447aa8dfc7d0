"""Names that are perhaps the same thing."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import nsmallest

from rapidfuzz import fuzz, process

from glokal.core.slugs import LETTERS

# In percent; a word alone needs letters enough to be a name.
_ALIKE, _SHORTEST = 82, 5
# Nobody answers for more than the likeliest, and all would grow with the square.
_MOST = 5
# Words that say nothing of which thing it is.
_EMPTY = frozenset(
    "og i pa av for til med en et den det the of and in prosjekt prosjektet nettverk "
    "nettverket project network samarbeid samarbeidet kommune kommun municipality "
    "skole school".split()
)


class KnownNames:
    """Names that are known, by their keys, to be asked which a new one is like.

    A name is likely the same thing as another when they are spelled nearly alike, or
    one has all the words of the other. A word that many names have, such as that of a
    programme, is in `common`, and doesn't make a name by itself.
    """

    def __init__(self, common: Iterable[str] = ()) -> None:
        self._weak = {word for each in common for word in _in_order(each)}
        self._keys: list[str] = []
        self._flat: list[str] = []
        self._words: list[frozenset[str]] = []
        # Where each word stands; and for each name one of its rarest words.
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_one: dict[str, list[int]] = defaultdict(list)

    def add(self, key: str, name: str) -> None:
        """Add a name."""
        number, words = len(self._keys), _words(name)
        self._keys.append(key)
        self._flat.append(_flat(name))
        self._words.append(words)
        if words:
            self._by_one[self._rarest(words)].append(number)
        for word in words:
            self._by_word[word].append(number)

    def like(self, name: str) -> list[str]:
        """Return the keys of the names that one is most like, the likeliest first.

        There are at most five.
        """
        flat, mine = _flat(name), _words(name)
        scores = self._spelled(flat)
        # All words of another are in this one, or all of this one in another.
        near = {n for word in mine for n in self._by_one.get(word, ())}
        near |= set(self._by_word.get(self._rarest(mine), ())) if mine else set()
        for number in near - scores.keys():
            theirs = self._words[number]
            if (theirs <= mine or mine <= theirs) and _names(mine & theirs, self._weak):
                scores[number] = -float(fuzz.ratio(flat, self._flat[number]))
        ordered = nsmallest(_MOST, ((s, self._keys[n]) for n, s in scores.items()))
        return [key for _, key in ordered]

    def spelled_like(self, name: str) -> list[str]:
        """Return the keys of the names that are spelled nearly alike, as `like` does.

        What has all the words of another isn't enough.
        """
        scores = self._spelled(_flat(name))
        return [self._keys[n] for n in sorted(scores, key=lambda n: (scores[n], n))]

    def __len__(self) -> int:
        return len(self._keys)

    def _spelled(self, flat: str) -> dict[int, float]:
        """Return how unlike the names nearest in spelling are, by their numbers."""
        found = process.extract(
            flat, self._flat, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST
        )
        return {number: -score for _, score, number in found}

    def _rarest(self, words: frozenset[str]) -> str:
        return min(words, key=lambda word: (len(self._by_word.get(word, ())), word))


def probable_duplicates(
    name: str, known: Mapping[str, str], common: Iterable[str] = ()
) -> list[str]:
    """Return the keys of names that are likely the same thing, the likeliest first."""
    index = KnownNames(common)
    for key, other in known.items():
        index.add(key, other)
    return index.like(name)


def _names(words: frozenset[str], weak: set[str]) -> bool:
    """Whether some words are enough to name a thing."""
    strong = words - weak
    return len(words) > 1 or any(len(word) >= _SHORTEST for word in strong)


def _flat(name: str) -> str:
    return " ".join(_in_order(name))


def _words(name: str) -> frozenset[str]:
    return frozenset(_in_order(name)) - _EMPTY


def _in_order(name: str) -> Iterable[str]:
    return re.findall(r"\w+", _plain(name))


def _plain(name: str) -> str:
    """Return a name in small letters a–z, as far as it has any."""
    folded = name.casefold().translate(LETTERS)
    return "".join(
        c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c)
    )
