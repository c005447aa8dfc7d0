"""Cases for linked data and canned queries over HTTP, for any base address.

What a publisher owes readers, portals and programs: Cool URIs, RFC 9110, RFC 8288, RFC
9457, CORS. `{thing}` in a path is a thing such as municipality/vik.
"""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

from dataclasses import dataclass, field

import httpx2 as httpx

from tests.sparql_protocol_cases import Check, both, header, media, status

FORMS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Visit:
    """A request to a path, and what its answer must be."""

    name: str
    path: str
    check: Check
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)


def leads(end: str) -> Check:
    return both(
        status(303),
        lambda a: a.headers["location"].endswith(end),
        header("vary", "accept"),
        header("vary", "accept-language"),
    )


def kind(code: int, of: str) -> Check:
    return lambda a: (
        a.status_code == code and a.headers["content-type"].partition(";")[0] == of
    )


def _is_known(path: str, thing: str, base: str, coding: str) -> str:
    """Ask twice, the second time with what the first answer was known by."""
    address = base + path.format(thing=thing)
    with httpx.Client(headers={"Accept-Encoding": coding}, timeout=30) as client:
        first = client.get(address)
        again = client.get(
            address, headers={"If-None-Match": first.headers.get("etag", "")}
        )
        head = client.head(address)
    if again.status_code != 304 or again.content:
        return f"{again.status_code} with {len(again.content)} bytes"
    if (
        head.status_code != first.status_code
        or head.content
        or head.headers["etag"] != first.headers["etag"]
    ):
        return "HEAD is another answer"
    return ""


KNOWN = (
    "/",
    "/doc/{thing}.ttl",
    "/doc/{thing}/",
    "/en/doc/{thing}/",
    "/sparql?query=ASK%7B%7D",
    "/api/",
    "/api/openapi.json",
    "/api/queries",
    "/api/queries/goals",
)

VISITS = (
    # The address of a thing: 303 to what the client likes best
    Visit("a browser is led to the page", "/id/{thing}", leads("/doc/{thing}/"), headers={"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}),
    Visit("an English browser to the English page", "/id/{thing}", leads("/en/doc/{thing}/"), headers={"Accept": "text/html", "Accept-Language": "en-GB,en;q=0.9,nb;q=0.5"}),
    Visit("languages by their quality", "/id/{thing}", leads("/doc/{thing}/"), headers={"Accept-Language": "en;q=0.3, no;q=0.4"}),
    *(Visit(f"a program to its {suffix}", "/id/{thing}", leads(f".{suffix}"), headers={"Accept": form}) for suffix, form in FORMS.items()),
    Visit("types by their quality", "/id/{thing}", leads(".ttl"), headers={"Accept": "text/html;q=0.2, text/turtle;q=0.3, image/png"}),
    Visit("q=0 refuses", "/id/{thing}", leads(".ttl"), headers={"Accept": "text/html;q=0, application/*;q=0, */*;q=0.1"}),
    Visit("HEAD is led too", "/id/{thing}", leads("/doc/{thing}/"), "HEAD"),
    Visit("nothing acceptable: 406 with alternates", "/id/{thing}", both(kind(406, PROBLEM), header("link", 'rel="alternate"')), headers={"Accept": "image/png"}),
    Visit("the ontology is led to as a whole", "/def", leads(".ttl"), headers={"Accept": "text/turtle"}),
    # Documents
    *(Visit(f"the document has .{suffix}", f"/doc/{{thing}}.{suffix}", both(media(form), header("link", 'rel="describes"'), header("link", 'rel="license"'))) for suffix, form in FORMS.items()),
    *(Visit(f"a suffix beats Accept: .{suffix}", f"/doc/{{thing}}.{suffix}", media(form), headers={"Accept": "text/html"}) for suffix, form in FORMS.items()),
    Visit("the address of a thing takes a suffix", "/id/{thing}.ttl", both(status(303), header("location", ".ttl"))),
    Visit(".html leads to the page", "/doc/{thing}.html", both(status(301), header("location", "/doc/{thing}/"))),
    *(Visit(f"the page has a link: {rel}", "/doc/{thing}/", header("link", f'rel="{rel}"')) for rel in ("alternate", "canonical", "describedby", "describes", "license", "type")),
    Visit("the page has its language", "/en/doc/{thing}/", header("content-language", "en")),
    Visit("a page without its slash leads to it", "/doc/{thing}", both(status(301), header("location", "/doc/{thing}/"))),
    Visit("gzip for who takes it", "/doc/{thing}/", both(header("content-encoding", "gzip"), header("vary", "accept-encoding")), headers={"Accept-Encoding": "gzip"}),
    Visit("no gzip for who refuses it", "/doc/{thing}/", lambda a: "content-encoding" not in a.headers, headers={"Accept-Encoding": "gzip;q=0, identity"}),
    # What is not there
    Visit("nothing: 404 as a page", "/doc/no/such/", kind(404, "text/html"), headers={"Accept": "text/html"}),
    *(Visit(f"nothing: 404 as {form}", "/id/no/such", kind(404, form), headers={"Accept": form}) for form in FORMS.values()),
    Visit("nothing: 404 as a problem", "/id/no/such", both(kind(404, PROBLEM), header("cache-control", "no-store")), headers={"Accept": "*/*"}),
    *(Visit(f"{kind} leads to its form", "/id/{thing}", leads(f".{suffix}"), headers={"Accept": kind})
      for kind, suffix in (("application/json", "jsonld"), ("application/xml", "rdf"), ("text/n3", "ttl"), ("text/plain", "nt"))),
    Visit("a slash behind a thing changes nothing", "/id/{thing}/", leads(".ttl"), headers={"Accept": "text/turtle"}),
    Visit("Java 8 is led to the page", "/id/{thing}", leads("/doc/{thing}/"), headers={"Accept": "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"}),
    Visit("words tell of their other forms", "/def/glokal.ttl", both(header("link", 'rel="alternate"'), header("link", 'rel="describes"'))),
    *(Visit(f"{path} leads to the address without", path, both(status(308), lambda a, end=end: a.headers["location"].endswith(end)))
      for path, end in (("/sparql/?query=ASK%20%7B%7D", "/sparql?query=ASK%20%7B%7D"), ("//sparql?query=ASK%20%7B%7D", "/sparql?query=ASK%20%7B%7D"),
                        ("/api//queries", "/api/queries"), ("/api/queries/goals/", "/api/queries/goals"), ("//doc/{thing}/", "/doc/{thing}/"))),
    Visit("a POST to /sparql/ stays one", "/sparql/", status(308), "POST"),
    *(Visit(f"OPTIONS: {path} has {methods}", path, both(status(204), lambda a, m=methods: a.headers["allow"] == m), "OPTIONS")
      for path, methods in (("/sparql", "GET, HEAD, POST, OPTIONS"), ("/doc/{thing}/", "GET, HEAD, OPTIONS"), ("/id/{thing}", "GET, HEAD, OPTIONS"))),
    *(Visit(f"OPTIONS of an address with a slash too many: {path}", path, both(status(204), lambda a: a.headers["allow"] == "GET, HEAD, POST, OPTIONS"), "OPTIONS")
      for path in ("//sparql", "/sparql/")),
    *(Visit(f"no stream and no session at /mcp: {method}", "/mcp", both(status(405), lambda a: a.headers["allow"] == "POST, OPTIONS"), method)
      for method in ("GET", "HEAD", "DELETE")),
    Visit("405 has the methods of its address", "/doc/{thing}/", both(status(405), lambda a: a.headers["allow"] == "GET, HEAD, OPTIONS"), "POST"),
    Visit("a page has a policy", "/doc/{thing}/", both(header("content-security-policy", "default-src 'none'"), header("content-security-policy", "frame-ancestors 'none'"), header("x-content-type-options", "nosniff"))),
    Visit("an address that is not UTF-8: 400", "/doc/%E6", kind(400, PROBLEM)),
    Visit("a parameter that is not UTF-8: 400", "/api/queries/goals?lang=%E6", kind(400, PROBLEM)),
    Visit("another method: 405 with Allow", "/doc/{thing}/", both(status(405), header("allow", "GET")), "DELETE"),
    # For all
    *(Visit(f"CORS without credentials: {path}", path, both(header("access-control-allow-origin", "*"), lambda a: "access-control-allow-credentials" not in a.headers), headers={"Origin": "https://example.org"}) for path in ("/id/{thing}", "/doc/{thing}.ttl", "/id/no/such", "/api/queries")),
    *(Visit(f"a preflight is answered: {path}", path, both(status(204), header("access-control-allow-methods", "GET"), header("access-control-max-age", "0")), "OPTIONS", {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}) for path in ("/id/{thing}", "/doc/{thing}.ttl", "/api/queries/goals")),
    Visit("no guessing of types", "/doc/{thing}.ttl", header("x-content-type-options", "nosniff")),
    Visit("it says that it is well", "/healthz", status(200)),
    Visit("it says that it is ready", "/readyz", status(200)),
    # Canned queries
    Visit("the list of queries", "/api/queries", media("application/json")),
    Visit("rows as JSON", "/api/queries/goals", media("application/json"), headers={"Accept": "*/*"}),
    Visit("rows as CSV by Accept", "/api/queries/goals", both(media("text/csv"), header("vary", "accept")), headers={"Accept": "text/csv, application/json;q=0.5"}),
    Visit("rows as Excel by suffix", "/api/queries/goals.xlsx", both(status(200), header("content-disposition", "goals.xlsx"))),
    Visit("rows as a page", "/api/queries/goals", media("text/html"), headers={"Accept": "text/html"}),
    Visit("nothing acceptable for rows: 406", "/api/queries/goals", kind(406, PROBLEM), headers={"Accept": "image/png"}),
    Visit("a page of rows leads to the next", "/api/queries/goals?limit=1", both(header("link", 'rel="next"'), header("x-total-count", ""))),
    Visit("an unknown query: 404", "/api/queries/no-such-query", kind(404, PROBLEM)),
    Visit("what clients add is named", "/api/queries/goals?_=1&timeout=2", both(status(200), lambda a: a.headers["x-ignored-parameters"] == "_, timeout")),
    Visit("an unknown parameter: 400 with a guess", "/api/queries/goals?limt=1", both(kind(400, PROBLEM), lambda a: "limit" in a.text)),
    Visit("an unknown parameter: 400", "/api/queries/goals?no-such=1", kind(400, PROBLEM)),
)  # fmt: skip


def visit(base: str, visited: Visit, thing: str) -> str:
    """Return "" when the case holds, else what was answered."""
    with httpx.Client(timeout=30) as client:
        address = base + visited.path.format(thing=thing)
        try:
            answer = client.request(visited.method, address, headers=visited.headers)
            answer.headers["location"] = answer.headers.get("location", "").replace(
                thing, "{thing}"
            )
            if visited.check(answer):
                return ""
        except (httpx.HTTPError, ValueError, KeyError) as error:
            return f"{type(error).__name__}: {error}"
    return f"{answer.status_code} {dict(answer.headers)} {answer.text[:80]!r}"


def is_known(base: str, path: str, coding: str, thing: str) -> str:
    """Return "" when an answer that is known is not sent again, HEAD alike."""
    try:
        return _is_known(path, thing, base, coding)
    except (httpx.HTTPError, KeyError) as error:
        return f"{type(error).__name__}: {error}"
