"""The process that has a service answer: it asks, and writes what comes as is asked.

Started as `python -m glokal.server.workers.remote_worker MEGABYTES ENDPOINT MAX_ANSWER
MAX_ROWS DATASET`, and talks like `glokal.server.workers.local_worker`. DATASET is JSON:
`default` and `named`, the graphs that a query without a dataset is about, `graphs`,
all that there are, and `views`, the graph that holds each view ("" for the service's
own default graph). The login is taken from the environment, where no other user can see
it. Queries are read by a child without network
(`glokal.server.workers.sandboxed_reader`).
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from importlib import resources
from string import Template
from typing import Any

import pyoxigraph as ox

from glokal.core.child_process import end_with_parent
from glokal.core.errors import GlokalError
from glokal.rdf.terms import text_of
from glokal.server.workers.local_worker import WorkerLimits, serialize_result
from glokal.server.workers.messages import QueryRequest, ResponseHead
from glokal.server.workers.query_loop import serve_queries
from glokal.server.workers.sandboxed_reader import SealedReader
from glokal.sparql.printed_query import PrintedQuery
from glokal.sparql.result_formats import write_result
from glokal.sparql.store_interface import Graph
from glokal.store.from_environment import open_endpoint
from glokal.store.remote import RemoteStore

# Stands for no graph where the protocol would take an empty list for all of them.
NOTHING = "urn:glokal:nothing"


class RemoteService:
    """A service, and the dataset that a query without one is about."""

    def __init__(
        self, store: RemoteStore, dataset: dict[str, Any], reader: SealedReader
    ) -> None:
        self._store = store
        self._dataset = dataset
        self._reader = reader

    def answer(
        self, query: QueryRequest, limits: WorkerLimits
    ) -> tuple[ResponseHead, bytes]:
        """Return the head and the body of the answer to a query."""
        payload, request = self._reader.read(query)
        if request is None:
            return payload, b""
        store = self._seen_by(query, request)
        try:
            got = store.answer(request)
            rows: Any = list(got.triples) if isinstance(got, Graph) else None
            if rows is None:
                rows = ox.parse_query_results(
                    write_result(got, "json", {}), format=ox.QueryResultsFormat.JSON
                )
            head, body = serialize_result(
                rows,
                query,
                limits,
                ask=lambda part: bool(store.select(part).rows),
                wkt=lambda thing: _wkt(store, thing),
            )
            return replace(head, cacheable=payload.cacheable), body
        except GlokalError as error:
            return ResponseHead(502, detail=error.what), b""

    def _seen_by(self, query: QueryRequest, asked: PrintedQuery) -> RemoteStore:
        default, named = list(query.default), list(query.named)
        views = self._dataset["views"]
        view = query.view or asked.view
        if not view and len(default) == 1 and default[0] in views:
            view = default[0]
        if view:
            beside = named or (self._dataset["named"] if query.view else [NOTHING])
            return self._of_view(views[view], beside)
        if default or named:
            return self._store.seeing(default or [NOTHING], named or [NOTHING])
        if asked.has_dataset:
            return self._store.seeing((), ())
        return self._store.seeing(self._dataset["default"], self._dataset["named"])

    def _of_view(self, graph: str, named: list[str]) -> RemoteStore:
        if graph:
            return self._store.seeing([graph], named or [NOTHING])
        # It is the service's own default graph, which no name can ask for.
        return self._store.seeing((), ())


def _wkt(store: RemoteStore, thing: str) -> str:
    file = resources.files("glokal.server").joinpath("queries/wkt.rq")
    text = Template(file.read_text(encoding="utf-8")).substitute(thing=thing)
    rows = store.select(text).rows
    return text_of(rows[0][0]) if rows else ""


def main() -> None:
    """Answer until the input ends."""
    megabytes, dataset = int(sys.argv[1]), json.loads(sys.argv[5])
    # Before there are threads, which a fork doesn't take with it.
    reader = SealedReader(megabytes, dataset["graphs"], dataset["views"])
    end_with_parent(megabytes)
    service = RemoteService(open_endpoint(sys.argv[2]), dataset, reader)
    limits = WorkerLimits(int(sys.argv[3]), int(sys.argv[4]))
    serve_queries(lambda query: service.answer(query, limits))


if __name__ == "__main__":
    main()
