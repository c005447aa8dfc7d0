"""What a thing of a draft belongs to: an organisation, a programme, a place.

A thing can belong to one that stands in a later row, so it is said when all rows of
things are taken.
"""

from __future__ import annotations

from glokal.core.namespaces import GLO, RDFS
from glokal.rdf.terms import text_of
from glokal.source.draft_known import Kind, belonging, kinds, needs
from glokal.source.draft_row import parts_of
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_reading import HOLDERS, PLACES, RowReader

# What the list of a country says, and no plan needs to.
_BY_LIST = ("inCounty", "inCountry")


class BelongingApplier:
    """Says what things belong to, by the names in the column for it."""

    def __init__(self, reader: RowReader) -> None:
        self._read = reader
        self._known, self._statements = reader.known, reader.statements

    def is_known(self, iri: str, kind: Kind) -> bool:
        """Whether it is said already what a thing belongs to, where it must be."""
        prop = belonging(kind, needs(kind))
        return bool(self._known.values(iri, GLO + prop))

    def belongs(self, row: FilledRow, iri: str, kind: Kind) -> None:
        """Say what a thing of the first sheet belongs to, by what both are.

        A name that is that of nothing it can belong to is told as a fault.
        """
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
