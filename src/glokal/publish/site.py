"""The whole publication, written beside the old one and then put in its place.

A build that stops half-way leaves the old publication as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape

import pyoxigraph as ox

from glokal.model.canned import CannedQuery
from glokal.publish.beside import written_beside
from glokal.publish.catalog import catalog, void
from glokal.publish.definitions import definitions
from glokal.publish.dumps import (
    TURTLE,
    Dump,
    all_prefixes,
    serialise,
    write_dumps,
    write_file,
)
from glokal.publish.fresh import is_fresh, write_mark
from glokal.publish.pages import Pages
from glokal.publish.view import Value, View
from glokal.rdf.terms import sort_key
from glokal.store.formats import csv_text
from glokal.store.protocol import Table
from glokal.vocabulary import STANDARD_PREFIXES
from glokal.workspace import Workspace

FRONT = ("programmes-spanning-municipalities", "entry-counts")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Publication:
    """What a build made."""

    root: Path
    pages: int
    dumps: tuple[Dump, ...]


def build_site(
    workspace: Workspace, target: Path, *, progress: Progress = lambda _text: None
) -> Publication | None:
    """Write the publication of a workspace to a folder; None when it is there already.

    Raises UsageError when the folder can't be written or holds something else.
    """
    if is_fresh(workspace.project, target):
        return None
    with written_beside(target) as root:
        progress("dump")
        dumps = write_dumps(workspace, root)
        progress("pages")
        view, pages = View(workspace), Pages(workspace.project, root)
        _things(view, pages, workspace)
        _queries(view, pages, workspace)
        _definitions(pages, workspace)
        _front(view, pages, workspace, dumps)
        progress("catalogue")
        _machine_files(pages, workspace, dumps)
        write_mark(workspace.project, root)
    return Publication(target, len(pages.written), tuple(dumps))


def _things(view: View, pages: Pages, workspace: Workspace) -> None:
    prefixes = all_prefixes(workspace)
    for iri in view.things():
        base = view.path(iri).rstrip("/")
        write_file(
            pages.root,
            f"{base}.ttl",
            serialise(view.triples_of(iri), TURTLE, prefixes),
            TURTLE,
        )
        for lang in pages.project.languages:
            thing = view.thing(iri, lang)
            pages.render(
                "thing.html",
                lang,
                thing.path,
                thing.title,
                title_lang=thing.title_lang,
                thing=thing,
                formats=[(TURTLE, f"{base}.ttl")],
            )


def _queries(view: View, pages: Pages, workspace: Workspace) -> None:
    for lang in pages.project.languages:
        pages.render(
            "queries.html",
            lang,
            "query/",
            pages.words[lang]["questions"],
            queries=workspace.queries,
        )
        for query in workspace.queries:
            table = _answer(query, workspace, lang)
            parameters = [
                (p.label.get(lang, p.name), view.link(p.default, lang))
                for p in query.parameters
            ]
            pages.render(
                "query.html",
                lang,
                f"query/{query.slug}/",
                query.summary[lang],
                query=query,
                parameters=parameters,
                table=_cells(view, table, lang),
            )
    for query in workspace.queries:
        folder = f"query/{query.slug}"
        write_file(pages.root, f"{folder}/query.rq", query.text.encode(), "")
        rows = csv_text(_answer(query, workspace, pages.project.languages[0]))
        write_file(pages.root, f"{folder}/rows.csv", rows.encode(), "text/csv")


def _answer(query: CannedQuery, workspace: Workspace, lang: str) -> Table:
    if query.service:
        return Table((), ())
    text = query.bind({}, project=workspace.project, lang=lang)
    return workspace.store.select(text, name=query.name)


@dataclass(frozen=True)
class _Cells:
    slug: str
    summary: str
    columns: tuple[str, ...]
    rows: list[list[Value]]


def _cells(
    view: View, table: Table, lang: str, query: CannedQuery | None = None
) -> _Cells:
    rows = [[view.cell(cell, lang) for cell in row] for row in table.rows]
    slug, summary = (query.slug, query.summary[lang]) if query else ("", "")
    return _Cells(slug, summary, table.columns, rows)


def _definitions(pages: Pages, workspace: Workspace) -> None:
    for lang in pages.project.languages:
        pages.render(
            "definitions.html",
            lang,
            "def/",
            pages.words[lang]["ontology"],
            groups=definitions(workspace, lang),
        )
    ontology = [
        t for f in workspace.files if f.name.startswith("ontology/") for t in f.triples
    ]
    data = serialise(ontology, TURTLE, all_prefixes(workspace))
    write_file(pages.root, "def/glokal.ttl", data, TURTLE)


def _front(view: View, pages: Pages, workspace: Workspace, dumps: list[Dump]) -> None:
    by_slug = {q.slug: q for q in workspace.queries}
    for lang in pages.project.languages:
        groups: dict[str, list[Value]] = defaultdict(list)
        for iri in view.things():
            for kind in view.kinds(iri, lang):
                groups[kind.text].append(view.link(iri, lang))
        pages.render(
            "index.html",
            lang,
            "",
            pages.project.title[lang],
            description=pages.project.description[lang],
            tables=[
                _cells(view, _answer(q, workspace, lang), lang, q)
                for q in map(by_slug.get, FRONT)
                if q is not None
            ],
            groups=[
                (kind, sorted(things, key=lambda v: sort_key(v.text)))
                for kind, things in sorted(groups.items(), key=lambda g: sort_key(g[0]))
            ],
        )
        pages.render("dump.html", lang, "dump/", pages.words[lang]["dump"], dumps=dumps)


def _machine_files(pages: Pages, workspace: Workspace, dumps: list[Dump]) -> None:
    project, root = pages.project, pages.root
    prefixes = {**STANDARD_PREFIXES}
    described: list[ox.Triple] = catalog(project, dumps)
    write_file(root, "catalog.ttl", serialise(described, TURTLE, prefixes), TURTLE)
    counted = void(workspace, workspace.asserted(), dumps)
    void_file = serialise(counted, TURTLE, prefixes)
    write_file(root, ".well-known/void", void_file, TURTLE)
    style = resources.files("glokal.publish").joinpath("static/style.css")
    write_file(root, "style.css", style.read_bytes(), "text/css")
    urls = "".join(
        f"<url><loc>{escape(project.address + path)}</loc>"
        f"<lastmod>{project.modified}</lastmod></url>\n"
        for path in sorted(pages.written)
    )
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{urls}</urlset>\n"
    )
    write_file(root, "sitemap.xml", sitemap.encode(), "application/xml")
    robots = (
        "User-agent: *\nDisallow: /sparql\n"
        f"Allow: /\nSitemap: {project.address}sitemap.xml\n"
    )
    write_file(root, "robots.txt", robots.encode(), "text/plain")
