"""What the headings of columns in a table say, in any language that has words."""

from __future__ import annotations

from functools import cached_property

from glokal.source.draft_known import drafting_languages, drafting_words
from glokal.source.name_mentions import fold, letters_of

# A sign at the end of a heading is no part of its word.
SIGNS = " :.*"
# What a heading with two words is first of all.
_FIRST_OF_TWO = ("activity", "status", "contact", "other", "funding")
# Roles whose words may go on, as in “Ansvarlig for tiltaket”.
_WITH_PREPOSITION = ("contact", "network", "other", "partner", "status")
_FOR = ("for", "för")


class ColumnWords:
    """The words above columns; those of the document's own language are asked first."""

    def __init__(self, language: str) -> None:
        self._language = language

    def role(self, heading: str) -> str:
        """Return what a column says of the activity in its row, "" for nothing.

        A heading of two words, such as “Program og tiltak”, has the activities if one
        of them says so, and is only shown if one of them is of that kind.
        """
        own = self._role(heading)
        if own:
            return own
        parts = [self._role(part) for part in self._parts(heading)]
        if len(parts) > 1 and all(parts):
            first = [role for role in _FIRST_OF_TWO if role in parts]
            return next(iter((*first, *parts)))
        before = self._before_preposition(heading)
        role = self._role(before) if before else ""
        return role if role in _WITH_PREPOSITION else ""

    def _role(self, heading: str) -> str:
        if self.is_above_municipalities(heading):
            return "who"
        # A narrow column may break its heading in the middle of a word.
        told = letters_of(heading)
        for of in self._languages:
            for role, words in drafting_words(of)["columns"].items():
                if told in {letters_of(word) for word in words} or heading in words:
                    return str(role)
        return ""

    def _parts(self, heading: str) -> list[str]:
        words = heading
        for joint in {w for of in self._languages for w in drafting_words(of)["and"]}:
            words = words.replace(f" {joint} ", "/")
        for sign in ",&+;":
            words = words.replace(sign, "/")
        return [part for part in words.split("/") if part.strip()]

    def _before_preposition(self, heading: str) -> str:
        of_all = (drafting_words(of) for of in self._languages)
        joins = {fold(w) for of in of_all for w in (*of["where"], *of["of"], *_FOR)}
        words = heading.split()
        at = next((n for n, word in enumerate(words) if fold(word) in joins), 0)
        return " ".join(words[:at])

    def is_above_municipalities(self, heading: str) -> bool:
        """Whether a heading is that of a column or a row of municipalities."""
        told = fold(heading.strip(SIGNS))
        return any(
            told in {fold(word) for word in drafting_words(of)["rows"]}
            for of in self._languages
        )

    @cached_property
    def _languages(self) -> list[str]:
        own, known = self._language, drafting_languages()
        return [own] * (own in known) + [of for of in known if of != own]
