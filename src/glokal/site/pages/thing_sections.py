"""What the page of a thing tells of other things, each row with its source.

Each kind of section is one query over the whole graph, asked once: `?page` is the
thing whose page the row stands on, `?against` a passage that leaves it out, `?status`
how it was judged. The other columns are shown. A row rests on the passages that say
what connects its things (`cited`), or as `rests` says in `thing_sections.toml`. What
is asked of a thing whose page another has stands on that one.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.languages import Said
from glokal.core.namespaces import ACCEPTED
from glokal.core.text_tables import texts
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import Term, text_of
from glokal.site.answer_tables import column_word
from glokal.site.citations import Cited, PassageLink
from glokal.site.disputed import mark_each
from glokal.site.ended import all_ended, with_end
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value, in_language, in_order
from glokal.site.pages.gathered_rows import Gathered, GatheredRows, gathered_rows
from glokal.site.reasons import Reasons
from glokal.site.relations import relation_index
from glokal.site.reported_changes import ReportedChanges
from glokal.site.row_sources import SOURCES
from glokal.site.source_names import COLUMN, named_sources

# A page shows so many rows and sources; the data files of the thing have them all.
ROWS = 200
# So many rows of a grouped table stand open; a page of them would be walked through by
# keyboard for ever. What is more is a summary with its number.
OPEN = 14


@dataclass(frozen=True)
class Row:
    """Cells, what they rest on, what leaves them out, and a status if it is doubted.

    `more` is how many sources there are besides those shown.
    """

    cells: tuple[tuple[Value, ...], ...]
    sources: tuple[PassageLink, ...]
    against: tuple[PassageLink, ...]
    status: str
    more: int = 0


Group = tuple[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Section:
    """A part of a page: its name in the address, its heading, its table.

    `number` is how many rows there are, of which `rows` are shown. `group` is the
    column by whose values the rows stand together, None where they don't.
    """

    name: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    number: int
    group: int | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the columns that the table shows: without the one that groups."""
        return tuple(c for n, c in enumerate(self.columns) if n != self.group)

    def cells(self, row: Row) -> tuple[tuple[Value, ...], ...]:
        """Return the cells of a row in those columns."""
        return tuple(c for n, c in enumerate(row.cells) if n != self.group)

    @property
    def shown(self) -> list[Group]:
        """Return the rows that stand open: all, or the first groups of many."""
        groups = self._groups()
        number = 0
        result: list[Group] = []
        for name, rows in groups:
            number += len(rows)
            if result and number > OPEN:
                break
            result.append((name, rows))
        return result if self.group is not None else groups

    @property
    def folded(self) -> list[Group]:
        """Return the groups that are shown on demand."""
        return self._groups()[len(self.shown) :]

    def _groups(self) -> list[Group]:
        if self.group is None:
            return [("", self.rows)]
        by_name: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            by_name[_text(row.cells[self.group])].append(row)
        named = [(name, tuple(rows)) for name, rows in by_name.items() if name]
        rest = tuple(by_name.get("", ()))
        return [*named, ("–", rest)] if rest else named


class Sections:
    """The sections of all pages."""

    def __init__(
        self,
        view: GraphView,
        workspace: Workspace,
        reported: ReportedChanges | None = None,
        *,
        says_so: bool = False,
    ) -> None:
        """With `reported` the sections are those of that view, and perhaps say so."""
        self._view = view
        self._says_so = says_so
        self.cited = Cited(view, workspace.provenance, reported)
        self.relations = relation_index(workspace)
        self._ended = all_ended(view)
        self.reasons = Reasons(view, workspace.inferred, workspace.explanations)
        self.questions = frozenset(query.slug for query in workspace.queries)
        self._asked: list[tuple[Mapping[str, Any], GatheredRows]] = []
        for kind in _kinds():
            gather = kind.get("gather", ())
            rows = gathered_rows(workspace, view, kind["query"], gather)
            self._asked.append((kind, rows))

    def of(self, iri: str, lang: str, words: Mapping[str, Any]) -> tuple[Section, ...]:
        """Return the sections of a thing's page that have rows."""
        results = []
        for kind, by_page in self._asked:
            gathered, shown = by_page.of(iri), by_page.shown
            if not gathered:
                continue
            rows = [self._row(g, kind, shown, lang, words) for g in gathered]
            if not kind.get("order"):
                rows.sort(
                    key=lambda r: [sort_key(_text(cell), lang) for cell in r.cells]
                )
            remaining = _telling(rows, shown, kind.get("sparse", ()))
            results.append(
                Section(
                    kind["query"],
                    self._heading(kind, iri, lang),
                    tuple(
                        column_word(self._view, shown[n], lang, words["columns"])
                        for n in remaining
                    ),
                    tuple(_with_cells(r, remaining) for r in rows[:ROWS]),
                    len(rows),
                    _group(kind, shown, remaining),
                )
            )
        return tuple(results)

    def _heading(self, kind: Mapping[str, Any], iri: str, lang: str) -> str:
        """Return the heading of a section, which may have the name of the thing."""
        headings = texts("sections", self._view.translations)[lang]
        heading: str = headings[kind["query"]]
        other = headings.get(f"{kind['query']}_reported")
        same = getattr(other, "lang", lang) == getattr(heading, "lang", lang)
        text: str = other if self._says_so and other and same else heading
        # Not by format(): what a thing is called is no template.
        named = text.replace("{name}", self._view.link(iri, lang).text)
        return Said(named, text.lang) if isinstance(text, Said) else named

    def _row(
        self,
        result: Gathered,
        kind: Mapping[str, Any],
        shown: Iterable[str],
        lang: str,
        words: Mapping[str, Any],
    ) -> Row:
        doubted = result.status not in ("", ACCEPTED)
        things = dict(zip(shown, result.cells, strict=True))
        doubted_over = kind.get("doubted", {})
        elsewhere = kind.get("elsewhere", ())
        statements = [
            t for name, c in things.items() if name not in elsewhere for t in c
        ]
        match kind.get("rests"):
            case "passage":
                passages = tuple(result.passages)
            case "nothing":
                passages = ()
            case _:
                terms = [ox.NamedNode(result.page), *statements]
                passages = self.cited.connecting(terms)
                if kind.get("rests") == "both":
                    passages = tuple(dict.fromkeys([*passages, *result.passages]))
        against = tuple(result.against)
        return Row(
            tuple(
                named_sources(map(text_of, cell), self._view, lang)
                if name == COLUMN
                else self._values(
                    cell,
                    name in kind.get("plain", ()),
                    things.get(doubted_over.get(name, ""), ()),
                    lang,
                    words,
                )
                for name, cell in things.items()
            ),
            self.cited.sources(passages[:SOURCES], lang, words),
            self.cited.sources(against[:SOURCES], lang, words),
            _doubt(kind, things, words) if doubted else "",
            sum(max(len(p) - SOURCES, 0) for p in (passages, against)),
        )

    def _values(
        self,
        cell: Iterable[Term],
        plain: bool,
        over: Iterable[Term],
        lang: str,
        words: Mapping[str, Any],
    ) -> tuple[Value, ...]:
        """Return a cell; of its things, what is in dispute over others, or has ended,
        says so.
        """
        whats = [text_of(what) for what in over]
        found: dict[Value, bool] = {}
        for term in in_language(cell, lang):
            name = text_of(term)
            value = with_end(
                self._view.cell(term, lang), words, ended=self._ended.get(name, "")
            )
            found[value] = any((name, w) in self.relations.disputed for w in whats)
        values = mark_each([(v, found[v]) for v in in_order(found, lang)], words)
        return tuple(replace(v, href="") for v in values) if plain else values


def _doubt(
    kind: Mapping[str, Any],
    things: Mapping[str, Iterable[Term]],
    words: Mapping[str, Any],
) -> str:
    """Return what is in doubt of a row: the tie, never the thing that it names."""
    if word := kind.get("doubt"):
        said: str = words["brief"][word]
        return said
    several = len(tuple(things.get("municipality", ()))) > 1
    said = words["ties_disputed" if several else "tie_disputed"]
    return said[:1].upper() + said[1:]


def _telling(
    rows: Sequence[Row], shown: Sequence[str], sparse: Collection[str]
) -> list[int]:
    """Return the columns that have something, of the sparse ones in half the rows."""
    filled = [sum(bool(r.cells[n]) for r in rows) for n in range(len(shown))]
    return [
        n
        for n, number in enumerate(filled)
        if number and (shown[n] not in sparse or 2 * number >= len(rows))
    ]


def _group(
    kind: Mapping[str, Any], shown: Sequence[str], remaining: Sequence[int]
) -> int | None:
    """Return which of the columns that remain groups the rows."""
    name = kind.get("group", "")
    at = shown.index(name) if name else -1
    return remaining.index(at) if at in remaining else None


@cache
def _kinds() -> list[dict[str, Any]]:
    file = resources.files("glokal.site.pages").joinpath("thing_sections.toml")
    kinds: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))[
        "section"
    ]
    return kinds


def _text(cell: Iterable[Value]) -> str:
    return ", ".join(v.text for v in cell)


def _with_cells(row: Row, kept: Iterable[int]) -> Row:
    return replace(row, cells=tuple(row.cells[n] for n in kept))
