"""Small queries in the server's own process: the same bytes as from a worker.

Two servers of one publication are asked the same, one with the setting and one without.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest

from glokal.dataset.workspace import Workspace
from glokal.server.build_snapshot import QUADS
from glokal.server.in_process_queries import InProcess
from glokal.server.inline_queries import InlineQueries
from glokal.site.atomic_swap import replace_directory
from glokal.store.graph_counts import count_graph
from glokal.store.on_disk import make_store
from tests.bounded_queries import Terms, queries
from tests.servers import Server, serving, small_publication

JSON = "application/sparql-results+json"
SMALL = "SELECT ?s ?o { ?s <http://e/p> ?o } ORDER BY ?s LIMIT 20"
NAME, VALUE = ox.NamedNode("http://e/p"), ox.NamedNode("http://e/g")


@pytest.fixture(scope="module")
def pair(publication: Path) -> Iterator[tuple[Server, Server]]:
    with (
        serving(publication, GLOKAL_IN_PROCESS="true") as here,
        serving(publication) as workers,
    ):
        yield here, workers


@pytest.fixture(scope="module")
def asked(publication: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Queries about the publication, of which many are answered in the process."""
    folder = tmp_path_factory.mktemp("store")
    store = make_store(
        publication / "public" / QUADS, folder, in_default_graph=lambda _: True
    )
    opened = ox.Store.read_only(str(store))
    here = InProcess.open(store, count_graph(opened), 100_000)
    made = list(queries(Terms(opened, 500), seed=3, number=500))
    assert sum(here.find(text) is not None for text in made) > 100
    return made


def sent(server: Server, request: str, answers: int = 1) -> list[str]:
    """Send requests at once on one connection; return the answers, without a date."""
    url = urlsplit(server.address)
    results = []
    with contextlib.ExitStack() as exits:
        place = (url.hostname, url.port)
        connection = exits.enter_context(socket.create_connection(place, timeout=60))
        connection.sendall(request.encode("latin-1"))
        stream = exits.enter_context(connection.makefile("rb"))
        for _ in range(answers):
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += (line := stream.readline())
                assert line, head
            size = re.search(rb"(?i)content-length: (\d+)", head)
            # An answer to HEAD and one of status 304 have no body.
            none = size is None or request.startswith("HEAD")
            body = b"" if none or size is None else stream.read(int(size[1]))
            told = re.sub(rb"date: [^\r]*", b"date", head) + body
            results.append(told.decode("latin-1"))
    return results


def get(text: str, accept: str = JSON, more: str = "", method: str = "GET") -> str:
    path = f"/sparql?query={quote(text)}"
    fields = f"Host: a.example\r\nAccept: {accept}\r\n{more}"
    return f"{method} {path} HTTP/1.1\r\n{fields}\r\n"


def test_canned_questions_have_the_same_answer(
    pair: tuple[Server, Server], strategy: Workspace
) -> None:
    for question in strategy.queries:
        if not question.service:
            here, workers = (sent(server, get(question.text)) for server in pair)
            assert here == workers, question.slug


def test_queries_made_at_random_have_the_same_answer(
    pair: tuple[Server, Server], asked: list[str]
) -> None:
    kinds = (JSON, "application/sparql-results+xml", "text/csv", "*/*", "text/nothing")
    for number, text in enumerate(asked):
        gzip = "Accept-Encoding: gzip\r\n" if number % 3 == 0 else ""
        request = get(text, kinds[number % len(kinds)], gzip)
        here, workers = (sent(server, request) for server in pair)
        # Worker and server both stop at their limits, but only one has spare time.
        if " 503 " not in workers[0].splitlines()[0]:
            assert here == workers, text


LIGHT = "SELECT * { ?s a <https://w3id.org/glokal/def#Municipality> } ORDER BY ?s"
FORM = "application/x-www-form-urlencoded"


def post(body: str, kind: str) -> str:
    size = len(body.encode())
    fields = f"Host: a.example\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n"
    return f"POST /sparql HTTP/1.1\r\n{fields}\r\n{body}"


@pytest.mark.parametrize(
    "request_",
    [
        get(LIGHT),
        get(LIGHT, method="HEAD"),
        get(LIGHT, more="Accept: text/csv\r\n"),
        get(LIGHT, more="Connection: close\r\n"),
        get(LIGHT, more="Origin: https://b.example\r\nUser-Agent: a\r\n"),
        get(LIGHT, more="X-Forwarded-Host: b.example\r\n"),
        get(LIGHT, more="Content-Encoding: gzip\r\n"),
        get(LIGHT, more="If-None-Match: *\r\n"),
        get(LIGHT, more="Host: b.example\r\n"),
        get(LIGHT, accept="a/b"),
        get(LIGHT).replace("a.example", "a b"),
        get(LIGHT).replace("Host: a.example\r\n", ""),
        get(LIGHT).replace("HTTP/1.1", "HTTP/1.0"),
        get(LIGHT).replace("?query", "?query=a&query"),
        get(LIGHT).replace("?query", "?format=csv&query"),
        get(LIGHT).replace("?query", "?output=json&format=csv&query"),
        get(LIGHT).replace("?query", "?_=1&timeout=2&query"),
        get(LIGHT).replace("?query", "?limitt=1&query"),
        get(LIGHT).replace("?query", "?default-graph-uri=urn:none&query"),
        get(LIGHT).replace("?query", "?%FF=1&query"),
        get(LIGHT).replace("/sparql?", "//sparql?"),
        get(LIGHT).replace("/sparql?", "/sparql/?"),
        get("ASK { ?s ?p }"),
        get("\ufeffASK { ?s ?p ?o }"),
        get("DELETE WHERE { ?s ?p ?o }"),
        get(""),
        post(f"query={quote(LIGHT)}", FORM),
        post(LIGHT, "application/sparql-query"),
        post(LIGHT, "text/plain"),
    ],
)
def test_every_way_to_ask_gets_the_same(
    pair: tuple[Server, Server], request_: str
) -> None:
    here, workers = (sent(server, request_) for server in pair)
    assert here == workers


def test_an_answer_that_is_known_is_not_sent_again(pair: tuple[Server, Server]) -> None:
    here, workers = pair
    tag = re.search('etag: (W/"[0-9a-f]+")', sent(here, get(LIGHT))[0])
    assert tag
    again = get(LIGHT, more=f"If-None-Match: {tag[1]}\r\n")
    assert sent(here, again) == sent(workers, again)
    assert sent(here, again)[0].startswith("HTTP/1.1 304 ")


def test_requests_that_come_together_are_answered_in_their_order(
    pair: tuple[Server, Server],
) -> None:
    heavy = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?o ?q ?r }"
    requests = [LIGHT, heavy, LIGHT, "ASK { ?s ?p ?o }", "SELECT * { }", LIGHT]
    together = "".join(map(get, requests))
    here, workers = (sent(server, together, len(requests)) for server in pair)
    assert here == workers


def quads(value: int) -> list[ox.Quad]:
    named = [ox.NamedNode(f"http://e/{n}") for n in range(10)]
    return [ox.Quad(thing, NAME, ox.Literal(value), VALUE) for thing in named]


def told(log: Path) -> list[dict[str, object]]:
    lines = log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_a_new_publication_is_what_is_asked(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    project = small_publication(old, quads(1))
    following = small_publication(new, quads(2))
    with serving(project, GLOKAL_IN_PROCESS="true") as server:
        assert sent(server, get(SMALL))[0].count('"1"') == 10
        with replace_directory(project / "public") as made:
            shutil.copytree(following / "public", made, dirs_exist_ok=True)
        deadline = time.monotonic() + 60
        while '"2"' not in (answer := sent(server, get(SMALL))[0]):
            assert time.monotonic() < deadline
            assert answer.count('"1"') == 10
            time.sleep(0.1)
        assert answer.count('"2"') == 10
    lines = told(server.log)
    assert {"/sparql"} == {line["route"] for line in lines if "route" in line} - {
        "/readyz"
    }
    # Nothing of a query stands in the log, whichever way it went.
    assert "http://e/p" not in server.log.read_text()


def test_what_goes_the_usual_way_is_not_looked_at() -> None:
    asked: list[str] = []

    def respond(query: str, accept: str, encoding: str) -> None:
        asked.append(f"{query} {accept} {encoding}")

    host, accept = (b"host", b"a.example"), (b"accept", b"a/b")
    at_once = InlineQueries(respond)
    for url, headers in (
        (b"/sparql", [host]),
        (b"/sparql?", [host]),
        (b"/sparqls?query=a", [host]),
        (b"/sparql?query=%FF", [host]),
        (b"/sparql?query=a", [accept]),
        (b"/sparql?query=a", [host, host]),
        (b"/sparql?query=a", [host, accept, accept]),
        (b"/sparql?query=a", [(b"host", b"a/b")]),
        (b"/sparql?query=a", [host, (b"if-none-match", b"*")]),
        (b"/sparql?query=a", [host, (b"x-unknown", b"1")]),
        (b"/sparql?query=a", [host, (b"content-length", b"1")]),
    ):
        assert at_once(url, headers) is None
    assert not asked
    assert at_once(b"/sparql?query=a", [host, accept, (b"user-agent", b"b")]) is None
    assert asked == ["query=a a/b "]
