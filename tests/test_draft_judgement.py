"""What a person decides in the workbook of a draft, and what is said before writing.

Partners of the plan, spheres of programmes, equal names; cells that say nothing, or
everybody. What must come out was written down beside the documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from glokal.cli.main import cli
from glokal.core.files.journal import FileChange, write_together
from glokal.core.namespaces import CODE, GLO, SKOS
from glokal.rdf.terms import text_of
from glokal.workbook.draft_words import words_in
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
SURE = {"Sikkerhet": "Sikker plassering"}
PLAN = {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}


@pytest.fixture
def fjell(tmp_path: Path) -> Path:
    return begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")


def plan_alone(row: dict[str, str]) -> Mapping[str, str]:
    return PLAN if row["Nøkkel"].startswith("plan/") else {}


def refused(folder: Path, book: Book) -> str:
    book.save()
    told = CliRunner().invoke(
        cli, ["--project", str(folder), "draft", "apply", str(book.path), *NB]
    )
    assert told.exit_code == 1, told.output
    return told.output


def values(folder: Path, path: str, name: str, prop: str) -> list[str]:
    known = known_of(folder)
    found = known.values(known.named(path, name), GLO + prop)
    return sorted(text_of(t.object).rpartition("/")[2] for t in found)


TABLE = (
    ("Kommune", "Kultur", "Næring"),
    ("Tynset", "Nordplus Junior – brevvenner", "–"),
    ("Røros", "nei", "Interreg – fjellsti"),
)
LISTED = (
    "# Våre samarbeidspartnere",
    "* Universitetet i Nord",
    "* Fjellnettverket",
    "# Mål",
    "* Flere reiser ut",
)


def english(row: dict[str, str]) -> Mapping[str, str]:
    return {"Navn_engelsk": row["Navn (bokmål)"]}


def item(row: dict[str, str]) -> Mapping[str, str]:
    name = row["Navn (bokmål)"].rpartition(" – ")[2]
    named = {"Navn_bokmål": name, "Navn_engelsk": name}
    return {"Type": "prosjekt", **named, **SURE}


def goal(row: dict[str, str]) -> Mapping[str, str]:
    return {"Navn_engelsk": "Goal", "Ordlyd_engelsk": "More go abroad"}


def test_a_list_of_partners_is_confirmed_as_partners_of_the_plan(fjell: Path) -> None:
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", LISTED, TABLE)
    book = drafted(fjell, file)
    rows = [(r["Gruppe"], r["Navn (bokmål)"]) for r in book.rows("Medspillere")]
    assert rows == [
        ("Våre samarbeidspartnere", "Universitetet i Nord"),
        ("Våre samarbeidspartnere", "Fjellnettverket"),
    ]
    assert [r["Ordlyd (bokmål)"] for r in book.rows("Elementer")] == ["Flere reiser ut"]
    confirm(book, THINGS, plan_alone)
    confirm(book, "Kolonner", same_in_all)
    confirm(book, "Elementer", goal)
    kinds = {"Universitetet i Nord": "utdanningsinstitusjon"}
    confirm(
        book,
        "Medspillere",
        lambda r: {
            **english(r),
            "Type": kinds.get(r["Navn (bokmål)"], "samarbeidsnettverk"),
        },
    )
    confirm(book, "Oppføringer", item)
    confirm(book, "Resten", lambda r: {})
    applied(fjell, book)
    assert not faults(fjell)
    group = values(fjell, "organisation", "Universitetet i Nord", "listedAs")
    assert group == ["vare-samarbeidspartnere"]
    assert values(fjell, "organisation", "Fjellnettverket", "listedIn") == ["plan"]
    asked = run(fjell, "query", "collaborators", "--format", "csv").output
    assert "Fjellnettverket" in asked and "Universitetet i Nord" in asked
    again = run(fjell, "draft", "apply", str(book.path), *NB)
    assert "Ingenting å skrive" in again.output


def test_a_programme_is_marked_with_its_sphere(fjell: Path) -> None:
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", (), TABLE)
    book = drafted(fjell, file)
    proposed = [(r["Program"], r["Samarbeidssfære"]) for r in book.rows("Oppføringer")]
    assert proposed == [
        ("Nordplus Junior", "Nordisk samarbeid"),
        ("Interreg", "Grenseoverskridende samarbeid; Den europeiske union"),
    ]
    confirm(book, THINGS, plan_alone)
    confirm(book, "Kolonner", same_in_all)
    confirm(book, "Oppføringer", item)
    confirm(book, "Resten", lambda r: {})
    book.put(THINGS, 3, Samarbeidssfære="Nordisk samarbeid")
    assert f"{THINGS}!M3: Bare et program" in refused(fjell, book)
    book.put(THINGS, 3, Samarbeidssfære="")
    applied(fjell, book)
    assert not faults(fjell)
    assert values(fjell, "programme", "Nordplus Junior", "inSphere") == ["nordic"]
    assert values(fjell, "programme", "Interreg", "inSphere") == ["cross-border", "eu"]
    text = (fjell / "data/reference/programmes.ttl").read_text(encoding="utf-8")
    assert f"{CODE}cooperation-sphere/" in text


def test_cells_that_say_nothing_are_no_entries(fjell: Path) -> None:
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", (), TABLE)
    book = drafted(fjell, file)
    assert [r["Sitat"] for r in book.rows("Oppføringer")] == [
        "Nordplus Junior – brevvenner",
        "Interreg – fjellsti",
    ]
    rest = {r["Sitat"]: r["Grunn"].partition(":")[0] for r in book.rows("Resten")}
    assert rest == {"–": "Tom celle", "nei": "Tom celle"}


LIST = (
    ("Tiltak", "Kommune", "Program", "Land", "Ansvarlig", "Frist"),
    ("Språkreise", "Tynset", "Erasmus+", "Tyskland", "Rektor", "2027"),
    ("Språkreise", "Røros", "Nordplus", "Finland", "Rådmann", "2028"),
    ("Fellesmøte", "Alle", "", "-", "ingen", ""),
    ("Ungdomsfestival", "Uten navn", "ingen", "", "", ""),
)


@pytest.fixture
def listed(fjell: Path) -> Book:
    file = document(fjell.parent / "tiltak.docx", "Handlingsplan", (), LIST)
    return drafted(fjell, file)


def test_equal_names_with_other_programmes_are_asked_about(
    fjell: Path, listed: Book
) -> None:
    confirm(listed, THINGS, plan_alone)
    confirm(listed, "Kolonner", same_in_all)
    confirm(listed, "Oppføringer", item)
    for line in (4, 5):
        listed.put("Oppføringer", line, Bekreftet="")
    told = refused(fjell, listed)
    assert "Oppføringer!I3: Raden har samme navn som Oppføringer!I2" in told
    assert "«Nordplus» her, «Erasmus+» der" in told
    assert "Oppføringer!J3" in told and "«Finland» her, «Tyskland» der" in told
    assert not (fjell / "data/strategy").exists()
    # One of them has another name: two activities.
    listed.put("Oppføringer", 3, Navn_bokmål="Finskreise", Navn_engelsk="Finnish")
    applied(fjell, listed)
    assert values(fjell, "activity", "Finskreise", "supportedUnder") == ["nordplus"]
    assert values(fjell, "activity", "Språkreise", "supportedUnder") == ["erasmus"]


# A sheet may be sorted: the word counts in whichever of the two rows it stands.
@pytest.mark.parametrize("said", [2, 3])
def test_equal_names_are_one_activity_when_a_person_says_so(
    fjell: Path, listed: Book, said: int
) -> None:
    confirm(listed, THINGS, plan_alone)
    confirm(listed, "Kolonner", same_in_all)
    confirm(listed, "Oppføringer", item)
    for line in (4, 5):
        listed.put("Oppføringer", line, Bekreftet="")
    listed.put("Oppføringer", said, **{"Samme aktivitet": "ja"})
    applied(fjell, listed)
    both = values(fjell, "activity", "Språkreise", "supportedUnder")
    assert both == ["erasmus", "nordplus"]
    again = run(fjell, "draft", "apply", str(listed.path), *NB)
    assert "Ingenting å skrive" in again.output


@pytest.mark.parametrize(
    ("written", "meant"), [("Nordpuls", "Nordplus"), ("Erasmus plus", "Erasmus+")]
)
def test_a_misspelt_programme_is_no_new_one(
    fjell: Path, listed: Book, written: str, meant: str
) -> None:
    confirm(listed, THINGS, plan_alone)
    confirm(listed, "Kolonner", same_in_all)
    confirm(listed, "Oppføringer", item)
    for line in (3, 5):
        listed.put("Oppføringer", line, Bekreftet="")
    # The first row has Erasmus+.
    listed.put("Oppføringer", 4, Program=written)
    assert f"Oppføringer!I4: Mente du «{meant}»?" in refused(fjell, listed)
    assert not (fjell / "data/strategy").exists()


def test_columns_without_a_place_are_told_and_shown(fjell: Path) -> None:
    file = document(fjell.parent / "tiltak.docx", "Handlingsplan", (), LIST)
    run(fjell, "source", "import", str(file))
    done = run(fjell, "draft", "--document", "tiltak", *NB).output
    assert "Kolonnen «Ansvarlig» har ingen plass i arbeidsboken. Cellene" in done
    assert "(«Rektor») vises i «Ellers i raden», ved 2 rader" in done
    assert "Kolonnen «Frist»" in done and "«2027»" in done
    book = Book(fjell / "drafts/tiltak.xlsx")
    shown = [r["Ellers i raden"] for r in book.rows("Oppføringer")]
    first, second = "Ansvarlig: Rektor; Frist: 2027", "Ansvarlig: Rådmann; Frist: 2028"
    assert shown == [first, second, "", ""]
    told = [c.value or "" for c in book.book["Les meg"]["A"]]
    assert any("Kolonnen «Ansvarlig»" in text for text in told)


def test_a_column_of_who_is_responsible_is_no_subject_area(fjell: Path) -> None:
    table = (("Kommune", "Kultur", "Ansvarlig"), ("Tynset", "Fjellsti", "Rektor"))
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", (), table)
    book = drafted(fjell, file)
    assert [r["Sitat"] for r in book.rows("Kolonner")] == ["Kultur"]
    (entry,) = book.rows("Oppføringer")
    assert (entry["Sitat"], entry["Ellers i raden"]) == (
        "Fjellsti",
        "Ansvarlig: Rektor",
    )
    assert not list(book.rows("Resten"))


def test_everybody_is_all_and_nobody_is_no_municipality(listed: Book) -> None:
    names = [r["Navn (bokmål)"] for r in listed.rows(THINGS)]
    assert names[1:] == ["Tynset", "Røros"]
    whose = {r["Sitat"]: r["Kommune"] for r in listed.rows("Oppføringer")}
    assert whose["Fellesmøte"] == "Tynset; Røros"
    assert whose["Ungdomsfestival"] == ""


def test_columns_of_programmes_are_read_as_programmes(fjell: Path) -> None:
    table = (("Kommune", "Erasmus+", "Kultur"), ("Tynset", "Språkår", "Fjellsti"))
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", (), table)
    read = {r["Sitat"]: r["Leses som"] for r in drafted(fjell, file).rows("Kolonner")}
    assert read == {"Erasmus+": "program", "Kultur": "fagområde"}


def test_rows_of_a_second_document_are_those_of_the_first(fjell: Path) -> None:
    table = (("Kommune", "Kultur"), ("Tynset", "Fjellsti"))
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", (), table)
    book = drafted(fjell, file)
    confirm(book, THINGS, plan_alone)
    confirm(book, "Kolonner", same_in_all)
    confirm(book, "Oppføringer", item)
    applied(fjell, book)
    table = (("Kommune", "Kultur"), ("TYNSET", "Skitur"))
    file = document(fjell.parent / "ny.docx", "Fjellet videre", (), table)
    again = drafted(fjell, file)
    assert [r["Navn (bokmål)"] for r in again.rows(THINGS)][1:] == ["Tynset"]
    assert not list(again.rows("Resten"))
    confirm(again, THINGS, plan_alone)
    again.put(THINGS, 2, Navn_engelsk="The next plan")
    confirm(again, "Oppføringer", item)
    applied(fjell, again)
    assert not faults(fjell)


def test_a_council_without_its_region_is_asked_for_it(fjell: Path) -> None:
    prose = ("Fjellrådet er samarbeidsorganet for Fjellregionen.",)
    table = (("Kommune", "Kultur"), ("Tynset", "Fjellsti"))
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", prose, table)
    book = drafted(fjell, file)
    council = {"Type": "interkommunalt politisk råd", "Navn_engelsk": "Council"}

    def thing(row: dict[str, str]) -> Mapping[str, str]:
        return council if row["Navn (bokmål)"] == "Fjellrådet" else plan_alone(row)

    line = confirm(book, THINGS, thing)
    told = refused(fjell, book)
    assert "«interkommunalt politisk råd» må høre til" in told
    at = next(n for n, r in enumerate(book.rows(THINGS), 2) if "Fjellråd" in r["Sitat"])
    book.put(THINGS, at, **{"Hører til": "Fjellregionen"})
    book.put(THINGS, line, Bekreftet="x", Type="samarbeidsregion", Sitat=prose[0],
             Navn_bokmål="Fjellregionen", Navn_engelsk="The Fells")  # fmt: skip
    applied(fjell, book)
    assert values(fjell, "organisation", "Fjellrådet", "cooperatesIn") == [
        "fjellregionen"
    ]


MANY = (
    ("Kommune", "Kultur"),
    *((name, f"Fjellsti {name}") for name in ("Tynset", "Røros", "Alvdal", "Tolga")),
)


def test_a_reading_that_the_check_would_refuse_is_refused_before_it_is_written(
    fjell: Path,
) -> None:
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", (), MANY)
    book = drafted(fjell, file)
    confirm(book, THINGS, plan_alone)
    confirm(book, "Kolonner", same_in_all)
    reading = "Redaktøren vet det."
    abroad = {"Motpart i": "Sverige", "Program": "Interreg"}
    read = {"Lesning_bokmål": reading, "Lesning_engelsk": "The editor knows."}
    confirm(book, "Oppføringer", lambda r: {**item(r), **abroad, **read})
    told = refused(fjell, book)
    assert told.count("Den samme lesningen står ved 4 avsnitt; høyst 3") == 4
    assert not (fjell / "data/strategy").exists()
    # One row may say several things by one reading, and three rows the same.
    own = {"Lesning_bokmål": "Tolga alene.", "Lesning_engelsk": "Tolga alone."}
    book.put("Oppføringer", 5, **own)
    applied(fjell, book)
    assert not faults(fjell)


def test_choices_of_passages_that_were_taken_away_by_hand_are_chosen_anew(
    fjell: Path,
) -> None:
    prose = ("Tynset og Røros er kommunene i Fjellet.",)
    file = document(fjell.parent / "plan.docx", "Fjellet i verden", prose, TABLE)
    book = drafted(fjell, file)
    line = confirm(book, THINGS, plan_alone)
    for at, name in enumerate(("Tynset", "Røros"), line):
        book.put(THINGS, at, Bekreftet="x", Type="kommune", Sitat=prose[0],
                 Navn_bokmål=name, Navn_engelsk=name)  # fmt: skip
    applied(fjell, book)
    path = fjell / "data/strategy/region.ttl"
    text = path.read_text(encoding="utf-8")
    chosen = fjell / "data/provenance/region.ttl"
    sentence = known_of(fjell).resting_on
    assert sentence and chosen.exists()
    # The passage of the heading stays, that of the sentence goes.
    lines = text.splitlines()
    first = next(n for n, x in enumerate(lines) if "glo:statedIn" in x and "," in x)
    kept, _, _ = lines[first].partition(" , ")
    other = lines[first].rpartition(" , ")[2].rstrip(" ;.")
    end = lines[first][-1]
    lines[first] = f"{kept.rpartition(' ')[0]} {other} {end}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert any(f.startswith("foreign") for f in faults(fjell))
    run(fjell, "anchor")
    assert not any(f.startswith(("foreign", "choice")) for f in faults(fjell))


@pytest.mark.parametrize(
    ("sentence", "placed"),
    [
        ("Fjellet består av kommunene Tynset og Røros.", ["fjellet"]),
        ("Fjellet består av kommunene Tynset og Røros, unntatt Trysil.", []),
        ("Fjellet er et samarbeid mellom kommunene Tynset og Røros.", ["fjellet"]),
        ("Fjellet består ikke av Tynset og Røros.", []),
        ("Fjellet ligger ved siden av Tynset.", []),
        ("Fjellet ligger mellom kommunene Tynset og Røros.", []),
    ],
)
def test_a_region_has_the_municipalities_that_its_sentence_counts_up(
    fjell: Path, sentence: str, placed: list[str]
) -> None:
    file = document(fjell.parent / "plan.docx", "Plan", (sentence,), TABLE)
    book = drafted(fjell, file)
    at = confirm(book, THINGS, lambda r: {**english(r), **plan_alone(r)})
    region = {"Sitat": sentence, "Type": "samarbeidsregion", "Navn_bokmål": "Fjellet"}
    book.put(THINGS, at, Bekreftet="x", Navn_engelsk="Fjellet", **region)
    applied(fjell, book)
    assert values(fjell, "municipality", "Tynset", "withinRegion") == placed


@pytest.mark.parametrize("but", ["unntatt", "med unntak av", "bortsett fra"])
def test_a_sentence_with_an_exception_proposes_no_member(fjell: Path, but: str) -> None:
    said = f"Alle kommunene er medlemmer av Fjellnettverket, {but} Tynset."
    file = document(fjell.parent / "plan.docx", "Plan", (said,), TABLE)
    (row,) = drafted(fjell, file).rows("Medlemskap")
    assert (row["Medlem"], row["Sitat"]) == ("", said)


def test_a_place_that_the_editor_chose_says_why(fjell: Path) -> None:
    file = document(fjell.parent / "plan.docx", "Plan", (), TABLE)
    book = drafted(fjell, file)
    confirm(book, THINGS, lambda r: {**english(r), **plan_alone(r)})
    confirm(book, "Kolonner", same_in_all)
    given = {"Type": "prosjekt", "Sikkerhet": "Redaktørens lesning"}
    confirm(book, "Oppføringer", lambda r: {**english(r), **given})
    assert "leseren må få vite hvorfor" in refused(fjell, book)
    why = {"Lesning_bokmål": "Raden {} er delt.", "Lesning_engelsk": "Row {} is split."}
    for at, _ in enumerate(list(book.rows("Oppføringer")), 2):
        book.put("Oppføringer", at, **{k: v.format(at) for k, v in why.items()})
    applied(fjell, book)
    # The dash and the no are left to the sheet of the rest.
    assert {f.partition(" ")[0] for f in faults(fjell)} == {"coverage"}
    known = known_of(fjell)
    notes = [t for t in known.triples if t.predicate.value == SKOS + "editorialNote"]
    entries = [t for t in notes if "/entry/" in t.subject.value]
    assert sorted(t.object.language for t in entries) == ["en", "en", "nb", "nb"]


@pytest.mark.parametrize(
    ("whole", "words", "found"),
    [
        ("Ringkøbing-Skjern\nKommune\nUniversitetet", "Ringkøbing-Skjern Kommune",
         "Ringkøbing-Skjern\nKommune"),
        ("Erasmus+\nungdoms-\nkoordinator", "Erasmus+", "Erasmus+"),
        ("Interreg\n(Aurora)", "Interreg (Aurora)", "Interreg\n(Aurora)"),
        ("ungdoms-\nkoordinator", "ungdomskoordinator", "ungdoms-\nkoordinator"),
        ("Interreg", "Nordplus", ""),
        ("Interreg", "–", ""),
    ],
)  # fmt: skip
def test_words_are_quoted_as_the_lines_of_a_cell_have_them(
    whole: str, words: str, found: str
) -> None:
    assert words_in(whole, words) == found


def test_what_rows_say_and_why_is_one_change(
    fjell: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at any moment, the project has both or neither."""
    file = document(fjell.parent / "plan.docx", "Plan", (), TABLE)
    book = drafted(fjell, file)
    confirm(book, THINGS, lambda r: {**english(r), **plan_alone(r)})
    confirm(book, "Kolonner", same_in_all)
    why = {"Lesning_bokmål": "Lest av oss.", "Lesning_engelsk": "Read by us."}
    confirm(book, "Oppføringer", lambda r: {**english(r), "Type": "prosjekt", **SURE})
    book.put("Oppføringer", 2, **{"Motpart i": "Danmark"}, **why)
    book.save()
    wrote: list[set[str]] = []

    def write(root: Path, changes: list[FileChange], **others: str) -> None:
        wrote.append({c.path.relative_to(root).parts[1] for c in changes})
        write_together(root, changes, **others)

    monkeypatch.setattr("glokal.cli.draft.write_together", write)
    run(fjell, "draft", "apply", str(book.path), *NB)
    assert len(wrote) == 1 and {"strategy", "provenance"} <= wrote[0]
