"""What is planned, dormant or ended isn't drafted as going on; where a name ends.

The documents are invented; what must come out was written down beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import docx
import pytest

from glokal.source.draft_known import KnownThings
from glokal.source.draft_labels import label_before
from glokal.source.draft_memberships import MembershipReader
from glokal.source.draft_passages import PlaceNames
from glokal.source.draft_states import StateWords
from glokal.source.draft_vocabulary import DraftVocabulary
from glokal.source.programme_names import programmes_together
from glokal.workbook.draft_layout import draft_message
from tests.draft_book import Book
from tests.drafted_region import (
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

THINGS, ENTRIES, MEMBERS = "Planen og steder", "Oppføringer", "Medlemskap"
BESIDES = "Ellers i raden"


def network(language: str, text: str) -> str | None:
    names = PlaceNames(KnownThings((), ""), (), language)
    names.learn(["Vik", "Nes"])
    return MembershipReader(names).network(text)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("nb", "Vik er medlem i ICORN og har tatt imot en forfatter.", "ICORN"),
        ("nb", "Vik er medlem i Forum for miljø og helse.", "Forum for miljø og helse"),
        ("nb", "Vik er medlem i KIMO, som arbeider for rent hav.", "KIMO"),
        ("nb", "Vik er medlem i KIMO (miljønettverket).", "KIMO"),
        ("nb", "Vik er medlem i KIMO – et nettverk for kysten.", "KIMO"),
        ("nb", "Vik er med i Sunne kommuner siden 2012.", "Sunne kommuner"),
        ("nb", "Vik har vært medlem i Eurocities fra og med 2019.", "Eurocities"),
        ("nn", "Vik er medlem i KIMO, kommunen sit i styret.", "KIMO"),
        ("sv", "Vik är medlem i Ekokommunerna sedan 2004.", "Ekokommunerna"),
        ("sv", "Kommunen ingår även i Cittaslow.", "Cittaslow"),
        ("sv", "Vik ingår i nätverket Eurotowns.", "Eurotowns"),
        ("en", "Vik is a member of Eurocities since 2020.", "Eurocities"),
        ("en", "The municipality belongs to Cittaslow.", "Cittaslow"),
    ],
)  # fmt: skip
def test_a_name_ends_where_a_clause_or_a_year_begins(
    language: str, text: str, name: str
) -> None:
    assert network(language, text) == name


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nb", "Medlemskap i Eurotowns skal vurderes."),
        ("nb", "Vik ønsker å bli medlem i KIMO."),
        ("nb", "Vik var medlem av Eurocities til 2015."),
        ("nb", "Medlemskapet i KIMO ble sagt opp i 2020."),
        ("nn", "Vik planlegg medlemskap i KIMO."),
        ("nn", "Vik har søkt om medlemskap i KIMO."),
        ("nn", "Medlemskapen i KIMO er kvilande."),
        ("sv", "Under perioden ska ett medlemskap i Eurotowns prövas."),
        ("sv", "Medlemskapet i Eurocities avslutades 2019."),
        ("sv", "Kommunen ska bli medlem i Cittaslow."),
        ("sv", "Kommunen ingår i Erasmus+."),
        ("sv", "Kommunen ingår i ett projekt."),
        ("sv", "Kommunen ingår i Sverige."),
        ("en", "Vik is considering membership of Eurocities."),
        ("en", "Vik was a member of Eurocities."),
        ("en", "Membership of KIMO was terminated in 2020."),
    ],
)
def test_what_is_weighed_planned_or_over_is_no_membership(
    language: str, text: str
) -> None:
    assert network(language, text) is None


@pytest.mark.parametrize(
    ("language", "text", "twins"),
    [
        ("sv", "Vänortsdag", False),
        ("sv", "Vänortsdagarna i maj", False),
        ("sv", "Vänorter", True),
        ("sv", "Vänortsarbete", True),
        ("sv", "Vänortsdag med vår vänort", True),
        ("nb", "Vennskapsbydagene", False),
        ("nb", "Vennskapsbysamarbeid", True),
        ("nn", "Venskapsbytreff", False),
        ("en", "Twin town day", False),
        ("en", "Our twin towns", True),
    ],
)
def test_a_day_of_twin_towns_is_no_twinning(
    language: str, text: str, twins: bool
) -> None:
    assert DraftVocabulary(language).speaks_of_twins(text) is twins


@pytest.mark.parametrize(
    ("language", "cell", "going_on"),
    [
        ("nb", "Pågår", True),
        ("nb", "Pågår ikke ennå", False),
        ("nb", "Planlagt", False),
        ("nb", "Aktivitet avsluttet", False),
        ("nb", "50 %", True),
        ("nb", "Ferdig", False),
        ("nn", "Går føre seg", True),
        ("nn", "Søknad send", False),
        ("sv", "Årlig", True),
        ("sv", "Ansökan inlämnad", False),
        ("sv", "Avslutad 2024", False),
        ("en", "In progress", True),
        ("en", "Applied for", False),
    ],
)
def test_a_status_tells_whether_an_activity_goes_on(
    language: str, cell: str, going_on: bool
) -> None:
    assert StateWords(language).goes_on(cell) is going_on


@pytest.mark.parametrize(
    ("text", "programmes"),
    [
        ("Interreg Aurora Nordplus Junior", ["Interreg Aurora", "Nordplus Junior"]),
        ("Kreativt Europa Horisont Europa", ["Kreativt Europa", "Horisont Europa"]),
        ("Interreg Skog og Fjell Erasmus+", []),
        ("Interreg Sverige-Norge", []),
        ("Erasmus+ Skolefondet", []),
    ],
)  # fmt: skip
def test_known_programmes_that_run_together_are_parted(
    text: str, programmes: list[str]
) -> None:
    assert programmes_together(text) == programmes


def test_a_number_with_parts_stays_in_the_name() -> None:
    words = DraftVocabulary("nb")
    label = label_before("Delmål 1.1: Flere reiser", words, heading=True)
    assert label is not None
    assert (label.number, label.text) == ("", "Flere reiser")
    assert label.called == "Delmål 1.1: Flere reiser"
    whole = label_before("Mål 2: Flere reiser", words, heading=True)
    assert whole is not None and (whole.number, whole.called) == ("2", "")


REGION = (
    "Nordre Havn består av kommunene Brattnes, Lillefjær og Myrsund.",
    "# Nettverk",
    "Alle kommunene unntatt Myrsund er medlemmer i Kystkontoret.",
    "Brattnes og Lillefjær er medlemmer i KIMO.",
    "Medlemskapet i KIMO skal vurderes i 2027.",
    "# Vennskapsbyer",
    "* Brattnes: Runavík på Færøyene",
    "* Myrsund: Võru i Estland",
    "Avtalen med Võru er hvilende siden 2020.",
    "Lillefjær avsluttet i 2019 samarbeidet med vennskapsbyen Hörby i Sverige.",
)
TABLE = (
    ("Kommune", "Tiltak", "Program", "Status"),
    ("Brattnes", "Kor møter kor", "Erasmus+", "Pågår"),
    ("Lillefjær", "Ren strand", "LIFE", "Søknad sendt"),
    ("Myrsund", "Leirskole\nSkolebrev", "Nordplus", "Avsluttet 2024"),
)
REASON = "Bakgrunn: avsnittet forteller om noe annet enn hvem som gjør hva."
TOLD = "«Ren strand». Sidene viser alt som bekreftes, som noe som foregår."


@pytest.fixture
def havn(tmp_path: Path) -> Path:
    return begin(tmp_path / "havn", "Havn", "Havnerådet", "NOR", "nb", "en")


def test_planned_dormant_and_ended_things_are_told_of(havn: Path) -> None:
    file = document(havn.parent / "plan.docx", "Plan", REGION, TABLE)
    assert run(havn, "source", "import", str(file)).exit_code == 0
    told = run(havn, "draft", "--document", "plan", "--lang", "nb").output
    assert f"{ENTRIES}!C3: Dokumentet sier «Status: Søknad sendt» om {TOLD}" in told
    assert "«Status: Avsluttet 2024» om «Leirskole»" in told
    assert "om «Kor møter kor»" not in told
    assert "«Avtalen med Võru er hvilende siden 2020.» om «Myrsund: Võru" in told
    assert "«Medlemskapet i KIMO skal vurderes i 2027.» om «KIMO»" in told
    assert "Kolonnen «Status» sier hvor langt aktivitetene er kommet" in told
    book = Book(havn / "drafts" / "plan.xlsx")
    shown = [row[0].value or "" for row in book.book["Les meg"].iter_rows()]
    assert any(TOLD in text for text in shown)
    rows = {r["Sitat"].lstrip("• "): r for r in book.rows(ENTRIES)}
    twins = {
        words: (r["Kommune"], r["Type"])
        for words, r in rows.items()
        if ":" in words or "Hörby" in words
    }
    assert twins == {
        "Brattnes: Runavík på Færøyene": ("Brattnes", "vennskapsforbindelse"),
        "Myrsund: Võru i Estland": ("Myrsund", ""),
    }
    assert rows["Myrsund: Võru i Estland"][BESIDES] == (
        "Avtalen med Võru er hvilende siden 2020."
    )
    # One programme beside two activities of a cell may be that of one of them.
    assert (rows["Leirskole"]["Program"], rows["Ren strand"]["Program"]) == ("", "LIFE")
    named = [r["Navn (bokmål)"] for r in book.rows("Navn")]
    assert "Runavík" not in named and "KIMO" in named
    rest = [r["Sitat"] for r in book.rows("Resten")]
    assert "Medlemskapet i KIMO skal vurderes i 2027." in rest


FORMER = (
    "# Tidligere vennskapsbyer",
    "* Hörby i Sverige",
    "# Våre vennskapsbyer",
    "* Võru i Estland",
    "* Thisted i Danmark (avsluttet 2018)",
    "# Mulige samarbeidspartnere som vurderes",
    "* Universitetet i Nord",
    "# Samarbeidspartnere",
    "* Kystmuseet",
)


def test_lists_of_what_is_over_or_weighed_propose_nothing(havn: Path) -> None:
    file = document(havn.parent / "plan.docx", "Plan", FORMER, TABLE)
    book = drafted(havn, file)
    towns = [r["Partner"] for r in book.rows(ENTRIES) if r["Partner"]]
    partners = [r["Navn (bokmål)"] for r in book.rows("Medspillere")]
    assert (towns, partners) == (["Võru"], ["Kystmuseet"])
    rest = {r["Sitat"].lstrip("• ") for r in book.rows("Resten")}
    assert {FORMER[1][2:], FORMER[4][2:], FORMER[6][2:]} <= rest


def place(row: dict[str, str]) -> Mapping[str, str]:
    if row["Nøkkel"].startswith("plan/"):
        return {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
    return {"Navn_engelsk": row["Navn (bokmål)"]}


def entry(row: dict[str, str]) -> Mapping[str, str]:
    english = {"Navn_engelsk": row["Navn (engelsk)"] or row["Navn (bokmål)"]}
    sure = {"Sikkerhet": "Sikker plassering"} if row["Fagområde"] else {}
    return {"Type": row["Type"] or "prosjekt", **english, **sure}


def test_who_all_but_one_are_needs_no_reading(havn: Path) -> None:
    file = document(havn.parent / "plan.docx", "Plan", REGION, TABLE)
    book = drafted(havn, file)
    members = [(r["Medlem"], r["Medlem av"]) for r in book.rows(MEMBERS)]
    assert members == [
        ("Brattnes; Lillefjær", "Kystkontoret"),
        ("Brattnes; Lillefjær", "KIMO"),
    ]
    at = confirm(book, THINGS, place)
    region = {"Type": "samarbeidsregion", "Navn_bokmål": "Nordre Havn"}
    region |= {"Navn_engelsk": "Nordre Havn", "Sitat": REGION[0], "Bekreftet": "x"}
    book.put(THINGS, at, **region)
    confirm(book, "Kolonner", same_in_all)
    confirm(book, ENTRIES, entry)
    confirm(book, MEMBERS, lambda r: {"Typen til det": "samarbeidsnettverk"})
    confirm(book, "Resten", lambda r: {"Grunn": r["Grunn"] or REASON})
    names = [r["Navn (bokmål)"] for r in book.rows("Navn")]
    book.same(*names)
    told = applied(havn, book).output
    assert f"«Status: Søknad sendt» om {TOLD}" in told
    assert "«Medlemskapet i KIMO skal vurderes i 2027.» om «KIMO»" in told
    assert "Kystkontoret" not in told.partition("Ordene sier ikke selv")[2]
    assert "KIMO –" not in told.partition("Ordene sier ikke selv")[2]
    assert not [f for f in faults(havn) if "membership" in f]
    known = known_of(havn)
    assert len(known.of_path("region")) == 1


def test_the_municipality_of_a_plan_of_one_is_meant(tmp_path: Path) -> None:
    folder = begin(tmp_path / "en", "Tynset", "Tynset kommune", "NOR", "nb", "en")
    prose = ("Tynset er en kommune.", "Kommunen er også med i Cittaslow.")
    table = (("Tiltak", "Program"), ("Brevvenner", "Nordplus"))
    book = drafted(folder, document(tmp_path / "plan.docx", "Plan", prose, table))
    (row,) = book.rows(MEMBERS)
    assert (row["Medlem"], row["Medlem av"]) == ("Tynset", "Cittaslow")
    confirm(book, THINGS, place)
    confirm(book, "Kolonner", same_in_all)
    confirm(book, ENTRIES, entry)
    confirm(book, MEMBERS, lambda r: {"Typen til det": "samarbeidsnettverk"})
    book.same("Nordplus", "Cittaslow")
    told = applied(folder, book).output
    assert "Cittaslow" not in told.partition("Ordene sier ikke selv")[2]


def test_a_programme_that_is_merged_over_rows_is_that_of_both(havn: Path) -> None:
    made = docx.Document()
    made.add_heading("Plan", 0)
    table = made.add_table(3, 2)
    lines = ("Tiltak", "Program"), ("Leirskole", "Nordplus"), ("Skolebrev", "")
    for row, line in zip(table.rows, lines, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text
    table.cell(1, 1).merge(table.cell(2, 1)).text = "Nordplus"
    file = havn.parent / "plan.docx"
    made.save(str(file))
    rows = drafted(havn, file).rows(ENTRIES)
    found = {r["Sitat"]: r["Program"] for r in rows}
    assert found == {"Leirskole": "Nordplus", "Skolebrev": "Nordplus"}


@pytest.mark.parametrize("lang", ["nb", "nn", "sv", "en"])
def test_the_state_is_told_in_each_language(lang: str) -> None:
    told = draft_message("state", lang, place="A!C2", status="Planlagt", what="Kor")
    assert told.startswith("A!C2: ") and "Planlagt" in told and "Kor" in told
