"""Logins: given only to who asks, and never to another address."""

from __future__ import annotations

import base64
import contextlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox
import pytest

from glokal.core.errors import GlokalError, ToolError, UsageError
from glokal.core.http_client import challenges
from glokal.store.from_environment import open_endpoint, write_client
from glokal.store.graph_store_client import GraphStore
from tests.conftest import ROOT, glokal

SECRET = "not-to-be-seen"
BASIC = "Basic " + base64.b64encode(f"user:{SECRET}".encode()).decode()
DIGEST = 'Digest realm="x", nonce="n", qop="auth"'
TRUE = b'{"head":{},"boolean":true}'
RDF_TRIPLE = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c"))


@dataclass
class Service:
    """A service that answers as it is told, and remembers who gave which login."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    after_login: int = 200
    seen: list[str | None] = field(default_factory=list)
    address: str = ""


@contextlib.contextmanager
def running(service: Service) -> Iterator[Service]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            login = self.headers["Authorization"]
            service.seen.append(login)
            status = service.after_login if login else service.status
            self.send_response(status)
            for name, value in service.headers if status >= 300 else ():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(TRUE)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(TRUE)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    service.address = f"http://127.0.0.1:{server.server_port}/sparql"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOKAL_ENDPOINT_USER", "user")
    monkeypatch.setenv("GLOKAL_ENDPOINT_PASSWORD", SECRET)


def read(address: str) -> Any:
    return open_endpoint(address).query("ASK {}")


def write(address: str) -> Any:
    return list(GraphStore(address, write_client()).replace("urn:g", [RDF_TRIPLE]))


WAYS = pytest.mark.parametrize("way", [read, write])


@WAYS
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("asks", [True, False])
def test_a_redirect_is_an_error_and_carries_no_login(
    way: Any, status: int, asks: bool
) -> None:
    with running(Service()) as other:
        place = ("Location", other.address.replace("127.0.0.1", "localhost"))
        wanted = ("WWW-Authenticate", 'Basic realm="x"')
        first = Service(401 if asks else status, (place, wanted), after_login=status)
        with running(first), pytest.raises(ToolError, match="leads on to") as caught:
            way(first.address)
        assert other.seen == []
        assert SECRET not in str(caught.value)


@WAYS
def test_basic_is_given_only_when_it_is_asked_for(way: Any) -> None:
    with running(Service()) as service:
        way(service.address)
    assert set(service.seen) == {None}
    asking = Service(401, (("WWW-Authenticate", 'Basic realm="x"'),))
    with running(asking):
        way(asking.address)
    assert asking.seen[0] is None
    assert asking.seen[-1] == BASIC


@WAYS
@pytest.mark.parametrize(
    "headers",
    [
        (("WWW-Authenticate", f'Basic realm="x", {DIGEST}'),),
        (
            ("WWW-Authenticate", "Negotiate"),
            ("WWW-Authenticate", 'Basic realm="x"'),
            ("WWW-Authenticate", DIGEST),
        ),
    ],
)  # fmt: skip
def test_digest_comes_before_basic(way: Any, headers: Any) -> None:
    with running(Service(401, headers)) as service:
        way(service.address)
    given = [seen for seen in service.seen if seen]
    assert given
    assert all(seen.startswith("Digest ") and SECRET not in seen for seen in given)


@WAYS
def test_basic_behind_another_scheme_is_found(way: Any) -> None:
    headers = (("WWW-Authenticate", 'Negotiate, Basic realm="a, b"'),)
    with running(Service(401, headers)) as service:
        way(service.address)
    assert service.seen[-1] == BASIC


@WAYS
@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (401, (("WWW-Authenticate", 'Basic realm="x"'),), "does not know this user"),
        (
            401,
            (("WWW-Authenticate", 'Bearer realm="x"'),),
            "of another kind: bearer",
        ),
        (403, (), "does not let this user and password"),
        (407, (), "proxy"),
    ],
)
def test_who_is_not_let_in_is_told_the_same_for_both(
    way: Any, status: int, headers: Any, said: str
) -> None:
    service = Service(status, headers, after_login=status)
    with running(service), pytest.raises(UsageError, match=said) as caught:
        way(service.address)
    assert SECRET not in str(caught.value)


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    for way in (read, write):
        with pytest.raises(GlokalError, match="holds a user or a password") as caught:
            way(f"http://user:{SECRET}@127.0.0.1:9/sparql")
        assert SECRET not in str(caught.value)


def test_the_command_shows_no_secret() -> None:
    asking = Service(401, (("WWW-Authenticate", 'Basic realm="x"'),), after_login=401)
    with running(asking):
        told = glokal("sparql", "ASK {}", "--endpoint", asking.address, cwd=ROOT)
    assert told.returncode == 2
    assert "GLOKAL_ENDPOINT_PASSWORD" in told.stderr
    assert SECRET not in told.stdout + told.stderr


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        # RFC 9110, section 11.6.1, and RFC 7616, section 3.9.1
        (
            ['Basic realm="simple", Newauth realm="apps", type=1, title="Log, in"'],
            [
                ("basic", {"realm": "simple"}),
                ("newauth", {"realm": "apps", "type": "1", "title": "Log, in"}),
            ],
        ),
        (["Negotiate", "NTLM"], [("negotiate", {}), ("ntlm", {})]),
        (
            ['Digest realm="a@b", qop="auth, auth-int", stale=TRUE'],
            [("digest", {"realm": "a@b", "qop": "auth, auth-int", "stale": "TRUE"})],
        ),
    ],
)  # fmt: skip
def test_challenges_are_read(headers: list[str], found: Any) -> None:
    assert challenges(headers) == found
