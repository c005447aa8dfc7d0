"""The report as workflow commands, which GitHub shows on the lines of a change.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from glokal.core.characters import log_text, one_line, visible
from glokal.validation.finding import Finding, Severity
from glokal.validation.report import Report
from glokal.validation.reports.grouped import (
    report_words,
    say_left_out,
    say_numbers,
    say_scope,
)

_COMMANDS = {
    Severity.VIOLATION: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


def render(report: Report, lang: str) -> str:
    """Return a command for each finding, and the number of them in a last line."""
    words = report_words(lang)
    lines = [f"::warning ::{_data(text)}" for text in say_left_out(report, lang)]
    lines += [_command(f, lang) for f in report.findings]
    numbers = say_numbers(report.findings, lang)
    summary = words["found"].format(numbers=numbers) if numbers else words["clean"]
    last = one_line(" ".join([summary, *say_scope(report, lang)]))
    return "\n".join([*lines, log_text(last)]) + "\n"


def _command(f: Finding, lang: str) -> str:
    place = f.place
    fields = {
        "file": place.file if place else "",
        "line": str(place.line or "") if place else "",
        "col": str(place.column or "") if place else "",
        "title": str(f.shown.rule) or f.rule,
    }
    shown = ",".join(f"{k}={_property(v)}" for k, v in fields.items() if v)
    parts = [str(f.shown.focus), f.text(lang), str(f.shown.value)]
    message = _data("\n".join(part for part in parts if part))
    return f"::{_COMMANDS[f.severity]} {shown}::{message}"


def _data(text: str) -> str:
    """Escape what a message may not have; % first, since the others use it.

    The log is shown by a terminal's rules, so that control characters are made visible.
    """
    shown = visible(text.replace("\r\n", "\n"))
    return shown.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
