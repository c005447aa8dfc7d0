"""The rehearsal: each point can be lost, each fault of a harvest is found and named."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import threading
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import InputError, UsageError
from glokal.core.files.data_files import TURTLE
from glokal.core.namespaces import DCAT, DCTERMS, RDF
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.harvest import harvester as http
from glokal.harvest.dataset_extract import (
    by_subject,
    catalogues,
    datasets_of,
    extract_dataset,
)
from glokal.harvest.harvest_report import render_report
from glokal.harvest.harvester import HarvestClient, harvest
from glokal.harvest.link_check import follow_links
from glokal.harvest.missed_indicators import miss_reason
from glokal.harvest.quality_score import ScoringChecks, indicators, score
from glokal.harvest.simulation import (
    HarvestResult,
    contact_is_homepage,
    simulate_harvest,
)
from glokal.harvest.static_host import serve_folder
from glokal.harvest.unread_properties import dropped_triples
from glokal.harvest.waivers import waiver_of_indicator, waiver_of_rule
from glokal.rdf.terms import text_of
from glokal.site.build import build_site
from tests.conftest import ROOT, copy_project, glokal

ALWAYS = ScoringChecks(lambda _url: True, {"national": True, "european": True})
Triples = list[ox.Triple]


@pytest.fixture(scope="module")
def built(warm_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented region with a publication, in a country that the lists know."""
    folder = copy_project(
        warm_region, tmp_path_factory.mktemp("rehearse") / "fjordland"
    )
    path = folder / "publication.toml"
    text = path.read_text(encoding="utf-8")
    norway = "http://publications.europa.eu/resource/authority/country/NOR"
    path.write_text(
        text.replace("[catalog]", f'[catalog]\nspatial = ["{norway}"]'),
        encoding="utf-8",
    )
    build_site(Workspace(load_project(folder)), folder / "public")
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of it, to break."""
    copy = copy_project(built, tmp_path / "fjordland")
    shutil.copytree(built / "public", copy / "public")
    return copy


def run(folder: Path, shapes: Path | None = None) -> HarvestResult:
    workspace = Workspace(load_project(folder))
    return simulate_harvest(workspace, folder / "public", portal_shapes=shapes)


@pytest.fixture(scope="module")
def catalogue(built: Path) -> Triples:
    return [q.triple for q in ox.parse(path=built / "public" / "catalog.ttl")]


def first_dataset(triples: Triples) -> tuple[str, Triples]:
    about = by_subject(triples)
    dataset = "https://fjordland.example/id/dataset/fjordland"
    return dataset, extract_dataset(about, dataset)


# Points.


def test_the_indicators_add_up_to_the_portals_totals() -> None:
    """435 and 405 by the reference; 365 can be had on data.norge.no."""
    every = indicators()
    assert len(every) == 25
    assert sum(i.points["national"] for i in every) == 435
    assert sum(i.points["european"] for i in every) == 405
    reachable = [i for i in every if "national" not in i.never]
    assert sum(i.points["national"] for i in reachable) == 365


def test_a_whole_dataset_misses_only_the_size(catalogue: Triples) -> None:
    dataset, cut = first_dataset(catalogue)
    for portal, total in (("national", 365), ("european", 405)):
        made = score(by_subject(cut), dataset, portal, ALWAYS)
        assert made.reachable == total
        assert made.points == total - 5
        lost = [m.indicator.name for m in made.missed if m.reachable]
        assert lost == ["byteSizeAvailability"]


def _losing(name: str, cut: Triples) -> Triples:
    """The dataset without what an indicator looks at."""
    (indicator,) = [i for i in indicators() if i.name == name]
    if indicator.check == "listed":
        return [
            ox.Triple(t.subject, t.predicate, ox.NamedNode("https://example.org/x"))
            if t.predicate.value in indicator.properties
            else t
            for t in cut
        ]
    return [t for t in cut if t.predicate.value not in indicator.properties]


@pytest.mark.parametrize(
    "name",
    [i.name for i in indicators() if i.check in ("present", "listed")
     and i.name != "byteSizeAvailability"],
)  # fmt: skip
def test_each_point_is_lost_with_what_it_is_for(name: str, catalogue: Triples) -> None:
    dataset, cut = first_dataset(catalogue)
    before = score(by_subject(cut), dataset, "european", ALWAYS)
    after = score(by_subject(_losing(name, cut)), dataset, "european", ALWAYS)
    assert name not in {m.indicator.name for m in before.missed}
    assert name in {m.indicator.name for m in after.missed}
    lost = sum(m.points for m in after.missed) - sum(m.points for m in before.missed)
    assert after.points == before.points - lost
    assert lost >= 5


@pytest.mark.parametrize(
    ("judge", "lost"),
    [
        (ScoringChecks(lambda _url: False, ALWAYS.complies), 80),
        (ScoringChecks(lambda _url: True, {"national": False, "european": True}), 30),
    ],
)
def test_points_for_answers_and_for_compliance(
    judge: ScoringChecks, lost: int, catalogue: Triples
) -> None:
    dataset, cut = first_dataset(catalogue)
    assert score(by_subject(cut), dataset, "national", judge).points == 360 - lost


def test_the_best_distribution_counts(catalogue: Triples) -> None:
    dataset, cut = first_dataset(catalogue)
    files = [t.object for t in cut if t.predicate.value == DCAT + "distribution"]
    worse = [
        t
        for t in cut
        if t.subject not in files[1:] or t.predicate.value != DCTERMS + "license"
    ]
    assert score(by_subject(worse), dataset, "national", ALWAYS).points == 360
    worst = [t for t in worse if t.predicate.value != DCTERMS + "license"]
    assert score(by_subject(worst), dataset, "national", ALWAYS).points == 330


def test_a_distribution_without_an_iri_gives_no_points(catalogue: Triples) -> None:
    dataset, cut = first_dataset(catalogue)
    nameless = {
        t.object: ox.BlankNode()
        for t in cut
        if t.predicate.value == DCAT + "distribution"
    }
    changed = [
        ox.Triple(
            nameless.get(t.subject, t.subject),
            t.predicate,
            nameless.get(t.object, t.object),
        )
        for t in cut
    ]
    assert score(by_subject(changed), dataset, "national", ALWAYS).points == 185


REASONS = {
    "licenseAvailability": "dcterms:license is missing.",
    "knownLicense": "dcterms:license has no value from http://publications.europa.eu",
    "accessUrlStatusCode": "dcat:accessURL doesn't answer with 200.",
    "dcatApCompliance": "Breaks a rule of data.norge.no, score; see Rules.",
    "syntaxValid": "No component of the portal measures it.",
    "byteSizeAvailability": "The profiles ask for different datatypes",
}


@pytest.mark.parametrize("name", REASONS)
def test_each_missed_point_has_its_reason(name: str, catalogue: Triples) -> None:
    dataset, cut = first_dataset(catalogue)
    bare = [t for t in cut if not t.predicate.value.endswith("license")]
    if name == "knownLicense":
        bare = _losing(name, cut)
    none = ScoringChecks(lambda _url: False, {"national": False, "european": False})
    made = score(by_subject(bare), dataset, "national", none)
    (missed,) = [m for m in made.missed if m.indicator.name == name]
    text = (ROOT / "src/glokal/harvest/words.toml").read_text(encoding="utf-8")
    assert miss_reason(missed, tomllib.loads(text)["en"], "en").startswith(
        REASONS[name]
    )
    assert not made.excellent


# The harvest.


@pytest.fixture
def client(folder: Path) -> Iterator[HarvestClient]:
    address = load_project(folder).address
    with serve_folder(folder / "public", address) as host:
        made = HarvestClient(address, host)
        yield made
        made.close()


def test_the_host_has_the_path_of_the_address(
    folder: Path, client: HarvestClient
) -> None:
    address = "https://fjordland.example/data/"
    assert client.get(f"{address}catalog.ttl").media == TURTLE
    assert client.status(address) == 200
    assert client.status(f"{address}doc/authority/vik/") == 200
    # As hosts do; a link in a page that leans on it is dead all the same.
    assert client.status(f"{address}doc/authority/vik") == 301
    assert client.status(f"{address}nowhere") == 404
    assert client.status(f"{address}%2e%2e/publication.toml") == 404
    # Above the address there is nothing of ours.
    bare = HarvestClient(
        "https://fjordland.example/", client.host.removesuffix("data/")
    )
    assert bare.status("https://fjordland.example/catalog.ttl") == 404
    bare.close()


def test_no_server_is_left_running(folder: Path) -> None:
    before = threading.active_count()
    run(folder)
    assert threading.active_count() == before


def break_catalogue(folder: Path, change: Callable[[str], str]) -> None:
    path = folder / "public" / "catalog.ttl"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_a_broken_catalogue_fails_the_harvest(
    folder: Path, client: HarvestClient
) -> None:
    break_catalogue(
        folder, lambda text: text.replace("a dcat:Catalog ;", "a dcat:Catalog")
    )
    with pytest.raises(InputError, match="can't read it"):
        harvest(client, client.address + "catalog.ttl", TURTLE)
    told = run(folder)
    assert "can't read it" in told.harvested[0].fault
    assert not told.clean


def test_a_missing_catalogue_or_one_in_another_format_fails_the_harvest(
    client: HarvestClient,
) -> None:
    with pytest.raises(InputError, match="gets 404"):
        harvest(client, client.address + "catalog.xml", TURTLE)
    # The parser goes by the Accept value, not by what comes.
    with pytest.raises(InputError, match="can't read it"):
        harvest(client, client.address + "catalog.rdf", TURTLE)
    assert harvest(client, client.address + "catalog.rdf", "application/rdf+xml")


def test_a_catalogue_over_75_megabytes_fails_the_harvest(
    client: HarvestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 100)
    with pytest.raises(InputError, match="75 MB"):
        harvest(client, client.address + "catalog.ttl", TURTLE)


def test_a_predicate_that_rdfxml_can_t_name_fails_the_harvest(
    folder: Path, client: HarvestClient
) -> None:
    line = "<https://e.example/a> <https://e.example/2026> <https://e.example/b> .\n"
    break_catalogue(folder, lambda text: text + line)
    with pytest.raises(InputError, match="RDF/XML"):
        harvest(client, client.address + "catalog.ttl", TURTLE)


def test_what_has_no_iri_is_dropped_and_named(folder: Path) -> None:
    def nameless(text: str) -> str:
        return text.replace(
            "  dcat:dataset\n", "  dcat:dataset\n    [ a dcat:Dataset ] ,\n", 1
        )

    break_catalogue(folder, nameless)
    told = run(folder)
    assert len(told.dropped) == 1
    assert told.dropped[0].startswith("_:")
    assert not dataclasses.replace(told, broken=()).clean
    assert any("IRI" in str(b.result.messages) for b in told.broken)


def test_what_is_named_and_not_described_is_dropped(catalogue: Triples) -> None:
    dataset, _ = first_dataset(catalogue)
    about = by_subject(
        t for t in catalogue
        if text_of(t.subject) != dataset or t.predicate.value != RDF + "type"
    )  # fmt: skip
    (one,) = catalogues(about)
    assert list(dropped_triples(about, one)) == [dataset]
    assert dataset not in datasets_of(about, one)


# Links.


def dead(folder: Path) -> list[tuple[str, str]]:
    address = load_project(folder).address
    with serve_folder(folder / "public", address) as host:
        made = HarvestClient(address, host)
        found = follow_links(folder / "public", made)
        made.close()
    assert found.followed > 100
    return [(d.source, d.target.removeprefix(address)) for d in found.dead]


def test_no_link_is_dead(folder: Path) -> None:
    assert dead(folder) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "target"),
    [
        ("index.html", 'href="./query/"', 'href="./querry/"', "querry/"),
        ("index.html", 'href="./style.css"', 'href="/style.css"', None),
        (
            "doc/municipality/vik/index.html",
            "def/#Municipality",
            "def/#Municipal",
            "def/#Municipal",
        ),
        (
            "id/municipality/vik/index.html",
            "0; url=../../../doc/municipality/vik/",
            "0; url=../../../doc/municipality/wik/",
            "doc/municipality/wik/",
        ),
        ("sitemap.xml", "/data/def/", "/data/definitions/", "definitions/"),
        ("robots.txt", "sitemap.xml", "map.xml", "map.xml"),
        ("catalog.ttl", "/dump/glokal.nt>", "/dump/gone.nt>", "dump/gone.nt"),
    ],
)
def test_each_kind_of_dead_link_is_found(
    file: str, old: str, new: str, target: str | None, folder: Path
) -> None:
    path = folder / "public" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = dead(folder)
    if target is None:
        # A link from the root leaves the path of the publication: another site.
        assert found == []
        assert run(folder).links.outside > run_outside(folder)
        return
    assert [d for d in found if d[0] == file and d[1].startswith(target)]


def run_outside(folder: Path) -> int:
    shutil.rmtree(folder / "public")
    build_site(Workspace(load_project(folder)), folder / "public")
    return run(folder).links.outside


# The report.


def test_a_region_whose_coverage_is_unknown_is_told_so(region: Path) -> None:
    build_site(Workspace(load_project(region)), region / "public")
    told = glokal("rehearse", "--lang", "en", cwd=region)
    assert told.returncode == 1
    lost = "misses 20 points on data.norge.no + data.europa.eu: spatial coverage"
    assert f"{lost} (spatialAvailability). dcterms:spatial is missing." in told.stdout
    assert "The dataset lacks a spatial coverage." in told.stdout
    assert "The portals don't take all of it." in told.stdout


def test_the_command_says_it_in_three_languages_and_in_json(folder: Path) -> None:
    # The region's contact is the homepage of its publisher, without an e-mail address.
    for lang, said, contact in (
        ("nb", "Portalene tar imot alt.", "contact.url er forsiden til utgiveren"),
        ("nn", "Portalane tek imot alt.", "contact.url er framsida til utgjevaren"),
        ("en", "The portals take all of it.", "contact.url is the publisher's front"),
    ):
        told = glokal("rehearse", "--lang", lang, cwd=folder)
        assert told.returncode == 0, told.stdout + told.stderr
        assert said in told.stdout
        assert contact in " ".join(told.stdout.split())
        assert "byteSizeAvailability" in told.stdout
        assert "0015" in told.stdout
    # Each indicator has a row with its points; no dataset of four has a size.
    rows = dict(re.findall(r"\((\w+)\) +(\d+ \(.*)$", told.stdout, re.MULTILINE))
    assert list(rows) == [i.name for i in indicators()]
    assert rows["keywordAvailability"].split("  ")[0] == "30 (7 of 7)"
    assert rows["accessUrlStatusCode"].split("  ")[0] == "50 (6 of 6)"
    assert rows["byteSizeAvailability"].split("  ")[0] == "5 (0 of 6)"
    assert rows["syntaxValid"].split("  ")[0] == "15 (nobody gets them)"
    assert "360 of 365, excellent; data.europa.eu 400 of 405, excellent" in told.stdout
    # The series has no files, and says so.
    assert "185 of 185, not excellent (that takes 327)" in told.stdout
    assert "Has no files" in told.stdout
    assert "Dropped by the portal\n  nothing\n" in told.stdout
    told = glokal("rehearse", "--format", "json", cwd=folder)
    found = json.loads(told.stdout)
    assert found["clean"] is True
    # The vocabularies are of no time: they miss 20 of the points for coverage twice.
    assert {d["scores"]["national"]["points"] for d in found["datasets"]} == {
        360, 320, 185,
    }  # fmt: skip
    assert all(
        (m["waived"] or not m["reachable"]) and m["reason"]
        for d in found["datasets"]
        for m in d["missed"]
    )


@pytest.mark.parametrize(
    ("url", "email", "told"),
    [
        ("https://fjordland.example/", "", True),
        ("https://fjordland.example", "", True),
        ("https://fjordland.example/kontakt", "", False),
        ("https://fjordland.example/", "post@fjordland.example", False),
    ],
)
def test_a_contact_that_is_the_homepage_is_remarked_on(
    url: str, email: str, told: bool, warm_region: Path
) -> None:
    project = load_project(warm_region)
    assert project.publisher.url == "https://fjordland.example/"
    contact = dataclasses.replace(project.contact, url=url, email=email)
    asked = dataclasses.replace(project, contact=contact)
    assert contact_is_homepage(asked) is told


def test_a_publication_that_is_older_than_its_sources_is_told(folder: Path) -> None:
    assert not run(folder).stale
    path = folder / "publication.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('["fjorder"]', '["fjorder", "øyer"]'), "utf-8")
    told = run(folder)
    assert told.stale
    assert "run glokal build" in render_report(told, "text", "en")


def test_without_a_publication_or_with_a_wrong_folder_it_is_wrong_use(
    folder: Path, tmp_path: Path
) -> None:
    told = glokal("rehearse", tmp_path / "none", cwd=folder)
    assert told.returncode == 2
    assert "glokal build" in told.stderr
    with pytest.raises(UsageError, match="has no dcat-ap"):
        run(folder, tmp_path)


def test_each_waiver_is_of_something_that_exists(catalogue: Triples) -> None:
    """A waiver for a rule that nobody has would hide nothing and mislead."""
    shapes = Workspace(load_project(ROOT)).catalogue_shapes.triples
    known = {text_of(t.subject).partition("#")[2] for t in shapes}
    text = (ROOT / "src/glokal/harvest/waivers.toml").read_text(encoding="utf-8")
    named = set(re.findall(r'"(\w+-[\w-]+)"', text))
    assert named
    assert named <= known
    words, graph = "https://e.example/id/dataset/e-ontology", "https://e.example/id/e"
    assert all(waiver_of_rule(name, words) for name in named)
    # What words don't have, the graph must.
    of_words = {"Dataset-spatial", "Dataset-temporal", "Dataset-subject"}
    assert {name for name in named if not waiver_of_rule(name, graph)} == of_words
    everywhere = {"byteSizeAvailability"}
    coverage = {"spatialAvailability", "temporalAvailability"}
    for iri, waived_there in ((graph, everywhere), (words, everywhere | coverage)):
        names = {i.name for i in indicators() if waiver_of_indicator(i.name, iri)}
        assert names == waived_there
    decisions = {p.name[:4] for p in (ROOT / "docs" / "decisions").glob("*.md")}
    waived = waiver_of_rule("Distribution-mediaType-resolvable")
    assert waived is not None
    assert waived.decision in decisions
