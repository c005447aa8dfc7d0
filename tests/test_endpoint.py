"""Validation of data in a store: two real services, and services that misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from glokal.core import http_client
from glokal.core.errors import (
    GlokalError,
    InputError,
    SourceError,
    ToolError,
    UsageError,
)
from glokal.core.namespaces import GLO, RDFS
from glokal.dataset.workspace import Workspace
from glokal.store.paging import fetch_triples
from glokal.store.remote import AnswerLimits, RemoteStore
from glokal.validation.shacl.validate import validate_graph
from tests import servers
from tests.conftest import ROOT, glokal

E = "http://e/"
Triples = list[ox.Triple]


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.oxigraph(tmp_path_factory.mktemp("oxigraph")) as address:
        yield address


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso")) as address:
        yield address


@pytest.fixture(params=["oxigraph", "virtuoso"])
def fill(request: pytest.FixtureRequest) -> Callable[[Triples], tuple[str, list[str]]]:
    """Put triples into a service; its endpoint, and the graph to name."""
    address = request.getfixturevalue(request.param)
    if request.param == "oxigraph":
        return lambda triples: (servers.fill_oxigraph(address, triples), [])
    return lambda triples: (servers.fill_virtuoso(address, triples), [servers.GRAPH])


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(E + name)


@pytest.fixture(scope="module")
def faulty(strategy: Workspace) -> Triples:
    """The real strategy with a wrong number, a missing label and a second name."""
    thing = "https://w3id.org/glokal/id/"
    data = dict.fromkeys(t for f in strategy.files for t in f.triples)
    inderoy = ox.NamedNode(thing + "municipality/inderoy")
    number = ox.NamedNode(GLO + "municipalityNumber")
    label = ox.NamedNode(RDFS + "label")
    goal = next(t for t in data if text(t.subject).startswith(thing + "goal/")).subject
    kept = [
        t
        for t in data
        if (t.subject, t.predicate) not in ((inderoy, number), (goal, label))
    ]
    assert len(kept) < len(data) - 1
    return [
        *kept,
        ox.Triple(inderoy, number, ox.Literal("99")),
        ox.Triple(inderoy, label, ox.Literal("Innerøya", language="nb")),
    ]


def text(term: object) -> str:
    return str(getattr(term, "value", ""))


def test_the_same_results_as_from_files(
    fill: Callable[[Triples], tuple[str, list[str]]],
    faulty: Triples,
    strategy: Workspace,
    tmp_path: Path,
) -> None:
    endpoint, graphs = fill(faulty)
    args = ["--shapes", ROOT / "shapes", "--endpoint", endpoint, "--format", "json"]
    args += [part for graph in graphs for part in ("--graph", graph)]
    run = glokal("validate", *args, cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    told = json.loads(run.stdout)
    got = {(f["rule"], f["focus"], f["value"]) for f in told["findings"]}
    shapes = [t for f in strategy.shapes for t in f.triples]
    expected = {
        (text(r.shape), text(r.focus), text(r.value) or None)
        for r in validate_graph(faulty, shapes)
    }
    assert got == expected
    assert len(got) >= 3
    assert {f["file"] for f in told["findings"]} == {endpoint}
    assert "Inderøy" in {f["focusLabel"] for f in told["findings"]}


@pytest.mark.parametrize("page", [7, 100, 12_000])
def test_pages_make_the_whole(
    fill: Callable[[Triples], tuple[str, list[str]]], page: int
) -> None:
    # Over ten thousand, where Virtuoso gives no more rows than that.
    size = 50 if page == 7 else 11_000
    data = [ox.Triple(iri(f"a{n}"), iri("p"), ox.Literal(str(n))) for n in range(size)]
    ring = [ox.BlankNode(f"n{n}") for n in range(30)]
    data += [ox.Triple(b, iri("q"), ring[n - 1]) for n, b in enumerate(ring)]
    endpoint, graphs = fill(data)
    store = RemoteStore(endpoint, graphs=graphs)
    found = list(fetch_triples(store, None, name=endpoint, page=page))
    assert canonical(found) == canonical(data)
    only = list(fetch_triples(store, [E + "q", E + "none"], name=endpoint, page=page))
    assert canonical(only) == canonical(data[size:])


def canonical(triples: Triples) -> set[str]:
    graph = ox.Dataset(ox.Quad(*triple) for triple in triples)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in graph}


def test_a_triple_in_two_graphs_is_taken_once(virtuoso: str) -> None:
    """The default graph of Virtuoso is the union of those that are named."""
    servers.fill_virtuoso(virtuoso, [ox.Triple(iri("a"), iri("p"), iri("b"))])
    other = "http://e/other"
    servers.fill_virtuoso(
        virtuoso,
        [ox.Triple(iri(n), iri("p"), iri("b")) for n in "ac"],
        graph=other,
    )
    store = RemoteStore(f"{virtuoso}/sparql", graphs=[servers.GRAPH, other])
    found = list(fetch_triples(store, None, name="virtuoso"))
    assert sorted(text(t.subject) for t in found) == [E + "a", E + "c"]


JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"
YES = b'{"head": {}, "boolean": true}'
# Status, media type, body, further headers.
Reply = tuple[int, str, bytes, dict[str, str]]


class Stub:
    """An endpoint that answers what a test tells it to."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.asked: list[str] = []
        self.slow = threading.Event()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                stub.asked.append(parse_qs(self.rfile.read(size).decode())["query"][0])
                replies = stub.replies
                status, kind, body, extra = (
                    replies.pop(0) if len(replies) > 1 else replies[0]
                )
                self.send_response(status)
                self.send_header("Content-Type", kind)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                if "X-Drip" in extra:
                    self.wfile.flush()
                    while not stub.slow.wait(0.2):
                        try:
                            self.wfile.write(b" ")
                        except OSError:
                            break

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/sparql"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def store(self, *replies: Reply, seconds: float = 20) -> RemoteStore:
        self.replies = list(replies)
        return RemoteStore(self.address, limits=AnswerLimits(seconds, 1))


@pytest.fixture
def stub() -> Iterator[Stub]:
    made = Stub()
    yield made
    made.slow.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "LONGEST_WAIT", 0)


LONG = b"<a:a> <a:a> <a:a> .\n" * 60_000
BAD_ANSWERS: dict[str, tuple[Reply, type[GlokalError], str]] = {
    "a web page": (
        (200, "text/html", b"<html><p>Velkommen &amp; hei</p>", {}),
        InputError,
        "text/html.*Velkommen & hei",
    ),
    "half a JSON": ((200, JSON, YES[:20], {}), InputError, "cut off"),
    "less than told": (
        (200, NTRIPLES, b"<a:a> <a:a> <a:a> .\n", {"Content-Length": "90"}),
        InputError,
        "cut off",
    ),
    "a chunk that breaks off": (
        (200, JSON, b'5\r\n{"hea', {"Transfer-Encoding": "chunked"}),
        ToolError,
        "broke off|in time|can't be reached",
    ),
    "a part marked as such": (
        (200, JSON, YES, {"X-SQL-State": "S1TAT"}),
        InputError,
        "a part of the answer",
    ),
    "too much": ((200, NTRIPLES, LONG, {}), InputError, "over 1 MB"),
    "no such page": ((404, "text/plain", b"nothing", {}), ToolError, "nothing"),
    "no entry": ((403, "text/plain", b"go away", {}), UsageError, "403: go away"),
    "a failure": ((500, "text/plain", b"out of memory", {}), ToolError, "memory"),
    "a refusal": ((400, "text/plain", b"line 1: no", {}), SourceError, "line 1: no"),
    "always busy": ((503, "text/plain", b"", {"Retry-After": "1"}), ToolError, "busy"),
    "drop by drop": ((200, JSON, b"", {"X-Drip": "1"}), ToolError, "in time"),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_a_bad_answer_is_an_error(name: str, stub: Stub) -> None:
    reply, error, told = BAD_ANSWERS[name]
    with pytest.raises(error, match=told):
        stub.store(reply, seconds=2).query("ASK {}")
    assert len(stub.asked) == (http_client.RETRIES + 1 if name == "always busy" else 1)


def test_a_busy_service_is_asked_again(stub: Stub) -> None:
    busy = (503, "text/plain", b"", {"Retry-After": "1"})
    assert stub.store(busy, busy, (200, JSON, YES, {})).query("ASK {}") is True
    assert len(stub.asked) == 3


def test_nobody_listens() -> None:
    store = RemoteStore(f"http://127.0.0.1:{servers.free_port()}/sparql")
    with pytest.raises(ToolError, match="nothing listens there"):
        store.query("ASK {}")


@pytest.mark.parametrize("address", ["data.example.org", "ftp://e/x", "http://", "/s"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        RemoteStore(address)


def rows(**bindings: str) -> Reply:
    values = {
        k: {"type": "literal" if k == "n" else "uri", "value": v}
        for k, v in bindings.items()
    }
    body = {"head": {"vars": list(bindings)}, "results": {"bindings": [values]}}
    return 200, JSON, json.dumps(body).encode(), {}


def triples(body: str) -> Reply:
    return 200, NTRIPLES, body.encode(), {}


def test_a_service_that_renames_its_blank_nodes_is_refused(stub: Stub) -> None:
    names = [triples(f"_:{n} <a:a> <a:a> .") for n in ("b0", "b0", "b0")]
    store = stub.store(rows(p=E + "p", n="9"), *names)
    with pytest.raises(InputError, match="a new name in each answer"):
        list(fetch_triples(store, None, name="it"))


def test_a_service_whose_pages_do_not_add_up_is_refused(stub: Stub) -> None:
    page = triples(f"<a:a> <{E}p> <a:a> .")
    store = stub.store(rows(p=E + "p", n="9"), triples(""), triples(""), triples(""),
                       page, rows(n="9"), page, triples(""))  # fmt: skip
    with pytest.raises(InputError, match=r"counts 9 triples .* gave 1"):
        list(fetch_triples(store, None, name="it"))


@pytest.mark.parametrize(("pages", "size"), [("aab", 3), ("ab a", 2), ("ab", 3)])
def test_a_triple_that_merged_graphs_repeat_is_taken_once(
    pages: str, size: int, stub: Stub
) -> None:
    """Counted twice, and given twice (RDF4J), in one page or in two, or once."""

    def page(names: str) -> Reply:
        return triples("\n".join(f"<a:{n}> <{E}p> <a:a> ." for n in names))

    given = [page(names) for names in pages.split()]
    store = stub.store(rows(p=E + "p", n="3"), *[triples("")] * 3, *given,
                       rows(n="2"), page("ab"))  # fmt: skip
    found = list(fetch_triples(store, None, name="it", page=size))
    assert sorted(text(t.subject) for t in found) == ["a:a", "a:b"]


def test_an_empty_slice_is_no_pass(stub: Stub, tmp_path: Path) -> None:
    empty = (200, JSON, b'{"head":{"vars":[]},"results":{"bindings":[]}}', {})
    stub.store(empty, triples(""))
    args = ["--shapes", ROOT / "shapes", "--endpoint", stub.address]
    run = glokal("validate", *args, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert "--graph" in run.stderr
