"""Measure `glokal serve` beside Oxigraph's own server: `make bench-serve`.

Both answer the same publication in the same run, by turns. The client is wrk (Debian),
one thread in C that asks as fast as it is answered, and compares each answer with the
one that both gave before. A row is light queries, canned questions or things; the
peer answers the same question by SPARQL. Nothing is cached by either for light queries;
those of another row differ in a constant, so that nothing read can be used again, and
are asked of a server that answers small queries in its own process, too.
Ratios are medians of the rounds. The processor's time, user and system with that of the
workers, is changed less by other work on the machine.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.servers import free_port

from glokal.core.errors import UsageError
from glokal.core.namespaces import GLO, RDFS
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import APART
from glokal.server.build_snapshot import QUADS
from glokal.store.on_disk import make_store

CLIENTS = (1, 8, 16, 32, 128)
SECONDS = 3
ROUNDS = 3
HEAVY_SECONDS = 5
JSON = "application/sparql-results+json"
LIGHT = (
    f"SELECT ?s ?label {{ ?s a <{GLO}Municipality> ; <{RDFS}label> ?label }} "
    "ORDER BY ?s ?label"
)
OTHERS = LIGHT.replace("?label } ", '?label FILTER(?label != "NUMBER") } ')
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Ask = tuple[str, str]


@dataclass(frozen=True)
class Run:
    """What one run of wrk saw; times in milliseconds.

    `processor` is the time of the server's processes for each request, in microseconds.
    """

    rate: float
    processor: float
    wrong: int
    refused: int
    failed: int
    median: float
    p95: float
    p99: float


@contextlib.contextmanager
def running(args: list[str], ready: str, **settings: str) -> Iterator[int]:
    """Run a server until the block ends; give its process."""
    with subprocess.Popen(
        args,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(ready, timeout=5).close()
                    break
                time.sleep(0.1)
            yield server.pid
        finally:
            server.terminate()
            server.wait(30)


def processor_seconds(pid: int) -> float:
    """Return the time that a process and its children have had (proc(5))."""
    ticks, waiting = 0, [pid]
    for number in waiting:
        # One that ends meanwhile counts no more.
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            ticks += int(stat[11]) + int(stat[12])
            for task in Path(f"/proc/{number}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return ticks / os.sysconf("SC_CLK_TCK")


def wrk(address: str, asks: list[Ask], clients: int, folder: Path, pid: int) -> Run:
    """Ask a server for some seconds, by turns if there are several questions."""
    cases = folder / "cases.lua"
    rows = []
    for path, accept in asks:
        body = fetch(address + path, accept) if len(asks) == 1 else b""
        text = "".join(f"\\{byte:03}" for byte in body)
        rows.append(f'{{path="{path}", accept="{accept}", body="{text}"}}')
    cases.write_text(f"return {{{', '.join(rows)}}}\n", encoding="utf-8")
    script = Path(__file__).with_suffix(".lua")
    before = processor_seconds(pid)
    told = subprocess.run(
        ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}", "-s", str(script), address],
        env={**os.environ, "GLOKAL_BENCH_CASES": str(cases)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"RESULT ([\d ]+)", told)
    assert found, told
    n, micros, wrong, refused, failed, lost, *latency = map(int, found[1].split())
    median, p95, p99, _ = (value / 1000 for value in latency)
    processor = (processor_seconds(pid) - before) / n * 1e6
    return Run(
        n / micros * 1e6, processor, wrong, refused, failed + lost, median, p95, p99
    )


def fetch(url: str, accept: str) -> bytes:
    """Return the body of an answer."""
    asked = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return bytes(answer.read())


def beside(
    name: str, clients: int, ours: Callable[[], Run], peers: Callable[[], Run]
) -> bool:
    """Run both by turns and print a row; whether nothing was wrong.

    Rates and times are the best of each, ratio and processor's time the medians.
    """
    runs = [(ours(), peers()) for _ in range(ROUNDS)]
    us = max((a for a, _ in runs), key=lambda run: run.rate)
    peer = max((b for _, b in runs), key=lambda run: run.rate)
    wrong = sum(run.wrong for run, _ in runs)
    failed = sum(run.failed for run, _ in runs)
    refused = sum(run.refused for run, _ in runs)
    ratio = statistics.median(a.rate / b.rate for a, b in runs)
    taken = [
        statistics.median(r.processor for r in side) for side in zip(*runs, strict=True)
    ]
    cells = [
        name, str(clients), f"{us.rate:,.0f}", f"{peer.rate:,.0f}", f"{ratio:.2f}",
        f"{taken[0]:.0f} / {taken[1]:.0f}",
        f"{us.median:.1f} / {us.p95:.1f} / {us.p99:.1f}",
        f"{peer.median:.1f} / {peer.p95:.1f} / {peer.p99:.1f}",
        f"{wrong} / {failed} / {refused}",
    ]  # fmt: skip
    print(f"| {' | '.join(cells)} |", flush=True)
    return not wrong and not failed


def heavy(ours: str, light: Ask, folder: Path, pid: int) -> bool:
    """Ask something heavy while eight clients ask light ones; print what came of it."""
    ended: list[tuple[int, float]] = []

    def ask() -> None:
        start = time.perf_counter()
        status = 200
        try:
            fetch(f"{ours}/sparql?query={quote(HEAVY)}", JSON)
        except urllib.error.HTTPError as error:
            status = error.code
        ended.append((status, time.perf_counter() - start))

    quiet = wrk(ours, [light], 8, folder, pid)
    thread = threading.Thread(target=ask)
    thread.start()
    # The heavy query has a second among the light ones before it steps back.
    time.sleep(1.2)
    run = wrk(ours, [light], 8, folder, pid)
    thread.join()
    status, seconds = ended[0]
    limit = f"(limit {HEAVY_SECONDS} s)"
    print(
        f"\nA heavy query got {status} after {seconds:.1f} s {limit}. "
        f"Light ones from eight clients meanwhile: median {run.median:.1f} ms, 95 % "
        f"within {run.p95:.1f} ms, 99 % within {run.p99:.1f} ms; without it "
        f"{quiet.median:.1f}, {quiet.p95:.1f} and {quiet.p99:.1f} ms."
    )
    return status == 503 and not run.wrong and not run.failed


def main() -> None:
    """Measure and print a table in Markdown."""
    workspace = Workspace(load_project(Path.cwd()))
    public = Path.cwd() / "public"
    if not (public / QUADS).is_file():
        raise UsageError("There is no publication.", remedy="run glokal build first.")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{platform.platform()}, Python {platform.python_version()}; load {load}\n")
    questions = [q for q in workspace.queries if not q.service]
    things = sorted((public / "doc").glob("*/*.ttl"))[::20]
    outside = tuple(workspace.project.graphs + kind for kind in APART)
    with tempfile.TemporaryDirectory(prefix="glokal-") as name:
        folder = Path(name)
        store = make_store(
            public / QUADS,
            folder / "store",
            in_default_graph=lambda iri: not iri.startswith(outside),
        )
        ports = free_port(), free_port(), free_port()
        ours, peer, own = (f"http://127.0.0.1:{port}" for port in ports)
        oxigraph = Path(sys.executable).with_name("oxigraph")
        theirs = [str(oxigraph), "serve-read-only", "--location", str(store)]
        theirs += ["--bind", f"127.0.0.1:{ports[1]}"]
        served = [sys.executable, "-m", "glokal", "serve", "--port"]
        light = (f"/sparql?query={quote(LIGHT)}", JSON)
        others = (f"/sparql?query={quote(OTHERS)}", JSON)
        prepared = [(f"/query/{q.slug}/rows.csv", "text/csv") for q in questions]
        asked = [(f"/query?query={quote(q.text)}", "text/csv") for q in questions]
        documents, described = [], []
        for path in things:
            thing = path.relative_to(public / "doc").with_suffix("").as_posix()
            documents.append((f"/doc/{thing}.ttl", "text/turtle"))
            text = f"DESCRIBE <{workspace.project.things}{thing}>"
            described.append((f"/query?query={quote(text)}", "text/turtle"))
        rows = (
            ("light query", [light], [(light[0].replace("sparql", "query"), JSON)]),
            (
                "light query, each another",
                [others],
                [(others[0].replace("sparql", "query"), JSON)],
            ),
            ("canned question", prepared, asked),
            ("thing", documents, described),
        )
        limit = {"GLOKAL_QUERY_SECONDS": str(HEAVY_SECONDS)}
        with (
            running([*served, str(ports[0])], f"{ours}/readyz", **limit) as us,
            running(
                [*served, str(ports[2])],
                f"{own}/readyz",
                **limit,
                GLOKAL_IN_PROCESS="true",
            ) as us_alone,
            running(theirs, f"{peer}/query?query=ASK%7B%7D") as them,
        ):
            print("| | clients | glokal /s | oxigraph /s | ratio | "
                  "processor µs: glokal / oxigraph | glokal ms: median / 95 % / 99 % | "
                  "oxigraph ms | wrong / failed / put off |")  # fmt: skip
            print("|---|---:|---:|---:|---:|---:|---|---|---|")
            good = [
                beside(
                    kind,
                    clients,
                    lambda mine=mine, n=clients: wrk(ours, mine, n, folder, us),
                    lambda other=other, n=clients: wrk(peer, other, n, folder, them),
                )
                for kind, mine, other in rows
                for clients in (CLIENTS if kind.startswith("light query") else (1, 16))
            ]
            asked_of_peer = [(others[0].replace("sparql", "query"), JSON)]
            good += [
                beside(
                    "the same, in the server's process",
                    clients,
                    lambda n=clients: wrk(own, [others], n, folder, us_alone),
                    lambda n=clients: wrk(peer, asked_of_peer, n, folder, them),
                )
                for clients in CLIENTS
            ]
            good.append(heavy(ours, light, folder, us))
            print("\nThe same with small queries in the server's process:", end="")
            good.append(heavy(own, light, folder, us_alone))
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
