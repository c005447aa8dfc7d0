"""A static host gets all that it needs, right for any path of the address."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import jsonschema
import pyoxigraph as ox
import pytest
import yaml

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.harvest.harvester import HarvestClient
from glokal.harvest.link_check import follow_links
from glokal.harvest.static_host import serve_folder
from glokal.rdf.terms import text_of
from glokal.site.bibtex import bibtex_text
from glokal.site.build import build_site
from glokal.site.host_rules import FILES
from tests.conftest import ROOT, copy_project


def build(folder: Path, address: str) -> Path:
    path = folder / "publication.toml"
    text = path.read_text(encoding="utf-8")
    old = '"https://fjordland.example/data/"'
    assert old in text
    path.write_text(text.replace(old, f'"{address}"'), encoding="utf-8")
    public = folder / "public"
    build_site(Workspace(load_project(folder)), public)
    return public


@pytest.fixture(scope="module")
def deep(warm_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication two folders below the root of its host."""
    folder = copy_project(warm_region, tmp_path_factory.mktemp("deep") / "fjordland")
    return build(folder, "https://host.example/open/data/")


@pytest.fixture
def region(warm_region: Path, tmp_path: Path) -> Path:
    """A copy with the passages that somebody has chosen."""
    return copy_project(warm_region, tmp_path / "fjordland")


@pytest.mark.parametrize("address", ["https://h.example/", "https://h.example/a/b/c/"])
def test_every_link_is_right_at_any_path(address: str, region: Path) -> None:
    public = build(region, address)
    with serve_folder(public, address) as host:
        client = HarvestClient(address, host)
        found = follow_links(public, client)
        client.close()
    assert found.dead == ()
    assert found.followed > 150


def test_names_that_are_addresses_are_followed_as_every_host_does(
    region: Path,
) -> None:
    """The base of the names may be the address, and an endpoint lie below it."""
    address = "https://fjordland.example/"
    path = region / "publication.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\n[service]\nendpoint = "{address}sparql"\n', "utf-8")
    public = build(region, address)
    named = {
        text_of(quad.subject)
        for name in ("catalog.ttl", "void.ttl", "service.ttl")
        for quad in ox.parse(path=public / name)
        if text_of(quad.subject).startswith(f"{address}id/")
    }
    assert len(named) > 100
    with serve_folder(public, address) as host:
        client = HarvestClient(address, host)
        found = follow_links(public, client, f"{address}sparql")
        assert client.status(f"{address}id/municipality/vik") == 301
        # What isn't there is found all the same.
        (public / "id/municipality/vik/index.html").unlink()
        catalogue = public / "catalog.ttl"
        gone = f"<{address}x> <{address}y> <{address}id/municipality/vik> .\n"
        catalogue.write_text(catalogue.read_text("utf-8") + gone, "utf-8")
        later = HarvestClient(address, host)
        dead = follow_links(public, later, f"{address}sparql").dead
        client.close()
        later.close()
    assert found.dead == ()
    assert f"{address}id/municipality/vik" in {d.target for d in dead}
    # A tool that reads only the cover is told how to cite what is inside.
    schema = json.loads((ROOT / "tests/citation-file-format.schema.json").read_bytes())
    cited = yaml.load((public / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)
    jsonschema.validate(cited, schema)
    assert (cited["version"], cited["license"]) == ("1.0.0", "CC-BY-4.0")
    assert cited["url"] == address
    # The council has not made it: nobody is to be misled while it is unofficial. An
    # author is a name, and the words are in the language of the rest.
    assert [a["name"] for a in cited["authors"]] == ["Fjordlands strategi"]
    status = (
        "Uoffisiell: Publikasjonen er verken laget eller vedtatt av Fjordlandsrådet."
    )
    assert cited["message"] == f"Siter datasettet slik: {status}"
    feed = ElementTree.parse(public / "feed.atom").getroot()
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.findtext(f"{atom}author/{atom}name") == "Fjordlands strategi"
    assert "ikke utgitt eller vedtatt av Fjordlandsrådet" in str(
        feed.findtext(f"{atom}subtitle")
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("doc/municipality/vik/", "ikke utgitt eller vedtatt av Fjordlandsrådet"),
        ("en/doc/municipality/vik/", "neither issued nor adopted by"),
        ("om/", "ikke utgitt eller vedtatt av Fjordlandsrådet"),
    ],
)
def test_a_page_says_how_it_is_cited_and_that_it_is_unofficial(
    deep: Path, path: str, status: str
) -> None:
    text = html.unescape((deep / path / "index.html").read_text(encoding="utf-8"))
    entry = text.partition("@misc{")[2].partition("</code>")[0]
    fields = dict(re.findall(r"^  (\w+) = \{+(.*?)\}+,$", entry, re.MULTILINE))
    # While it is unofficial the council is no author.
    assert "author" not in fields
    assert status in fields["note"]
    assert fields["year"].isdigit() and fields["title"]
    base = "https://host.example/open/data/"
    assert fields["url"] in (base + path, base)
    assert text.count(status) >= 2


def test_signs_that_are_commands_of_latex_are_text() -> None:
    """The ten signs of "The TeXbook" (D. Knuth), chapter 7; all else as it is."""
    assert bibtex_text("a & b_c 100 % $ # ~ ^") == (
        r"a \& b\_c 100 \% \$ \# \textasciitilde{} \textasciicircum{}"
    )
    assert bibtex_text("{\\å}") == r"\{\textbackslash{}å\}"


def test_the_data_is_the_same_at_any_address(deep: Path, region: Path) -> None:
    """Identifiers don't move with the publication: only what names its files does."""
    other = build(region, "https://elsewhere.example/")
    for name in ("dump/glokal.nt", "dump/glokal.nq", "dump/RDFC-1.0", "concepts.nt"):
        assert (deep / name).read_bytes() == (other / name).read_bytes()


def test_words_and_rules_have_no_period_and_each_its_own_languages(deep: Path) -> None:
    """What the catalogue says of each dataset is true of its data (decision 57)."""
    said: dict[str, set[tuple[str, str]]] = {}
    for quad in ox.parse(path=deep / "catalog.ttl"):
        name = text_of(quad.subject).removeprefix("https://fjordland.example/id/")
        pair = quad.predicate.value.rpartition("/")[2], text_of(quad.object)
        said.setdefault(name, set()).add(pair)
    dated = {n for n, pairs in said.items() if any(p == "temporal" for p, _ in pairs)}
    assert dated == {
        f"dataset/fjordland{end}" for end in ("", "-tables", "-answers", "-editions")
    }
    languages = {
        name: {o.rpartition("/")[2] for p, o in said[name] if p == "language"}
        for name in said
    }
    assert languages["dataset/fjordland-ontology"] == {"NOB", "NNO", "ENG"}
    # A table of an answer has the names of one language.
    assert languages["dataset/fjordland-answers"] == {"NOB"}
    assert languages["distribution/fjordland-ontology-ttl"] == {"NOB", "NNO", "ENG"}


def target(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    (found,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', text)
    (link,) = re.findall(r'<a href="([^"]+)"', text)
    assert html.unescape(link) == html.unescape(found)
    return html.unescape(found)


def test_the_iri_of_each_thing_leads_to_its_page(deep: Path) -> None:
    things = {
        p.parent.relative_to(deep / "doc") for p in (deep / "doc").rglob("index.html")
    }
    assert len(things) > 20
    for thing in things:
        page = deep / "id" / thing / "index.html"
        own = deep / "doc" / thing / "index.html"
        if 'http-equiv="refresh"' in own.read_text(encoding="utf-8"):
            # Told of on another page, to which both addresses lead.
            own = own.parent / target(own) / "index.html"
        assert (page.parent / target(page)).resolve() == own.parent.resolve()


def test_the_iri_of_each_node_in_a_catalogue_leads_somewhere(deep: Path) -> None:
    base = "https://fjordland.example/id/"
    nodes = {
        text_of(q.subject)
        for name in ("catalog", "concepts", "models")
        for q in ox.parse(path=deep / f"{name}.ttl")
        if text_of(q.subject).startswith(base)
    }
    assert len(nodes) > 200
    for node in nodes:
        page = deep / "id" / node.removeprefix(base) / "index.html"
        found = (page.parent / target(page)).resolve()
        assert found.is_file() or (found / "index.html").is_file(), node


def test_no_iri_that_the_dump_names_ends_in_404(deep: Path) -> None:
    """Codes without a page, versions and modules of the ontology, graphs, shapes."""
    coined = set()
    for quad in [*ox.parse(path=deep / "dump" / "glokal.nq"),
                 *ox.parse(path=deep / "def" / "shapes.nt")]:  # fmt: skip
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode):
                coined.add(term.value.partition("#")[0])
    paths = {
        iri.removeprefix(base)
        for base in ("https://w3id.org/glokal/", "https://fjordland.example/")
        for iri in coined
        # The region's home page is a site of another.
        if iri.startswith(base) and iri != base
    }
    kinds = {path.partition("/")[0] for path in paths}
    assert kinds == {"code", "def", "graph", "id", "shape"}
    for path in paths:
        page = deep / path / "index.html"
        assert page.is_file(), path
        if 'http-equiv="refresh"' in page.read_text(encoding="utf-8"):
            found = (page.parent / target(page)).resolve()
            assert found.is_file() or (found / "index.html").is_file(), path


def test_the_page_that_is_not_there_links_from_the_root_of_the_host(deep: Path) -> None:
    text = (deep / "404.html").read_text(encoding="utf-8")
    assert "Vi finner ikke siden" in text
    assert '<p lang="en">We can’t find that page.' in text
    links = re.findall(r'(?:href|src)="([^"]+)"', text)
    own = [x for x in links if not x.startswith(("http", "#"))]
    assert len(own) > 5
    # Shown at any depth, each must lead to the same place.
    for link in own:
        assert link.startswith("/open/data/")
        for here in (
            "https://host.example/open/data/x",
            "https://host.example/open/data/a/b/c",
        ):
            to = urldefrag(urljoin(here, link)).url
            path = to.removeprefix("https://host.example/open/data/")
            found = deep / path
            assert found.is_file() or (found / "index.html").is_file(), link


def test_rules_and_headers_have_the_path_of_the_address(deep: Path) -> None:
    redirects = (deep / "_redirects").read_text(encoding="utf-8").splitlines()
    rules = [line.split() for line in redirects if not line.startswith("#")]
    assert ["/open/data/id/*", "/open/data/doc/:splat/", "303"] in rules
    assert ["/open/data/id/dataset/*", "/open/data/dump/", "303"] in rules
    # The first rule that fits is taken: the wide one after the narrow ones.
    wide = rules.index(["/open/data/id/*", "/open/data/doc/:splat/", "303"])
    assert all("/id/" not in rule[0] for rule in rules[wide + 1 :])
    for source, to, code in rules:
        assert source.startswith("/open/data/")
        assert to.startswith("/open/data/")
        assert code == "303"
    headers = (deep / "_headers").read_text(encoding="utf-8")
    assert "/open/data/*\n  Access-Control-Allow-Origin: *\n" in headers
    assert "frame-ancestors 'none'" in headers
    assert "/open/data/*.ttl\n  Content-Type: text/turtle; charset=utf-8\n" in headers
    for name in FILES:
        rules_of_host = (deep / name).read_text(encoding="utf-8")
        assert not re.search(r"\{\{|\}\}|\{%|\{#", rules_of_host), name


def test_every_ending_in_the_publication_has_a_media_type(deep: Path) -> None:
    endings = {
        p.suffix
        for p in deep.rglob("*")
        if p.is_file() and not p.name.startswith((".", "_")) and p.suffix
    }
    headers = (deep / "_headers").read_text(encoding="utf-8")
    apache = (deep / ".htaccess").read_text(encoding="utf-8")
    assert len(endings) > 10
    # A digest by name, which is text without an ending.
    for ending in endings - {".0"}:
        assert f"*{ending}\n" in headers
        assert re.search(rf"^AddType \S+ \{ending}$", apache, re.MULTILINE)


def test_crawlers_may_read_every_page_and_ask_no_query(deep: Path) -> None:
    rules = RobotFileParser()
    rules.parse((deep / "robots.txt").read_text("utf-8").splitlines())
    sitemap = (deep / "sitemap.xml").read_text("utf-8")
    start = load_project(deep.parent).address
    pages = [a.removeprefix(start) for a in re.findall("<loc>([^<]+)", sitemap)]
    assert "sparql-verksted/" in pages
    assert [p for p in pages if not rules.can_fetch("*", f"/{p}")] == []
    assert not rules.can_fetch("*", "/sparql?query=ASK%7B%7D")


def test_hidden_files_have_a_copy_in_sight(deep: Path) -> None:
    assert (deep / "void.ttl").read_bytes() == (deep / ".well-known/void").read_bytes()
    assert (deep / ".nojekyll").is_file()


def test_the_workflow_publishes_what_the_build_makes() -> None:
    text = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    steps = flow["jobs"]["build"]["steps"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for step in steps:
        for goal in re.findall(r"make (\w+)", step.get("run", "")):
            assert re.search(rf"^{goal}:", makefile, re.MULTILINE)
    upload = next(s for s in steps if "upload-pages-artifact" in s.get("uses", ""))
    assert upload["with"] == {"path": "public", "include-hidden-files": True}
    assert flow["permissions"]["pages"] == "write"
