"""The municipalities of a region, by the sentence that says what it consists of."""

from __future__ import annotations

from glokal.core.namespaces import GLO, RDFS
from glokal.rdf.terms import text_of
from glokal.source.draft_known import kinds
from glokal.source.draft_vocabulary import DraftVocabulary
from glokal.source.project_documents import ProjectDocument
from glokal.workbook.draft_reading import RowReader

_COUNTED_UP = 2


class RegionApplier:
    """Places in a region the municipalities that its sentence counts up.

    That is one that says what the region consists of; one that names two municipalities
    for another reason, has one only or an exception is left to a person. A municipality
    that lies in a region already stays there.
    """

    def __init__(self, reader: RowReader, document: ProjectDocument) -> None:
        self._read, self._document = reader, document
        self._regions: list[tuple[str, str]] = []

    def region(self, iri: str, passage: str) -> None:
        """Take a region and the passage that it rests on."""
        self._regions.append((iri, passage))

    def settle(self) -> None:
        """Say what lies in the regions, once all the municipalities are known."""
        words = DraftVocabulary(self._document.language)
        known, statements = self._read.known, self._read.statements
        named = {
            iri: [text_of(t.object) for t in known.values(iri, RDFS + "label")]
            for iri in known.of_path("municipality")
        }
        for region, passage in self._regions:
            found = [i for i, of in named.items() if self._read.speaks_of(passage, of)]
            said = self._document.said(passage, "readingText")
            if len(found) < _COUNTED_UP or not words.counts_up(said):
                continue
            for iri in found:
                if not known.values(iri, GLO + "withinRegion"):
                    kind = kinds()["Municipality"]
                    statements.relate(kind, iri, "withinRegion", region)
                    statements.stated(iri, [passage])
