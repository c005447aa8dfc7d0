"""The process that has a service answer: it asks, and writes what comes as is asked.

Started as `python -m glokal.serve.away_worker MEGABYTES ENDPOINT MAX_ANSWER MAX_ROWS
DATASET`, and talks like `glokal.serve.worker`. DATASET is JSON: `default` and `named`,
the graphs that a query without a dataset is about, and `graphs`, all that there are.
The login is taken from the environment, where no other user can see it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from importlib import resources
from string import Template
from typing import Any

import pyoxigraph as ox

from glokal.errors import GlokalError, SourceError
from glokal.process import end_with_parent
from glokal.rdf.terms import text_of
from glokal.serve.messages import Head, Query
from glokal.serve.services import (
    ServiceNeededError,
    allowed_in,
    answered_services,
    refuse_unknown_graphs,
)
from glokal.serve.worker import Limits, serve_queries, written, wrong_query
from glokal.sparql.errors import NotTakenError
from glokal.sparql.federation import with_services_answered
from glokal.sparql.prepare import is_volatile, read, told
from glokal.sparql.tree import Query as Tree
from glokal.store.formats import render
from glokal.store.opened import open_endpoint
from glokal.store.protocol import Graph
from glokal.store.remote import RemoteStore

# Stands for no graph where the protocol would take an empty list for all of them.
NOTHING = "urn:glokal:nothing"


class Service:
    """A service, and the dataset that a query without one is about."""

    def __init__(self, store: RemoteStore, dataset: dict[str, list[str]]) -> None:
        self._store = store
        self._dataset = dataset
        self._graphs = frozenset(dataset["graphs"])

    def answer(self, query: Query, limits: Limits) -> tuple[Head, bytes]:
        """Return the head and the body of the answer to a query."""
        try:
            # Read here first: nothing that isn't SPARQL 1.1 (DEFINE, say), and no
            # function that is the engine's own, gets through to the engine.
            found = read(query.text, "query", allowed_in(query, self._graphs))
            refuse_unknown_graphs(query, self._graphs)
            tree = with_services_answered(found.query, answered_services(query))
        except SourceError as error:
            return wrong_query(error), b""
        except ServiceNeededError as error:
            return Head(202, asks=error.request), b""
        except NotTakenError as error:
            return wrong_query(told(error, found, "query")), b""
        store = self._seen_by(query, tree)
        try:
            got = store.answer(tree)
            rows: Any = list(got.triples) if isinstance(got, Graph) else None
            if rows is None:
                rows = ox.parse_query_results(
                    render(got, "json", {}), format=ox.QueryResultsFormat.JSON
                )
            head, body = written(
                rows,
                query,
                limits,
                ask=lambda part: bool(store.select(part).rows),
                wkt=lambda thing: _wkt(store, thing),
            )
            return replace(head, cacheable=not is_volatile(found.query)), body
        except GlokalError as error:
            return Head(502, detail=error.what), b""

    def _seen_by(self, query: Query, tree: Tree) -> RemoteStore:
        default, named = list(query.default), list(query.named)
        if default or named:
            return self._store.seeing(default or [NOTHING], named or [NOTHING])
        if tree.dataset:
            return self._store.seeing((), ())
        return self._store.seeing(self._dataset["default"], self._dataset["named"])


def _wkt(store: RemoteStore, thing: str) -> str:
    file = resources.files("glokal.serve").joinpath("queries/wkt.rq")
    text = Template(file.read_text(encoding="utf-8")).substitute(thing=thing)
    rows = store.select(text).rows
    return text_of(rows[0][0]) if rows else ""


def main() -> None:
    """Answer until the input ends."""
    end_with_parent(int(sys.argv[1]))
    service = Service(open_endpoint(sys.argv[2]), json.loads(sys.argv[5]))
    limits = Limits(int(sys.argv[3]), int(sys.argv[4]))
    serve_queries(lambda query: service.answer(query, limits))


if __name__ == "__main__":
    main()
