"""`/mcp`: the tools over streamable HTTP, without sessions.

The host of a request has to be this machine's or the publication's, and so has the
origin of a browser: another site's page may not ask through its reader (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from glokal.core.settings import Project
from glokal.server.assistant_backend import LibraryOfBuild
from glokal.server.problem_details import problem

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

_LOCAL = ("127.0.0.1", "localhost", "[::1]")
# JSON-RPC 2.0, section 5.1
_INVALID_REQUEST = -32600
INSTALL = 'The server lacks the extra mcp. Install it: pip install "glokal[mcp]".'


class Mcp:
    """Answers `/mcp` while the server runs, where the SDK is installed.

    The SDK takes nearly as much memory as all else in the server: it is imported by
    the first request.
    """

    def __init__(self, project: Project, books: LibraryOfBuild) -> None:
        self._project = project
        self._books = books
        self._over = asyncio.Event()
        self._manager: asyncio.Future[StreamableHTTPSessionManager] | None = None
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[Route]:
        """Return where it answers."""
        if find_spec("mcp") is None:
            return [Route("/mcp", _missing, methods=["GET", "POST"])]
        # Without sessions there is nothing to end, and nothing to tell on a stream of
        # its own, which would stay open: the protocol's answer to both is 405.
        return [
            Route("/mcp", self.respond, methods=["POST"]),
            Route("/mcp", _no_stream, methods=["GET"]),
        ]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer who asks, until the server stops."""
        try:
            yield
        finally:
            self._over.set()
            if self._task:
                await self._task

    async def respond(self, request: Request) -> Response:
        """Return what the SDK says to a request."""
        if self._manager is None:
            self._manager = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._run(self._manager))
        # Others may wait for it when this client is gone.
        return _Answer(await asyncio.shield(self._manager))

    async def _run(self, manager: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        # A task of its own: what the SDK begins must end in the same one.
        try:
            made = await asyncio.to_thread(self._make)
            async with made.run():
                manager.set_result(made)
                await self._over.wait()
        except Exception as error:
            if manager.done():
                raise
            # Whoever asks next tries again.
            self._manager = None
            manager.set_exception(error)

    def _make(self) -> StreamableHTTPSessionManager:
        from glokal.assistants.mcp_server import http_manager, make_mcp_server

        hosts, origins = allowed(self._project.address)
        return http_manager(make_mcp_server(self._books.open_for), hosts, origins)


class _Answer(Response):
    """What the SDK's own application sends."""

    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        super().__init__()
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it answer."""
        status = 0

        async def in_json(message: Message) -> None:
            """Send an error as JSON-RPC has it, which the SDK writes as bare text."""
            nonlocal status
            if message["type"] == "http.response.start" and message["status"] >= 400:
                names = {name.lower() for name, _ in message["headers"]}
                if b"content-type" not in names:
                    status = message["status"]
                    return
            if not status:
                await send(message)
                return
            error = {"code": _INVALID_REQUEST, "message": message["body"].decode()}
            body = {"jsonrpc": "2.0", "id": None, "error": error}
            await JSONResponse(body, status)(scope, receive, send)

        await self._manager.handle_request(scope, receive, in_json)


def allowed(address: str) -> tuple[list[str], list[str]]:
    """Return the hosts and origins that a request may name, by our address."""
    parts = urlsplit(address)
    hosts = [*_LOCAL, *(f"{host}:*" for host in _LOCAL), parts.netloc]
    schemes = [f"http://{host}" for host in _LOCAL]
    origins = [
        *schemes,
        *(f"{o}:*" for o in schemes),
        f"{parts.scheme}://{parts.netloc}",
    ]
    return hosts, origins


async def _no_stream(_request: Request) -> Response:
    raise HTTPException(405)


async def _missing(_request: Request) -> Response:
    return problem(501, INSTALL)
