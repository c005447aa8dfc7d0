"""The report as SARIF 2.1.0, which code hosts and editors show on the lines.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from glokal import __version__
from glokal.core.characters import visible_json
from glokal.rdf.terms import text_of
from glokal.validation.finding import Finding, Severity
from glokal.validation.fingerprint import add_fingerprints
from glokal.validation.report import BY_FILE, CheckedRule, Report
from glokal.validation.reports.grouped import (
    say_left_out,
    say_settled,
    say_step_left_out,
    say_unjudged,
)

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
_LEVELS = {
    Severity.VIOLATION: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}
_ROOT = "%SRCROOT%"
# Raise it when the identity of a finding is made of something else.
_FINGERPRINT = "glokal/v1"


def render(report: Report, lang: str) -> str:
    """Return the report as one run of SARIF; rules that hold are listed too."""
    requests = (rule for rule in report.rules() if rule.step not in BY_FILE)
    rules = {(rule.step, rule.name): rule for rule in requests}
    for f in report.findings:
        rules.setdefault((f.step, f.rule), CheckedRule(f.step, f.rule, f.text(lang)))
    numbers = {key: number for number, key in enumerate(rules)}
    results = [
        _result(f, numbers[f.step, f.rule], identity, lang, bool(report.baseline))
        for f, identity in zip(
            report.findings, add_fingerprints(report.findings), strict=True
        )
    ]
    run = {
        "tool": {
            "driver": {
                "name": "Glokal",
                "semanticVersion": __version__,
                "language": lang,
                "rules": [_rule(rule, report, lang) for rule in rules.values()],
            }
        },
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder checked."}}},
        "invocations": [_invocation(report, lang)],
        "results": results,
    }
    body = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return visible_json(json.dumps(body, ensure_ascii=False, indent=2) + "\n")


def _rule(rule: CheckedRule, report: Report, lang: str) -> dict[str, Any]:
    text = _plain(rule.words or rule.name)
    short = text.partition(". ")[0].rstrip(".") + "."
    severities = [
        f.severity
        for f in report.findings
        if (f.step, f.rule) == (rule.step, rule.name)
    ]
    level = _LEVELS[max(severities, default=Severity.VIOLATION)]
    return {
        "id": rule.name,
        "shortDescription": {"text": short},
        "fullDescription": {"text": text},
        "help": {"text": text},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [rule.step]},
    }


def _invocation(report: Report, lang: str) -> dict[str, Any]:
    return {
        "executionSuccessful": not report.left_out,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": _plain(say_step_left_out(report, step, lang))},
            }
            for step in report.left_out
        ]
        + [
            {"level": "warning", "message": {"text": text}}
            for text in [
                *say_left_out(report, lang),
                say_unjudged(report, lang),
                say_settled(report, lang),
            ]
            if text
        ],
    }


def _result(
    f: Finding, number: int, identity: str, lang: str, baseline: bool
) -> dict[str, Any]:
    parts = [f.text(lang), str(f.shown.focus), str(f.shown.path), str(f.shown.value)]
    result: dict[str, Any] = {
        "ruleId": f.rule,
        "ruleIndex": number,
        "level": _LEVELS[f.severity],
        "kind": "fail" if f.severity > Severity.INFO else "informational",
        "message": {"text": _plain("\n".join(part for part in parts if part))},
        "locations": [_location(f)],
        "partialFingerprints": {_FINGERPRINT: identity},
    }
    related = [d for d in _inside(f) if d.place]
    if related:
        result["relatedLocations"] = [
            {**_location(d), "id": number, "message": {"text": _plain(d.text(lang))}}
            for number, d in enumerate(related, 1)
        ]
    if baseline:
        result["baselineState"] = "new"
    if f.severity == Severity.INFO:
        # A result that is no failure has no level but this (3.27.10).
        result["level"] = "none"
    return result


def _inside(f: Finding) -> Iterator[Finding]:
    for detail in f.details:
        yield detail
        yield from _inside(detail)


def _plain(text: str) -> str:
    """Escape what would be a link in a message (3.11.6): `[text](address)`."""
    return text.replace("](", "\\](")


def _location(f: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if f.place:
        physical: dict[str, Any] = {"artifactLocation": _artifact(f.place.file)}
        if f.place.line:
            physical["region"] = {"startLine": f.place.line}
            if f.place.column:
                physical["region"]["startColumn"] = f.place.column
        location["physicalLocation"] = physical
    if f.focus is not None:
        logical = {"fullyQualifiedName": text_of(f.focus), "kind": "object"}
        if f.shown.focus.label:
            logical["name"] = f.shown.focus.label
        location["logicalLocations"] = [logical]
    return location


def _artifact(file: str) -> dict[str, str]:
    if "://" in file:
        return {"uri": file}
    path = Path(file)
    if path.is_absolute():
        here = Path.cwd()
        if not path.is_relative_to(here):
            return {"uri": path.as_uri()}
        path = path.relative_to(here)
    return {"uri": quote(path.as_posix()), "uriBaseId": _ROOT}
