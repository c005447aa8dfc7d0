"""The built publication over HTTP: pages, data files, and the things' own addresses.

A thing answers with 303 to its page or its data (Cool URIs,
https://www.w3.org/TR/cooluris/); the rest are files of the publication.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glokal.config import Project
from glokal.errors import UsageError
from glokal.serve.away import Away
from glokal.serve.live import QUADS, Live
from glokal.serve.pool import Bounds
from glokal.serve.problem import problem
from glokal.serve.sparql import Endpoint
from glokal.serve.things import Documents, Things
from glokal.store.remote import RemoteStore

METHODS = ["GET", "HEAD", "POST"]
EXPOSED = ["Link", "ETag", "Content-Language", "Location", "Retry-After"]


class NoSniffing:
    """Tells browsers to believe the media type of each response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the header in place."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-content-type-options", b"nosniff"))
            await send(message)

        await self._app(scope, receive, told)


def make_app(
    project: Project,
    publication: Path,
    bounds: Bounds | None = None,
    store: RemoteStore | None = None,
) -> Starlette:
    """Return the application that serves a built publication and its data.

    With a service in `store`, queries go there; InputError when it was never filled.
    """
    bounds = bounds or Bounds()
    live = (
        Away(project, publication, bounds, store)
        if store
        else Live(project, publication, bounds)
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await live.start()
        yield
        await live.stop()

    async def ready(_request: Request) -> Response:
        if live.pool is None:
            return problem(503, "The data are not loaded yet.")
        return PlainTextResponse("ready\n")

    async def healthy(_request: Request) -> Response:
        return PlainTextResponse("healthy\n")

    things = Things(project, publication)
    return Starlette(
        routes=[
            Route(
                "/sparql",
                Endpoint(project, live, services=bounds.services).respond,
                methods=METHODS,
            ),
            Route("/healthz", healthy),
            Route("/readyz", ready),
            Route("/id/{kind}/{slug}", things.thing),
            Route("/def", things.ontology),
            Route("/shape", things.shape),
            Route("/code/{kind}/{slug}", things.code),
            Mount("/", Documents(project, publication)),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=METHODS,
                allow_headers=["Accept", "Accept-Language", "If-None-Match"],
                expose_headers=EXPOSED,
                max_age=86400,
            ),
            Middleware(NoSniffing),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
        exception_handlers={HTTPException: _as_problem},
        lifespan=lifespan,
    )


async def _as_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    return problem(error.status_code, error.detail, headers=headers)


def run(
    project: Project,
    publication: Path,
    *,
    host: str,
    port: int,
    bounds: Bounds | None = None,
    store: RemoteStore | None = None,
) -> None:
    """Serve a publication until Ctrl-C, with its queries at a service if one is given.

    Raises UsageError when there is none, or when the port is taken.
    """
    if not (publication / QUADS).is_file():
        raise UsageError(
            f"There is no publication in {publication}.",
            remedy="run glokal build first.",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once (TCP_NODELAY).
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"Port {port} on {host} can't be used: {error.strerror}.",
                remedy="choose another with --port.",
            ) from error
        print(f"Serving {publication} at http://{host}:{port}/ (Ctrl-C stops it)")
        server = uvicorn.Server(
            uvicorn.Config(
                make_app(project, publication, bounds, store),
                log_level="warning",
                timeout_graceful_shutdown=10,
                limit_concurrency=500,
            )
        )
        server.run(sockets=[listener])
