"""What the workbook of a draft asks of the plan and the region, and what becomes of it.

What must come out stands in the sentences of the documents.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from glokal.cli.main import cli
from glokal.core.namespaces import GLO
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.page_queries import rows
from glokal.source.draft_period import period_in
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

THINGS = "Planen og steder"
COUNCIL = "Fjellrådet eier planen, og er samarbeidsorganet for Fjellregionen."
NEIGHBOURS = "Tynset og Røros hører til Fjellregionen."
VISION = "Fjellet ut i verden"
PROSE = (COUNCIL, NEIGHBOURS, "# Visjon", VISION)
TABLE = (("Kommune", "Kultur"), ("Tynset", "Fjellsti"), ("Røros", "Seterdans"))
TITLE = "Fjellregionen i verden 2026–2029"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    made = drafted(folder, document(tmp_path / "plan.docx", TITLE, PROSE, TABLE))

    def thing(row: dict[str, str]) -> Mapping[str, str]:
        if row["Nøkkel"].startswith("plan/"):
            return {
                "Type": "internasjonal strategi",
                "Navn_engelsk": "Plan 2026–2029",
                "Hører til": "Fjellregionen",
            }
        if row["Nøkkel"].startswith("publisher/"):
            return {
                "Type": "interkommunalt politisk råd",
                "Navn_engelsk": "The Fell Council",
                "Hører til": "Fjellregionen",
            }
        return {}

    line = confirm(made, THINGS, thing)
    made.put(THINGS, line, Bekreftet="x", Type="samarbeidsregion", Sitat=NEIGHBOURS,
             Navn_bokmål="Fjellregionen", Navn_engelsk="The Fells")  # fmt: skip
    made.region = line  # type: ignore[attr-defined]
    confirm(made, "Kolonner", same_in_all)
    confirm(made, "Elementer", lambda _: {
        "Navn_bokmål": "Ut i verden", "Navn_engelsk": "Out into the world",
        "Ordlyd_engelsk": "The fells out into the world",
    })  # fmt: skip
    confirm(made, "Oppføringer", lambda r: {
        "Type": "prosjekt", "Navn_engelsk": r["Navn (bokmål)"],
        "Sikkerhet": "Sikker plassering",
    })  # fmt: skip
    return made


def folder_of(book: Book) -> Path:
    return book.path.parent.parent


def refused(book: Book) -> str:
    book.save()
    args = ["--project", str(folder_of(book)), "draft", "apply", str(book.path), *NB]
    told = CliRunner().invoke(cli, args)
    assert told.exit_code == 1, told.output
    return told.output


def values(folder: Path, iri: str, prop: str) -> list[str]:
    found = known_of(folder).values(iri, GLO + prop)
    return sorted(str(t.object) for t in found)


def plan_of(folder: Path) -> str:
    (plan,) = known_of(folder).of_path("plan")
    return plan


def answer(folder: Path, question: str) -> str:
    asked = run(folder, "query", question, "--format", "csv")
    assert asked.exit_code == 0, asked.output
    return asked.output


def test_the_title_proposes_the_period_and_a_person_the_owner(book: Book) -> None:
    folder = folder_of(book)
    plan = next(r for r in book.rows(THINGS) if r["Nøkkel"].startswith("plan/"))
    assert (plan["Gjelder fra"], plan["Gjelder til"]) == ("2026", "2029")
    assert plan["Eies av"] == ""
    book.put(THINGS, 2, **{"Eies av": "Fjellrådet"})
    done = applied(folder, book)
    year = "<http://www.w3.org/2001/XMLSchema#gYear>"
    assert values(folder, plan_of(folder), "startDate") == [f'"2026"^^{year}']
    assert values(folder, plan_of(folder), "endDate") == [f'"2029"^^{year}']
    assert "Fjellrådet,2026,2029" in answer(folder, "plan-owner-and-period")
    # The title says the years, and another sentence whose it is: that is asked.
    assert f"{THINGS}!C2: Ordene sier ikke selv dette" in done.output
    assert "sluttdato" not in done.output and "startdato" not in done.output
    line = book.region + 1  # type: ignore[attr-defined]
    book.put(THINGS, line, Bekreftet="x", Type="internasjonal strategi", Sitat=COUNCIL,
             Navn_bokmål=TITLE, Navn_engelsk="Plan 2026–2029",
             **{"Eies av": "Fjellrådet"})  # fmt: skip
    done = applied(folder, book)
    assert "eies av" not in done.output
    again = run(folder, "draft", "apply", str(book.path), *NB)
    assert "Ingenting å skrive" in again.output


def test_a_date_is_as_exact_as_it_is_written(book: Book) -> None:
    folder = folder_of(book)
    of = book.book[THINGS]
    titles = [cell.value for cell in of[1]]
    start, end = (titles.index(t) + 1 for t in ("Gjelder fra", "Gjelder til"))
    of.cell(2, start).value = datetime.datetime(2026, 3, 12)
    of.cell(2, end).value = "12.2029"
    applied(folder, book)
    kind = "<http://www.w3.org/2001/XMLSchema#"
    assert values(folder, plan_of(folder), "startDate") == [
        f'"2026-03-12"^^{kind}date>'
    ]
    assert values(folder, plan_of(folder), "endDate") == [
        f'"2029-12"^^{kind}gYearMonth>'
    ]


def test_dates_and_owners_that_cannot_be_are_told(book: Book) -> None:
    book.put(THINGS, 2, **{"Gjelder fra": "snart", "Eies av": "Dalrådet"})
    book.put(THINGS, 3, **{"Gjelder til": "2029", "Kommuner": "Tynset"})
    told = refused(book)
    assert "«snart» er ingen dato" in told
    assert "verken kommune, fylkeskommune eller organisasjon «Dalrådet»" in told
    assert "Bare «strategisk plan» har noe i «Gjelder til»" in told
    assert "Bare «samarbeidsregion» har noe i «Kommuner»" in told
    book.put(THINGS, 2, **{"Gjelder fra": "2030", "Eies av": ""})
    book.put(THINGS, 3, **{"Gjelder til": "", "Kommuner": ""})
    assert "Datoen er tidligere enn «Gjelder fra»" in refused(book)


def test_a_region_without_municipalities_is_told_of_and_given_them(book: Book) -> None:
    folder, line = folder_of(book), book.region  # type: ignore[attr-defined]
    done = applied(folder, book)
    told = f"{THINGS}!C{line}: Ordene teller ikke opp kommunene i «Fjellregionen»"
    assert told in done.output and "«Kommuner»" in done.output
    book.put(THINGS, line, Kommuner="Tynset; Røros")
    done = applied(folder, book)
    assert "teller ikke opp" not in done.output
    listed = answer(folder, "municipalities-of-region")
    assert "Tynset" in listed and "Røros" in listed
    assert not [f for f in faults(folder) if "silent" not in f and "coverage" not in f]
    book.put(THINGS, line, Kommuner="Tynset; Trysil")
    assert "Prosjektet har ikke kommunen «Trysil»" in refused(book)


def test_a_vision_of_somebody_sums_up_the_direction(book: Book) -> None:
    folder = folder_of(book)
    applied(folder, book)
    (vision,) = known_of(folder).of_path("vision")
    assert values(folder, vision, "elementOf") == [f"<{plan_of(folder)}>"]
    told = answer(folder, "direction-of-strategy")
    assert VISION in told and "Fjellrådet" not in told
    book.put("Elementer", 2, **{"Visjonen til": "Fjellrådet"})
    applied(folder, book)
    # It is part of a plan or somebody's, never both (shapes/plans.ttl).
    assert values(folder, vision, "elementOf") == []
    assert VISION in answer(folder, "direction-of-strategy")
    assert "Fjellrådet" in answer(folder, "direction-of-strategy")
    english = run(folder, "query", "direction-of-strategy", "--lang", "en").output
    assert "The Fell Council" in english
    assert not [f for f in faults(folder) if "silent" not in f and "coverage" not in f]
    again = run(folder, "draft", "apply", str(book.path), *NB)
    assert "Ingenting å skrive" in again.output


def test_a_partner_that_an_entry_is_about_is_no_network(book: Book) -> None:
    folder = folder_of(book)
    for line, kind, name in (
        (2, "samarbeidsnettverk", "Fjellsti"),
        (3, "offentlig organisasjon", "Seterdans"),
    ):
        names = {"Navn_bokmål": name, "Navn_engelsk": name}
        book.put("Oppføringer", line, Type=kind, **names)
    applied(folder, book)
    entered = rows(Workspace(load_project(folder)), "entered")
    counted = [text_of(row[1]).rpartition("/")[2] for row in entered if row[4] is None]
    assert len(entered) == 2 and counted == ["fjellsti"]
    told = answer(folder, "member-counts")
    assert "Fjellsti" in told and "Seterdans" not in told


def test_two_activities_of_a_row_are_quoted_each_by_its_own_cell(
    tmp_path: Path,
) -> None:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    table = (
        ("Kommune", "Program", "Aktivitet"),
        ("Tynset", "Erasmus+", "Fjellsti\nSeterdans"),
    )
    book = drafted(folder, document(tmp_path / "plan.docx", TITLE, (), table))
    confirm(book, THINGS, lambda r: {
        "Navn_engelsk": r["Navn (bokmål)"],
        "Type": r["Type"] or "internasjonal strategi",
    })  # fmt: skip
    confirm(book, "Kolonner", same_in_all)
    confirm(book, "Oppføringer", lambda r: {
        "Type": "prosjekt", "Navn_engelsk": r["Navn (bokmål)"], "Program": "Erasmus+",
        "Sikkerhet": "Redaktørens lesning",
        "Lesning_bokmål": f"Begge har programmet: {r['Sitat']}.",
        "Lesning_engelsk": f"Both have the programme: {r['Sitat']}.",
    })  # fmt: skip
    applied(folder, book)
    for slug, own, other in (
        ("fjellsti", "Fjellsti", "Seterdans"),
        ("seterdans", "Seterdans", "Fjellsti"),
    ):
        args = ("quotes-of-activity", "--param", f"activity={slug}", "--format", "csv")
        quoted = run(folder, "query", *args).output
        assert quoted.count(own) == 1 and other not in quoted


def test_no_municipality_is_a_council(book: Book) -> None:
    columns = {cell.value: cell.column_letter for cell in book.book["Lister"][1]}
    assert columns
    rules = book.book["Oppføringer"].data_validations.dataValidation
    titles = {c.value: c.column_letter for c in book.book["Oppføringer"][1]}
    (rule,) = [r for r in rules if str(r.sqref).startswith(titles["Kommune"])]
    sheet, cells = rule.formula1.replace("$", "").split("!")
    offered = [c.value for row in book.book[sheet.strip("'")][cells] for c in row]
    assert offered[:2] == ["Tynset", "Røros"] and "Fjellrådet" not in offered


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Internationell strategi för Mittbygden 2026–2030", ("2026", "2030")),
        ("Strategi (2026 - 2030).", ("2026", "2030")),
        ("Strategi 2026-2030, avløser 2021-2025", None),
        ("Handlingsplan 2027", None),
        ("Strategi 2030–2026", None),
        ("Telefon 1234-5678", None),
    ],
)
def test_a_period_is_two_years_with_a_dash(
    text: str, found: tuple[str, str] | None
) -> None:
    assert period_in(text) == found


def test_members_that_a_sentence_does_not_name_are_told_in_one_line(
    tmp_path: Path,
) -> None:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    prose = ("Alle kommunene er medlemmer av Fjellnettet.",)
    book = drafted(folder, document(tmp_path / "plan.docx", TITLE, prose, TABLE))
    confirm(book, THINGS, lambda r: {
        "Navn_engelsk": r["Navn (bokmål)"],
        "Type": r["Type"] or "internasjonal strategi",
    })  # fmt: skip
    confirm(book, "Medlemskap", lambda _: {
        "Medlem": "Tynset; Røros", "Medlem av": "Fjellnettet",
        "Typen til det": "samarbeidsnettverk",
    })  # fmt: skip
    book.same("Fjellnettet")
    told = applied(folder, book).output
    assert told.count("Ordene sier ikke selv dette") == 1
    assert "har som medlem – Tynset kommune, Røros kommune." in told
    assert told.count("Sitér ord som sier det, eller skriv i Lesning") == 1
    book.put("Medlemskap", 2, Lesning_bokmål="Alle er begge kommunene.",
             Lesning_engelsk="All are both municipalities.")  # fmt: skip
    assert "Ordene sier ikke selv" not in applied(folder, book).output
