"""All that the mapping lists, and all activities, as a workbook and as CSV.

For those who want the whole at once: one row a thing, names in the order that people
ask for them, then where it stands in the strategy, the addresses last. Rows are sorted
by the first of them, what is not stated last. The same graph gives the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.files.data_files import CSV, write_data_file
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import Term, text_of
from glokal.site.answer_tables import AnswerTable, column_word
from glokal.site.answer_workbook import AnsweredQuestion, write_workbook
from glokal.site.citations import Cited
from glokal.site.ended import all_ended
from glokal.site.graph_view import GraphView
from glokal.site.page_queries import ask
from glokal.site.page_values import Value
from glokal.site.renderer import PageRenderer
from glokal.sparql.result_formats import csv_text
from glokal.sparql.store_interface import Row, Table

FOLDER = "dump/"
# The queries; the first column of each names the row.
QUERIES = {"entries": "all_entries", "activities": "all_activities"}
_SOURCES = ("passage", "against")
_BETWEEN = "; "
# What is in dispute, or over by other sources, says so in one column.
_STATUS = "status"
# The columns that people look for first; the others keep the order of the query.
_FIRST = ("municipality", "programme", "activity", "thing")


@dataclass(frozen=True)
class WholeTable:
    """A table of everything of one sort: its title, how many rows, its files."""

    title: str
    number: int
    workbook: str
    csv: str


def write_whole_tables(
    view: GraphView, cited: Cited, pages: PageRenderer, workspace: Workspace
) -> Mapping[str, tuple[WholeTable, ...]]:
    """Write the tables in each language; return those of each that have rows."""
    asked = {name: ask(workspace, query) for name, query in QUERIES.items()}
    results: dict[str, tuple[WholeTable, ...]] = {}
    taken: dict[str, str] = {}
    for lang in pages.project.languages:
        words = pages.words[lang]
        # Bokmål and nynorsk have the same word for some.
        files = {
            name: path if taken.setdefault(path, lang) == lang else f"{path}-{lang}"
            for name, path in ((name, words["paths"][name]) for name in asked)
        }
        results[lang] = tuple(
            _write(
                pages,
                lang,
                words["whole_tables"][name],
                files[name],
                whole_table(view, cited, table, lang, words),
            )
            for name, table in asked.items()
            if table.rows
        )
    return results


def whole_table(
    view: GraphView, cited: Cited, table: Table, lang: str, words: Mapping[str, Any]
) -> AnswerTable:
    """Return the rows of such a query, one for each value of its first column.

    An entry is no thing that people name: its column is left to the addresses.
    """
    first, *others = table.columns
    shown = [c for c in others if c not in _SOURCES]
    place = {name: n for n, name in enumerate(table.columns)}
    # Their cells are gathered one by one: all of them are more than the table.
    by_subject: dict[Term, list[Row]] = defaultdict(list)
    for row in table.rows:
        if row[0] is not None:
            by_subject[row[0]].append(row)
    told = [row for row in table.rows if row[0] is not None]
    having = {c for c in others if any(row[place[c]] is not None for row in told)}
    over = all_ended(view)
    named = first if first in words["columns"] and "thing" not in shown else ""
    kept = [c for c in shown if c == _STATUS or c in having]
    kept = sorted([*kept, *([named] if named else [])], key=_place)
    columns = [
        words["whole_remark"]
        if c == _STATUS
        else column_word(view, c, lang, words["columns"])
        for c in kept
    ]
    rows = []
    for subject, of_subject in by_subject.items():
        cells = {c: _terms(row[place[c]] for row in of_subject) for c in others}
        about = text_of(next(iter(cells["thing"]))) if "thing" in cells else ""
        ended = over.get(about or text_of(subject), "")
        remarks = ["tie_disputed"] if cells.get(_STATUS) else []
        remarks += [ended] if ended else []
        values = [
            (view.link(text_of(subject), lang),)
            if c == named
            else tuple(Value(words[r]) for r in remarks)
            if c == _STATUS
            else view.values(cells[c], lang)
            for c in kept
        ]
        said, left_out = (
            tuple(
                Value(s.citation, "", s.href)
                for s in cited.sources(map(text_of, cells.get(c, ())), lang, words)
            )
            for c in _SOURCES
        )
        addresses = [(Value(iri),) for iri in (about, text_of(subject)) if iri]
        rows.append((*values, said, left_out, *addresses))
    ends = [words["columns"]["address"]]
    if "thing" in others:
        ends.append(words["columns"]["entryAddress"])
    heads = [*columns, words["sources_column"], words["leaves_out"], *ends]
    leading = sum(c in _FIRST for c in kept)
    rows.sort(
        key=lambda row: [
            (not cell, sort_key(_BETWEEN.join(v.text for v in cell), lang))
            for cell in row[:leading]
        ]
    )
    return _without_empty(AnswerTable(tuple(heads), tuple(rows)))


def _terms(cells: Iterable[Term | None]) -> dict[Term, None]:
    return dict.fromkeys(term for term in cells if term is not None)


def _place(column: str) -> int:
    return _FIRST.index(column) if column in _FIRST else len(_FIRST)


def _without_empty(table: AnswerTable) -> AnswerTable:
    kept = [n for n in range(len(table.columns)) if any(r[n] for r in table.rows)]
    return AnswerTable(
        tuple(table.columns[n] for n in kept),
        tuple(tuple(row[n] for n in kept) for row in table.rows),
    )


def _write(
    pages: PageRenderer, lang: str, title: str, name: str, table: AnswerTable
) -> WholeTable:
    base = f"{FOLDER}{name}"
    whole = WholeTable(title, len(table.rows), f"{base}.xlsx", f"{base}.csv")
    asked = AnsweredQuestion(lang, FOLDER, title, (), table)
    write_workbook(pages, whole.workbook, asked)
    data = csv_text(Table(table.columns, _texts(table.rows)))
    write_data_file(pages.root, whole.csv, data.encode(), CSV)
    return whole


def _texts(
    rows: Sequence[Sequence[Sequence[Value]]],
) -> tuple[tuple[Term, ...], ...]:
    return tuple(
        tuple(ox.Literal(_BETWEEN.join(v.text for v in cell)) for cell in row)
        for row in rows
    )
