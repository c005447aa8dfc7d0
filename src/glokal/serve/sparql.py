"""The SPARQL endpoint: SPARQL 1.1 Protocol, query operation (section 2.1), read only.

Nothing begins with 200 that can't end well: an answer is sent when it is whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
from collections import Counter
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from glokal.catalogue.service import service_description
from glokal.config import Project
from glokal.errors import Place, SourceError
from glokal.serve.live import Live
from glokal.serve.media import GRAPHS, content_type
from glokal.serve.negotiate import choose
from glokal.serve.pool import RefusedError
from glokal.serve.problem import problem
from glokal.store.embedded import refuse_service
from glokal.vocabulary import SD, VOID, W3C_FORMATS

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
MAX_QUERY = 1 << 20
BODY_SECONDS = 10
# Some clients ask for a format so too; what counts is Accept.
_PASSED_OVER = {"format", "output", "results"}
_KNOWN = {"query", "default-graph-uri", "named-graph-uri"}
_AGAIN = {"Retry-After": "10"}


class _WrongError(Exception):
    """A request that can't be taken, with the response that says so."""

    def __init__(self, response: Response) -> None:
        self.response = response


@dataclass(frozen=True)
class Asked:
    """A query, and the dataset that the protocol names for it."""

    query: str
    default: tuple[str, ...]
    named: tuple[str, ...]


class Endpoint:
    """Answers queries about the publication that is live.

    SERVICE is refused but for the endpoints in `services`. A client may have
    `per_client` queries at work.
    """

    def __init__(
        self,
        project: Project,
        live: Live,
        *,
        services: tuple[str, ...] = (),
        per_client: int = 16,
    ) -> None:
        self._project = project
        self._live = live
        self._services = services
        self._per_client = per_client
        self._at_work: Counter[str] = Counter()

    async def respond(self, request: Request) -> Response:
        """Answer a query, describe the service, or say what is wrong."""
        if request.method != "POST" and not request.url.query:
            return self._describe(request)
        try:
            asked = await read_request(request)
            self._refuse_service(asked)
            with self._place_for(request):
                return await self._answer(request, asked)
        except _WrongError as error:
            return error.response

    def _describe(self, request: Request) -> Response:
        """Return the service description, and to a reader the list of questions."""
        accept = request.headers.get("accept", "")
        media = choose(accept, [*GRAPHS, "text/html"])
        if media is None:
            return problem(406, f"The description can be had as {', '.join(GRAPHS)}.")
        if media == "text/html":
            return RedirectResponse("/query/", 303, {"Vary": "Accept"})
        endpoint = self._project.endpoint or str(request.url)
        graphs = dict(self._live.graphs)
        triples = service_description(
            dataclasses.replace(self._project, endpoint=endpoint),
            default=graphs.pop("", 0),
            graphs=sorted(graphs.items()),
        )
        body = ox.serialize(
            triples,
            format=GRAPHS[media],
            prefixes={"sd": SD, "void": VOID, "format": W3C_FORMATS},
        )
        headers = {"Vary": "Accept", "Content-Type": content_type(media)}
        return Response(body, 200, headers)

    def _refuse_service(self, asked: Asked) -> None:
        try:
            refuse_service(asked.query, "query", self._services)
        except SourceError as error:
            place = error.place or Place("query")
            raise _WrongError(
                problem(403, error.what, line=place.line, column=place.column)
            ) from error

    @contextlib.contextmanager
    def _place_for(self, request: Request) -> Iterator[None]:
        client = request.client.host if request.client else ""
        if self._at_work[client] >= self._per_client:
            raise _WrongError(
                problem(
                    429,
                    f"{self._per_client} queries of yours are at work already.",
                    headers=_AGAIN,
                )
            )
        self._at_work[client] += 1
        try:
            yield
        finally:
            self._at_work[client] -= 1
            if not self._at_work[client]:
                del self._at_work[client]

    async def _answer(self, request: Request, asked: Asked) -> Response:
        accept = request.headers.get("accept", "")
        tag = self._tag(asked, accept)
        same = {"ETag": tag, "Vary": "Accept"}
        if tag in request.headers.get("if-none-match", "").split(", "):
            return Response(status_code=304, headers=same)
        told = {
            "query": asked.query,
            "default": asked.default,
            "named": asked.named,
            "accept": accept,
        }
        pool = self._live.pool
        if pool is None:
            return problem(503, "The data are not loaded yet.", headers=_AGAIN)
        try:
            head, body = await _unless_gone(request, pool.ask(told))
        except RefusedError as error:
            return problem(503, str(error), headers=_AGAIN)
        match head["status"]:
            case 200:
                headers = {**same, "Cache-Control": "public, max-age=300"}
                media = content_type(head["media"])
                return Response(body, 200, {**headers, "Content-Type": media})
            case 406:
                offers = ", ".join(head["offers"])
                return problem(406, f"The answer can be had as {offers}.")
            case 503:
                limit = (
                    f"The answer is over {pool.bounds.answer_megabytes} MB. Ask for "
                    "less, or take a dump."
                    if head["reason"] == "size"
                    else f"The query needed over {pool.bounds.megabytes} MB of memory."
                )
                return problem(503, limit, headers=_AGAIN)
            case status:
                where = {k: head[k] for k in ("line", "column") if k in head}
                return problem(status, head["detail"], **where)

    def _tag(self, asked: Asked, accept: str) -> str:
        told = repr((self._live.version, asked, accept)).encode()
        return f'W/"{hashlib.sha256(told).hexdigest()[:32]}"'


async def _unless_gone(
    request: Request, work: Coroutine[Any, Any, tuple[dict[str, Any], bytes]]
) -> tuple[dict[str, Any], bytes]:
    """Return what the work gives; stop it when the client hangs up."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait([task, gone], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise RefusedError("The client is gone.")
        return task.result()
    finally:
        gone.cancel()
        if not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def read_request(request: Request) -> Asked:
    """Return what a request asks, by whichever of the three ways it does."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == UPDATE:
            raise _read_only()
        if kind not in (FORM, QUERY):
            accepted = f"{FORM}, {QUERY}"
            raise _WrongError(
                problem(415, f"Send {accepted}.", headers={"Accept-Post": accepted})
            )
        text = await _body(request)
        if kind == QUERY:
            pairs.append(("query", text))
        else:
            pairs += parse_qsl(text, keep_blank_values=True)
    names = {name for name, _ in pairs}
    if names & {"update", "using-graph-uri", "using-named-graph-uri"}:
        raise _read_only()
    if unknown := names - _KNOWN - _PASSED_OVER:
        raise _WrongError(
            problem(
                400,
                f"Unknown parameter {', '.join(sorted(unknown))}. "
                f"Known are {', '.join(sorted(_KNOWN))}.",
            )
        )
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) != 1:
        what = "no query" if not queries else f"{len(queries)} queries"
        raise _WrongError(problem(400, f"The request has {what}; send one."))
    if len(queries[0]) > MAX_QUERY:
        raise _too_large()
    default = tuple(v for n, v in pairs if n == "default-graph-uri")
    named = tuple(v for n, v in pairs if n == "named-graph-uri")
    return Asked(queries[0], default, named)


async def _body(request: Request) -> str:
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MAX_QUERY:
                    raise _too_large()
                parts.append(part)
        return b"".join(parts).decode()
    except TimeoutError as error:
        raise _WrongError(
            problem(408, f"The request was not whole after {BODY_SECONDS} seconds.")
        ) from error
    except UnicodeDecodeError as error:
        raise _WrongError(problem(400, "The request is not UTF-8.")) from error


def _read_only() -> _WrongError:
    return _WrongError(problem(403, "This endpoint takes queries, and no updates."))


def _too_large() -> _WrongError:
    return _WrongError(problem(413, f"A query may have {MAX_QUERY >> 20} MB."))
