"""The publication: whole, the same twice, read alike by two libraries, no dead link."""

from __future__ import annotations

import fcntl
import hashlib
import html.parser
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import venv
import warnings
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare

from glokal.core.errors import FindingsError, MachineError, UsageError
from glokal.core.namespaces import DCAT, GLO, LICENCES
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site.atomic_swap import recover_directory
from glokal.site.build import build_site
from glokal.site.pages.thing_list import LONGEST
from tests.conftest import ROOT, glokal

MADE = (
    "index.html", "en/index.html", "alle/index.html", "en/all/index.html",
    "style.css", "icon.svg", "table.js", "code/subject-area/health/index.html",
    "def/index.html", "def/glokal.ttl", "def/codes.nt",
    "def/shapes.rdf", "concepts.ttl", "concepts.rdf", "models.ttl",
    "models.jsonld", "catalog.ttl", "catalog.jsonld", "catalog.rdf", "catalog.nt",
    ".well-known/void", "sitemap.xml", "robots.txt", "dump/SHA256SUMS", "dump/RDFC-1.0",
    "dump/csv/municipality.csv", "dump/csv/municipality.csv.gz", "dump/glokal.ttl.gz",
    "query/goals/index.html", "query/goals/query.rq", "query/goals/rows.csv",
    "doc/municipality/verdal/index.html", "en/doc/municipality/verdal/index.html",
    "doc/municipality/verdal.ttl",
)  # fmt: skip


DATASET = rdflib.URIRef("https://w3id.org/glokal/id/dataset/innherred")


@pytest.fixture(scope="module")
def public(publication: Path) -> Path:
    return publication / "public"


def contents(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


def test_everything_that_is_promised_is_there(public: Path) -> None:
    assert [name for name in MADE if not (public / name).is_file()] == []


def test_building_again_elsewhere_gives_the_same_bytes(
    public: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    build_site(Workspace(load_project(ROOT)), again)
    assert contents(again) == contents(public)


def test_a_fresh_publication_is_left_as_it_is_and_a_damaged_one_is_mended(
    region: Path,
) -> None:
    target = region / "public"
    assert "Bygde" in glokal("build", cwd=region).stdout
    before = contents(target)
    stamp = (target / "index.html").stat().st_mtime_ns
    assert "oppdatert" in glokal("build", cwd=region).stdout
    assert (target / "index.html").stat().st_mtime_ns == stamp
    (target / "index.html").write_text("damaged", encoding="utf-8")
    assert "Bygde" in glokal("build", cwd=region).stdout
    assert contents(target) == before


def test_a_build_that_fails_leaves_the_old_publication(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(load_project(region))
    build_site(workspace, region / "public")
    before = contents(region / "public")
    (region / "publication.toml").write_text(
        (region / "publication.toml").read_text("utf-8").replace("Oppdiktede", "Nye"),
        encoding="utf-8",
    )

    def fail(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("glokal.site.build.write_machine_files", fail)
    with pytest.raises(KeyboardInterrupt):
        build_site(Workspace(load_project(region)), region / "public")
    assert contents(region / "public") == before
    assert not list(region.glob(".public-*"))


def test_a_killed_build_is_cleared_away_and_nothing_is_lost(region: Path) -> None:
    """The worst moment: the old folder is put aside, the new one not yet in place."""
    target = region / "public"
    build_site(Workspace(load_project(region)), target)
    before = contents(target)
    left, running = (region / f".public-glokal-{c * 16}" for c in "ab")
    left.mkdir()
    target.rename(region / f"{left.name}-old")
    running.mkdir()
    # It belongs to who has it locked, whatever their process is called.
    held = os.open(running, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    recover_directory(target)
    assert contents(target) == before
    assert list(region.glob(".public-*")) == [running]
    os.close(held)
    recover_directory(target)
    assert not list(region.glob(".public-*"))


def test_a_folder_that_glokal_did_not_build_is_not_touched(region: Path) -> None:
    target = region / "public"
    target.mkdir()
    (target / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(UsageError, match="did not build"):
        build_site(Workspace(load_project(region)), target)
    assert (target / "letter.txt").read_text(encoding="utf-8") == "dear"


FORMATS = {
    "ttl": (ox.RdfFormat.TURTLE, "turtle"),
    "nt": (ox.RdfFormat.N_TRIPLES, "nt"),
    "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "rdf": (ox.RdfFormat.RDF_XML, "xml"),
}


def canonical(quads: list[ox.Quad]) -> list[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(str(quad) for quad in dataset)


def read_by_rdflib(path: Path, fmt: str) -> list[str]:
    with warnings.catch_warnings():
        # RDFLib's own JSON-LD reader uses a class that RDFLib calls outdated.
        warnings.simplefilter("ignore", DeprecationWarning)
        read = rdflib.Graph().parse(path, format=fmt)
    plain = read.serialize(format="nt")
    return canonical(list(ox.parse(input=plain, format=ox.RdfFormat.N_TRIPLES)))


def test_the_dump_leaves_the_supplement_out(public: Path) -> None:
    text = (public / "dump" / "glokal.nt").read_text(encoding="utf-8")
    supplement = (ROOT / "data/supplement/activities.ttl").read_text(encoding="utf-8")
    slug = re.findall(r"^record:(\S+)", supplement, re.MULTILINE)[0]
    assert f"/record/{slug}>" not in text
    assert f"/record/{slug}>" in (public / "dump" / "glokal.nq").read_text("utf-8")


def test_void_has_the_checksum_and_the_size_of_every_dump(public: Path) -> None:
    described = (public / ".well-known/void").read_text(encoding="utf-8")
    files = [p for p in (public / "dump").glob("glokal*")]
    # Four formats, what follows, the standards' words, two of quads; plain and packed.
    assert len(files) == 16
    for path in files:
        raw = path.read_bytes()
        assert hashlib.sha256(raw).hexdigest() in described
        assert f'"{len(raw)}"^^xsd:nonNegativeInteger' in described
    modified = load_project(ROOT).modified
    graph = rdflib.Graph().parse(data=described, format="turtle")
    about = rdflib.URIRef(f"{load_project(ROOT).address}dump/glokal.ttl.gz")
    assert str(graph.value(about, rdflib.DCTERMS.modified)) == str(modified)


def test_void_counts_what_sparql_counts(public: Path) -> None:
    """Each partition of VoID, asked of the dump by another library."""
    graph = rdflib.Graph().parse(public / "dump" / "glokal.nt", format="nt")
    void = rdflib.Graph().parse(public / "void.ttl")
    for name, query in (
        ("triples", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("distinctObjects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        (
            "classes",
            "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c FILTER(isIRI(?c)) }",
        ),
    ):
        (row,) = graph.query(query)
        told = void.value(DATASET, rdflib.VOID[name])
        assert (name, int(told)) == (name, int(row[0]))
    for kind, unit, query in (
        ("class", "entities", "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { ?s a ?x }"),
        ("property", "triples", "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o }"),
    ):
        wanted = {
            row[0]: int(row[1])
            for row in graph.query(f"{query} GROUP BY ?x")
            if isinstance(row[0], rdflib.URIRef)
        }
        parts = void.objects(DATASET, rdflib.VOID[f"{kind}Partition"])
        told = {
            void.value(p, rdflib.VOID[kind]): void.value(p, rdflib.VOID[unit])
            for p in parts
        }
        assert {iri: int(number) for iri, number in told.items()} == wanted
        assert len(wanted) > 60


def test_the_catalogue_says_the_same_in_four_formats(public: Path) -> None:
    wanted = canonical(list(ox.parse(path=public / "catalog.ttl")))
    assert not any("_:" in line for line in wanted)
    for suffix, (ours, theirs) in FORMATS.items():
        path = public / f"catalog.{suffix}"
        assert canonical(list(ox.parse(path=path, format=ours))) == wanted
        assert read_by_rdflib(path, theirs) == wanted


def test_every_file_in_the_catalogue_is_there(public: Path) -> None:
    address = load_project(ROOT).address
    parsed = [q.triple for q in ox.parse(path=public / "catalog.ttl")]
    counted = 0
    for t in parsed:
        if t.predicate.value in (DCAT + "downloadURL", DCAT + "accessURL"):
            counted += 1
            path = str(t.object.value).removeprefix(address)
            found = public / path
            assert found.is_file() or (found / "index.html").is_file(), path
    # Six dumps, three vocabularies in four formats, the answers; two addresses each.
    assert counted > 2 * (6 + 12 + 30)
    datasets = {
        str(t.object.value).rpartition("/")[2]
        for t in parsed
        if t.predicate.value == DCAT + "dataset"
    }
    assert datasets == {
        "innherred", "innherred-ontology", "innherred-codes", "innherred-shapes",
        "innherred-answers", "innherred-editions", "innherred-tables",
    }  # fmt: skip


def test_an_endpoint_gives_a_catalogue_of_apis_and_a_description(region: Path) -> None:
    build_site(Workspace(load_project(region)), region / "without")
    assert not (region / "without" / "apis.ttl").exists()
    assert not (region / "without" / "service.ttl").exists()
    path = region / "publication.toml"
    endpoint = (
        '[service]\nendpoint = "https://fjordland.example/sparql"\n\n[identifiers]'
    )
    text = path.read_text(encoding="utf-8").replace("[identifiers]", endpoint)
    path.write_text(text, encoding="utf-8")
    build_site(Workspace(load_project(region)), region / "public")
    for name in ("apis.ttl", "apis.jsonld", "service.ttl", "catalog.ttl"):
        told = (region / "public" / name).read_text(encoding="utf-8")
        assert "https://fjordland.example/sparql" in told
    described = (region / "public" / "service.ttl").read_text(encoding="utf-8")
    beside = ["inferred", "provenance", "reasons", "standard-words"]
    views = ["in-strategy", "reported"]
    assert described.count("a sd:NamedGraph") == len(
        [*Workspace(load_project(region)).files, *beside, *views]
    )


def test_a_catalogue_that_would_be_refused_is_not_built(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LICENCES, "https://creativecommons.org/licenses/by/4.0/", GLO)
    with pytest.raises(FindingsError, match="would be refused"):
        build_site(Workspace(load_project(region)), region / "public")
    assert not (region / "public").exists()
    assert not list(region.glob(".public-*"))


class Page(html.parser.HTMLParser):
    """Collects the links, the ids, the language and the open tags of a page."""

    VOID = frozenset(("base", "meta", "link", "br", "hr", "img", "input"))

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.lang = ""
        self.open: list[str] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.lang = found.get("lang") or ""
        elsewhere = found.get("rel") in ("canonical", "alternate", "license")
        if tag in ("a", "link") and found.get("href") and not elsewhere:
            self.links.append(str(found["href"]))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def pages(public: Path) -> dict[str, Page]:
    found = {}
    for path in public.rglob("*.html"):
        page = Page()
        page.feed(path.read_text(encoding="utf-8"))
        found[path.relative_to(public).as_posix()] = page
    return found


def test_no_link_is_dead_and_every_page_is_well_made(public: Path) -> None:
    made = pages(public)
    assert len(made) > 1000
    for name, page in made.items():
        assert page.open == [], name
        assert page.lang == ("en" if re.match("(embed/)?en/", name) else "nb")
        assert len(page.ids) == len(set(page.ids)), name
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(page.headings))
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                assert parts.scheme or parts.fragment in page.ids, (name, link)
                continue
            # The missing page is shown at any depth, and links from the root.
            folder = posixpath.dirname(name)
            if link.startswith("/"):
                assert name == "404.html"
                folder, parts = "", parts._replace(path="./" + parts.path.lstrip("/"))
            target = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
            if link.split("#")[0].endswith("/"):
                target = posixpath.normpath(posixpath.join(target, "index.html"))
            assert (public / target).is_file(), (name, link)
            if parts.fragment and target in made:
                assert parts.fragment in made[target].ids, (name, link)


def test_pages_escape_what_the_data_says(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    evil = '<script>alert(1)</script>\\" onload=\\"x'
    path.write_text(text.replace('"Brevvenner"@nb', f'"{evil}"@nb'), encoding="utf-8")
    build_site(Workspace(load_project(region)), region / "public")
    for page in (region / "public").rglob("*.html"):
        shown = page.read_text(encoding="utf-8")
        # Data for search engines, which runs nothing and holds no mark of HTML, and
        # our own scripts, which are files.
        told = re.sub(
            r'<script type="application/ld\+json">[^<>&]*</script>'
            r'|<script(?: type="module")? src="[./]*(?:web/)?[a-z]+\.js"(?: defer)?>'
            r"</script>",
            "",
            shown,
        )
        assert "<script" not in told
        assert 'onload="x' not in shown


@pytest.mark.parametrize(
    ("page", "lang"), [("index.html", "nb"), ("en/index.html", "en")]
)
def test_search_engines_find_the_dataset(page: str, lang: str, public: Path) -> None:
    shown = (public / page).read_text(encoding="utf-8")
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', shown)
    found = json.loads(text)
    project = load_project(ROOT)
    assert found["@type"] == "Dataset"
    assert found["name"] == project.title[lang]
    # What Google Dataset Search takes: 50 to 5000 characters.
    assert 50 <= len(found["description"]) <= 5000
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["temporalCoverage"] == "2023/2027"
    assert found["isAccessibleForFree"] is True
    assert len(found["distribution"]) == 8
    for download in found["distribution"]:
        path = public / download["contentUrl"].removeprefix(project.address)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == download["sha256"]
    quads = list(
        ox.parse(
            input=text.replace(
                '"https://schema.org/"', '{"@vocab": "https://schema.org/"}', 1
            ),
            format=ox.RdfFormat.JSON_LD,
        )
    )
    assert len(quads) > 50


def test_scripts_stand_only_where_they_help(public: Path) -> None:
    found = {
        p.relative_to(public).as_posix(): re.findall(
            r"<script([^>]*)>", p.read_text(encoding="utf-8")
        )
        for p in public.rglob("*.html")
    }
    data, sorting = ' type="application/ld+json"', ' src="../../table.js" defer'
    assert found["index.html"] == found["en/index.html"] == [data]
    assert found["query/goals/index.html"] == [data, sorting]
    rest = [
        n for n in found if "query/" not in n and n.rpartition("/")[0] not in ("", "en")
    ]
    assert len(rest) > 1000
    tools = {"sok", "en/search", "sparql-verksted", "en/workbench"}
    tools |= {"sammenlign", "en/compare"}
    run = {n for n in rest if [s for s in found[n] if s != data]}
    assert {n.rpartition("/")[0] for n in run} == tools


def test_no_page_runs_or_fetches_what_is_not_ours(public: Path) -> None:
    for path in public.rglob("*.html"):
        shown = path.read_text(encoding="utf-8")
        assert "Content-Security-Policy\" content=\"default-src 'none';" in shown
        assert " style=" not in shown, path
        assert not re.search(r"\son[a-z]+=", shown.split("<main")[1]), path
        # What a browser fetches by itself stands in the publication.
        for tag in re.findall(r"<(?:img|script|iframe|source)[^>]*>", shown):
            assert "://" not in tag, path
        for tag in re.findall(r"<link[^>]*(?:stylesheet|icon)[^>]*>", shown):
            assert "://" not in tag, path


def test_no_page_names_a_folder_of_this_machine(public: Path) -> None:
    home = str(ROOT)
    for path in public.rglob("*"):
        if path.is_file():
            assert home.encode() not in path.read_bytes()


def test_an_unwritable_target_is_said(region: Path) -> None:
    blocked = region / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(MachineError, match="can't be written"):
        build_site(Workspace(load_project(region)), blocked / "public")


def test_entries_link_to_their_passages(public: Path) -> None:
    shown = (public / "doc/entry/verdal-health-1/index.html").read_text("utf-8")
    assert "EØS-prosjekt i utviklingshemming og seksualitet" in shown
    assert "Vedlegg, rad Verdal, kolonne Helse og velferd, punkt 1" in shown
    assert GLO not in shown.split("<main")[1].split("<code>")[0]


def test_the_source_has_no_word_of_the_first_region() -> None:
    for path in (ROOT / "src").rglob("*"):
        if path.is_file() and path.suffix in (".py", ".toml", ".html", ".rq", ".css"):
            words = path.read_text(encoding="utf-8").lower()
            for name in (
                "innherred",
                "snåsa",
                "steinkjer",
                "inderøy",
                "verdal",
                "levanger",
            ):
                assert name not in words, path.name


def test_a_wheel_works_in_a_clean_environment(region: Path, tmp_path: Path) -> None:
    """Installs what the lock says, as a user would, and publishes another region."""
    wheels = tmp_path / "wheels"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+==\S+)", lock, re.MULTILINE)
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("\n".join(pins), encoding="utf-8")
    home = tmp_path / "clean"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check",
         "-c", constraints, f"{next(wheels.glob('*.whl'))}[all]"],
        check=True, capture_output=True,
    )  # fmt: skip
    shutil.rmtree(region / ".cache")
    built = subprocess.run(
        [home / "bin" / "glokal", "build"],
        cwd=region, capture_output=True, text=True,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    assert (region / "public" / "doc" / "authority" / "vik" / "index.html").is_file()


def test_a_page_keeps_the_strategy_and_the_registers_apart(public: Path) -> None:
    shown = (public / "doc/municipality/verdal/index.html").read_text("utf-8")
    says, more = shown.index("Tiltak og nettverk i vedlegget"), "Mer fra strategien"
    registers = shown.index("Navn, koder og kart</")
    assert says < shown.index(more) < shown.index("ligger i regionen") < registers
    others = shown.index("Kjent fra andre kilder</")
    assert shown.index("ligger i regionen") < others < registers
    assert registers < shown.index("Kommunenummer (SSB") < shown.index("Tekniske")


def test_only_what_changed_is_made_again_and_the_whole_is_the_same(
    region: Path,
) -> None:
    first = build_site(Workspace(load_project(region)), region / "public")
    assert first is not None
    assert first.reused == 0
    data = region / "data/strategy/fjordland.ttl"
    text = data.read_text(encoding="utf-8")
    data.write_text(text.replace('"Pen friends"@en', '"Letters"@en'), encoding="utf-8")
    # A page that the last build made and somebody spoilt is not taken over.
    spoilt = region / "public/doc/municipality/nes/index.html"
    spoilt.write_text("spoilt", encoding="utf-8")
    second = build_site(Workspace(load_project(region)), region / "public")
    assert second is not None
    assert second.reused > 100
    anew = build_site(Workspace(load_project(region)), region / "anew")
    assert anew is not None
    assert anew.reused == 0
    for made in (region / "anew").rglob("*"):
        if made.is_file():
            same = region / "public" / made.relative_to(region / "anew")
            assert same.read_bytes() == made.read_bytes(), same
    letters = region / "public/en/doc/activity/brevvenner/index.html"
    assert "Letters" in letters.read_text(encoding="utf-8")


def test_a_long_list_is_given_a_page_at_a_time(region: Path) -> None:
    data = region / "data/strategy/fjordland.ttl"
    more = "".join(
        f'\nactivity:a{n} a glo:Exchange ; rdfs:label "Reise {n}"@nb ; '
        f"glo:statedIn passage:00170-00198 ; "
        f"glo:supportedUnder programme:nordplus-junior .\n"
        for n in range(LONGEST + 5)
    )
    data.write_text(data.read_text(encoding="utf-8") + more, encoding="utf-8")
    workspace = Workspace(replace(load_project(region), reasoner="rules"))
    assert build_site(workspace, region / "public") is not None
    whole = (region / "public/alle/index.html").read_text(encoding="utf-8")
    assert 'href="../alle/Exchange/"' in whole
    assert "Reise 17<" not in whole
    parts = [
        (region / f"public/alle/Exchange/{part}index.html").read_text(encoding="utf-8")
        for part in ("", "2/")
    ]
    listed = [re.findall(r">(Reise \d+)<", part) for part in parts]
    # One exchange more, the region's own, comes before them in the alphabet.
    assert [len(found) for found in listed] == [LONGEST - 1, 6]
    assert 'rel="next"' in parts[0]
    assert 'rel="prev"' in parts[1]
    page = region / "public/doc/programme/nordplus-junior/index.html"
    shown = page.read_text(encoding="utf-8")
    assert f"Viser 200 av {LONGEST + 6} rader" in shown
