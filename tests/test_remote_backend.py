"""`glokal serve --endpoint`: the same endpoint, answered by a larger engine."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pyoxigraph as ox
import pytest

from glokal.dataset.dumps import named_quads
from glokal.dataset.push import push_graphs
from glokal.dataset.workspace import Workspace
from glokal.store.from_environment import open_endpoint, write_client
from glokal.store.graph_store_client import GraphStore, graph_store_of
from tests import servers
from tests import sparql_protocol_cases as http_kit
from tests.conftest import glokal
from tests.servers import serving
from tests.test_server import HEAVY, LIGHT, ask

SECRET = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("theirs"))


@pytest.fixture(scope="module")
def project(strategy: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    return servers.small_publication(folder, named_quads(strategy))


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def service(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    strategy: Workspace,
) -> Iterator[str]:
    """The endpoint of a service with the strategy, and a graph of somebody else."""
    folder = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patched, contextlib.ExitStack() as running:
        if request.param == "virtuoso":
            patched.setenv("GLOKAL_ENDPOINT_USER", "dba")
            patched.setenv("GLOKAL_ENDPOINT_PASSWORD", "dba")
        started = getattr(servers, request.param)(folder)
        end = {"oxigraph": "/query", "virtuoso": "/sparql"}[request.param]
        endpoint = running.enter_context(started) + end
        target = GraphStore(graph_store_of(endpoint), write_client())
        assert list(target.replace("urn:theirs", [SECRET]))
        push_graphs(strategy, open_endpoint(endpoint), target)
        yield endpoint


@pytest.fixture(scope="module")
def address(service: str, project: Path) -> Iterator[str]:
    limits = {"GLOKAL_QUERY_SECONDS": "3", "GLOKAL_ANSWER_MEGABYTES": "1"}
    with serving(project, "--endpoint", service, **limits) as at:
        yield at.address


# What a service can't do is told as its failure, 502.
UNKNOWN = {"virtuoso": {"what differs each time isn't stored: BNODE()"}}


def test_the_kit_holds(address: str, request: pytest.FixtureRequest) -> None:
    kept = {
        case.name: http_kit.run(f"{address}/sparql", case) for case in http_kit.CASES
    }
    found = {name: wrong for name, wrong in kept.items() if wrong}
    (service,) = [s for s in ("oxigraph", "virtuoso") if s in request.node.name]
    assert set(found) == UNKNOWN.get(service, set()), found


def test_answers_are_those_of_home(address: str, strategy: Workspace) -> None:
    texts = [q.text for q in strategy.queries if not q.service]
    texts += ["SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"]
    for text in texts:
        answer = ask(address, text, Accept="application/sparql-results+json")
        assert answer.status_code == 200, answer.text
        found = ox.parse_query_results(
            answer.content, format=ox.QueryResultsFormat.JSON
        )
        assert isinstance(found, ox.QuerySolutions)
        rows = sorted(str(tuple(row)) for row in found)
        assert rows == sorted(map(str, strategy.store.select(text).rows))


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("SELECT (<bif:now>() AS ?n) {}", 400, "bif:"),
        ("PREFIX b: <\\u0062if:> SELECT (b:now() AS ?n) {}", 400, "bif:"),
        ("SELECT (<LONG::bif:now>() AS ?n) {}", 400, "LONG::bif:"),
        ("DEFINE get:soft \"soft\" SELECT * { ?s ?p ?o }", 400, "SPARQL"),
        ("SELECT (<urn:none>(1) AS ?n) {}", 400, "urn:none"),
        ("SELECT * { ?s ?p", 400, "SPARQL"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", 503, "1 MB|3 seconds|memory"),
        (HEAVY, 503, "3 seconds|memory"),
    ],
)  # fmt: skip
def test_what_may_not_be_asked_is_refused(
    query: str, status: int, told: str, address: str
) -> None:
    answer = ask(address, query)
    # An engine may refuse by itself what it would take too long for.
    assert answer.status_code in (status, 502 if status == 503 else status)
    assert answer.status_code == 502 or re.search(told, answer.json()["detail"])
    assert ask(address, LIGHT).status_code == 200


def test_a_graph_that_is_not_there_is_told(address: str) -> None:
    query = "ASK { GRAPH ?g { ?s ?p ?o } }"
    answer = httpx.get(
        f"{address}/sparql",
        params={"query": query, "default-graph-uri": "urn:none"},
        headers={"Accept": http_kit.JSON},
    )
    assert answer.status_code == 400
    assert "urn:none" in answer.json()["detail"]


def test_a_service_that_was_never_filled_is_not_served(
    project: Path, tmp_path: Path
) -> None:
    with servers.oxigraph(tmp_path) as empty:
        run = glokal("serve", "--endpoint", f"{empty}/query", cwd=project)
    assert run.returncode == 2
    assert "glokal push" in run.stderr


def test_a_service_that_is_gone_is_told_as_such(
    project: Path, strategy: Workspace, tmp_path: Path
) -> None:
    with contextlib.ExitStack() as service:
        endpoint = service.enter_context(servers.oxigraph(tmp_path)) + "/query"
        target = GraphStore(graph_store_of(endpoint), write_client())
        push_graphs(strategy, open_endpoint(endpoint), target)
        with serving(project, "--endpoint", endpoint) as server:
            address = server.address
            assert ask(address, LIGHT).status_code == 200
            service.close()
            answer = ask(address, LIGHT)
            assert answer.status_code == 502
            assert endpoint in answer.json()["detail"]
            assert httpx.get(f"{address}/healthz").status_code == 200
