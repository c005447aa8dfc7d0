"""Passages found again in a new text of their document, one by one.

Letters and figures are compared, without case, spaces, signs and hyphens: a text that
is set anew has other lines, not other words. A passage is the same where its words
stand in their order among the others, moved where they stand elsewhere, reworded where
one place is much like it and no other is, ambiguous where several places are as good,
and lost where none is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz

from glokal.source.extraction.paragraphs import MARKS
from glokal.source.extraction.passages import CutDocument, CutPassage

# How alike two wordings are, from 0 to 100, and by how much the best one is better.
ALIKE = 75.0
_BETTER = 5.0
# Shorter words stand in too many places to show where others are.
_ANCHOR = 12


class Fate(StrEnum):
    """What became of a passage."""

    SAME = "same"
    MOVED = "moved"
    REWORDED = "reworded"
    AMBIGUOUS = "ambiguous"
    LOST = "lost"


@dataclass(frozen=True)
class OldPassage:
    """A passage as it is: its name, its text, where it starts."""

    iri: str
    text: str
    start: int


@dataclass(frozen=True)
class FoundAgain:
    """A passage and where it is now; -1 where that isn't known.

    `places` are the ends and starts that a person chooses among.
    """

    old: OldPassage
    fate: Fate
    start: int = -1
    end: int = -1
    text: str = ""
    places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Reanchored:
    """All passages of a document, and those of the new text that none of them is."""

    found: tuple[FoundAgain, ...]
    new: tuple[CutPassage, ...]

    def of(self, *fates: Fate) -> tuple[FoundAgain, ...]:
        """Return the passages with some fates."""
        return tuple(f for f in self.found if f.fate in fates)


def reanchor(
    passages: Iterable[OldPassage],
    document: CutDocument,
    chosen: Mapping[str, tuple[int, int]] | None = None,
) -> Reanchored:
    """Return what became of each passage in a new text.

    `chosen` are places that a person has settled, by the IRI of the passage.
    """
    old = sorted(passages, key=lambda p: p.start)
    search = _Search(old, _Letters(document.text), dict(chosen or {}))
    search.by_words()
    spare = [p for p in document.passages if search.is_free(p.start, p.end)]
    search.by_likeness(spare)
    found = search.results(document.text)
    new = [p for p in document.passages if search.is_free(p.start, p.end)]
    return Reanchored(found, tuple(new))


class _Letters:
    """The letters and figures of a text, with the place of each."""

    def __init__(self, text: str) -> None:
        pairs = [
            (letter, at)
            for at, character in enumerate(text)
            if character.isalnum()
            for letter in character.casefold()
        ]
        self.text = text
        self.letters = "".join(letter for letter, _ in pairs)
        self.places = [at for _, at in pairs]

    def occurrences(self, letters: str) -> list[tuple[int, int]]:
        """Return start and end in the text of each place where whole words say it."""
        results = []
        at = self.letters.find(letters)
        while at >= 0 and letters:
            start, end = self.places[at], self.places[at + len(letters) - 1] + 1
            before = self.text[start - 1 : start]
            behind = self.text[end : end + 1]
            if not before.isalnum() and not behind.isalnum():
                results.append((start, end))
            at = self.letters.find(letters, at + 1)
        return results


def stretch_of(words: str, text: str) -> str:
    """Return the stretch of a text that has the letters of some words, "" for none."""
    letters = letters_of(words)
    if letters == letters_of(text):
        return text
    found = _Letters(text).occurrences(letters)
    return text[found[0][0] : found[0][1]] if found else ""


def letters_of(text: str) -> str:
    """Return the letters and figures of a text, without case."""
    return "".join(c.casefold() for c in text if c.isalnum())


@dataclass
class _Search:
    old: Sequence[OldPassage]
    letters: _Letters
    placed: dict[str, tuple[int, int]]
    ambiguous: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _at: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def is_free(self, start: int, end: int) -> bool:
        """Whether no passage has been placed on a stretch of the text."""
        return all(
            end <= first or last <= start for first, last in self.placed.values()
        )

    def by_words(self) -> None:
        """Place what stands in the text word for word."""
        alike: Counter[str] = Counter()
        for passage in self.old:
            words = letters_of(passage.text)
            alike[words] += 1
            if words not in self._at:
                self._at[words] = self.letters.occurrences(words)
        longest = sorted(self.old, key=lambda p: -len(letters_of(p.text)))
        for passage in longest:
            words = letters_of(passage.text)
            only = alike[words] == len(self._at[words]) == 1
            if passage.iri not in self.placed and len(words) >= _ANCHOR and only:
                self._place(passage, self._at[words][0])
        # Once more: what was placed shows where the rest is.
        self._repeated(longest)
        self._repeated(longest)

    def _place(self, passage: OldPassage, place: tuple[int, int]) -> None:
        if self.is_free(*place):
            self.placed[passage.iri] = place
            self.ambiguous.pop(passage.iri, None)

    def _repeated(self, longest: Sequence[OldPassage]) -> None:
        groups: dict[str, list[OldPassage]] = defaultdict(list)
        for passage in longest:
            if passage.iri not in self.placed:
                groups[letters_of(passage.text)].append(passage)
        for words, group in groups.items():
            free = [place for place in self._at[words] if self.is_free(*place)]
            parts = self._between(group, free)
            if any(len(of) != len(places) for of, places in parts):
                # Where they are as many as before, their order tells them apart.
                whole = len(group) == len(free)
                parts = [(group, free)] if whole else parts
            for of, places in parts:
                if len(of) == len(places):
                    in_order = sorted(of, key=lambda p: p.start)
                    for passage, place in zip(in_order, places, strict=True):
                        self._place(passage, place)
                else:
                    for passage in of:
                        if places:
                            self.ambiguous[passage.iri] = places

    def _between(
        self, group: Sequence[OldPassage], free: Sequence[tuple[int, int]]
    ) -> list[tuple[list[OldPassage], list[tuple[int, int]]]]:
        """Return passages and places by the stretch between two anchors."""
        anchors = self._in_order()
        olds = [p.start for p, _ in anchors]
        news = [place[0] for _, place in anchors]
        parts: dict[int, tuple[list[OldPassage], list[tuple[int, int]]]] = {}
        for passage in group:
            parts.setdefault(bisect_left(olds, passage.start), ([], []))[0].append(
                passage
            )
        for place in sorted(free):
            part = parts.get(bisect_left(news, place[0]))
            if part is not None:
                part[1].append(place)
        return list(parts.values())

    def _in_order(self) -> list[tuple[OldPassage, tuple[int, int]]]:
        """Return the longest row of placed passages that has kept its order."""
        pairs = [(p, self.placed[p.iri]) for p in self.old if p.iri in self.placed]
        ends: list[int] = []
        at: list[int] = []
        before: list[int] = []
        for number, (_, place) in enumerate(pairs):
            length = bisect_left(ends, place[0])
            before.append(at[length - 1] if length else -1)
            if length == len(ends):
                ends.append(place[0])
                at.append(number)
            else:
                ends[length], at[length] = place[0], number
        row = []
        number = at[-1] if at else -1
        while number >= 0:
            row.append(pairs[number])
            number = before[number]
        return row[::-1]

    def by_likeness(self, spare: Sequence[CutPassage]) -> None:
        """Place what one passage of the new text is much like, and no other is."""
        for passage in self.old:
            if passage.iri in self.placed or passage.iri in self.ambiguous:
                continue
            scored = sorted(
                (
                    (fuzz.ratio(letters_of(passage.text), letters_of(p.exact)), p)
                    for p in spare
                    if self.is_free(p.start, p.end)
                ),
                key=lambda pair: -pair[0],
            )
            best = [(score, p) for score, p in scored if score >= ALIKE]
            if not best:
                continue
            close = [p for score, p in best if score > best[0][0] - _BETTER]
            if len(close) == 1:
                self._place(passage, (close[0].start, close[0].end))
            else:
                self.ambiguous[passage.iri] = [(p.start, p.end) for p in close]

    def results(self, text: str) -> tuple[FoundAgain, ...]:
        """Return what became of each passage, in the order of the old text."""
        in_order = {p.iri for p, _ in self._in_order()}
        results = []
        for passage in self.old:
            place = self.placed.get(passage.iri)
            if place is None:
                places = tuple(self.ambiguous.get(passage.iri, ()))
                fate = Fate.AMBIGUOUS if places else Fate.LOST
                results.append(FoundAgain(passage, fate, places=places))
                continue
            start, end = self._whole(place, text, passage)
            now = text[start:end]
            same = letters_of(now) == letters_of(passage.text)
            fate = Fate.SAME if passage.iri in in_order else Fate.MOVED
            if not same:
                fate = Fate.REWORDED
            results.append(FoundAgain(passage, fate, start, end, now))
        return tuple(results)

    def _whole(
        self, place: tuple[int, int], text: str, passage: OldPassage
    ) -> tuple[int, int]:
        """Return a place with the signs before and behind its words."""
        start, end = place
        others = [p for iri, p in self.placed.items() if iri != passage.iri]
        floor = max((last for _, last in others if last <= start), default=0)
        ceiling = min((first for first, _ in others if first >= end), default=len(text))
        while end < ceiling and not text[end].isspace():
            end += 1
        while start > floor and not text[start - 1].isspace():
            start -= 1
        # The mark of an item stands before a space.
        mark = text[floor:start].rstrip(" ")
        lone = mark[-1:] in tuple(MARKS) and mark[-2:-1] in ("", "\n")
        if lone:
            start = floor + len(mark) - 1
        return start, end
