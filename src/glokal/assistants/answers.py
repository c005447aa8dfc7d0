"""Rows of a question as an assistant gets them: each with status, words and citation.

A status is one of five: `stated`, what the source says; `reported`, what has been told
since; `disputed`, where the source contradicts itself; `not stated`, where it is
silent, which is never a no; `other source`, what it doesn't say and another does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from glokal.assistants.publication_index import Library, Quotation
from glokal.core.namespaces import GLO
from glokal.dataset.canned_queries import CannedQuery
from glokal.rdf.terms import text_of
from glokal.site.answer_tables import LABEL, QUOTED
from glokal.site.page_words import load_words
from glokal.site.row_sources import asks_a_graph
from glokal.sparql.plain_values import plain_value
from glokal.sparql.store_interface import Row, Table

STATED, REPORTED, DISPUTED, NOT_STATED, OTHER_SOURCE = (
    "stated", "reported", "disputed", "not stated", "other source",
)  # fmt: skip
# What queries have in the place of a name where the source is silent (decision 22).
_SILENCES = frozenset(("ikke oppgitt", "ikkje oppgitt", "not stated"))
STATUSES = (STATED, REPORTED, DISPUTED, NOT_STATED, OTHER_SOURCE)
# The columns that a status is read from.
_RELATION, _OUTSIDE, _WHERE = "relation", "recordSource", "citation"
MOST_QUOTATIONS = 5


@dataclass(frozen=True)
class _CitedRow:
    """What a citation rests on: a row, its quotations, and what was asked about."""

    cells: Mapping[str, object]
    quotations: Sequence[Quotation]
    status: str
    asked: Sequence[ox.NamedNode]


def rows_with_sources(
    library: Library,
    query: CannedQuery,
    parameters: Mapping[str, str],
    table: Table,
    lang: str,
    unreported: Collection[Row] | None = None,
) -> list[dict[str, Any]]:
    """Return rows as values for a program, in the order of the table.

    `parameters` are the IRIs that the question was asked with, `unreported` the rows
    that the strategy gives alone, when what was reported is asked: the others rest on
    reports.
    """
    asked = [ox.NamedNode(iri) for iri in parameters.values()]
    apart = asks_a_graph(query)
    results = []
    for row in table.rows:
        status = _status(library, query, parameters, table.columns, row)
        if status == STATED and unreported is not None and row not in unreported:
            status = REPORTED
        if apart:
            quotations = _quoted(library, table.columns, row, lang)
        else:
            found = library.cited.connecting([*asked, *row])
            if status == DISPUTED:
                ends = [text_of(c) for c in (*asked, *row) if c is not None]
                found = library.dispute(ends) or found
            quotations = [library.quotation(p, lang) for p in found[:MOST_QUOTATIONS]]
        cells = dict(zip(table.columns, row, strict=True))
        results.append(
            {
                "values": {name: plain_value(cell) for name, cell in cells.items()},
                "label": _label(table.columns, row),
                "status": status,
                "quotations": [q.values() for q in quotations],
                "citation": _citation(
                    library, query, _CitedRow(cells, quotations, status, asked), lang
                ),
            }
        )
    return results


def _status(
    library: Library,
    query: CannedQuery,
    parameters: Mapping[str, str],
    columns: Sequence[str],
    row: Row,
) -> str:
    cells = dict(zip(columns, row, strict=True))
    if query.silence == "rows":
        return NOT_STATED
    if _OUTSIDE in cells:
        return OTHER_SOURCE
    relation = text_of(cells.get(_RELATION))
    if relation in (DISPUTED, NOT_STATED):
        return relation
    if any(_is_silent(name, cells) for name in columns):
        return NOT_STATED
    if relation:
        return STATED
    things = [text_of(c) for c in row if isinstance(c, ox.NamedNode)]
    if any(GLO + "SourceConflict" in library.view.kind_iris(t) for t in things):
        return DISPUTED
    ends = {*things, *parameters.values()}
    if any(pair <= ends for pair in library.disputed):
        return DISPUTED
    return STATED


def _is_silent(name: str, cells: Mapping[str, object]) -> bool:
    """Whether a column says in words that nothing is stated, and names no thing."""
    thing = cells.get(name.removesuffix(LABEL))
    silent = name.endswith(LABEL) and (
        name.removesuffix(LABEL) not in cells or not thing
    )
    return silent and text_of(cells.get(name)) in _SILENCES


def _label(columns: Sequence[str], row: Row) -> str:
    """Return the name of what a row is about: its first label, else its first text."""
    names = [c for n, c in zip(columns, row, strict=True) if n.endswith(LABEL) and c]
    texts = [c for c in row if isinstance(c, ox.Literal)]
    return text_of(next(iter([*names, *texts]), None))


def _quoted(
    library: Library, columns: Sequence[str], row: Row, lang: str
) -> list[Quotation]:
    """Return the passage whose place and words stand in the row itself."""
    cells = dict(zip(columns, row, strict=True))
    where = text_of(cells.get(_WHERE))
    words = {text_of(cells.get(name)) for name in QUOTED}
    for passage in library.passages_at(where, lang):
        found = library.quotation(passage, lang)
        read = library.view.value(passage, GLO + "readingText", "nb")
        if read in words or found.quotation in words:
            return [found]
    return []


def _citation(
    library: Library,
    query: CannedQuery,
    row: _CitedRow,
    lang: str,
) -> str:
    page = library.question_page(query, lang)
    if row.status == REPORTED:
        # The row's own things tell more than what was asked about.
        things = [text_of(cell) for cell in (*row.cells.values(), *row.asked) if cell]
        return f"{'; '.join(library.reports_on(things, lang)[:1])}. {page}".lstrip(". ")
    if row.quotations:
        return row.quotations[0].citation
    if row.status == OTHER_SOURCE:
        return f"{text_of(row.cells.get(_OUTSIDE))}. {page}"
    own = "en" if lang == "en" else "nb"
    title = library.strategy_title(lang)
    if row.status == NOT_STATED:
        return f"{title}: {load_words()[own]['no_value']}. {page}"
    return f"{title}: {query.summary[own]} {page}"
