"""Measure a push beside the server's own fastest way over HTTP: `make bench-push`.

The strategy with an invented national register beside it goes to Oxigraph's own server
three times: the first push, one of the same again, and one after a changed triple.
Beside it, in the same run and to a server just as empty, the register's N-Triples go
by one POST without a transaction for each of the two copies that a push makes. Sizes
may be given as arguments: `python -m benchmarks.pushing 10000000`.
"""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
from tests import servers

from benchmarks.national import write_register
from benchmarks.rooms import enlarged, row
from glokal.core.http_client import HttpClient, Reply
from glokal.core.settings import load_project
from glokal.dataset.sync import sync_graphs
from glokal.dataset.workspace import Workspace
from glokal.store.from_environment import open_endpoint
from glokal.store.graph_store_protocol import GraphStore, graph_store_of

SIZES = (100_000, 1_000_000)
# Linux counts in kilobytes.
KILOBYTES_IN_MB = 1024


class _Counting(HttpClient):
    """Sends requests, and counts the bytes of what it sends."""

    sent = 0

    def send(
        self, method: str, url: str, body: bytes | None = None, kind: str = ""
    ) -> Reply:
        """Return the reply."""
        self.sent += len(body or b"")
        return super().send(method, url, body, kind)


def processor_seconds() -> float:
    """Return the processor time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> int:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILOBYTES_IN_MB


def push(endpoint: str, folder: Path, size: int) -> Iterator[dict[str, float]]:
    """Push three times; yield seconds, processor time, MB sent, and memory."""
    workspace = enlarged(Workspace(load_project(Path.cwd())), folder, size)
    read = peak()
    *others, register = workspace.files
    first, *rest = register.triples
    changed = ox.Triple(first.subject, first.predicate, ox.Literal("another"))
    files = (*others, dataclasses.replace(register, triples=(changed, *rest)))
    del rest
    for turn in range(3):
        if turn == 2:
            workspace.__dict__["files"] = files
        client = _Counting(None, seconds=900)
        target = GraphStore(graph_store_of(endpoint), client)
        start, busy = time.perf_counter(), processor_seconds()
        sync_graphs(workspace, open_endpoint(endpoint), target)
        yield {
            "seconds": time.perf_counter() - start,
            "busy": processor_seconds() - busy,
            "sent": client.sent / 1e6,
            "peak": peak(),
            "read": read,
        }


def peer(folder: Path, size: int) -> tuple[float, float]:
    """Return the seconds and the MB of one POST for each of the two copies."""
    text, lines = folder / "peer.ttl", folder / "peer.nt"
    write_register(text, size, share=0, seed=2023)
    with lines.open("wb") as out:
        triples = (quad.triple for quad in ox.parse(path=text))
        ox.serialize(triples, output=out, format=ox.RdfFormat.N_TRIPLES)
    store = folder / "peer"
    store.mkdir()
    with servers.oxigraph(store) as address:
        start = time.perf_counter()
        for graph in ("graph=http://e/register", "default"):
            with lines.open("rb") as body:
                request = urllib.request.Request(
                    f"{address}/store?no_transaction&{graph}",
                    data=body,
                    headers={
                        "Content-Type": "application/n-triples",
                        "Content-Length": str(lines.stat().st_size),
                    },
                )
                urllib.request.urlopen(request).close()
        return time.perf_counter() - start, 2 * lines.stat().st_size / 1e6


def main() -> None:
    """Measure each size and print a table in Markdown."""
    os.environ.setdefault("GLOKAL_ENDPOINT_SECONDS", "900")
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{platform.platform()}, Python {platform.python_version()}; load {load}\n")
    row("triples", "way", "seconds", "processor", "sent", "peak (read)")
    print("|---:|---|---:|---:|---:|---:|")
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="glokal-") as name:
            folder = Path(name)
            seconds, sent = peer(folder, size)
            way = "Oxigraph, one POST a copy"
            row(f"{size:,}", way, f"{seconds:.1f} s", "", f"{sent:.1f} MB", "")
            store = folder / "store"
            store.mkdir()
            with servers.oxigraph(store) as address:
                # A process of its own, whose memory is that of a push.
                args = [sys.executable, "-m", "benchmarks.pushing", "of"]
                args += [f"{address}/query", name, str(size)]
                output = subprocess.run(args, check=True, stdout=subprocess.PIPE).stdout
            ways = ("push", "the same again", "one triple changed")
            for way, line in zip(ways, output.splitlines(), strict=True):
                told = json.loads(line)
                row(
                    f"{size:,}",
                    way,
                    f"{told['seconds']:.1f} s",
                    f"{told['busy']:.1f} s",
                    f"{told['sent']:.1f} MB",
                    f"{told['peak']:,.0f} MB ({told['read']:,.0f} MB)",
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["of"]:
        for told in push(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])):
            print(json.dumps(told), flush=True)
    else:
        main()
