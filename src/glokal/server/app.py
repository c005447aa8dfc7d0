"""The built publication over HTTP: pages, data files, things, SPARQL, canned queries.

A thing answers with 303 to its page or its data (Cool URIs,
https://www.w3.org/TR/cooluris/); the rest are files of the publication and queries.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from glokal.core.settings import Project
from glokal.core.settings.server import Serving
from glokal.server.assistant_backend import LibraryOfBuild
from glokal.server.client_limiter import ClientLimiter
from glokal.server.file_processes.supervisor import check_platform
from glokal.server.http_server import run_server
from glokal.server.inline_queries import InlineQueries
from glokal.server.listening import Listening
from glokal.server.middleware.access_log import AccessLog, configure_logging
from glokal.server.middleware.cors import (
    METHODS,
    PLAIN_HEADERS,
    CorsAndSecurityHeaders,
    methods_of,
)
from glokal.server.middleware.forwarded import Forwarded
from glokal.server.middleware.request_rules import RequestRules
from glokal.server.problem_details import problem, problem_for
from glokal.server.reload import LiveSite
from glokal.server.remote_backend import RemoteBackend
from glokal.server.routes.api import Api
from glokal.server.routes.api_catalog import ApiCatalog
from glokal.server.routes.linked_data import LinkedData
from glokal.server.routes.mcp import Mcp
from glokal.server.routes.reconcile import Reconcile
from glokal.server.routes.search import Search
from glokal.server.routes.sparql_endpoint import SparqlEndpoint
from glokal.server.routes.static_files import StaticFiles
from glokal.server.routes.workbench import Workbench
from glokal.server.spool import AGAIN, SpoolBodies
from glokal.server.timeouts import TimeoutHttpProtocol
from glokal.server.workers.allowed_services import forwarder
from glokal.store.remote import RemoteStore

log = logging.getLogger("glokal.server")


def make_app(
    project: Project,
    publication: Path,
    serving: Serving | None = None,
    store: RemoteStore | None = None,
) -> Starlette:
    """Return the application that serves a built publication and its data.

    With a service in `store`, queries go there. Raises UsageError when there is no
    whole publication in the folder, InputError when the service was never filled.
    """
    serving = serving or Serving()
    return _app(project, _live(project, publication, serving, store), serving)[0]


def _live(
    project: Project, publication: Path, serving: Serving, store: RemoteStore | None
) -> LiveSite:
    if store:
        return RemoteBackend(project, publication, serving, store)
    return LiveSite(project, publication, serving)


def _app(
    project: Project, live: LiveSite, serving: Serving
) -> tuple[Starlette, SparqlEndpoint]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await live.start()
        # What was made at the start stays, and needn't be looked through again.
        gc.freeze()
        async with mcp.running():
            log.info("ready")
            yield
        await live.stop()
        log.info("stopped")

    async def ready(_request: Request) -> Response:
        if live.ready:
            return PlainTextResponse("ready\n")
        why = "No worker can answer" if live.now else "The data are not loaded"
        return problem(503, f"{why} yet.", headers=AGAIN)

    async def healthy(_request: Request) -> Response:
        return PlainTextResponse("healthy\n")

    turns = ClientLimiter(serving.per_client, forwarder(serving))
    documents = StaticFiles(project, live)
    things = LinkedData(project, live, documents)
    endpoint = SparqlEndpoint(
        project,
        live,
        turns,
        services=serving.services,
        functions=serving.functions,
    )
    books = LibraryOfBuild(project, live, turns)
    search = Search(project, live, turns, documents)
    mcp = Mcp(project, books)
    workbench = Workbench(project, live, endpoint, documents)
    routes: list[BaseRoute] = [
        Route("/sparql", endpoint.respond, methods=METHODS),
        *search.routes(),
        *workbench.routes(),
        *mcp.routes(),
        *Reconcile(project, live, books).routes(),
        *ApiCatalog(project).routes(),
        Route("/healthz", healthy),
        Route("/readyz", ready),
        *Api(project, live, turns, documents).routes(),
        Route("/id/{kind}/{slug}", things.thing),
        Route("/id/{kind}/{slug}/", things.thing),
        Route("/def", things.ontology),
        Route("/def/{name}", things.ontology_part),
        Route("/shape", things.shape),
        Route("/shape/{name}", things.shape_part),
        Route("/code/{kind}", things.code_list),
        Route("/code/{kind}/{slug}", things.code),
        *(Route(path, _without_slash, methods=METHODS) for path in _WITH_SLASH),
        Route("/{path:path}", documents.respond),
    ]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(AccessLog),
            # While the client of the connection is the proxy.
            Middleware(Forwarded, serving.proxies),
            Middleware(ProxyHeadersMiddleware, trusted_hosts=list(serving.proxies)),
            Middleware(CorsAndSecurityHeaders, partial(methods_of, routes)),
            Middleware(RequestRules),
            Middleware(SpoolBodies, live.spool),
        ],
        exception_handlers={
            HTTPException: _as_problem,
            ClientDisconnect: _as_gone,
            Exception: _as_fault,
        },
        lifespan=lifespan,
    )
    return app, endpoint


# Addresses that are no folders, with a slash behind them.
_WITH_SLASH = (
    "/sparql/",
    "/search/",
    "/healthz/",
    "/readyz/",
    "/mcp/",
    "/reconcile/",
    "/api/queries/",
    "/api/queries/{slug}/",
)


async def _without_slash(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    path = quote(request.url.path.rstrip("/"))
    # With this status a POST is sent again as a POST.
    return RedirectResponse(f"{path}{query}", 308)


async def _as_gone(request: Request, error: Exception) -> Response:
    """Note that a client left before its request was whole; nobody reads the answer."""
    del error
    request.state.gone = True
    return Response(status_code=400)


async def _as_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    detail = f"{error.detail}."
    return problem_for(request.headers, error.status_code, detail, headers=headers)


async def _as_fault(_request: Request, _error: Exception) -> Response:
    # Answered outside of all middleware.
    why = "The server failed. What happened is in its log."
    return problem(500, why, headers=PLAIN_HEADERS)


def run(
    project: Project,
    publication: Path,
    *,
    listening: Listening,
    serving: Serving,
    store: RemoteStore | None = None,
) -> None:
    """Serve a publication until Ctrl-C or SIGTERM; what runs then may end.

    Raises UsageError when there is no whole publication, when the port is taken, or
    when no folder for the server's own files can be written; ToolError when no worker
    can be started.
    """
    if serving.file_processes:
        check_platform()
    live = _live(project, publication, serving, store)
    try:
        app, endpoint = _app(project, live, serving)
        if serving.in_process:
            TimeoutHttpProtocol.at_once = InlineQueries(endpoint.at_once)
        _run(app, live, listening, serving)
    except SystemExit:
        # How uvicorn ends when the application doesn't start.
        if live.failure:
            raise live.failure from None
        raise
    finally:
        live.close()


def _run(
    app: Starlette, live: LiveSite, listening: Listening, serving: Serving
) -> None:
    with listening.listener() as listener:
        address = web_address(listening.host, listening.port)
        print(listening.line(str(live.publication), address))
        if live.state.note:
            print(live.state.note)
        # Whoever reads them from a pipe or a file sees these lines now.
        sys.stdout.flush()
        configure_logging()
        run_server(_without_traceback(app), live, listener, serving)


def web_address(host: str, port: int) -> str:
    """Return the address to follow; IPv6 is in brackets (RFC 3986, section 3.2.2)."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _without_traceback(app: ASGIApp) -> ASGIApp:
    """Return the application, whose failure to start is told by the command alone."""

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                message = {"type": message["type"], "message": ""}
            await send(message)

        await app(scope, receive, told if scope["type"] == "lifespan" else send)

    return quiet
