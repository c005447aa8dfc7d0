"""A page for each question: the answer as a table, the query, the data."""

from __future__ import annotations

from collections.abc import Iterator

from glokal.dump.files import CSV, SPARQL, DataFile, write_file
from glokal.model.canned import CannedQuery
from glokal.model.results import FORMATS, NoPlaceError, Page, cut, render_page
from glokal.publish.pages import Pages
from glokal.publish.tables import as_answer
from glokal.publish.view import View
from glokal.store.protocol import Table
from glokal.workspace import Workspace


def write_answers(
    view: View, pages: Pages, workspace: Workspace
) -> list[tuple[CannedQuery, DataFile]]:
    """Write the pages of the questions; return each query with its rows as a file."""
    for lang in pages.project.languages:
        words = pages.words[lang]
        pages.render(
            "queries.html",
            lang,
            "query/",
            words["questions"],
            crumbs=[(words["questions"], "")],
            queries=workspace.queries,
        )
        # A server shows the forms here.
        pages.render(
            "api.html",
            lang,
            "api/",
            words["api"],
            crumbs=[(words["api"], "")],
            forms=(),
            queries=workspace.queries,
        )
        for query in workspace.queries:
            parameters = [
                (p.label.get(lang, p.name), view.link(p.default, lang))
                for p in query.parameters
            ]
            answer = as_answer(
                view,
                ask_canned(query, workspace, lang),
                lang,
                words["columns"],
                words["no_value"],
            )
            pages.render(
                "query.html",
                lang,
                f"query/{query.slug}/",
                query.summary[lang],
                crumbs=[(words["questions"], "query/"), (query.summary[lang], "")],
                query=query,
                parameters=parameters,
                answer=answer,
            )
    return [
        (query, file)
        for query in workspace.queries
        for file in _files(query, view, pages, workspace)
        if file.media == CSV
    ]


def _files(
    query: CannedQuery, view: View, pages: Pages, workspace: Workspace
) -> Iterator[DataFile]:
    """Write the query and its rows; yield the files in the first language.

    A server gives them out as they are when it is asked for the query's first page.
    """
    folder = f"query/{query.slug}"
    write_file(pages.root, f"{folder}/query.rq", query.text.encode(), SPARQL)
    if query.service:
        return
    for lang in pages.project.languages:
        table = ask_canned(query, workspace, lang)
        asked = {p.name: p.default for p in query.parameters}
        page = Page(query.slug, lang, asked, cut(table), len(table.rows))
        home = pages.home(lang)
        for fmt, media in FORMATS.items():
            try:
                data = render_page(page, fmt, view.wkt)
            except NoPlaceError:
                continue
            file = write_file(pages.root, f"{home}{folder}/rows.{fmt}", data, media)
            if not home:
                yield file


def ask_canned(query: CannedQuery, workspace: Workspace, lang: str) -> Table:
    """Return the answer to a canned query; no rows when another endpoint has them."""
    if query.service:
        return Table((), ())
    text = query.bind({}, project=workspace.project, lang=lang)
    return workspace.store.select(text, name=query.name)
