"""The municipalities of a region, by its row or the sentence that counts them up."""

from __future__ import annotations

from collections.abc import Iterator

from glokal.core.namespaces import GLO, RDFS
from glokal.rdf.terms import text_of
from glokal.source.draft_known import kinds
from glokal.source.draft_row import parts_of
from glokal.source.draft_vocabulary import DraftVocabulary
from glokal.source.project_documents import ProjectDocument
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_layout import column_title, draft_message
from glokal.workbook.draft_reading import RowReader

_COUNTED_UP = 2


class RegionApplier:
    """Places municipalities in a region: those in its row, or in its sentence.

    The sentence is one that says what the region consists of; one that names two
    municipalities for another reason, has one only or an exception is left to a person.
    A municipality that lies in a region already stays there.
    """

    def __init__(self, reader: RowReader, document: ProjectDocument) -> None:
        self._read, self._document = reader, document
        self._regions: list[tuple[FilledRow, str, str]] = []

    def region(self, row: FilledRow, iri: str, passage: str) -> None:
        """Take the row of a region, and the passage that it rests on."""
        self._regions.append((row, iri, passage))

    def settle(self) -> Iterator[tuple[FilledRow, str, int]]:
        """Say what lies in the regions, once all the municipalities are known.

        Yields each row that lists them with its passage, and how much was said before.
        """
        for row, region, passage in self._regions:
            before = len(self._read.statements.said)
            if row.cells["municipalities"]:
                for iri in self._listed(row, region):
                    self._place(iri, region, passage)
                yield row, passage, before
            else:
                for iri in self._counted_up(passage):
                    if not self._read.known.values(iri, GLO + "withinRegion"):
                        self._place(iri, region, passage)

    def told(self) -> Iterator[str]:
        """Yield which regions have no municipality, with the place of the row."""
        within = {
            text_of(t.object)
            for iri in self._read.known.of_path("municipality")
            for t in self._read.known.values(iri, GLO + "withinRegion")
        }
        for row, region, _ in self._regions:
            if region not in within:
                yield draft_message(
                    "no_municipalities", row.lang,
                    place=f"{row.title}!{row.places['quote']}",
                    region=next(iter(self._read.known.names_of(region).values()), ""),
                    title=column_title("municipalities", row.lang),
                )  # fmt: skip

    def _listed(self, row: FilledRow, region: str) -> Iterator[str]:
        known = self._read.known
        for name in parts_of(row.cells["municipalities"]):
            iri = known.named("municipality", name)
            lies_in = known.values(iri, GLO + "withinRegion") if iri else []
            other = [t for t in lies_in if text_of(t.object) != region]
            if not iri:
                self._read.nowhere(row, "municipalities", name)
            elif other:
                shown = self._read.labels.of(text_of(other[0].object), row.lang)
                self._read.fault(
                    row, "municipalities", "other-region", value=name, known=shown
                )
            else:
                yield iri

    def _counted_up(self, passage: str) -> list[str]:
        words = DraftVocabulary(self._document.language)
        if not words.counts_up(self._document.said(passage, "readingText")):
            return []
        known = self._read.known
        named = {
            iri: [text_of(t.object) for t in known.values(iri, RDFS + "label")]
            for iri in known.of_path("municipality")
        }
        found = [i for i, of in named.items() if self._read.speaks_of(passage, of)]
        return found if len(found) >= _COUNTED_UP else []

    def _place(self, iri: str, region: str, passage: str) -> None:
        statements = self._read.statements
        statements.relate(kinds()["Municipality"], iri, "withinRegion", region)
        statements.stated(iri, [passage])
