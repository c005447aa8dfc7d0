"""A page for each question and each choice: the answer, the query, the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from glokal.catalogue.schema_org import entity_for_search
from glokal.core.collation import sort_key
from glokal.core.files.data_files import CSV, SPARQL, DataFile, write_data_file
from glokal.core.languages import ByLanguage
from glokal.dataset.answer_sentence import answer_language, answer_sentence
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.result_page import FORMATS, NoPlaceError, Page, cut, render_page
from glokal.dataset.row_order import in_language_order
from glokal.dataset.sparql_examples import example_iri
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.answer_tables import AnswerTable, answer_table, column_word
from glokal.site.answer_workbook import AnsweredQuestion, write_answer_workbook
from glokal.site.charts.bars import draw_bars
from glokal.site.citations import Cited, PassageLink
from glokal.site.graph_view import GraphView, Value
from glokal.site.query_parameters import Choice, ParameterChoices, answer_path
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChange, ReportedChanges
from glokal.site.row_sources import RowSources, asks_a_graph
from glokal.site.translations import cell_text
from glokal.site.view_pages import view_box
from glokal.sparql.store_interface import Table

# A page shows so many rows; its files have them all.
ROWS = 500
Groups = list[tuple[str, list[CannedQuery]]]


def write_answers(
    view: GraphView,
    cited: Cited,
    pages: PageRenderer,
    workspace: Workspace,
    changes: ReportedChanges,
) -> list[tuple[CannedQuery, DataFile]]:
    """Write the pages of the questions; return each query with its rows as a file."""
    choices, row_sources = (
        ParameterChoices(view),
        RowSources(view, cited, workspace),
    )
    for lang in pages.project.languages:
        words = pages.words[lang]
        pages.render(
            "queries.html",
            lang,
            "query/",
            words["questions"],
            crumbs=[(words["questions"], "")],
            groups=_groups(workspace.queries, lang, words["themes"]),
            box=view_box(),
            way_in=True,
        )
        if not pages.of_reported:
            write_api_page(pages, lang, workspace.queries)
        for query in workspace.queries:
            for choice in choices.of(query):
                if pages.shows(lang, answer_path(query, choice)):
                    _write_answer(
                        view,
                        row_sources,
                        pages,
                        workspace,
                        choices,
                        query,
                        choice,
                        changes,
                        lang,
                    )
    return [
        (query, file)
        for query in workspace.queries
        for file in _files(query, view, pages, workspace)
        if file.media == CSV
    ]


def write_api_page(
    pages: PageRenderer, lang: str, queries: Sequence[CannedQuery]
) -> None:
    """Write the page of the API in a language; a server shows the forms there."""
    word = pages.words[lang]["api"]
    crumbs = [(word, "")]
    pages.render(
        "api.html", lang, "api/", word, crumbs=crumbs, forms=(), queries=queries
    )


def _files(
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
        page = Page(query.slug, lang, requests, cut(table), len(table.rows))
        if len(page.table.rows) == page.total:
            sentence = _sentence(view, query, requests, table, lang)
            page = replace(page, answer=sentence)
        home = pages.own_home(lang)
        for fmt, media in FORMATS.items():
            try:
                data = render_page(page, fmt, view.wkt)
            except NoPlaceError:
                continue
            file = write_data_file(
                pages.root, f"{home}{folder}/rows.{fmt}", data, media
            )
            if not home:
                # Of the view of what was reported the catalogue has the dumps.
                yield file


def _write_answer(
    view: GraphView,
    row_sources: RowSources,
    pages: PageRenderer,
    workspace: Workspace,
    choices: ParameterChoices,
    query: CannedQuery,
    choice: Choice,
    changes: ReportedChanges,
    lang: str,
) -> None:
    words = pages.words[lang]
    path, summary = answer_path(query, choice), query.summary[lang]
    own = ByLanguage(query.summary).language(lang)
    pickers = choices.pickers(query, choice, lang)
    chosen = ", ".join(p.chosen.text for p in pickers)
    asked = query.question({p.name: p.chosen.text for p in pickers}, lang)
    title = asked or f"{summary} {chosen}".strip()
    table = run_canned_query(query, workspace, lang, choice)
    answer = answer_table(view, table, lang, words["columns"], words["no_value"])
    crumbs = [(words["questions"], "query/")]
    first = path == f"query/{query.slug}/"
    if first:
        crumbs += [(summary, "")]
    else:
        crumbs += [(summary, f"query/{query.slug}/"), (chosen, "")]
    sentence = _sentence(view, query, choice, table, lang)
    sources = row_sources.of(query, choice, table, lang, words)
    elsewhere = asks_a_graph(query) or bool(query.service)
    counted = column_word(view, query.chart, lang, words["columns"])
    pages.render(
        "query.html",
        lang,
        path,
        title,
        heading=asked or summary,
        title_lang="" if own == lang else own,
        chosen="" if asked else chosen,
        sentence=sentence,
        sentence_lang=_sentence_lang(query, lang),
        description=sentence,
        plain=True,
        entities=[
            _entity(pages, query, f"{pages.own_home(lang)}{path}", title, sentence)
        ],
        first=first,
        # An answer without rows is found by its question.
        searchable=first or bool(table.rows),
        crumbs=crumbs,
        query=query,
        text=query.bind(choice, project=workspace.project, lang=lang),
        pickers=pickers,
        answer=replace(answer, rows=answer.rows[:ROWS]),
        sources=sources,
        sources_there=bool(table.rows) and not sources and not elsewhere,
        elsewhere=elsewhere,
        number=len(answer.rows),
        chart=draw_bars(answer, counted) if query.chart else None,
        box=view_box(
            changes.lines(_told(changes, choice, table), lang, words),
            # An answer that has changed says why, whatever it is about.
            otherwise=changes.lines(changes.all, lang, words),
        ),
    )
    if not pages.writes:
        return
    if not first:
        # Those of the first are written in every format.
        page = Page(query.slug, lang, choice, table, len(table.rows))
        name = f"{pages.own_home(lang)}{path}rows.csv"
        key = pages.kept.key("csv", page)
        if not pages.kept.take(name, key):
            write_data_file(pages.root, name, render_page(page, "csv", view.wkt), CSV)
            pages.kept.note(name, key)
    # One row needs no sheet, and a sheet takes longer than all else on the page.
    if len(answer.rows) > 1 or (first and not query.service):
        entries = tuple((p.label, p.chosen.text) for p in pickers)
        whole = _with_sources(answer, sources, words["sources_column"])
        write_answer_workbook(
            pages, AnsweredQuestion(lang, path, asked or summary, entries, whole)
        )


def _entity(
    pages: PageRenderer, query: CannedQuery, path: str, title: str, sentence: str
) -> dict[str, Any]:
    """Return a question with its answer in words, for search engines.

    The question itself is known by its example in SPARQL; one of a chosen value by its
    page.
    """
    question = example_iri(pages.project.graphs, query.slug)
    page = pages.project.address + path
    first = path.endswith(f"query/{query.slug}/")
    answer = {"@type": "Answer", "text": sentence} if sentence else {}
    return entity_for_search(
        question if first else page,
        ["Question"],
        title,
        url=page,
        isBasedOn="" if first else {"@id": question},
        acceptedAnswer=answer,
    )


def _told(
    changes: ReportedChanges, choice: Choice, table: Table
) -> tuple[ReportedChange, ...]:
    """Return what was reported of the things that a question is about or names."""
    near = set(choice.values())
    found = tuple(c for c in changes.all if not near.isdisjoint(c.concerns))
    named = {text_of(cell) for row in table.rows for cell in row}
    return found or changes.among(named)


def _sentence_lang(query: CannedQuery, lang: str) -> str:
    """Return the language of the answer in words, "" when it is the page's."""
    own = answer_language(query.answer, lang) if query.answer else lang
    return "" if own == lang else own


def _sentence(
    view: GraphView, query: CannedQuery, choice: Choice, table: Table, lang: str
) -> str:
    """Return the answer in words, "" for a question that has no words for it."""
    if query.answer is None:
        return ""
    chosen = {name: view.link(value, lang).text for name, value in choice.items()}
    return answer_sentence(
        query.answer, table, chosen, lang, lambda cell: cell_text(cell, lang)
    )


def _with_sources(
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


def _groups(
    queries: Iterable[CannedQuery], lang: str, themes: Mapping[str, str]
) -> Groups:
    """Return the questions by theme, in the order of the themes' words.

    A theme without a word is one with the questions that have none.
    """
    results: dict[str, list[CannedQuery]] = {theme: [] for theme in themes}
    for query in queries:
        results[query.theme if query.theme in themes else "more"].append(query)
    for request in results.values():
        request.sort(key=lambda q: (not q.first, sort_key(q.summary[lang], lang)))
    return [(themes[theme], found) for theme, found in results.items() if found]


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
