"""Search for readers without JavaScript: the same page, with the results in it.

What is called so comes first, by the index of names that the pages have too
(`site.name_search`). Then the words are stemmed by their language and looked for in the
texts of the things. Where neither finds anything, names that are nearly so are shown.
"""

from __future__ import annotations

import asyncio
import json
import posixpath
from importlib import resources
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from glokal.core.settings import Project
from glokal.dataset.name_likeness import stems
from glokal.dataset.values_line import fill_parameter
from glokal.dataset.views import REPORTED, view_iri
from glokal.server.build_snapshot import SiteSnapshot
from glokal.server.client_limiter import ClientLimiter, HTTPProblemError
from glokal.server.negotiation import choose
from glokal.server.problem_details import problem
from glokal.server.reload import Deployment, LiveSite
from glokal.server.response_formats import RESULTS_JSON
from glokal.server.routes.static_files import StaticFiles
from glokal.server.workers.messages import QueryRequest
from glokal.site.name_search import NamedPage, find_names, index_file, read_names
from glokal.site.page_values import Value
from glokal.site.page_words import counted
from glokal.site.renderer import PageRenderer
from glokal.site.search_index import blank_search

LONGEST = 200
MOST = 100


class Search:
    """Answers the form of the search page in each language."""

    def __init__(
        self,
        project: Project,
        live: LiveSite,
        turns: ClientLimiter,
        documents: StaticFiles,
    ) -> None:
        self._project = project
        self._live = live
        self._turns = turns
        self._documents = documents
        self._pages = PageRenderer(project, Path())

    def routes(self) -> list[Route]:
        """Return where the search answers."""
        paths = self._paths().values()
        pages = [Route(f"/{path}", self.respond) for path in paths]
        return [Route("/search", self.lead), *pages]

    def _paths(self) -> dict[str, str]:
        named = self._pages.named("search")
        return {lang: self._pages.home(lang) + path for lang, path in named.items()}

    async def lead(self, request: Request) -> Response:
        """Lead from `/search` to the page in the reader's language."""
        accepted = request.headers.get("accept-language", "")
        lang = choose(accepted, self._project.languages) or self._project.languages[0]
        query_text = f"?{request.url.query}" if request.url.query else ""
        headers = {"Vary": "Accept-Language"}
        return RedirectResponse(f"/{self._paths()[lang]}{query_text}", 303, headers)

    async def respond(self, request: Request) -> Response:
        """Return the search page, with results when something is asked."""
        path = request.url.path.lstrip("/")
        lang = next(o for o, own in self._paths().items() if own == path)
        query_text = request.query_params.get("q", "").strip()
        if not query_text:
            return await self._documents.page(request, path)
        if len(query_text) > LONGEST:
            return problem(400, f"A search may have {LONGEST} letters.")
        words = self._pages.words[lang]
        try:
            hits, near = await self._find(request, query_text, lang)
        except HTTPProblemError as error:
            status = error.response.status_code
            return self._page(
                lang, status, asked=query_text, told=words["search_failed"]
            )
        payload = words["search_none"]
        if hits:
            form = counted(words, "search", len(hits), lang, "search_many")
            payload = form.format(n=len(hits))
        if near:
            meant = words["search_meant"]
            payload = meant.format(asked=query_text, name=hits[0].text)
        if len(hits) > MOST:
            payload = words["search_first"].format(n=MOST)
        return self._page(lang, 200, asked=query_text, told=payload, hits=hits[:MOST])

    def _page(self, lang: str, status: int, **values: Any) -> Response:
        html = self._pages.of_built(self._live.site.files).draft(
            "search.html",
            lang,
            self._pages.named("search"),
            self._pages.words[lang]["search"],
            **{**blank_search(self._pages, lang), **values},
        )
        headers = {"Cache-Control": "no-store", "Content-Language": lang}
        return HTMLResponse(html, status, headers)

    async def _find(
        self, request: Request, asked: str, lang: str
    ) -> tuple[list[Value], bool]:
        """Return what was found, and whether it is only nearly what was asked for."""
        now = self._live.now
        if now is None:
            raise HTTPProblemError(problem(503, "The data are not loaded yet."))
        if not stems(asked, lang):
            return [], False
        text = bind(asked, lang, self._project.things)
        # What only the register has is found too; both views have one page a thing.
        view = view_iri(self._project.graphs, REPORTED)
        query = QueryRequest(text, accept=RESULTS_JSON, gzip=False, view=view)
        answer = await self._turns.ask(request, now.pool, query)
        names = await asyncio.to_thread(_names, now.site, lang)
        leading = {own: page.href for page in names for own in page.also}
        # What has the name that was asked for, then what has the words, each page once.
        results = {h.page.href: _link(h.page) for h in find_names(names, asked)}
        for row in json.loads(await answer.body.read())["results"]["bindings"]:
            label, language = row["label"]["value"], row["label"].get("xml:lang", "")
            tail = row["thing"]["value"].removeprefix(self._project.things)
            href = leading.get(f"doc/{tail}/", f"doc/{tail}/")
            link = Value(label, language if language != lang else "", href)
            results.setdefault(href, link)
        near = [] if results else find_names(names, asked, misspelt=True)
        results.update({h.page.href: _link(h.page) for h in near})
        there = [v for h, v in results.items() if self._is_there(now, lang, h)]
        return there, bool(near and there)

    def _is_there(self, now: Deployment, lang: str, href: str) -> bool:
        """Whether a build has the page at an address below the language's root."""
        path = posixpath.normpath(f"{self._pages.home(lang)}{href.partition('#')[0]}x")
        return f"{path[:-1]}index.html" in now.site.files


def _names(site: SiteSnapshot, lang: str) -> list[NamedPage]:
    """None in a publication without pages, or made before there was an index."""
    name = index_file(lang)
    return read_names(site.read(name)) if name in site.files else []


def _link(page: NamedPage) -> Value:
    return Value(page.title, page.lang, page.href)


def bind(asked: str, lang: str, things: str) -> str:
    """Return the query for a search in a language, among the things of a namespace."""
    text = (
        resources.files("glokal.server")
        .joinpath("queries/search.rq")
        .read_text(encoding="utf-8")
    )
    words = stems(asked, lang)
    given = {"lang": [lang], "start": [things], "textWord": words, "nameWord": words}
    for name, values in given.items():
        terms = " ".join(str(ox.Literal(value)) for value in values)
        text = fill_parameter(text, name, terms)
    return text
