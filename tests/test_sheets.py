"""The sheets for a meeting: content by the source, the PDF by another reader."""

from __future__ import annotations

import datetime
import io

import pytest
from pypdf import PdfReader

from glokal.dataset.workspace import Workspace
from glokal.site.citations import Cited
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.site.page_words import load_words
from glokal.site.pages.sheet_contents import (
    SheetContents,
    SheetPart,
    municipality_sheet,
    region_sheet,
)
from glokal.site.pages.thing_sections import Sections
from glokal.site.relations import RelationIndex
from glokal.site.sheet_pdf import sheet_pdf

ID = "https://w3id.org/glokal/id/"
DAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="module")
def view(strategy: Workspace) -> GraphView:
    return GraphView(strategy)


@pytest.fixture(scope="module")
def steinkjer(view: GraphView, strategy: Workspace) -> SheetContents:
    iri = ID + "municipality/steinkjer"
    net = RelationIndex(strategy)
    cited = Cited(view, strategy.provenance)
    return municipality_sheet(view, cited, strategy, net, iri, "nb", load_words()["nb"])


def part(sheet: SheetContents, heading: str) -> list[list[str]]:
    found = next(p for p in sheet.parts if p.heading == heading)
    return [[", ".join(v.text for v in cell) for cell in row] for row in found.rows]


def test_a_municipality_has_its_row_of_the_appendix_and_its_gaps(
    steinkjer: SheetContents,
) -> None:
    # Row Steinkjer: nine items, of which Inclusivate stands in two columns.
    rows = {
        row[0]: row[1:] for row in part(steinkjer, "Tiltak og nettverk i strategien")
    }
    assert len(rows) == 8
    assert "8 tiltak og nettverk" in steinkjer.lead
    assert "9 punkter" in steinkjer.lead
    assert rows["Inclusivate"] == [
        "Helse og velferd, Kultur og integrering",
        "Nordplus Adult",
        "–",
        "Inderøy, Levanger, Snåsa, Verdal",
        "1, 2",
    ]
    # Over since 2019, by two sources that differ on when it began.
    assert rows["VälTel (perioden er over, ifølge andre kilder)"][-2:] == ["Snåsa", "3"]
    over = {
        row[0]: row[1]
        for row in part(steinkjer, "Perioden er over, ifølge andre kilder")
    }
    assert "2016 til 2019" in over["VälTel"] and "2017 til 2019" in over["VälTel"]
    # On paper nobody follows a link: the numbers lead to a list.
    where = [row[0] for row in part(steinkjer, "Hvor det står i strategien")]
    assert where[:3] == [
        "Vedlegg, rad Steinkjer, kolonne Helse og velferd, punkt 1",
        "Vedlegg, rad Steinkjer, kolonne Kultur og integrering, punkt 1",
        "Vedlegg, rad Steinkjer, kolonne Helse og velferd, punkt 2",
    ]
    assert len(where) == 9
    # L239-241 and L372: the text has others in Naboer AB than the appendix has.
    assert rows["Naboer AB (uklart om kommunen er med)"][-2] == "Levanger, Verdal"
    assert "Trøndelags Europakontor (uklart om kommunen er med)" in rows
    gaps = "\n".join(
        " ".join(row) for row in part(steinkjer, "Dette sier ikke strategien")
    )
    # The first column of the row is empty, and three programmes stand nowhere in it.
    assert "Oppvekst og utdanning" in gaps
    # VälTel is in the project bank of Interreg.
    interreg = "Interreg (i andre kilder: VälTel)"
    assert f"programmene: eTwinning, EØS, {interreg}" in gaps
    assert "kontaktperson" in gaps
    # What is said twice stands under the question that it answers.
    twice = part(steinkjer, "Der strategien sier to ting")
    assert "Hvem er medlem av Naboer AB?" in [row[0] for row in twice]
    assert all(row[0].endswith("?") and row[1] for row in twice)


def test_the_region_counts_what_the_appendix_has(
    view: GraphView, strategy: Workspace
) -> None:
    cited = Sections(view, strategy).cited
    words, net = load_words()["nb"], RelationIndex(strategy)
    sheet = region_sheet(view, cited, strategy, net, "nb", words)
    # In the order of the appendix' own columns (L265 to L275).
    areas = {row[0]: row[1:] for row in part(sheet, "Fagområder")}
    assert areas["Levanger"] == ["5", "2", "9", "10"]
    assert areas["Steinkjer"] == ["–", "3", "2", "4"]
    shared = {row[0]: row[1] for row in part(sheet, "Felles for flere")}
    assert shared["Sunne kommuner"] == "Levanger, Verdal"
    assert shared["Naboer AB"] == (
        "Inderøy (uklart om kommunen er med), Levanger, "
        "Steinkjer (uklart om kommunen er med), Verdal"
    )
    # Where it is unclear of each of them, the words stand once.
    assert shared["Trøndelags Europakontor"] == (
        "Inderøy, Levanger, Snåsa, Steinkjer, Verdal (uklart om disse kommunene er med)"
    )
    # L239-241: Inderøy's only tie to Sweden is a membership that the appendix lacks.
    abroad = {row[0]: row for row in part(sheet, words["abroad"])}
    assert "Inderøy (uklart om kommunen er med), Levanger" in abroad["Sverige"][2]
    assert "Steinkjer," in abroad["Sverige"][2]
    where = part(sheet, "Hvor det står i strategien")
    for row in abroad.values():
        numbers = [int(number) for number in row[-1].split(", ")]
        assert numbers == sorted(numbers) and 1 <= numbers[0] <= len(where)
    ended = {row[0] for row in part(sheet, "Perioden er over, ifølge andre kilder")}
    # The five that the question tells of; a school that is closed is no activity.
    assert "VälTel" in ended and len(ended) == 5
    closed = {row[0] for row in part(sheet, "Lagt ned, ifølge andre kilder")}
    assert closed == {"Scandinavian School of Brussels (SSB)"}


def made(sheet: SheetContents) -> bytes:
    return sheet_pdf(sheet, "Uoffisiell.", "https://glokal.example/", DAY, "nb")


def test_the_pdf_is_the_same_each_time_and_says_what_it_is(
    steinkjer: SheetContents,
) -> None:
    first = made(steinkjer)
    assert made(steinkjer) == first
    paper = PdfReader(io.BytesIO(first))
    assert paper.metadata is not None
    assert paper.metadata.title == "Steinkjer: det internasjonale arbeidet"
    catalogue = paper.root_object
    # Tagged for screen readers (ISO 14289-1), with its language.
    assert catalogue["/Lang"] == "nb"
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    text = " ".join(" ".join(p.extract_text() for p in paper.pages).split())
    assert "Attractive Nordic Towns" in text
    assert "Uoffisiell." in text
    links = {
        a.get_object()["/A"]["/URI"]
        for p in paper.pages
        for a in p.get("/Annots", ())
        if "/A" in a.get_object()
    }
    assert "https://glokal.example/doc/activity/valtel/" in links


def test_what_the_data_say_is_no_markup_in_the_pdf() -> None:
    evil = '#panic("x") *b* $x$ <a> @b \\ = # {]} "'
    cell = (Value(evil),)
    sheet = SheetContents(
        "x", evil, evil, (), (SheetPart(evil, evil, (evil,), ((cell,),)),)
    )
    text = PdfReader(io.BytesIO(made(sheet))).pages[0].extract_text()
    assert text.count('#panic("x") *b* $x$') >= 4
