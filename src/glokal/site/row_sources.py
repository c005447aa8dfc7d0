"""The passages that the rows of an answer rest on.

A row's passages are those that say how the things in it belong together. A row of a
programme and a municipality has none of its own, for what ties them is an activity:
it rests on what is said of the activities between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import pyoxigraph as ox

from glokal.dataset.answer_sentence import is_disputed, is_silent
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.citations import Cited, PassageLink
from glokal.site.graph_view import GraphView
from glokal.site.relations import RelationIndex, relation_index
from glokal.sparql.prepare import parse
from glokal.sparql.store_interface import Row, Table
from glokal.sparql.tree import GraphPattern
from glokal.sparql.walk import selects_and_elements

# A row has so many passages at most; the pages of its things have them all.
SOURCES = 12
# The theme of the questions about the source's words.
_OF_SOURCE = "source"


class RowSources:
    """Finds the passages of rows, of any question about a workspace."""

    def __init__(self, view: GraphView, cited: Cited, workspace: Workspace) -> None:
        self._cited = cited
        self._project = workspace.project
        self._relations = relation_index(workspace)
        self._municipalities = frozenset(view.region_municipalities())

    def of(
        self,
        query: CannedQuery,
        choice: Mapping[str, str],
        table: Table,
        lang: str,
        words: Mapping[str, Any],
    ) -> list[tuple[PassageLink, ...]]:
        """Return for each row of an answer the passages that say what it connects.

        Empty where no row has any, and where the question asks a graph by its name: the
        rows are then what that says, be it another source or the passages themselves.
        """
        if asks_a_graph(query):
            return []
        chosen = [
            ox.NamedNode(term[1:-1])
            for term in query.terms(choice, self._project).values()
        ]
        results = list[tuple[PassageLink, ...]]()
        for row in table.rows:
            if is_silent(table, row):
                # No passage says that nothing is said.
                results.append(())
                continue
            things = [*chosen, *row]
            passages = self._passages(things, silent=query.silence == "rows")
            if is_disputed(table, row):
                # A dispute has two sides.
                others = self._cited.leaving_out(things)
                passages = tuple(dict.fromkeys([*passages, *others]))[:SOURCES]
            results.append(self._cited.sources(passages, lang, words))
        return results if any(results) else []

    def _passages(self, row: Row | list[Any], *, silent: bool) -> Sequence[str]:
        own = self._cited.connecting(row)
        if own or silent:
            return own[:SOURCES]
        nodes = {text_of(term) for term in row if isinstance(term, ox.NamedNode)}
        between = passages_between(
            self._cited, self._relations, nodes, self._municipalities
        )
        return self._cited.provenance.source.in_order(between)[:SOURCES]


def passages_between(
    cited: Cited,
    relations: RelationIndex,
    nodes: Iterable[str],
    municipalities: Iterable[str],
) -> set[str]:
    """Return the passages that tie municipalities to what else is among some things.

    Programmes and places are tied to them by what they do there, an activity by who is
    in it. Where no municipality is among the things, all of `municipalities` are asked.
    """
    near, every = set(nodes), set(municipalities)
    who = near & every or every
    where = [n for n in near if n in relations.at]
    what = {n for n in near if n in relations.who_of}
    results: set[str] = set()
    for municipality in who:
        has = relations.what_of.get(municipality, frozenset())
        for place in where:
            for thing in has & relations.at[place]:
                row = map(ox.NamedNode, (municipality, thing, place))
                results.update(cited.connecting(list(row)))
        for thing in what & has if not where else ():
            row = map(ox.NamedNode, (municipality, thing))
            results.update(cited.connecting(list(row)))
    return results


def asks_elsewhere(query: CannedQuery) -> bool:
    """Whether a question asks what others than the source say.

    A graph that is asked by its name may be anyone's, unless the question says by its
    theme that it is about the source's own words.
    """
    return bool(query.service) or (asks_a_graph(query) and query.theme != _OF_SOURCE)


def asks_a_graph(query: CannedQuery) -> bool:
    """Whether a question asks a graph by its name, and not what the strategy says."""
    select = parse(query.text, query.name).query.select
    return any(isinstance(p, GraphPattern) for p in selects_and_elements(select))


class SourcedRow(Protocol):
    """A row of a table with what it rests on, and what leaves it out."""

    @property
    def sources(self) -> tuple[PassageLink, ...]:
        """What the row rests on."""

    @property
    def against(self) -> tuple[PassageLink, ...]:
        """What leaves it out."""


def printed_sources(
    rows: Iterable[SourcedRow],
) -> tuple[Mapping[str, int], tuple[tuple[str, str], ...]]:
    """Return what rows rest on for paper, where nobody follows a link.

    Each passage has a number; the citations come in their order, without addresses.
    """
    found = {s.href: s.citation for r in rows for s in (*r.sources, *r.against)}
    numbers = {href: number for number, href in enumerate(found, 1)}
    return numbers, tuple((citation, "") for citation in found.values())
