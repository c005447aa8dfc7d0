"""The report for programs, as JSON (RFC 8259)."""

from __future__ import annotations

import json

from glokal.core.characters import visible_json
from glokal.rdf.terms import text_of
from glokal.validation.finding import Finding, Severity
from glokal.validation.report import Report
from glokal.validation.reports.grouped import say_settled, say_unjudged


def render(report: Report, lang: str) -> str:
    """Return the report as one JSON object; nothing in it is left out when empty."""
    body = {
        "conforms": report.clean,
        "language": lang,
        "leftOut": [
            {
                "term": left.term,
                "shape": left.shape or None,
                "file": left.place.file if left.place else None,
                "line": left.place.line if left.place else None,
                "column": left.place.column if left.place else None,
            }
            for left in report.unsupported
        ],
        "engines": list(report.engines),
        "unjudged": say_unjudged(report, lang) or None,
        "settled": say_settled(report, lang) or None,
        "summary": {s.label: report.number(s) for s in reversed(Severity)},
        "checked": list(report.steps),
        "notChecked": list(report.left_out),
        "notInstalled": dict(report.needs),
        "baseline": report.baseline or None,
        "known": report.known,
        "changedSince": report.since or None,
        "hidden": report.hidden,
        "counts": report.counts,
        "findings": [_finding(f, lang) for f in report.findings],
    }
    return visible_json(json.dumps(body, ensure_ascii=False, indent=2) + "\n")


def _finding(f: Finding, lang: str) -> dict[str, object]:
    return {
        "step": f.step,
        "rule": f.rule,
        "component": f.component or None,
        "severity": f.severity.label,
        "ownSeverity": f.own_severity or None,
        "file": f.place.file if f.place else None,
        "line": f.place.line if f.place else None,
        "column": f.place.column if f.place else None,
        "focus": text_of(f.focus) or None,
        "focusLabel": f.shown.focus.label or None,
        "path": f.path or None,
        "pathLabel": f.shown.path.label or None,
        "value": text_of(f.value) or None,
        "seen": text_of(f.seen) or None,
        "valueLabel": f.shown.value.label or None,
        "allowed": f.shown.allowed or None,
        "message": f.text(lang),
        "details": [_finding(detail, lang) for detail in f.details],
    }
