"""Reports of findings: for people (text) and for programs (JSON)."""

from __future__ import annotations

import itertools
import json

from glokal.check.finding import Finding, Severity
from glokal.check.run import Report

FORMATS = ("text", "json")
_WORDS = {
    "nb": {
        "violation": "feil",
        "warning": "advarsel",
        "info": "merknad",
        "clean": "Ingen feil.",
        "found": "{violation} feil, {warning} advarsler, {info} merknader.",
        "looked": "Kontrollert: {steps}. {files} filer, {triples} tripler, "
        "{shapes} formfiler, {queries} spørringer.",
        "left": "Ikke kontrollert, fordi noe foran feilet: {steps}.",
        "places": "og {n} steder til",
    },
    "nn": {
        "violation": "feil",
        "warning": "åtvaring",
        "info": "merknad",
        "clean": "Ingen feil.",
        "found": "{violation} feil, {warning} åtvaringar, {info} merknader.",
        "looked": "Kontrollert: {steps}. {files} filer, {triples} triplar, "
        "{shapes} formfiler, {queries} spørjingar.",
        "left": "Ikkje kontrollert, fordi noko framfor feila: {steps}.",
        "places": "og {n} stader til",
    },
    "en": {
        "violation": "violation",
        "warning": "warning",
        "info": "note",
        "clean": "No faults.",
        "found": "{violation} violations, {warning} warnings, {info} notes.",
        "looked": "Checked: {steps}. {files} files, {triples} triples, "
        "{shapes} shape files, {queries} queries.",
        "left": "Not checked, because something before it failed: {steps}.",
        "places": "and {n} more places",
    },
}
SHOWN = 3


def render(report: Report, fmt: str, lang: str) -> str:
    """Return a report as text or JSON, ending in a line break."""
    return _json(report, lang) if fmt == "json" else _text(report, lang)


def _json(report: Report, lang: str) -> str:
    findings = [
        {
            "step": f.step,
            "rule": f.rule,
            "severity": f.severity.label,
            "file": f.place.file if f.place else None,
            "line": f.place.line if f.place else None,
            "column": f.place.column if f.place else None,
            "focus": f.focus or None,
            "focusLabel": f.focus_label or None,
            "path": f.path or None,
            "value": f.value or None,
            "message": f.text(lang),
        }
        for f in report.findings
    ]
    body = {
        "conforms": report.clean,
        "summary": {s.label: report.number(s) for s in reversed(Severity)},
        "checked": list(report.steps),
        "notChecked": list(report.left_out),
        "counts": report.counts,
        "findings": findings,
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _text(report: Report, lang: str) -> str:
    words = _WORDS[lang]
    lines: list[str] = []

    def same(f: Finding) -> tuple[str, str, str]:
        return (f.place.file if f.place else "", f.rule, f.text(lang))

    for (file, rule, message), group in itertools.groupby(
        sorted(report.findings, key=lambda f: (same(f)[0], -f.severity, same(f))), same
    ):
        found = list(group)
        for f in found[:SHOWN]:
            named = f" «{f.focus_label}»" if f.focus_label else ""
            value = f" = {_short(f.value)}" if f.value else ""
            word = words[f.severity.label]
            lines.append(f"{f.place or file or '-'}: {word}:{named}{value}")
        if len(found) > SHOWN:
            lines.append(f"  {words['places'].format(n=len(found) - SHOWN)}")
        lines += [f"  {message}", f"  [{rule}]", ""]
    numbers = {s.label: report.number(s) for s in Severity}
    if report.findings:
        lines.append(words["found"].format(**numbers))
    else:
        lines.append(words["clean"])
    if report.counts:
        lines.append(
            words["looked"].format(steps=", ".join(report.steps), **report.counts)
        )
    if report.left_out:
        lines.append(words["left"].format(steps=", ".join(report.left_out)))
    return "\n".join(lines) + "\n"


def _short(value: str) -> str:
    one_line = " ".join(value.split())
    return one_line if len(one_line) <= 60 else one_line[:57] + "…"
