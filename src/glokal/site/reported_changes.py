"""What has been reported since the strategy, for the boxes that tell of it on pages.

In comes the register up to the publication's day; out come lines: what is new, changed
or ended, since when, who vouches for it and where it says so. Each line knows which
things it concerns, so that it stands on their pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glokal.core.namespaces import GLO, RDF, SKOS
from glokal.dataset.activity_status import (
    PLANNED,
    RUNNING,
    StatusReport,
    read_reports,
    told_over,
)
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import REGISTER
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value, as_address
from glokal.site.page_words import date_in

# What each report says, also one that only tells that something was looked at.
_BARE = {
    RDF + "type",
    *(GLO + name for name in ("reportsOn", "reportSource", "checkedOn", "vouchedBy")),
}
_NODES = ("participationIn", "membershipIn")
_WHO = ("participant", "member")
# What a workbook may name that nobody knows; activities are told by their reports.
_PROPOSED = ("organisation", "programme", "place", "country")


@dataclass(frozen=True)
class ReportedLine:
    """A line of a box: what has happened to what, with whom, and who says so."""

    kind: str
    what: Value
    details: tuple[Value, ...]
    day: str
    date: str
    vouched: Value
    source: Value
    report: Value


@dataclass(frozen=True)
class ReportedChange:
    """What a report says of one thing, and all that has to do with it."""

    kind: str
    about: str
    details: tuple[str, ...]
    report: StatusReport
    concerns: frozenset[str]


class ReportedChanges:
    """All that has been reported up to a day, the newest first."""

    def __init__(self, view: GraphView, workspace: Workspace) -> None:
        self._view = view
        self.day = workspace.project.modified
        files = workspace.files
        register = [file for file in files if file.kind == REGISTER]
        self._reports = read_reports(register, self.day)
        # Of what was reported, what the files said before.
        self._known = _subjects(files, self._reports)
        # Without reports there is nothing to tell of them.
        self._nodes = self._situations() if self._reports else {}
        told = {r.iri: r for about in self._reports.values() for r in about}
        self.all: tuple[ReportedChange, ...] = tuple(
            change
            for report in sorted(told.values(), key=_newest_first)
            for change in self._of_report(report)
        )
        self._by_thing: dict[str, list[ReportedChange]] = defaultdict(list)
        for change in self.all:
            for iri in change.concerns:
                self._by_thing[iri].append(change)
        # The report that a row rests on, where no passage says what it connects.
        self.ties = self._ties()

    def about(self, iri: str) -> tuple[ReportedChange, ...]:
        """Return what concerns a thing."""
        return tuple(self._by_thing.get(iri, ()))

    def about_any(self, iris: Iterable[str]) -> tuple[ReportedChange, ...]:
        """Return what concerns any of the things, each change once, in their order."""
        near = set(iris)
        return tuple(change for change in self.all if change.concerns & near)

    def among(self, iris: Iterable[str]) -> tuple[ReportedChange, ...]:
        """Return what is about any of the things."""
        near = set(iris)
        return tuple(c for c in self.all if c.about in near)

    def is_new(self, iri: str) -> bool:
        """Whether only the register has a thing."""
        return iri not in self._known and iri in self._reports

    def is_proposal(self, iri: str) -> bool:
        """Whether a name was reported, and nobody has said yet what it is the name of.

        It has neither an outside record nor an identifier of others (decision 63).
        """
        view = self._view
        kind = iri.rpartition("/")[0].rpartition("/")[2]
        if kind not in _PROPOSED or not self.is_new(iri):
            return False
        recorded = any(t.predicate.value == GLO + "about" for t in view.into(iri))
        return not recorded and not view.objects(iri, SKOS + "exactMatch")

    def lines(
        self, changes: Iterable[ReportedChange], lang: str, words: Mapping[str, Any]
    ) -> tuple[ReportedLine, ...]:
        """Return changes as lines in a language."""
        view = self._view
        return tuple(
            ReportedLine(
                words["reported_kinds"][c.kind],
                view.link(c.about, lang),
                view.linked(c.details, lang),
                c.report.checked.isoformat() if c.report.checked else "",
                date_in(str(c.report.checked or ""), lang),
                view.link(c.report.vouched, lang) if c.report.vouched else Value(""),
                as_address(c.report.source),
                view.link(c.report.iri, lang),
            )
            for c in changes
        )

    def citation(self, report: str, lang: str, words: Mapping[str, Any]) -> str:
        """Return what a row says that rests on a report."""
        found = next(
            r for about in self._reports.values() for r in about if r.iri == report
        )
        day = date_in(str(found.checked or ""), lang)
        return str(words["reported_citation"]).format(day=day, source=found.source)

    def _of_report(self, report: StatusReport) -> Iterable[ReportedChange]:
        nodes = [iri for iri in report.about if iri in self._nodes]
        things = [iri for iri in report.about if iri not in self._nodes]
        activities = {self._nodes[node][1] for node in nodes}
        # A partner that comes with an activity stands in its line.
        partners = {self._nodes[node][0] for node in nodes}
        alone = [t for t in things if t in activities or t not in partners]
        for thing in alone:
            yield self._change(self._kind(report, thing), thing, report)
        for node in nodes:
            who, what = self._nodes[node]
            if what not in alone:
                ended = told_over(self.day, [report])
                yield self._change("left" if ended else "joined", what, report, (who,))

    def _kind(self, report: StatusReport, thing: str) -> str:
        if told_over(self.day, [report]):
            return "ended"
        first = self._reports[thing][0] if self._reports.get(thing) else None
        if thing not in self._known and first is not None and first.iri == report.iri:
            return "planned" if report.status == PLANNED else "new"
        said = {t.predicate.value for t in self._view.out(report.iri)} - _BARE
        if said == {GLO + "activityStatus"} and report.status == RUNNING:
            return "confirmed"
        return "changed" if said else "checked"

    def _change(
        self, kind: str, thing: str, report: StatusReport, who: Sequence[str] = ()
    ) -> ReportedChange:
        with_whom = self._who(thing)
        under = self._view.objects(thing, GLO + "supportedUnder")
        return ReportedChange(
            kind,
            thing,
            tuple(who) or (*under, *with_whom),
            report,
            frozenset(self._concerned(thing, report, with_whom, under)),
        )

    def _concerned(
        self,
        thing: str,
        report: StatusReport,
        with_whom: Iterable[str],
        under: Iterable[str],
    ) -> set[str]:
        view = self._view
        near = {thing, *report.about, *with_whom, *under} - self._nodes.keys()
        for who in with_whom:
            near.update(view.objects(who, GLO + "governs"))
        for programme in under:
            near.update(view.objects(programme, GLO + "subProgrammeOf"))
        for place in view.objects(thing, GLO + "hasCounterpartIn"):
            near.update({place, *view.objects(place, GLO + "inCountry")})
        near.update(view.objects(report.iri, GLO + "reportedSubjectArea"))
        for entry in view.into(thing):
            if entry.predicate.value == GLO + "refersTo":
                owner = text_of(entry.subject)
                near.update(view.objects(owner, GLO + "inSubjectArea"))
        return near

    def _who(self, thing: str) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(who for who, what in self._nodes.values() if what == thing)
        )

    def _situations(self) -> dict[str, tuple[str, str]]:
        """Return who is in what, by the node that says so."""
        view, results = self._view, {}
        for kind in ("Participation", "Membership"):
            for node in view.instances(kind):
                what = [o for p in _NODES for o in view.objects(node, GLO + p)]
                who = [o for p in _WHO for o in view.objects(node, GLO + p)]
                if what and who:
                    results[node] = (who[0], what[0])
        return results

    def _ties(self) -> Mapping[frozenset[str], str]:
        results: dict[frozenset[str], str] = {}
        for node, (who, what) in self._nodes.items():
            if node in self._reports and node not in self._known:
                report = self._reports[node][0].iri
                for end in (who, *self._view.objects(who, GLO + "governs")):
                    results[frozenset((end, what))] = report
        for iri, reports in self._reports.items():
            if iri not in self._known:
                results[frozenset((iri,))] = reports[0].iri
        return results


def _subjects(files: Iterable[SourceFile], among: Collection[str]) -> set[str]:
    """Return those of some IRIs that the default graph says something of."""
    seen = (f for f in files if among and f.in_default_graph)
    subjects = (text_of(t.subject) for f in seen for t in f.triples)
    return {iri for iri in subjects if iri in among}


def _newest_first(report: StatusReport) -> tuple[int, str]:
    return -(report.checked.toordinal() if report.checked else 0), report.iri
