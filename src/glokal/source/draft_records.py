"""Tables that are a list of activities: each row is one, its columns say what of it.

Who has it, under which programme, with whom, where. Where no column says in which area,
that of the activities is what the entries stand in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from glokal.source.draft_passages import DraftPassage, PlaceNames
from glokal.source.draft_row_values import ACTIVITY, AREA, CELLS, RowValues
from glokal.source.draft_tables import (
    ASIDE,
    HEADING,
    NetworkCell,
    ReadTable,
    TableEntry,
    TableReading,
    besides,
)
from glokal.source.programme_names import programme_in

# What the workbook has a column for, or what numbers the rows.
_READ = ("who", ACTIVITY, AREA, "number", *CELLS)
_OF_ACTIVITY = frozenset((*CELLS, *ASIDE, "funding", AREA, "network"))


def says_fields(first: str, others: Sequence[str]) -> bool:
    """Whether columns are those of a list of activities, and no areas.

    Beside municipalities, columns that nothing is known of are areas if most are.
    """
    fields = [role for role in others if role in _OF_ACTIVITY]
    if first == ACTIVITY:
        return bool({"who", *fields} & set(others))
    if ACTIVITY not in others:
        return False
    if first == "who" and others.count("") > len(fields) + others.count(ACTIVITY):
        return False
    return first == "number" or "who" in others or bool(fields)


def records(
    table: ReadTable,
    roles: Mapping[str, str],
    first: str,
    passages: Mapping[str, DraftPassage],
    names: PlaceNames,
) -> TableReading:
    """Return what is read in such a table; `first` is the role of its first column."""
    places: dict[str, tuple[DraftPassage, str]] = {}
    entries: dict[str, TableEntry] = {}
    networks: dict[str, NetworkCell] = {}
    columns = {c.iri: c for c in table.columns}
    rows = list(_cells(table, roles, first, names))
    values = RowValues([cells for _, cells in rows], names)
    for row, cells in rows:
        whose: list[str] = []
        for p in cells.get("who", ()):
            for name in _names(p, names):
                whose.append(name)
                if names.municipality(name) or p.kind == HEADING:
                    places.setdefault(name, (p, name))
        every = [p.iri for of in cells.values() for p in of]
        if row is not None and not first:
            every.append(row.iri)
        for p in cells.get("network", ()):
            before = networks.get(p.iri)
            both = (*before.names, *whose) if before else whose
            networks[p.iri] = NetworkCell(p, tuple(dict.fromkeys(both)))
        for activity in cells.get(ACTIVITY, ()):
            entry = TableEntry(
                activity,
                tuple(whose),
                _areas(activity, values, table, roles),
                {role: "; ".join(values.texts(activity, role)) for role in CELLS},
                tuple(iri for iri in every if iri != activity.iri),
                (
                    *besides(values.others(activity, (*CELLS, AREA)), columns),
                    *_besides(cells, columns, row, table.corner, names),
                ),
            )
            same = entries.get(activity.iri)
            entries[activity.iri] = _both(same, entry) if same else entry
    for row in table.rows if first == "who" else ():
        # A municipality without anything in its row is one all the same.
        for name in _names(row, names):
            places.setdefault(name, (row, name))
    areas = {area.reading: area for e in entries.values() for area in e.areas}
    whose_rows = [
        place for place in places.values() if not names.words.says_everyone(place[1])
    ]
    return TableReading(
        whose_rows, [*areas.values()], [*entries.values()], [*networks.values()]
    )


def _cells(
    table: ReadTable, roles: Mapping[str, str], first: str, names: PlaceNames
) -> Iterator[tuple[DraftPassage | None, dict[str, list[DraftPassage]]]]:
    """Yield the heading of each row, and its cells by role."""
    rows = list(_rows_of(table, names))
    if first == ACTIVITY:
        # An activity of which its row says nothing more is one all the same.
        told = {row.iri for row, _ in rows if row is not None}
        rows += [(row, []) for row in table.rows if row.iri not in told]
        order = {row.iri: at for at, row in enumerate(table.rows)}
        rows.sort(key=lambda r: order[r[0].iri] if r[0] is not None else -1)
    for row, items in rows:
        cells: dict[str, list[DraftPassage]] = {}
        if row is not None and first and not names.words.says_nothing(row.reading):
            cells[first] = [row]
        for item in items:
            cells.setdefault(roles.get(item.read_with, ""), []).append(item)
        yield row, cells


def _areas(
    activity: DraftPassage,
    values: RowValues,
    table: ReadTable,
    roles: Mapping[str, str],
) -> tuple[DraftPassage, ...]:
    """Return the areas of an activity; where a row has none, the column of those."""
    told = tuple(values.passages(activity, AREA))
    if told or any(values.others(activity, (AREA,))):
        return told
    return tuple(c for c in table.columns if roles[c.iri] == ACTIVITY)[:1]


def _names(p: DraftPassage, names: PlaceNames) -> list[str]:
    """Return the names in a cell of who has an activity."""
    if names.words.says_everyone(p.reading):
        return [p.reading]
    found = names.several(p)
    listed = found if len(found) > 1 else names.names(p.reading)
    return [name for name in listed if not names.words.names_nobody(name)]


def _besides(
    cells: Mapping[str, Sequence[DraftPassage]],
    columns: Mapping[str, DraftPassage],
    row: DraftPassage | None,
    corner: DraftPassage | None,
    names: PlaceNames,
) -> Iterator[tuple[str, str]]:
    for role, items in cells.items():
        if role not in _READ:
            shown = (p for p in items if p is not row)
            if role == "funding":
                shown = (p for p in shown if not programme_in(p.reading))
            yield from besides(((p, p.reading) for p in shown), columns)
    told = any(row in items for items in cells.values())
    if row is not None and corner is not None:
        role = next((r for r, items in cells.items() if row in items), "")
        if role not in _READ and (told or not role):
            yield corner.reading, row.reading


def _both(one: TableEntry, other: TableEntry) -> TableEntry:
    """Return an entry whose cell is merged over two rows: what both of them say."""

    def joined(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*first, *second)))

    return replace(
        one,
        names=joined(one.names, other.names),
        also=joined(one.also, other.also),
        besides=tuple(dict.fromkeys((*one.besides, *other.besides))),
    )


def _rows_of(
    table: ReadTable, names: PlaceNames
) -> Iterator[tuple[DraftPassage | None, list[DraftPassage]]]:
    """Yield the rows: a heading may hold for several, where its cell is merged."""
    order = {c.iri: at for at, c in enumerate(table.columns)}
    headings = {r.iri: r for r in table.rows}
    rows: list[tuple[str, list[DraftPassage]]] = []
    items = [i for i in table.items if not names.words.says_nothing(i.reading)]
    for item in items:
        last = rows[-1][1] if rows else []
        if not last or (
            item.heading != last[0].heading
            or order.get(item.read_with, 0) < order.get(last[-1].read_with, 0)
        ):
            rows.append((item.heading, last := []))
        last.append(item)
    for item in items:
        further = {*item.shared} & {*headings} - {item.heading}
        for below in sorted(further):
            own = [row for heading, row in rows if heading == below]
            for row in own:
                row.append(item)
            if not own:
                rows.append((below, [item]))
    for heading, row in rows:
        yield headings.get(heading), row
