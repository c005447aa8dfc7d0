"""Three plans that Innherred's is not like: from a document to a check without a fault.

Municipalities stand above their table, in a row of a list of activities, or nowhere:
a county council has a table of its own. What must come out was written down beside the
documents. All names but those of the municipalities are invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from glokal.cli.main import cli
from glokal.core.country_lists import country_list
from glokal.core.namespaces import GLO
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_words import load_words
from glokal.site.pages.home import figures
from glokal.validation.pipeline import run_checks
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

NORDIC = "samarbeidsnettverk"
BACKGROUND = "Bakgrunn: avsnittet forteller om noe annet enn hvem som gjør hva."
THINGS = "Planen og steder"


SWEDISH_TABLE = (
    ("Område", "Mora", "Orsa"),
    ("Utbildning", "Erasmus+ – lärlingar till Tyskland", "Erasmus+ – praktik i vården"),
    ("Kultur", "", "Kreativa Europa – folkmusik"),
)


@pytest.fixture
def siljan(tmp_path: Path) -> Path:
    return begin(
        tmp_path / "siljan",
        "Siljansringen",
        "Siljansringens förbund",
        "SWE",
        "sv",
        "en",
    )


def test_municipalities_above_a_table_and_areas_at_its_left(siljan: Path) -> None:
    file = document(
        siljan.parent / "strategi.docx",
        "Siljansringen i världen 2025–2030",
        (
            "Siljansringen är ett samarbete mellan kommunerna Mora och Orsa.",
            "Siljansringens förbund är medlem i Nordiska fjällnätverket.",
            "Mora är medlem i Europakontoret Norr.",
            "Omvärlden påverkar oss mer för varje år.",
            "# Vision",
            "En öppen bygd som lär av världen.",
            "# Prioriterade områden",
            "* Hållbar besöksnäring",
        ),
        SWEDISH_TABLE,
    )
    book = drafted(siljan, file)
    rows = [
        (r["Kommune"], r["Fagområde"], r["Sitat"]) for r in book.rows("Oppføringer")
    ]
    assert rows == [
        ("Mora", "Utbildning", "Erasmus+ – lärlingar till Tyskland"),
        ("Orsa", "Utbildning", "Erasmus+ – praktik i vården"),
        ("Orsa", "Kultur", "Kreativa Europa – folkmusik"),
    ]
    things = {r["Navn (svensk)"]: r for r in book.rows(THINGS)}
    # The numbers are those of Statistics Sweden's list.
    numbers = {n: things[n]["Nummer i landets liste"] for n in ("Mora", "Orsa")}
    assert numbers == {"Mora": "2062", "Orsa": "2034"}
    assert {things[n]["Type"] for n in numbers} == {"kommune"}
    kinds = [(r["Type"], r["Ordlyd (svensk)"]) for r in book.rows("Elementer")]
    assert kinds == [
        ("visjon", "En öppen bygd som lär av världen."),
        ("strategisk område", "Hållbar besöksnäring"),
    ]
    members = [(r["Medlem"], r["Medlem av"]) for r in book.rows("Medlemskap")]
    assert members == [
        ("Siljansringens förbund", "Nordiska fjällnätverket"),
        ("Mora", "Europakontoret Norr"),
    ]
    fill_siljan(book)
    book.same("Nordiska fjällnätverket", "Europakontoret Norr")
    applied(siljan, book)
    assert not faults(siljan)
    known = known_of(siljan)
    mora = known.named("municipality", "Mora")
    assert [t.object.value for t in known.values(mora, GLO + "municipalityNumber")] == [
        "2062"
    ]
    region = known.named("region", "Siljansringen")
    assert text_of(known.values(mora, GLO + "withinRegion")[0].object) == region
    (member,) = known.resting_on(
        known_passage(siljan, "Mora är medlem"), ("membership",)
    )
    network = text_of(known.values(member, GLO + "membershipIn")[0].object)
    assert network == known.named("organisation", "Europakontoret Norr")
    trip = known.named("activity", "Lärlingar utomlands")
    place = text_of(known.values(trip, GLO + "hasCounterpartIn")[0].object)
    assert place == known.named("country", "Tyskland")
    # An item with a mark before it and no number is answered as well.
    asked = run(siljan, "query", "visions", "--format", "csv", "--lang", "en")
    assert "An open place" in asked.output
    again = run(siljan, "draft", "apply", str(book.path), *NB)
    assert "Ingenting å skrive" in again.output


def known_passage(folder: Path, words: str) -> str:
    found = run(folder, "source", "find", words).output
    project = load_project(folder)
    slug = next(
        w for w in found.split() if w.startswith("passage:") or "/passage/" in w
    )
    return f"{project.things}passage/{slug.strip('<>()').rpartition('passage')[2][1:]}"


def fill_siljan(book: Book) -> None:
    def thing(row: dict[str, str]) -> Mapping[str, str]:
        if row["Nøkkel"].startswith("plan/"):
            return {
                "Type": "internasjonal strategi",
                "Navn_engelsk": "Abroad",
                "Hører til": "Siljansringen",
            }
        if row["Type"]:
            return {"Hører til": "Siljansringen; Sverige"}
        return {"Type": "samarbeidsnettverk", "Navn_engelsk": "The Siljan Association"}

    line = confirm(book, THINGS, thing)
    book.put(
        THINGS,
        line,
        Bekreftet="x",
        Type="samarbeidsregion",
        Navn_svensk="Siljansringen",
        Navn_engelsk="Siljansringen",
        Sitat="Siljansringen är ett samarbete mellan kommunerna Mora och Orsa.",
    )
    english = {"Utbildning": "Education", "Kultur": "Culture"}
    confirm(book, "Kolonner", lambda r: {"Navn_engelsk": english[r["Navn (svensk)"]]})
    confirm(
        book,
        "Elementer",
        lambda r: {
            "Navn_svensk": r["Ordlyd (svensk)"],
            "Navn_engelsk": "An open place",
            "Ordlyd_engelsk": "An open place",
        },
    )
    confirm(book, "Medlemskap", lambda r: {"Typen til det": NORDIC})
    confirm(book, "Resten", lambda r: {"Grunn": BACKGROUND})

    def entry(row: dict[str, str]) -> Mapping[str, str]:
        programme, name = row["Navn (svensk)"].split(" – ")
        named = {"lärlingar till Tyskland": "Lärlingar utomlands"}.get(name, name)
        abroad = {"Motpart i": "Tyskland"} if "Tyskland" in name else {}
        return {
            "Type": "prosjekt",
            "Program": programme,
            "Navn_svensk": named,
            "Navn_engelsk": named,
            "Sikkerhet": "Sikker plassering",
        } | abroad

    confirm(book, "Oppføringer", entry)


LIST = (
    ("Nr.", "Kommune", "Tiltak", "Program", "Partner", "Land", "Fagområde", "Ansvar"),
    (
        "1",
        "Røros",
        "Bergstadmøte",
        "Erasmus+",
        "Falu gymnasium",
        "Sverige",
        "Kultur",
        "Rådmann",
    ),
    (
        "2",
        "Tynset og Alvdal",
        "Landbruksutveksling",
        "Nordplus Voksen",
        "",
        "Finland",
        "Skole",
        "Rektor",
    ),
    # One of the two above has a row of its own in the same column.
    ("3", "Alvdal", "Elevbytte", "", "", "Island og Finland", "Skole", "Rektor"),
)


def test_each_row_is_an_activity_with_its_programme_and_partner(
    tmp_path: Path,
) -> None:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    file = document(tmp_path / "tiltak.docx", "Handlingsplan 2026", (), LIST)
    book = drafted(folder, file)
    rows = list(book.rows("Oppføringer"))
    shown = ("Kommune", "Fagområde", "Sitat", "Program", "Partner", "Motpart i")
    assert [tuple(r[c] for c in shown) for r in rows] == [
        ("Røros", "Kultur", "Bergstadmøte", "Erasmus+", "Falu gymnasium", "Sverige"),
        (
            "Tynset; Alvdal",
            "Skole",
            "Landbruksutveksling",
            "Nordplus Voksen",
            "",
            "Finland",
        ),
        ("Alvdal", "Skole", "Elevbytte", "", "", "Island; Finland"),
    ]
    names = [r["Navn (bokmål)"] for r in book.rows(THINGS)]
    assert names[1:] == ["Røros", "Tynset", "Alvdal"]
    confirm(
        book,
        THINGS,
        lambda r: (
            {"Type": "strategisk plan", "Navn_engelsk": "Action plan 2026"}
            if r["Nøkkel"].startswith("plan/")
            else {}
        ),
    )
    confirm(book, "Kolonner", same_in_all)
    confirm(
        book,
        "Oppføringer",
        lambda r: {
            "Type": "prosjekt",
            "Navn_engelsk": r["Navn (bokmål)"],
            "Partnerens type": "utdanningsinstitusjon",
            "Sikkerhet": "Sikker plassering",
        },
    )
    book.same("Falu gymnasium")
    applied(folder, book)
    assert not faults(folder)
    known = known_of(folder)
    trip = known.named("activity", "Landbruksutveksling")
    who = {
        text_of(t.subject).rpartition("/")[2]
        for t in known.triples
        if t.predicate.value == GLO + "participationIn" and text_of(t.object) == trip
    }
    assert who == {"landbruksutveksling-tynset", "landbruksutveksling-alvdal"}
    listed = [
        text_of(t.subject).rpartition("/")[2]
        for t in known.triples
        if t.predicate.value == GLO + "exactQuote"
    ]
    assert sorted(listed) == sorted(set(listed)) and len(listed) == 4
    meeting = known.named("activity", "Bergstadmøte")
    (programme,) = known.values(meeting, GLO + "supportedUnder")
    assert text_of(programme.object) == known.named("programme", "Erasmus+")


def test_a_list_without_areas_and_a_plan_of_one_municipality(tmp_path: Path) -> None:
    folder = begin(tmp_path / "roros", "Røros", "Røros kommune", "NOR", "nb")
    # A narrow column breaks its heading.
    table = (
        ("Tiltak", "Finan siering", "Frist"),
        ("Fjellfestival", "Interreg", "2026"),
        ("Språkår", "Erasmus+", "2027"),
    )
    file = document(tmp_path / "plan.docx", "Tiltaksplan for Røros", (), table)
    book = drafted(folder, file)
    rows = [
        (r["Kommune"], r["Fagområde"], r["Sitat"], r["Program"])
        for r in book.rows("Oppføringer")
    ]
    assert rows == [
        ("Røros", "Tiltak", "Fjellfestival", "Interreg"),
        ("Røros", "Tiltak", "Språkår", "Erasmus+"),
    ]
    plan = {"Type": "internasjonal strategi", "Hører til": "Røros"}
    confirm(book, THINGS, lambda r: plan if r["Nøkkel"].startswith("plan/") else {})
    confirm(book, "Kolonner", lambda r: {})
    given = {"Type": "prosjekt", "Sikkerhet": "Sikker plassering"}
    confirm(book, "Oppføringer", lambda r: given)
    applied(folder, book)
    assert not faults(folder)
    asked = run(folder, "query", "entry-counts", "--format", "csv")
    assert asked.output.splitlines()[1].endswith("/municipality/roros,Røros,2,2")
    # The title that tells whose they are is no column: nothing is left to draft.
    book.path.unlink()
    again = run(folder, "draft", "--document", file.stem, *NB)
    assert "0 rader å lese" in again.output


COUNTY_TABLE = (
    ("Avdeling", "Utdanning", "Klima"),
    ("Fylkeskommunen", "Erasmus+ – språkår", "LIFE – vann uten grenser"),
)


def test_a_county_council_has_a_table_of_its_own(tmp_path: Path) -> None:
    publisher = "Innlandet fylkeskommune"
    folder = begin(tmp_path / "fylke", "Innlandet", publisher, "NOR", "nb", "en")
    title = "Europaplan for Innlandet fylkeskommune"
    prose = ("Innlandet fylkeskommune er medlem av Europakontoret.",)
    file = document(tmp_path / "plan.docx", title, prose, COUNTY_TABLE)
    book = drafted(folder, file)
    assert {r["Kommune"] for r in book.rows("Oppføringer")} == {publisher}
    assert {r["Type"] for r in book.rows(THINGS)} == {"", "fylkeskommune"}
    line = confirm(
        book,
        THINGS,
        lambda r: (
            {
                "Type": "internasjonal strategi",
                "Navn_engelsk": "Plan",
                "Hører til": "Innlandet",
            }
            if r["Nøkkel"].startswith("plan/")
            else {"Hører til": "Innlandet", "Navn_engelsk": "Innlandet County"}
        ),
    )
    book.put(
        THINGS,
        line,
        Bekreftet="x",
        Sitat=title,
        Type="fylke",
        Navn_bokmål="Innlandet",
        Navn_engelsk="Innlandet",
        **{"Hører til": "Norge", "Nummer i landets liste": "34"},
    )
    confirm(book, "Kolonner", same_in_all)
    confirm(
        book,
        "Oppføringer",
        lambda r: {
            "Type": "prosjekt",
            "Navn_bokmål": r["Navn (bokmål)"].split(" – ")[1],
            "Navn_engelsk": "Project " + r["Sitat"][:4],
            "Program": r["Navn (bokmål)"].split(" – ")[0],
            "Sikkerhet": "Sikker plassering",
        },
    )
    confirm(book, "Medlemskap", lambda r: {"Typen til det": "representasjonskontor"})
    book.same("Europakontoret")
    applied(folder, book)
    assert not faults(folder)
    known = known_of(folder)
    authority = known.named("authority", publisher)
    whose = {
        text_of(t.object) for t in known.triples if t.predicate.value == GLO + "entryOf"
    }
    assert whose == {authority}
    governed = text_of(known.values(authority, GLO + "governs")[0].object)
    assert governed == known.named("county", "Innlandet")
    # Its start page counts what it has, whether or not a row says what it governs.
    governs = ox.NamedNode(GLO + "governs")
    for kept in (True, False):
        workspace = Workspace(load_project(folder))
        workspace.__dict__["files"] = tuple(
            replace(f, triples=[t for t in f.triples if kept or t.predicate != governs])
            for f in workspace.files
        )
        words = load_words()["nb"]
        view = GraphView(workspace)
        told = {what: number for number, what in figures(view, workspace, "nb", words)}
        assert told["punkter i vedlegget"] == len(list(book.rows("Oppføringer")))
        assert not [what for what in told if what.startswith("kommune")]
        assert "joint-activities" not in {q.slug for q in workspace.queries}


def test_what_the_words_do_not_say_is_asked_and_then_written_as_a_reading(
    siljan: Path,
) -> None:
    prose = ("Siljansringen är ett samarbete mellan kommunerna Mora och Orsa.",)
    title = "Siljansringen i världen"
    file = document(siljan.parent / "strategi.docx", title, prose, SWEDISH_TABLE)
    book = drafted(siljan, file)
    fill_siljan(book)
    last = 3
    book.put(
        "Oppføringer",
        last,
        Partner="Havsskolan",
        **{"Partnerens type": "utdanningsinstitusjon"},
    )
    book.same("Havsskolan")
    done = applied(siljan, book)
    assert f"Oppføringer!C{last}: Ordene sier ikke selv dette" in done.output
    assert any("silent" in fault for fault in faults(siljan))
    book.put(
        "Oppføringer",
        last,
        Lesning_svensk="Redaktören känner partnern.",
        Lesning_engelsk="The editor knows the partner.",
    )
    done = applied(siljan, book)
    assert "Ordene sier ikke selv" not in done.output
    assert not faults(siljan)


def test_what_is_declined_is_not_asked_again_and_what_is_used_is_no_longer_left_out(
    siljan: Path,
) -> None:
    prose = ("Mora är medlem i Europakontoret Norr.", "# Insatser", "* Skriva brev")
    file = document(siljan.parent / "plan.docx", "I världen", prose, SWEDISH_TABLE)
    book = drafted(siljan, file)
    book.put("Elementer", 2, Bekreftet="nei")
    book.put("Medlemskap", 2, Bekreftet="nei")
    applied(siljan, book)
    text = (siljan / "data/source.ttl").read_text(encoding="utf-8")
    assert text.count("Läst av en person och inte medtagen") == 2
    book.path.unlink()
    run(siljan, "draft", *NB)
    again = Book(book.path)
    assert not list(again.rows("Elementer")) and not list(again.rows("Medlemskap"))
    again.put(
        "Medlemskap",
        2,
        Bekreftet="x",
        Medlem="Mora",
        Sitat="Mora är medlem i Europakontoret Norr.",
        **{"Medlem av": "Europakontoret Norr", "Typen til det": NORDIC},
    )
    again.same("Europakontoret Norr")
    again.put(THINGS, 3, Bekreftet="x")
    applied(siljan, again)
    text = (siljan / "data/source.ttl").read_text(encoding="utf-8")
    assert text.count("Läst av en person och inte medtagen") == 1


def test_cells_of_the_new_sheets_are_refused_with_what_to_do(siljan: Path) -> None:
    prose = ("Mora är medlem i Europakontoret Norr.", "Omvärlden är stor.")
    file = document(siljan.parent / "plan.docx", "I världen", prose, SWEDISH_TABLE)
    book = drafted(siljan, file)
    book.put(
        THINGS,
        3,
        Bekreftet="x",
        **{"Hører til": "Atlantis", "Nummer i landets liste": "9999"},
    )
    book.put("Medlemskap", 2, Bekreftet="x", Medlem="Mora; Ingen")
    book.put("Resten", 2, Bekreftet="x")
    book.save()
    told = CliRunner().invoke(
        cli, ["--project", str(siljan), "draft", "apply", str(book.path), *NB]
    )
    assert told.exit_code == 1
    for words in (
        "som heter «Atlantis»",
        "ikke nummeret «9999»",
        "«Ingen»",
        "kjenner ikke «Europakontoret Norr»",
        "Resten!D2: Cellen er tom",
    ):
        assert words in told.output, (words, told.output)
    assert not (siljan / "data/strategy").exists()


def test_names_are_offered_so_that_nothing_is_typed_twice(siljan: Path) -> None:
    prose = ("Mora är medlem i Europakontoret Norr.",)
    file = document(siljan.parent / "plan.docx", "I världen", prose, SWEDISH_TABLE)
    book = drafted(siljan, file)
    lists = {
        c[0].value: [x.value for x in c[1:] if x.value]
        for c in book.book["Lister"].iter_cols()
    }
    assert {"Mora", "Orsa"} <= set(lists["entries-municipality"])
    assert "Sverige" in lists["entries-country"]
    # A county that nobody has confirmed would be refused.
    assert "Dalarnas län" not in lists.get("things-belongs", [])
    assert lists["memberships-network"] == ["Europakontoret Norr"]
    assert country_list(siljan, "SWE") is not None


def test_quotations_and_marks_follow_their_passages_into_a_new_text(
    siljan: Path,
) -> None:
    prose = (
        "Siljansringen är ett samarbete mellan kommunerna Mora och Orsa.",
        "# Vision",
        "En öppen bygd.",
    )
    title = "Siljansringen i världen"
    file = document(siljan.parent / "strategi.docx", title, prose, SWEDISH_TABLE)
    book = drafted(siljan, file)
    fill_siljan(book)
    applied(siljan, book)
    assert not faults(siljan)
    # The cell has a line end now, and the vision a mark before it.
    table = [[c.replace("till Tysk", "till\rTysk") for c in r] for r in SWEDISH_TABLE]
    prose = (*prose[:2], "* En öppen bygd.")
    new = document(siljan.parent / "ny.docx", title, prose, table)
    done = run(siljan, "source", "reanchor", str(new), "--write")
    assert "data/strategy/entries.ttl: skriven" in done.output
    unsure = (siljan / "source/strategi.md").read_text(encoding="utf-8")
    assert "ny.docx" in unsure.splitlines()[0]
    entries = (siljan / "data/strategy/entries.ttl").read_text(encoding="utf-8")
    assert "lärlingar till\nTyskland" in entries
    assert not faults(siljan)
    # A vision in other words is told in the language of the plan.
    prose = (*prose[:2], "* En helt öppen bygd.")
    new = document(siljan.parent / "nyare.docx", title, prose, table)
    run(siljan, "source", "reanchor", str(new), "--write")
    report = run_checks(Workspace(load_project(siljan)), only=("quotes",))
    (told,) = [f for f in report.findings if f.rule == "wording"]
    assert told.value.value == "En öppen bygd."


def test_columns_may_be_programmes(tmp_path: Path) -> None:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    table = (
        ("Kommune", "Erasmus+", "Interreg"),
        ("Tynset", "Språkår", ""),
        ("Røros", "", "Fjellsti"),
    )
    file = document(tmp_path / "plan.docx", "Europaplan for Fjellet", (), table)
    book = drafted(folder, file)
    confirm(
        book,
        THINGS,
        lambda r: (
            {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
            if r["Nøkkel"].startswith("plan/")
            else {}
        ),
    )

    def column(row: dict[str, str]) -> Mapping[str, str]:
        name = row["Navn (bokmål)"]
        names = {"Navn_nynorsk": name, "Navn_engelsk": name}
        return names | {"Leses som": "program"}

    confirm(book, "Kolonner", column)

    def entry(row: dict[str, str]) -> Mapping[str, str]:
        assert row["Fagområde"] in ("Erasmus+", "Interreg")
        name = {"Navn_engelsk": row["Navn (bokmål)"]}
        return name | {"Type": "prosjekt", "Sikkerhet": "Sikker plassering"}

    confirm(book, "Oppføringer", entry)
    applied(folder, book)
    assert not faults(folder)
    known = known_of(folder)
    path = known.named("activity", "Fjellsti")
    (programme,) = known.values(path, GLO + "supportedUnder")
    assert text_of(programme.object) == known.named("programme", "Interreg")
