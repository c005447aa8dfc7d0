"""Tables as drafting reads them: who has which activity, in which column.

Municipalities stand at the left or above, beside areas; or each row is one activity,
whose columns say who has it, under which programme, with whom. Where none of them says
in which area, the column of the activities is what the entries stand in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from glokal.source.draft_passages import DraftPassage, PlaceNames

ITEM, HEADING = "table-item", "table-heading"
_CELLS = ("programme", "partner", "country")


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

    `names` are whose it is in words, `cells` the texts of its row by role, `also` the
    other passages of the row that say something of it.
    """

    item: DraftPassage
    names: tuple[str, ...]
    area: str
    area_passage: DraftPassage | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableReading:
    """What is read in a table: whose names stand where, its areas, its entries."""

    places: Sequence[tuple[DraftPassage, str]]
    areas: Sequence[DraftPassage]
    entries: Sequence[TableEntry]


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
            if table is None or p.read_with not in columns:
                begin = [
                    h for h in waiting if not h.read_with and h.iri not in with_row
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


def read_table(
    table: ReadTable, passages: Mapping[str, DraftPassage], names: PlaceNames
) -> TableReading:
    """Return what is read in a table."""
    roles = {c.iri: names.role(c.reading) for c in table.columns}
    corner = table.corner
    others = [c for c in table.columns if c is not corner]
    told = [roles[c.iri] for c in others]
    first = roles[corner.iri] if corner else ""
    if _says_fields(first, told):
        return _records(table, roles, first, passages, names)
    if first != "who":
        across = [c for c in others if _is_place(c, names)]
        down = [r for r in table.rows if _is_place(r, names)]
        if len(across) > len(down) and 2 * len(across) >= len(others):
            return _areas_at_left(table, others, passages, names)
    return _areas_above(table, passages, names)


def _is_place(passage: DraftPassage, names: PlaceNames) -> bool:
    return bool(names.municipality(passage.reading)) or names.is_county(passage.reading)


def _says_fields(first: str, others: Sequence[str]) -> bool:
    """Whether columns are those of a list of activities, and no areas."""
    of_activity = {"programme", "partner", "country", "area", "number", "other"}
    if first == "activity":
        return bool({"who", *of_activity} & set(others))
    return "activity" in others and (
        first == "number" or bool({"who", *of_activity} & set(others))
    )


def _areas_above(
    table: ReadTable, passages: Mapping[str, DraftPassage], names: PlaceNames
) -> TableReading:
    used = {item.heading for item in table.items}
    rows = [r for r in table.rows if r.iri in used or _is_place(r, names)]
    called = {r.iri: names.bare(r.reading) for r in table.rows}
    columns = dict.fromkeys(i.read_with for i in table.items)
    entries = []
    for item in table.items:
        column = passages.get(item.read_with)
        whose = called.get(item.heading) or names.bare(passages[item.heading].reading)
        area = column.reading if column else ""
        entries.append(TableEntry(item, (whose,), area, column))
    return TableReading(
        [(r, called[r.iri]) for r in rows],
        [passages[iri] for iri in columns if iri in passages],
        entries,
    )


def _areas_at_left(
    table: ReadTable,
    columns: Sequence[DraftPassage],
    passages: Mapping[str, DraftPassage],
    names: PlaceNames,
) -> TableReading:
    called = {c.iri: names.bare(c.reading) for c in columns}
    entries = [
        TableEntry(
            item,
            (called[item.read_with],),
            passages[item.heading].reading,
            passages[item.heading],
        )
        for item in table.items
        if item.read_with in called
    ]
    areas = {e.area_passage.iri: e.area_passage for e in entries if e.area_passage}
    return TableReading(
        [(c, called[c.iri]) for c in columns], [*areas.values()], entries
    )


def _records(
    table: ReadTable,
    roles: Mapping[str, str],
    first: str,
    passages: Mapping[str, DraftPassage],
    names: PlaceNames,
) -> TableReading:
    places: dict[str, tuple[DraftPassage, str]] = {}
    entries: list[TableEntry] = []
    for row, items in _rows_of(table):
        cells: dict[str, list[DraftPassage]] = {}
        if row is not None and first:
            cells[first] = [row]
        for item in items:
            cells.setdefault(roles.get(item.read_with, ""), []).append(item)
        whose: list[str] = []
        for p in cells.get("who", ()):
            for name in names.names(p.reading):
                whose.append(name)
                if names.municipality(name) or p.kind == HEADING:
                    places.setdefault(name, (p, name))
        texts = {
            role: "; ".join(p.reading for p in cells.get(role, ())) for role in _CELLS
        }
        # Countries are listed as municipalities are; a partner may have an “and”.
        abroad = (n for p in cells.get("country", ()) for n in names.names(p.reading))
        texts["country"] = "; ".join(abroad)
        areas = cells.get("area") or [
            c for c in table.columns if roles[c.iri] == "activity"
        ]
        every = [p.iri for of in cells.values() for p in of]
        if row is not None and not first:
            every.append(row.iri)
        for activity in cells.get("activity", ()):
            entries.append(
                TableEntry(
                    activity,
                    tuple(whose),
                    areas[0].reading if areas else "",
                    areas[0] if areas else None,
                    texts,
                    tuple(iri for iri in every if iri != activity.iri),
                )
            )
    areas_named = {e.area: e.area_passage for e in entries if e.area and e.area_passage}
    return TableReading([*places.values()], [*areas_named.values()], entries)


def _rows_of(
    table: ReadTable,
) -> Iterator[tuple[DraftPassage | None, list[DraftPassage]]]:
    """Yield the rows: a heading may hold for several, where its cell is merged."""
    order = {c.iri: at for at, c in enumerate(table.columns)}
    headings = {r.iri: r for r in table.rows}
    row: list[DraftPassage] = []
    for item in table.items:
        if row and (
            item.heading != row[0].heading
            or order.get(item.read_with, 0) < order.get(row[-1].read_with, 0)
        ):
            yield headings.get(row[0].heading), row
            row = []
        row.append(item)
    if row:
        yield headings.get(row[0].heading), row


def covered_by(entries: Iterable[TableEntry]) -> set[str]:
    """Return the passages that entries say something by."""
    return {iri for e in entries for iri in (e.item.iri, *e.also)}
