"""A page for each question and each choice: the answer, the query, the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from glokal.catalogue.schema_org import entity_for_search
from glokal.core.collation import sort_key
from glokal.core.files.data_files import CSV, DataFile
from glokal.core.languages import ByLanguage
from glokal.dataset.answer_template import answer_language
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.sparql_examples import example_iri
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.answer_tables import (
    answer_table,
    column_word,
    columns_of,
    without_repeated,
)
from glokal.site.answer_workbook import AnsweredQuestion
from glokal.site.charts.bars import draw_bars
from glokal.site.citations import Cited
from glokal.site.graph_view import GraphView
from glokal.site.pages.answer_files import (
    ChosenAnswer,
    answer_files,
    run_canned_query,
    sentence_of,
    with_sources,
    write_chosen,
)
from glokal.site.pages.answer_marks import AnswerMarks
from glokal.site.query_parameters import Choice, ParameterChoices, answer_path
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChange, ReportedChanges
from glokal.site.row_sources import RowSources, asks_elsewhere
from glokal.site.view_pages import view_box
from glokal.sparql.store_interface import Table

# A page shows so many rows; its files have them all.
ROWS = 500
Groups = list[tuple[str, list[CannedQuery]]]


@dataclass(frozen=True)
class _AnswerContext:
    """What the page of every answer is made with."""

    view: GraphView
    pages: PageRenderer
    workspace: Workspace
    changes: ReportedChanges
    choices: ParameterChoices
    row_sources: RowSources
    marks: AnswerMarks


def write_answers(
    view: GraphView,
    cited: Cited,
    pages: PageRenderer,
    workspace: Workspace,
    changes: ReportedChanges,
) -> list[tuple[CannedQuery, DataFile]]:
    """Write the pages of the questions; return each query with its rows as a file."""
    choices = ParameterChoices(view)
    context = _AnswerContext(
        view,
        pages,
        workspace,
        changes,
        choices,
        RowSources(view, cited, workspace),
        AnswerMarks(view),
    )
    for lang in pages.project.languages:
        words = pages.words[lang]
        pages.render(
            "queries.html",
            lang,
            "query/",
            words["questions"],
            crumbs=[(words["questions"], "")],
            groups=_groups(asked_of(workspace.queries), lang, words["themes"]),
            box=view_box(),
            way_in=True,
        )
        if not pages.of_reported:
            write_api_page(pages, lang, asked_of(workspace.queries))
        for query in workspace.queries:
            for choice in choices.of(query):
                if pages.shows(lang, answer_path(query, choice)):
                    _write_answer(context, query, choice, lang)
    return [
        (query, file)
        for query in workspace.queries
        for file in answer_files(query, view, pages, workspace)
        if file.media == CSV
    ]


def asked_of(queries: Iterable[CannedQuery]) -> tuple[CannedQuery, ...]:
    """Return the questions that the data have something for; only those are listed.

    The others have their pages, which say so: the API and the catalogue name them.
    """
    return tuple(query for query in queries if query.answerable)


def write_api_page(
    pages: PageRenderer, lang: str, queries: Sequence[CannedQuery]
) -> None:
    """Write the page of the API in a language; a server shows the forms there."""
    word = pages.words[lang]["api"]
    crumbs = [(word, "")]
    pages.render(
        "api.html", lang, "api/", word, crumbs=crumbs, forms=(), queries=queries
    )


def _write_answer(
    c: _AnswerContext, query: CannedQuery, choice: Choice, lang: str
) -> None:
    view, pages, workspace, changes = c.view, c.pages, c.workspace, c.changes
    choices, row_sources, marks = c.choices, c.row_sources, c.marks
    words = pages.words[lang]
    path, summary = answer_path(query, choice), query.summary[lang]
    own = ByLanguage(query.summary).language(lang)
    pickers = choices.pickers(query, choice, lang)
    chosen = ", ".join(p.chosen.text for p in pickers)
    asked = query.question({p.name: p.chosen.text for p in pickers}, lang)
    title = asked or f"{summary} {chosen}".strip()
    table = run_canned_query(query, workspace, lang, choice)
    answer = answer_table(
        view, table, lang, columns_of(words, query.slug), words["no_value"]
    )
    crumbs = [(words["questions"], "query/")]
    first = path == f"query/{query.slug}/"
    if first:
        crumbs += [(summary, "")]
    else:
        crumbs += [(summary, f"query/{query.slug}/"), (chosen, "")]
    sentence = sentence_of(view, query, choice, table, lang)
    if not query.answerable:
        what = ", ".join(p.label for p in pickers)
        sentence = words["nothing_to_ask"].format(what=what)
    sources = row_sources.of(query, choice, table, lang, words)
    elsewhere = asks_elsewhere(query)
    if not elsewhere:
        answer = marks.on(answer, table, choice.values(), lang, words)
    shown = without_repeated(answer, table)
    # On paper nobody follows a link: rows have numbers, and a list says where.
    stated = list({s.href: s for row in sources[:ROWS] for s in row}.values())
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
        sentence_lang=_sentence_lang(query, lang) if query.answerable else "",
        description=sentence,
        plain=True,
        entities=[
            _entity(pages, query, f"{pages.own_home(lang)}{path}", title, sentence)
        ],
        first=first,
        # An answer without rows is found by its question.
        searchable=first or bool(table.rows),
        # What is not stated has the names of much that it says nothing of.
        behind=query.silence == "rows",
        crumbs=crumbs,
        query=query,
        text=query.bind(choice, project=workspace.project, lang=lang),
        pickers=pickers,
        answer=replace(shown, rows=shown.rows[:ROWS]),
        sources=sources,
        numbers={source.href: number for number, source in enumerate(stated, 1)},
        printed=[
            (s.citation, f"{pages.project.address}{pages.home(lang)}{s.href}")
            for s in stated
        ],
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
    if pages.writes:
        entries = tuple((p.label, p.chosen.text) for p in pickers)
        whole = with_sources(shown, sources, words["sources_column"])
        asks = AnsweredQuestion(lang, path, asked or summary, entries, whole)
        chosen_answer = ChosenAnswer(query, choice, table)
        write_chosen(view, pages, chosen_answer, asks, first=first)


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
