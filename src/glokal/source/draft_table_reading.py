"""Tables as drafting reads them: who has which activity, in which column.

Municipalities stand at the left or above, beside areas; or each row is one activity
(`draft_records`). A cell that is merged over several rows or columns holds for each of
them; one with a dash, or the word for none, for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from glokal.source.draft_passages import DraftPassage, PlaceNames
from glokal.source.draft_records import records, says_fields
from glokal.source.draft_tables import (
    ReadTable,
    TableEntry,
    TableReading,
    besides,
)

# Columns that say something of a row, and are no area.
_ASIDE = ("other", "number")


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
    aside: dict[str, list[DraftPassage]] = {}
    items = []
    for item in table.items:
        if words.says_nothing(item.reading):
            continue
        if roles.get(item.read_with) in _ASIDE:
            for iri in (item.heading, *item.shared):
                aside.setdefault(iri, []).append(item)
        else:
            items.append(item)
    entries = []
    for item in items:
        under = [item.heading, *(iri for iri in item.shared if iri in rows)]
        if item.heading not in called:
            called[item.heading] = _whose(passages[item.heading], names)
        told = [p for iri in under for p in aside.get(iri, ())]
        entries.append(
            TableEntry(
                item,
                tuple(dict.fromkeys(name for iri in under for name in called[iri])),
                _areas(item, columns),
                also=tuple(p.iri for p in told),
                besides=tuple(besides(told, columns)),
            )
        )
    areas = {area.iri: area for e in entries for area in e.areas}
    places = [
        (rows[iri], name)
        for iri, of in called.items()
        if iri in rows
        for name in of
        if not words.says_everyone(name)
    ]
    return TableReading(places, [*areas.values()], entries)


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
    for item in table.items:
        whose = [
            n for iri in (item.read_with, *item.shared) for n in called.get(iri, ())
        ]
        if item.read_with not in called or names.words.says_nothing(item.reading):
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
    return TableReading(places, [*areas.values()], entries)
