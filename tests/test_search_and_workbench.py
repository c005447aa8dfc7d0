"""Search, workbench and the pages about the site, as files and on the server."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.settings import load_project
from glokal.dataset.name_likeness import stems
from glokal.dataset.workspace import Workspace
from glokal.server.routes.search import bind
from glokal.site.build import build_site
from glokal.site.pages import workbench
from tests.conftest import ROOT

PARTS = ROOT / "src" / "glokal" / "site" / "web"


@pytest.fixture(scope="module")
def public(region_publication: Path) -> Path:
    """The publication of a small region."""
    return region_publication / "public"


def test_the_index_is_the_same_bytes_each_time(
    public: Path, warm_region: Path, tmp_path: Path
) -> None:
    again = tmp_path / "elsewhere" / "site"
    build_site(Workspace(load_project(warm_region)), again)
    for folder in ("pagefind", "web"):
        files = sorted(p.relative_to(public) for p in (public / folder).rglob("*.*"))
        assert files == sorted(
            p.relative_to(again) for p in (again / folder).rglob("*.*")
        )
        for name in files:
            assert (public / name).read_bytes() == (again / name).read_bytes(), name


def test_the_index_has_each_language_and_no_interface_of_its_own(public: Path) -> None:
    entry = json.loads((public / "pagefind/pagefind-entry.json").read_text("utf-8"))
    assert set(entry["languages"]) == {"nb", "en"}
    counts = {e["page_count"] for e in entry["languages"].values()}
    assert min(counts) > 20
    scripts = {p.name for p in (public / "pagefind").glob("*.js")}
    assert scripts == {"pagefind.js", "pagefind-worker.js"}
    assert not list((public / "pagefind").glob("*.css"))


def test_words_are_stemmed_and_folded() -> None:
    assert stems("Kommunenes språk", "nb") == ["kommun", "sprak"]
    assert stems("Inderøy, «Ærfugl»", "nb") == ["inderoy", "aerfugl"]
    assert stems("Stïentje, Jämtland, Östersund", "nb") == [
        "stientj",
        "jamtland",
        "ostersund",
    ]
    assert stems("exchanges", "en") == ["exchang"]
    assert stems("… – !", "nb") == []


@pytest.mark.parametrize("evil", ['a" } SERVICE <urn:x> {', "\\u0022 x", "'\\1'"])
def test_a_search_can_only_be_words(evil: str) -> None:
    query = bind(evil, "nb", "https://fjordland.example/id/")
    assert "SERVICE" not in query
    assert list(ox.Store().query(query)) == []


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        # Without the letters that many keyboards lack.
        ("sorsamisk", "Atlantbib-prosjektet"),
        ("Trondelags Europakontor", "Trøndelags Europakontor"),
        ("Jamtland", "Jämtland"),
        ("Naboer AB", "Naboer AB"),
        ("nordplus adult", "Nordplus Adult"),
        # What stands nowhere has no hits, neither by numbers nor by outlines.
        ("zzqqxx", ""),
        ("nordplus zzqqxx", ""),
    ],
)
def test_the_server_finds_what_is_there_and_nothing_else(
    strategy: Workspace, asked: str, first: str
) -> None:
    text = bind(asked, "nb", strategy.project.things)
    rows = strategy.store.select(text, name="search.rq").rows
    names = [str(row[1].value) for row in rows if isinstance(row[1], ox.Literal)]
    if first:
        # A name that was written whole comes first.
        assert first in (names if asked == "sorsamisk" else names[:1])
    else:
        assert names == []
    behind = ("/entry/", "/record/", "/membership/", "/participation/")
    assert not any(part in str(row[0]) for row in rows for part in behind)


def test_the_workbench_completes_from_what_the_graph_uses(public: Path) -> None:
    told = json.loads((public / "sparql-verksted/workbench.json").read_text("utf-8"))
    assert "https://w3id.org/glokal/def#Municipality" in told["classes"]
    assert "http://www.w3.org/2000/01/rdf-schema#label" in told["properties"]
    assert told["engine"] is True
    service = json.loads((public / "service.json").read_text("utf-8"))
    assert service == {"endpoint": ""}


def test_without_parts_from_npm_the_workbench_is_a_plain_form(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "PARTS", "not-there")
    build_site(Workspace(load_project(region)), region / "public")
    folder = region / "public/sparql-verksted"
    shown = (folder / "index.html").read_text(encoding="utf-8")
    assert "yasqe" not in shown
    assert '<textarea id="query" name="query"' in shown
    assert json.loads((folder / "workbench.json").read_text("utf-8"))["engine"] is False


def test_the_parts_from_npm_are_there() -> None:
    names = {p.name for p in PARTS.iterdir()}
    assert names == {"oxigraph.js", "oxigraph.wasm", "yasqe.css", "yasqe.js"}


def test_the_lock_file_names_no_host_and_says_what_each_package_is() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert len(packages) > 10
    for name, said in packages.items():
        assert "resolved" not in said, name
        assert not name or said["integrity"].startswith("sha512-"), name


def test_the_page_about_the_site_says_how_to_cite_it(public: Path) -> None:
    nb = (public / "om/index.html").read_text(encoding="utf-8")
    en = (public / "en/about/index.html").read_text(encoding="utf-8")
    assert "https://fjordland.example/data/" in nb
    assert "[datasett]" in nb
    assert "[Data set]" in en
    assert "@misc{" in nb
    start = (public / "index.html").read_text(encoding="utf-8")
    for path in ("om/", "tilgjengelighet/", "personvern/", "sparql-verksted/", "sok/"):
        assert f'href="./{path}"' in start
        assert (public / path / "index.html").is_file()
