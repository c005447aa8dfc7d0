"""The life of what the register follows: how far it has come, by the reports it got.

A report is a source: it says on one day how something stands. What holds on a day is
read from all reports, the newest first (docs/decisions/0042).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.namespaces import ACTIVITY_STATUS, GLO, RDF
from glokal.dataset.dates import first_day, last_day
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of

PLANNED, RUNNING, ENDED, UNKNOWN = (
    ACTIVITY_STATUS + status for status in ("planned", "running", "ended", "unknown")
)

_TYPE = RDF + "type"

# What a report says of an activity besides its life, by our names for it.
REPORTED = {
    "type": "reportedType",
    "programme": "reportedProgramme",
    "counterpart": "reportedCounterpart",
    "area": "reportedSubjectArea",
}


@dataclass(frozen=True)
class StatusReport:
    """A report: what it is about, what it says, when it was checked, by whom.

    Dates are None and texts "" where it doesn't say. `written_start` and `written_end`
    are as exact as they were written; `said` has, by their names, the IRIs of what it
    says of an activity's type, programme, counterpart and subject area.
    """

    iri: str
    about: tuple[str, ...]
    status: str
    start: datetime.date | None
    end: datetime.date | None
    checked: datetime.date | None
    vouched: str
    source: str
    written_start: str = ""
    written_end: str = ""
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Status:
    """How something stands by its newest reports; all of it unknown without any.

    Each part has the report that says it, so that each has a source of its own.
    """

    status: StatusReport | None
    start: StatusReport | None
    end: StatusReport | None
    checked: StatusReport | None
    corrections: Mapping[str, StatusReport] = field(default_factory=dict, hash=False)

    def said(self, name: str) -> str:
        """Return the IRIs that the newest report says of something, with spaces."""
        report = self.corrections.get(name)
        return " ".join(report.said[name]) if report else ""


def read_reports(
    files: Iterable[SourceFile], until: datetime.date | None = None
) -> Mapping[str, Sequence[StatusReport]]:
    """Return the reports about each thing, the oldest first.

    With `until`, only those that were checked by that day.
    """
    files = tuple(files)
    # Reports are few among the things of a large project: only they are kept.
    statements: dict[str, dict[str, list[ox.Triple]]] = {
        iri: defaultdict(list) for iri in _report_iris(files)
    }
    for file in files if statements else ():
        for t in file.triples:
            if (own := statements.get(text_of(t.subject))) is not None:
                own[t.predicate.value].append(t)
    results: dict[str, list[StatusReport]] = defaultdict(list)
    for iri, properties in statements.items():
        values = {
            predicate.removeprefix(GLO): sorted(text_of(t.object) for t in triples)
            for predicate, triples in properties.items()
        }
        report = _report(iri, values)
        if until is None or (report.checked and report.checked <= until):
            for thing in report.about:
                results[thing].append(report)
    return {iri: sorted(reports, key=_order) for iri, reports in results.items()}


def _report_iris(files: Iterable[SourceFile]) -> Iterator[str]:
    for file in files:
        for t in file.triples:
            if t.predicate.value == _TYPE and text_of(t.object) == GLO + "Report":
                yield text_of(t.subject)


def status_of(reports: Sequence[StatusReport]) -> Status:
    """Return how something stands by the reports about it, the oldest first."""
    newest = list(reversed(reports))
    return Status(
        next((r for r in newest if r.status), None),
        next((r for r in newest if r.start), None),
        _end(reports),
        next((r for r in newest if r.checked), None),
        {name: r for r in reports for name in r.said},
    )


def valid_on(
    day: datetime.date, reports: Sequence[StatusReport], *, known: bool
) -> bool:
    """Whether something holds on a day by the reports about it.

    `known` says that the strategy has it, so that it holds until a report says
    otherwise. What only the register has holds from its start date, else from the day
    of the first report that doesn't call it planned.
    """
    life = status_of(reports)
    start = life.start.start if life.start else None
    if start is None and not known:
        begun = [r.checked for r in reports if r.checked and r.status != PLANNED]
        if not begun:
            return False
        start = begun[0]
    return (start is None or start <= day) and not ended_by(day, reports)


def _report(iri: str, values: Mapping[str, list[str]]) -> StatusReport:
    def first(name: str) -> str:
        return values.get(name, [""])[0]

    return StatusReport(
        iri,
        tuple(values.get("reportsOn", ())),
        first("activityStatus"),
        first_day(first("startDate")),
        last_day(first("endDate")),
        first_day(first("checkedOn")),
        first("vouchedBy"),
        first("reportSource"),
        first("startDate"),
        first("endDate"),
        {
            name: tuple(values[prop])
            for name, prop in REPORTED.items()
            if values.get(prop)
        },
    )


def ended_by(day: datetime.date, reports: Sequence[StatusReport]) -> bool:
    """Whether something is over on a day by the reports about it."""
    life = status_of(reports)
    end = life.end.end if life.end else None
    if life.status and life.status.status == ENDED and life.status.checked:
        # A year or a month goes on after the day on which it was known to be over.
        end = min(end or life.status.checked, life.status.checked)
    return end is not None and end < day


def told_over(day: datetime.date, reports: Sequence[StatusReport]) -> bool:
    """Whether something has been reported as ended, or its end is past on a day.

    Who reports an end counts it from that day, also on the day itself.
    """
    life = status_of(reports)
    said = life.status is not None and life.status.status == ENDED
    return said or ended_by(day, reports)


def _end(reports: Sequence[StatusReport]) -> StatusReport | None:
    """Return the report that says when it ended, unless a newer one says it goes on."""
    for report in reversed(reports):
        if report.end:
            return report
        if report.status in (RUNNING, PLANNED):
            return None
    return None


def _order(report: StatusReport) -> tuple[datetime.date, str]:
    return report.checked or datetime.date.min, report.iri
