"""What a cell names is named in each language of the project, never by copying."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from glokal.cli.main import cli
from glokal.source.draft_known import well_known_programmes
from glokal.source.reanchor import letters_of
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
)

TABLE = (
    ("Kommun", "Kultur"),
    ("Mora", "Kreativa Europa – folkmusik"),
    ("Orsa", "Bygdefonden – dans"),
)
MEMBERS = "Mora är medlem i Fjällens nätverk."


def filled(folder: Path, *languages: str, begun: bool = False) -> Book:
    if not begun:
        begin(folder, "Siljan", "Siljans förbund", "SWE", *languages)
    file = document(folder.parent / "plan.docx", "Plan", (MEMBERS,), TABLE)
    book = drafted(folder, file)
    others = [c.value for c in book.book["Planen og steder"][1]]
    extra = [
        t[6:-1] for t in others if str(t).startswith("Navn (") and "svensk" not in t
    ]

    def named(row: dict[str, str]) -> dict[str, str]:
        return {f"Navn_{lang}": row["Navn (svensk)"] for lang in extra}

    confirm(
        book, "Planen og steder",
        lambda r: named(r) | {"Type": r["Type"] or "internasjonal strategi"},
    )  # fmt: skip
    confirm(book, "Kolonner", named)
    confirm(
        book, "Oppføringer",
        lambda r: {"Type": "prosjekt", "Sikkerhet": "Sikker plassering"}
        | named(r)
        | ({"Program": "Bygdefonden"} if r["Kommune"] == "Orsa" else {}),
    )  # fmt: skip
    confirm(book, "Medlemskap", lambda r: {"Typen til det": "samarbeidsnettverk"})
    return book


def refused(folder: Path, book: Book) -> str:
    book.save()
    told = CliRunner().invoke(
        cli, ["--project", str(folder), "draft", "apply", str(book.path), *NB]
    )
    assert told.exit_code == 1, told.output
    return told.output


def names(folder: Path, path: str, name: str) -> dict[str, str]:
    known = known_of(folder)
    found = known.names_of(known.named(path, name))
    return {column.removeprefix("name_"): text for column, text in found.items()}


def test_no_name_is_copied_into_another_language(tmp_path: Path) -> None:
    folder = tmp_path / "siljan"
    book = filled(folder, "sv", "en")
    rows = {r["Navn (svensk)"]: r for r in book.rows("Navn")}
    # The title of Regulation (EU) 2021/818 in both languages.
    assert rows["Kreativa Europa"]["Navn (engelsk)"] == "Creative Europe"
    assert rows["Kreativa Europa"]["Type"] == "program"
    assert rows["Fjällens nätverk"]["Navn (engelsk)"] == ""
    told = refused(folder, book)
    # The one has a row in the sheet of names, the other was typed in its cell.
    assert (
        "«Fjällens nätverk» er brukt i Medlemskap!E2, og trenger navn på engelsk"
        in told
    )
    assert "Navn!C3: " in told
    asked = "Prosjektet kjenner ikke «Bygdefonden», og det trenger navn på engelsk"
    assert (
        asked in told and "i arket «Navn» med «Bygdefonden» i «Navn (svensk)»" in told
    )
    assert not (folder / "data/strategy").exists()
    book.put("Navn", 3, Navn_engelsk="Mountain Network")
    book.put("Navn", 4, Navn_svensk="Bygdefonden", Navn_engelsk="Village Fund")
    applied(folder, book)
    assert names(folder, "programme", "Kreativa Europa") == {
        "sv": "Kreativa Europa", "en": "Creative Europe",
    }  # fmt: skip
    assert names(folder, "programme", "Bygdefonden")["en"] == "Village Fund"
    assert names(folder, "organisation", "Fjällens nätverk")["en"] == "Mountain Network"
    assert not [f for f in faults(folder) if "label" in f]
    again = run(folder, "draft", "apply", str(book.path), *NB)
    assert "Ingenting å skrive" in again.output


def test_what_still_lacks_a_name_is_offered_and_taken_again(tmp_path: Path) -> None:
    folder = tmp_path / "siljan"
    begin(folder, "Siljan", "Siljans förbund", "SWE", "sv", "en")
    settings = folder / "publication.toml"
    text = settings.read_text(encoding="utf-8")
    assert '["sv", "en"]' in text
    settings.write_text(text.replace('["sv", "en"]', '["sv"]'), encoding="utf-8")
    book = filled(folder, "sv", begun=True)
    # One language asks nothing of anybody.
    assert not list(book.rows("Navn"))
    applied(folder, book)
    assert names(folder, "programme", "Bygdefonden") == {"sv": "Bygdefonden"}
    settings.write_text(text, encoding="utf-8")
    book.path.unlink()
    run(folder, "draft", *NB)
    book = Book(book.path)
    lines = {r["Navn (svensk)"]: at for at, r in enumerate(book.rows("Navn"), 2)}
    assert {"Bygdefonden", "Kreativa Europa", "Fjällens nätverk", "Mora"} <= {*lines}
    book.put("Navn", lines["Bygdefonden"], Navn_engelsk="Village Fund")
    book.save()
    assert run(folder, "draft", "apply", str(book.path), *NB).exit_code == 0
    given = {"sv": "Bygdefonden", "en": "Village Fund"}
    assert names(folder, "programme", "Bygdefonden") == given
    book.path.unlink()
    run(folder, "draft", *NB)
    left = [r["Navn (svensk)"] for r in Book(book.path).rows("Navn")]
    assert "Bygdefonden" not in left and "Fjällens nätverk" in left


def test_a_country_is_called_as_its_languages_call_it(tmp_path: Path) -> None:
    folder = tmp_path / "siljan"
    book = filled(folder, "sv", "nn")
    book.put("Oppføringer", 2, **{"Motpart i": "Österrike"})
    book.put("Navn", 2, Navn_nynorsk="Kreativt Europa")
    book.put("Navn", 3, Navn_nynorsk="Fjellnettverket")
    book.put("Navn", 4, Navn_svensk="Bygdefonden", Navn_nynorsk="Bygdefondet")
    applied(folder, book)
    # Unicode CLDR, common/main/nn.xml and sv.xml.
    assert names(folder, "country", "Österrike") == {
        "sv": "Österrike",
        "nn": "Austerrike",
    }


def test_a_workbook_from_before_the_sheet_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "siljan"
    book = filled(folder, "sv", "en")
    book.save()
    old = openpyxl.load_workbook(book.path)
    del old["Navn"]
    old.save(book.path)
    told = CliRunner().invoke(
        cli, ["--project", str(folder), "draft", "apply", str(book.path), *NB]
    )
    # What is known needs no sheet; of what isn't, the cell is told that names it.
    assert told.exit_code == 1 and "Kreativa" not in told.output
    assert "Medlemskap!E2: Prosjektet kjenner ikke «Fjällens nätverk»" in told.output


@pytest.mark.parametrize("lang", ["nb", "nn", "sv", "en"])
def test_each_known_name_is_one_that_drafting_knows(lang: str) -> None:
    file = resources.files("glokal.source").joinpath("programme_names.toml")
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    drafted_names = {letters_of(p.name) for p in well_known_programmes()}
    own = [of[lang] for of in told["programmes"]] + told["alike"]["names"]
    assert not [name for name in own if letters_of(name) not in drafted_names]
