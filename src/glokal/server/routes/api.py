"""Canned queries as an API: a list, an address each, a description, pages to try them.

Answers with the defaults are files that the build has made; others are asked of the
workers, within the same limits as /sparql.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from glokal.core.errors import UsageError
from glokal.core.files.data_files import JSON
from glokal.core.settings import LANGUAGES, Project
from glokal.dataset.result_page import PAGE, PAGE_FORMATS
from glokal.dataset.views import IN_STRATEGY, view_iri
from glokal.server.client_limiter import ClientLimiter, HTTPProblemError
from glokal.server.middleware.forwarded import prefix_of
from glokal.server.negotiation import choose, is_known_type, takes_gzip
from glokal.server.openapi import describe_api, describe_query
from glokal.server.problem_details import problem, problem_for
from glokal.server.reload import Deployment, LiveSite
from glokal.server.request_parameters import ignored_headers
from glokal.server.response_formats import HTML, content_type
from glokal.server.routes.api_pages import ApiPages
from glokal.server.routes.api_request import (
    OFFERED,
    QueryCall,
    UnacceptableError,
    UnknownQueryError,
    parse_call,
)
from glokal.server.routes.static_files import StaticFiles
from glokal.server.spool import AGAIN, HeldResponse
from glokal.server.workers.messages import PageRequest, QueryRequest
from glokal.server.workers.result_rows import MIN_GZIP_BYTES

TOTAL = "X-Total-Count"
_VARY = "Accept, Accept-Language, Accept-Encoding"
_LASTING = {"Cache-Control": "public, max-age=300"}
_DESCRIBED = '</api/openapi.json>; rel="service-desc"; type="application/json"'
_LOADING = "The data are not loaded yet."


class Api:
    """The API of the publication that is live."""

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
        self._pages = ApiPages(project)

    def routes(self) -> list[Route]:
        """Return where the API answers."""
        homes = ["", *(f"/{lang}" for lang in self._project.languages[1:])]
        return [
            *(Route(f"{home}/api/", self.page) for home in homes),
            Route("/api/openapi.json", self.openapi),
            Route("/api/queries", self.queries),
            Route("/api/queries/{slug}", self.query),
        ]

    async def page(self, request: Request) -> Response:
        """Return the page with a form for each query."""
        now = self._live.now
        if now is None:
            return problem_for(request.headers, 503, _LOADING, headers=AGAIN)
        first, *others = self._project.languages
        path = request.url.path
        lang = next((o for o in others if path.startswith(f"/{o}/")), first)
        body = await asyncio.to_thread(self._pages.forms, now, lang)
        headers = {"Content-Type": content_type(HTML), "Content-Language": lang}
        return await _whole(request, body, headers)

    async def openapi(self, request: Request) -> Response:
        """Return the description of the API (OpenAPI 3.1)."""
        now = self._live.now
        if now is None:
            return problem(503, _LOADING, headers=AGAIN)
        body = _json(describe_api(self._project, now.canned, prefix_of(request)))
        return await _whole(request, body, {"Content-Type": JSON})

    async def queries(self, request: Request) -> Response:
        """Return the list of queries; a reader is led to the page."""
        now = self._live.now
        if now is None:
            return problem_for(request.headers, 503, _LOADING, headers=AGAIN)
        media = choose(request.headers.get("accept", ""), [JSON, HTML])
        if media is None:
            detail = f"The list can be had as {JSON}."
            return problem(406, detail, headers={"Vary": "Accept"})
        if media == HTML:
            return RedirectResponse("/api/", 303, {"Vary": "Accept"})
        listed = [describe_query(q, now.canned) for q in now.canned.queries.values()]
        headers = {"Content-Type": JSON, "Link": _DESCRIBED, "Vary": "Accept"}
        return await _whole(request, _json({"queries": listed}), headers)

    async def query(self, request: Request) -> Response:
        """Return a page of a query's rows, or say what is wrong."""
        now = self._live.now
        if now is None:
            return problem_for(request.headers, 503, _LOADING, headers=AGAIN)
        try:
            call = parse_call(request, self._project, now.canned)
            return await self._answer(request, now, call)
        except UnacceptableError:
            slug = request.path_params["slug"].partition(".")[0]
            formats = now.canned.formats_of(now.canned.queries[slug])
            return _unacceptable(request, formats)
        except UsageError as error:
            status = 404 if isinstance(error, UnknownQueryError) else 400
            remedy = error.remedy[:1].upper() + error.remedy[1:]
            return problem_for(request.headers, status, f"{error.what} {remedy}")
        except HTTPProblemError as error:
            return error.response

    async def _answer(
        self, request: Request, now: Deployment, call: QueryCall
    ) -> Response:
        formats = now.canned.formats_of(call.query)
        if call.fmt not in (*formats, "html"):
            return _unacceptable(request, formats)
        prepared = now.canned.prepared.get((call.lang, call.query.slug))
        defaults = {p.name: p.default for p in call.query.parameters}
        usual = call.values == defaults and (call.offset, call.limit) == (0, PAGE)
        usual = usual and call.view == IN_STRATEGY
        fmt = "json" if call.fmt == "html" else call.fmt
        if prepared and usual and fmt in prepared.files:
            file, total = prepared.files[fmt], prepared.total
            # Why there is nothing is asked of the workers.
            if total and call.fmt != "html":
                headers = {**_headers(call, total), "Vary": "Accept, Accept-Language"}
                return await self._documents.send(request, now.site, file, headers)
        tag = _tag(now, call)
        same = {**_LASTING, "ETag": tag, "Vary": _VARY}
        if is_known_type(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=same)
        answer = await self._turns.ask(request, now.pool, self._query(now, call))
        head = answer.head
        headers = {**same, **_headers(call, head.total)}
        if call.fmt == "html":
            rows = await answer.body.read()
            body = await asyncio.to_thread(self._pages.rows, now, call, rows)
            headers["Content-Type"] = content_type(HTML)
            packed, body = await _packed(request, body)
            if packed:
                headers["Content-Encoding"] = "gzip"
            return Response(body, 200, headers)
        if head.gzip:
            headers["Content-Encoding"] = "gzip"
        return HeldResponse(answer.body, 200, headers)

    def _query(self, now: Deployment, call: QueryCall) -> QueryRequest:
        page = PageRequest(
            query=call.query.slug,
            lang=call.lang,
            parameters=dict(call.values),
            format="json" if call.fmt == "html" else call.fmt,
            offset=call.offset,
            limit=call.limit,
            languages=tuple(LANGUAGES),
            has_places=call.query.slug in now.canned.placed,
            view=call.view if call.view != IN_STRATEGY else "",
            template=call.query.answer,
            chosen=now.canned.names_of(call.query, call.values, call.lang),
        )
        text = call.query.bind(call.values, project=self._project, lang=call.lang)
        # A page for readers is made of the rows here.
        view = view_iri(self._project.graphs, call.view) if page.view else ""
        gzip = False if call.fmt == "html" else None
        return QueryRequest(text, gzip=gzip, page=page, view=view)


def _headers(call: QueryCall, total: int) -> dict[str, str]:
    at, step = call.offset, call.limit
    links = []
    if at:
        links.append((call.path(offset=str(max(at - step, 0) or "")), "prev"))
        links.append((call.path(offset=""), "first"))
    if at + step < total:
        last = (total - 1 - at % step) // step * step + at % step
        links.append((call.path(offset=str(at + step)), "next"))
        links.append((call.path(offset=str(last)), "last"))
    messages = [f'<{path}>; rel="{rel}"' for path, rel in links]
    headers = {
        TOTAL: str(total),
        "Content-Language": call.lang,
        "Link": ", ".join([*messages, _DESCRIBED]),
        **ignored_headers(call.ignored),
    }
    if call.fmt in PAGE_FORMATS:
        headers["Content-Type"] = content_type(PAGE_FORMATS[call.fmt])
        way = "attachment" if call.fmt == "xlsx" else "inline"
        name = f"{call.query.slug}.{call.fmt}"
        headers["Content-Disposition"] = f'{way}; filename="{name}"'
    return headers


def _unacceptable(request: Request, formats: Sequence[str]) -> Response:
    formats = [*formats, "html"]
    path = request.url.path.partition(".")[0]
    links = (
        f'<{path}.{fmt}>; rel="alternate"; type="{OFFERED[fmt]}"' for fmt in formats
    )
    return problem(
        406,
        f"Available formats: {', '.join(formats)}.",
        headers={"Vary": "Accept", "Link": ", ".join(links)},
    )


async def _whole(request: Request, body: bytes, headers: dict[str, str]) -> Response:
    """Return what is made here: with gzip if that is taken, 304 if it is known."""
    digest = hashlib.sha256(body).hexdigest()[:32]
    packed, body = await _packed(request, body)
    tag = f'"{digest}-gzip"' if packed else f'"{digest}"'
    vary = ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))
    same = {**_LASTING, **headers, "ETag": tag, "Vary": vary}
    if is_known_type(request.headers.get("if-none-match", ""), tag):
        del same["Content-Type"]
        return Response(status_code=304, headers=same)
    return Response(body, 200, {**same, "Content-Encoding": "gzip"} if packed else same)


async def _packed(request: Request, body: bytes) -> tuple[bool, bytes]:
    taken = takes_gzip(request.headers.get("accept-encoding", ""))
    if not taken or len(body) < MIN_GZIP_BYTES:
        return False, body
    return True, await asyncio.to_thread(gzip.compress, body, 5, mtime=0)


def _tag(now: Deployment, call: QueryCall) -> str:
    requests = (now.site.mark, call.path(), call.lang, call.fmt)
    return f'W/"{hashlib.sha256(repr(requests).encode()).hexdigest()[:32]}"'


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
