"""What is told of several regions together: proposals, and what stands in the way."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from glokal.core.errors import Place
from glokal.core.settings import REGIONS, SAME_LIST
from glokal.dataset.regions.members import member_name
from glokal.dataset.regions.proposals import proposals
from glokal.dataset.regions.together import Together
from glokal.validation.finding import Finding, Severity, make_finding
from glokal.validation.report import Report

STEP = "regions"


def check_regions(together: Together) -> Iterator[Finding]:
    """Yield what a person should look at: nothing of it fails a run."""
    for proposal in proposals(together.members, together.same):
        things = ", ".join(proposal.things)
        yield _note(proposal.by, SAME_LIST, things=things, evidence=proposal.evidence)
    for member in together.outdated:
        yield _note("other-ontology", REGIONS, member=member)
    lang = together.project.languages[0]
    names = Counter(
        member_name(m, lang).removesuffix(f" ({m.member.slug})")
        for m in together.members
    )
    for name, number in names.items():
        if number > 1:
            yield _note("same-region-name", REGIONS, name=name)


def _note(rule: str, file: str, **filled: Any) -> Finding:
    """Return what is told and fails no run."""
    return make_finding(
        STEP,
        rule,
        severity=Severity.INFO,
        place=Place(file),
        advice=True,
        **filled,
    )


def joined_report(reports: Mapping[str, Report], findings: Iterable[Finding]) -> Report:
    """Return the reports of members as one, and the findings of the whole.

    `reports` are by the members' folders, which come before the names of their files.
    """
    every = list(reports.values())
    counts: Counter[str] = Counter()
    for report in every:
        counts.update(report.counts)
    return Report(
        findings=(
            *(_below(name, f) for name, r in reports.items() for f in r.findings),
            *findings,
        ),
        steps=_once(s for r in every for s in r.steps),
        left_out=_once(s for r in every for s in r.left_out),
        counts=dict(counts) if all(r.counts for r in every) else {},
        rules=lambda: tuple(dict.fromkeys(x for r in every for x in r.rules())),
        files={
            str(PurePosixPath(name, file)): path
            for name, r in reports.items()
            for file, path in r.files.items()
        },
        engines=_once(e for r in every for e in r.engines),
        unjudged=next((r.unjudged for r in every if r.unjudged), ""),
        settled=sum(r.settled for r in every),
        needs={k: v for r in every for k, v in r.needs.items()},
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _below(folder: str, finding: Finding) -> Finding:
    if finding.place is None:
        return finding
    file = str(PurePosixPath(folder, finding.place.file))
    place = dataclasses.replace(finding.place, file=file)
    details = tuple(_below(folder, f) for f in finding.details)
    return dataclasses.replace(finding, place=place, details=details)
