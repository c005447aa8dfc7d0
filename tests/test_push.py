"""What is written to a service that misbehaves: logins, retries, redirects, faults."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import pytest

from glokal.core import http_client
from glokal.core.errors import ToolError, UsageError
from glokal.core.http_client import HttpClient
from glokal.sparql.store_interface import Table
from glokal.store.graph_store_client import GraphStore, graph_store_of
from glokal.store.probe import refuse_wrong_engine
from glokal.store.remote import RemoteStore
from tests import servers
from tests.conftest import ROOT, glokal
from tests.test_logins import Service, running

TRIPLES = [
    ox.Triple(ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), ox.Literal(n))
    for n in range(10)
]
Reply = tuple[int, dict[str, str]]


class Stub:
    """A graph store that answers what a test tells it to, and notes what it got."""

    def __init__(self) -> None:
        self.replies: list[Reply] = [(204, {})]
        self.got: list[tuple[str, str, str, int]] = []
        self.server_header = "stub"
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                lines = self.rfile.read(size).count(b"\n")
                login = self.headers.get("Authorization", "")
                stub.got.append((self.command, self.path, login, lines))
                replies = stub.replies
                status, extra = replies.pop(0) if len(replies) > 1 else replies[0]
                if not status:
                    self.connection.close()
                    return
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.end_headers()

            do_PUT = do_POST = do_DELETE = do_HEAD = do_GET = answer

            def version_string(self) -> str:
                return stub.server_header

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/store"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def target(self, login: tuple[str, str] | None = None) -> GraphStore:
        return GraphStore(self.address, HttpClient(login, seconds=5), chunk=4)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    monkeypatch.setattr(http_client, "LONGEST_WAIT", 0)
    made = Stub()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_large_graph_goes_in_chunks_the_first_of_which_replaces(stub: Stub) -> None:
    assert list(stub.target().replace("urn:g?x&y", TRIPLES)) == [4, 8, 10]
    path = "/store?graph=urn%3Ag%3Fx%26y"
    assert [(m, p, n) for m, p, _, n in stub.got] == [
        ("PUT", path, 4),
        ("POST", path, 4),
        ("POST", path, 2),
    ]


def test_the_default_graph_and_an_empty_one(stub: Stub) -> None:
    assert list(stub.target().replace("", TRIPLES[:1])) == [1]
    stub.replies = [(404, {})]
    assert list(stub.target().replace("urn:g", [])) == []
    assert [(m, p) for m, p, *_ in stub.got] == [
        ("PUT", "/store?default"),
        ("DELETE", "/store?graph=urn%3Ag"),
    ]


@pytest.mark.parametrize("fault", [503, 429, 502, 0])
def test_what_is_lost_or_put_off_is_sent_again(fault: int, stub: Stub) -> None:
    stub.replies = [(fault, {"Retry-After": "1"}), (fault, {}), (204, {})]
    assert list(stub.target().replace("urn:g", TRIPLES[:2])) == [2]
    assert [n for *_, n in stub.got] == [2, 2, 2]


def test_what_is_always_put_off_is_an_error(stub: Stub) -> None:
    stub.replies = [(503, {})]
    with pytest.raises(ToolError, match="in 4 tries"):
        list(stub.target().replace("urn:g", TRIPLES))
    assert len(stub.got) == http_client.RETRIES + 1


@pytest.mark.parametrize("status", [400, 404, 405, 500])
def test_a_refusal_is_told_and_not_tried_again(status: int, stub: Stub) -> None:
    stub.replies = [(status, {})]
    with pytest.raises(ToolError, match=f"did not take urn:g: {status}"):
        list(stub.target().replace("urn:g", TRIPLES))
    assert len(stub.got) == 1


def test_who_may_not_write_is_told(stub: Stub) -> None:
    stub.replies = [(403, {})]
    with pytest.raises(
        UsageError, match=r"does not let anybody without a login do that \(403\)"
    ):
        list(stub.target().replace("urn:g", TRIPLES))
    assert len(stub.got) == 1


def test_a_password_is_sent_when_asked_for_and_only_then(stub: Stub) -> None:
    wanted = {"WWW-Authenticate": 'Basic realm="x"'}
    stub.replies = [(401, wanted), (204, {})]
    assert list(stub.target(("u", "p:æ")).replace("urn:g", TRIPLES[:1])) == [1]
    # The body waits until the login is known.
    assert [(m, login, n) for m, _, login, n in stub.got] == [
        ("HEAD", "", 0),
        ("HEAD", "Basic dTpwOsOm", 0),
        ("PUT", "Basic dTpwOsOm", 1),
    ]


def test_a_wrong_password_is_told(stub: Stub) -> None:
    stub.replies = [(401, {"WWW-Authenticate": 'Basic realm="x"'})]
    with pytest.raises(UsageError, match="does not know this user"):
        list(stub.target(("u", "p")).replace("urn:g", TRIPLES))
    with pytest.raises(UsageError, match="asks for a login"):
        list(stub.target().replace("urn:g", TRIPLES))


def test_a_challenge_that_has_grown_old_is_taken_anew(stub: Stub) -> None:
    def challenge(nonce: str) -> Reply:
        told = f'Digest realm="x", nonce="{nonce}", qop="auth", algorithm=MD5'
        return 401, {"WWW-Authenticate": told}

    stub.replies = [challenge("one"), (204, {}), challenge("two"), (204, {}), (204, {})]
    assert list(stub.target(("u", "p")).replace("urn:g", TRIPLES[:1])) == [1]
    nonces = [login.partition('nonce="')[2][:3] for _, _, login, _ in stub.got]
    assert nonces == ["", "one", "one", "two"]


def test_no_redirect_is_followed(stub: Stub) -> None:
    other = Stub()
    stub.replies = [(307, {"Location": other.address})]
    with pytest.raises(ToolError, match="307"):
        list(stub.target(("u", "p")).replace("urn:g", TRIPLES))
    other.server.shutdown()
    other.server.server_close()
    assert other.got == []


def test_where_graphs_are_taken_follows_from_the_endpoint() -> None:
    assert graph_store_of("http://h:1/query") == "http://h:1/store"
    found = graph_store_of("https://h/a/sparql?x=1")
    assert found == "https://h/a/sparql-graph-crud-auth"
    found = graph_store_of("https://h/rdf4j-server/repositories/a")
    assert found == "https://h/rdf4j-server/repositories/a/rdf-graphs/service"
    for other in (
        "https://h/data",
        "https://h/repositories/",
        "https://h/repositories",
    ):
        with pytest.raises(UsageError, match="--graph-store"):
            graph_store_of(other)


class _Engine:
    """What is asked of a service before it is believed: an endpoint, and rows."""

    endpoint = "https://h/sparql"

    def __init__(self, lost: int) -> None:
        self._lost = lost

    def select(self, query: str) -> Table:
        found = ox.Store().query(query)
        assert isinstance(found, ox.QuerySolutions)
        rows = [tuple(row) for row in found]
        return Table(("x", "y"), tuple(rows[self._lost :]))


def test_an_engine_that_loses_rows_is_refused() -> None:
    refuse_wrong_engine(cast(RemoteStore, _Engine(0)))
    with pytest.raises(ToolError, match=r"of 3 rows .* gave 2"):
        refuse_wrong_engine(cast(RemoteStore, _Engine(1)))


def test_wrong_use_is_told_in_a_line() -> None:
    gone = f"http://127.0.0.1:{servers.free_port()}/query"
    for args, told in (
        (["push", "--endpoint", gone], "ingenting lytter der"),
        (["push", "--endpoint", "http://h/x"], "--graph-store"),
        (["push", "--endpoint", gone, "--graph-store", "ftp://h"], "ingen adresse"),
        (["check", "--endpoint", gone, "--only", "owl"], "ingenting lytter der"),
        (["sparql", "ASK {}", "--graph", "urn:g"], "--endpoint"),
        (["query", "goals", "--endpoint", gone], "ingenting lytter der"),
        (["build", "--endpoint", gone], "ingenting lytter der"),
    ):
        run = glokal(*args, cwd=ROOT)
        assert (run.returncode, run.stdout) == (2, ""), args
        assert told in run.stderr, run.stderr
        assert "Traceback" not in run.stderr


def _pushed(endpoint: str, **login: str) -> str:
    """What the command says of a push that fails, which writes nothing."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in login.items():
            patched.setenv(f"GLOKAL_ENDPOINT_{name}", value)
        told = glokal("push", "--endpoint", endpoint, cwd=ROOT)
    assert told.returncode == 2
    lines = told.stderr.splitlines()
    assert lines[-1].count("Do this: ") + lines[-1].count("Gjør dette: ") == 1
    assert "Traceback" not in told.stderr
    return lines[-1]


def test_a_push_to_a_read_only_service_says_what_to_do(tmp_path: Path) -> None:
    with servers.oxigraph(tmp_path):
        pass
    with servers.oxigraph(tmp_path, read_only=True) as address:
        told = _pushed(f"{address}/query")
    assert "if it is read-only, start it so that it takes updates" in told


def test_a_push_to_a_place_without_graphs_says_what_to_do(stub: Stub) -> None:
    for status in (404, 405, 501):
        stub.replies = [(status, {})]
        with pytest.raises(ToolError, match=f"{status}") as caught:
            list(stub.target().replace("urn:g", TRIPLES))
        assert "--graph-store" in caught.value.remedy
        assert "read-only" in caught.value.remedy


def test_a_proxy_that_takes_no_large_requests_is_told(stub: Stub) -> None:
    """Nginx takes 1 MB unless it is told otherwise; 50,000 triples have more."""
    stub.replies = [(413, {})]
    with pytest.raises(ToolError, match="413") as caught:
        list(stub.target().replace("urn:g", TRIPLES))
    assert "client_max_body_size" in caught.value.remedy


def test_a_push_to_a_dead_port_says_what_to_do() -> None:
    told = _pushed(f"http://127.0.0.1:{servers.free_port()}/query")
    assert "ingenting lytter der" in told
    assert "tjenesten er oppe" in told


def test_a_push_with_a_wrong_password_says_what_to_do() -> None:
    asking = Service(401, (("WWW-Authenticate", 'Basic realm="x"'),), after_login=401)
    with running(asking):
        told = _pushed(
            asking.address.replace("/sparql", "/query"), USER="u", PASSWORD="wrong"
        )
    assert "does not know this user and password" in told
    assert "fix GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD" in told


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("Oxigraph/0.5.13", ["graph=urn%3Ag"] + ["graph=urn%3Ag&no_transaction"] * 3),
        ("Apache Jena Fuseki", ["graph=urn%3Ag"] * 4),
        ("nginx", ["graph=urn%3Ag"] * 4),
    ],
)
def test_only_a_graph_of_several_requests_goes_without_a_transaction(
    stub: Stub, server: str, expected: list[str]
) -> None:
    """What fits in one is replaced whole or not at all, by every server."""
    stub.server_header = server
    target = GraphStore(stub.address, HttpClient(None, seconds=5), chunk=4)
    for number in (4, 10, 4):
        for _ in target.replace("urn:g", TRIPLES[:number]):
            pass
    queries = [path.partition("?")[2] for _, path, _, _ in stub.got]
    assert queries == [*expected, "graph=urn%3Ag"]


def test_a_chunk_with_blank_nodes_goes_in_a_transaction(stub: Stub) -> None:
    """What was sent twice is there once, but for blank nodes."""
    stub.server_header = "Oxigraph/0.5.13"
    target = GraphStore(stub.address, HttpClient(None, seconds=5), chunk=4)
    blank = ox.Triple(ox.BlankNode(), ox.NamedNode("urn:p"), ox.Literal("x"))
    for number in (1, 10):
        for _ in target.replace("urn:g", [*TRIPLES[:number], blank]):
            pass
    plain, apart = "graph=urn%3Ag", "graph=urn%3Ag&no_transaction"
    asked = [path.partition("?")[2] for _, path, _, _ in stub.got]
    assert asked == [plain, plain, apart, apart]
