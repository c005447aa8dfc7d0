"""The items of the mapping: whose each is, in which subject area, about what.

In comes a project at work; out come the items in the order of the text, which pages of
comparison and sheets are made of, and the subject areas in the order that it has them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from glokal.core.collation import sort_key
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_queries import ask, once
from glokal.sparql.store_interface import Table


@dataclass(frozen=True)
class ListedEntry:
    """An item of the mapping, by the IRIs of what it says."""

    municipality: str
    subject_area: str
    thing: str
    programmes: tuple[str, ...]
    places: tuple[str, ...]
    passage: str
    disputed: bool


def compared_municipalities(view: GraphView, workspace: Workspace) -> list[str]:
    """Return the municipalities that can be compared: those of the mapping, if two."""
    listed = {entry.municipality for entry in mapped(workspace)}
    found = [m for m in view.region_municipalities() if m in listed]
    return found if len(found) > 1 else []


def mapped(workspace: Workspace) -> tuple[ListedEntry, ...]:
    """Return the items of the mapping in the order of the text."""
    return once(workspace, "mapped", lambda: _mapped(ask(workspace, "all_entries")))


def _mapped(table: Table) -> tuple[ListedEntry, ...]:
    place = {name: n for n, name in enumerate(table.columns)}
    gathered: dict[str, dict[str, dict[str, None]]] = {}
    for row in table.rows:
        cells = gathered.setdefault(text_of(row[0]), defaultdict(dict))
        for name, n in place.items():
            if row[n] is not None:
                cells[name][text_of(row[n])] = None
    return tuple(
        ListedEntry(
            next(iter(cells["municipality"])),
            next(iter(cells["subjectArea"])),
            next(iter(cells["thing"])),
            tuple(cells["programme"]),
            tuple(cells["where"]),
            next(iter(cells["passage"])),
            bool(cells["status"]),
        )
        for cells in gathered.values()
    )


def areas_in_order(view: GraphView, workspace: Workspace, lang: str) -> list[str]:
    """Return the subject areas in use, in the order that the mapping has them.

    The text has one municipality after the other, each with its areas in that order,
    but not all in each; those in which it has nothing come last, by their names.
    """
    after: dict[str, set[str]] = {}
    last: dict[str, str] = {}
    for entry in mapped(workspace):
        before = last.get(entry.municipality, entry.subject_area)
        near = after.setdefault(entry.subject_area, set())
        if before != entry.subject_area:
            near.add(before)
        last[entry.municipality] = entry.subject_area
    try:
        found = list(TopologicalSorter(after).static_order())
    except CycleError:
        # A mapping by municipality and by area has no order of its own.
        found = list(after)
    rest = [a for a in view.instances("SubjectArea") if a not in after]
    return found + sorted(rest, key=lambda a: sort_key(view.link(a, lang).text, lang))
