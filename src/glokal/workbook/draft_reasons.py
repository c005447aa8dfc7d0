"""Why nothing rests on a passage: chosen by a person, or since its row was declined."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from glokal.source.draft_row import (
    ELEMENTS,
    ENTRIES,
    MEMBERSHIPS,
    PARTNERS,
    THINGS,
    DraftRow,
)
from glokal.source.extraction.citations import reason_of
from glokal.source.project_documents import ProjectDocument
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_layout import reason_texts
from glokal.workbook.draft_reading import RowReader

# The sheets whose rows, once declined, leave nothing to be said by their passages.
_ASKED = (THINGS, ELEMENTS, PARTNERS, ENTRIES, MEMBERSHIPS)


class ReasonApplier:
    """Says of passages of a document why nothing rests on them."""

    def __init__(
        self, reader: RowReader, document: ProjectDocument, drafted: Sequence[DraftRow]
    ) -> None:
        self._read, self._document, self._drafted = reader, document, drafted
        self._known, self._statements = reader.known, reader.statements

    def left_out(self, row: FilledRow, passage: str) -> None:
        """Say why nothing rests on a passage: by a choice, or in a person's words."""
        if not row.cells["reason"] and self._read.written(row, "own_reason"):
            texts = self._read.texts(row, "own_reason")
        else:
            name = self._read.choice(row, "reason")
            texts = reason_texts(name, self._read.languages) if name else {}
        if texts:
            self.say(passage, texts)

    def heading(self, passage: str) -> None:
        """Say that what stands under a heading is what is said, unless it tells."""
        if not self._document.said(passage, "uncoveredReason"):
            self.say(passage, reason_of("row", self._read.languages))

    def part_of_row(self, passage: str) -> None:
        """Say that other cells of its row carry what a cell belongs to."""
        used = self._known.is_rested_on(passage)
        if not used and not self._document.said(passage, "uncoveredReason"):
            self.say(passage, reason_texts("row", self._read.languages))

    def settle(self, declined: Sequence[str]) -> None:
        """Give what was declined its reason, and take it from what is used now."""
        for passage in declined:
            drafted = {r.passage for r in self._drafted if r.sheet in _ASKED}
            others = passage in drafted and not self._all_declined(passage, declined)
            used = others or self._known.is_rested_on(passage)
            told = self._document.said(passage, "uncoveredReason")
            if told and told in reason_of("heading", self._read.languages).values():
                # The reason of all headings doesn't tell that a person has read it.
                self._statements.without_reason(self._document.name, passage)
                told = ""
            if not used and not told:
                self.say(passage, reason_of("declined", self._read.languages))
        for p in self._document.passages():
            if self._known.is_rested_on(p.iri):
                self._statements.without_reason(self._document.name, p.iri)

    def say(self, passage: str, texts: Mapping[str, str]) -> None:
        """Say a reason, in each language."""
        self._statements.reason(self._document.name, passage, texts)

    def _all_declined(self, passage: str, declined: Collection[str]) -> bool:
        rows = [r for r in self._drafted if passage in (r.passage, *r.also)]
        asked = [r for r in rows if r.sheet in _ASKED and not r.done]
        return list(declined).count(passage) >= len(asked)
