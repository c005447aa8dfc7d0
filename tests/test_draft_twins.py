"""Twin towns in sentences and lists: what is proposed, and what becomes of it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from glokal.core.country_lists import country_list
from glokal.source.draft_known import KnownThings
from glokal.source.draft_passages import PlaceNames
from glokal.source.twin_sentences import TwinReader
from tests.draft_book import Book
from tests.drafted_region import (
    applied,
    begin,
    confirm,
    document,
    drafted,
    faults,
    run,
    same_in_all,
)

THINGS, ENTRIES = "Planen og steder", "Oppføringer"
PROSE = (
    "# Vennskapsbyer",
    "Tynset har vennskapsavtale med Lejre i Danmark og Grindavik på Island. Røros har "
    "ingen vennskapsby. Kommunene ønsker flere vennskapsbyer i Norden. "
    "Røros samarbeider med Falun i Sverige.",
    "# Nettverk og partnere",
    "Våre vennskapskommuner:",
    "* Røros – Røros (Danmark)",
    "# Mål",
    "* Flere reiser ut",
)
TABLE = (("Kommune", "Kultur"), ("Tynset", "Fjellsti"), ("Røros", "Kor"))


@pytest.fixture
def fjell(tmp_path: Path) -> Path:
    return begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")


@pytest.fixture
def book(fjell: Path) -> Book:
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", PROSE, TABLE)
    return drafted(fjell, file)


def test_what_a_sentence_says_of_twin_towns_is_proposed(book: Book) -> None:
    titles = ("Sitat", "Kommune", "Type", "Partner", "Motpart i")
    rows = [tuple(r[t] for t in titles) for r in book.rows(ENTRIES) if r["Partner"]]
    twinning = "vennskapsforbindelse"
    assert rows == [
        ("Lejre i Danmark", "Tynset", twinning, "Lejre", "Danmark"),
        ("Grindavik på Island", "Tynset", twinning, "Grindavik", "Island"),
        # The sentence itself doesn't say what it is.
        ("Røros samarbeider med Falun i Sverige.", "Røros", "", "Falun", "Sverige"),
        # A place of the same name as one at home is told apart.
        ("• Røros – Røros (Danmark)", "Røros", twinning, "Røros (Danmark)", "Danmark"),
    ]
    places = [
        (r["Navn (bokmål)"], r["Navn (engelsk)"], r["Hører til"])
        for r in book.rows(THINGS)
        if r["Type"] == "sted"
    ]
    assert places == [
        ("Lejre", "Lejre", "Danmark"),
        ("Grindavik", "Grindavik", "Island"),
        ("Falun", "Falun", "Sverige"),
        ("Røros (Danmark)", "Røros (Danmark)", "Danmark"),
    ]
    assert not list(book.rows("Medspillere"))
    assert [r["Sitat"] for r in book.rows("Elementer")] == ["• Flere reiser ut"]
    rest = [r["Sitat"] for r in book.rows("Resten")]
    assert "Røros har ingen vennskapsby." in rest
    assert "Kommunene ønsker flere vennskapsbyer i Norden." in rest


def test_confirmed_twin_towns_answer_the_question_of_them(
    fjell: Path, book: Book
) -> None:
    plan = {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
    confirm(book, THINGS, lambda r: plan if r["Nøkkel"].startswith("plan/") else {})
    confirm(book, "Kolonner", same_in_all)

    def entry(row: dict[str, str]) -> dict[str, str]:
        if row["Fagområde"]:
            return {"Navn_engelsk": row["Sitat"], "Type": "prosjekt",
                    "Sikkerhet": "Sikker plassering"}  # fmt: skip
        kind = {"Type": row["Type"] or "partnerskap"}
        return kind if row["Navn (engelsk)"] else {**kind, "Navn_engelsk": "Falun"}

    confirm(book, ENTRIES, entry)
    goal = {"Navn_engelsk": "More go", "Ordlyd_engelsk": "More go"}
    confirm(book, "Elementer", lambda r: goal)
    reason = "Bakgrunn: avsnittet forteller om noe annet enn hvem som gjør hva."
    confirm(book, "Resten", lambda r: {"Grunn": reason})
    applied(fjell, book)
    assert not faults(fjell)
    asked = run(
        fjell, "query", "twin-towns", "--param", "municipality=tynset",
        "--format", "csv",
    )  # fmt: skip
    rows = list(csv.DictReader(asked.output.splitlines()))
    assert {(r["twinningLabel"], r["placeLabel"]) for r in rows} == {
        ("Vennskapssamarbeid med Lejre", "Lejre"),
        ("Vennskapssamarbeid med Lejre", "Danmark"),
        ("Vennskapssamarbeid med Grindavik", "Grindavik"),
        ("Vennskapssamarbeid med Grindavik", "Island"),
    }
    book.path.unlink()
    assert run(fjell, "draft").exit_code == 0
    again = Book(book.path)
    assert not list(again.rows(ENTRIES))


CASES = [
    ("nb", "Lund har vennskapskommunen Lund i Sverige.", ["Lund"], "Lund|Sverige"),
    ("nb", "Vennskapsbyene til Stord er Grindavik på Island og Penistone i England.",
     ["Stord"], "Grindavik|Island Penistone|"),
    ("nb", "Røros har en vennskapsby i Sverige.", ["Røros"], "|Sverige"),
    ("nb", "Grindavik på Island er vennskapsby for Stord kommune.", ["Stord"],
     "Grindavik|Island"),
    ("nb", "Vi har vennskapsavtale med Hillerød siden 1985.", [], "Hillerød|"),
    ("nn", "Bømlo har venskapsavtale med Hartlepool.", ["Bømlo"], "Hartlepool|"),
    ("nn", "Fitjar har ikkje venskapskommune i Danmark.", None, ""),
    ("nn", "Kommunane vil vidareutvikle venskapssamarbeidet i Europa.", None, ""),
    ("sv", "Krokoms vänort är Meråker (Norge).", ["Krokom"], "Meråker|Norge"),
    ("sv", "Orsa kommun har vänortsavtal med Nybro i Småland och med Valka i Lettland.",
     ["Orsa"], "Nybro| Valka|Lettland"),
    ("sv", "Åre har vänorten Val d’Isère i Frankrike.", ["Åre"],
     "Val_d’Isère|Frankrike"),
    ("sv", "Åre och Krokom är vänorter med Meråker respektive Bled i Slovenien.",
     ["Åre", "Krokom"], "Meråker| Bled|Slovenien"),
    ("en", "Stord is twinned with Lejre, Denmark and Grindavik in Iceland.", ["Stord"],
     "Lejre|Denmark Grindavik|Iceland"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "whose", "twins"), CASES)
def test_twin_towns_are_told_by_the_words_around_them(
    language: str, text: str, whose: list[str] | None, twins: str
) -> None:
    country = "SWE" if language == "sv" else "NOR"
    listed = country_list(Path(), country)
    assert listed is not None
    names = PlaceNames(KnownThings((), "https://e.example/id/"), [listed], language)
    read = TwinReader(names, {country}).read(text, listed=False)
    assert (read and list(read.whose)) == whose
    found = (
        [f"{t.name}|{t.country}".replace(" ", "_") for t in read.twins] if read else []
    )
    assert " ".join(found) == twins
