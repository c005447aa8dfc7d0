"""Queries that the server answers in its own process: of a closed list, in bounds.

What is asked here is done before anything else is (docs/decisions/0095). A query is
taken when it is in the list of `glokal.sparql.bounded_query`, and its bound, made of
counts of the data, is small enough. Every other one, and every doubt, is the workers'.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox

from glokal.server.spool import SMALL
from glokal.server.workers.local_worker import WorkerLimits, serialize_result
from glokal.server.workers.messages import QueryRequest, ResponseHead
from glokal.sparql.bounded_query import bounded_query
from glokal.sparql.cost_bound import Bound, GraphCounts, bound_of
from glokal.sparql.errors import QueryError
from glokal.sparql.parameterized_queries import ParameterizedQueries
from glokal.sparql.tree import Query
from glokal.store.embedded_quirks import EngineData, ask_printed, refuse_spellings
from glokal.store.in_memory_copy import copy_default_graph
from glokal.store.on_disk import read_engine_data

# What a query may take: steps, triples when each pattern is read whole, characters.
MOST_STEPS, MOST_SCANNED, LONGEST = 5_000, 50_000, 2048
# Triples of a default graph that is copied to memory, where a look-up takes a third of
# the time; and those that a query may walk over there, since it has no index: as many
# take some 5 ms.
MOST_COPIED, MOST_CHAINED = 100_000, 100_000
# Of the processor, in seconds. One that takes more than that is a fault of the bound.
MOST_SECONDS = 0.05
# The version of the engine whose way through a query the bound is made of, and that was
# tried (tests/test_cost_bound.py).
ENGINE = "0.5.13"

log = logging.getLogger("glokal.server")


class InProcess:
    """A store that is open to read, and the counts of what is in it."""

    def __init__(
        self, store: ox.Store, data: EngineData, counts: GraphCounts, rows: int
    ) -> None:
        """An answer has at most that many rows; of its bytes a small answer's."""
        self._store = store
        self._copy = (
            copy_default_graph(store) if counts.triples <= MOST_COPIED else None
        )
        self._data = data
        self._counts = counts
        self._limits = WorkerLimits(SMALL, rows)
        self._shapes = ParameterizedQueries(self._judge)
        self.answered = 0
        self.closed = ""

    @classmethod
    def open(cls, folder: Path, counts: GraphCounts, rows: int) -> InProcess:
        """Open a store on disk; OSError or RuntimeError when it can't be read."""
        store = ox.Store.read_only(str(folder))
        return cls(store, read_engine_data(folder), counts, rows)

    def find(self, text: str) -> tuple[Bound, str] | None:
        """Return the bound of a query that is taken here, and its text printed anew."""
        if len(text) > LONGEST:
            return None
        try:
            return self._shapes.find(text)
        except QueryError:
            # What is wrong is told by a worker.
            return None

    def _judge(self, read: Query) -> Bound | None:
        query = bounded_query(read)
        if query is None:
            return None
        refuse_spellings(read, self._data)
        bound = bound_of(query, self._counts)
        taken = (
            bound.steps <= MOST_STEPS
            and bound.scanned <= MOST_SCANNED
            and bound.rows <= self._limits.rows
        )
        return bound if taken else None

    def answer(self, query: QueryRequest) -> tuple[ResponseHead, bytes] | None:
        """Return the head and the body of an answer, None when the workers are to ask.

        They are the bytes that a worker would give.
        """
        elsewhere = query.default or query.named or query.view or query.page
        if self.closed or elsewhere:
            return None
        found = self.find(query.text)
        if found is None:
            return None
        began = time.thread_time()
        try:
            result = ask_printed(self._nearest(found[0]), found[1])
            head, body = serialize_result(
                result, query, self._limits, ask=_no_page, wkt=_no_page
            )
        except Exception as error:
            self._close(f"the engine failed: {type(error).__name__}")
            return None
        except BaseException as error:
            # How the engine says that it came to a point that it can't be at.
            if type(error).__name__ != "PanicException":
                raise
            self._close("the engine failed in the middle")
            return None
        took = time.thread_time() - began
        if took > MOST_SECONDS:
            self._close(f"a query took {took * 1000:.0f} ms of the processor")
        if head.status == 503:
            if head.reason not in ("size", "rows"):
                self._close(f"the engine ran out of {head.reason}")
            return None
        self.answered += 1
        return head, body

    def _nearest(self, bound: Bound) -> ox.Store:
        """Return the store to ask: the copy, where its rows come in the same order."""
        if self._copy is None or bound.chained is None:
            return self._store
        return self._copy if bound.chained <= MOST_CHAINED else self._store

    def _close(self, why: str) -> None:
        """Leave everything to the workers until another publication is served."""
        if not self.closed:
            self.closed = why
            log.warning("queries go to the workers from now on: %s", why)


def _no_page(_asked: str) -> NoReturn:
    raise AssertionError("Pages are made by workers.")
