"""A workbook is corrected and applied again: what it holds is what the project says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from glokal.cli.main import cli
from glokal.core.errors import InputError
from glokal.core.namespaces import GLO, RDFS
from glokal.rdf.terms import text_of
from tests.draft_book import Book
from tests.drafted_region import (
    NB,
    begin,
    confirm,
    document,
    drafted,
    known_of,
    run,
    same_in_all,
)

ENTRIES, THINGS, ELEMENTS = "Oppføringer", "Planen og steder", "Elementer"
MEMBERS, REST = "Medlemskap", "Resten"
TABLE = (
    ("Kommune", "Skole", "Kultur"),
    ("Tynset", "Elevutveksling i Italia (Erasmus+)", "Korturné i Island"),
    ("Røros", "Elevutveksling i Italia (Erasmus+)", "–"),
)
PROSE = (
    "# Mål",
    "* Elevene skal møte verden.",
    "# Nettverk",
    "Tynset er medlem av Alpine Towns.",
)
TRIP = "Elevutveksling"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return confirmed(tmp_path / "fjell", tmp_path / "plan.docx")


def confirmed(folder: Path, file: Path) -> Book:
    """Return a workbook, each row of it confirmed, of a new project."""
    begin(folder, "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    made = drafted(folder, document(file, "Plan", PROSE, TABLE))
    plan = {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
    confirm(made, THINGS, lambda r: plan if r["Nøkkel"].startswith("plan/") else {})
    confirm(made, "Kolonner", same_in_all)
    goal = {
        "Navn_bokmål": "Elever ut", "Navn_engelsk": "Pupils abroad",
        "Ordlyd_engelsk": "Pupils shall meet the world.",
    }  # fmt: skip
    confirm(made, ELEMENTS, lambda _: goal)
    confirm(made, ENTRIES, _entry)
    network = {
        "Medlem": "Tynset", "Medlem av": "Alpine Towns",
        "Typen til det": "samarbeidsnettverk",
    }  # fmt: skip
    confirm(made, MEMBERS, lambda _: network)
    made.same("Alpine Towns")
    made.save()
    return made


def _entry(row: dict[str, str]) -> dict[str, str]:
    trip = row["Sitat"].startswith(TRIP)
    return {
        "Navn_bokmål": TRIP if trip else "Korturné",
        "Navn_engelsk": "Exchange" if trip else "Choir tour",
        "Type": "utveksling" if trip else "prosjekt",
        "Program": "Erasmus+" if trip else "",
        "Motpart i": "Italia" if trip else "Island",
        "Sikkerhet": "Sikker plassering",
    }


def folder_of(book: Book) -> Path:
    return book.path.parent.parent


def apply(book: Book) -> str:
    book.save()
    done = run(folder_of(book), "draft", "apply", str(book.path), *NB)
    assert done.exit_code == 0, done.output
    return done.output


def lines(book: Book, sheet: str, words: str) -> list[int]:
    """Return the numbers of the rows that quote some words."""
    rows = enumerate(book.rows(sheet), 2)
    found = [number for number, row in rows if row["Sitat"].startswith(words)]
    assert found, [*book.rows(sheet)]
    return found


def change(book: Book, sheet: str, words: str, **cells: str) -> None:
    for number in lines(book, sheet, words):
        book.put(sheet, number, **cells)


def data(folder: Path) -> dict[str, bytes]:
    """Return what has something in it; a file may have lost the last of it."""
    parts = (folder / "data", folder / "drafts")
    files = [p for part in parts for p in part.rglob("*") if p.is_file()]
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in files
        if p.suffix != ".xlsx" and p.stat().st_size
    }


def same(one: dict[str, bytes], other: dict[str, bytes]) -> bool:
    different = [n for n in {*one, *other} if one.get(n) != other.get(n)]
    assert not different, [
        (n, {*one.get(n, b"").splitlines()} ^ {*other.get(n, b"").splitlines()})
        for n in different
    ]
    return True


def values(folder: Path, path: str, name: str, prop: str) -> list[str]:
    known = known_of(folder)
    return sorted(
        text_of(t.object) for t in known.values(known.named(path, name), prop)
    )


def country(book: Book) -> None:
    change(book, ENTRIES, TRIP, **{"Motpart i": "Spania"})


def programme(book: Book) -> None:
    change(book, ENTRIES, TRIP, Program="Nordplus Junior")


def english(book: Book) -> None:
    change(book, ENTRIES, TRIP, Navn_engelsk="Pupil exchange")


def kind(book: Book) -> None:
    change(book, ENTRIES, TRIP, Type="prosjekt")


def wording(book: Book) -> None:
    change(
        book, ELEMENTS, "• Elevene", Ordlyd_engelsk="All pupils shall meet the world."
    )


def declined(book: Book) -> None:
    change(book, ENTRIES, "Korturné", Bekreftet="nei")


def no_member(book: Book) -> None:
    change(book, MEMBERS, "Tynset", Bekreftet="nei")


def emptied(book: Book) -> None:
    change(book, ENTRIES, "Korturné", Bekreftet="")


def goal_emptied(book: Book) -> None:
    change(book, ELEMENTS, "• Elevene", Bekreftet="")


@pytest.mark.parametrize(
    "correction",
    [
        country, programme, english, kind, wording, declined, no_member, emptied,
        goal_emptied,
    ],
)  # fmt: skip
def test_a_correction_gives_what_it_would_have_given_at_once(
    book: Book, tmp_path: Path, correction: Callable[[Book], None]
) -> None:
    folder = folder_of(book)
    apply(book)
    before = data(folder)
    correction(book)
    told = apply(book)
    assert "Tatt bort" in told and "Ingenting å skrive" not in told
    after = data(folder)
    assert after != before
    assert "Ingenting å skrive" in apply(book)
    assert data(folder) == after
    other = confirmed(tmp_path / "other" / "fjell", tmp_path / "plan.docx")
    correction(other)
    apply(other)
    assert same(data(folder_of(other)), after)


def test_what_was_taken_away_is_told_by_name_and_comes_back(book: Book) -> None:
    folder = folder_of(book)
    apply(book)
    before = data(folder)
    declined(book)
    no_member(book)
    told = apply(book)
    (line,) = [line for line in told.splitlines() if line.startswith("Tatt bort")]
    assert "Korturné" in line and "Alpine Towns" in line and TRIP not in line
    known = known_of(folder)
    assert not known.named("activity", "Korturné")
    assert not known.named("organisation", "Alpine Towns")
    assert not known.named("country", "Island")
    change(book, ENTRIES, "Korturné", Bekreftet="x")
    change(book, MEMBERS, "Tynset", Bekreftet="x")
    apply(book)
    assert same(data(folder), before)


def test_a_row_that_is_emptied_is_a_draft_again(book: Book) -> None:
    apply(book)
    emptied(book)
    assert "1 er fortsatt utkast" in apply(book)
    draft = (folder_of(book) / "drafts/plan.ttl").read_text(encoding="utf-8")
    assert "entry:tynset-kultur-1" in draft


def test_what_is_written_by_hand_stays(book: Book) -> None:
    folder = folder_of(book)
    apply(book)
    file = folder / "data/strategy/activities.ttl"
    text = file.read_text(encoding="utf-8")
    assert '"Exchange"@en' in text and '"Choir tour"@en' in text
    text = text.replace('"Exchange"@en', '"School exchange"@en')
    text = text.replace('"Choir tour"@en', '"Choir tour"@en, "Kórferð"@is')
    file.write_text(f"# Read by two.\n{text}", encoding="utf-8")
    assert run(folder, "fmt").exit_code == 0
    before = data(folder)
    assert "Ingenting å skrive" in apply(book)
    assert data(folder) == before
    country(book)
    apply(book)
    names = values(folder, "activity", TRIP, RDFS + "label")
    assert names == [TRIP, "School exchange"]
    where = values(folder, "activity", TRIP, GLO + "hasCounterpartIn")
    assert [iri.rpartition("/")[2] for iri in where] == ["spania"]
    assert "# Read by two." in file.read_text(encoding="utf-8")
    english(book)
    told = apply(book)
    assert "endret for hånd" in told and "«School exchange»" in told
    assert values(folder, "activity", TRIP, RDFS + "label") == names
    declined(book)
    told = apply(book)
    assert "«Korturné» er tatt bort, men har også noe som er skrevet for hånd" in told
    assert '"Kórferð"@is' in file.read_text(encoding="utf-8")


def test_a_reading_goes_with_what_it_was_of(book: Book) -> None:
    folder = folder_of(book)
    why = {"Lesning_bokmål": "Spania er landet.", "Lesning_engelsk": "It is Spain."}
    change(book, ENTRIES, TRIP, **{"Motpart i": "Spania"}, **why)
    apply(book)
    run(folder, "anchor")
    readings = folder / "data/provenance/activities.ttl"
    assert "Spania er landet." in readings.read_text(encoding="utf-8")
    change(book, ENTRIES, TRIP, **{"Motpart i": "Italia"}, **dict.fromkeys(why, ""))
    apply(book)
    assert not readings.exists() or "Spania" not in readings.read_text(encoding="utf-8")


def test_one_document_keeps_what_another_says(book: Book, tmp_path: Path) -> None:
    folder = folder_of(book)
    apply(book)
    table = (("Kommune", "Kultur"), ("Tynset", "Korturné i Island"))
    more = drafted(folder, document(tmp_path / "tiltak.docx", "Tiltak", (), table))
    confirm(
        more, THINGS, lambda _: {"Type": "strategisk plan", "Navn_engelsk": "Actions"}
    )
    confirm(more, "Kolonner", same_in_all)
    confirm(more, ENTRIES, _entry)
    apply(more)
    declined(book)
    apply(book)
    known = known_of(folder)
    tour = known.named("activity", "Korturné")
    stated = {text_of(t.object) for t in known.values(tour, GLO + "statedIn")}
    assert len(stated) == 1 and "tiltak" in stated.pop()
    assert {text_of(t.object) for t in known.values(tour, RDFS + "label")} == {
        "Korturné",
        "Choir tour",
    }
    assert known.named("country", "Island")
    # And the other way: the first one's own is no longer anybody's.
    change(more, ENTRIES, "Korturné", Bekreftet="nei")
    apply(more)
    known = known_of(folder)
    assert not known.named("activity", "Korturné")
    assert known.named("activity", TRIP) and known.named("municipality", "Tynset")


def test_a_later_workbook_of_what_was_left_keeps_the_first(book: Book) -> None:
    folder = folder_of(book)
    emptied(book)
    apply(book)
    first = book.path.with_name("first.xlsx")
    book.path.rename(first)
    assert run(folder, "draft", *NB).exit_code == 0
    later = Book(book.path)
    confirm(later, ENTRIES, _entry)
    assert "Tatt bort" not in apply(later)
    known = known_of(folder)
    assert known.named("activity", TRIP) and known.named("activity", "Korturné")
    change(later, ENTRIES, "Korturné", Bekreftet="nei")
    apply(later)
    known = known_of(folder)
    assert known.named("activity", TRIP) and not known.named("activity", "Korturné")


def test_begun_again_all_of_it_is_written_anew(book: Book) -> None:
    """What the guide says: the files of the drafts go, the workbook stays."""
    folder = folder_of(book)
    apply(book)
    before = data(folder)
    for part in ("strategy", "reference", "provenance"):
        shutil.rmtree(folder / "data" / part, ignore_errors=True)
    (folder / "data/codes.ttl").unlink()
    apply(book)
    assert same(data(folder), before)


def test_a_typed_programme_that_many_plans_name_has_its_names_and_sphere(
    book: Book,
) -> None:
    change(book, ENTRIES, "Korturné", Program="Nordplus Voksen", Samarbeidssfære="")
    apply(book)
    folder = folder_of(book)
    named = values(folder, "programme", "Nordplus Voksen", RDFS + "label")
    assert named == ["Nordplus Adult", "Nordplus Voksen"]
    (sphere,) = values(folder, "programme", "Nordplus Voksen", GLO + "inSphere")
    assert sphere.endswith("/cooperation-sphere/nordic")


def test_a_place_lies_in_a_country_and_in_nothing_else(book: Book) -> None:
    """A country within a country, added as a place, would be refused by the check."""
    own = {"Bekreftet": "x", "Type": "sted", "Navn_bokmål": "", "Navn_engelsk": ""}
    tour = lines(book, ENTRIES, "Korturné")[0]
    words = next(r["Sitat"] for r in book.rows(ENTRIES) if r["Sitat"][:3] == "Kor")
    at = sum(1 for _ in book.rows(THINGS)) + 2
    for name, above in (("Oban", "Skottland"), ("Skottland", "Storbritannia")):
        named = {"Navn_bokmål": name, "Navn_engelsk": name, "Hører til": above}
        book.put(THINGS, at, **own | named, Sitat=words)
        at += 1
    book.put(ENTRIES, tour, **{"Motpart i": "Oban"})
    book.save()
    told = CliRunner().invoke(
        cli,
        ["--project", str(folder_of(book)), "draft", "apply", str(book.path), *NB],
    )
    assert told.exit_code == 1
    assert "«Skottland» er ikke noe land" in told.output
    assert not (folder_of(book) / "data/strategy").exists()
    book.put(THINGS, at - 2, **{"Hører til": "Storbritannia"})
    book.put(THINGS, at - 1, Bekreftet="nei")
    apply(book)
    known = known_of(folder_of(book))
    (country,) = known.values(known.named("place", "Oban"), GLO + "inCountry")
    assert text_of(country.object).endswith("/country/storbritannia")


_OUTSIDE = (
    '{"workbooks": [{"rows": [], "passages": [], "added": {}, "removed": {"%s": []}}]}'
)


@pytest.mark.parametrize(
    "text",
    [
        '{"workbooks": [1]}',
        "{",
        _OUTSIDE % "data/../../x.ttl",
        _OUTSIDE % "/data/x.ttl",
        _OUTSIDE % ".github/x.ttl",
        _OUTSIDE % "data/x.toml",
    ],
)
def test_a_record_that_cant_be_read_is_told(book: Book, text: str) -> None:
    folder = folder_of(book)
    apply(book)
    (folder / "drafts/plan.applied.json").write_text(text)
    with pytest.raises(InputError, match="can't be read"):
        run(folder, "draft", "apply", str(book.path), *NB)
