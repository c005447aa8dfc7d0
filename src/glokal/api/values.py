"""The plain values that the public API gives: frozen, and of no library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from glokal.sparql.plain_values import PlainValue


@dataclass(frozen=True)
class Finding:
    """One fault: where it is, how grave (`violation`, `warning`, `info`), in words.

    `file` is "" and `line` None where a fault has no place. `rule` is the IRI of a shape
    or a word, `step` the step of the check. `focus`, `path` and `value` are the IRIs or
    texts that it is about, "" for none. What is `advice` fails no run.
    """

    severity: str
    message: str
    step: str
    rule: str
    file: str = ""
    line: int | None = None
    column: int | None = None
    focus: str = ""
    path: str = ""
    value: str = ""
    advice: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a check or a validation found.

    `steps` were run. `left_out` were not, and the outcome says nothing of them: each
    with the extra that must be installed for it, "" where something before it failed.
    """

    findings: tuple[Finding, ...]
    steps: tuple[str, ...]
    left_out: Mapping[str, str]
    clean: bool


@dataclass(frozen=True)
class Question:
    """A canned question: its name, its words by language, its parameters' defaults."""

    name: str
    words: Mapping[str, str]
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """Rows of an answer. A value is None where the source is silent, which is no no."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, PlainValue], ...]


@dataclass(frozen=True)
class Passage:
    """A passage of the source: its words as a person reads them, and where it begins.

    `start` counts characters from the beginning of the text, -1 where nobody knows.
    """

    iri: str
    text: str
    start: int


@dataclass(frozen=True)
class Difference:
    """What changed from one graph to another: the IRIs of things, and all in words."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    text: str

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)
