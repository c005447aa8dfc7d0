"""From rows to triples: what goes out of which file, what comes into which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.namespaces import ACCEPTED, CODE, GLO, RDF, XSD
from glokal.dataset.activity_status import REPORTED
from glokal.dataset.dates import MONTH, YEAR
from glokal.rdf.project_files import REGISTER, STRATEGY
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.workbook.changes import NEW, RowChange
from glokal.workbook.former_names import LABEL, former_names
from glokal.workbook.planning import CHECK, COMING, LIFE, SAID

REPORTS = "reports"
# Which property a column is, for finding the cell that a finding is about.
COLUMNS = {
    RDF + "type": "type",
    GLO + "supportedUnder": "programme",
    GLO + "hasCounterpartIn": "counterpart",
    GLO + "reportedProgramme": "programme",
    GLO + "reportedCounterpart": "counterpart",
    GLO + "reportedSubjectArea": "area",
    GLO + "reportedType": "type",
    GLO + "locatedIn": "country",
    GLO + "activityStatus": "status",
    GLO + "startDate": "start",
    GLO + "endDate": "end",
    GLO + "checkedOn": "checked",
    GLO + "vouchedBy": "vouched",
    GLO + "reportSource": "source",
    GLO + "participationIn": "activity",
    GLO + "participant": "organisation",
    GLO + "role": "role",
}

_CLASSES = {
    "programme": GLO + "Programme",
    "place": GLO + "Place",
    "country": GLO + "Country",
    "organisation": GLO + "Organisation",
}
_FILES = {
    "activity": "activities",
    "participation": "participations",
    "organisation": "organisations",
    "programme": "programmes",
    "place": "places",
    "country": "countries",
}


@dataclass
class FileTriples:
    """What goes out of a file and what comes into it, in the order of the rows."""

    removed: list[ox.Triple] = field(default_factory=list)
    added: list[ox.Triple] = field(default_factory=list)


@dataclass
class TripleChanges:
    """The change of each file, and the row that each thing comes from, by IRI."""

    files: dict[str, FileTriples]
    origin: dict[str, list[RowChange]]


def triples_for(
    asked: Sequence[RowChange], files: Sequence[SourceFile], things: str
) -> TripleChanges:
    """Return what accepted rows change; `things` is the namespace of the things."""
    return _Maker(files, things).make(asked)


class _Maker:
    def __init__(self, files: Sequence[SourceFile], things: str) -> None:
        self.sources, self.things = files, things
        self.subjects = {text_of(t.subject) for f in files for t in f.triples}
        self.made = TripleChanges(defaultdict(FileTriples), defaultdict(list))
        # The report that is made for each new thing, for what comes with it; and the
        # one for what a row proposes, or for who takes part by it.
        self.reports: dict[str, str] = {}
        self.shared: dict[tuple[str, int, bool], str] = {}

    def make(self, asked: Sequence[RowChange]) -> TripleChanges:
        for one in asked:
            iri = self.things + one.key
            self.made.origin[iri].append(one)
            if one.state == NEW:
                self._new(one, iri)
            else:
                for column in one.edits:
                    if column.startswith("name_"):
                        self._rename(iri, column[-2:], one.row[column])
                reported = {c: one.row[c] for c in (*LIFE, *SAID) if c in one.edits}
                if reported or set(one.edits) & set(CHECK):
                    self._report(one, iri, reported)
        self._keep_names()
        return self.made

    def _new(self, one: RowChange, iri: str) -> None:
        row, kind = one.row, one.kind
        statements: list[tuple[str, Iterable[ox.NamedNode | ox.Literal]]] = []
        if kind == "participation":
            statements = [
                (RDF + "type", [ox.NamedNode(GLO + "Participation")]),
                (GLO + "participationIn", self._iris(row["activity"])),
                (GLO + "participant", self._iris(row["organisation"])),
                (GLO + "role", self._iris(row["role"])),
                (GLO + "verificationStatus", [ox.NamedNode(ACCEPTED)]),
            ]
        else:
            labels = [
                ox.Literal(row[f"name_{language}"], language=language)
                for language in ("nb", "nn", "en")
                if row.get(f"name_{language}")
            ]
            kinds = self._iris(row.get("type", "") or _CLASSES.get(kind, ""))
            statements = [
                (RDF + "type", kinds),
                (LABEL.value, labels),
                (GLO + "supportedUnder", self._iris(row.get("programme", ""))),
                (GLO + "hasCounterpartIn", self._iris(row.get("counterpart", ""))),
                (GLO + "locatedIn", self._iris(row.get("country", ""))),
            ]
        file = f"data/{REGISTER}/{_FILES[kind]}.ttl"
        subject = ox.NamedNode(iri)
        for predicate, values in statements:
            for value in values:
                triple = ox.Triple(subject, ox.NamedNode(predicate), value)
                self.made.files[file].added.append(triple)
        whole = self._iris(row["activity"])[0].value if kind == "participation" else ""
        if whole in self.reports and not row["source"]:
            # It comes with the new activity, by the same source.
            self._add(self.reports[whole], "reportsOn", subject)
        elif kind == "activity":
            parts = {c: row[c] for c in (*LIFE, "area") if row.get(c)}
            self._report(one, iri, parts)
        elif kind == "participation" and any(row[c] for c in LIFE):
            self._report(one, iri, {c: row[c] for c in LIFE if row[c]})
        else:
            self._share(one, iri, proposed=kind != "participation")
        if kind == "country":
            self._code(one, iri)

    def _share(self, one: RowChange, iri: str, *, proposed: bool) -> None:
        """Report on what comes by one row together; it has no life of its own."""
        at = (one.line.sheet, one.line.number, proposed)
        if at in self.shared:
            self._add(self.shared[at], "reportsOn", ox.NamedNode(iri))
        elif one.row.get("source"):
            self._report(one, iri, {})
            self.shared[at] = self.reports[iri]

    def _code(self, one: RowChange, iri: str) -> None:
        """Say the code of a country, with its record, by the report on the country."""
        slug = iri.rpartition("/")[2]
        record = ox.NamedNode(f"{self.things}record/{slug}-country-code")
        code = ox.Literal(one.row["code"])
        said: list[tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]] = [
            (ox.NamedNode(iri), "countryCode", code),
            (record, "about", ox.NamedNode(iri)),
            (record, "confidence", ox.NamedNode(CODE + "confidence/high")),
            (record, "recordScheme", ox.NamedNode(CODE + "record-scheme/country-code")),
            (record, "recordSource", ox.Literal(one.row["code_source"])),
            (record, "recordValue", code),
        ]
        added = self.made.files[f"data/{REGISTER}/{_FILES['country']}.ttl"].added
        self._share(one, record.value, proposed=True)
        kind = ox.NamedNode(GLO + "OutsideRecord")
        added.append(ox.Triple(record, ox.NamedNode(RDF + "type"), kind))
        added += [ox.Triple(s, ox.NamedNode(GLO + p), o) for s, p, o in said]

    def _report(self, one: RowChange, iri: str, told: Mapping[str, str]) -> None:
        row = one.row
        slug = iri.rpartition("/")[2]
        name = f"{self.things}report/{slug}-{row['checked']}"
        taken, number = name, 1
        while taken in self.subjects:
            number += 1
            taken = f"{name}-{number}"
        self.subjects.add(taken)
        self.made.origin[taken].append(one)
        self.reports[iri] = taken
        kind = ox.Triple(
            ox.NamedNode(taken),
            ox.NamedNode(RDF + "type"),
            ox.NamedNode(GLO + "Report"),
        )
        self.made.files[f"data/{REGISTER}/{REPORTS}.ttl"].added.append(kind)
        self._add(taken, "reportsOn", ox.NamedNode(iri))
        self._add(taken, "reportSource", ox.Literal(row["source"]))
        self._add(taken, "checkedOn", _date(row["checked"]))
        for who in self._iris(row["vouched"]):
            self._add(taken, "vouchedBy", who)
        for status in self._iris(told.get("status", "")):
            self._add(taken, "activityStatus", status)
        for column, name in (("start", "startDate"), ("end", "endDate")):
            if told.get(column):
                self._add(taken, name, _date(told[column]))
        for column, name in REPORTED.items():
            for value in self._iris(told.get(column, "")):
                self._add(taken, name, value)

    def _add(self, report: str, name: str, value: ox.NamedNode | ox.Literal) -> None:
        triple = ox.Triple(ox.NamedNode(report), ox.NamedNode(GLO + name), value)
        self.made.files[f"data/{REGISTER}/{REPORTS}.ttl"].added.append(triple)

    def _rename(self, iri: str, language: str, text: str) -> None:
        subject = ox.NamedNode(iri)
        new = ox.Triple(subject, LABEL, ox.Literal(text, language=language))
        changed = False
        for file in self.sources:
            for t in file.triples:
                value = t.object
                if (
                    t.subject == subject
                    and t.predicate == LABEL
                    and isinstance(value, ox.Literal)
                    and value.language == language
                ):
                    change = self.made.files[file.name]
                    change.removed.append(t)
                    if text:
                        change.added.append(new)
                    changed = True
        if not changed and text:
            self.made.files[self._home(subject)].added.append(new)

    def _keep_names(self) -> None:
        """Keep the old names by which the source speaks of what has a new one."""
        changes = self.made.files.values()
        out, kept = former_names(
            self.sources,
            [t for change in changes for t in change.removed],
            [t for change in changes for t in change.added],
        )
        for t in out:
            for file in self.sources:
                if t in file.triples:
                    self.made.files[file.name].removed.append(t)
        for t in kept:
            assert isinstance(t.subject, ox.NamedNode)
            self.made.files[self._home(t.subject)].added.append(t)

    def _home(self, subject: ox.NamedNode) -> str:
        """Return the file that says what a thing is, the strategy's own first."""
        kind = ox.NamedNode(RDF + "type")
        homes = [
            file
            for file in self.sources
            if any(t.subject == subject and t.predicate == kind for t in file.triples)
        ]
        homes.sort(key=lambda f: (f.kind != STRATEGY, f.kind != REGISTER, f.name))
        return homes[0].name

    def _iris(self, value: str) -> list[ox.NamedNode]:
        return [
            # What is new in this workbook is named by its key so far.
            ox.NamedNode(self.things + iri[1:] if iri.startswith(COMING) else iri)
            for iri in value.split(" ")
            if iri
        ]


def _date(text: str) -> ox.Literal:
    """Return a date as exact as it was written."""
    kind = {YEAR: "gYear", MONTH: "gYearMonth"}.get(len(text), "date")
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
