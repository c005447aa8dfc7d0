"""Confirmed partners of a plan: who is on its list, and in which group."""

from __future__ import annotations

from glokal.core.namespaces import GLO
from glokal.source.draft_known import Kind, kinds
from glokal.source.draft_row import COLUMNS
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_layout import sheet_title
from glokal.workbook.draft_reading import RowReader

_GROUP = kinds()["CollaboratorGroup"]


class PartnerApplier:
    """Says who is listed as a partner; `plan` is the IRI of the plan that lists."""

    def __init__(self, reader: RowReader, plan: str) -> None:
        self._read, self._plan = reader, plan
        self._known, self._statements = reader.known, reader.statements

    def partner(self, row: FilledRow, passage: str) -> tuple[str, Kind] | None:
        """Take a row of the sheet of partners; return the thing and its class.

        Who has the name already, a municipality's authority or an organisation, is
        meant, and keeps its class and its names. None with a fault.
        """
        read = self._read
        group = self._group(row)
        names = read.written(row, "name")
        there = next(filter(None, map(self._statements.holder, names.values())), "")
        kind = None if there else read.kind(row)
        if not self._known.is_known(self._plan):
            read.no_plan(row, "group")
            return None
        if there:
            self._statements.stated(there, (passage,))
            self._statements.recall(there)
        else:
            names = read.texts(row, "name")
            if not kind or not names or not read.may_be_called(row, kind, names, ()):
                return None
            there = self._statements.thing(kind, names, passage)
        if not group:
            return None
        organisation = kinds()["Organisation"]
        self._statements.relate(organisation, there, "listedAs", group)
        self._statements.relate(organisation, there, "listedIn", self._plan)
        return there, kind or organisation

    def _group(self, row: FilledRow) -> str:
        """Return the group that a row names; "" with a fault."""
        name = row.cells["group"]
        if not name:
            self._read.fault(row, "group", "empty")
            return ""
        group = self._known.named(GLO + _GROUP.name, name)
        if not group:
            sheet = sheet_title(COLUMNS, row.lang)
            kind = self._read.labels.of(_GROUP.iri, row.lang)
            self._read.fault(row, "group", "group", value=name, sheet=sheet, kind=kind)
        return group
