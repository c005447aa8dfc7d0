"""Try the bound of small queries on a large graph: `make bench-bounds`.

Makes a graph of a million triples in which means say little, and queries of the closed
list at random, the worst there are among them. Those that the server's own process
would take are asked as it asks them, and their processor time is measured: none may
take over 50 ms. A table tells how long they took by how many steps their bound has, and
which took the longest for its bound.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
from tests.bounded_queries import Terms, queries, uneven_graph

from glokal.server.in_process_queries import MOST_SECONDS, InProcess
from glokal.server.workers.messages import QueryRequest
from glokal.store.embedded_quirks import EngineData
from glokal.store.graph_counts import count_graph

FORMATS = ("application/sparql-results+json", "application/sparql-results+xml")
STEPS = (100, 500, 1000, 2000, 3000, 4000, 5000)


def main() -> None:
    """Measure and print a table in Markdown; exit code 1 when one took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--things", type=int, default=110_000, help="nine triples each")
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{platform.platform()}, Python {platform.python_version()}; load {load}\n")
    with tempfile.TemporaryDirectory(prefix="glokal-") as folder:
        store = ox.Store(folder)
        store.bulk_extend(uneven_graph(given.things))
        store.optimize()
        store.flush()
        del store
        store = ox.Store.read_only(folder)
        began = time.process_time()
        counts = count_graph(store)
        counted = time.process_time() - began
        print(f"{counts.triples:,} triples, counted in {counted:.1f} s\n")
        here = InProcess(store, EngineData(), counts, 100_000)
        sys.exit(_measure(here, Terms(store), given.seed, given.queries))


def _measure(here: InProcess, terms: Terms, seed: int, number: int) -> int:
    times: dict[int, list[float]] = defaultdict(list)
    slowest: list[tuple[float, int, Path | str]] = []
    taken = too_long = 0
    for at, text in enumerate(queries(terms, seed, number)):
        found = here.find(text)
        if found is None:
            continue
        bound = found[0]
        taken += 1
        query = QueryRequest(text, accept=FORMATS[at % 2], gzip=at % 3 == 0)
        began = time.thread_time()
        here.answer(query)
        took = time.thread_time() - began
        too_long += took > MOST_SECONDS
        times[next(s for s in STEPS if bound.steps <= s)].append(took * 1000)
        slowest.append((took * 1000, bound.steps, text))
    print(f"{taken:,} of {number:,} queries are taken\n")
    print("| steps of the bound, at most | queries | ms: median | 99 % | most |")
    print("|---:|---:|---:|---:|---:|")
    for steps, all_ in sorted(times.items()):
        ordered = sorted(all_)
        late = ordered[int(len(ordered) * 0.99)]
        cells = f"{statistics.median(ordered):.2f} | {late:.2f} | {ordered[-1]:.2f}"
        print(f"| {steps} | {len(ordered):,} | {cells} |")
    print("\nThe slowest:\n")
    for took, steps, text in sorted(slowest, reverse=True)[:5]:
        print(f"- {took:.1f} ms, {steps} steps: `{text}`")
    print(
        f"\nOver {MOST_SECONDS * 1000:g} ms: {too_long}; closed: {here.closed or 'no'}"
    )
    return 1 if too_long or here.closed else 0


if __name__ == "__main__":
    main()
