"""A conformance kit for SPARQL endpoints: cases over HTTP, for any base address.

SPARQL 1.1 Protocol (section numbers in the cases), RFC 9110, and what a public server
owes its readers. `python -m tests.protocol_report URL…` prints a table for several endpoints.
"""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree

import httpx2 as httpx

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
JSON = "application/sparql-results+json"
ASK = "ASK {}"
ROWS = "SELECT (1 AS ?n) {}"
GRAPH = "CONSTRUCT { <urn:a> <urn:b> 1 } WHERE {}"
Check = Callable[[httpx.Response], bool]


@dataclass(frozen=True)
class Case:
    """A request, and what its answer must be."""

    name: str
    method: str
    check: Check
    query: str = ""
    content: str | bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


def status(*codes: int) -> Check:
    return lambda answer: answer.status_code in codes


def media(kind: str) -> Check:
    return lambda answer: (
        answer.status_code == 200
        and answer.headers.get("content-type", "").partition(";")[0] == kind
    )


def _truth(value: bool) -> Check:
    return lambda a: a.status_code == 200 and a.json().get("boolean") is value


def _value(expected: str) -> Check:
    def check(answer: httpx.Response) -> bool:
        rows = answer.json()["results"]["bindings"]
        return [row["n"]["value"] for row in rows] == [expected]

    return check


def _kept_in_xml(text: str) -> Check:
    """A reader of XML takes a carriage return that is not written as one for a line."""

    def check(answer: httpx.Response) -> bool:
        root = ElementTree.fromstring(answer.content)
        return any(element.text == text for element in root.iter())

    return check


def _named(*words: str) -> Check:
    return lambda a: a.status_code >= 400 and all(w in a.text for w in words)


def header(name: str, value: str) -> Check:
    return lambda a: value.lower() in a.headers.get(name, "").lower()


def both(*checks: Check) -> Check:
    return lambda answer: all(check(answer) for check in checks)


def _get(name: str, query: str, check: Check, **headers: str) -> Case:
    head = tuple((k.replace("_", "-"), v) for k, v in headers.items())
    return Case(name, "GET", check, f"query={quote(query)}", None, head)


def _post(
    name: str, kind: str, content: str | bytes, check: Check, url: str = ""
) -> Case:
    return Case(
        name, "POST", check, url, content, (("Content-Type", kind), ("Accept", JSON))
    )


NONE = "urn:nothing-here"
# What every publication has.
KNOWN = "https://w3id.org/glokal/graph/ontology/core"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
CASES = (
    # 2.1.1 to 2.1.3: three ways to ask
    _get("query by GET", ASK, _truth(True), Accept=JSON),
    _post("query by POST with a form", FORM, f"query={quote(ASK)}", _truth(True)),
    _post("query by POST direct", DIRECT, ASK, _truth(True)),
    _post("query by POST direct, charset named", f"{DIRECT}; charset=utf-8", ASK, _truth(True)),
    _post("letters beyond ASCII", DIRECT, "ASK { FILTER(STRLEN('æøå') = 3) }".encode(), _truth(True)),
    *(Case(f"a POST that asks for another protocol has a body: {name}", "POST", _truth(True), "", ASK,
           (("Content-Type", DIRECT), ("Accept", JSON), ("Connection", connection), ("Upgrade", name), ("HTTP2-Settings", "AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA")))
      for name, connection in (("h2c", "Upgrade, HTTP2-Settings"), ("websocket", "Upgrade"))),
    Case("HEAD has no body", "HEAD", lambda a: a.status_code == 200 and not a.content, f"query={quote(ASK)}"),
    # 2.1.4: the dataset
    Case("an unknown default graph is told", "GET", status(400), f"query={quote(COUNT)}&default-graph-uri={NONE}", None, (("Accept", JSON),)),
    Case("an unknown named graph is told", "GET", status(400), f"query={quote(COUNT_NAMED)}&named-graph-uri={NONE}", None, (("Accept", JSON),)),
    Case("named graphs alone leave the default graph empty", "GET", _value("0"), f"query={quote(COUNT)}&named-graph-uri={KNOWN}", None, (("Accept", JSON),)),
    _post("a dataset in the address of a direct POST", DIRECT, COUNT, _value("0"), f"named-graph-uri={KNOWN}"),
    # 2.1.5 and 2.1.6: formats
    *(_get(f"rows as {kind}", ROWS, media(kind), Accept=kind) for kind in (
        JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values")),
    *(_get(f"a graph as {kind}", GRAPH, media(kind), Accept=kind) for kind in (
        "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")),
    _get("a quality value counts", ROWS, media("text/csv"), Accept=f"{JSON};q=0.2, text/csv;q=0.8"),
    _get("q=0 refuses", ROWS, media("text/csv"), Accept=f"{JSON};q=0, text/csv;q=0.1"),
    _get("anything will do", ROWS, status(200), Accept="*/*"),
    _get("nothing acceptable is 406", ROWS, status(406), Accept="image/png"),
    _get("Vary names Accept", ROWS, header("vary", "accept"), Accept=JSON),
    # 2.1.7: faults of the client
    _get("a syntax error is 400", "SELECT * { ?s ?p", status(400)),
    _get("a syntax error has its line", "SELECT *\n{ ?s ?p", _named("2")),
    Case("two queries are 400", "GET", status(400), f"query={quote(ASK)}&query={quote(ASK)}"),
    Case("a form without a query is 400", "POST", status(400), "", "x=1", (("Content-Type", FORM),)),
    _post("another type of content is 415", "text/plain", ASK, status(415)),
    Case("PUT is 405", "PUT", both(status(405), header("allow", "GET"))),
    Case("DELETE is 405", "DELETE", status(405)),
    _post("not UTF-8 is 400", DIRECT, b"ASK { FILTER('\xe6') }", status(400)),
    _post("a query of two megabytes is 413", DIRECT, ASK + " " * (2 << 20), status(413)),
    Case("an unknown parameter is named", "GET", both(status(400), _named("no-such")), f"query={quote(ASK)}&no-such=1"),
    Case("an unknown parameter gets a guess", "GET", both(status(400), _named("default-graph-uri")), f"query={quote(ASK)}&default-graph=urn:x"),
    *(Case(f"what clients add is named: {name}", "GET", both(_truth(True), header("x-ignored-parameters", name)), f"query={quote(ASK)}&{name}=1", None, (("Accept", JSON),))
      for name in ("timeout", "infer", "debug", "callback", "_")),
    Case("callback wraps nothing", "GET", _truth(True), f"query={quote(ASK)}&callback=f"),
    *(Case(f"format in the address: {name}", "GET", media(kind), f"query={quote(ROWS)}&{name}", None, (("Accept", "application/sparql-results+xml"),))
      for name, kind in (("format=csv", "text/csv"), ("output=json", JSON), ("format=application/sparql-results%2Bjson", JSON), ("format=application/sparql-results+json", JSON),
                         ("format=json&output=json&results=json", JSON), ("format=text/csv;charset=utf-8", "text/csv"), ("format=", "application/sparql-results+xml"))),
    Case("format in the address for a graph", "GET", media("application/ld+json"), f"query={quote(GRAPH)}&format=json", None, (("Accept", "text/turtle"),)),
    Case("format in a form", "POST", media("text/csv"), "", f"query={quote(ROWS)}&format=csv", (("Content-Type", FORM),)),
    Case("an unknown format is 400 with a guess", "GET", both(status(400), _named("turtle")), f"query={quote(GRAPH)}&format=turtel"),
    Case("two formats are 400", "GET", status(400), f"query={quote(ROWS)}&format=csv&output=json"),
    Case("a format that doesn't fit is 406", "GET", status(406), f"query={quote(ROWS)}&format=turtle"),
    Case("an empty default graph is none", "GET", _truth(True), f"query={quote(ASK)}&default-graph-uri=&named-graph-uri=", None, (("Accept", JSON),)),
    Case("not UTF-8 in an address is 400", "GET", both(status(400), _named("UTF-8")), "query=ASK%20%7B%20FILTER('%E6')%7D"),
    Case("not UTF-8 in a form is 400", "POST", both(status(400), _named("UTF-8")), "", "query=ASK%20%7B%20FILTER('%E6')%7D", (("Content-Type", FORM),)),
    _post("a byte-order mark is named", DIRECT, b"\xef\xbb\xbfASK {}", both(status(400), _named("byte-order mark"))),
    Case("a compressed body is 415", "POST", both(status(415), header("accept-encoding", "identity")), "", gzip.compress(ASK.encode()), (("Content-Type", DIRECT), ("Content-Encoding", "gzip"))),
    Case("identity is no compression", "POST", _truth(True), "", ASK, (("Content-Type", DIRECT), ("Content-Encoding", "identity"), ("Accept", JSON))),
    _get("a weight without its zero", ROWS, media("text/csv"), Accept="text/html, *; q=.2, text/csv; q=.3"),
    _get("a weight of four digits", ROWS, media("text/csv"), Accept=f"{JSON};q=0.3333, text/csv;q=0.33333"),
    _get("Java 8", ROWS, status(200), Accept="text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"),
    *(_get(f"a graph as {kind}, by another of its names", GRAPH, media(kind), Accept=kind) for kind in (
        "application/json", "application/xml", "text/n3", "text/plain")),
    Case("OPTIONS has Allow", "OPTIONS", both(status(200, 204), header("allow", "POST"), header("allow", "GET"))),
    *(Case(f"a preflight lets through {name}", "OPTIONS", header("access-control-allow-headers", name), "", None,
           (("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", name)))
      for name in ("Authorization", "Cache-Control", "X-Requested-With")),
    _get("no frames of other sites", ASK, header("content-security-policy", "frame-ancestors 'none'")),
    *(_get(f"what differs each time isn't stored: {name}", f"SELECT ({name} AS ?n) {{}}", both(status(200), header("cache-control", "no-store"), lambda a: "etag" not in a.headers))
      for name in ("NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()")),
    *(_get(f"a predicate <{iri}> is no XML: 406 with other forms", f"CONSTRUCT {{ <http://e/s> <{iri}> 1 }} {{}}", both(status(406), _named("XML", "turtle")), Accept="application/rdf+xml")
      for iri in ("http://e/1/", "http://e/1", "http://e/#", *(f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{word}" for word in ("li", "about", "Description", "bagID")))),
    _get("a carriage return in rows as XML", r"SELECT ('a\r\nb' AS ?n) {}", _kept_in_xml("a\r\nb"), Accept="application/sparql-results+xml"),
    _get("a carriage return in RDF/XML", r"CONSTRUCT { <urn:a> <urn:b> 'a\r\nb' } {}", _kept_in_xml("a\r\nb"), Accept="application/rdf+xml"),
    _get("If-None-Match: * is 304 for an answer", ASK, status(304), Accept=JSON, If_None_Match="*"),
    _get("If-None-Match: * is none for what differs each time", "SELECT (NOW() AS ?n) {}", status(200), Accept=JSON, If_None_Match="*"),
    _get("If-None-Match: * is none for a syntax error", "SELECT", status(400), If_None_Match="*"),
    _get("a control character is no XML: 406 with other forms", "SELECT ('\\u0001' AS ?n) {}", both(status(406), _named("XML", "json")), Accept="application/sparql-results+xml"),
    # What a public server owes its readers
    _post("an update by form is refused", FORM, "update=" + quote("CLEAR ALL"), status(403, 405)),
    _post("an update direct is refused", "application/sparql-update", "CLEAR ALL", status(403, 405, 415)),
    _get("an update in query is refused", "INSERT DATA { <urn:a> <urn:b> 1 }", status(400)),
    _get("SERVICE is refused", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", status(403)),
    _get("SERVICE in other letters is refused", "SELECT * { SeRvIcE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }", status(403)),
    _get("SERVICE by escapes is refused", "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", status(403, 400)),
    _get("SERVICE by a variable is refused", "SELECT * { ?x ?y ?z SERVICE ?x { ?s ?p ?o } }", status(403)),
    _get("FROM is not fetched", "ASK FROM <http://127.0.0.1:1/> { ?s ?p ?o }", both(status(400), lambda a: "127.0.0.1:1" in a.text)),
    _get("the word in a string is no SERVICE", "ASK { FILTER('SERVICE <x>' != '') }", _truth(True), Accept=JSON),
    _get("CORS is open, without credentials", ASK, both(
        header("access-control-allow-origin", "*"), lambda a: "access-control-allow-credentials" not in a.headers), Origin="https://example.org"),
    Case("a preflight is answered", "OPTIONS", both(status(200, 204), header("access-control-allow-methods", "POST")), "", None,
         (("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type"))),
    _get("no sniffing", ASK, header("x-content-type-options", "nosniff")),
    Case("no query describes the service", "GET", both(media("text/turtle"), lambda a: "sparql-service-description#" in a.text), "", None, (("Accept", "text/turtle"),)),
    _get("an error is a problem in JSON", "SELECT", lambda a: json.loads(a.text)["status"] == 400),
)  # fmt: skip


def run(address: str, case: Case) -> str:
    """Return "" when the case holds, else what was answered."""
    with httpx.Client(timeout=30) as client:
        try:
            answer = client.request(
                case.method,
                address + (f"?{case.query}" if case.query else ""),
                content=case.content,
                headers=dict(case.headers),
            )
            if case.check(answer):
                return ""
        except (httpx.HTTPError, ValueError, LookupError, SyntaxError) as error:
            # A broken answer in XML is a SyntaxError, too.
            return f"{type(error).__name__}: {error}"
    kind = answer.headers.get("content-type", "")
    return f"{answer.status_code} {kind} {answer.text[:80]!r}"
