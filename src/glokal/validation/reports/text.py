"""The report for a person at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from glokal.core.characters import log_text
from glokal.validation.finding import Finding
from glokal.validation.report import Report
from glokal.validation.reports.grouped import (
    FindingGroup,
    group_findings,
    report_words,
    say_left_out,
    say_numbers,
    say_scope,
)

WIDTH = 88
SHOWN = 3


def render(report: Report, lang: str) -> str:
    """Return the report as text: by file, the worst first, each fault once."""
    words = report_words(lang)
    lines = say_left_out(report, lang)
    lines += [""] * bool(lines)
    if report.findings:
        lines.append(render_findings(report.findings, lang))
        numbers = say_numbers(report.findings, lang)
        lines.append(words["found"].format(numbers=numbers))
    else:
        lines.append(words["clean"])
    if report.counts:
        steps = ", ".join(report.steps)
        lines.append(words["looked"].format(steps=steps, **report.counts))
    if report.counts.get("statements"):
        lines.append(words["provenance"].format(**report.counts))
    if report.counts.get("snapshots"):
        lines.append(words["snapshots"].format(**report.counts))
    lines += say_scope(report, lang)
    return log_text("\n".join(lines) + "\n")


def render_findings(findings: Iterable[Finding], lang: str) -> str:
    """Return findings as text, without a word about the rest of the run."""
    words = report_words(lang)
    lines: list[str] = []
    for file in group_findings(findings, lang):
        name = file.file or words["elsewhere"]
        lines += [f"{name}: {say_numbers(file.findings, lang)}", ""]
        for group in file.groups:
            lines += [*_group(group, words, lang), ""]
    return log_text("\n".join(lines))


def _why(
    details: Iterable[Finding], words: dict[str, str], lang: str, indent: str
) -> list[str]:
    """Return what inside a nested shape is not met, each at its place."""
    lines: list[str] = []
    for detail in details:
        head = f"{indent}{words['because']} {detail.place or words['elsewhere']}: "
        value = value_of(detail)
        text = detail.text(lang) + (f" [{value}]" if value else "")
        lines += _wrapped(text, head, indent + "    ")
        lines += _why(detail.details, words, lang, indent + "  ")
    return lines


def _group(group: FindingGroup, words: dict[str, str], lang: str) -> list[str]:
    first, number = group.first, len(group.findings)
    head = f"{first.place or words['elsewhere']}: {words[first.severity.label]}"
    if number > 1:
        head += f", {words['times'].format(n=number)}"
    lines = [head, *_wrapped(group.message)]
    entries = [(words["property"], str(first.shown.path))]
    if number == 1:
        entries.insert(0, (words["about"], str(first.shown.focus)))
        entries.append((words["value"], value_of(first)))
        entries.append((words["near"], first.shown.near))
        lines += _why(first.details, words, lang, "  ")
    else:
        for f in group.findings[:SHOWN]:
            parts = [str(f.shown.focus), value_of(f)]
            lines.append(f"  {f.place or '-'}  {' → '.join(p for p in parts if p)}")
        if number > SHOWN:
            lines.append(f"  {words['more'].format(n=number - SHOWN)}")
    entries.append((words["allowed"], first.shown.allowed))
    entries.append((words["rule"], str(first.shown.rule) or first.rule))
    # What the message has said needs no line of its own.
    details, near = group.message, words["near"]
    entries = [
        (k, text) for k, text in entries if text and (k == near or text not in details)
    ]
    width = max((len(label) for label, _ in entries), default=0)
    for label, text in entries:
        lines += _wrapped(text, f"  {label:<{width}}  ")
    return lines


def value_of(finding: Finding) -> str:
    """Return the value, unless it is the thing itself."""
    own = finding.value is not None and finding.value == finding.focus
    return "" if own else str(finding.shown.value)


def _wrapped(text: str, label: str = "  ", below: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=label,
        subsequent_indent=" " * len(label) if below is None else below,
        break_long_words=False,
        break_on_hyphens=False,
    )
