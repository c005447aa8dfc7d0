"""Assistants' queries, within the limits of /sparql; and their library of a build."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from glokal.assistants.backend import Backend
from glokal.assistants.publication_index import Library
from glokal.core.errors import UsageError
from glokal.core.settings import LANGUAGES, Project
from glokal.dataset.views import IN_STRATEGY, view_iri
from glokal.server.build_snapshot import QUADS
from glokal.server.client_limiter import ClientLimiter, HTTPProblemError
from glokal.server.reload import Deployment, LiveSite
from glokal.server.response_formats import RESULTS_JSON
from glokal.server.workers.messages import PageRequest, QueryRequest
from glokal.server.workers.pool import WorkerPool
from glokal.sparql.store_interface import Table


class LibraryOfBuild:
    """The library of what is served now, read once for each build."""

    def __init__(self, project: Project, live: LiveSite, turns: ClientLimiter) -> None:
        self._project = project
        self._live = live
        self._turns = turns
        self._read: tuple[str, Library] | None = None
        self._reading = asyncio.Lock()

    async def open_for(self, client: str) -> tuple[Library, Backend]:
        """Return the library, and what answers queries of a client.

        Raises UsageError while nothing is loaded.
        """
        now = self._live.now
        if now is None:
            raise UsageError("The data are not loaded yet.", remedy="try again soon.")
        space = self._project.graphs
        backend = PoolBackend(now.pool, self._turns, client, space)
        return await self.library(now), backend

    async def library(self, now: Deployment) -> Library:
        """Return the library of a build."""
        async with self._reading:
            if self._read is None or self._read[0] != now.site.mark:
                library = await asyncio.to_thread(self._open, now)
                self._read = now.site.mark, library
            return self._read[1]

    def _open(self, now: Deployment) -> Library:
        quads = ox.parse(path=now.site.root / QUADS, format=ox.RdfFormat.N_QUADS)
        return Library(self._project, quads, tuple(now.canned.queries.values()))


class PoolBackend:
    """Queries of one client, answered by the server's workers."""

    def __init__(
        self, pool: WorkerPool, turns: ClientLimiter, client: str, graphs: str
    ) -> None:
        """`graphs` is the namespace of the project's graphs."""
        self._pool = pool
        self._turns = turns
        self._client = client
        self._graphs = graphs

    async def ask(self, text: str, view: str = IN_STRATEGY) -> Table | bool:
        """Return the rows of a SELECT, or the answer to an ASK."""
        request = QueryRequest(
            text, accept=RESULTS_JSON, gzip=False, view=self._default_graph(view)
        )
        body = await self._body(request)
        # It may be as large as an answer may be.
        return await asyncio.to_thread(_answer, body)

    async def why_empty(self, text: str, view: str = IN_STRATEGY) -> Mapping[str, str]:
        """Return why a SELECT has no rows, in words by language."""
        graph = self._default_graph(view)
        name = view if graph else ""
        page = PageRequest("", "nb", {}, "json", 0, 1, tuple(LANGUAGES), view=name)
        request = QueryRequest(text, gzip=False, page=page, view=graph)
        body = await self._body(request)
        said: dict[str, dict[str, str]] = json.loads(body).get("why", {})
        return said.get("text", {})

    def _default_graph(self, view: str) -> str:
        return view_iri(self._graphs, view) if view != IN_STRATEGY else ""

    async def _body(self, query: QueryRequest) -> bytes:
        try:
            answer = await self._turns.ask_for(self._client, self._pool, query)
        except HTTPProblemError as error:
            raise UsageError(_told(error)) from error
        if answer.head.status == 406:
            answer.body.close()
            raise UsageError("The query gives a graph.", remedy="ask SELECT or ASK.")
        return await answer.body.read()


def _answer(body: bytes) -> Table | bool:
    said = json.loads(body)
    if "boolean" in said:
        return bool(said["boolean"])
    columns = tuple(said["head"]["vars"])
    rows = tuple(
        tuple(_term(row[c]) if c in row else None for c in columns)
        for row in said["results"]["bindings"]
    )
    return Table(columns, rows)


def _told(error: HTTPProblemError) -> str:
    problem: dict[str, Any] = json.loads(bytes(error.response.body))
    where = f" (line {problem['line']})" if "line" in problem else ""
    return f"{problem['detail']}{where}"


def _term(cell: Mapping[str, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    # SPARQL 1.1 Query Results JSON Format, section 3.2.2.
    if cell["type"] == "uri":
        return ox.NamedNode(cell["value"])
    if cell["type"] == "bnode":
        return ox.BlankNode(cell["value"])
    if "xml:lang" in cell:
        return ox.Literal(cell["value"], language=cell["xml:lang"])
    kind = ox.NamedNode(cell["datatype"]) if "datatype" in cell else None
    return ox.Literal(cell["value"], datatype=kind)
