"""What a person is asked while a workbook is taken in, or answers beforehand."""

from __future__ import annotations

from collections.abc import Mapping

import click

from glokal.core.errors import UsageError
from glokal.workbook.planning import Answers


class ImportQuestions:
    """What a person is asked while a workbook is read, each thing once."""

    def __init__(
        self,
        is_new: frozenset[str],
        english: Mapping[str, str],
        not_persons: frozenset[str],
        words: Mapping[str, str],
        asks: bool,
    ) -> None:
        self._is_new, self._words, self.asks = is_new, words, asks
        self._english = dict(english)
        self._answers: dict[tuple[str, str], bool] = {}
        self.answers = Answers(self._new, self._name, not_persons)

    def _new(self, name: str, other: str) -> bool:
        """Return whether a name is another thing than the one of a name like it."""
        if (name, other) not in self._answers:
            question = self._words["same"].format(new=name, old=other)
            self._answers[name, other] = name in self._is_new or (
                self.asks and not agrees(question, self._words)
            )
        return self._answers[name, other]

    def _name(self, name: str) -> str:
        """Return the English name of something new, "" when nobody knows."""
        if name not in self._english and self.asks:
            question = self._words["english"].format(name=name)
            answer = click.prompt(
                question, default="", show_default=False, err=True, prompt_suffix=" "
            )
            self._english[name] = answer.strip()
        return self._english.get(name, "")


def agrees(question: str, words: Mapping[str, str]) -> bool:
    """Ask until the answer is a yes or a no, in either language."""
    yes, no = words["yes"].split(), words["no"].split()
    while True:
        query_text = f"{question} ({yes[0]}/{no[0]})"
        answer = (
            click.prompt(query_text, err=True, prompt_suffix=" ").strip().casefold()
        )
        if answer in (*yes, "yes", "y"):
            return True
        if answer in (*no, "no", "n"):
            return False


def english_names(given: tuple[str, ...]) -> dict[str, str]:
    """Return English names by names; UsageError for one that isn't NAME=ENGLISH."""
    found = {}
    for text in given:
        name, equals, english = text.partition("=")
        if not (equals and name.strip() and english.strip()):
            raise UsageError(
                f"--english is {text!r}, which has no name on each side.",
                remedy='write it as --english "Grønn fjellvei=Green mountain road".',
            )
        found[name.strip()] = english.strip()
    return found
