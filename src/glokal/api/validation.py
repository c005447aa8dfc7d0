"""Validation as the public API has it, and what checks and validations give."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from glokal.api.values import Finding, Outcome
from glokal.rdf.terms import text_of
from glokal.validation import report as reports


def validate(
    shapes: Iterable[str | Path],
    data: Iterable[str | Path],
    *,
    lang: str = "en",
    engine: str = "shacl",
) -> Outcome:
    """Validate RDF files against SHACL shapes; needs no project.

    Files and folders are read by their endings. Raises InputError for a file that can't
    be read, or for shapes that an engine would not judge as they are written.

    >>> outcome = validate(["shapes.ttl"], ["data.ttl"])
    >>> outcome.clean
    False
    >>> for finding in outcome.findings:
    ...     print(finding.file, finding.line, finding.severity, finding.message)
    data.ttl 2 violation A letter needs a reader. Name one.
    """
    from glokal.validation.shacl.validate_files import validate_files

    paths, files = [Path(p) for p in shapes], [Path(p) for p in data]
    return outcome_of(validate_files(paths, files, engine=engine, lang=lang), lang)


def outcome_of(report: reports.Report, lang: str) -> Outcome:
    """Return what a report of the checks says, its messages in a language."""
    findings = []
    for found in report.findings:
        place = found.place
        findings.append(
            Finding(
                found.severity.label,
                found.text(lang),
                found.step,
                found.rule,
                place.file if place else "",
                place.line if place else None,
                place.column if place else None,
                text_of(found.focus),
                found.path,
                text_of(found.value),
                found.advice,
            )
        )
    left = {step: report.needs.get(step, "") for step in report.left_out}
    return Outcome(tuple(findings), report.steps, left, report.clean)
