"""What a run of checks found, and how much it looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from glokal.core.errors import Place
from glokal.validation.finding import Finding, Severity

STEPS = ("syntax", "owl", "ontology", "hygiene", "shacl", "quotes", "competency")
# These steps look at one file at a time: there it is a file that passes or fails.
BY_FILE = ("syntax", "competency")


@dataclass(frozen=True)
class CheckedRule:
    """A rule that was looked at: its step, its name, and what it asks for in words.

    The name is the IRI of a shape, or a word; in the steps `BY_FILE` it is the file.
    """

    step: str
    name: str
    words: str = ""


@dataclass(frozen=True)
class LeftOut:
    """What --allow-unsupported leaves out of a shapes graph, and where it stood."""

    term: str
    shape: str
    place: Place | None = None


@dataclass(frozen=True)
class Report:
    """What the checks found, and how much they looked at.

    `steps` were run, `left_out` were not, because something before them failed, or
    because the extra that `needs` names for the step isn't installed.
    `rules` gives those that were looked at, whether they hold or not. Findings of the
    severity `fails_on` or worse fail the run. `files` are the files by the names that
    places use. With a `baseline`, `known` findings were old ones; with a revision
    `since`, `hidden` ones were on what has not changed. `unsupported` was left out of
    the shapes. `engines` judged the data; with one alone, `unjudged` says why; on
    `settled` results the second one is known to be wrong.
    """

    findings: tuple[Finding, ...]
    steps: tuple[str, ...]
    left_out: tuple[str, ...]
    counts: dict[str, int]
    rules: Callable[[], tuple[CheckedRule, ...]] = field(default=tuple, repr=False)
    fails_on: Severity = Severity.WARNING
    files: Mapping[str, Path] = field(default_factory=dict, repr=False)
    baseline: str = ""
    known: int = 0
    since: str = ""
    unsupported: tuple[LeftOut, ...] = ()
    engines: tuple[str, ...] = ()
    unjudged: str = ""
    settled: int = 0
    hidden: int = 0
    needs: Mapping[str, str] = field(default_factory=dict)

    def number(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(f.severity == severity for f in self.findings)

    def fails(self, finding: Finding) -> bool:
        """Whether a finding fails the run: it is of `fails_on` or worse, no advice."""
        return finding.severity >= self.fails_on and not finding.advice

    @property
    def clean(self) -> bool:
        """Whether no finding fails the run."""
        return not any(map(self.fails, self.findings))
