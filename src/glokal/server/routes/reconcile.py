"""`/reconcile`: the Reconciliation Service API for OpenRefine and its like."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from glokal.assistants.reconciliation import Reconciliation
from glokal.core.errors import UsageError
from glokal.core.settings import Project
from glokal.server.assistant_backend import LibraryOfBuild
from glokal.server.client_limiter import HTTPProblemError
from glokal.server.middleware.forwarded import public_address
from glokal.server.negotiation import choose
from glokal.server.problem_details import problem
from glokal.server.reload import LiveSite
from glokal.server.request_parameters import read_pairs
from glokal.server.sparql_request import FORM, read_body
from glokal.server.spool import AGAIN

_SUGGESTED = ("entity", "property", "type")


class Reconcile:
    """Answers the service's addresses about the publication that is live."""

    def __init__(self, project: Project, live: LiveSite, books: LibraryOfBuild) -> None:
        self._project = project
        self._live = live
        self._books = books

    def routes(self) -> list[Route]:
        """Return where the service answers."""
        return [
            Route("/reconcile", self.respond, methods=["GET", "POST"]),
            Route("/reconcile/suggest/{kind}", self.suggest),
            Route("/reconcile/preview", self.preview),
            Route("/reconcile/properties", self.properties),
        ]

    async def respond(self, request: Request) -> Response:
        """Return the manifest, the candidates of a batch, or values of properties."""
        try:
            fields = dict(read_pairs(request.url.query))
            if request.method == "POST":
                kind = request.headers.get("content-type", "").partition(";")[0]
                if kind.strip().lower() != FORM:
                    return problem(415, f"Send {FORM}.", headers={"Accept-Post": FORM})
                fields |= dict(read_pairs(await read_body(request)))
        except UsageError as error:
            return problem(400, str(error))
        except HTTPProblemError as error:
            return error.response

        def answer(service: Reconciliation) -> object:
            if "queries" in fields:
                return service.reconcile(_json(fields["queries"], "queries"))
            if "extend" in fields:
                return service.extend(_json(fields["extend"], "extend"))
            return service.manifest()

        return await self._answer(request, answer)

    async def suggest(self, request: Request) -> Response:
        """Return suggestions for somebody who is writing."""
        kind, prefix = (
            request.path_params["kind"],
            request.query_params.get("prefix", ""),
        )
        if kind not in _SUGGESTED:
            return problem(404, f"There are suggestions of {', '.join(_SUGGESTED)}.")
        return await self._answer(request, lambda s: s.suggest(kind, prefix))

    async def preview(self, request: Request) -> Response:
        """Return a small page of a thing."""
        iri = request.query_params.get("id", "")
        return await self._answer(request, lambda s: s.preview(iri))

    async def properties(self, request: Request) -> Response:
        """Return the properties that things of a type have."""
        kind = request.query_params.get("type", "")
        return await self._answer(request, lambda s: s.properties(kind))

    async def _answer(
        self, request: Request, ask: Callable[[Reconciliation], object]
    ) -> Response:
        now = self._live.now
        if now is None:
            return problem(503, "The data are not loaded yet.", headers=AGAIN)
        accepted = request.headers.get("accept-language", "")
        lang = choose(accepted, self._project.languages) or self._project.languages[0]
        library = await self._books.library(now)
        address = public_address(request)
        service = Reconciliation(library, lang, address)
        try:
            # In a thread: a batch of names takes a while.
            result = await asyncio.to_thread(ask, service)
        except UsageError as error:
            return problem(400, str(error))
        headers = {"Vary": "Accept-Language", "Content-Language": lang}
        if isinstance(result, str):
            return HTMLResponse(result, headers=headers)
        return JSONResponse(result, headers=headers)


def _json(text: str, name: str) -> Any:
    try:
        result = json.loads(text)
        # Half a pair of surrogates, NaN and 1e400 can be read, and never be answered.
        json.dumps(result, ensure_ascii=False, allow_nan=False).encode()
        return result
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"The parameter {name} is no JSON.", remedy="send a JSON object."
        ) from error
