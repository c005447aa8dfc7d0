"""The passage of a row of a draft: found by the words of its cell *Sitat*."""

from __future__ import annotations

from collections.abc import Sequence

from glokal.source.draft_row import ENTRIES, DraftRow, parts_of
from glokal.source.find import find_words
from glokal.source.project_documents import ProjectDocument
from glokal.source.reanchor import OldPassage, letters_of
from glokal.workbook.draft_cells import DraftFault, FilledRow

# What a cell is told by: the nearest is one of the same municipality and area.
_NEARNESS = (("municipality", "area"), ("municipality",))
# How many passages are named of those that have the words.
_SHOWN = 4


def anchor_row(
    row: FilledRow,
    document: ProjectDocument,
    passages: Sequence[OldPassage],
    drafted: Sequence[DraftRow],
) -> tuple[str, DraftFault | None]:
    """Return the passage that has the words of a row, or what is wrong with them.

    Of several that have them, the one that the row was drafted from is taken, else the
    one in the cell that the row names, or in another cell of its municipality, else the
    one that is nothing but these words.
    """
    words = row.cells["quote"]
    if not words:
        return "", row.fault("quote", "empty")
    if not letters_of(words):
        # A dash is found by its row alone, whose key ends as the IRI does.
        own_end = row.cells["key"].rpartition("/")[2]
        for p in passages:
            if p.text.strip() == words and p.iri.rpartition("/")[2] == own_end:
                return p.iri, None
    found = [m.passage for m in find_words(passages, words) if m.exact]
    iris = [p.iri for p in found]
    for own in drafted:
        if own.key == row.cells["key"] and own.passage in iris:
            return own.passage, None
    whole = [p.iri for p in found if letters_of(p.text) == letters_of(words)]
    near = (_near(row, iris, drafted, names) for names in _NEARNESS)
    for near_ones in filter(None, near):
        own_whole = [iri for iri in near_ones if iri in whole]
        if len(own_whole or near_ones) == 1:
            return (own_whole or near_ones)[0], None
        whole = iris = own_whole or near_ones
        break
    for choice in (whole, iris):
        if len(choice) == 1:
            return choice[0], None
    if not found:
        return "", row.fault("quote", "quote")
    cited = ((i, document.said(i, "citation", row.lang)) for i in whole or iris)
    named = [own or document.said(i, "citation") for i, own in cited][:_SHOWN]
    return "", row.fault("quote", "quotes", known="; ".join(named))


def _near(
    row: FilledRow,
    passages: Sequence[str],
    drafted: Sequence[DraftRow],
    names: Sequence[str],
) -> list[str]:
    """Return those of some passages whose cell has what a row says of it.

    `names` are the columns that count: whose the row is, and its area. A merged cell is
    one of each that it stands for.
    """
    if row.sheet != ENTRIES or not all(row.cells[name] for name in names):
        return []
    found = [
        d.passage
        for d in drafted
        if d.sheet == ENTRIES
        and d.passage in passages
        and all(
            _parts(row.cells[name]) <= _parts(d.values.get(name, "")) for name in names
        )
    ]
    return list(dict.fromkeys(found))


def _parts(cell: str) -> set[str]:
    return {letters_of(part) for part in parts_of(cell)}
