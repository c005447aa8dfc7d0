"""Whether words say that something goes on: planned, ended and dormant things don't."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from glokal.source.draft_known import drafting_words
from glokal.source.name_mentions import fold

_SIGNS = " :.*,;()!?«»“”\"'"
# So many words before the one for a membership tell whether it is there yet.
_BEFORE = 4


class StateWords:
    """The words of a language that say how something stands."""

    def __init__(self, language: str) -> None:
        words = drafting_words(language)
        self._unsettled = _phrases(words["unsettled"])
        becoming = words["becoming"]
        self._stems = _phrases(w.rstrip("-") for w in becoming if w.endswith("-"))
        self._becoming = _phrases(w for w in becoming if not w.endswith("-"))
        self._going_on = _phrases(words["going_on"])
        self._denying = {fold(word) for word in words["not"]}

    def is_unsettled(self, text: str) -> bool:
        """Whether a text says that something is planned, weighed, dormant or ended."""
        said = _said(text.split())
        return any(f" {begin}" in said for begin in self._unsettled)

    def is_yet_to_be(self, words: Sequence[str], at: int) -> bool:
        """Whether what stands before a word says that what it names isn't there."""
        said = _said(words[max(at - _BEFORE, 0) : at])
        return any(f" {stem}" in said for stem in self._stems) or any(
            f" {phrase} " in said for phrase in self._becoming
        )

    def goes_on(self, cell: str) -> bool:
        """Whether a cell on the state of an activity says that it goes on.

        A cell of figures and signs says nothing of that.
        """
        if not any(sign.isalpha() for sign in cell):
            return True
        said = _said(cell.replace("/", " ").split())
        denied = any(f" {word} " in said for word in self._denying)
        going_on = any(f" {phrase} " in said for phrase in self._going_on)
        return going_on and not (denied or self.is_unsettled(cell))


def _said(words: Iterable[str]) -> str:
    return f" {' '.join(fold(word.strip(_SIGNS)) for word in words)} "


def _phrases(words: Iterable[str]) -> list[str]:
    return [" ".join(map(fold, word.split())) for word in words]
