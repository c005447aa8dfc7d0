"""The W3C SPARQL 1.1 Protocol suite, sent to `glokal serve` over HTTP.

Run by `make test-w3c-sparql DIR=…`, where DIR holds `sparql11/protocol`. The server
takes no updates: the cases of an update that should succeed must be refused with 403.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pyoxigraph as ox

from glokal.core.namespaces import RDFS
from glokal.rdf.terms import text_of
from tests.servers import serving, small_publication
from tests.sparql_cases import misses
from tests.sparql_protocol_cases import JSON
from tests.w3c_manifest import MF, UT, Manifest

HT = "http://www.w3.org/2011/http#"
CHARS = "http://www.w3.org/2011/content#chars"
ENCODING = "http://www.w3.org/2011/content#characterEncoding"
# The endpoint has this path in the cases.
PATH = "/sparql/"
GRAPHS = "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.8"


@dataclass(frozen=True)
class Request:
    """A request of a case, and what its answer must be."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: frozenset[str]
    truth: bool | None

    def fault(self, address: str, *, update: bool) -> str:
        """Return what is wrong with the answer, "" when nothing is."""
        answer = httpx.request(
            self.method, address + self.target, headers=self.headers, content=self.body
        )
        if update:
            return "" if answer.status_code == 403 else f"{answer.status_code} for 403"
        if f"{answer.status_code // 100}xx" not in self.statuses:
            return f"{answer.status_code} for {sorted(self.statuses)}"
        if self.truth is not None and answer.json()["boolean"] is not self.truth:
            return f"{answer.json()['boolean']} for {self.truth}"
        return ""


def requests(manifest: Manifest, case: Any) -> Iterator[Request]:
    """Yield the requests of a case in their order."""
    at = manifest.one(manifest.one(case, MF + "action"), HT + "requests")
    for node in manifest.members(at):
        body = manifest.one(node, HT + "body")
        chars = text_of(manifest.one(body, CHARS)) if body else ""
        encoding = text_of(manifest.one(body, ENCODING)) if body else ""
        headers = [
            (
                text_of(manifest.one(h, HT + "fieldName")),
                text_of(manifest.one(h, HT + "fieldValue")),
            )
            for h in manifest.members(manifest.one(node, HT + "headers"))
        ]
        answer = manifest.one(node, HT + "resp")
        truth = manifest.one(answer, MF + "expectedBoolean") if answer else None
        if truth is not None and not any(n.lower() == "accept" for n, _ in headers):
            headers.append(("Accept", JSON))
        statuses = manifest.all(answer, MF + "expectedStatus") if answer else []
        yield Request(
            text_of(manifest.one(node, HT + "methodName")),
            text_of(manifest.one(node, HT + "absolutePath")).removeprefix(PATH),
            tuple(headers),
            chars.encode(encoding or "utf-8"),
            frozenset(text_of(s)[-3:] for s in statuses) or frozenset({"2xx", "3xx"}),
            None if truth is None else text_of(truth) == "true",
        )


def publish(manifest: Manifest, folder: Path) -> None:
    """Write a publication with the graphs that the cases name.

    Some requests name a graph that no case brings data for, and expect an answer: it
    has a triple of no meaning here, since a graph that isn't there is 400.
    """
    found = set()
    for path in manifest.objects(HT + "absolutePath"):
        named = parse_qs(urlsplit(text_of(path)).query)
        for graph in named.get("default-graph-uri", []):
            thing = ox.NamedNode(graph)
            found.add(ox.Quad(thing, thing, thing, thing))
    for node in manifest.objects(UT + "graphData"):
        name = ox.NamedNode(text_of(manifest.one(node, RDFS + "label")))
        source = text_of(manifest.one(node, UT + "graph")).rpartition("/")[2]
        for quad in ox.parse(path=manifest.path.parent / source):
            found.add(ox.Quad(quad.subject, quad.predicate, quad.object, name))
    small_publication(folder, found)


def main() -> None:
    """Run the suite and print what was missed."""
    path = Path(sys.argv[1]) / "sparql11/protocol/manifest.ttl"
    if not path.is_file():
        sys.exit(f"There is no {path}.")
    manifest = Manifest(path)
    cases = manifest.of_kind("ProtocolTest")
    if len(cases) < 30:
        sys.exit(f"Only {len(cases)} cases there: that is not the whole suite.")
    known, wrong, surprises = misses().protocol, 0, 0
    with tempfile.TemporaryDirectory(prefix="glokal-") as name:
        publish(manifest, Path(name))
        with serving(Path(name)) as server:
            for case in cases:
                slug = text_of(case).rpartition("#")[2]
                update = slug.startswith("update_")
                asked = list(requests(manifest, case))
                if update:
                    # What follows asks for what the update would have done.
                    asked = asked[:1]
                faults = [
                    r.fault(f"{server.address}/sparql", update=update) for r in asked
                ]
                failed = not asked or any(faults)
                wrong += failed
                if failed != (f"sparql11/protocol/{slug}" in known):
                    surprises += 1
                    print(f"protocol/{slug}: {faults or 'no request'}")
    print(f"{len(cases) - wrong} of {len(cases)} protocol cases hold")
    sys.exit(1 if surprises else 0)


if __name__ == "__main__":
    main()
