"""What a draft reads in tables: which cells of a row are of which activity, and what
columns are. What must come out was written down beside the documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from glokal.cli.main import cli
from glokal.core.namespaces import GLO, SKOS
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.source.draft_vocabulary import DraftVocabulary
from glokal.source.statements import AREA_NOT_STATED
from tests.draft_book import Book
from tests.drafted_region import (
    NB,
    applied,
    begin,
    confirm,
    document,
    drafted,
    faults,
    known_of,
    run,
    same_in_all,
)

ENTRIES, BESIDES = "Oppføringer", "Ellers i raden"
AREA, NOTE = GLO + "inSubjectArea", SKOS + "editorialNote"

MIXED = (
    ("Kommune", "Program", "Samarbeidspartner", "Land", "Tiltak", "Nettverk"),
    # One activity: all of its row is its own.
    ("Tynset", "Erasmus+\nNordplus", "Tartu skole\nRiga skole", "Estland, Latvia",
     "Språkreise", "Fjellnettverket"),
    # Two and two: only what the words of one say themselves.
    ("Røros", "Erasmus+, LIFE", "Falun kommun / Gävle hamn", "", "Bergstadmøte med "
     "Falun\nErasmus+ for lærere\nGruvedag", "Fjellnettverket\nGruvebyer"),
    # One programme is that of both; with whom, nobody says.
    ("Tolga", "Nordplus", "Oulu skole", "Finland", "Skirenn\nSkogdag", ""),
    ("Os", "", "", "", "", "ingen"),
)  # fmt: skip
EXPECTED = {
    "Språkreise": ("Erasmus+; Nordplus", "Tartu skole; Riga skole", "Estland; Latvia"),
    "Bergstadmøte med Falun": ("", "Falun kommun", ""),
    "Erasmus+ for lærere": ("Erasmus+", "", ""),
    "Gruvedag": ("", "", ""),
    "Skirenn": ("", "", ""),
    "Skogdag": ("", "", ""),
}


@pytest.fixture
def fjell(tmp_path: Path) -> Path:
    return begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")


def drafted_of(folder: Path, table: Sequence[Sequence[str]]) -> Book:
    file = document(folder.parent / "plan.docx", "Fjellet i verden", (), table)
    return drafted(folder, file)


def test_a_cell_is_proposed_only_for_the_activity_that_the_row_gives_it(
    fjell: Path,
) -> None:
    rows = list(drafted_of(fjell, MIXED).rows(ENTRIES))
    found = {r["Sitat"]: (r["Program"], r["Partner"], r["Motpart i"]) for r in rows}
    assert found == EXPECTED
    beside = {r["Sitat"]: r[BESIDES] for r in rows}
    assert beside["Språkreise"] == "Nettverk: Fjellnettverket"
    assert beside["Gruvedag"] == (
        "Program: Erasmus+; Program: LIFE; Samarbeidspartner: Falun kommun; "
        "Samarbeidspartner: Gävle hamn; Nettverk: Fjellnettverket; Nettverk: Gruvebyer"
    )
    assert beside["Skogdag"] == (
        "Program: Nordplus; Samarbeidspartner: Oulu skole; Land: Finland"
    )


def test_cells_that_are_merged_over_rows_are_of_all_of_them(fjell: Path) -> None:
    made = docx.Document()
    made.add_heading("Fjellet i verden", 0)
    table = made.add_table(4, 3)
    texts = ("Tiltak", "Program", "Partner"), ("Skirenn", "Nordplus", "Oulu skole")
    for row, line in zip(
        table.rows, (*texts, ("Skogdag", "", ""), ("Ferie", "", "")), strict=True
    ):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text
    two = table.cell(1, 1).merge(table.cell(2, 1))
    two.add_paragraph("LIFE")
    table.cell(2, 2).merge(table.cell(3, 2)).text = "Umeå skola"
    file = fjell.parent / "plan.docx"
    made.save(str(file))
    rows = drafted(fjell, file).rows(ENTRIES)
    found = {r["Sitat"]: (r["Program"], r["Partner"], r[BESIDES]) for r in rows}
    both = "Program: Nordplus; Program: LIFE"
    assert found == {
        "Skirenn": ("", "Oulu skole", both),
        "Skogdag": ("", "", f"{both}; Partner: Umeå skola"),
        "Ferie": ("", "", "Partner: Umeå skola"),
    }


def test_all_rows_that_show_a_column_are_counted_once(fjell: Path) -> None:
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", (), MIXED)
    run(fjell, "source", "import", str(file))
    told = run(fjell, "draft", "--document", "plan", *NB).output
    # Røros has two networks beside three activities, Tynset one beside one.
    assert "Nettverkene i kolonnen «Nettverk» («Fjellnettverket») vises" in told
    assert "«Ellers i raden», ved 4 rader. Bekreft i arket «Medlemskap»" in told
    assert "Kolonnen «Program» har ord som raden ikke knytter til én" in told
    assert "ved 5 rader: Skriv i hver rad" in told


def test_networks_of_a_row_are_proposed_as_memberships(fjell: Path) -> None:
    rows = drafted_of(fjell, MIXED).rows("Medlemskap")
    assert [(r["Medlem"], r["Medlem av"]) for r in rows] == [
        ("Tynset", "Fjellnettverket"),
        ("Røros", "Fjellnettverket"),
        ("Røros", "Gruvebyer"),
    ]


def test_a_municipality_with_an_empty_row_is_one_all_the_same(fjell: Path) -> None:
    things = drafted_of(fjell, MIXED).rows("Planen og steder")
    names = [r["Navn (bokmål)"] for r in things]
    assert names[1:] == ["Tynset", "Røros", "Tolga", "Os"]


AREAS = (
    ("Kommune", "Kultur", "Nettverk", "Samarbeidspartnere", "Kontakt", "Finansiering"),
    ("Tynset", "Fjellsti", "Gruvebyer", "Falun kommun", "Kultursjefen", "Egne midler"),
    ("Røros", "Kor\nKunst", "–", "Gävle hamn", "Rektor", "Interreg Aurora"),
)


def test_columns_of_partners_networks_and_contacts_are_no_subject_areas(
    fjell: Path,
) -> None:
    book = drafted_of(fjell, AREAS)
    assert [r["Sitat"] for r in book.rows("Kolonner")] == ["Kultur"]
    rows = {r["Sitat"]: r for r in book.rows(ENTRIES)}
    assert {name: (r["Program"], r["Partner"]) for name, r in rows.items()} == {
        "Fjellsti": ("", "Falun kommun"),
        "Kor": ("", ""),
        "Kunst": ("", ""),
    }
    assert "Finansiering: Egne midler" in rows["Fjellsti"][BESIDES]
    assert "Kontakt: Kultursjefen" in rows["Fjellsti"][BESIDES]
    (member,) = book.rows("Medlemskap")
    assert (member["Medlem"], member["Medlem av"]) == ("Tynset", "Gruvebyer")


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Program og tiltak", "activity"),
        ("Mål og tiltak", "activity"),
        ("Nätverk", "network"),
        ("Nettverk og medlemskap", "network"),
        ("Samarbeidspartner(e)", "partner"),
        ("Samarbeids-\npartnere", "partner"),
        ("Kontaktperson i kommunen", "contact"),
        ("Ansvarleg/samarbeidspartnar", "other"),
        ("Ansvarig nämnd", "other"),
        ("Tidsrom", "other"),
        ("Finansiering", "funding"),
        ("Kultur og samarbeid", ""),
        ("Nordisk samarbeid", ""),
        ("Oppvekst og utdanning", ""),
    ],
)
def test_a_column_is_what_its_heading_says(heading: str, role: str) -> None:
    assert DraftVocabulary("nb").role(heading) == role


UNKNOWN = (
    ("Kommune", "Kultur", "Bistand"),
    ("Tynset", "Fjellsti", "Kultursjefen"),
    ("Røros", "Kor", "Rektor"),
)


def test_a_person_says_that_a_column_is_no_subject_area(fjell: Path) -> None:
    book = drafted_of(fjell, UNKNOWN)
    plan = {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
    confirm(
        book,
        "Planen og steder",
        lambda r: plan if r["Nøkkel"].startswith("plan/") else {},
    )
    aside = {"Leses som": "kontakter (settes til side)"}
    confirm(
        book,
        "Kolonner",
        lambda r: aside if r["Sitat"] == "Bistand" else same_in_all(r),
    )
    wrong = {"Type": "prosjekt", "Sikkerhet": "Sikker plassering"}
    confirm(book, ENTRIES, lambda r: {**wrong, "Navn_engelsk": r["Sitat"]})
    book.save()
    command = ["--project", str(fjell), "draft", "apply", str(book.path), *NB]
    refused = CliRunner().invoke(cli, command)
    assert refused.exit_code == 1
    assert "Kolonnen «Bistand» er satt til side i arket «Kolonner»" in refused.output
    for at, row in enumerate(list(book.rows(ENTRIES)), 2):
        if row["Fagområde"] == "Bistand":
            book.put(ENTRIES, at, Bekreftet="")
    applied(fjell, book)
    assert not faults(fjell)
    assert not known_of(fjell).named("activity", "Rektor")
    book.path.unlink()
    assert run(fjell, "draft", *NB).exit_code == 0
    again = Book(book.path)
    assert not [*again.rows("Kolonner"), *again.rows(ENTRIES), *again.rows("Resten")]


def test_what_a_table_without_subject_areas_lists_is_listed(fjell: Path) -> None:
    table = (
        ("Kommune", "Tiltak", "Program"),
        ("Tynset", "Språkreise", "Erasmus+"),
        ("Røros", "Gruvedag", ""),
    )
    book = drafted_of(fjell, table)
    plan = {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
    confirm(
        book,
        "Planen og steder",
        lambda r: plan if r["Nøkkel"].startswith("plan/") else {},
    )
    for at, _ in enumerate(list(book.rows("Kolonner")), 2):
        book.put("Kolonner", at, Bekreftet="nei")
    reading = "Gruvedag er et møte."
    why = {"Sikkerhet": "Redaktørens lesning", "Lesning_bokmål": reading,
           "Lesning_engelsk": "Gruvedag is a meeting."}  # fmt: skip
    confirm(
        book,
        ENTRIES,
        lambda r: {
            "Type": "prosjekt",
            "Fagområde": "",
            "Navn_engelsk": r["Sitat"],
            **(why if r["Sitat"] == "Gruvedag" else {}),
        },
    )
    book.save()
    applied(fjell, book)
    # No words need say that something isn't stated.
    assert not faults(fjell)
    said = [t for f in Workspace(load_project(fjell)).files for t in f.triples]
    areas = [text_of(t.object) for t in said if t.predicate.value == AREA]
    assert areas == [AREA_NOT_STATED, AREA_NOT_STATED]
    listed = run(fjell, "query", "entries-of-municipality", "--param",
                 "municipality=tynset", *NB).output  # fmt: skip
    assert "Språkreise" in listed
    placed = run(fjell, "query", "readings-by-editor", *NB).output
    assert "Gruvedag" in placed
    notes = [text_of(t.object) for t in said if t.predicate.value == NOTE]
    assert reading in notes


def test_an_activity_alone_in_its_row_is_an_entry_with_or_without_an_area(
    fjell: Path,
) -> None:
    table = (
        ("Tiltak", "Program"),
        ("Språkreise", "Erasmus+"),
        ("Gruvedag", ""),
        ("Skogdag", "Nordplus"),
    )
    book = drafted_of(fjell, table)
    assert [r["Sitat"] for r in book.rows(ENTRIES)] == ["Språkreise", "Gruvedag",
                                                        "Skogdag"]  # fmt: skip
    assert not [r for r in book.rows("Resten") if r["Sitat"] == "Gruvedag"]
    plan = {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
    confirm(
        book,
        "Planen og steder",
        lambda r: plan if r["Nøkkel"].startswith("plan/") else {},
    )
    book.put("Kolonner", 2, Bekreftet="nei")
    confirm(
        book,
        ENTRIES,
        lambda r: {
            "Type": "prosjekt",
            "Kommune": "Tynset",
            "Fagområde": "",
            "Navn_engelsk": r["Sitat"],
        },
    )
    tynset = {"Navn_bokmål": "Tynset", "Navn_engelsk": "Tynset"}
    place = {"Type": "kommune", "Sitat": "Språkreise", **tynset}
    book.put("Planen og steder", 3, Bekreftet="x", **place)
    book.save()
    applied(fjell, book)
    said = [t for f in Workspace(load_project(fjell)).files for t in f.triples]
    areas = [text_of(t.object) for t in said if t.predicate.value == AREA]
    assert areas == [AREA_NOT_STATED] * 3
