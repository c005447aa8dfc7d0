"""A finding: where it is, what is wrong, what to do, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from importlib import resources

from glokal.errors import GlokalError, Place


class Severity(IntEnum):
    """How grave a finding is; the values are those of SHACL (section 2.1.4)."""

    INFO = 0
    WARNING = 1
    VIOLATION = 2

    @property
    def label(self) -> str:
        """The name in lower case."""
        return self.name.lower()


@dataclass(frozen=True)
class Finding:
    """One fault that a step found."""

    step: str
    rule: str
    severity: Severity
    message: Mapping[str, str] = field(hash=False)
    place: Place | None = None
    focus: str = ""
    focus_label: str = ""
    path: str = ""
    value: str = ""

    def text(self, lang: str) -> str:
        """Return the message in a language, else in English, else in any."""
        for choice in (lang, "nb" if lang == "nn" else "en", "en", ""):
            if choice in self.message:
                return self.message[choice]
        return next(iter(self.message.values()), "")


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings by file, the worst first, then by place and rule."""

    def order(finding: Finding) -> tuple[str, int, int, int, str, str, str]:
        place = finding.place or Place("")
        return (
            place.file,
            -finding.severity,
            place.line or 0,
            place.column or 0,
            finding.rule,
            finding.focus,
            finding.value,
        )

    return sorted(findings, key=order)


def finding_of(error: GlokalError, step: str, rule: str) -> Finding:
    """Return an error as a violation, so that a report can list it."""
    remedy = f" Do this: {error.remedy}" if error.remedy else ""
    return Finding(
        step, rule, Severity.VIOLATION, {"en": error.what + remedy}, error.place
    )


@cache
def _messages() -> dict[str, dict[str, dict[str, str]]]:
    file = resources.files("glokal.check").joinpath("messages.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def say(
    step: str,
    rule: str,
    *,
    severity: Severity = Severity.VIOLATION,
    focus: str = "",
    path: str = "",
    value: str = "",
    place: Place | None = None,
    **filled: object,
) -> Finding:
    """Return a finding with the words that `messages.toml` has for its rule."""
    words = {k: v.format(**filled) for k, v in _messages()[step][rule].items()}
    return Finding(
        step, rule, severity, words, place, focus=focus, path=path, value=value
    )
