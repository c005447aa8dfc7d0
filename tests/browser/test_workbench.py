"""The SPARQL workbench: live, in the page, by keyboard, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.harvest.static_host import serve_folder
from glokal.site.build import build_site
from tests.browser.survey import AXE, NARROW, Watch, violations
from tests.conftest import copy_project
from tests.servers import serving
from tests.test_register import REGISTER

COUNT = """PREFIX glo: <https://w3id.org/glokal/def#>
SELECT (COUNT(DISTINCT ?m) AS ?n)
WHERE { ?m a glo:Municipality ; glo:withinRegion ?r }"""
OUTSIDE = """PREFIX glo: <https://w3id.org/glokal/def#>
ASK { <https://w3id.org/glokal/id/activity/valtel> glo:supportedBy ?programme }"""
GRAPH = """# CONSTRUCT comes after SELECT in this comment
CONSTRUCT { ?s a ?kind } WHERE { ?s a ?kind } LIMIT 3"""
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(params=["static", "live"])
def host(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


def open_bench(page: Page, host: str, path: str = "sparql-verksted/") -> Watch:
    watch = Watch(page, host)
    page.context.add_init_script(path=AXE)
    page.goto(host + path)
    expect(page.locator("#ask[data-ready]")).to_be_attached()
    return watch


def write(page: Page, query: str) -> None:
    """Click in the field, which brings the editor, and write a query there."""
    page.locator("#query, .CodeMirror").locator("visible=true").click()
    expect(page.locator(".CodeMirror-focused")).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)


def ask(page: Page, query: str) -> str:
    """Write a query and return what is told of its answer."""
    write(page, query)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Stopp")).to_be_hidden(timeout=30_000)
    return page.get_by_role("status").inner_text()


def test_it_answers(page: Page, host: str) -> None:
    watch = open_bench(page, host)
    assert ask(page, COUNT) == "1 rad"
    # The strategy is for five municipalities (section 1).
    assert page.locator("#rows td").all_inner_texts() == ["5"]
    # What other sources know is not in the default graph, whoever answers.
    assert ask(page, OUTSIDE) == "Nei"
    assert ask(page, GRAPH) == "3 rader"
    assert " a " in page.locator("#rows pre").inner_text()
    assert watch.seen.said == watch.seen.outside == []
    assert page.evaluate("() => localStorage.length") == 0


def test_a_wrong_query_is_said_to_be_wrong(page: Page, static: str) -> None:
    open_bench(page, static)
    told = ask(page, "SELECT ?x WHERE { ?x a }")
    assert told.startswith("Spørringen kunne ikke kjøres:")
    assert "1:" in told
    assert ask(page, COUNT) == "1 rad"


def test_a_long_query_is_stopped(page: Page, static: str) -> None:
    open_bench(page, static)
    write(page, LONG)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Stopp").click()
    expect(page.get_by_role("status")).to_have_text("Stoppet.")
    assert ask(page, COUNT) == "1 rad"


def test_an_example_gives_rows_that_lead_to_pages_and_to_files(
    page: Page, host: str, tmp_path: Path
) -> None:
    open_bench(page, host, "en/workbench/")
    page.get_by_label("Example").select_option("goals")
    # At once, though the example may still be on its way.
    page.get_by_role("button", name="Run the query").click()
    link = page.locator("#rows a[href*='/en/doc/goal/']").first
    expect(link).to_be_visible(timeout=30_000)
    expect(page.locator(".CodeMirror")).to_contain_text("glo:Goal")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    page.set_viewport_size(NARROW)
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "answer.csv")
    lines = (tmp_path / "answer.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + page.locator("#rows tbody tr").count()
    link.click()
    expect(page.locator("h1")).to_be_visible()
    assert "/en/doc/goal/" in page.url


def test_it_completes_from_what_the_graph_uses(page: Page, static: str) -> None:
    open_bench(page, static)
    start = "PREFIX glo: <https://w3id.org/glokal/def#>\nSELECT * { ?x a glo:Munici"
    write(page, start)
    page.keyboard.press("Control+Space")
    hint = page.locator(".CodeMirror-hint", has_text="Municipality").first
    expect(hint).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(hint).to_be_hidden()


def test_the_editor_comes_when_somebody_writes_and_keeps_what_was_written(
    page: Page, static: str
) -> None:
    brought: list[str] = []
    page.on("request", lambda asked: brought.append(asked.url.rpartition("/")[2]))
    held: list[Route] = []
    page.route("**/yasqe.js", lambda route: held.append(route))
    open_bench(page, static)
    assert not {"yasqe.js", "yasqe.css", "oxigraph.wasm"} & set(brought)
    field = page.get_by_label("Spørring")
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("ASK {}")
    page.keyboard.press("ArrowLeft")
    for route in held:
        route.continue_()
    expect(page.locator(".CodeMirror-focused")).to_be_visible()
    # Where the cursor was: within the braces.
    page.keyboard.insert_text(" ?s ?p ?o ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_have_text("Ja", timeout=30_000)


def test_without_the_editor_the_plain_field_asks(page: Page, static: str) -> None:
    page.route("**/yasqe.js", lambda route: route.abort())
    open_bench(page, static)
    page.get_by_label("Spørring").fill(COUNT)
    page.get_by_role("button", name="Kjør spørringen").click()
    expect(page.get_by_role("status")).to_have_text("1 rad", timeout=30_000)


def test_the_editor_has_a_name_and_lets_tab_through(page: Page, static: str) -> None:
    open_bench(page, static)
    field = page.get_by_role("textbox", name="Spørring")
    field.focus()
    expect(page.locator(".CodeMirror-focused")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Kjør spørringen")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Eksempel")).to_be_focused()


def test_the_server_answers_without_javascript(plain: Page, live: str) -> None:
    plain.goto(live + "sparql-verksted/")
    plain.get_by_label("Spørring").fill(COUNT)
    plain.get_by_role("button", name="Kjør spørringen").click()
    # The form leads to another page, which takes its time: expect waits for it.
    expect(plain.locator("#rows td")).to_have_text(["5"])
    expect(plain.get_by_label("Spørring")).to_have_value(COUNT)
    plain.get_by_label("Spørring").fill("SELECT <script>alert(1)</script>")
    plain.get_by_role("button", name="Kjør spørringen").click()
    expect(plain.get_by_role("status")).to_contain_text("kunne ikke kjøres")


def test_without_javascript_or_server_it_says_what_else_there_is(
    plain: Page, static: str
) -> None:
    plain.goto(static + "sparql-verksted/")
    said = plain.locator("main").inner_text()
    assert "Uten JavaScript kan spørringen bare kjøres der" in said
    expect(plain.get_by_role("main").get_by_text("Datafiler")).to_be_visible()


@pytest.fixture(scope="module")
def lived(warm_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented region, with an activity that has ended and a new one reported."""
    folder = copy_project(warm_region, tmp_path_factory.mktemp("bench") / "fjordland")
    file = folder / "data" / "register" / "reports.ttl"
    file.parent.mkdir()
    file.write_text(REGISTER, encoding="utf-8")
    settings = folder / "publication.toml"
    text = settings.read_text("utf-8")
    day = "modified = 2026-01-15"
    assert day in text
    settings.write_text(text.replace(day, "modified = 2026-07-15"), encoding="utf-8")
    assert build_site(Workspace(load_project(folder)), folder / "public")
    return folder


@pytest.fixture(scope="module", params=["static", "live"])
def told(request: pytest.FixtureRequest, lived: Path) -> Iterator[str]:
    """The address of its publication on a host of files, and on `glokal serve`."""
    if request.param == "static":
        address = load_project(lived).address
        with serve_folder(lived / "public", address) as host:
            yield host
    else:
        with serving(lived) as server:
            yield server.address + "/"


RUNNING = """PREFIX glo: <https://w3id.org/glokal/def#>
SELECT DISTINCT ?name {FROM} WHERE {{ ?what glo:supportedUnder ?p ; rdfs:label ?name
  FILTER (LANG(?name) = "nb" && ?what IN (
    <https://fjordland.example/id/activity/brevvenner>,
    <https://fjordland.example/id/activity/vinterleir>)) }}"""
VIEW = "FROM <https://fjordland.example/graph/view/{}>"


def names(page: Page, query: str) -> list[str]:
    ask(page, "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n" + query)
    return page.locator("#rows td").all_inner_texts()


def test_the_view_that_is_asked_can_be_chosen(page: Page, told: str) -> None:
    watch = open_bench(page, told)
    plain = RUNNING.format(FROM="")
    # The report says that the first is over and tells of the second.
    before, after = ["Brevvenner"], ["Vinterleir"]
    assert names(page, plain) == before
    # Who names a view in the query has that one.
    for view, found in (("strategy", before), ("reported", after)):
        assert names(page, RUNNING.format(FROM=VIEW.format(view))) == found
    page.get_by_label("Hva som spørres").select_option("Meldt til og med 15. juli 2026")
    assert names(page, plain) == after
    # What is chosen beside the query goes before FROM (SPARQL 1.1 Protocol, 2.1.4).
    assert names(page, RUNNING.format(FROM=VIEW.format("strategy"))) == after
    assert violations(page) == []
    # A view is no named graph.
    ask(page, 'SELECT ?g { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), "view")) }')
    assert page.get_by_role("status").inner_text() == "Ingen rader."
    assert watch.seen.said == watch.seen.outside == []


def test_an_address_may_choose_the_view(page: Page, told: str) -> None:
    open_bench(page, told, "en/workbench/?view=reported")
    expect(page.get_by_label("What is asked")).to_have_value("reported")


def test_without_javascript_the_server_asks_the_view_that_is_chosen(
    plain: Page, lived: Path
) -> None:
    with serving(lived) as server:
        plain.goto(f"{server.address}/sparql-verksted/")
        asked = "ASK { <https://fjordland.example/id/activity/vinterleir> ?p ?o }"
        for view, answer in (("strategy", "Nei"), ("reported", "Ja")):
            plain.get_by_label("Spørring").fill(asked)
            plain.get_by_label("Hva som spørres").select_option(view)
            plain.get_by_role("button", name="Kjør spørringen").click()
            expect(plain.get_by_role("status")).to_have_text(answer)
            expect(plain.get_by_label("Hva som spørres")).to_have_value(view)


def test_there_is_no_choice_where_nothing_was_reported(page: Page, static: str) -> None:
    open_bench(page, static)
    expect(page.get_by_label("Hva som spørres")).to_have_count(0)
