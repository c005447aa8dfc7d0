"""Findings put together for a person: by file, the worst first, the same fault once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from glokal.core.extras import install_command
from glokal.validation.finding import Finding, Severity
from glokal.validation.report import Report


@dataclass(frozen=True)
class FindingGroup:
    """The same fault of one rule in one file, with the findings in their order."""

    message: str
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The first of them."""
        return self.findings[0]


@dataclass(frozen=True)
class FileGroup:
    """The faults of one file, the worst first; "" is no file."""

    file: str
    groups: tuple[FindingGroup, ...]

    @property
    def findings(self) -> list[Finding]:
        """All findings of the file."""
        return [f for group in self.groups for f in group.findings]


def group_findings(findings: Iterable[Finding], lang: str) -> list[FileGroup]:
    """Return the findings by file, the file with the gravest ones first."""
    same: dict[tuple[str, str, str, str, str], list[Finding]] = {}
    for f in findings:
        file = f.place.file if f.place else ""
        key = file, f.rule, f.component, f.path, f.text(lang)
        same.setdefault(key, []).append(f)
    files: dict[str, list[FindingGroup]] = {}
    for key, result in same.items():
        group = FindingGroup(key[-1], tuple(sorted(result, key=_place)))
        files.setdefault(key[0], []).append(group)
    file_groups = [
        FileGroup(
            file,
            tuple(sorted(groups, key=lambda g: (-g.first.severity, _place(g.first)))),
        )
        for file, groups in files.items()
    ]
    return sorted(file_groups, key=_worst)


def _place(finding: Finding) -> tuple[int, int, str]:
    place = finding.place
    return (place and place.line) or 0, (place and place.column) or 0, finding.rule


def _worst(group: FileGroup) -> tuple[int, ...] | tuple[int | str, ...]:
    result = group.findings
    return (
        *(-sum(f.severity == s for f in result) for s in reversed(Severity)),
        group.file,
    )


@cache
def report_words(lang: str) -> dict[str, str]:
    """Return what a report says around the findings, in a language."""
    file = resources.files("glokal.validation.reports").joinpath("words.toml")
    words: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return words[lang]


def say_scope(report: Report, lang: str) -> list[str]:
    """Return the sentences on what a report leaves out: steps, old findings, others."""
    words = report_words(lang)
    entries = []
    failed = [step for step in report.left_out if step not in report.needs]
    if failed:
        entries.append(words["left"].format(steps=", ".join(failed)))
    entries += [say_step_left_out(report, step, lang) for step in report.needs]
    if report.known:
        entries.append(words["known"].format(n=report.known, file=report.baseline))
    if report.since:
        entries.append(words["since"].format(n=report.hidden, rev=report.since))
    if report.unjudged:
        entries.append(say_unjudged(report, lang))
    if report.settled:
        entries.append(say_settled(report, lang))
    return entries


def say_step_left_out(report: Report, step: str, lang: str) -> str:
    """Return why a step was left out, and what to do when an extra is missing."""
    words = report_words(lang)
    if step not in report.needs:
        return words["left"].format(steps=step)
    extra = report.needs[step]
    command = install_command([extra])
    return words["needs"].format(step=step, extra=extra, command=command)


def say_unjudged(report: Report, lang: str) -> str:
    """Return why no second engine has judged, "" when one has."""
    words = report_words(lang)
    kind, _, about = report.unjudged.partition(" ")
    if not kind:
        return ""
    why = words[f"unjudged-{kind}"].format(n=about, form=about)
    return words["unjudged"].format(engines=", ".join(report.engines), why=why)


def say_settled(report: Report, lang: str) -> str:
    """Return on how many results the second engine is wrong, "" where on none."""
    if not report.settled:
        return ""
    names = dict(zip(("first", "second"), report.engines, strict=True))
    return report_words(lang)["settled"].format(n=report.settled, **names)


def say_left_out(report: Report, lang: str) -> list[str]:
    """Return a sentence for each term that was left out of the shapes."""
    words = report_words(lang)["leftout"]
    return [
        words.format(term=left.term, where=left.place or left.shape)
        for left in report.unsupported
    ]


def say_numbers(findings: Iterable[Finding], lang: str) -> str:
    """Return how many findings there are of each severity: "2 feil, 1 advarsel"."""
    words = report_words(lang)
    results = list(findings)
    parts = []
    for severity in reversed(Severity):
        number = sum(f.severity == severity for f in results)
        word = words[severity.label if number == 1 else severity.label + "s"]
        if number:
            parts.append(f"{number} {word}")
    return ", ".join(parts)
