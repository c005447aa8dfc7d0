"""From rows to triples: what goes out of which file, what comes into which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.namespaces import ACCEPTED, GLO, RDF, RDFS, XSD
from glokal.rdf.project_files import REGISTER, STRATEGY
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.workbook.changes import NEW, RowChange
from glokal.workbook.layout import load_layout
from glokal.workbook.merge import LIFE

REPORTS = "reports"
_LABEL = ox.NamedNode(RDFS + "label")
# Which property a column is, for finding the cell that a finding is about.
COLUMNS = {
    RDF + "type": "type",
    GLO + "supportedUnder": "programme",
    GLO + "hasCounterpartIn": "counterpart",
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
        # The report that is made for each new thing, for what comes with it.
        self.reports: dict[str, str] = {}

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
                if set(one.edits) & set(LIFE):
                    parts = {c: one.row[c] for c in ("status", "start", "end")}
                    fields = {c: v for c, v in parts.items() if c in one.edits}
                    self._report(one, iri, fields)
        return self.made

    def _new(self, one: RowChange, iri: str) -> None:
        row, sheet = one.row, one.line.sheet
        statements: list[tuple[str, Iterable[ox.NamedNode | ox.Literal]]] = []
        if sheet == "participation":
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
                if row[f"name_{language}"]
            ]
            statements = [
                (RDF + "type", self._iris(row["type"])),
                (RDFS + "label", labels),
            ]
            if sheet == "activity":
                statements.append(
                    (GLO + "supportedUnder", self._iris(row["programme"]))
                )
                statements.append(
                    (GLO + "hasCounterpartIn", self._iris(row["counterpart"]))
                )
        file = f"data/{REGISTER}/{load_layout().sheet(sheet).file}.ttl"
        subject = ox.NamedNode(iri)
        for predicate, values in statements:
            for value in values:
                triple = ox.Triple(subject, ox.NamedNode(predicate), value)
                self.made.files[file].added.append(triple)
        whole = self._iris(row["activity"])[0].value if sheet == "participation" else ""
        if whole in self.reports and not row["source"]:
            # It comes with the new activity, by the same source.
            self._add(self.reports[whole], "reportsOn", subject)
        else:
            parts = {c: row.get(c, "") for c in ("status", "start", "end")}
            self._report(one, iri, {c: v for c, v in parts.items() if v})

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

    def _add(self, report: str, name: str, value: ox.NamedNode | ox.Literal) -> None:
        triple = ox.Triple(ox.NamedNode(report), ox.NamedNode(GLO + name), value)
        self.made.files[f"data/{REGISTER}/{REPORTS}.ttl"].added.append(triple)

    def _rename(self, iri: str, language: str, text: str) -> None:
        subject = ox.NamedNode(iri)
        new = ox.Triple(subject, _LABEL, ox.Literal(text, language=language))
        changed = False
        for file in self.sources:
            for t in file.triples:
                value = t.object
                if (
                    t.subject == subject
                    and t.predicate == _LABEL
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
            ox.NamedNode(self.things + iri[1:] if iri.startswith("\0") else iri)
            for iri in value.split(" ")
            if iri
        ]


def _date(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "date"))
