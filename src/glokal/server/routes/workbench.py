"""The workbench for readers without JavaScript: its page, with the answer in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from glokal.core.namespaces import CODE, STANDARD_PREFIXES
from glokal.core.settings import Project
from glokal.dataset.views import IN_STRATEGY, REPORTED, view_iri
from glokal.rdf.terms import shorten
from glokal.server.build_snapshot import REPORTED_QUADS
from glokal.server.reload import LiveSite
from glokal.server.response_formats import RESULTS_JSON
from glokal.server.routes.sparql_endpoint import SparqlEndpoint
from glokal.server.routes.static_files import StaticFiles
from glokal.server.spool import HeldResponse
from glokal.site.answer_tables import AnswerTable
from glokal.site.page_values import Value
from glokal.site.pages.workbench import EDITOR, PARTS, SERVICE, blank_workbench
from glokal.site.renderer import PageRenderer

MOST = 500


class Workbench:
    """Answers the form of the workbench in each language."""

    def __init__(
        self,
        project: Project,
        live: LiveSite,
        endpoint: SparqlEndpoint,
        documents: StaticFiles,
    ) -> None:
        self._project = project
        self._live = live
        self._endpoint = endpoint
        self._documents = documents
        self._pages = PageRenderer(project, Path())

    def routes(self) -> list[Route]:
        """Return where the workbench answers."""
        paths = self._paths().values()
        pages = [Route(f"/{path}", self.respond) for path in paths]
        return [Route(f"/{SERVICE}", self.service), *pages]

    def _paths(self) -> dict[str, str]:
        named = self._pages.named("workbench")
        return {lang: self._pages.home(lang) + path for lang, path in named.items()}

    async def service(self, _request: Request) -> Response:
        """Say to the script that this server answers queries itself."""
        return JSONResponse({"endpoint": "sparql"})

    async def respond(self, request: Request) -> Response:
        """Return the workbench, with the answer when a query is sent."""
        path = request.url.path.lstrip("/")
        lang = next(o for o, own in self._paths().items() if own == path)
        requested = request.query_params.get("query", "")
        if not requested.strip():
            return await self._documents.page(request, path)
        view = request.query_params.get("view", IN_STRATEGY)
        answer = await self._ask(request, requested, view)
        words = self._pages.words[lang]["workbench_words"]
        if isinstance(answer, HeldResponse):
            body = await answer.held.read()
        else:
            body = bytes(answer.body)
        media = answer.headers.get("content-type", "")
        values: dict[str, Any]
        if answer.status_code != 200:
            values = {"told": f"{words['failed']} {json.loads(body)['detail']}"}
        elif media.startswith(RESULTS_JSON):
            values = self._rows(json.loads(body), words)
        else:
            values = {"graph": body.decode()}
        html = self._pages.of_built(self._live.site.files).draft(
            "workbench.html",
            lang,
            self._pages.named("workbench"),
            self._pages.words[lang]["workbench"],
            **{
                **blank_workbench(
                    self._pages,
                    lang,
                    editor=f"{PARTS}/{EDITOR}" in self._live.site.files,
                    has_views=REPORTED_QUADS in self._live.site.files,
                ),
                "is_reported": view == REPORTED,
                "asked": requested,
                **values,
            },
        )
        headers = {"Cache-Control": "no-store", "Content-Language": lang}
        return HTMLResponse(html, answer.status_code, headers)

    async def _ask(self, request: Request, query: str, view: str) -> Response:
        fields = {"query": query}
        if view != IN_STRATEGY:
            # What is no view is told by the endpoint, as any graph that is unknown.
            fields["default-graph-uri"] = view_iri(self._project.graphs, view)
        scope = {
            **request.scope,
            "query_string": urlencode(fields).encode(),
            "headers": [(b"accept", f"{RESULTS_JSON}, text/turtle;q=0.9".encode())],
        }
        return await self._endpoint.respond(Request(scope, request.receive))

    def _rows(self, results: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
        if "boolean" in results:
            return {"told": words["ask_true" if results["boolean"] else "ask_false"]}
        columns, rows = results["head"]["vars"], results["results"]["bindings"]
        if len(rows) > MOST:
            payload = words["cut"].format(shown=MOST, n=len(rows))
        else:
            payload = {0: words["none"], 1: words["one"]}.get(
                len(rows), words["many"].format(n=len(rows))
            )
        shown = tuple(
            tuple((self._value(row[c]),) if c in row else () for c in columns)
            for row in rows[:MOST]
        )
        return {"told": payload, "answer": AnswerTable(tuple(columns), shown)}

    def _value(self, term: dict[str, str]) -> Value:
        text = term["value"]
        if term["type"] != "uri":
            return Value(text, term.get("xml:lang", ""))
        codes = f"{self._project.base}code/"
        starts = (self._project.things, "doc/"), (CODE, "code/"), (codes, "code/")
        for start, folder in starts:
            path = folder + text.removeprefix(start) + "/"
            page = f"{path}index.html"
            if text.startswith(start) and page in self._live.site.files:
                return Value(text.removeprefix(start), "", path)
        linked = text.startswith(("http://", "https://"))
        return Value(shorten(text, STANDARD_PREFIXES), "", text if linked else "")
