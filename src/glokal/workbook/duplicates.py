"""Slugs for new names, and names that are perhaps the same thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ß": "ss"}
)
_LONGEST = 60
# In percent; a word alone needs letters enough to be a name.
_ALIKE, _SHORTEST = 82, 5
# Words that say nothing of which thing it is.
_EMPTY = frozenset(
    "og i pa av for til med en et den det the of and in prosjekt prosjektet nettverk "
    "nettverket project network samarbeid samarbeidet kommune kommun municipality "
    "skole school".split()
)


def slugify(name: str) -> str:
    """Return the slug of a name by docs/style.md; "" when no letter is left."""
    plain = name.casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFD", plain).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > _LONGEST:
        slug = slug[: _LONGEST + 1].rpartition("-")[0] or slug[:_LONGEST]
    return slug


def probable_duplicates(
    name: str, known: Mapping[str, str], common: Iterable[str] = ()
) -> list[str]:
    """Return the keys of names that are likely the same thing, the likeliest first.

    They are spelled nearly alike, or one has all the words of the other. A word that
    many names have, such as that of a programme, is in `common`, and doesn't make a
    name by itself.
    """
    weak = {word for each in common for word in _in_order(each)}
    mine, flat = _words(name), _flat(name)
    spelled = process.extract(
        flat,
        {key: _flat(other) for key, other in known.items()},
        scorer=fuzz.ratio,
        score_cutoff=_ALIKE,
        limit=None,
    )
    results = {str(key): -score for _, score, key in spelled}
    for key, other in known.items():
        if key not in results:
            theirs = _words(other)
            fewer = mine if len(mine) <= len(theirs) else theirs
            if fewer and fewer <= mine and fewer <= theirs and _names(fewer, weak):
                results[key] = -float(fuzz.ratio(flat, _flat(other)))
    return [key for _, key in sorted((score, key) for key, score in results.items())]


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
    folded = name.casefold().translate(_LETTERS)
    return "".join(
        c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c)
    )
