"""Answers as tables for people: words for columns, one cell for a thing and its name.

A query gives a thing as `?x` and its name as `?xLabel`; a reader wants one link.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import XSD
from glokal.rdf.terms import text_of
from glokal.site import source_names
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.sparql.store_interface import Row, Table

LABEL = "Label"
_NUMBERS = {XSD + kind for kind in ("integer", "decimal", "double")}
# Columns that hold the source's own words, which SPARQL's STR() has taken the language
# from.
QUOTED = ("quote", "quotes")


# An item of the mapping is called by its municipality and its thing; where the thing
# has a column of its own, the item's would say it twice.
_REPEATED = {"entry": "thing"}


@dataclass(frozen=True)
class AnswerTable:
    """A table as a page shows it: each cell holds any number of values.

    `numbers` are the places of the columns that have numbers, to be read as such.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Value, ...], ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Column:
    """A column that is shown: its place, that of the labels of its things, its name."""

    place: int
    label: int | None
    name: str


def answer_table(
    view: GraphView, table: Table, lang: str, words: Mapping[str, str], silent: str
) -> AnswerTable:
    """Return an answer in words.

    `words` names the columns, `silent` stands where the answer has no value.
    """
    shown = _shown(table)
    labels = {
        place: table.columns.index(name + LABEL)
        for place, name in shown
        if name + LABEL in table.columns
    }
    return AnswerTable(
        tuple(column_word(view, name, lang, words) for _, name in shown),
        tuple(
            tuple(
                _cell(
                    view, row, _Column(place, labels.get(place), column), lang, silent
                )
                for place, column in shown
            )
            for row in table.rows
        ),
        frozenset(
            n for n, (place, _) in enumerate(shown) if _has_numbers(table, place)
        ),
    )


def without_repeated(answer: AnswerTable, table: Table) -> AnswerTable:
    """Return an answer for a page, without columns that only repeat another one."""
    names = [name.removesuffix(LABEL) for _, name in _shown(table)]
    kept = [n for n, name in enumerate(names) if _REPEATED.get(name) not in names]
    return AnswerTable(
        tuple(answer.columns[n] for n in kept),
        tuple(tuple(row[n] for n in kept) for row in answer.rows),
        frozenset(new for new, n in enumerate(kept) if n in answer.numbers),
    )


def columns_of(words: Mapping[str, Any], slug: str) -> Mapping[str, str]:
    """Return the words for the columns of a question, some of them its own."""
    return {**words["columns"], **words["columns_of"].get(slug, {})}


def _has_numbers(table: Table, place: int) -> bool:
    """Whether a column has numbers, and nothing else; a year is no number."""
    terms = [row[place] for row in table.rows if row[place] is not None]
    return bool(terms) and all(
        isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS
        for term in terms
    )


def _shown(table: Table) -> list[tuple[int, str]]:
    """Return the columns that are shown: a name stands in the column of its thing."""
    return [
        (place, name)
        for place, name in enumerate(table.columns)
        if name.removesuffix(LABEL) == name
        or name.removesuffix(LABEL) not in table.columns
    ]


def column_word(view: GraphView, name: str, lang: str, words: Mapping[str, str]) -> str:
    """Return the word for a column: ours, the ontology's, else the name itself."""
    name = name.removesuffix(LABEL)
    return words.get(name) or view.term_named(name, lang) or name


def _cell(
    view: GraphView,
    row: Row,
    of: _Column,
    lang: str,
    silent: str,
) -> tuple[Value, ...]:
    term, column = row[of.place], of.name
    name = text_of(row[of.label]) if of.label is not None else ""
    if term is None:
        return (Value(name or silent),)
    if column == source_names.COLUMN:
        return source_names.named_sources([text_of(term)], view, lang)
    value = view.cell(term, lang)
    if column in QUOTED and lang != view.source_language:
        value = replace(value, lang=view.source_language)
    if name and name != value.text:
        # The words are the query's, so the language of our label isn't theirs.
        value = replace(value, text=name, lang="")
    return (value,)
