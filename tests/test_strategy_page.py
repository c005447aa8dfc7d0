"""The strategy as a page to read, held against its text and against `data/source.ttl`.

How many items each cell of the appendix has was counted in the text layer of the PDF.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import Element

import html5rdf
import pytest
import rdflib

from glokal.dataset.workspace import Workspace
from glokal.site.graph_view import GraphView
from glokal.site.pages.strategy import write_strategy
from glokal.site.renderer import PageRenderer
from tests.conftest import ROOT

GLO = rdflib.Namespace("https://w3id.org/glokal/def#")
ITEMS = {
    "SNÅSA": [1, 2, 4, 2],
    "STEINKJER": [0, 3, 2, 4],
    "INDERØY": [4, 1, 1, 1],
    "VERDAL": [3, 4, 1, 5],
    "LEVANGER": [5, 2, 9, 10],
}
HEADINGS = ("h2", "h3", "h4")


@pytest.fixture(scope="module")
def source() -> rdflib.Graph:
    return rdflib.Graph().parse(ROOT / "data/source.ttl")


@pytest.fixture(scope="module")
def written(strategy: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("strategy")
    write_strategy(
        GraphView(strategy), PageRenderer(strategy.project, folder), strategy
    )
    return folder


@pytest.fixture(scope="module", params=["strategi", "en/strategy"])
def page(written: Path, request: pytest.FixtureRequest) -> Element:
    text = (written / request.param / "index.html").read_text(encoding="utf-8")
    document: Element = html5rdf.parse(text, namespaceHTMLElements=False)
    return document


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_every_passage_has_its_place_and_its_words(
    page: Element, source: rdflib.Graph
) -> None:
    places = Counter(e.get("id") for e in page.iter() if e.get("id"))
    assert max(places.values()) == 1
    by_id = {e.get("id"): e for e in page.iter() if e.get("id")}
    passages = list(source.subjects(rdflib.RDF.type, GLO.SourcePassage))
    assert len(passages) == 166
    for passage in passages:
        place = by_id["p-" + str(passage).rpartition("/")[2]]
        text = " ".join(str(source.value(passage, GLO.readingText)).split())
        if place.tag != "span" or words(place):
            assert text in words(place), passage


def test_the_appendix_is_the_table_that_it_is(page: Element) -> None:
    table = page.find(".//table[@class='appendix']")
    assert table is not None
    heads = [words(e) for e in table.findall("./thead/tr/th")]
    assert heads == [
        "KOMMUNE",
        "OPPVEKST OG UTDANNING",
        "HELSE OG VELFERD",
        "KULTUR OG INTEGRERING",
        "ANDRE FAGOMRÅDER",
    ]
    rows = table.findall("./tbody/tr")
    named = [words(row.find("./th/a")) for row in rows]  # type: ignore[arg-type]
    counts = [[len(c.findall(".//li")) for c in row.findall("./td")] for row in rows]
    assert dict(zip(named, counts, strict=True)) == ITEMS
    items = table.findall("./tbody//li")
    assert len(items) == 64
    assert all(item.find(".//a") is not None for item in items)


def test_no_heading_is_empty_and_the_order_is_that_of_reading(page: Element) -> None:
    document = page.find(".//div[@class='document']")
    assert document is not None
    parts = list(document)
    for place, part in enumerate(parts):
        if part.tag in HEADINGS:
            after = parts[place + 1]
            assert after.tag not in HEADINGS or after.tag > part.tag
    titles = [words(part) for part in parts if part.tag in HEADINGS]
    assert titles[-2:] == [
        "VEDLEGG",
        "Kartlegging av internasjonal aktivitet i Innherredskommunene",
    ]
    text = words(document)
    # The link of the forum stands behind the goals in the PDF, at the foot of its page.
    link, goals = "kompetanseforum-innherred.577841", "Målene – de samme"
    assert text.index(link) < text.index(goals)
    # The sentence stands behind both headings of the appendix.
    assert text.index("Kartlegging av intern") < text.index("Eksempel på intern")
    listed = page.findall(".//nav[@class='contents']//a")
    targets = {e.get("id") for e in document.iter()}
    assert len(listed) == 12
    assert all((a.get("href") or "").removeprefix("#") in targets for a in listed)


def test_what_rests_on_a_passage_is_folded_and_has_no_ties(written: Path) -> None:
    text = (written / "strategi/index.html").read_text(encoding="utf-8")
    folded = re.findall(r'<details class="resting.*?</details>', text, re.DOTALL)
    assert len(folded) > 30
    assert not any("<details open" in part for part in folded)
    # The appendix doesn't have Naboer AB in the row of Inderøy (line 374 to 400).
    row = html.unescape(text.partition(">INDERØY<")[2].partition("</th>")[0])
    assert "Nevner ikke: " in row and "Naboer AB" in row
    # But for what a passage leaves out, which is the tie: it may name one of the two.
    others = re.sub(r'<(p|span) class="disputed">.*?</\1>', "", text)
    assert "/membership/" not in others and "/participation/" not in others
