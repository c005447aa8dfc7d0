"""The files of an answer: its query, its rows in every format, its sheet.

Those of a question's first page are written in every language and format, those of a
chosen value as CSV and, where there is more than a row, as a workbook.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from glokal.core.files.data_files import CSV, SPARQL, DataFile, write_data_file
from glokal.dataset.answer_sentence import answer_sentence
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.result_page import (
    PAGE_FORMATS,
    NoPlaceError,
    Page,
    cut_rows,
    render_page,
)
from glokal.dataset.row_order import in_language_order
from glokal.dataset.workspace import Workspace
from glokal.site.answer_tables import AnswerTable
from glokal.site.answer_workbook import AnsweredQuestion, write_answer_workbook
from glokal.site.charts.municipality_map import geometry_of
from glokal.site.citations import PassageLink
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.site.page_words import cell_text
from glokal.site.query_parameters import Choice
from glokal.site.renderer import PageRenderer
from glokal.sparql.store_interface import Table


def answer_files(
    query: CannedQuery, view: GraphView, pages: PageRenderer, workspace: Workspace
) -> Iterator[DataFile]:
    """Write the query and its rows; yield the files in the first language.

    A server gives them out as they are when it is asked for the query's first page.
    """
    folder = f"query/{query.slug}"
    if not pages.of_reported:
        write_data_file(pages.root, f"{folder}/query.rq", query.text.encode(), SPARQL)
    if query.service or not pages.writes:
        return
    for lang in pages.project.languages:
        if not pages.shows(lang, f"{folder}/"):
            continue
        table = run_canned_query(query, workspace, lang)
        requests = {p.name: p.default for p in query.parameters}
        page = Page(query.slug, lang, requests, cut_rows(table), len(table.rows))
        if len(page.table.rows) == page.total:
            sentence = sentence_of(view, query, requests, table, lang)
            page = replace(page, answer=sentence)
        home, place_of = pages.own_home(lang), partial(geometry_of, view)
        for fmt, media in PAGE_FORMATS.items():
            try:
                data = render_page(page, fmt, place_of)
            except NoPlaceError:
                continue
            file = write_data_file(
                pages.root, f"{home}{folder}/rows.{fmt}", data, media
            )
            if not home:
                # Of the view of what was reported the catalogue has the dumps.
                yield file


@dataclass(frozen=True)
class ChosenAnswer:
    """A question, what was chosen for it, and its rows."""

    query: CannedQuery
    choice: Choice
    table: Table


def write_chosen(
    view: GraphView,
    pages: PageRenderer,
    answer: ChosenAnswer,
    asks: AnsweredQuestion,
    *,
    first: bool,
) -> None:
    """Write the files of an answer that a page links to.

    Those of a question's `first` page are written by `answer_files`, but the workbook.
    """
    query, table = answer.query, answer.table
    if not first:
        page = Page(query.slug, asks.lang, answer.choice, table, len(table.rows))
        name = f"{pages.own_home(asks.lang)}{asks.path}rows.csv"
        key = pages.kept.key("csv", page)
        if not pages.kept.take(name, key):
            data = render_page(page, "csv", partial(geometry_of, view))
            file = write_data_file(pages.root, name, data, CSV)
            pages.kept.note_digest(name, key, file.sha256)
    # One row needs no sheet, and a sheet takes longer than all else on the page.
    if len(table.rows) > 1 or (first and not query.service):
        write_answer_workbook(pages, asks)


def sentence_of(
    view: GraphView, query: CannedQuery, choice: Choice, table: Table, lang: str
) -> str:
    """Return the answer in words, "" for a question that has no words for it."""
    if query.answer is None:
        return ""
    chosen = {name: view.link(value, lang).text for name, value in choice.items()}
    return answer_sentence(
        query.answer, table, chosen, lang, lambda cell: cell_text(cell, lang)
    )


def with_sources(
    answer: AnswerTable, sources: list[tuple[PassageLink, ...]], column: str
) -> AnswerTable:
    """Return an answer with a last column of where its rows stand, if they have any."""
    if not sources:
        return answer
    cells = [tuple(Value(s.citation, "", s.href) for s in row) for row in sources]
    rows = zip(answer.rows, cells, strict=True)
    return AnswerTable(
        (*answer.columns, column), tuple((*row, cell) for row, cell in rows)
    )


def run_canned_query(
    query: CannedQuery,
    workspace: Workspace,
    lang: str,
    choice: Choice | None = None,
) -> Table:
    """Return the answer to a canned query, its rows as the language sorts them.

    There are no rows when another endpoint has them.
    """
    if query.service:
        return Table((), ())
    text = query.bind(choice or {}, project=workspace.project, lang=lang)
    return in_language_order(workspace.store.select(text, name=query.name), text, lang)
