"""Measure a push beside the same copies over plain HTTP: `make bench-pushes`.

To the real strategy comes an invented national register as one graph more. Oxigraph's
own server, on an empty folder each time, gets all graphs and the default graph: by
`glokal push`, by a second push of the same, and by one POST for each graph from text
that lies ready, with a transaction and without (the fastest way that the server has
over HTTP). Sizes may be given as arguments: `python -m benchmarks.pushes 10000000`.
"""

from __future__ import annotations

import http.client
import os
import platform
import resource
import sys
import tempfile
from itertools import chain
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
from tests import servers

from benchmarks.rooms import enlarged, row, timed
from glokal.core.files.spool import Segment, Spool
from glokal.core.settings import load_project
from glokal.dataset.push import push_graphs
from glokal.dataset.sorted_graphs import sorted_graphs
from glokal.dataset.workspace import Workspace
from glokal.rdf.spooled_triples import ntriples
from glokal.store.from_environment import open_endpoint, write_client
from glokal.store.graph_store_client import GraphStore, graph_store_of

SIZES = (100_000, 1_000_000)
SECONDS = 3600
# The server holds a transaction in memory, which larger ones would fill.
LARGEST_TRANSACTION = 2_000_000


def push(workspace: Workspace, address: str) -> float:
    """Push to a server; return the seconds that it took."""
    endpoint = f"{address}/query"
    target = GraphStore(graph_store_of(endpoint), write_client())
    seconds, _ = timed(lambda: push_graphs(workspace, open_endpoint(endpoint), target))
    return seconds


def post(bodies: dict[str, Segment], address: str, way: str) -> float:
    """Post each graph whole, by its name, "" for the default graph."""

    def send() -> None:
        for graph, segment in bodies.items():
            body = segment.open()
            client = http.client.HTTPConnection(
                urlsplit(address).netloc, timeout=SECONDS
            )
            name = f"graph={quote(graph, safe='')}" if graph else "default"
            kind = {
                "Content-Type": "application/n-triples",
                "Content-Length": str(segment.size),
            }
            client.request("POST", f"/store?{name}{way}", body, kind)
            reply = client.getresponse()
            reply.read()
            if reply.status not in (200, 201, 204):
                raise RuntimeError(f"{graph}: {reply.status}")
            client.close()

    return timed(send)[0]


def megabytes() -> int:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main() -> None:
    """Measure all sizes and print a table in Markdown."""
    os.environ.setdefault("GLOKAL_ENDPOINT_SECONDS", str(SECONDS))
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{platform.platform()}, Python {platform.python_version()}; load {load}\n")
    row("triples sent", "read", "most memory", "push", "again", "POST", "transaction")
    print(f"|{'---:|' * 7}")
    strategy = Workspace(load_project(Path.cwd()))
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="glokal-") as name:
            workspace = enlarged(strategy, Path(name), size)
            # What follows is worked out before, and is no part of what is measured.
            _ = list(workspace.named_graphs), workspace.reported
            read = megabytes()
            with servers.oxigraph(_new(name, "push")) as address:
                first, again = push(workspace, address), push(workspace, address)
            most = megabytes()
            graphs = sorted_graphs(workspace)
            bodies, spool, sent = dict[str, Segment](), Spool(), 0
            for graph, part in {**graphs.named, "": graphs.default}.items():
                bodies[graph] = spool.write(chain(map(_line, part.bound), part.lines))
                sent += len(part)
            with servers.oxigraph(_new(name, "plain")) as address:
                plain = post(bodies, address, "&no_transaction")
            times = [first, again, plain]
            if size <= LARGEST_TRANSACTION:
                with servers.oxigraph(_new(name, "whole")) as address:
                    times.append(post(bodies, address, ""))
            cells = (f"{seconds:.1f} s" for seconds in times)
            row(f"{sent:,}", f"{read} MB", f"{most} MB", *cells)


def _line(triple: ox.Triple) -> bytes:
    return ntriples([triple])


def _new(folder: str, name: str) -> Path:
    made = Path(folder) / name
    made.mkdir()
    return made


if __name__ == "__main__":
    main()
