"""Measure small files with file processes, and without: `make bench-things`.

Documents of things from `glokal serve` with 0, 1 and 2 file processes, beside DESCRIBE
of the same things by Oxigraph's own server, by turns in the same run. Three kinds of
readers: wrk on connections that stay, when all was asked before (*warm*); wrk at a
server that has just started (*cold*: the first round of each server, and no other); and
a client in Python that opens a connection for each request (*fresh*), the whole time of
which is the client's, so that only the processor's time says something of the server.
"""

from __future__ import annotations

import contextlib
import os
import platform
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.servers import free_port

from benchmarks.serving import JSON, Ask, Run, processor_seconds, running, wrk
from glokal.core.errors import UsageError
from glokal.core.settings import load_project
from glokal.rdf.source_files import APART
from glokal.server.build_snapshot import QUADS
from glokal.store.on_disk import make_store

CLIENTS = (1, 16)
ROUNDS = 3
FRESH = 3000
TURTLE = "text/turtle"


@dataclass
class Peer:
    """A server at work, what it is asked, and what was seen of it.

    `bodies` are the files that the answers must be, none where nobody knows them.
    """

    name: str
    address: str
    endpoint: str
    pid: int
    asks: list[Ask]
    bodies: dict[str, bytes]
    runs: dict[tuple[str, int], list[Run]]


def fresh(peer: Peer, asks: list[Ask]) -> Run:
    """Ask on a new connection each time; the rate is the client's, too."""
    target = urlsplit(peer.address)
    where = (target.hostname, target.port)
    before, began, wrong = processor_seconds(peer.pid), time.perf_counter(), 0
    count = FRESH if len(asks) > 1 else FRESH // 5
    for n in range(count):
        path, accept = asks[n % len(asks)]
        text = f"GET {path} HTTP/1.1\r\nHost: {target.netloc}\r\nAccept: {accept}\r\n"
        with socket.create_connection(where, 30) as client:
            client.sendall(f"{text}\r\n".encode())
            got = client.recv(1 << 20)
            body = peer.bodies.get(path, b"")
            while got and body and len(got.partition(b"\r\n\r\n")[2]) < len(body):
                got += client.recv(1 << 20)
        wrong += not (got.startswith(b"HTTP/1.1 200 ") and got.endswith(body))
    seconds = time.perf_counter() - began
    processor = (processor_seconds(peer.pid) - before) / count * 1e6
    return Run(count / seconds, processor, wrong, 0, 0, 0, 0, 0)


def table(peers: list[Peer]) -> None:
    """Print a row for each server, kind and number of clients."""
    print("| | clients | | requests /s | beside Oxigraph | processor µs | "
          "ms: median / 95 % / 99 % | wrong / failed |")  # fmt: skip
    print("|---|---:|---|---:|---:|---:|---|---|")
    theirs = peers[-1].runs
    for kind, clients in theirs:
        for peer in peers:
            runs = peer.runs[kind, clients]
            pairs = zip(runs, theirs[kind, clients], strict=True)
            ratio = statistics.median(a.rate / b.rate for a, b in pairs)
            processor = statistics.median(run.processor for run in runs)
            rate = statistics.median(run.rate for run in runs)
            best = max(runs, key=lambda run: run.rate)
            spread = (
                "-"
                if not best.p99
                else f"{best.median:.2f} / {best.p95:.2f} / {best.p99:.2f}"
            )
            wrong = sum(run.wrong for run in runs)
            failed = sum(run.failed + run.refused for run in runs)
            print(
                f"| {kind} | {clients} | {peer.name} | {rate:,.0f} | {ratio:.2f} | "
                f"{processor:.0f} | {spread} | {wrong} / {failed} |",
                flush=True,
            )


@contextlib.contextmanager
def peers(folder: Path) -> Iterator[list[Peer]]:
    """Start all servers on the publication of the working folder."""
    project = load_project(Path.cwd())
    public = Path.cwd() / "public"
    if not (public / QUADS).is_file():
        raise UsageError("There is no publication.", remedy="run glokal build first.")
    outside = tuple(project.graphs + kind for kind in APART)
    store = make_store(
        public / QUADS,
        folder / "store",
        in_default_graph=lambda iri: not iri.startswith(outside),
    )
    documents, described = [], []
    for path in sorted((public / "doc").glob("*/*.ttl"))[::20]:
        thing = path.relative_to(public / "doc").with_suffix("").as_posix()
        documents.append((f"/doc/{thing}.ttl", TURTLE))
        text = f"DESCRIBE <{project.things}{thing}>"
        described.append((f"/query?query={quote(text)}", TURTLE))
    bodies = {path: (public / path[1:]).read_bytes() for path, _ in documents}
    with contextlib.ExitStack() as stack:
        found = []
        for processes in (0, 1, 2):
            port = free_port()
            address = f"http://127.0.0.1:{port}"
            args = [sys.executable, "-m", "glokal", "serve", "--port", str(port)]
            setting = {"GLOKAL_FILE_PROCESSES": str(processes)}
            pid = stack.enter_context(running(args, f"{address}/readyz", **setting))
            name = f"glokal, {processes} file processes" if processes else "glokal"
            found.append(Peer(name, address, "/sparql", pid, documents, bodies, {}))
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        oxigraph = str(Path(sys.executable).with_name("oxigraph"))
        args = [oxigraph, "serve-read-only", "--location", str(store)]
        args += ["--bind", f"127.0.0.1:{port}"]
        ready = f"{address}/query?query=ASK%7B%7D"
        pid = stack.enter_context(running(args, ready))
        found.append(Peer("Oxigraph", address, "/query", pid, described, {}, {}))
        # File processes begin when the server is ready.
        time.sleep(2)
        yield found


def main() -> None:
    """Measure and print a table in Markdown."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{platform.platform()}, Python {platform.python_version()}; load {load}\n")
    with (
        tempfile.TemporaryDirectory(prefix="glokal-") as name,
        peers(Path(name)) as found,
    ):
        for peer in found:
            run = wrk(peer.address, peer.asks, 16, Path(name), peer.pid)
            peer.runs["cold", 16] = [run]
        for _ in range(ROUNDS):
            for clients in CLIENTS:
                for peer in found:
                    run = wrk(peer.address, peer.asks, clients, Path(name), peer.pid)
                    peer.runs.setdefault(("warm", clients), []).append(run)
            for peer in found:
                peer.runs.setdefault(("fresh", 1), []).append(fresh(peer, peer.asks))
                query = fresh(peer, [(f"{peer.endpoint}?query=ASK%7B%7D", JSON)])
                peer.runs.setdefault(("fresh, a query", 1), []).append(query)
        table(found)
        good = not any(r.wrong for p in found for runs in p.runs.values() for r in runs)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
