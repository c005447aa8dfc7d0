"""A push that is killed in the middle of a request, against Oxigraph's own server."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from glokal.core.errors import InputError
from glokal.core.http_client import HttpClient, Reply
from glokal.core.settings import load_project
from glokal.dataset.push import push_graphs
from glokal.dataset.push_record import open_pushed, read_push_record
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import STRATEGY
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.store.from_environment import open_endpoint, write_client
from glokal.store.graph_store_client import GraphStore, graph_store_of
from tests import servers
from tests.conftest import ROOT

CHUNK = 100
GRAPHS = ("small", "large")


class Small(Workspace):
    """Two graphs, of which one goes in several chunks, and nothing else."""

    derived_graphs = ()
    beside_graphs = ()
    reported = None


def workspace(value: str) -> Small:
    made = Small(load_project(ROOT))
    space = made.project.graphs
    parts = (_triples(20, value), _triples(520, value))
    made.__dict__["files"] = tuple(
        SourceFile(name, Path(name), space + name, STRATEGY, triples, {})
        for name, triples in zip(GRAPHS, parts, strict=True)
    )
    return made


def _triples(number: int, value: str) -> tuple[ox.Triple, ...]:
    says = ox.NamedNode("urn:says")
    shared = ox.BlankNode()
    blank = [ox.Triple(shared, says, ox.Literal(f"{n}")) for n in range(5)]
    ground = [
        ox.Triple(ox.NamedNode(f"urn:{number}:{n}"), says, ox.Literal(value))
        for n in range(number - 5)
    ]
    return (*ground, *blank)


class Dying(HttpClient):
    """Kills its own process when half of the body of a request has been sent."""

    left = 0

    def send(
        self, method: str, url: str, body: bytes | None = None, kind: str = ""
    ) -> Reply:
        self.left -= 1
        if self.left:
            return super().send(method, url, body, kind)
        parts = urlsplit(url)
        data = body or b""
        with socket.create_connection((str(parts.hostname), parts.port or 80)) as line:
            head = f"{method} {parts.path}?{parts.query} HTTP/1.1\r\nHost: h\r\n"
            head += f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
            line.sendall(head.encode() + data[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def _push_and_die(endpoint: str, request: int) -> None:
    client = Dying(None, seconds=20)
    client.left = request
    target = GraphStore(graph_store_of(endpoint), client, chunk=CHUNK)
    push_graphs(workspace("new"), open_endpoint(endpoint), target)


def _values(endpoint: str, graph: str) -> dict[str, int]:
    """Return how often each value stands in a graph, "" for the default graph."""
    where = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    text = f"SELECT ?o (COUNT(*) AS ?n) {{ {where} FILTER(ISIRI(?s)) }} GROUP BY ?o"
    rows = open_endpoint(endpoint).select(text).rows
    return {text_of(value): int(text_of(n)) for value, n in rows}


# 1 and 2 write the record; the small graph goes in one, the large and the default
# graph in six each; the last one writes the record again.
@pytest.mark.parametrize("request_number", [1, 2, 3, 4, 5, 9, 10, 12, 15, 16])
def test_a_push_that_is_killed_is_seen_and_mended_by_the_next(
    request_number: int, tmp_path: Path
) -> None:
    fork = multiprocessing.get_context("fork")
    with servers.oxigraph(tmp_path) as address:
        endpoint = f"{address}/query"
        target = GraphStore(graph_store_of(endpoint), write_client(), chunk=CHUNK)
        store, new = open_endpoint(endpoint), workspace("new")
        space = new.project.graphs
        push_graphs(workspace("old"), store, target)
        child = fork.Process(target=_push_and_die, args=(endpoint, request_number))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        # A graph of one request is the old one or the new one, never a part of either.
        assert _values(endpoint, space + "small") in ({"old": 15}, {"new": 15})
        record = read_push_record(store, space)
        assert record is not None
        if request_number == 1:
            assert record.whole
            assert _values(endpoint, "")["old"] == 530
        else:
            with pytest.raises(InputError, match="half-way"):
                open_pushed(store, space)
        push_graphs(new, store, target)
        open_pushed(store, space)
        for graph, number in (("small", 15), ("large", 515)):
            assert _values(endpoint, space + graph) == {"new": number}
        assert _values(endpoint, "") == {"new": 530}
        found = store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
        assert text_of(found[0][0]) == "540"
