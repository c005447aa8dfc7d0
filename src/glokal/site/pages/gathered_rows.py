"""The rows of a question by the page that they stand on.

What differs only in some columns is one row. The rows of a small answer are held; those
of many things lie in a temporary file, and each page reads its own.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import groupby

from glokal.core.files.key_places import KeyPlaces, key_hash
from glokal.core.files.spool import Spool
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import Term, text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_queries import once
from glokal.sparql.store_interface import Row, Table

# Rows of an answer that are held: about 75 MB.
IN_MEMORY = 50_000
# Columns that say where a row stands and what it rests on.
_BESIDE = ("page", "passage", "against", "status")


@dataclass
class Gathered:
    """A row of a page: its cells, what says it and what leaves it out, its status."""

    page: str
    cells: list[dict[Term, None]]
    passages: dict[str, None]
    against: dict[str, None]
    status: str


def gathered_rows(
    workspace: Workspace, view: GraphView, query: str, gather: Iterable[str]
) -> GatheredRows:
    """Return the rows of one of the package's own queries, asked once.

    Its answer is not kept beside them, as `page_queries.ask` would: it is as much.
    """

    def make() -> GatheredRows:
        file = resources.files("glokal.site").joinpath(f"queries/{query}.rq")
        text = file.read_text(encoding="utf-8")
        table = workspace.store.select(text, name=file.name)
        shown = [column for column in table.columns if column not in _BESIDE]
        return GatheredRows(table, shown, gather, view)

    return once(workspace, f"rows of {query}", make)


class GatheredRows:
    """The rows of one question, by the page of a thing; `shown` are their columns."""

    def __init__(
        self, table: Table, shown: Iterable[str], gather: Iterable[str], view: GraphView
    ) -> None:
        """Take the answer; `shown` are its columns of cells, `gather` those that are
        gathered in one row. Raises MachineError when a file has no room.
        """
        self.shown = tuple(shown)
        self._place = {name: n for n, name in enumerate(table.columns)}
        self._columns = [self._place[name] for name in self.shown]
        self._apart = [self._place[name] for name in self.shown if name not in gather]
        if "status" in self._place:
            self._apart.append(self._place["status"])
        self._held: dict[str, list[Gathered]] = {}
        self._places = KeyPlaces()
        pages = self._by_page(table.rows, view)
        if len(table.rows) <= IN_MEMORY:
            self._held.update(pages)
        else:
            self._filed = Spool().write(self._packed(pages))

    def of(self, page: str) -> Sequence[Gathered]:
        """Return the rows of a page, in the order of the answer."""
        if (place := self._places.find(page)) is None:
            return self._held.get(page, ())
        extent = self._places.extent(place, self._filed.size)
        pages: list[tuple[str, list[Gathered]]]
        # It is this process that has written them, to a file without a name.
        pages = pickle.loads(self._filed.part(*extent).open().read())  # noqa: S301
        return dict(pages).get(page, ())

    def _by_page(
        self, rows: Iterable[Row], view: GraphView
    ) -> Iterator[tuple[str, list[Gathered]]]:
        """Yield the rows of each page, the pages in the order of their hashes."""
        at = self._place["page"]
        found = [(view.leading(text_of(row[at])), row) for row in rows]
        found.sort(key=lambda pair: (key_hash(pair[0]), pair[0]))
        for page, pairs in groupby(found, key=lambda pair: pair[0]):
            yield page, self._gathered(page, (row for _, row in pairs))

    def _packed(self, pages: Iterable[tuple[str, list[Gathered]]]) -> Iterator[bytes]:
        at = 0
        for hashed, alike in groupby(pages, key=lambda pair: key_hash(pair[0])):
            self._places.add(hashed, at)
            data = pickle.dumps(list(alike))
            at += len(data)
            yield data

    def _gathered(self, page: str, rows: Iterable[Row]) -> list[Gathered]:
        place = self._place
        results: dict[tuple[Term | None, ...], Gathered] = {}
        for row in rows:
            key = tuple(row[n] for n in self._apart)
            at = results.get(key)
            if at is None:
                status = text_of(row[place["status"]]) if "status" in place else ""
                cells: list[dict[Term, None]] = [{} for _ in self._columns]
                at = results[key] = Gathered(page, cells, {}, {}, status)
            for cell, n in zip(at.cells, self._columns, strict=True):
                if (term := row[n]) is not None:
                    cell[term] = None
            for name, passages in (("passage", at.passages), ("against", at.against)):
                if name in place and (passage := text_of(row[place[name]])):
                    passages[passage] = None
        return list(results.values())
