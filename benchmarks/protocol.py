"""See which SPARQL servers keep the protocol: `make bench-protocol`.

`glokal serve`, Oxigraph's own server, rdflib-endpoint (`make bench-peers`) and Fuseki
(`fuseki-server` on the path, or what `make engines` fetches) have the same publication,
and are asked the same cases: those of the protocol, of limits and of bad input. It
takes some minutes.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

import pyoxigraph as ox
from tests.engines.servers import FUSEKI_JAR, fuseki_command
from tests.protocol_report import judge
from tests.servers import free_port

from benchmarks.serving import running
from benchmarks.validation import PEERS_FOLDER
from glokal.core.errors import UsageError
from glokal.server.build_snapshot import QUADS

# What Oxigraph's server is given, as ours has a limit by itself.
SECONDS = "10"
ASK = "?query=ASK%7B%7D"


def servers(data: Path, triples: Path, store: Path) -> dict[str, tuple[list[str], str]]:
    """Return how each server that is there is started, and where it answers."""
    results: dict[str, tuple[list[str], str]] = {}
    ports = [free_port() for _ in range(4)]
    ours, oxigraph, endpoint, fuseki = (f"http://127.0.0.1:{port}" for port in ports)
    serve = [sys.executable, "-m", "glokal", "serve", "--port", str(ports[0])]
    results["glokal serve"] = (serve, f"{ours}/sparql")
    program = str(Path(sys.executable).with_name("oxigraph"))
    loaded = ox.Store(str(store))
    loaded.bulk_load(path=str(data), format=ox.RdfFormat.N_QUADS)
    loaded.flush()
    del loaded
    results["Oxigraph's server"] = (
        [program, "serve-read-only", "--location", str(store), "--timeout-s", SECONDS,
         "--bind", f"127.0.0.1:{ports[1]}", "--union-default-graph"],
        f"{oxigraph}/query",
    )  # fmt: skip
    peer = PEERS_FOLDER / "rdflib-endpoint"
    if peer.is_file():
        results["rdflib-endpoint"] = (
            [str(peer), "serve", "--host", "127.0.0.1", "--port", str(ports[2]),
             str(triples)],
            f"{endpoint}/",
        )  # fmt: skip
    if jena := _fuseki():
        results["Fuseki"] = (
            [*jena, "--localhost", f"--port={ports[3]}", f"--file={triples}", "/ds"],
            f"{fuseki}/ds/sparql",
        )
    return results


def _fuseki() -> list[str]:
    """Return what starts Fuseki, nothing where it isn't."""
    if program := shutil.which("fuseki-server"):
        return [program]
    return [str(part) for part in fuseki_command()] if FUSEKI_JAR.is_file() else []


def main() -> None:
    """Start the servers, print a line for each case, and how many each keeps."""
    quads = Path.cwd() / "public" / QUADS
    if not quads.is_file():
        raise UsageError("There is no publication.", remedy="run glokal build first.")
    with tempfile.TemporaryDirectory(prefix="glokal-") as name:
        folder = Path(name)
        triples = folder / "data.nt"
        given = (q.triple for q in ox.parse(path=str(quads)))
        ox.serialize(given, str(triples), format=ox.RdfFormat.N_TRIPLES)
        started = servers(quads, triples, folder / "store")
        for peer in ("rdflib-endpoint", "Fuseki"):
            if peer not in started:
                print(f"{peer} is left out, for it is not installed.")
        with contextlib.ExitStack() as stack:
            for number, (args, address) in enumerate(started.values()):
                ready = address + ASK
                stack.enter_context(running(args, ready))
                print(f"{number + 1}: {list(started)[number]}, {address}", flush=True)
            judge([address for _, address in started.values()])


if __name__ == "__main__":
    main()
