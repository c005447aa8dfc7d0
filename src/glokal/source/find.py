"""Words to passages: which passage says this, letter by letter or nearly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from glokal.source.reanchor import OldPassage, letters_of

# Below this, words only look alike by chance.
_ALIKE = 70.0
_SHOWN = 5


@dataclass(frozen=True)
class Match:
    """A passage that has the words, or, with less than 100, some much like them."""

    passage: OldPassage
    score: float

    @property
    def exact(self) -> bool:
        """Whether the words stand in it letter by letter."""
        return self.score == 100


def find_words(passages: Iterable[OldPassage], words: str) -> list[Match]:
    """Return the passages that have some words; where none has, the most alike ones.

    Case, spaces, signs and hyphens make no difference.
    """
    asked = letters_of(words)
    listed = list(passages)
    if not asked:
        return []
    exact = [Match(p, 100) for p in listed if asked in letters_of(p.text)]
    if exact:
        return exact
    scored = (
        Match(p, min(fuzz.partial_ratio(asked, letters_of(p.text)), 99.0))
        for p in listed
        if letters_of(p.text)
    )
    near = sorted((m for m in scored if m.score >= _ALIKE), key=lambda m: -m.score)
    return near[:_SHOWN]
