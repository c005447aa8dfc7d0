"""The report as GitLab's Code Quality, which a merge request shows on its lines.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from glokal.core.characters import visible_json
from glokal.validation.finding import Finding, Severity
from glokal.validation.fingerprint import add_fingerprints
from glokal.validation.report import Report
from glokal.validation.reports.grouped import say_left_out, say_scope

_SEVERITY = {
    Severity.VIOLATION: "critical",
    Severity.WARNING: "minor",
    Severity.INFO: "info",
}


def render(report: Report, lang: str) -> str:
    """Return an array with an issue for each finding, and for what was left out.

    What is said of the run as a whole has no file; it stands at the folder.
    """
    payload = zip(report.findings, add_fingerprints(report.findings), strict=True)
    issues = [_issue(f, identity, lang) for f, identity in payload]
    for left, text in zip(report.unsupported, say_left_out(report, lang), strict=True):
        issues.append(
            {
                "description": text,
                "check_name": left.term,
                "fingerprint": _digest(f"{left.term} {left.shape} {left.place or ''}"),
                "severity": "info",
                "location": _location(
                    left.place.file if left.place else "",
                    (left.place and left.place.line) or 1,
                ),
            }
        )
    # Who reads only this must know what was not looked at.
    for text in say_scope(report, lang):
        issues.append(
            {
                "description": text,
                "check_name": "scope",
                "fingerprint": _digest(text),
                "severity": "info",
                "location": _location("", 1),
            }
        )
    return visible_json(json.dumps(issues, ensure_ascii=False, indent=2) + "\n")


def _issue(f: Finding, identity: str, lang: str) -> dict[str, object]:
    parts = [str(f.shown.focus), f.text(lang), str(f.shown.value)]
    return {
        "description": " · ".join(part for part in parts if part),
        "check_name": str(f.shown.rule) or f.rule,
        "fingerprint": identity,
        "severity": _SEVERITY[f.severity],
        "location": _location(
            f.place.file if f.place else "", (f.place and f.place.line) or 1
        ),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _location(file: str, line: int) -> dict[str, object]:
    """Return a location; the path is from the working folder, without `./`."""
    path = (
        Path(os.path.relpath(file)).as_posix() if file and "://" not in file else file
    )
    return {"path": path or ".", "lines": {"begin": line}}
