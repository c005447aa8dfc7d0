"""Tables as drafting reads them: who has which activity, in which column.

Municipalities stand at the left or above, beside areas; or each row is one activity
(`draft_records`). A cell that is merged over several rows or columns holds for each of
them; one with a dash, or the word for none, for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from glokal.source.draft_passages import DraftPassage, PlaceNames
from glokal.source.draft_records import records, says_fields
from glokal.source.draft_row_values import ACTIVITY, CELLS, RowValues
from glokal.source.draft_tables import (
    ASIDE,
    NetworkCell,
    ReadTable,
    TableEntry,
    TableReading,
    besides,
)

# Columns that say something of a row, and are no area.
_BESIDE = (*ASIDE, "country", "funding", "network", "partner")


def read_table(
    table: ReadTable, passages: Mapping[str, DraftPassage], names: PlaceNames
) -> TableReading:
    """Return what is read in a table."""
    roles = {c.iri: names.words.role(c.reading) for c in table.columns}
    corner = table.corner
    others = [c for c in table.columns if c is not corner]
    told = [roles[c.iri] for c in others]
    first = roles[corner.iri] if corner else ""
    if says_fields(first, told):
        return records(table, roles, first, passages, names)
    if first != "who":
        across = [c for c in others if _is_place(c, names)]
        down = [r for r in table.rows if _is_place(r, names)]
        if len(across) > len(down) and 2 * len(across) >= len(others):
            return _areas_at_left(table, others, passages, names)
    return _areas_above(table, roles, passages, names)


def _is_place(passage: DraftPassage, names: PlaceNames) -> bool:
    return bool(names.municipality(passage.reading)) or names.is_county(passage.reading)


def _areas_above(
    table: ReadTable,
    roles: Mapping[str, str],
    passages: Mapping[str, DraftPassage],
    names: PlaceNames,
) -> TableReading:
    words = names.words
    used = {iri for item in table.items for iri in (item.heading, *item.shared)}
    columns = {c.iri: c for c in table.columns}
    rows = {r.iri: r for r in table.rows if r.iri in used or _is_place(r, names)}
    called = {iri: _whose(r, names) for iri, r in rows.items()}
    beside = _beside(table, roles)
    cells: dict[str, dict[str, list[DraftPassage]]] = {}
    items = []
    for item in table.items:
        if words.says_nothing(item.reading):
            continue
        role = roles.get(item.read_with, "")
        role = role if role in beside else ACTIVITY
        for iri in (item.heading, *(iri for iri in item.shared if iri in rows)):
            cells.setdefault(iri, {}).setdefault(role, []).append(item)
            if iri not in called:
                called[iri] = _whose(passages[iri], names)
        items += [item] if role == ACTIVITY else []
    values = RowValues(cells.values(), names)
    entries, networks = [], []
    for item in items:
        under = [item.heading, *(iri for iri in item.shared if iri in rows)]
        told = [
            p
            for iri in under
            for role, of in cells[iri].items()
            for p in of
            if role != ACTIVITY
        ]
        shown = ((p, p.reading) for p in told if roles[p.read_with] not in CELLS)
        others = values.others(item, CELLS)
        entries.append(
            TableEntry(
                item,
                tuple(dict.fromkeys(name for iri in under for name in called[iri])),
                _areas(item, columns),
                {role: "; ".join(values.texts(item, role)) for role in CELLS},
                tuple(dict.fromkeys(p.iri for p in told)),
                tuple(dict.fromkeys(besides((*others, *shown), columns))),
            )
        )
    for iri, of in cells.items():
        networks += [NetworkCell(p, tuple(called[iri])) for p in of.get("network", ())]
    areas = {area.iri: area for e in entries for area in e.areas}
    places = [
        (rows[iri], name)
        for iri, whose in called.items()
        if iri in rows
        for name in whose
        if not words.says_everyone(name)
    ]
    return TableReading(places, [*areas.values()], entries, networks)


def _beside(table: ReadTable, roles: Mapping[str, str]) -> frozenset[str]:
    """Return the roles that are no areas here: programmes are, if nothing else is."""
    others = {roles[c.iri] for c in table.columns if c is not table.corner}
    carrying = others - {*_BESIDE, "programme"}
    return frozenset(_BESIDE) | ({"programme"} if carrying else frozenset())


def _whose(heading: DraftPassage, names: PlaceNames) -> list[str]:
    """Return the names that a heading of a row has, [] when it has none."""
    if names.words.says_everyone(heading.reading):
        return [heading.reading]
    nobody = names.words.names_nobody(heading.reading)
    return [] if nobody else names.several(heading)


def _areas(
    item: DraftPassage, columns: Mapping[str, DraftPassage]
) -> tuple[DraftPassage, ...]:
    asked = (item.read_with, *item.shared)
    return tuple(columns[iri] for iri in asked if iri in columns)


def _areas_at_left(
    table: ReadTable,
    columns: Sequence[DraftPassage],
    passages: Mapping[str, DraftPassage],
    names: PlaceNames,
) -> TableReading:
    called = {c.iri: _whose(c, names) for c in columns}
    rows = {r.iri: r for r in table.rows}
    entries = []
    networks = []
    for item in table.items:
        whose = [
            n for iri in (item.read_with, *item.shared) for n in called.get(iri, ())
        ]
        if item.read_with not in called or names.words.says_nothing(item.reading):
            continue
        role = names.words.role(passages[item.heading].reading)
        if role == "network":
            networks.append(NetworkCell(item, tuple(dict.fromkeys(whose))))
        if role in _BESIDE:
            continue
        left = [passages[item.heading]]
        left += [rows[iri] for iri in item.shared if iri in rows]
        entries.append(TableEntry(item, tuple(dict.fromkeys(whose)), tuple(left)))
    areas = {area.iri: area for e in entries for area in e.areas}
    places = [
        (c, name)
        for c in columns
        for name in called[c.iri]
        if not names.words.says_everyone(name)
    ]
    return TableReading(places, [*areas.values()], entries, networks)
