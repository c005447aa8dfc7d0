"""What a query may use besides SPARQL 1.1's own, and the answers of other endpoints.

A worker has no network. What it needs of another endpoint it hands to the server, which
fetches it and asks the worker again, with the answer.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection

import pyoxigraph as ox

from glokal.core.errors import SourceError, UsageError
from glokal.core.settings.server import Serving
from glokal.server.workers.messages import QueryRequest, ServiceAnswer, ServiceRequest
from glokal.sparql.federation import Ask, ServiceRows, ServiceTerm
from glokal.sparql.prepare import Allowed
from glokal.sparql.store_interface import Table
from glokal.sparql.tree import Query
from glokal.store.remote import AnswerLimits, RemoteStore


class ServiceNeededError(Exception):
    """A query needs the answer of another endpoint before it can be answered."""

    def __init__(self, request: ServiceRequest) -> None:
        super().__init__(request.endpoint)
        self.request = request


def allowed_in(query: QueryRequest, graphs: Collection[str] | None) -> Allowed:
    """Return what a query may use; `graphs` are those there are, None for any."""
    return Allowed(
        frozenset(query.services),
        frozenset(query.functions),
        frozenset(graphs) if graphs is not None else None,
    )


def refuse_unknown_graphs(
    query: QueryRequest, graphs: Collection[str], views: Collection[str] = ()
) -> None:
    """Raise SourceError when the protocol names a graph that isn't there.

    `views` are default graphs, and none that can be a named graph.
    """
    known = {*graphs, *views}
    for iris, allowed in ((query.default, known), (query.named, set(graphs))):
        for iri in iris:
            if iri in allowed:
                continue
            if iri in views:
                raise SourceError(
                    f"<{iri}> is a view: a default graph, and no named one.",
                    remedy="name it with default-graph-uri or FROM.",
                )
            close = difflib.get_close_matches(iri, sorted(allowed), n=1, cutoff=0.8)
            raise SourceError(
                f"There is no graph <{iri}> here, and none is fetched.",
                remedy=f"write <{close[0]}>."
                if close
                else "list them with SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }.",
            )


def view_in_from(query: Query, views: Collection[str]) -> str:
    """Return the view that FROM names, "" without one.

    Raises SourceError where other graphs are named beside it: a service that keeps the
    view in a default graph of its own can't add to it.
    """
    named = [iri.value for iri in (*query.dataset.default, *query.dataset.named)]
    found = [iri for iri in named if iri in views]
    if found and len(named) > 1:
        raise SourceError(
            f"<{found[0]}> is a view, and can't be put together with other graphs.",
            remedy="name the view alone; GRAPH reaches the others.",
        )
    return found[0] if found else ""


def answered_services(query: QueryRequest) -> Ask:
    """Return what gives the answers that came with a query, one after the other.

    It raises ServiceNeededError for the first that is not there yet.
    """
    waiting = list(query.answers)

    def ask(
        endpoint: str, text: str, silent: bool, limits: tuple[int, ...]
    ) -> ServiceRows | None:
        if not waiting:
            raise ServiceNeededError(ServiceRequest(endpoint, text, silent, limits))
        answer = waiting.pop(0)
        if answer.rows is None:
            return None
        return answer.columns, [[_read(cell) for cell in row] for row in answer.rows]

    return ask


def to_worker_answer(table: Table) -> ServiceAnswer:
    """Return the rows of another endpoint as a worker gets them."""
    rows = tuple(
        tuple(None if cell is None else str(cell) for cell in row) for row in table.rows
    )
    return ServiceAnswer(table.columns, rows)


def _read(cell: str | None) -> ServiceTerm:
    """Return the term that is written in N-Triples."""
    if cell is None:
        return None
    line = f"<urn:x> <urn:x> {cell} ."
    result: ServiceTerm = next(
        iter(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))
    ).object
    return result


def forwarder(serving: Serving) -> Callable[[ServiceRequest], ServiceAnswer]:
    """Return what asks the endpoints that the settings allow, and no other.

    What it returns raises UsageError for another one, ToolError and InputError when an
    endpoint does not answer within the limits of a query and of an answer.
    """

    def forward(needed: ServiceRequest) -> ServiceAnswer:
        if needed.endpoint not in serving.services:
            what = f"{needed.endpoint} is not among the endpoints that are allowed."
            raise UsageError(what)
        store = RemoteStore(
            needed.endpoint,
            limits=AnswerLimits(serving.query_seconds, serving.answer_megabytes),
        )
        return to_worker_answer(store.forward(needed.text, needed.limits))

    return forward
