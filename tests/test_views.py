"""The strategy and what was reported since, as data, answers, pages, files and service.

Verdal reports a new Interreg project with a Swedish partner, and an EEA project as
ended. What each view must say of them was read from the two reports and the appendix.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import io
import os
import shutil
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import openpyxl
import pyoxigraph as ox
import pytest
import rdflib
from starlette.testclient import TestClient

from glokal.assistants.publication_index import Library
from glokal.assistants.schemas import answer_columns, question_output
from glokal.assistants.tool_calls import Desk
from glokal.core.errors import UsageError
from glokal.core.settings import load_project
from glokal.dataset.activity_status import read_reports
from glokal.dataset.dumps import named_quads
from glokal.dataset.result_page import Page, render_page
from glokal.dataset.views import IN_STRATEGY, REPORTED, reported_later, until, view_iri
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.server.app import make_app
from glokal.site.build import build_site
from glokal.site.diff.impact import effects
from glokal.sparql.store_interface import Store, Table
from tests.conftest import ROOT, copy_project, glokal
from tests.servers import oxigraph
from tests.test_register import REGISTER

FOLDER = Path(__file__).parent / "reported"
ID = "https://w3id.org/glokal/id/"
SPACE = "https://w3id.org/glokal/graph/"
NEW, ENDED = f"{ID}activity/gronn-kant", f"{ID}activity/eos-frisklivssentralen"
# Those whose answers the built site has, so that it is built in seconds.
BUILT = ("entries-of-municipality", "entry-counts", "municipalities-in-programme")
DAY = "2026-11-25"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_with_reports(tmp_path_factory.mktemp("told") / "project")


def project_with_reports(place: Path) -> Path:
    """The real project with two reports that nobody has made, published after them."""
    folder = copy_project(ROOT, place)
    shutil.copytree(FOLDER, folder / "data" / "register", dirs_exist_ok=True)
    settings = folder / "publication.toml"
    lines = settings.read_text("utf-8").splitlines()
    changed = [f"modified = {DAY}" if x.startswith("modified ") else x for x in lines]
    changed = [
        'languages = ["nb"]' if x.startswith("languages") else x for x in changed
    ]
    settings.write_text("\n".join(changed) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def work(told: Path) -> Workspace:
    return Workspace(load_project(told))


@pytest.fixture(scope="module")
def reported(work: Workspace) -> Workspace:
    assert work.reported is not None
    return work.reported


@pytest.fixture(scope="module")
def site(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The publication of it, with a few of the questions."""
    folder = copy_project(told, tmp_path_factory.mktemp("site") / "project")
    for file in (folder / "queries").iterdir():
        if file.name.partition(".")[0] not in BUILT:
            file.unlink()
    settings = folder / "publication.toml"
    lines = settings.read_text("utf-8").splitlines()
    first = lines.index("[questions]")
    kept = [x for x in lines[first + 1 :] if x.partition(" ")[0] in BUILT]
    settings.write_text("\n".join([*lines[: first + 1], *kept, ""]), encoding="utf-8")
    assert build_site(Workspace(load_project(folder)), folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def client(site: Path) -> Iterator[TestClient]:
    project = load_project(site.parent)
    with TestClient(make_app(project, site), follow_redirects=False) as client:
        yield client


def rows(work: Workspace, slug: str, **values: str) -> list[dict[str, str]]:
    query = next(q for q in work.queries if q.slug == slug)
    text = query.bind(values, project=work.project, lang="nb")
    table = work.store.select(text)
    return [
        dict(zip(table.columns, map(text_of, row), strict=True)) for row in table.rows
    ]


def column(work: Workspace, slug: str, name: str, **values: str) -> list[str]:
    return [row[name] for row in rows(work, slug, **values)]


# The data


def test_every_answer_of_the_strategy_is_byte_for_byte_what_it_was(
    strategy: Workspace, work: Workspace
) -> None:
    def answer(asked: Workspace, slug: str) -> bytes:
        query = next(q for q in asked.queries if q.slug == slug)
        text = query.bind({}, project=asked.project, lang="nb")
        table = asked.store.select(text)
        page = Page(slug, "nb", {}, table, len(table.rows))
        return render_page(page, "json", lambda _iri: "")

    slugs = [q.slug for q in strategy.queries if not q.service]
    assert len(slugs) > 60
    for slug in slugs:
        assert answer(work, slug) == answer(strategy, slug), slug


def named(work: Workspace) -> set[ox.Triple]:
    """The default graph, but for blank nodes, whose names are of chance."""
    return {
        t
        for t in work.view_triples
        if not isinstance(t.subject, ox.BlankNode)
        and not isinstance(t.object, ox.BlankNode)
    }


def test_the_strategy_s_default_graph_is_what_it_was(
    strategy: Workspace, work: Workspace, reported: Workspace
) -> None:
    assert named(work) == named(strategy)
    assert named(reported) != named(work)


@pytest.mark.parametrize(
    ("slug", "values", "new", "ended"),
    [
        ("entries-of-municipality", {"municipality": "verdal"}, True, True),
        ("entries-in-subject-area", {"subjectArea": "culture"}, True, False),
        ("entries-in-subject-area", {"subjectArea": "health"}, False, True),
        ("things-of-one-municipality", {"municipality": "verdal"}, True, True),
    ],
)
def test_what_is_new_is_in_each_list_and_what_has_ended_in_none(
    slug: str,
    values: Mapping[str, str],
    new: bool,
    ended: bool,
    work: Workspace,
    reported: Workspace,
) -> None:
    before = column(work, slug, "thing", **values)
    after = column(reported, slug, "thing", **values)
    assert (NEW in before, ENDED in before) == (False, ended)
    assert (NEW in after, ENDED in after) == (new, False)
    # Nothing else has changed.
    assert set(before) ^ set(after) == {
        iri for iri, there in ((NEW, new), (ENDED, ended)) if there
    }


def test_the_row_of_what_is_new_has_all_its_cells(reported: Workspace) -> None:
    found = rows(reported, "entries-of-municipality", municipality="verdal")
    assert found[-1] == {
        "entry": f"{ID}participation/gronn-kant-verdal",
        "subjectAreaLabel": "Kultur og integrering",
        "thing": NEW,
        "thingLabel": "Grønn kant",
        "programmeLabel": "Interreg",
        "quote": "Vedtak 12/26",
    }
    assert all(row["programmeLabel"] != "" for row in found if row["thing"] == NEW)


def test_counts_have_what_is_new_and_not_what_has_ended(
    work: Workspace, reported: Workspace
) -> None:
    def count(asked: Workspace, slug: str, name: str, **at: str) -> int:
        found = [r for r in rows(asked, slug) if at.items() <= r.items()]
        return int(found[0][name])

    at = {"municipality": f"{ID}municipality/verdal"}
    # The appendix has thirteen items for Verdal; one is over, one is new.
    assert count(work, "entry-counts", "entryCount", **at) == 13
    assert count(reported, "entry-counts", "entryCount", **at) == 13
    health, culture = "Helse og velferd", "Kultur og integrering"
    for area, was, now in ((health, 4, 3), (culture, 1, 2)):
        cell = {**at, "subjectAreaLabel": area}
        assert count(work, "cell-counts", "entryCount", **cell) == was
        assert count(reported, "cell-counts", "entryCount", **cell) == now


def test_programmes_and_their_municipalities_follow_the_reports(
    work: Workspace, reported: Workspace
) -> None:
    def named(asked: Workspace) -> list[str]:
        slug = "municipalities-in-programme"
        return column(asked, slug, "municipalityLabel", programme="interreg")

    assert named(work) == ["Levanger"]
    assert named(reported) == ["Levanger", "Verdal"]
    slug, eea = "activities-in-programme", {"programme": "eos"}
    assert ENDED in column(work, slug, "activity", **eea)
    assert ENDED not in column(reported, slug, "activity", **eea)
    # What is over is not among what has no programme either.
    slug = "activities-without-programme"
    assert ENDED not in column(reported, slug, "activity")


def test_a_day_is_asked_with_the_same_rules(told: Path) -> None:
    def things(day: str) -> str:
        slug = "entries-of-municipality"
        done = glokal("query", slug, "--as-of", day, "--format", "csv", cwd=told)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert NEW not in things("2026-06-30") and ENDED in things("2026-06-30")
    assert NEW in things("2026-09-01") and ENDED not in things("2026-09-01")


def test_the_command_asks_either_view(told: Path) -> None:
    asked = ("query", "municipalities-in-programme", "--param", "programme=interreg")
    both = [
        glokal(*asked, "--view", view, "--format", "csv", cwd=told)
        for view in (IN_STRATEGY, REPORTED)
    ]
    assert [done.stdout.count("\n") for done in both] == [2, 3]
    text = f"ASK FROM <{SPACE}view/reported> {{ <{NEW}> a ?kind }}"
    assert glokal("sparql", text, cwd=told).stdout.split() == ["yes"]
    done = glokal(*asked, "--view", REPORTED, "--as-of", DAY, cwd=told)
    assert done.returncode == 2
    done = glokal("sparql", "ASK FROM <urn:x:unknown> { ?s ?p ?o }", cwd=told)
    assert done.returncode == 1
    assert "urn:x:unknown" in done.stderr


def a_report(checked: str, about: str, status: str) -> str:
    return (
        f"report:r-{checked} a glo:Report ; glo:reportsOn {about} ; "
        f'glo:checkedOn "{checked}"^^xsd:date ; glo:reportSource "x" ; '
        f"glo:activityStatus activity-status:{status} .\n"
    )


@pytest.mark.parametrize(
    ("checked", "status", "there"),
    [
        # Reported on the very day, and after it.
        ("2026-02-01", "ended", False),
        ("2026-02-02", "ended", True),
        ("2026-02-01", "running", True),
        ("2026-02-01", "planned", True),
    ],
)
def test_reports_count_up_to_the_day(
    checked: str, status: str, there: bool, region: Path
) -> None:
    (region / "data" / "register").mkdir()
    head = "".join(x for x in REGISTER.splitlines(True) if x.startswith("@"))
    text = head + a_report(checked, "activity:brevvenner", status)
    (region / "data" / "register" / "r.ttl").write_text(text, encoding="utf-8")
    files = Workspace(load_project(region)).files
    day = datetime.date(2026, 2, 1)
    seen = until(files, day)
    under = "https://w3id.org/glokal/def#supportedUnder"
    found = {
        text_of(t.subject).rpartition("/")[2]
        for f in seen
        for t in f.triples
        if t.predicate.value == under
    }
    assert ("brevvenner" in found) is there
    late = datetime.date.fromisoformat(checked) > day
    assert len(reported_later(files, day)) == late
    assert bool(read_reports(seen)) is not late


# The service


def sparql(client: TestClient, text: str, **fields: str) -> dict[str, object]:
    answer = client.get(
        "/sparql",
        params={"query": text, **fields},
        headers={"Accept": "application/sparql-results+json"},
    )
    assert answer.status_code == 200, answer.text
    result: dict[str, object] = answer.json()
    return result


def test_the_endpoint_takes_a_view_as_the_default_graph(client: TestClient) -> None:
    asked = f"ASK {{ <{NEW}> a ?kind }}"
    views = {view: view_iri(SPACE, view) for view in (IN_STRATEGY, REPORTED)}
    for view, iri in views.items():
        there = view == REPORTED
        answer = sparql(client, asked, **{"default-graph-uri": iri})
        assert answer["boolean"] is there
        text = asked.replace("ASK", f"ASK FROM <{iri}>")
        assert sparql(client, text)["boolean"] is there
    assert sparql(client, asked)["boolean"] is False


def test_a_view_that_is_none_is_told_and_never_an_empty_graph(
    client: TestClient,
) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        wrong = f"{SPACE}view/reportet"
        answer = client.get("/sparql", params={"query": "ASK {}", name: wrong})
        assert answer.status_code == 400
    wrong = {"query": "ASK {}", "named-graph-uri": f"{SPACE}view/reported"}
    assert client.get("/sparql", params=wrong).status_code == 400
    wrong = {"query": "ASK {}", "default-graph-uri": f"{SPACE}view/reportet"}
    assert f"{SPACE}view/reported" in client.get("/sparql", params=wrong).text


def test_no_view_is_among_the_named_graphs(client: TestClient) -> None:
    answer = client.get(
        "/sparql",
        params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"},
        headers={"Accept": "text/csv"},
    )
    graphs = answer.text.split()[1:]
    assert len(graphs) > 20
    assert not [graph for graph in graphs if "/view/" in graph]


def test_the_service_description_has_both_views(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    (offered,) = graph.objects(None, sd.availableGraphs)
    sizes = {
        str(iri): int(str(graph.value(iri, void.triples)))
        for named in graph.objects(offered, sd.namedGraph)
        for iri in graph.objects(named, sd.name)
    }
    assert set(sizes) == {f"{SPACE}view/strategy", f"{SPACE}view/reported"}
    for iri, size in sizes.items():
        counted = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        answer = client.get(
            "/sparql",
            params={"query": counted, "default-graph-uri": iri},
            headers={"Accept": "text/csv"},
        )
        assert answer.text.split()[1] == str(size)


def test_the_api_takes_the_view_in_every_format(client: TestClient) -> None:
    address = "/api/queries/entries-of-municipality"
    told = client.get(address, params={"view": "reported", "format": "json"}).json()
    assert told["view"] == "reported"
    assert told["rows"][-1]["thing"] == NEW
    usual = client.get(address, params={"format": "json"})
    same = client.get(address, params={"format": "json", "view": "strategy"})
    assert usual.content == same.content
    assert NEW not in usual.text
    csv = client.get(f"{address}.csv", params={"view": "reported"}).text
    assert NEW in csv and ENDED not in csv
    book = client.get(f"{address}.xlsx", params={"view": "reported"}).content
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    assert "Grønn kant" in {cell.value for row in sheet.rows for cell in row}
    page = client.get(address, params={"view": "reported", "format": "html"}).text
    assert "Grønn kant" in page
    # What is drawn by the server has the same menus as what was built.
    for drawn in (page, client.get("/sok/", params={"q": "Krokoms"}).text):
        assert 'meldt/query/"' in drawn
    wrong = client.get(address, params={"view": "reportet"})
    assert wrong.status_code == 400
    assert "reported" in wrong.text
    described = client.get("/api/openapi.json").json()
    operation = described["paths"][address]["get"]
    views = [p for p in operation["parameters"] if p["name"] == "view"]
    assert views[0]["schema"]["enum"] == ["strategy", "reported"]


# The pages and files


class _Parts(HTMLParser):
    """Text below elements of a page, by their id, and all links."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.text: list[str] = []
        self.attributes: list[Mapping[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes.append({"tag": tag, **found})
        if href := found.get("href"):
            self.links.append(href)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(site: Path, path: str) -> _Parts:
    page = _Parts()
    page.feed((site / path / "index.html").read_text("utf-8"))
    return page


def words(page: _Parts) -> str:
    return " ".join(" ".join(page.text).split())


@pytest.mark.parametrize(
    "path",
    [
        "",
        "doc/municipality/verdal/",
        "doc/programme/interreg/",
        "doc/organisation/krokoms-kommun/",
        "ikke-oppgitt/",
        "query/municipalities-in-programme/interreg/",
        "query/entries-of-municipality/",
    ],
)
def test_the_strategy_s_page_tells_what_was_reported(path: str, site: Path) -> None:
    said = words(read(site, path))
    assert "Meldt siden strategien" in said
    assert "Nytt: Grønn kant" in said
    for part in ("20. november 2026", "Verdal kommune", "Kilde: Vedtak 12/26"):
        assert part in said
    # Right under the heading, before anything else is said.
    text = (site / path / "index.html").read_text("utf-8")
    assert text.index("</h1>") < text.index('id="since"')
    assert text.index('id="since"') - text.index("</h1>") < 700


@pytest.mark.parametrize(
    ("path", "here", "not_here"),
    [
        ("doc/municipality/verdal/", ["Grønn kant"], ["EØS-prosjekt Frisklivss"]),
        ("doc/programme/interreg/", ["Grønn kant", "Verdal"], []),
        ("doc/programme/eos/", [], []),
        ("doc/activity/gronn-kant/", ["Krokoms kommun"], []),
        ("", ["Meldt til og med 25. november 2026"], []),
        ("ikke-oppgitt/", ["heller ikke meldt"], ["oppgitt i strategien"]),
        ("query/entries-of-municipality/", ["Grønn kant", "Vedtak 12/26"], []),
        ("query/municipalities-in-programme/interreg/", ["Verdal"], []),
    ],
)
def test_the_page_of_what_was_reported_shows_it(
    path: str, here: list[str], not_here: list[str], site: Path
) -> None:
    page = read(site, f"meldt/{path}")
    text = (site / "meldt" / path / "index.html").read_text("utf-8")
    # The box names both; what follows it is the page, but for what programs read.
    rest = _Parts()
    rest.feed(text[text.index("</section>") :].partition("Tekniske opplysninger")[0])
    for part in here:
        assert part in words(page)
    for part in not_here:
        assert part not in words(rest)
    canonical = [a for a in page.attributes if a.get("rel") == "canonical"]
    assert str(canonical[0]["href"]).endswith(path)
    assert "meldt/" not in str(canonical[0]["href"])


def test_a_name_that_only_a_report_has_is_marked_as_a_proposal(site: Path) -> None:
    for path in (
        "doc/organisation/krokoms-kommun/",
        "meldt/doc/organisation/krokoms-kommun/",
    ):
        if (site / path).exists():
            assert "Forslag. Navnet er meldt." in words(read(site, path))
    assert (site / "doc/organisation/krokoms-kommun").exists()
    # What the strategy names is none, nor is an activity, which its report tells of.
    for path in ("doc/organisation/naboer-ab/", "doc/activity/gronn-kant/"):
        assert "Forslag." not in words(read(site, path))


def test_interreg_is_not_said_to_be_missing_where_it_was_reported(site: Path) -> None:
    silent = "Vedlegget nevner ikke"
    page = words(read(site, "doc/municipality/verdal/"))
    assert "Interreg" in page[page.index(silent) :][:120]
    page = words(read(site, "meldt/doc/municipality/verdal/"))
    at = page.index("Ikke oppgitt, heller ikke meldt")
    assert "Interreg" not in page[at:][:120]


def test_only_what_differs_has_a_page_and_the_switch_says_so(site: Path) -> None:
    assert (site / "meldt/doc/municipality/verdal/index.html").is_file()
    assert not (site / "meldt/doc/municipality/snasa").exists()
    assert not (site / "meldt/doc/passage").exists()
    page = words(read(site, "doc/municipality/snasa/"))
    assert "Ingen har meldt inn endringer i dette." in page
    made = [p for p in site.rglob("*") if p.is_file()]
    beside = [p for p in made if "meldt" in p.relative_to(site).parts]
    assert 0 < len(beside) < len(made) / 50


def test_every_link_of_the_reported_pages_leads_somewhere(site: Path) -> None:
    pages = [p for p in (site / "meldt").rglob("index.html")]
    led = 0
    for file in pages:
        page = _Parts()
        page.feed(file.read_text("utf-8"))
        for link in page.links:
            path = link.partition("#")[0].partition("?")[0]
            if "://" in link or link.startswith(("mailto:", "#")) or not path:
                continue
            there = Path(os.path.normpath(file.parent / path))
            assert there.is_file() or (there / "index.html").is_file(), (file, link)
            led += there.relative_to(site).parts[:1] == ("meldt",)
    assert led > 100


def test_menus_lead_to_what_was_reported(site: Path) -> None:
    for path in ("", "doc/municipality/snasa/", "om/", "meldt/"):
        links = {
            os.path.normpath(Path("/", path, link)) for link in read(site, path).links
        }
        assert {"/meldt", "/meldt/query", "/meldt/ikke-oppgitt"} <= links


def test_search_and_sitemap_have_one_entry_a_thing(site: Path) -> None:
    sitemap = ElementTree.parse(site / "sitemap.xml").getroot()
    listed = [str(e.text) for e in sitemap.iter() if e.tag.endswith("}loc")]
    assert len(listed) == len(set(listed))
    assert not [address for address in listed if "/meldt/" in address]
    assert any(a.endswith("doc/activity/gronn-kant/") for a in listed)

    def searched(path: str) -> bool:
        return any("data-pagefind-body" in a for a in read(site, path).attributes)

    assert searched("doc/activity/gronn-kant/")
    assert not searched("meldt/doc/activity/gronn-kant/")


def test_the_server_s_search_finds_what_only_the_register_has(
    client: TestClient,
) -> None:
    found = client.get("/sok/", params={"q": "Krokoms"}).text
    assert "doc/organisation/krokoms-kommun/" in found
    # What has ended is found as well.
    assert (
        "doc/activity/eos-frisk"
        in client.get("/sok/", params={"q": "Frisklivssentralen"}).text
    )


def test_answers_are_files_beside_the_page_of_their_view(site: Path) -> None:
    name = "query/entries-of-municipality"
    for folder, there in ((site / name, False), (site / "meldt" / name, True)):
        assert (NEW in (folder / "rows.csv").read_text("utf-8")) is there
        book = openpyxl.load_workbook(folder / "table.xlsx")
        values = [c.value for row in book.worksheets[0].rows for c in row]
        assert ("Grønn kant" in values) is there
        about = [c.value for row in book.worksheets[1].rows for c in row]
        view = "Meldt til og med 25. november 2026" if there else "Strategien"
        assert view in about


def test_the_feed_tells_of_each_report(site: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.parse(site / "feed.atom").getroot()
    entries = {str(e.findtext(f"{atom}title")): e for e in feed.iter(f"{atom}entry")}
    new = entries["Nytt: Grønn kant"]
    link = new.find(f"{atom}link")
    assert link is not None
    assert link.attrib["href"].endswith("/meldt/doc/activity/gronn-kant/")
    assert str(new.findtext(f"{atom}updated")) == "2026-11-20T00:00:00Z"
    assert "Vedtak 12/26" in str(new.findtext(f"{atom}summary"))
    assert any(title.startswith("Avsluttet: EØS-prosjekt") for title in entries)


def test_the_dump_of_the_view_is_the_view(site: Path, reported: Workspace) -> None:
    def triples(name: str) -> set[ox.Triple]:
        return {quad.triple for quad in ox.parse(path=site / "dump" / name)}

    said = triples("reported.ttl")
    assert len(said) == len(triples("reported.nt")) == len(reported.asserted())
    assert named(reported) <= triples("reported.nq")
    whole = triples("reported.nq")
    assert len(whole) == len(
        said | triples("reported-inferred.nt") | triples("reported-standard-words.nt")
    )
    graphs = {q.graph_name for q in ox.parse(path=site / "dump" / "reported.nq")}
    assert graphs == {ox.NamedNode(f"{SPACE}view/reported")}
    sums = (site / "dump" / "SHA256SUMS").read_text("utf-8")
    assert "reported.ttl" in sums
    catalogue = rdflib.Graph().parse(site / "catalog.ttl")
    assert f"{ID}dataset/innherred-reported" in {str(s) for s in catalogue.subjects()}


# Nothing reported, other engines, effects


@pytest.fixture(scope="module")
def lived(warm_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_project(warm_region, tmp_path_factory.mktemp("lived") / "fjordland")
    (folder / "data" / "register").mkdir()
    file = folder / "data" / "register" / "reports.ttl"
    file.write_text(REGISTER, encoding="utf-8")
    settings = folder / "publication.toml"
    text = settings.read_text("utf-8").replace(
        "modified = 2026-01-15", "modified = 2026-07-15"
    )
    text += '\n[questions]\nmunicipalities-in-programme = { programme = "nordplus" }\n'
    settings.write_text(text, encoding="utf-8")
    return folder


def count_of(store: Store, text: str) -> int:
    answer = store.query(text)
    assert isinstance(answer, Table)
    return len(answer.rows)


def test_where_nothing_was_reported_nothing_is_made(
    warm_region: Path, tmp_path: Path
) -> None:
    work = Workspace(load_project(warm_region))
    assert work.reported is None
    project = work.project
    every = [
        f"SELECT * {clause} {{ ?s ?p ?o }}"
        for clause in (
            "",
            *(f"FROM <{view_iri(project.graphs, v)}>" for v in (IN_STRATEGY, REPORTED)),
        )
    ]
    assert len({count_of(work.store, text) for text in every}) == 1
    site = tmp_path / "public"
    assert build_site(work, site)
    assert not list(site.glob("meldt*")) and not list(site.glob("dump/reported*"))
    assert not (site / "en" / "reported").exists()
    page = words(read(site, "doc/municipality/vik/"))
    # Without an address to report to that nobody has says nothing.
    assert "Bygger på strategien." in page
    assert "Ingen har meldt inn" not in page
    english = words(read(site, "en/doc/municipality/vik/"))
    assert "Based on the strategy." in english
    assert "obody has reported" not in english
    app = make_app(dataclasses.replace(project, root=tmp_path), site)
    with TestClient(app) as client:
        for view in (IN_STRATEGY, REPORTED):
            fields = {"default-graph-uri": view_iri(project.graphs, view)}
            assert sparql(client, "ASK { ?s a ?c }", **fields)["boolean"] is True


def test_a_push_prepares_both_views(lived: Path, tmp_path: Path) -> None:
    asked = ("query", "municipalities-in-programme", "--format", "csv")
    with oxigraph(tmp_path) as address:
        pushed = glokal("push", "--endpoint", f"{address}/query", cwd=lived)
        assert pushed.returncode == 0, pushed.stderr
        for view, names in ((IN_STRATEGY, {"Nes", "Vik"}), (REPORTED, {"Nes"})):
            done = glokal(
                *asked, "--view", view, "--endpoint", f"{address}/query", cwd=lived
            )
            assert done.returncode == 0, done.stderr
            lines = done.stdout.splitlines()[1:]
            assert {line.rpartition(",")[2] for line in lines} == names
        gone = glokal("push", "--endpoint", f"{address}/query", "--remove", cwd=lived)
        assert gone.returncode == 0, gone.stderr


def test_effects_tell_of_both_views(warm_region: Path, lived: Path) -> None:
    done = effects(*(Workspace(load_project(path)) for path in (warm_region, lived)))
    assert [answer.view for answer in done.answers] == [REPORTED]
    (answer,) = done.answers
    assert len(answer.removed) == 1
    assert done.reported


# An assistant's tools


class Stores:
    """Answers the tools from the stores of both views, without a server."""

    def __init__(self, work: Workspace, reported: Workspace) -> None:
        self._stores = {"strategy": work.store, "reported": reported.store}

    async def ask(self, text: str, view: str = "strategy") -> Table | bool:
        return self._stores[view].select(text)

    async def why_empty(self, text: str, view: str = "strategy") -> Mapping[str, str]:
        return {"nb": view}


@pytest.fixture(scope="module")
def desk(work: Workspace, reported: Workspace) -> Desk:
    library = Library(work.project, named_quads(work), work.queries)
    return Desk(library, Stores(work, reported))


def told_by(desk: Desk, tool: str, **given: object) -> dict[str, Any]:
    return asyncio.run(desk.call(tool, dict(given)))


def test_a_tool_asks_the_view_that_it_is_given(desk: Desk, work: Workspace) -> None:
    asked = {"municipality": "verdal"}
    (query,) = (q for q in work.queries if q.slug == "entries-of-municipality")
    answers = {}
    for view in ("strategy", "reported"):
        answer = told_by(desk, query.slug, **asked, view=view)
        jsonschema.validate(answer, question_output(answer_columns(query)))
        assert answer["view"] == view
        answers[view] = {
            (iri, row["status"]): row["citation"]
            for row in answer["rows"]
            for iri in row["values"].values()
            if iri in (NEW, ENDED)
        }
    assert answers["strategy"].keys() == {(ENDED, "stated")}
    assert answers["reported"].keys() == {(NEW, "reported")}
    # Source, voucher and day of the report (tests/reported/reports.ttl).
    cited = answers["reported"][NEW, "reported"]
    assert cited.startswith("Vedtak 12/26, Verdal kommune, 2026-11-20. https://")


def test_the_strategy_s_tools_give_what_they_gave_without_a_view(desk: Desk) -> None:
    plain = told_by(desk, "things-of-one-municipality", municipality="verdal")
    named = told_by(
        desk, "things-of-one-municipality", municipality="verdal", view="strategy"
    )
    assert plain == named
    assert {row["status"] for row in plain["rows"]} <= {"stated", "disputed"}


def test_a_thing_is_told_of_in_the_view_that_is_asked(desk: Desk) -> None:
    thing = "activity/gronn-kant"
    assert told_by(desk, "find_thing", name="Grønn kant")["matches"][0]["sure"]
    alone = told_by(desk, "get_thing", thing=thing, view="strategy")
    assert alone["statements"] == []
    more = told_by(desk, "get_thing", thing=thing, view="reported")
    assert {s["status"] for s in more["statements"]} == {"reported"}


def test_sparql_and_silences_are_asked_of_the_view(desk: Desk) -> None:
    query = f"SELECT ?p WHERE {{ <{NEW}> ?p ?o }}"
    assert told_by(desk, "run_sparql", query=query)["why"] == {"nb": "strategy"}
    assert told_by(desk, "run_sparql", query=query, view="reported")["total"] > 0
    with pytest.raises(UsageError, match="no view 'today'"):
        told_by(desk, "run_sparql", query=query, view="today")
    kept = {
        view: told_by(desk, "what_is_not_stated", about="verdal", view=view)
        for view in ("strategy", "reported")
    }
    assert kept["strategy"]["silences"]
    assert kept["strategy"] != kept["reported"]


def test_the_views_of_the_tools_are_those_of_the_server(client: TestClient) -> None:
    """The pool of the server takes the view that the tools give it."""
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {
            "name": "entries-of-municipality",
            "arguments": {"municipality": "verdal", "view": "reported"},
        },
    }
    accept = {"Accept": "application/json, text/event-stream", "Host": "localhost"}
    answer = client.post("/mcp", json=call, headers=accept)
    assert answer.status_code == 200, answer.text
    told = answer.json()["result"]["structuredContent"]
    things = {v for row in told["rows"] for v in row["values"].values()}
    assert NEW in things
    assert ENDED not in things
