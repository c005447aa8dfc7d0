"""The SPARQL endpoint: SPARQL 1.1 Protocol, query operation (section 2.1), read only.

Nothing begins with 200 that can't end well: an answer is sent when it is whole.
"""

from __future__ import annotations

import dataclasses
import hashlib
from functools import lru_cache

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from glokal.catalogue.data_service import service_description
from glokal.core.errors import UsageError
from glokal.core.namespaces import SCHEMA, SD, SH, VOID, W3C_FORMATS
from glokal.core.settings import Project
from glokal.server.build_snapshot import EXAMPLES_FILE, SiteSnapshot
from glokal.server.client_limiter import ClientLimiter, HTTPProblemError
from glokal.server.middleware.forwarded import public_address
from glokal.server.negotiation import choose, is_known_type, takes_gzip
from glokal.server.problem_details import problem
from glokal.server.reload import LiveSite
from glokal.server.request_parameters import (
    ignored_headers,
    read_pairs,
)
from glokal.server.response_formats import GRAPH_FORMATS, content_type
from glokal.server.sparql_request import SparqlRequest, read_request, requested_by
from glokal.server.spool import AGAIN, HeldResponse
from glokal.server.workers.messages import QueryRequest, ResponseHead

# What a description of the service tells besides itself.
BESIDE = (".well-known/void", EXAMPLES_FILE)


class SparqlEndpoint:
    """Answers queries about the publication that is live.

    SERVICE is refused but for the endpoints in `services`, functions that are not of
    SPARQL 1.1 but for those in `functions`.
    """

    def __init__(
        self,
        project: Project,
        live: LiveSite,
        turns: ClientLimiter,
        *,
        services: tuple[str, ...] = (),
        functions: tuple[str, ...] = (),
    ) -> None:
        self._project = project
        self._live = live
        self._turns = turns
        self._services = services
        self._functions = functions

    async def respond(self, request: Request) -> Response:
        """Answer a query, describe the service, or say what is wrong."""
        if request.method != "POST" and not request.scope["query_string"]:
            return self._describe(request)
        try:
            requested = await read_request(request)
            return await self._answer(request, requested)
        except UsageError as error:
            remedy = error.remedy[:1].upper() + error.remedy[1:]
            return problem(400, f"{error.what} {remedy}")
        except HTTPProblemError as error:
            return error.response

    def _describe(self, request: Request) -> Response:
        """Return the service description, and to a reader the list of questions."""
        accept = request.headers.get("accept", "")
        media = choose(accept, [*GRAPH_FORMATS, "text/html"])
        if media is None:
            return problem(
                406, f"The description can be had as {', '.join(GRAPH_FORMATS)}."
            )
        if media == "text/html":
            return RedirectResponse("/query/", 303, {"Vary": "Accept"})
        endpoint = self._project.endpoint or public_address(request)
        graphs = dict(self._live.now.graphs) if self._live.now else {}
        triples = service_description(
            dataclasses.replace(self._project, endpoint=endpoint),
            default=graphs.pop("", 0),
            graphs=sorted(graphs.items()),
            reported=self._live.now.reported if self._live.now else None,
        )
        triples += _described_beside(self._live.site, endpoint)
        body = ox.serialize(
            triples,
            format=GRAPH_FORMATS[media],
            prefixes={"sd": SD, "sh": SH, "void": VOID, "format": W3C_FORMATS},
        )
        headers = {"Vary": "Accept", "Content-Type": content_type(media)}
        return Response(body, 200, headers)

    async def _answer(self, request: Request, asked: SparqlRequest) -> Response:
        now = self._live.now
        if now is None:
            return problem(503, "The data are not loaded yet.", headers=AGAIN)
        tag = _tag(now.pool.store.name, asked)
        fields = ignored_headers(asked.ignored)
        same = {"ETag": tag, "Vary": "Accept, Accept-Encoding", **fields}
        known = request.headers.get("if-none-match", "")
        # "*" means whatever there is, which only asking can tell.
        if is_known_type(known, tag, whatever=False):
            return Response(status_code=304, headers=same)
        query = self._query(asked)
        answer = await self._turns.ask(request, now.pool, query, now.in_process)
        head = answer.head
        if head.status == 406:
            answer.body.close()
            offers = ", ".join(head.offers)
            why = "The answer has a character, or a property whose IRI ends in no "
            why += "name or is a word of RDF/XML itself, that XML can't hold. "
            why = why if head.reason == "xml" else ""
            detail = f"{why}Available formats: {offers}."
            return problem(406, detail, headers=fields)
        if head.cacheable and is_known_type(known, tag):
            answer.body.close()
            return Response(status_code=304, headers=same)
        return HeldResponse(answer.body, 200, _headers(head, same, fields))

    def _query(self, asked: SparqlRequest, *, gzip: bool | None = None) -> QueryRequest:
        return QueryRequest(
            asked.query,
            asked.default,
            asked.named,
            asked.accept,
            gzip,
            services=self._services,
            functions=self._functions,
        )

    def at_once(self, query_string: str, accept: str, encoding: str) -> Response | None:
        """Return what `respond` does to a GET that can be answered in this process.

        The arguments are the query of the address and two headers. None when it can't,
        or when there is anything to say but the answer.
        """
        now = self._live.now
        if now is None or now.in_process is None:
            return None
        try:
            asked = requested_by(read_pairs(query_string), accept)
        except (UsageError, HTTPProblemError):
            return None
        query = self._query(asked, gzip=takes_gzip(encoding))
        answer = now.in_process.answer(query)
        if answer is None or answer[0].status != 200:
            return None
        head, body = answer
        fields = ignored_headers(asked.ignored)
        tag = _tag(now.pool.store.name, asked)
        same = {"ETag": tag, "Vary": "Accept, Accept-Encoding", **fields}
        return Response(body, 200, _headers(head, same, fields))


def _headers(
    head: ResponseHead, same: dict[str, str], fields: dict[str, str]
) -> dict[str, str]:
    """Return the headers of an answer; `same` are those that 304 has, too."""
    headers = {**same, "Cache-Control": "public, max-age=300"}
    if not head.cacheable:
        headers = {"Vary": same["Vary"], "Cache-Control": "no-store", **fields}
    if head.gzip:
        headers["Content-Encoding"] = "gzip"
    return {**headers, "Content-Type": content_type(head.media)}


def _described_beside(site: SiteSnapshot, endpoint: str) -> list[ox.Triple]:
    """Return what editors of queries look for in a description of a service.

    The VoID description of the data, examples of queries and the prefixes that they
    are written with.
    """
    triples = [
        triple
        for name in BESIDE
        if name in site.files
        for triple in _read_turtle(site.read(name))
    ]
    asked_at = ox.NamedNode(endpoint)
    examples = [t.subject for t in triples if t.predicate.value == SH + "select"]
    target = ox.NamedNode(SCHEMA + "target")
    return [
        *(t for t in triples if t.predicate != target),
        *(ox.Triple(example, target, asked_at) for example in examples),
    ]


@lru_cache(maxsize=4)
def _read_turtle(data: bytes) -> tuple[ox.Triple, ...]:
    parsed = ox.parse(input=data, format=ox.RdfFormat.TURTLE)
    return tuple(quad.triple for quad in parsed)


def _tag(version: str, asked: SparqlRequest) -> str:
    # Weak: with gzip and without, it is the same answer.
    payload = repr((version, asked)).encode()
    return f'W/"{hashlib.sha256(payload).hexdigest()[:32]}"'
