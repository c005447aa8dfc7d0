"""Canned queries as an API, as a developer and as a municipal officer use it."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.testclient import TestClient

from glokal.core.files.data_files import CSV
from glokal.core.namespaces import XSD
from glokal.dataset.result_page import PAGE_FORMATS, NoPlaceError, Page, render_page
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import integer, text_of
from glokal.server.app import make_app
from glokal.server.openapi import describe_query
from glokal.server.query_catalog import LISTED, QueryCatalog
from glokal.server.routes.api_pages import form_of
from glokal.server.workers.result_rows import RowCounter
from glokal.site.renderer import PageRenderer
from glokal.sparql.result_formats import csv_text
from glokal.sparql.store_interface import Table
from tests.conftest import ROOT

ENTRIES = "/api/queries/entries-of-municipality"


@pytest.fixture(scope="module")
def client(strategy: Workspace, publication: Path) -> Iterator[TestClient]:
    project = dataclasses.replace(strategy.project, root=publication)
    app = make_app(project, publication / "public")
    with TestClient(app, follow_redirects=False) as client:
        yield client


def test_every_query_answers_as_its_expected_rows_say(
    client: TestClient, strategy: Workspace
) -> None:
    """Through HTTP, with the values of each file of expected rows."""
    asked = 0
    for query in strategy.queries:
        for expected in query.expected if not query.service else ():
            answer = client.get(
                f"/api/queries/{query.slug}",
                params={**expected.values, "format": "json", "lang": "nb"},
            )
            assert answer.status_code == 200, answer.text
            text = query.bind(expected.values, project=strategy.project, lang="nb")
            table = strategy.store.select(text)
            told = answer.json()
            assert told["columns"] == list(table.columns)
            rows = [
                ["" if v is None else str(v) for v in row.values()]
                for row in told["rows"]
            ]
            # In the order of the language, which SPARQL doesn't know (test_row_order).
            same = [[text_of(c) for c in row] for row in table.rows]
            assert sorted(rows) == sorted(same), query.slug
            assert answer.headers["x-total-count"] == str(len(table.rows))
            asked += 1
    assert asked >= 60


def test_a_sentence_is_in_a_language_that_has_its_words(client: TestClient) -> None:
    """The pages have no words in Nynorsk: months neither, which answers have, too."""
    path = "/api/queries/activities-ended"
    told = {
        lang: client.get(path, params={"lang": lang, "limit": "900", "format": "json"})
        for lang in ("nb", "nn", "en")
    }
    assert {lang: a.status_code for lang, a in told.items()} == dict.fromkeys(told, 200)
    days = {"nb": "31. august 2021", "nn": "31. august 2021", "en": "31 August 2021"}
    for lang, day in days.items():
        assert day in told[lang].json()["answer"]


def test_an_answer_in_each_format_is_what_it_says_it_is(client: TestClient) -> None:
    path = "/api/queries/municipalities-of-region"
    answers = {fmt: client.get(f"{path}.{fmt}") for fmt in PAGE_FORMATS}
    for fmt, answer in answers.items():
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == PAGE_FORMATS[fmt]
        same = client.get(path, headers={"accept": PAGE_FORMATS[fmt]})
        assert same.content == client.get(path, params={"format": fmt}).content
        assert same.content == answer.content
    numbers = [row["municipalityNumber"] for row in answers["json"].json()["rows"]]
    sheet = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].content)).active
    assert sheet is not None
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == numbers
    for fmt, sign in (("csv", ","), ("tsv", "\t")):
        assert len(answers[fmt].text.splitlines()[0].split(sign)) == 3
    features = answers["geojson"].json()["features"]
    assert [f["properties"]["municipalityNumber"] for f in features] == numbers
    # Innherred lies between 10 and 15 degrees east, 63 and 65 north (Kartverket).
    for feature in features:
        points = re.findall(r"\[(\d+\.\d+), (\d+\.\d+)\]", json.dumps(feature))
        assert len(points) > 20
        assert all(10 < float(x) < 15 and 63 < float(y) < 65 for x, y in points)


def test_what_the_build_prepared_is_what_the_workers_answer(
    client: TestClient, strategy: Workspace
) -> None:
    """The files are given for the defaults; a value in full passes them by."""
    query = next(q for q in strategy.queries if q.slug == "entries-of-municipality")
    default = query.parameters[0].default
    for fmt in ("json", "csv", "tsv"):
        prepared = client.get(ENTRIES, params={"format": fmt})
        assert prepared.headers["etag"].startswith('"')
        asked = client.get(
            ENTRIES, params={"format": fmt, "municipality": default, "limit": 999}
        )
        assert asked.headers["etag"].startswith("W/")
        text = asked.text.replace('"limit": 999', '"limit": 1000')
        assert text == prepared.text


def test_pages_fit_together_and_lead_to_each_other(client: TestClient) -> None:
    whole = client.get(f"{ENTRIES}.json?municipality=levanger").json()
    rows, path, seen = [], f"{ENTRIES}.json?municipality=levanger&limit=7", []
    while path:
        answer = client.get(path)
        told = answer.json()
        assert told["total"] == whole["total"] == len(whole["rows"])
        rows += told["rows"]
        links = {
            rel: target
            for target, rel in re.findall(
                r'<([^>]+)>; rel="(\w+)"', answer.headers["link"]
            )
        }
        seen.append(set(links) & {"prev", "first", "next", "last"})
        path = links.get("next", "")
    assert rows == whole["rows"]
    assert seen[0] == {"next", "last"}
    assert seen[-1] == {"prev", "first"}
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("/api/queries/gaols", 404, "goals"),
        ("/api/queries/goals?limt=3", 400, "limit"),
        (f"{ENTRIES}?municipality=snasen", 400, "snasa"),
        (f"{ENTRIES}?municipality=https://e.org/x", 400, "municipality"),
        (f"{ENTRIES}?municipality=verdal&municipality=snasa", 400, "2 times"),
        (f"{ENTRIES}?municipality=a%3E%20%7D%20%23", 400, "municipality"),
        (f"{ENTRIES}?lang=de", 400, "en"),
        (f"{ENTRIES}?limit=0", 400, "from 1 to 10000"),
        (f"{ENTRIES}?limit=%D9%A3", 400, "from 1 to 10000"),
        (f"{ENTRIES}?offset=-1", 400, "from 0"),
        (f"{ENTRIES}.xls", 400, "xlsx"),
        (f"{ENTRIES}.csv?format=json", 400, "csv"),
        ("/api/queries/federated-projects", 404, "choose one of"),
        ("/api/queries/goals.geojson", 406, "csv"),
        ("/api/queries?" + "a=b&" * 60, 200, ""),
        (f"{ENTRIES}?" + "a=b&" * 60, 400, "too many"),
    ],
)
def test_what_is_unknown_is_answered_with_the_closest(
    client: TestClient, path: str, code: int, said: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == code
    if code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert said.lower() in answer.json()["detail"].lower()


def test_a_list_of_rows_that_is_empty_says_why(client: TestClient) -> None:
    text = (ROOT / "queries/twin-towns.rq").read_text(encoding="utf-8").splitlines()
    line = text.index("  ?twinning a glo:Twinning .") + 1
    path = "/api/queries/twin-towns?municipality=verdal"
    told = client.get(path, headers={"accept": "application/json"}).json()
    # Verdal's cell has no twin town.
    assert (told["total"], told["why"]["line"]) == (0, line)
    assert told["why"]["pattern"] == "?twinning a glo:Twinning"
    page = client.get(path + "&lang=en", headers={"accept": "text/html"}).text
    assert (
        f"No rows: what stands before “?twinning a glo:Twinning” on line {line}" in page
    )
    page = client.get(path, headers={"accept": "text/html"}).text
    assert (
        f"Ingen rader: det som står før «?twinning a glo:Twinning» på linje {line}"
        in page
    )


def test_the_description_lists_the_formats_that_a_query_gives_and_all_of_them(
    client: TestClient, strategy: Workspace
) -> None:
    """Whatever values it is asked with."""
    described = client.get("/api/openapi.json").json()["paths"]
    kinds = {**PAGE_FORMATS, "html": "text/html"}
    placed = set()
    for listed in client.get("/api/queries").json()["queries"]:
        operation = described[listed["path"]]["get"]
        content = operation["responses"]["200"]["content"]
        (named,) = (p for p in operation["parameters"] if p["name"] == "format")
        assert {kinds[f] for f in named["schema"]["enum"]} == set(content)
        given: list[dict[str, str]] = [{}]
        for p in listed["parameters"]:
            given += [{p["name"]: value} for value in p["values"][:3]]
        for values in given:
            for fmt, kind in kinds.items() if not values else [("geojson", "")]:
                answer = client.get(listed["path"], params={**values, "format": fmt})
                expected = 200 if kinds[fmt] in content else 406
                assert answer.status_code == expected, (listed["name"], values, fmt)
                if kind and expected == 200:
                    assert answer.headers["content-type"].startswith(kind)
        if kinds["geojson"] in content:
            placed.add(listed["name"])
    assert "municipalities-of-region" in placed
    assert "goals" not in placed


def test_the_description_is_valid_and_names_every_query(
    client: TestClient, strategy: Workspace
) -> None:
    described = client.get("/api/openapi.json").json()
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []
    slugs = {q.slug for q in strategy.queries if not q.service}
    assert {p.rpartition("/")[2] for p in described["paths"]} == {"queries", *slugs}
    listed = client.get("/api/queries").json()["queries"]
    assert {q["name"] for q in listed} == slugs
    for query in strategy.queries:
        if query.service:
            continue
        operation = described["paths"][f"/api/queries/{query.slug}"]["get"]
        named = [p["name"] for p in operation["parameters"]]
        assert named[:-5] == [p.name for p in query.parameters]


@pytest.mark.parametrize(("path", "lang"), [("/api/", "nb"), ("/en/api/", "en")])
def test_the_page_has_a_form_for_each_query(
    client: TestClient, strategy: Workspace, path: str, lang: str
) -> None:
    answer = client.get(path)
    assert answer.headers["content-language"] == lang
    forms = re.findall(r'<form action="([^"]+)" method="get"', answer.text)
    assert len(forms) == len([q for q in strategy.queries if not q.service])
    up = "../" * path.strip("/").count("/") + "../"
    assert all(f.startswith(f"{up}api/queries/") for f in forms)
    chosen = re.search(
        r'<select id="entries-of-municipality-municipality".*?</select>',
        answer.text,
        re.DOTALL,
    )
    assert chosen is not None
    assert '<option value="verdal" selected>Verdal' in chosen[0]
    asked = client.get(
        f"{ENTRIES}?municipality=snasa&lang={lang}&format=html",
    )
    assert asked.status_code == 200
    assert f'<html lang="{lang}">' in asked.text
    assert "doc/organisation/" in asked.text or "doc/activity/" in asked.text


def test_an_answer_that_is_known_is_not_sent_again_packed_or_not(
    client: TestClient,
) -> None:
    for path in ("/api/queries/goals", "/api/", "/style.css", f"{ENTRIES}?limit=5"):
        plain = client.get(path, headers={"accept-encoding": "identity"})
        packed = client.get(path, headers={"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert "Accept-Encoding" in packed.headers["vary"]
        assert plain.content == packed.content
        strong = not plain.headers["etag"].startswith("W/")
        assert (plain.headers["etag"] != packed.headers["etag"]) == strong
        for answer, coding in ((plain, "identity"), (packed, "gzip")):
            again = client.get(
                path,
                headers={
                    "accept-encoding": coding,
                    "if-none-match": f'"other", {answer.headers["etag"]}',
                },
            )
            assert (again.status_code, again.content) == (304, b"")


def test_text_that_begins_like_a_formula_stays_text() -> None:
    table = Table(
        ("a", "b"),
        ((ox.Literal("=1+1"), integer(2)), (ox.Literal("@x"), None)),
    )
    page = Page("q", "nb", {}, table, 2)
    first, again = (render_page(page, "xlsx", lambda _iri: "") for _ in range(2))
    assert first == again
    sheet = openpyxl.load_workbook(io.BytesIO(first)).active
    assert sheet is not None
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert (sheet["B2"].value, sheet["A3"].value) == (2, "@x")


def test_rows_keep_their_kinds_and_their_places() -> None:
    place = ox.NamedNode("urn:place")
    cells = [
        ox.Literal("1.5", datatype=ox.NamedNode(XSD + "decimal")),
        ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")),
        ox.Literal("INF", datatype=ox.NamedNode(XSD + "double")),
        None,
        place,
    ]
    table = Table(("d", "b", "i", "n", "p"), (tuple(cells),))
    page = Page("q", "nb", {}, table, 1)
    told = json.loads(render_page(page, "json", lambda _iri: ""))
    row = {"d": 1.5, "b": True, "i": "INF", "n": None, "p": "urn:place"}
    assert told["rows"] == [row]
    crs = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(11.5 63.8)"
    for wkt in ("POINT(11.5 63.8)", crs):
        feature = json.loads(
            render_page(page, "geojson", {place.value: wkt}.__getitem__)
        )
        assert feature["features"][0]["geometry"]["coordinates"] == [11.5, 63.8]
    with pytest.raises(NoPlaceError):
        render_page(page, "geojson", lambda _iri: "")


@pytest.mark.parametrize("kind", ["JSON", "XML", "CSV", "TSV"])
def test_rows_are_counted_whatever_they_hold(kind: str) -> None:
    """Signs of the format within a text are no rows; written in pieces of any size."""
    text = '},{ \n "}},{" <result>,\n\\"'
    store = ox.Store()
    for n in range(5):
        store.add(
            ox.Quad(ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), ox.Literal(text))
        )
    fmt = getattr(ox.QueryResultsFormat, kind)
    written = store.query("SELECT * { ?s ?p ?o }").serialize(format=fmt)
    assert written is not None
    media = fmt.media_type.partition(";")[0]
    for size in (1, 7, len(written)):
        pieces = [written[i : i + size] for i in range(0, len(written), size)]
        for most, over in ((4, True), (5, False)):
            counter, parts = RowCounter(media, most), []
            found = False
            for piece in pieces:
                parts.append(piece)
                found = counter.is_over(parts) or found
            assert found is over, (size, most)


def test_the_files_beside_a_question_are_whole(
    client: TestClient, strategy: Workspace
) -> None:
    query = next(q for q in strategy.queries if q.slug == "goals")
    for lang, home in (("nb", ""), ("en", "en/")):
        answer = client.get(f"/{home}query/goals/rows.csv")
        text = query.bind({}, project=strategy.project, lang=lang)
        assert answer.headers["content-type"].partition(";")[0] == CSV
        assert answer.content.decode() == csv_text(strategy.store.select(text))
    assert Path(client.get("/query/goals/rows.xlsx").url.path).suffix == ".xlsx"


def test_more_things_than_a_list_bears_are_written_instead(strategy: Workspace) -> None:
    query = next(q for q in strategy.queries if q.slug == "entries-of-municipality")
    start = query.parameters[0].start
    things = {f"m{n}": {"nb": f"M{n}"} for n in range(LISTED + 1)}
    canned = QueryCatalog({query.slug: query}, {start: things}, {})
    assert describe_query(query, canned)["parameters"][0]["values"] == []
    assert canned.value(query.parameters[0], "m500") == start + "m500"
    form = PageRenderer(strategy.project, Path()).compose(
        "api.html",
        "nb",
        "api/",
        "API",
        translations={"nb": "api/"},
        forms=[form_of(query, canned, "nb", {})],
        queries=(),
    )
    assert '-municipality" name="municipality" value="verdal">' in form
