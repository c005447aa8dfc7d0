"""What confirmed rows of a draft say, once each of their cells is understood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.country_lists import AREA_KINDS, CountryList
from glokal.core.namespaces import GLO
from glokal.dataset.labels import Labels
from glokal.source.draft_known import Kind, needs
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
)
from glokal.source.draft_statements import Statements
from glokal.source.draft_tables import HEADING, ITEM
from glokal.source.project_documents import ProjectDocument
from glokal.source.reanchor import letters_of
from glokal.workbook.draft_anchor import anchor_row
from glokal.workbook.draft_belonging import BelongingApplier
from glokal.workbook.draft_cells import DraftFault, FilledRow
from glokal.workbook.draft_columns import ColumnApplier
from glokal.workbook.draft_entries import EntryApplier
from glokal.workbook.draft_memberships import MembershipApplier
from glokal.workbook.draft_names import NewNames
from glokal.workbook.draft_partners import PartnerApplier
from glokal.workbook.draft_plan import PlanApplier
from glokal.workbook.draft_reading import RowReader
from glokal.workbook.draft_reasons import ReasonApplier
from glokal.workbook.draft_region import RegionApplier
from glokal.workbook.draft_states import told_of

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
        self._memberships = MembershipApplier(self._read, self._names)
        self._plan = f"{self._known.things}plan/{document.plan or document.slug}"
        self._plans = PlanApplier(self._read, self._plan)
        self._belonging = BelongingApplier(self._read)
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
                self._belonging.belongs(one, iri, kind)
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
            elif (
                kind and needs(kind) and iri and not self._belonging.is_known(iri, kind)
            ):
                label = self._read.labels.of(kind.iri, row.lang)
                self._read.fault(row, "belongs", "needs", kind=label, sheet=row.title)
        elif row.sheet == COLUMNS:
            self._columns.column(row, passage)
        elif row.sheet == ELEMENTS:
            self._plans.element(row, passage)
        elif row.sheet == PARTNERS:
            partner = self._partners.partner(row, passage)
            if partner and row.cells["belongs"]:
                belonging_rows.append((row, *partner))
        elif row.sheet == ENTRIES:
            if not self._columns.is_set_aside(row):
                self._entries.entry(row, passage, self._own(row))
        elif row.sheet == MEMBERSHIPS:
            self._memberships.membership(row, passage)
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
