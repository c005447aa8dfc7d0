"""Sentences that tell of a membership: what somebody is member of, and who is.

“Fjordvik er medlem i KIMO og har …” names KIMO: a name ends where a verb, a year or a
bracket begins. What is planned, weighed, dormant or ended is nobody's membership.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from glokal.source.draft_column_words import SIGNS
from glokal.source.draft_passages import PlaceNames
from glokal.source.name_mentions import fold
from glokal.source.programme_names import programme_in

_DASHES = ("-", "–", "—")
_YEAR = 4
# Words that may stand between a verb and its preposition: “ingår även i”.
_ADVERBS = 2
# Words for the places where all the municipalities of a sentence may lie.
_BEHIND = 2


class MembershipReader:
    """Reads sentences in the language of a document."""

    def __init__(self, names: PlaceNames) -> None:
        self._names, self._words = names, names.words

    def network(self, text: str) -> str | None:
        """Return what a sentence says to be member of, "" if unclear, None of none.

        What a sentence denies, or calls unsettled, is for a person to read.
        """
        words, state = self._words, self._words.state
        if words.denies_any(text) or state.is_unsettled(text):
            return None
        said = text.split()
        member = words.folded("member")
        for at, word in enumerate(said):
            if fold(word.strip(SIGNS + ",")) in member:
                if state.is_yet_to_be(said, at):
                    return None
                rest = said[at + 1 :]
                before_name = rest and fold(rest[0]) in words.folded("of")
                return self._name(rest[1:]) if before_name else ""
        return self._joined(said)

    def members(self, text: str, everyone: Sequence[str]) -> list[str]:
        """Return who a sentence names; `everyone` are all those of the plan.

        “All municipalities except …” are those but the ones behind the word.
        """
        words, found = self._words, self._names.in_text(text)
        if words.excepts(text):
            out = self._names.in_text(words.behind_exception(text))
            told = words.speaks_of_all(text) and out and {*out} < {*everyone}
            return [name for name in everyone if name not in out] if told else []
        if words.speaks_of_all(text):
            # Some that are named may be those that are left out.
            return [] if found and {*found} != {*everyone} else [*everyone]
        alone = len(everyone) == 1 and words.speaks_of_the_municipality(text)
        return found or ([*everyone] if alone else [])

    def _joined(self, said: Sequence[str]) -> str | None:
        """Return what a sentence says the municipality to be in by such a verb.

        Only a name with a capital is one, and no place or programme.
        """
        words = self._words
        joins, of = words.folded("joins"), words.folded("of") | {"to"}
        for at, word in enumerate(said):
            before = " ".join(said[:at])
            if fold(word) not in joins or words.state.is_yet_to_be(said, at):
                continue
            if not self._has_subject(before):
                continue
            rest = said[at + 1 :]
            between = next(
                (n for n, w in enumerate(rest[: _ADVERBS + 1]) if fold(w) in of), -1
            )
            if between < 0:
                continue
            name = self._name(rest[between + 1 :])
            return name if name and self._is_network(name) else None
        return None

    def _has_subject(self, before: str) -> bool:
        names = self._names.in_text(before)
        return bool(names) or self._words.speaks_of_the_municipality(before)

    def _is_network(self, name: str) -> bool:
        words, names = self._words, self._names
        if not name[:1].isupper() or words.is_wide(name) or words.is_country(name):
            return False
        place = names.is_county(name) or names.is_known(names.bare(name))
        return not (place or programme_in(name))

    def _name(self, rest: Sequence[str]) -> str:
        """Return the name that words begin with; “nettverket” before it is no part."""
        if len(rest) > 1 and rest[0].islower() and self._words.is_network(rest[0]):
            rest = rest[1:]
        return " ".join(self._until(rest)).strip(".;, ")

    def _until(self, words: Sequence[str]) -> list[str]:
        """Return the words of a name: those before a clause, a year or a bracket."""
        kept = list(self._before_clause(words))
        joins = self._words.folded("and")
        if len(kept) < len(words):
            # “KIMO og også har …”: the clause begins with the word for and.
            for back in range(1, min(_ADVERBS, len(kept)) + 1):
                behind = kept[len(kept) - back :]
                # “KIMO, kommunen sit i styret”: so does one with its own subject.
                begins = fold(behind[0]) in joins or kept[-back - 1 :][0][-1] == ","
                if begins and back < len(kept) and all(map(str.islower, behind)):
                    return kept[: len(kept) - back]
        return kept

    def _before_clause(self, words: Sequence[str]) -> Iterator[str]:
        ends = self._words.folded("verb") | self._words.folded("relative")
        article, since = self._words.folded("article"), self._words.folded("since")
        where = self._words.folded("where") | self._words.folded("of")
        for at, word in enumerate(words):
            bare, behind = fold(word.strip(SIGNS + ",;")), words[at + 1 : at + 3]
            two = f"{bare} {' '.join(map(fold, behind))}"
            if word[0] in "([" or word in _DASHES or bare in ends or bare in since:
                return
            if any(two == phrase for phrase in since):
                return
            if bare in where and any(map(_is_year, behind)):
                return
            if at and words[at - 1][-1] == "," and bare in article:
                return
            yield word
            if word[-1] in ";:":
                return


def _is_year(word: str) -> bool:
    figures = word.strip(SIGNS + ",;()")
    return figures.isdecimal() and len(figures) == _YEAR
