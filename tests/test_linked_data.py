"""Linked data over HTTP: things, documents, terms and codes, negotiated."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from glokal.core.namespaces import GLO, RDF
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import SUFFIXES
from glokal.rdf.terms import text_of
from glokal.server.app import make_app
from glokal.server.negotiation import choose
from glokal.server.response_formats import GRAPH_FORMATS, GRAPH_SUFFIXES
from glokal.source.statements import statement_iri
from tests.conftest import ROOT

THING = "municipality/verdal"


@pytest.fixture(scope="module")
def client(publication: Path) -> TestClient:
    public = publication / "public"
    (public.parent / "secret.txt").write_text("hemmelig!", encoding="utf-8")
    return TestClient(make_app(load_project(ROOT), public), follow_redirects=False)


@pytest.mark.parametrize(
    ("path", "headers", "location"),
    [
        (f"/id/{THING}", {}, f"/doc/{THING}/"),
        (f"/id/{THING}", {"accept": "text/turtle"}, f"/doc/{THING}.ttl"),
        (
            f"/id/{THING}",
            {"accept": "text/html;q=0.2,text/turtle;q=0.3,image/png"},
            f"/doc/{THING}.ttl",
        ),
        (
            f"/id/{THING}",
            {"accept": "application/rdf+xml, application/ld+json;q=0.9"},
            f"/doc/{THING}.rdf",
        ),
        (f"/id/{THING}", {"accept": "application/ld+json"}, f"/doc/{THING}.jsonld"),
        (f"/id/{THING}", {"accept": "application/n-triples"}, f"/doc/{THING}.nt"),
        (f"/id/{THING}", {"accept-language": "en-GB,en;q=0.9"}, f"/en/doc/{THING}/"),
        (f"/id/{THING}", {"accept-language": "no"}, f"/doc/{THING}/"),
        (f"/id/{THING}", {"accept-language": "de"}, f"/doc/{THING}/"),
        ("/def", {"accept": "text/html"}, "/def/"),
        ("/def", {"accept-language": "en"}, "/en/def/"),
        ("/def", {"accept": "text/turtle"}, "/def/glokal.ttl"),
        ("/shape", {"accept": "text/turtle"}, "/def/shapes.ttl"),
        ("/code/subject-area/health", {"accept": "text/turtle"}, "/def/codes.ttl"),
        ("/code/subject-area/health", {}, "/code/subject-area/health/"),
        ("/code/no-such-list/none", {}, "/def/"),
    ],
)
def test_an_address_leads_to_what_the_client_likes(
    client: TestClient, path: str, headers: dict[str, str], location: str
) -> None:
    answer = client.get(path, headers={"accept": "*/*", **headers})
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))
    assert client.get(location).status_code == 200
    assert client.head(path, headers=headers).status_code == 303


CATALOGUES = {"catalog": "/dump/", "concepts": "/def/", "models": "/def/"}
THINGS = "https://w3id.org/glokal/id/"


def _described(client: TestClient) -> dict[str, str]:
    """What the catalogues describe and the graph doesn't: its path, the page."""
    known: dict[str, str] = {}
    void = client.get("/void.ttl").content
    sources = [
        *(
            (page, client.get(f"/{name}.ttl").content)
            for name, page in CATALOGUES.items()
        ),
        ("/dump/", void),
    ]
    for page, data in sources:
        for quad in ox.parse(data, ox.RdfFormat.TURTLE):
            iri = getattr(quad.subject, "value", "")
            if iri.startswith(THINGS):
                # A part of something (#) is told of with the whole.
                path = iri.removeprefix(THINGS).partition("#")[0]
                known.setdefault(path, page)
    return {
        path: page
        for path, page in known.items()
        if client.get(f"/doc/{path}/").status_code == 404
    }


def test_what_a_catalogue_describes_answers_as_things_do(client: TestClient) -> None:
    described = _described(client)
    assert len(described) > 500
    kinds = {path.partition("/")[0]: path for path in described}
    assert {"catalog", "dataset", "distribution", "concept", "model-element"} <= set(
        kinds
    )
    for path, page in described.items():
        for accept, place in (("text/html", page), ("text/turtle", f"/doc/{path}.ttl")):
            answer = client.get(f"/id/{path}", headers={"accept": accept})
            assert (answer.status_code, answer.headers["location"]) == (303, place)
            assert {"Accept", "Accept-Language"} <= set(
                answer.headers["vary"].split(", ")
            )
    for path in kinds.values():
        graphs = []
        for media, suffix in GRAPH_SUFFIXES.items():
            answer = client.get(f"/id/{path}", headers={"accept": media})
            assert answer.headers["location"] == f"/doc/{path}.{suffix}"
            data = client.get(answer.headers["location"])
            assert f'<{THINGS}{path}>; rel="describes"' in data.headers["link"]
            fmt = ox.RdfFormat.from_extension(suffix)
            assert fmt is not None
            graphs.append({str(q.triple) for q in ox.parse(data.content, fmt)})
        assert all(graph == graphs[0] for graph in graphs)
    assert client.get("/id/dataset/nothing").status_code == 404
    answer = client.get("/id/dataset/innherred", headers={"accept": "image/png"})
    assert answer.status_code == 406


def test_the_data_of_a_file_say_what_it_is_part_of(client: TestClient) -> None:
    """Its own triples, the names of the terms, its dataset, and nothing of others."""
    path = "distribution/innherred-ttl"
    data = client.get(f"/doc/{path}.nt").content
    said = {
        (q.subject.value, q.predicate.value, getattr(q.object, "value", ""))
        for q in ox.parse(data, ox.RdfFormat.N_TRIPLES)
        if isinstance(q.subject, ox.NamedNode)
    }
    dcat = "http://www.w3.org/ns/dcat#"
    own = f"{THINGS}{path}"
    assert (f"{THINGS}dataset/innherred", f"{dcat}distribution", own) in said
    assert {s for s, _, _ in said if s.startswith(THINGS)} == {
        own,
        f"{THINGS}dataset/innherred",
    }
    whole = client.get("/catalog.nt").content
    there = {
        (q.predicate.value, getattr(q.object, "value", ""))
        for q in ox.parse(whole, ox.RdfFormat.N_TRIPLES)
        if getattr(q.subject, "value", "") == own
    }
    assert {(p, o) for s, p, o in said if s == own} == there
    licence = "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"
    assert any(s == licence and p.endswith("#label") for s, p, _ in said)


def test_a_statement_leads_to_what_it_is_about(client: TestClient) -> None:
    quads = ox.parse(client.get("/dump/glokal.nq").content, ox.RdfFormat.N_QUADS)
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    about = {
        q.subject.value: q.object.value
        for q in quads
        if q.predicate.value == f"{rdf}subject"
        and isinstance(q.subject, ox.NamedNode)
        and isinstance(q.object, ox.NamedNode)
    }
    assert len(about) > 1000
    found = 0
    for statement in sorted(about)[::50]:
        thing = about[statement].removeprefix(THINGS)
        if client.get(f"/doc/{thing}.ttl").status_code != 200:
            continue
        found += 1
        path = "/id/" + statement.removeprefix(THINGS)
        for accept, end in (("text/html", "/"), ("application/ld+json", ".jsonld")):
            answer = client.get(path, headers={"accept": accept})
            assert answer.headers["location"] == f"/doc/{thing}{end}"
        assert statement in client.get(f"/doc/{thing}.nt").text
    assert found > 10


@pytest.mark.parametrize(
    ("accept", "language", "leads"),
    [
        ("text/html", "nb", "/doc/municipality/verdal/"),
        ("text/html", "en", "/en/doc/municipality/verdal/"),
        ("text/markdown", "nb", "/doc/municipality/verdal.md"),
        # The data stay those of the authority.
        ("text/turtle", "nb", "/doc/authority/verdal.ttl"),
    ],
)
def test_an_authority_leads_to_the_page_that_it_shares(
    client: TestClient, accept: str, language: str, leads: str
) -> None:
    headers = {"accept": accept, "accept-language": language}
    answer = client.get("/id/authority/verdal", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, leads)
    assert client.get(leads).status_code == 200


def test_a_statement_about_a_code_has_data_of_its_own(client: TestClient) -> None:
    quads = list(ox.parse(client.get("/dump/glokal.nq").content, ox.RdfFormat.N_QUADS))
    about = {
        q.subject.value: f"/doc/statement/{q.subject.value.rpartition('/')[2]}"
        for q in quads
        if q.predicate.value == f"{RDF}subject"
        and isinstance(q.subject, ox.NamedNode)
        and "/code/" in text_of(q.object)
    }
    assert about
    for iri, data in list(about.items())[:: len(about) // 5]:
        said = {str(q.triple) for q in quads if text_of(q.subject) == iri}
        path = iri.replace(THINGS, "/id/")
        page = client.get(path, headers={"accept": "text/html"})
        assert page.headers["location"] == "/dump/"
        for media, suffix in SUFFIXES.items():
            answer = client.get(path, headers={"accept": media})
            assert answer.headers["location"] == f"{data}.{suffix}"
            told = client.get(answer.headers["location"])
            found = ox.parse(told.content, GRAPH_FORMATS[media])
            assert {str(q.triple) for q in found} == said


DUMP = "/dump/glokal.nq"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"range": "bytes=0-9"}, 206),
        ({"range": "bytes=-10"}, 206),
        # RFC 9110, section 14.2: what is not understood is passed over.
        ({"range": "lines=1-2"}, 200),
        ({"range": "bytes=a-b"}, 200),
        ({"range": "bytes=9-1"}, 200),
        ({"range": "bytes="}, 200),
        # Section 14.4
        ({"range": "bytes=999999999-"}, 416),
        # Section 13.1.5: a validator has to be strong.
        ({"range": "bytes=0-9", "if-range": "ETag"}, 206),
        ({"range": "bytes=0-9", "if-range": "Last-Modified"}, 200),
        ({"range": "bytes=0-9", "if-range": '"another"'}, 200),
    ],
)
def test_a_part_of_a_large_file(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    plain = {"accept-encoding": "identity"}
    whole = client.head(DUMP, headers={**plain, "range": "bytes=0-9"})
    assert whole.status_code == 200
    known = {n: whole.headers.get(v, v) for n, v in headers.items()}
    answer = client.get(DUMP, headers={**plain, **known})
    assert answer.status_code == status
    sizes = {206: 10, 200: int(whole.headers["content-length"]), 416: 0}
    assert len(answer.content) == sizes[status]


def test_a_fault_of_the_server_has_the_headers_of_every_answer(
    publication: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_args: object) -> None:
        raise KeyError("never told")

    monkeypatch.setattr("glokal.server.routes.static_files.StaticFiles.respond", fails)
    app = make_app(load_project(ROOT), publication / "public")
    answer = TestClient(app, raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    assert "never told" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [f"/id/{THING}", f"/id/{THING}/", "/id/dataset/innherred", "/id/dataset/innherred/",
     "/def", "/def/0.1.0", "/shape", "/code/subject-area", "/code/subject-area/health"],
)  # fmt: skip
@pytest.mark.parametrize("media", GRAPH_SUFFIXES)
def test_each_type_of_a_graph_leads_to_its_form(
    client: TestClient, path: str, media: str
) -> None:
    answer = client.get(path, headers={"accept": media})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f".{GRAPH_SUFFIXES[media]}")
    assert client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ("/def/", "https://w3id.org/glokal/def"),
        ("/en/def/", "https://w3id.org/glokal/def"),
        ("/def/glokal.ttl", "https://w3id.org/glokal/def"),
        ("/def/codes.rdf", "https://w3id.org/glokal/code/"),
        ("/def/shapes.jsonld", "https://w3id.org/glokal/shape"),
    ],
)
def test_files_of_words_tell_of_their_other_forms(
    client: TestClient, path: str, about: str
) -> None:
    links = client.get(path).headers["link"].split(", ")
    assert f'<{about}>; rel="describes"' in links
    assert any(link.endswith('rel="license"') for link in links)
    found = [link for link in links if 'rel="alternate"' in link]
    # A page has its twin in Markdown besides.
    assert len(found) == 4 + path.endswith("/")
    for link in found:
        target = link.partition(">")[0].removeprefix("<https://glokal.example")
        assert target != path
        assert client.get(target).status_code == 200


@pytest.mark.parametrize("media", SUFFIXES)
@pytest.mark.parametrize("inferred", [False, True])
def test_a_statement_leads_to_what_tells_of_it_in_each_form(
    client: TestClient, strategy: Workspace, media: str, inferred: bool
) -> None:
    things = strategy.project.things
    statements = strategy.inferred if inferred else list(strategy.provenance.nodes)
    own = [t for t in statements if text_of(t.subject).startswith(things)]
    iri = statement_iri(own[7], things)
    path = f"/id/{iri.removeprefix(things)}"
    led = client.get(path, headers={"Accept": media})
    assert led.status_code == 303
    answer = client.get(led.headers["location"], headers={"Accept": media})
    told = {
        quad.predicate.value
        for quad in ox.parse(input=answer.content, format=GRAPH_FORMATS[media])
        if quad.subject == ox.NamedNode(iri)
    }
    assert {RDF + part for part in ("type", "subject", "predicate", "object")} <= told
    assert GLO + ("followsFrom" if inferred else "statedIn") in told
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.headers["location"].startswith("/doc/")
    assert client.get(path[:-1] + "x", headers={"Accept": media}).status_code == 404


def test_what_can_not_be_had_is_said_with_what_can(client: TestClient) -> None:
    answer = client.get(f"/id/{THING}", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert f'</doc/{THING}.ttl>; rel="alternate"' in answer.headers["link"]


@pytest.mark.parametrize("media", SUFFIXES)
def test_the_document_of_a_thing_is_the_same_in_each_format(
    client: TestClient, media: str
) -> None:
    address = f"/doc/{THING}."
    answer = client.get(address + SUFFIXES[media])
    assert answer.headers["content-type"].partition(";")[0] == media
    formats = {
        "ttl": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdf": ox.RdfFormat.RDF_XML,
    }
    found = {q.triple for q in ox.parse(answer.content, formats[SUFFIXES[media]])}
    plain = client.get(address + "nt").content
    assert found == {q.triple for q in ox.parse(plain, ox.RdfFormat.N_TRIPLES)}
    assert any(str(t.subject.value).endswith(f"/id/{THING}") for t in found)


@pytest.mark.parametrize("path", [f"/doc/{THING}/", f"/en/doc/{THING}/"])
def test_a_page_tells_of_its_other_forms(client: TestClient, path: str) -> None:
    links = client.get(path).headers["link"]
    assert f'/id/{THING}>; rel="describes"' in links
    for media, suffix in SUFFIXES.items():
        assert f'/doc/{THING}.{suffix}>; rel="alternate"; type="{media}"' in links
    for rel in ("canonical", "describedby", "license"):
        assert f'rel="{rel}"' in links


def test_a_document_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get(f"/doc/{THING}.ttl")
    tag = {"if-none-match": first.headers["etag"]}
    again = client.get(f"/doc/{THING}.ttl", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/doc/{THING}.nt", headers=tag).status_code == 200


def test_a_page_by_its_file_name_leads_to_the_page(client: TestClient) -> None:
    answer = client.get(f"/doc/{THING}.html")
    assert (answer.status_code, answer.headers["location"]) == (301, f"/doc/{THING}/")


@pytest.mark.parametrize(
    ("path", "code", "media"),
    [
        ("/", 200, "text/html"),
        ("/.well-known/void", 200, "text/turtle"),
        ("/dump/glokal.nq", 200, "application/n-quads"),
        ("/healthz", 200, "text/plain"),
        ("/readyz", 503, "application/problem+json"),
        ("/sparql?query=ASK+%7B%7D", 503, "application/problem+json"),
        ("/id/municipality/nowhere", 404, "application/problem+json"),
        ("/id/municipality/..%2f..%2fsecret.txt", 404, ""),
        ("/..%2fsecret.txt", 404, ""),
        ("/doc/..%2f..%2fsecret.txt", 404, ""),
    ],
)
def test_files_are_served_with_their_types(
    client: TestClient, path: str, code: int, media: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == code
    assert answer.headers["content-type"].startswith(media)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "hemmelig!" not in answer.text


def test_large_files_travel_packed(client: TestClient) -> None:
    answer = client.get("/dump/glokal.nt", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("header", "offered", "chosen"),
    [
        ("", ("a/b", "c/d"), "a/b"),
        ("c/d, a/b;q=0.9", ("a/b", "c/d"), "c/d"),
        ("a/*;q=0.1, c/d;q=0.2", ("a/b", "c/d"), "c/d"),
        ("*/*;q=0.5, a/b;q=0", ("a/b", "c/d"), "c/d"),
        ("a/b;q=0", ("a/b",), None),
        ("nn, nb;q=0.5", ("nb", "en"), "nb"),
    ],
)
def test_negotiation(header: str, offered: tuple[str, ...], chosen: str | None) -> None:
    assert choose(header, offered) == chosen
