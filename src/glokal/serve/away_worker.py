"""The process that has a service answer: it asks, and writes what comes as is asked.

Started as `python -m glokal.serve.away_worker MEGABYTES ENDPOINT MAX_ANSWER MAX_ROWS
DATASET`,
and talks like `glokal.serve.worker`. DATASET is JSON: `default` and `named`, lists of
graphs. The login is taken from the environment, where no other user can see it.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from importlib import resources
from string import Template
from typing import Any

import pyoxigraph as ox

from glokal.errors import GlokalError
from glokal.process import end_with_parent
from glokal.rdf.terms import text_of
from glokal.serve.messages import Head, Query
from glokal.serve.worker import Limits, serve_queries, written
from glokal.serve.worker import answer as answer_here
from glokal.store.formats import render
from glokal.store.opened import open_endpoint
from glokal.store.protocol import Graph
from glokal.store.remote import RemoteStore
from glokal.store.text import has_from, unescaped

# Functions of Virtuoso under these names reach its files and the network.
_ENGINE_WORDS = re.compile(r"<\s*(?:bif|sql):", re.IGNORECASE)
# Stands for no graph where the protocol would take an empty list for all of them.
NOTHING = "urn:glokal:nothing"


class Service:
    """A service, and the dataset that a query without one is about."""

    def __init__(self, store: RemoteStore, dataset: dict[str, list[str]]) -> None:
        self._store = store
        self._dataset = dataset
        self._empty = ox.Store()

    def answer(self, query: Query, limits: Limits) -> tuple[Head, bytes]:
        """Return the head and the body of the answer to a query."""
        text = query.text
        if _ENGINE_WORDS.search(unescaped(text)):
            detail = "What only one engine has (bif:, sql:) is refused."
            return Head(403, detail=detail), b""
        # Asked of nothing first: a fault of syntax is told as at home, and no word or
        # function that isn't SPARQL 1.1 (DEFINE, say) gets through to the engine.
        first = replace(query, page=None)
        head, body = answer_here(self._empty, first, limits)
        if head.status != 200:
            return head, body
        store = self._seen_by(query)
        try:
            found = store.query(text)
            told: Any = list(found.triples) if isinstance(found, Graph) else None
            if told is None:
                told = ox.parse_query_results(
                    render(found, "json", {}), format=ox.QueryResultsFormat.JSON
                )
            return written(
                told,
                query,
                limits,
                ask=lambda part: bool(store.select(part).rows),
                wkt=lambda thing: _wkt(store, thing),
            )
        except GlokalError as error:
            return Head(502, detail=error.what), b""

    def _seen_by(self, query: Query) -> RemoteStore:
        default, named = list(query.default), list(query.named)
        if default or named:
            return self._store.seeing(default or [NOTHING], named or [NOTHING])
        if has_from(query.text):
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
