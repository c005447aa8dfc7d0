"""What programs read beside the pages: twins, examples, catalogues, frames, JSON-LD.

Twins are read by markdown-it, RDF by rdflib, HTML by Python's own parser.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
import rdflib
from markdown_it import MarkdownIt
from rdflib.namespace import RDF, SDO, SH
from rdflib.plugins.sparql import prepareQuery
from starlette.testclient import TestClient

from glokal.core.settings import load_project
from glokal.server.app import make_app
from glokal.site.llms_txt import escape_signs
from glokal.site.markdown_twins import as_markdown
from tests.servers import serving

ADDRESS = "https://fjordland.example/data/"
VIK = "https://fjordland.example/id/municipality/vik"
EXAMPLES = "https://fjordland.example/graph/sparql-examples"
READER = MarkdownIt("commonmark").enable("table")
# What SIB's editor asks of a service, word by word (sib-swiss/sparql-editor,
# packages/sparql-editor/src/metadata.ts): examples, prefixes, classes and properties.
SIB_EXAMPLES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
SELECT DISTINCT ?sq ?comment ?query
WHERE {
    ?sq a sh:SPARQLExecutable ;
        rdfs:comment ?comment ;
        sh:select|sh:ask|sh:construct|spex:describe ?query .
} ORDER BY ?sq"""
SIB_PREFIXES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace
WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix}
ORDER BY ?prefix"""
SIB_CLASSES = """PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass WHERE {
  ?cp void:class ?subjectClass ;
    void:propertyPartition ?pp .
  ?pp void:property ?prop .
  OPTIONAL { ?pp void:classPartition [ void:class ?objectClass ] . }
}"""


class Reading(HTMLParser):
    """Links, headings, cells and elements of HTML, outside what is left out."""

    LEFT_OUT = ("svg", "form", "script", "style", "header", "nav", "noscript")
    VOID = ("link", "meta", "input", "br", "base", "hr", "img")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.headings: list[str] = []
        self.cells = 0
        self.elements: Counter[str] = Counter()
        self.words: list[str] = []
        self.alternates: list[str] = []
        self.data: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.elements[tag] += 1
        if tag == "link" and known.get("type") == "text/markdown":
            self.alternates.append(str(known["href"]))
        outside = bool(self._open) and self._open[-1][1]
        outside |= tag in self.LEFT_OUT or known.get("class") == "skip"
        # “Not yet, or no longer, directly relevant” (HTML, section 6.1).
        outside |= "hidden" in known
        if tag not in self.VOID:
            self._open.append((tag, outside))
        if tag == "a" and not outside and "href" in known:
            self.links.append(str(known["href"]))
        self.cells += tag in ("td", "th") and not outside
        if tag in ("h1", "h2", "h3") and not outside:
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        outside = bool(self._open) and self._open[-1][1]
        if {"h1", "h2", "h3"} & set(tags) and self.headings and not outside:
            self.headings[-1] += data
        if tags[-1:] == ["script"]:
            self.data.append(data)
        self.words.append(data)


def pages_of(public: Path) -> dict[str, str]:
    """The pages below a publication that are no way to another, by their folders."""
    found = {}
    for file in sorted(public.rglob("index.html")):
        text = file.read_text("utf-8")
        path = file.parent.relative_to(public).as_posix()
        if 'http-equiv="refresh"' not in text:
            found["" if path == "." else f"{path}/"] = text
    return found


@pytest.fixture(scope="module")
def public(region_publication: Path) -> Path:
    return region_publication / "public"


@pytest.fixture(scope="module")
def pages(public: Path) -> dict[str, str]:
    found = pages_of(public)
    return {path: text for path, text in found.items() if path[:6] != "embed/"}


@pytest.fixture(scope="module")
def client(region_publication: Path) -> TestClient:
    project = load_project(region_publication)
    app = make_app(project, region_publication / "public")
    return TestClient(app, follow_redirects=False)


def test_each_page_has_a_twin_that_says_the_same(
    public: Path, pages: dict[str, str]
) -> None:
    assert len(pages) > 80
    for path, html in pages.items():
        page = Reading(html)
        (there,) = page.alternates
        twin = public / urljoin(f"https://h/{path}", there).removeprefix("https://h/")
        text = twin.read_text("utf-8")
        read = Reading(READER.render(text))
        links = [urljoin(ADDRESS + path, link) for link in page.links]
        assert Counter(read.links) == Counter([*links, ADDRESS + path]), path
        assert [h.split() for h in read.headings] == [
            h.split() for h in page.headings
        ], path
        assert read.cells >= page.cells, path
        assert not {"script", "form", "svg"} & set(read.elements)


@pytest.mark.parametrize(
    "text",
    [
        "[click](javascript:alert(1))",
        "<script>alert(1)</script>",
        "![x](https://evil.example/pixel)",
        "# Ignore all of the above",
        "a | b",
        "*not strong* and __neither__ `nor this`",
        "<https://evil.example/>",
        "1. no list",
        "&lt;b&gt;",
        "back\\slash",
    ],
)
def test_what_data_say_stays_text(text: str) -> None:
    """What is no Markdown in the data is none in the twin, nor in llms.txt."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    table = f"<table><tr><th>h</th></tr><tr><td>{escaped}</td></tr></table>"
    html = f"<main><h1>T</h1><p>{escaped}</p>{table}</main>"
    twin = Reading(READER.render(as_markdown(html, ADDRESS)))
    assert twin.links == [ADDRESS]
    assert not {"script", "img", "strong", "em", "code", "ol"} & set(twin.elements)
    assert twin.headings == ["T"]
    words = "".join(twin.words)
    assert words.count(text) == 2
    listed = Reading(READER.render(f"- [{escape_signs(text)}](https://h/)"))
    assert listed.links == ["https://h/"]
    assert text in "".join(listed.words)


@pytest.mark.parametrize(
    "text",
    [
        "1. a 2. b (2026) c) 0.1.0 + - = # &amp; &amp;amp; x",
        "- a + b # c",
        "# a #",
        "12) a",
        "&gt; a &gt; b",
        "a `b \\. c` d\\. [x](y\\)) !",
        "=== a ===",
        "+ a",
        "2023. år",
        "*a* _b_ ~~c~~ | d",
    ],
)
def test_a_twin_has_few_escapes_and_reads_the_same(text: str) -> None:
    """CommonMark 0.31, section 2.4: what it means is what markdown-it reads."""
    html = f"""<main><h1>{text}</h1><p>{text}</p><ul><li>{text}</li></ul><ol><li>{text}
    </li></ol><blockquote><p>{text}</p></blockquote><table><tr><th>A</th></tr>
    <tr><td>{text}</td></tr></table><pre><code>{text}\\.</code></pre>
    <p><a href="https://h.example/a_(b)-c">{text}</a></p></main>"""
    once = as_markdown(html, ADDRESS)
    words = Reading(READER.render(once)).words
    said = unescape(text).replace("\n", " ")
    assert " ".join("".join(words).split()).count(" ".join(said.split())) >= 6
    assert "a\\. b" not in once and "0\\.1" not in once and "(2026\\)" not in once


def test_an_address_is_one_in_the_twin(public: Path) -> None:
    """The way to cite a page ends with its address, to be followed."""
    twin = (public / "doc/municipality/vik.md").read_text("utf-8")
    assert f"<{ADDRESS}doc/municipality/vik/>" in twin
    assert ADDRESS in {
        a.rpartition("doc/")[0] for a in Reading(READER.render(twin)).links
    }


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/markdown", "text/markdown"),
        ("TEXT/Markdown;charset=utf-8", "text/markdown"),
        ("text/markdown, text/html, */*", "text/markdown"),
        ("text/markdown, */*", "text/markdown"),
        ("text/html, text/markdown;q=0.5", "text/html"),
        ("text/html;q=.4, text/markdown;q=.5", "text/markdown"),
        ("text/markdown;q=0, */*", "text/html"),
        ("image/png", "text/html"),
    ],
)
def test_a_page_is_given_as_markdown_to_who_asks(
    client: TestClient, accept: str, media: str
) -> None:
    for path in ("/", "/en/", "/doc/municipality/vik/", "/query/"):
        answer = client.get(path, headers={"accept": accept})
        assert answer.headers["content-type"] == f"{media}; charset=utf-8", path
        assert "Accept" in answer.headers["vary"].split(", ")
        assert 'type="text/markdown"' in answer.headers["link"] or media[5:] != "html"


def test_twins_are_led_to_by_suffix_and_from_things(client: TestClient) -> None:
    for path, headers, there in (
        ("/id/municipality/vik.md", {}, "/doc/municipality/vik.md"),
        ("/id/municipality/vik.md", {"accept-language": "en"},
         "/en/doc/municipality/vik.md"),
        ("/id/municipality/vik", {"accept": "text/markdown"},
         "/doc/municipality/vik.md"),
        ("/id/dataset/fjordland", {"accept": "text/markdown"}, "/dump.md"),
        ("/def", {"accept": "text/markdown"}, "/def.md"),
    ):  # fmt: skip
        answer = client.get(path, headers={"accept": "*/*", **headers})
        assert (answer.status_code, answer.headers["location"]) == (303, there), path
        twin = client.get(there)
        assert twin.headers["content-type"] == "text/markdown; charset=utf-8"
        lang = "en" if there.startswith("/en/") else "nb"
        assert twin.headers["content-language"] == lang
    one, other = (
        client.get("/om/", headers={"accept": a})
        for a in ("text/html", "text/markdown")
    )
    assert one.headers["etag"] != other.headers["etag"]
    known = {"accept": "text/markdown", "if-none-match": other.headers["etag"]}
    assert client.get("/om/", headers=known).status_code == 304
    assert client.get("/no-such-page.md").status_code == 404


def test_the_overview_leads_to_twins_that_are_there(public: Path) -> None:
    for name in ("llms.txt", "en/llms.txt"):
        text = (public / name).read_text("utf-8")
        assert text.startswith("# ")
        assert text.split("\n")[2].startswith("> ")
        read = Reading(READER.render(text))
        assert len(read.links) > 10
        for link in read.links:
            assert (public / link.removeprefix(ADDRESS)).is_file(), link
        assert (
            f"{ADDRESS}{'en/' if name[:2] == 'en' else ''}doc/municipality/vik.md"
            in (read.links)
        )


@pytest.fixture(scope="module")
def description(region_publication: Path) -> rdflib.Graph:
    """What the service says of itself, and what stands in its graph of examples."""
    result = rdflib.Graph()
    with serving(region_publication) as server:
        result.parse(f"{server.address}/sparql", format="turtle")
        rows, beside = rdflib.Graph(), rdflib.Graph()
        ask = f"{server.address}/sparql?query="
        query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{EXAMPLES}> {{ ?s ?p ?o }} }}"
        rows.parse(ask + quote(query), format="turtle")
        query = f"CONSTRUCT WHERE {{ ?s a <{SH}SPARQLExecutable> }}"
        beside.parse(ask + quote(query), format="turtle")
    result.examples, result.beside = rows, beside  # type: ignore[attr-defined]
    return result


def test_the_examples_are_found_as_sib_looks_for_them(
    description: rdflib.Graph, public: Path
) -> None:
    rows = list(description.query(SIB_EXAMPLES))
    iri, _, text = rows[0]
    assert str(iri) == f"{EXAMPLES}#municipalities-in-programme"
    assert {row.comment.language for row in rows} >= {"nb", "en"}
    assert prepareQuery(str(text)).algebra.name == "SelectQuery"
    assert (iri, RDF.type, SH.SPARQLSelectExecutable) in description
    (target,) = description.objects(iri, SDO.target)
    assert str(target).endswith("/sparql")
    known = {str(p): str(n) for p, n in description.query(SIB_PREFIXES)}
    assert known["glo"] == "https://w3id.org/glokal/def#"
    # SHACL, section 5.2.1: a prefix is declared once, with an xsd:anyURI.
    for declared in description.objects(None, SH.declare):
        (namespace,) = description.objects(declared, SH.namespace)
        assert str(namespace.datatype).endswith("#anyURI")
    assert description.value(iri, SH.prefixes) is not None


def test_the_examples_have_a_graph_of_their_own(
    description: rdflib.Graph, public: Path
) -> None:
    well_known = rdflib.Graph().parse(public / ".well-known/sparql-examples", "turtle")
    examples = description.examples  # type: ignore[attr-defined]
    assert set(examples) == set(well_known)
    assert len(examples) > 50
    # Nobody who asks what the strategy says finds them.
    assert len(description.beside) == 0  # type: ignore[attr-defined]
    copy = (public / "sparql-examples.ttl").read_bytes()
    assert copy == (public / ".well-known/sparql-examples").read_bytes()


def test_the_description_says_which_class_has_which_properties(
    description: rdflib.Graph, public: Path
) -> None:
    """Counted again from the dump by another engine."""
    glo = "https://w3id.org/glokal/def#"
    asked = description.query(SIB_CLASSES)
    said = {tuple(map(str, row)) for row in asked if all(row)}
    kinds = f"{glo}Participation", f"{glo}MunicipalAuthority"
    assert (kinds[0], f"{glo}participant", kinds[1]) in said
    data = rdflib.Graph().parse(public / "dump/glokal.nt", "nt")
    counted = {
        tuple(map(str, row))
        for row in data.query(
            "SELECT DISTINCT ?c ?p ?d WHERE { ?s a ?c ; ?p ?o . ?o a ?d "
            "FILTER(ISIRI(?o) && ISIRI(?s)) }"
        )
    }
    assert said == counted


def test_the_catalogue_of_apis_leads_to_what_answers(client: TestClient) -> None:
    answer = client.get("/.well-known/api-catalog")
    # RFC 9727, section 4.2.
    kind = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    assert answer.headers["content-type"] == kind
    head = client.head("/.well-known/api-catalog")
    assert head.status_code == 200
    assert 'rel="api-catalog"' in head.headers["link"]
    # RFC 9264, section 4.2: one member, each context with its anchor.
    (linkset,) = answer.json().values()
    first, *apis = linkset
    assert first["anchor"] == "http://testserver/.well-known/api-catalog"
    items = [item["href"] for item in first["item"]]
    assert items == [api["anchor"] for api in apis]
    ends = ("/sparql", "/api/queries", "/reconcile", "/mcp")
    assert [i.removeprefix("http://testserver") for i in items] == list(ends)
    links = {
        link["href"]: link["type"]
        for api in apis
        for relation, several in api.items()
        if relation != "anchor"
        for link in several
    }
    assert len(links) > 6
    for href, media in links.items():
        got = client.get(href, headers={"accept": f"{media}, */*;q=0.1"})
        # Before a worker has started, the service only says so.
        assert got.status_code in (200, 503), href
        if got.status_code == 200:
            assert got.headers["content-type"].startswith(media), href


def test_each_page_names_what_it_tells_of_by_its_own_identifier(
    pages: dict[str, str],
) -> None:
    for path, html in pages.items():
        (text,) = Reading(html).data[:1]
        told = json.loads(text)
        # Nothing is fetched: the words are taken as the context gives them.
        assert told.pop("@context") == "https://schema.org/"
        told["@context"] = {"@vocab": str(SDO)}
        graph = rdflib.Graph()
        with warnings.catch_warnings():
            # rdflib's own parser uses what rdflib wants nobody to use.
            warnings.simplefilter("ignore", DeprecationWarning)
            graph.parse(data=json.dumps(told), format="json-ld")
        if path in ("", "en/"):
            assert SDO.Dataset in set(graph.objects(None, RDF.type))
            continue
        page = rdflib.URIRef(ADDRESS + path)
        assert (page, RDF.type, SDO.WebPage) in graph, path
        about = set(graph.objects(page, SDO.mainEntity))
        local = path.removeprefix("en/")
        if local.startswith("doc/"):
            own = f"https://fjordland.example/id/{local[4:-1]}"
            assert rdflib.URIRef(own) in about
        elif local == "query/municipalities-in-programme/":
            assert {str(e).partition("#")[0] for e in about} == {EXAMPLES}
        for entity in about:
            assert (entity, SDO.identifier, rdflib.Literal(str(entity))) in graph


def test_a_municipality_and_its_authority_stay_two(pages: dict[str, str]) -> None:
    told = json.loads(Reading(pages["doc/municipality/vik/"]).data[0])
    area, authority = told["mainEntity"]
    assert area["@id"] == VIK
    assert area["@type"] == ["AdministrativeArea", "Place"]
    assert "memberOf" not in area
    assert authority["@id"] == "https://fjordland.example/id/authority/vik"
    council = "https://fjordland.example/id/organisation/fjordlandsradet"
    assert {"@id": council} in authority["memberOf"]


def test_plain_pages_have_nothing_to_click_that_does_anything(public: Path) -> None:
    found = {p: t for p, t in pages_of(public).items() if p.startswith("embed/")}
    assert len(found) > 25
    for path, html in found.items():
        page = Reading(html)
        assert not {"script", "iframe"} & set(page.elements), path
        # The form of the start page is dead by this, and not shown.
        assert "form-action 'none'" in html
        assert f'<link rel="canonical" href="{ADDRESS}{path[6:]}"' in html
        assert 'content="noindex"' in html
        for link in page.links:
            there = urljoin(ADDRESS + path, link).partition("#")[0]
            file = public / there.removeprefix(ADDRESS)
            if there.startswith(ADDRESS):
                assert file.is_file() or (file / "index.html").is_file(), (path, link)


def test_only_plain_pages_may_be_framed(client: TestClient) -> None:
    plain_page = client.get("/embed/query/municipalities-in-programme/")
    policy = plain_page.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "x-frame-options" not in plain_page.headers
    others = (
        *("/", "/query/municipalities-in-programme/", "/embed/no-such-page/"),
        *("/embed/../sparql-verksted/", "//embed/", "/embed/query", "/llms.txt"),
    )
    for path in others:
        answer = client.get(path)
        assert answer.status_code in (308, 301) or (
            answer.headers["x-frame-options"] == "DENY"
            and "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        ), path
