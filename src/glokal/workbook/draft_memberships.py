"""Confirmed memberships of a draft, as statements: who is a member of what."""

from __future__ import annotations

from glokal.core.namespaces import RDF
from glokal.rdf.terms import text_of
from glokal.source.draft_known import needs
from glokal.source.draft_row import THINGS
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_layout import column_title, sheet_title
from glokal.workbook.draft_names import NewNames
from glokal.workbook.draft_reading import HOLDERS, RowReader


class MembershipApplier:
    """Says who is a member of a network, which may be new in the project.

    `names` knows what is new in other languages.
    """

    def __init__(self, reader: RowReader, names: NewNames) -> None:
        self._read, self._names = reader, names
        self._known, self._statements = reader.known, reader.statements

    def membership(self, row: FilledRow, passage: str) -> None:
        """Take a row of the sheet of memberships."""
        read = self._read
        members = read.holders(row, "member")
        name = row.cells["network"]
        if not name:
            read.fault(row, "network", "empty")
            return
        found = (self._known.named(path, name) for path in HOLDERS)
        network = next(filter(None, found), "")
        if network and row.cells["network_kind"]:
            kind = read.kind(row, "network_kind")
            if kind and not self._known.is_a(network, kind.iri):
                label = read.labels.of(self._type(network), row.lang)
                read.fault(row, "network_kind", "other-kind", known=label)
                return
        if not network and not row.cells["network_kind"]:
            known = read.offered(row, "network_kind")
            read.fault(row, "network_kind", "network-kind", value=name, known=known)
            return
        if not network:
            kind = read.kind(row, "network_kind")
            if kind is None or not read.has_slug(row, "network", name):
                return
            if needs(kind):
                sheet = sheet_title(THINGS, row.lang)
                title = column_title("belongs", row.lang)
                read.fault(
                    row, "network_kind", "needs-sheet",
                    value=name, sheet=sheet, title=title,
                )  # fmt: skip
                return
        else:
            kind = None
        if not members:
            return
        if kind is not None:
            names = self._names.of(row, "network", name)
            network = self._statements.thing(kind, names, passage)
        else:
            self._statements.stated(network, (passage,))
        for member in members:
            if member == network:
                read.fault(row, "network", "itself", value=name)
            else:
                self._statements.membership(member, network, passage)

    def _type(self, iri: str) -> str:
        types = self._known.values(iri, RDF + "type")
        return text_of(types[0].object) if types else iri
