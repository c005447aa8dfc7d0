"""A page for each question: the answer as a table, the query, the data."""

from __future__ import annotations

from glokal.dump.files import CSV, SPARQL, DataFile, write_file
from glokal.model.canned import CannedQuery
from glokal.publish.pages import Pages
from glokal.publish.tables import as_answer
from glokal.publish.view import View
from glokal.store.formats import csv_text
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
    answers = []
    for query in workspace.queries:
        folder = f"query/{query.slug}"
        write_file(pages.root, f"{folder}/query.rq", query.text.encode(), SPARQL)
        rows = csv_text(ask_canned(query, workspace, pages.project.languages[0]))
        file = write_file(pages.root, f"{folder}/rows.csv", rows.encode(), CSV)
        if not query.service:
            answers.append((query, file))
    return answers


def ask_canned(query: CannedQuery, workspace: Workspace, lang: str) -> Table:
    """Return the answer to a canned query; no rows when another endpoint has them."""
    if query.service:
        return Table((), ())
    text = query.bind({}, project=workspace.project, lang=lang)
    return workspace.store.select(text, name=query.name)
