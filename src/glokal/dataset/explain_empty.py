"""Why a query has no rows: the first of its patterns with which nothing is left.

A query is asked again with one pattern more each time, as long as something is found.
The patterns are those of its WHERE, in their order; a FILTER counts for the whole of
its group (SPARQL 1.1, section 5.2.2) and so comes last in it.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from glokal.core.languages import completed
from glokal.sparql.prepare import parse
from glokal.sparql.printer import print_query
from glokal.sparql.reader import ReadQuery
from glokal.sparql.tree import (
    Element,
    Filter,
    GraphPattern,
    Group,
    Minus,
    Query,
    Select,
    Union,
)

# Puts elements where a group stands, in all that is around it.
Enclose = Callable[[list[Element]], list[Element]]


@dataclass(frozen=True)
class EmptyExplanation:
    """The pattern that emptied a result, with its place in the query (from 1).

    `alone` is whether the pattern finds something without those before it. `kind` is
    first for the first pattern, pattern for another, filter, or tail for what stands
    after WHERE.
    """

    kind: str
    line: int
    column: int
    text: str
    alone: bool


def explain_empty(text: str, ask: Callable[[str], bool]) -> EmptyExplanation | None:
    """Return the first pattern of a query that leaves nothing, None when rows are left.

    `ask` answers whether a SELECT has a row; what it raises is passed on. Other forms
    than SELECT and ASK give None. Raises SourceError for what is no query.
    """
    read = parse(text)
    if read.query.form not in ("SELECT", "ASK"):
        return None
    search = _Search(read, ask)
    where = read.query.select.where
    if where.subquery is not None:
        where = Group([Union([where], where.start, where.end)], where.start, where.end)
    if result := search.group(where, list, list, first=True):
        return result
    if ask(print_query(read.query)):
        return None
    end = read.query.select.where.end
    line, column = read.places.line_and_column(end - 1)
    return EmptyExplanation(
        "tail", line, column, " ".join(read.text[end:].split()), True
    )


class _Search:
    def __init__(self, read: ReadQuery, ask: Callable[[str], bool]) -> None:
        self._read = read
        self._ask = ask

    def group(
        self, group: Group, around: Enclose, opens: Enclose, *, first: bool
    ) -> EmptyExplanation | None:
        """Look in a group; `opens` is `around` without what stands before the group."""
        remaining: list[Element] = []
        for element in _ordered(group.elements):
            if self._finds(around([*remaining, element])):
                remaining.append(element)
                continue
            inner = _inside(element)
            if inner is not None and (
                deeper := self._deeper(element, inner, remaining, around, opens, first)
            ):
                return deeper
            is_filter = isinstance(element, Filter | Minus)
            kind = "filter" if is_filter else "pattern"
            if kind == "pattern" and first and not remaining:
                kind = "first"
            line, column = self._read.places.line_and_column(element.start)
            shown = " ".join(self._read.text[element.start : element.end].split())
            alone = is_filter or self._finds(opens([element]))
            return EmptyExplanation(kind, line, column, shown, alone)
        return None

    def _deeper(
        self,
        element: Element,
        inner: Group,
        kept: list[Element],
        around: Enclose,
        opens: Enclose,
        first: bool,
    ) -> EmptyExplanation | None:
        before = [*kept]

        def inside(elements: list[Element]) -> list[Element]:
            return around([*before, _with_inside(element, elements)])

        def alone(elements: list[Element]) -> list[Element]:
            return opens([_with_inside(element, elements)])

        return self.group(inner, inside, alone, first=first and not before)

    def _finds(self, elements: list[Element]) -> bool:
        select = Select(None, Group(elements), limit=1)
        return self._ask(print_query(Query("SELECT", select, self._read.query.dataset)))


def _ordered(elements: list[Element]) -> list[Element]:
    """Return the elements in order, what filters the whole group last."""
    filters = [e for e in elements if isinstance(e, Filter | Minus)]
    return [e for e in elements if not isinstance(e, Filter | Minus)] + filters


def _inside(element: Element) -> Group | None:
    """Return the group that stands whole in an element, None without such a one."""
    match element:
        case GraphPattern() if element.group.subquery is None:
            return element.group
        case Union(groups=[only]) if only.subquery is None:
            return only
    return None


def _with_inside(element: Element, elements: list[Element]) -> Element:
    if isinstance(element, GraphPattern):
        return dataclasses.replace(element, group=Group(elements))
    assert isinstance(element, Union)
    return dataclasses.replace(element, groups=[Group(elements)])


def explanation_sentences(why: EmptyExplanation, lang: str) -> str:
    """Return what emptied a result as two or three plain sentences."""
    words = _words()[lang]
    named = words[why.kind].format(line=why.line, text=why.text)
    if why.kind != "pattern":
        return named
    return f"{named} {words['together' if why.alone else 'nowhere']}"


def as_values(why: EmptyExplanation, languages: Collection[str]) -> dict[str, Any]:
    """Return what emptied a result as values for a program, and in words."""
    return {
        "line": why.line,
        "column": why.column,
        "pattern": why.text,
        "alone": why.alone,
        "text": {lang: explanation_sentences(why, lang) for lang in languages},
    }


@cache
def _words() -> dict[str, dict[str, str]]:
    file = resources.files("glokal.dataset").joinpath("explain_empty.toml")
    return completed(tomllib.loads(file.read_text(encoding="utf-8")))
