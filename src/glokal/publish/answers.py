"""A page for each question and each choice: the answer, the query, the data."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from glokal.dump.files import CSV, SPARQL, XLSX, DataFile, write_file
from glokal.model.canned import CannedQuery
from glokal.publish.choices import Choice, Choices, path_of
from glokal.publish.pages import Pages
from glokal.publish.pictures.bars import draw_bars
from glokal.publish.sheets import as_workbook
from glokal.publish.tables import as_answer, column_word
from glokal.publish.view import View
from glokal.rdf.terms import sort_key
from glokal.store.formats import csv_text
from glokal.store.protocol import Table
from glokal.workspace import Workspace

# A page shows so many rows; its files have them all.
ROWS = 500
Groups = list[tuple[str, list[CannedQuery]]]


def write_answers(
    view: View, pages: Pages, workspace: Workspace
) -> list[tuple[CannedQuery, DataFile]]:
    """Write the pages of the questions; return each query with its rows as a file."""
    choices = Choices(view)
    for lang in pages.project.languages:
        words = pages.words[lang]
        pages.render(
            "queries.html",
            lang,
            "query/",
            words["questions"],
            crumbs=[(words["questions"], "")],
            groups=_groups(workspace.queries, lang, words["whole_region"]),
        )
        for query in workspace.queries:
            for choice in choices.of(query):
                _write_answer(view, pages, workspace, choices, query, choice, lang)
    answers = []
    for query in workspace.queries:
        folder = f"query/{query.slug}"
        write_file(pages.root, f"{folder}/query.rq", query.text.encode(), SPARQL)
        if not query.service:
            rows = (pages.root / folder / "rows.csv").read_bytes()
            answers.append(
                (query, write_file(pages.root, f"{folder}/rows.csv", rows, CSV))
            )
    return answers


def _write_answer(
    view: View,
    pages: Pages,
    workspace: Workspace,
    choices: Choices,
    query: CannedQuery,
    choice: Choice,
    lang: str,
) -> None:
    words = pages.words[lang]
    path, title = path_of(query, choice), query.summary[lang]
    pickers = choices.pickers(query, choice, lang)
    chosen = ", ".join(p.chosen.text for p in pickers)
    table = ask_canned(query, workspace, lang, choice)
    answer = as_answer(view, table, lang, words["columns"], words["no_value"])
    crumbs = [(words["questions"], "query/")]
    if path == f"query/{query.slug}/":
        crumbs += [(title, "")]
    else:
        crumbs += [(title, f"query/{query.slug}/"), (chosen, "")]
    counted = column_word(view, query.chart, lang, words["columns"])
    pages.render(
        "query.html",
        lang,
        path,
        f"{title} {chosen}" if len(crumbs) > 2 else title,
        heading=title,
        crumbs=crumbs,
        query=query,
        text=query.bind(choice, project=workspace.project, lang=lang),
        pickers=pickers,
        answer=replace(answer, rows=answer.rows[:ROWS]),
        number=len(answer.rows),
        chart=draw_bars(answer, counted) if query.chart else None,
    )
    if not query.service:
        folder = pages.home(lang) + path
        address = pages.project.address + pages.home(lang)
        write_file(pages.root, f"{folder}rows.csv", csv_text(table).encode(), CSV)
        if len(answer.rows) > 1:
            key = pages.kept.key(answer, title, address)
            if not pages.kept.take(f"{folder}rows.xlsx", key):
                book = as_workbook(answer, title, address)
                write_file(pages.root, f"{folder}rows.xlsx", book, XLSX)
                pages.kept.note(f"{folder}rows.xlsx", key)


def _groups(queries: tuple[CannedQuery, ...], lang: str, whole: str) -> Groups:
    found: dict[str, list[CannedQuery]] = defaultdict(list)
    for query in queries:
        about = query.parameters[0].label[lang] if query.parameters else whole
        found[about].append(query)
    for asked in found.values():
        asked.sort(key=lambda q: sort_key(q.summary[lang]))
    return sorted(found.items(), key=lambda g: (g[0] != whole, sort_key(g[0])))


def ask_canned(
    query: CannedQuery,
    workspace: Workspace,
    lang: str,
    choice: Choice | None = None,
) -> Table:
    """Return the answer to a canned query; no rows when another endpoint has them."""
    if query.service:
        return Table((), ())
    text = query.bind(choice or {}, project=workspace.project, lang=lang)
    return workspace.store.select(text, name=query.name)
