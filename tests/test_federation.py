"""Federation: the one question that asks another endpoint, against one of our own."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from glokal.core.errors import GlokalError, SourceError
from glokal.dataset.canned_queries import find_query
from glokal.dataset.workspace import Workspace
from glokal.sparql.store_interface import Table
from tests.conftest import ROOT, glokal

# Invented projects: the names are folded in different ways, one is nobody's.
PROJECTS = """
PREFIX e: <http://data.europa.eu/s66#>
INSERT DATA {
  <urn:p1> a e:Project ; e:title "Green ports" ; e:hasInvolvedParty <urn:r1>, <urn:r3> .
  <urn:r1> e:isRoleOf <urn:o1> . <urn:o1> e:legalName "TRONDELAG FYLKESKOMMUNE" .
  <urn:p2> a e:Project ; e:title "Blue ports" ; e:hasInvolvedParty <urn:r2> .
  <urn:r2> e:isRoleOf <urn:o2> . <urn:o2> e:legalName "Trøndelag Fylkeskommune" .
  <urn:r3> e:isRoleOf <urn:o3> . <urn:o3> e:legalName "Sintef" .
  <urn:p4> a e:Project ; e:title "Red ports" ; e:hasInvolvedParty <urn:r4> .
  <urn:r4> e:isRoleOf <urn:o4> . <urn:o4> e:legalName "TRONDELAG" .
}
"""


class Stub(http.server.BaseHTTPRequestHandler):
    """A SPARQL endpoint with the invented projects."""

    store = ox.Store()
    broken = False

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        found = self.store.query(parse_qs(body)["query"][0] if form else body)
        answer = found.serialize(format=ox.QueryResultsFormat.JSON)
        assert answer is not None
        answer = b"<html>" if self.broken else answer
        self.send_response(200)
        kind = "text/html" if self.broken else "application/sparql-results+json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    Stub.store = ox.Store()
    Stub.store.update(PROJECTS)
    Stub.broken = False
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    server.server_close()


def local(strategy: Workspace, endpoint: str) -> str:
    """The query, with our endpoint for CORDIS."""
    query = find_query(strategy.queries, "federated-projects")
    assert query.service in query.text
    return query.text.replace(f"<{query.service}>", f"<{endpoint}>")


def test_projects_of_the_members_are_found_by_name(
    strategy: Workspace, endpoint: str
) -> None:
    text = local(strategy, endpoint)
    answer = strategy.store.query(text, services=[endpoint])
    assert isinstance(answer, Table)
    rows = [tuple(c.value for c in row if c is not None) for row in answer.rows]
    things = "https://w3id.org/glokal/id/organisation/"
    county = (things + "trondelag-fylkeskommune", "Trøndelag fylkeskommune")
    assert rows == [
        (things + "sintef", "SINTEF", "urn:p1", "Green ports"),
        (*county, "urn:p2", "Blue ports"),
        (*county, "urn:p1", "Green ports"),
    ]


@pytest.mark.parametrize("allowed", [[], ["http://127.0.0.1:9/sparql"]])
def test_an_endpoint_that_is_not_allowed_is_not_asked(
    allowed: list[str], strategy: Workspace, endpoint: str
) -> None:
    with pytest.raises(SourceError, match="refused"):
        strategy.store.query(local(strategy, endpoint), services=allowed)


def test_an_endpoint_in_a_variable_is_not_asked(
    strategy: Workspace, endpoint: str
) -> None:
    text = f"SELECT * {{ BIND(<{endpoint}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}"
    with pytest.raises(SourceError, match="refused"):
        strategy.store.query(text, services=[endpoint])


def test_an_endpoint_that_fails_is_an_error_not_an_empty_answer(
    strategy: Workspace, endpoint: str
) -> None:
    Stub.broken = True
    with pytest.raises(GlokalError, match=endpoint):
        strategy.store.query(local(strategy, endpoint), services=[endpoint])


def test_the_command_asks_only_when_told_to(tmp_path: Path, endpoint: str) -> None:
    shown = glokal("query", "federated-projects", cwd=ROOT)
    assert shown.returncode == 2
    assert "--allow-service https://cordis.europa.eu" in shown.stderr
    pattern = "{ ?p <http://data.europa.eu/s66#title> ?n }"
    text = f"SELECT ?n {{ SERVICE <{endpoint}> {pattern} }} ORDER BY ?n"
    told = glokal(
        "sparql", text, "--allow-service", endpoint, "--format", "csv", cwd=ROOT
    )
    assert told.stdout.split() == [
        "n",
        "Blue",
        "ports",
        "Green",
        "ports",
        "Red",
        "ports",
    ]
