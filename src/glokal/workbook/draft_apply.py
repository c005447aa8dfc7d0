"""What confirmed rows of a draft say, once each of their cells is understood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.country_lists import AREA_KINDS, CountryList
from glokal.core.namespaces import GLO, RDFS
from glokal.dataset.labels import Labels
from glokal.rdf.terms import text_of
from glokal.source.draft_known import Kind, belonging, kinds, needs
from glokal.source.draft_passages import passages_of
from glokal.source.draft_row import (
    COLUMNS,
    ELEMENTS,
    ENTRIES,
    MEMBERSHIPS,
    NAMES,
    PARTNERS,
    SHEETS,
    THINGS,
    DraftRow,
    parts_of,
)
from glokal.source.draft_statements import Statements
from glokal.source.draft_tables import HEADING, ITEM
from glokal.source.project_documents import ProjectDocument
from glokal.source.reanchor import letters_of
from glokal.workbook.draft_anchor import anchor_row
from glokal.workbook.draft_cells import DraftFault, FilledRow
from glokal.workbook.draft_columns import ColumnApplier
from glokal.workbook.draft_entries import EntryApplier
from glokal.workbook.draft_names import NewNames
from glokal.workbook.draft_partners import PartnerApplier
from glokal.workbook.draft_plan import PlanApplier
from glokal.workbook.draft_reading import HOLDERS, PLACES, RowReader
from glokal.workbook.draft_reasons import ReasonApplier
from glokal.workbook.draft_region import RegionApplier
from glokal.workbook.draft_states import told_of

_MOST_NUMBER = 99
# What the list of a country says, and no plan needs to.
_BY_LIST = ("inCounty", "inCountry")
_HEADINGS = ("title", "table-heading")


@dataclass(frozen=True)
class AppliedRow:
    """A confirmed row: its passage, what it says, and why a person reads that there."""

    row: FilledRow
    passage: str
    reading: Mapping[str, str]
    triples: tuple[ox.Triple, ...]


@dataclass
class Applied:
    """The passages that are settled, by rows confirmed and declined, and the faults.

    `said` are the confirmed rows with what they say, `told` what a person should know.
    """

    confirmed: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)
    # The passages that rows were drafted by, and a person has quoted others instead.
    left: list[str] = field(default_factory=list)
    faults: list[DraftFault] = field(default_factory=list)
    said: list[AppliedRow] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


class DraftApplier:
    """Puts the rows of a workbook into statements, or says what is wrong with them.

    `languages` are those that the project's names must be in, `listed` the
    municipalities and counties of its country.
    """

    def __init__(
        self,
        document: ProjectDocument,
        drafted: Iterable[DraftRow],
        statements: Statements,
        labels: Labels,
        languages: Sequence[str],
        listed: Iterable[CountryList] = (),
    ) -> None:
        self._listed = tuple(listed)
        self._document, self._statements = document, statements
        self._known = statements.known
        self._drafted = list(drafted)
        self._by_key: dict[str, list[DraftRow]] = defaultdict(list)
        for row in self._drafted:
            self._by_key[row.key].append(row)
        self._passages = document.passages()
        self.done = Applied()
        tell = self.done.faults.append
        texts = {
            p.iri: document.said(p.iri, "readingText") or p.text for p in self._passages
        }
        self._read = RowReader(
            statements, labels, languages, tell, texts, document.language
        )
        self._read.in_tables = frozenset(
            p.iri for p in passages_of(document).values() if p.kind in (ITEM, HEADING)
        )
        exact = {p.iri: p.text for p in self._passages}
        keys = frozenset(self._by_key)
        self._names = NewNames(self._read)
        self._entries = EntryApplier(
            self._read, exact, keys, document.name, self._names
        )
        self._plan = f"{self._known.things}plan/{document.plan or document.slug}"
        self._plans = PlanApplier(self._read, self._plan)
        self._partners = PartnerApplier(self._read, self._plan)
        self._regions = RegionApplier(self._read, document)
        self._reasons = ReasonApplier(self._read, document, self._drafted)
        self._columns = ColumnApplier(self._read, self._reasons, self._drafted)

    def apply(self, rows: Iterable[FilledRow]) -> Applied:
        """Return what became of the rows; what they say is in the statements.

        Plan, places and columns are taken first, since the others name them; what
        belongs to something, and reasons, when all is there.
        """
        listed = sorted(rows, key=lambda row: SHEETS.index(row.sheet))
        belonging_rows: list[tuple[FilledRow, str, Kind]] = []
        self._names.take(row for row in listed if row.sheet == NAMES)
        for row in listed:
            if row.confirmed:
                if row.sheet == THINGS and row.cells["key"].startswith("plan/"):
                    self._read.plan_row = row
                passage = self._passage(row)
                before, said = len(self.done.faults), len(self._statements.said)
                if passage:
                    self._take(row, passage, belonging_rows)
                    self._keep(row, passage, self._statements.said[said:])
                if passage and len(self.done.faults) == before:
                    self.done.confirmed.append(passage)
                    self._leave(row, passage)
                    self._tell_state(row, passage)
            elif row.confirmed is False:
                drafted = self._own(row)
                self.done.declined += [drafted.passage] if drafted else []
        for one, iri, kind in belonging_rows:
            said = len(self._statements.said)
            if one.cells["belongs"]:
                self._belongs(one, iri, kind)
            if kind.path == "plan":
                self._plans.plan(one, iri)
            self._keep(one, "", self._statements.said[said:])
        for one, passage, before in self._regions.settle():
            self._keep(one, passage, self._statements.said[before:])
        self.done.told += self._regions.told()
        self._names.settle()
        aside = self._columns.settle(self.done.confirmed)
        self.done.declined += [p for p in aside if p not in self.done.declined]
        self._reasons.settle(self.done.declined)
        return self.done

    def _tell_state(self, row: FilledRow, passage: str) -> None:
        """Tell of a confirmed row about what the document says not to go on."""
        own = self._own(row)
        drafted = [own] if own else [r for r in self._drafted if r.passage == passage]
        told = [r for r in drafted if r.sheet == row.sheet and r.values.get("status")]
        for one in told[:1]:
            place = f"{row.title}!{row.places['quote']}"
            self.done.told.append(told_of(one, place, row.lang))

    def _keep(self, row: FilledRow, passage: str, triples: Sequence[ox.Triple]) -> None:
        """Remember what a row says, and why it is read so."""
        reading = self._read.written(row, "reading")
        if reading:
            reading = self._read.texts(row, "reading")
        self.done.said.append(AppliedRow(row, passage, reading, tuple(triples)))

    def _take(
        self,
        row: FilledRow,
        passage: str,
        belonging_rows: list[tuple[FilledRow, str, Kind]],
    ) -> None:
        if row.sheet == THINGS:
            kind = self._read.kind(row)
            iri = self._thing(row, passage, kind) if kind else ""
            if kind and iri and (row.cells["belongs"] or kind.path == "plan"):
                belonging_rows.append((row, iri, kind))
            elif kind and needs(kind) and iri and not self._belongs_already(iri, kind):
                label = self._read.labels.of(kind.iri, row.lang)
                self._read.fault(row, "belongs", "needs", kind=label, sheet=row.title)
        elif row.sheet == COLUMNS:
            self._columns.column(row, passage)
        elif row.sheet == ELEMENTS:
            self._element(row, passage)
        elif row.sheet == PARTNERS:
            partner = self._partners.partner(row, passage)
            if partner and row.cells["belongs"]:
                belonging_rows.append((row, *partner))
        elif row.sheet == ENTRIES:
            if not self._columns.is_set_aside(row):
                self._entries.entry(row, passage, self._own(row))
        elif row.sheet == MEMBERSHIPS:
            self._entries.membership(row, passage)
        else:
            self._reasons.left_out(row, passage)

    def _thing(self, row: FilledRow, passage: str, kind: Kind) -> str:
        read, names = self._read, self._read.texts(row, "name")
        if not names:
            return ""
        plan = kind.path == "plan"
        own = row.cells["key"] if row.cells["key"].startswith("plan/") else ""
        key = own if plan else ""
        if not read.may_be_called(row, kind, names, self._settled(row, kind, passage)):
            return ""
        iri = self._statements.thing(kind, names, passage, key)
        if self._document.said(passage, "passageKind").endswith("table-heading"):
            self._read.called(row, kind, iri, passage)
        if row.cells["sphere"] and kind.path != "programme":
            read.fault(row, "sphere", "sphere-here")
        else:
            self._statements.in_sphere(iri, read.choices(row, "sphere"))
        if row.cells["code"] and kind.path in AREA_KINDS:
            self._coded(row, iri, kind.path)
        self._plans.refuse(row, kind)
        if kind.path == "region":
            self._regions.region(row, iri, passage)
        elif row.cells["municipalities"]:
            read.only(row, "municipalities", "CooperationRegion")
        if plan and own and not self._document.plan:
            self._statements.documents(self._document.name, self._document.iri, iri)
        return iri

    def _belongs_already(self, iri: str, kind: Kind) -> bool:
        prop = belonging(kind, needs(kind))
        return bool(self._known.values(iri, GLO + prop))

    def _coded(self, row: FilledRow, iri: str, path: str) -> None:
        code = row.cells["code"]
        listed = next((one for one in self._listed if one.has(path, code)), None)
        if listed is None:
            self._read.fault(row, "code", "code", value=code)
            return
        prop, scheme = f"{path}Number", f"{path}-number"
        new = not self._known.values(iri, GLO + prop)
        self._statements.coded(iri, prop, scheme, code, listed.source)
        if new and (nuts := listed.nuts_of(path, code)):
            self._statements.recorded(iri, "nuts", nuts, listed.nuts_source)

    def _settled(self, row: FilledRow, kind: Kind, passage: str) -> list[str]:
        """Return what the project says by the heading of a row, [] when nothing.

        A sentence may speak of several things of a kind, a heading of one.
        """
        heading = self._document.said(passage, "passageKind").endswith(_HEADINGS)
        if self._own(row) is None or not heading:
            return []
        return self._known.resting_on(passage, (kind.path,))

    def _belongs(self, row: FilledRow, iri: str, kind: Kind) -> None:
        """Say what a thing of the first sheet belongs to, by what both are."""
        for name in parts_of(row.cells["belongs"]):
            for path in (*PLACES, *HOLDERS, "programme"):
                prop = belonging(kind, path)
                target = self._known.named(path, name) if prop else ""
                if target and target != iri:
                    break
            else:
                prop = belonging(kind, "country")
                target = self._read.place(name, "") if prop else ""
                if target and self._known.path_of(target) != "country":
                    target = ""
            if target and prop in _BY_LIST:
                self._statements.lies_in(iri, prop, target)
            elif target:
                self._statements.relate(kind, iri, prop, target)
                self._statements.stated(iri, self._both(iri, target))
            else:
                self._no_belonging(row, kind, name)

    def _no_belonging(self, row: FilledRow, kind: Kind, name: str) -> None:
        """Tell what a thing may belong to; a country needs no row."""
        paths = [p for p in (*PLACES, *HOLDERS, "programme") if belonging(kind, p)]
        firsts = [next(k for k in kinds().values() if k.path == path) for path in paths]
        labels = self._read.labels
        shown = ", ".join(labels.of(k.iri, row.lang) for k in firsts)
        label = labels.of(kind.iri, row.lang)
        if not paths:
            self._read.fault(row, "belongs", "belongs-not", kind=label)
        elif paths == ["country"]:
            self._read.fault(row, "belongs", "belongs-country", value=name, kind=label)
        else:
            self._read.fault(row, "belongs", "belongs", value=name, kinds=shown)

    def _both(self, one: str, other: str) -> list[str]:
        """Return the passages of what something belongs to that name both."""
        names = [text_of(t.object) for t in self._known.values(one, RDFS + "label")]
        above = [text_of(t.object) for t in self._known.values(other, RDFS + "label")]
        return [
            passage
            for t in self._known.values(other, GLO + "statedIn")
            for passage in [text_of(t.object)]
            if self._read.speaks_of(passage, names)
            and self._read.speaks_of(passage, above)
        ]

    def _element(self, row: FilledRow, passage: str) -> None:
        read = self._read
        kind, names = read.kind(row), read.texts(row, "name")
        wordings = read.texts(row, "statement")
        number = row.cells["number"]
        if number and not (number.isdecimal() and 0 < int(number) <= _MOST_NUMBER):
            read.fault(row, "number", "number", value=number)
        plan = self._plan
        if not self._known.is_known(plan):
            read.no_plan(row, "kind")
        elif kind and names and wordings:
            texts = {"name": names, "statement": wordings}
            iri = self._statements.element(kind, texts, number, plan, passage, "")
            read.same_names(row, iri, RDFS + "label", names)
            if row.cells["vision_of"] and kind.name == "Vision":
                self._plans.vision(row, iri, passage)
            elif row.cells["vision_of"]:
                read.only(row, "vision_of", "Vision")

    def _own(self, row: FilledRow) -> DraftRow | None:
        """Return the row that was drafted and stands in the workbook as this one."""
        rows = self._by_key.get(row.cells["key"], [])
        words = letters_of(row.cells["quote"])
        same = [r for r in rows if letters_of(r.quote) == words]
        return next(iter(same or rows), None) if row.cells["key"] else None

    def _leave(self, row: FilledRow, passage: str) -> None:
        """Settle the passage of a row that rests on another one by its own words."""
        drafted = self._own(row)
        if drafted and drafted.passage != passage:
            rows = [r for r in self._drafted if r.passage == drafted.passage]
            self.done.left += [drafted.passage] if rows == [drafted] else []

    def _passage(self, row: FilledRow) -> str:
        """Return the passage that has the words of the row, else "" with a fault."""
        passage, fault = anchor_row(row, self._document, self._passages, self._drafted)
        if fault:
            self.done.faults.append(fault)
        return passage
