"""The tables of a document: their columns, rows and items, and what is read in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from glokal.source.draft_passages import DraftPassage

ITEM, HEADING = "table-item", "table-heading"
# Columns that are shown beside an entry, and nothing more.
ASIDE = ("contact", "number", "other", "status")


@dataclass
class ReadTable:
    """A table: the headings of its columns, of its rows, its items in their order."""

    columns: list[DraftPassage]
    rows: list[DraftPassage] = field(default_factory=list)
    items: list[DraftPassage] = field(default_factory=list)

    @property
    def corner(self) -> DraftPassage | None:
        """Return the heading above the rows, None when the cell is empty."""
        for row in self.rows:
            for column in self.columns:
                if column.iri == row.read_with:
                    return column
        return None


@dataclass(frozen=True)
class TableEntry:
    """An item that somebody has: the headings that say whose it is and its area.

    `names` are whose it is in words, `areas` the headings of those, `cells` the texts
    of its row by role, `also` the other passages of the row that say something of it.
    `besides` are the cells that no statement is made of: heading and text.
    """

    item: DraftPassage
    names: tuple[str, ...]
    areas: tuple[DraftPassage, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    besides: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NetworkCell:
    """An item in a column of networks, and whose row it stands in, in words."""

    item: DraftPassage
    names: tuple[str, ...]


@dataclass(frozen=True)
class TableReading:
    """What is read in a table: whose names stand where, its areas, its entries, and
    the networks that its rows name.
    """

    places: Sequence[tuple[DraftPassage, str]]
    areas: Sequence[DraftPassage]
    entries: Sequence[TableEntry]
    networks: Sequence[NetworkCell] = ()


def tables_of(passages: Mapping[str, DraftPassage]) -> list[ReadTable]:
    """Return the tables of a document, in the order of its text."""
    with_row = {p.heading for p in passages.values() if p.kind == ITEM}
    results: list[ReadTable] = []
    waiting: list[DraftPassage] = []
    for p in passages.values():
        if p.kind == HEADING:
            waiting.append(p)
        elif p.kind != ITEM or p.heading not in passages:
            continue
        else:
            table = results[-1] if results else None
            columns = {c.iri for c in table.columns} if table else set()
            if table is not None:
                # Rows without an item that stand last in the table above.
                last = [h for h in waiting if h.read_with and h.read_with in columns]
                table.rows += last
                waiting = [h for h in waiting if h not in last]
            if table is None or p.read_with not in columns:
                begin = [
                    h
                    for h in waiting
                    if not h.read_with
                    and (h.iri not in with_row or h.iri == p.read_with)
                ]
                table = ReadTable(begin)
                results.append(table)
                waiting = [h for h in waiting if h not in begin]
            table.rows += waiting
            table.items.append(p)
            waiting = []
    # Rows without an item stand last.
    for row in waiting:
        if results and row.read_with in {c.iri for c in results[-1].columns}:
            results[-1].rows.append(row)
    return results


def besides(
    told: Iterable[tuple[DraftPassage, str]], columns: Mapping[str, DraftPassage]
) -> Iterator[tuple[str, str]]:
    """Yield the headings of cells that no statement is made of, and their texts."""
    for item, text in told:
        column = columns.get(item.read_with)
        yield column.reading if column else "", text
