"""Requests that nobody would think of: no 5xx but 503, no traceback, nobody harmed."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator, Sequence
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glokal.dataset.dumps import named_quads
from glokal.dataset.workspace import Workspace
from tests import servers
from tests.test_server import LIGHT, ask

BOUNDED = settings(max_examples=150, suppress_health_check=list(HealthCheck))
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


class Target:
    """A server under fire, with all that it says."""

    def __init__(self, server: servers.Server) -> None:
        self.server = server

    def unharmed(self) -> None:
        """See that it runs, answers the next client, and told of no traceback."""
        assert self.server.process.poll() is None
        assert ask(self.server.address, LIGHT).status_code == 200
        assert "Traceback" not in self.server.log.read_text(encoding="utf-8")

    def raw(self, data: bytes) -> bytes:
        """Send bytes as they are, and return what comes back until it ends."""
        host, port = self.server.address.removeprefix("http://").split(":")
        answer = b""
        with socket.create_connection((host, int(port)), timeout=20) as client:
            client.settimeout(5)
            with contextlib.suppress(OSError):
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)
                while part := client.recv(65536):
                    answer += part
        return answer


@pytest.fixture(scope="module")
def server(
    strategy: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("fuzz")
    servers.small_publication(folder, named_quads(strategy))
    with servers.serving(folder) as started:
        yield Target(started)


def refused_well(answer: bytes) -> None:
    """A response of HTTP/1.1 that is no fault of the server's, or none at all."""
    assert re.match(rb"HTTP/1\.1 ([1-4]\d\d|50[35]) |$", answer), answer[:300]
    assert b"Traceback" not in answer
    assert b'File "' not in answer


# Names, media types and bytes that mean something to a server, beside any others.
WORDS = st.sampled_from(
    ["query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri",
     "format", "Query", "", "%", "%zz", "æ", "query[]", "timeout", "lang", "q"]
)  # fmt: skip
QUERIES = st.sampled_from(
    ["ASK {}", "SELECT * { ?s ?p ?o } LIMIT 1", "SELECT (<urn:f>(1) AS ?n) {}",
     "ASK { FILTER(REGEX('aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+$')) }",
     "SELECT (REPLACE('x', '(', 'y') AS ?n) {}", "SELECT (1/0 AS ?n) {}",
     "DESCRIBE <urn:x>", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1",
     "ASK {" + "{" * 300 + "}" * 300 + "}", "SELECT (" + "(" * 300 + "1",
     "ASK { <\\u0000> ?p ?o }", "ASK { ?s <a b> ?o }", "PREFIX : <x> ASK { :a ?p ?o }",
     "SELECT * { VALUES ?x {" + "1 " * 5000 + "} }", "\x00", "\ufeffASK {}", "LOAD <x>",
     "SELECT ?g { GRAPH ?g {} }", "ASK { ?a (<p>|!<q>)* ?b }", "BASE <> ASK {}"]
)  # fmt: skip
TEXT = st.one_of(QUERIES, st.text(max_size=200))
ACCEPT = st.one_of(
    st.sampled_from(
        ["*/*", "text/csv", "text/html", "application/json;q=x", "a/b;q=0", "*;q=2",
         ",,,", "text/turtle;q=1e400", "application/sparql-results+json;q=nan",
         "text/*;q=-1", "*/*;q=" + "9" * 400, ";;;", "/"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
)  # fmt: skip


@BOUNDED
@given(
    method=st.sampled_from(
        ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "QUERY"]
    ),
    pairs=st.one_of(
        st.tuples(st.tuples(st.just("query"), QUERIES)),
        st.lists(st.tuples(WORDS, TEXT), max_size=4),
    ),
    kind=st.sampled_from(
        [FORM, DIRECT, DIRECT, f"{DIRECT}; charset=x", "text/plain", "", "/"]
    ),
    body=st.one_of(
        QUERIES.map(str.encode),
        TEXT.map(lambda t: t.encode("utf-8", "replace")),
        st.binary(),
    ),
    accept=ACCEPT,
)
def test_requests_of_the_protocol(
    method: str,
    pairs: Sequence[tuple[str, str]],
    kind: str,
    body: bytes,
    accept: str,
    server: Target,
) -> None:
    line = "&".join(f"{n}={quote(v.encode('utf-8', 'replace'))}" for n, v in pairs)
    head = (
        f"{method} /sparql?{quote(line, safe='&=%')} HTTP/1.1\r\nHost: x\r\n"
        f"Accept: {accept}\r\nContent-Type: {kind}\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    refused_well(server.raw(head.encode() + body))


PATHS = st.lists(
    st.one_of(
        st.sampled_from(
            ["id", "doc", "en", "def", "code", "..", "%2e%2e", "%00", "goal", "sparql",
             "api", "queries", "dump", "x.ttl", "*", "con", "a" * 300, "\\", "%ff", ";"]
        ),
        st.text(max_size=8).map(lambda t: quote(t.encode("utf-8", "replace"))),
    ),
    max_size=6,
)  # fmt: skip


@BOUNDED
@given(
    path=PATHS,
    lines=st.lists(
        st.tuples(
            st.sampled_from(
                ["Accept", "Accept-Language", "If-None-Match", "Range", "Origin",
                 "Content-Length", "Transfer-Encoding", "Host", "Expect", "Cookie",
                 "Access-Control-Request-Method", "X-Forwarded-For", "Accept-Encoding"]
            ),
            st.one_of(
                ACCEPT,
                st.sampled_from(["chunked", "-1", "bytes=9-1", "bytes=0-", "*",
                                 "bytes=-5,0-,3-3", "9" * 30, "100-continue"]),
            ),
        ),
        max_size=2,
    ),
    tail=st.binary(max_size=40),
)  # fmt: skip
def test_requests_for_anything(
    path: list[str], lines: list[tuple[str, str]], tail: bytes, server: Target
) -> None:
    head = f"GET /{'/'.join(path)} HTTP/1.1\r\nHost: x\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in lines)
    answer = server.raw(head.encode("latin-1", "replace") + b"\r\n" + tail)
    refused_well(answer)
    assert b"root:x:0" not in answer


@BOUNDED
@given(data=st.binary(max_size=300))
def test_bytes_that_are_no_request(data: bytes, server: Target) -> None:
    refused_well(server.raw(data))


def test_after_all_that_the_server_is_unharmed(server: Target) -> None:
    """Runs last: the same process as before, the next client, no traceback."""
    server.unharmed()
