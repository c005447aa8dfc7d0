"""What the rows of a plan and of its elements say: owner, period, goals, visions.

Each is said only once all the rows of things are taken, since an owner may stand in a
later one.
"""

from __future__ import annotations

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDFS, XSD
from glokal.dataset.dates import first_day, last_day
from glokal.rdf.terms import text_of
from glokal.source.draft_known import Kind, kinds
from glokal.source.draft_row import THINGS
from glokal.source.draft_writer import STRATEGY_FILE
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_layout import column_title, sheet_title
from glokal.workbook.draft_reading import RowReader

# A date is as exact as it is written (shapes/plans.ttl).
_PRECISION = {4: "gYear", 7: "gYearMonth", 10: "date"}
_DATES = {"start": "startDate", "end": "endDate"}
# An element of a higher number is none that a plan counts.
_MOST_NUMBER = 99
_OWN = ("owner", *_DATES)
_FILE = STRATEGY_FILE.format(kinds()["StrategicPlan"].file)


class PlanApplier:
    """Says of plans what their rows say; `plan` is the IRI of the document's own."""

    def __init__(self, reader: RowReader, plan: str) -> None:
        self._read, self._plan = reader, plan
        self._known, self._statements = reader.known, reader.statements

    def refuse(self, row: FilledRow, kind: Kind) -> None:
        """Tell of what only the row of a plan may say, in the row of another thing."""
        for column in _OWN if kind.path != "plan" else ():
            if row.cells[column]:
                self._read.only(row, column, "StrategicPlan")

    def plan(self, row: FilledRow, iri: str) -> None:
        """Say who owns a plan, and when its period begins and ends."""
        name = row.cells["owner"]
        owner = self._statements.holder(name) if name else ""
        if name and not owner:
            self._read.nowhere(row, "owner", name)
        elif owner:
            self._one(row, "owner", iri, "ownedBy", ox.NamedNode(owner))
        start, end = (row.cells[column] for column in _DATES)
        begins, ends = first_day(start), last_day(end)
        if begins and ends and begins > ends:
            self._read.fault(
                row, "end", "period", title=column_title("start", row.lang)
            )
            return
        for column, prop in _DATES.items():
            if value := row.cells[column]:
                datatype = ox.NamedNode(XSD + _PRECISION[len(value)])
                self._one(row, column, iri, prop, ox.Literal(value, datatype=datatype))

    def element(self, row: FilledRow, passage: str) -> None:
        """Take a row of the sheet of elements: a goal, a vision or the like."""
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
                self.vision(row, iri, passage)
            elif row.cells["vision_of"]:
                read.only(row, "vision_of", "Vision")

    def vision(self, row: FilledRow, iri: str, passage: str) -> None:
        """Say whose a vision is, which then sums up the direction of the plan.

        A vision is part of a plan or somebody's, never both.
        """
        name = row.cells["vision_of"]
        owner = self._statements.holder(name)
        if not owner:
            sheet = sheet_title(THINGS, row.lang)
            self._read.fault(row, "vision_of", "owner", value=name, sheet=sheet)
            return
        self._statements.unsay(iri, GLO + "elementOf")
        if self._one(row, "vision_of", iri, "visionOf", ox.NamedNode(owner)):
            directed = ox.NamedNode(iri)
            self._statements.say(_FILE, self._plan, GLO + "directedBy", directed)
            self._statements.stated(self._plan, (passage,))

    def _one(
        self,
        row: FilledRow,
        column: str,
        iri: str,
        prop: str,
        value: ox.NamedNode | ox.Literal,
    ) -> bool:
        """Say what a property may say once; False with a fault if it says another."""
        others = [
            t.object for t in self._known.values(iri, GLO + prop) if t.object != value
        ]
        for other in others[:1]:
            of = text_of(other)
            shown = self._read.labels.of(of, row.lang) if "://" in of else of
            self._read.fault(row, column, "other-value", known=shown)
            return False
        self._statements.say(_FILE, iri, GLO + prop, value)
        return True
