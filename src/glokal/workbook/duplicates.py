"""Slugs for new names, and names that are perhaps the same thing."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping

_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ß": "ss"}
)
_LONGEST = 60
_ALIKE = 0.82
# Words that say nothing of which thing it is.
_EMPTY = {"og", "i", "på", "av", "for", "til", "med", "en", "et", "den", "det", "the"}


def slugify(name: str) -> str:
    """Return the slug of a name by docs/style.md; "" when no letter is left."""
    plain = name.casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFD", plain).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > _LONGEST:
        slug = slug[: _LONGEST + 1].rpartition("-")[0] or slug[:_LONGEST]
    return slug


def probable_duplicates(name: str, known: Mapping[str, str]) -> list[str]:
    """Return the keys of names that are likely the same thing, the likeliest first.

    They are spelled nearly alike, or one has all the words of the other and both have
    at least two.
    """
    results = []
    for key, other in known.items():
        likeness = difflib.SequenceMatcher(None, _flat(name), _flat(other)).ratio()
        one, two = _words(name), _words(other)
        inside = len(min(one, two, key=len)) > 1 and (one <= two or two <= one)
        if likeness >= _ALIKE or inside:
            results.append((-likeness, key))
    return [key for _, key in sorted(results)]


def _flat(name: str) -> str:
    return " ".join(_in_order(name))


def _words(name: str) -> frozenset[str]:
    return frozenset(_in_order(name)) - _EMPTY


def _in_order(name: str) -> Iterable[str]:
    return re.findall(r"\w+", name.casefold())
