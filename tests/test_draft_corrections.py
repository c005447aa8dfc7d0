"""Two things in one cell, words that are corrected, and sentences that deny."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from glokal.cli.main import cli
from glokal.core.errors import InputError
from glokal.core.namespaces import GLO
from glokal.rdf.terms import text_of
from glokal.source.draft_known import KnownThings
from glokal.source.draft_memberships import MembershipReader
from glokal.source.draft_passages import PlaceNames
from glokal.source.draft_vocabulary import DraftVocabulary
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

ENTRIES, THINGS = "Oppføringer", "Planen og steder"
SPAIN, FRIENDS = "Erasmus+ – tur til Spania", "Nordplus Junior – brevvenner"
BOTH = f"{SPAIN}; {FRIENDS}"
TABLE = (
    ("Kommune", "Skole", "Kultur"),
    ("Tynset", FRIENDS, "–"),
    ("Røros", BOTH, "Vennskapsby i Finland"),
)
PROJECT = {"Type": "prosjekt", "Sikkerhet": "Sikker plassering"}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    made = drafted(folder, document(tmp_path / "plan.docx", "Plan", (), TABLE))
    plan = {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
    confirm(made, THINGS, lambda r: plan if r["Nøkkel"].startswith("plan/") else {})
    confirm(made, "Kolonner", same_in_all)
    names = {FRIENDS: "Brevvenner", BOTH: "Spaniatur"}
    last = confirm(
        made,
        ENTRIES,
        lambda r: {
            **PROJECT,
            "Navn_bokmål": names.get(r["Sitat"], r["Sitat"]),
            "Navn_engelsk": names.get(r["Sitat"], r["Sitat"]),
            "Program": "Erasmus+" if r["Sitat"] == BOTH else r["Program"],
        },
    )
    friends = {"Navn_bokmål": "Brevvenner", "Navn_engelsk": "Brevvenner"}
    made.put(
        ENTRIES, last, **PROJECT, **friends, Bekreftet="x", Sitat=FRIENDS,
        Kommune="Røros", Fagområde="Skole", Program="Nordplus Junior",
    )  # fmt: skip
    made.last = last  # type: ignore[attr-defined]
    return made


def folder_of(book: Book) -> Path:
    return book.path.parent.parent


def refused(book: Book) -> str:
    book.save()
    args = ["--project", str(folder_of(book)), "draft", "apply", str(book.path), *NB]
    told = CliRunner().invoke(cli, args)
    assert told.exit_code == 1, told.output
    return told.output


def entries(folder: Path) -> list[tuple[str, str, str, str]]:
    """Return who has what, by which words of which passage."""
    known = known_of(folder)
    found = []
    for t in list(known.triples):
        if t.predicate.value != GLO + "entryOf":
            continue
        iri = text_of(t.subject)

        def one(prop: str, iri: str = iri) -> str:
            (value,) = known.values(iri, GLO + prop)
            return text_of(value.object)

        whose = text_of(t.object).rpartition("/")[2]
        about = one("refersTo").rpartition("/")[2]
        found.append((whose, about, one("exactQuote"), one("statedIn")))
    return sorted(found)


def test_two_activities_of_one_cell_are_two_entries_by_their_own_words(
    book: Book,
) -> None:
    folder = folder_of(book)
    applied(folder, book)
    of = [e for e in entries(folder) if e[1] in ("brevvenner", "spaniatur")]
    assert [(who, what, words) for who, what, words, _ in of] == [
        ("roros", "brevvenner", FRIENDS),
        ("roros", "spaniatur", BOTH),
        ("tynset", "brevvenner", FRIENDS),
    ]
    # Both of Røros rest on its own cell, not on the one of Tynset with the same words.
    assert of[0][3] == of[1][3] != of[2][3]
    assert not [f for f in faults(folder) if "coverage" not in f and "silent" not in f]
    again = run(folder, "draft", "apply", str(book.path), *NB)
    assert again.exit_code == 0 and "Ingenting å skrive" in again.output


def test_a_second_row_with_the_same_words_is_refused_with_both_places(
    book: Book,
) -> None:
    last = book.last  # type: ignore[attr-defined]
    book.put(ENTRIES, last, Sitat=BOTH)
    told = refused(book)
    assert f"Oppføringer!C{last}: Ordene er brukt i Oppføringer!C3" in told
    assert "«Spaniatur»" in told and "sitér i hver rad" in told
    assert not (folder_of(book) / "data/strategy").exists()


@pytest.mark.parametrize("with_key", [True, False])
def test_corrected_words_take_the_place_of_those_before(
    book: Book, with_key: bool
) -> None:
    folder = folder_of(book)
    last = book.last  # type: ignore[attr-defined]
    line, words, corrected = (
        (4, "Vennskapsby i Finland", SPAIN) if with_key else (last, FRIENDS, "Røros")
    )
    if not with_key:
        book.put(ENTRIES, last, Navn_bokmål="Skoletur", Navn_engelsk="Skoletur")
    applied(folder, book)
    before = entries(folder)
    book.put(ENTRIES, line, Sitat=corrected)
    applied(folder, book)
    after = entries(folder)
    assert len(after) == len(before)
    (old,) = {*before} - {*after}
    (new,) = {*after} - {*before}
    assert old[:2] == new[:2] and old[2] == words and old[3] != new[3]
    known = known_of(folder)
    (activity,) = [i for i in known.of_path("activity") if i.endswith(f"/{new[1]}")]
    assert [text_of(t.object) for t in known.values(activity, GLO + "statedIn")] == [
        new[3]
    ]
    part = f"{known.things}participation/{new[1]}-{new[0]}"
    affirmed = [text_of(t.object) for t in known.values(part, GLO + "affirmedIn")]
    assert affirmed == [new[3]]
    told = [f for f in faults(folder) if "coverage" not in f and "silent" not in f]
    assert not told
    again = run(folder, "draft", "apply", str(book.path), *NB)
    assert "Ingenting å skrive" in again.output


def test_a_workbook_without_a_sheet_is_refused_by_its_name(book: Book) -> None:
    del book.book["Medlemskap"]
    book.save()
    with pytest.raises(InputError, match="mangler ark: Medlemskap"):
        run(folder_of(book), "draft", "apply", str(book.path), *NB)


def test_a_confirmed_plan_without_a_type_is_told_as_that(tmp_path: Path) -> None:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    prose = ("# Mål", "* Flere reiser ut", "# Partner", "* Universitetet i Nord")
    book = drafted(folder, document(tmp_path / "plan.docx", "Plan", prose, TABLE))
    book.put(THINGS, 2, Bekreftet="x", Navn_engelsk="Plan")
    english = {"Navn_engelsk": "Goal", "Ordlyd_engelsk": "Goal"}
    book.put("Elementer", 2, Bekreftet="x", **english)
    book.put("Medspillere", 2, Bekreftet="x", Gruppe="Ukjente")
    told = refused(book)
    place = f"{THINGS}!D2"
    assert f"mangler type. Velg typen i {place}" in told
    assert "Planen er ikke bekreftet" not in told
    # The option is called what the list calls it.
    assert "lest som «medspillergruppe»" in told


def test_a_sentence_that_denies_proposes_nobody(tmp_path: Path) -> None:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    prose = (
        "Tynset er medlem av Fjellnettet.",
        "Røros er ikke medlem av Fjellnettet.",
        "# Partnere",
        "* Universitetet i Nord",
        "* Ikke Universitetet i Sør",
    )
    table = (*TABLE, ("Alvdal", "Deltar ikke i Erasmus+", "Kor"))
    book = drafted(folder, document(tmp_path / "plan.docx", "Plan", prose, table))
    assert [r["Medlem"] for r in book.rows("Medlemskap")] == ["Tynset"]
    listed = [r["Sitat"] for r in book.rows("Medspillere")]
    assert ["Universitetet" in text for text in listed] == [True]
    assert "Sør" not in listed[0]
    assert "Deltar ikke i Erasmus+" not in {r["Sitat"] for r in book.rows(ENTRIES)}
    left = {r["Sitat"] for r in book.rows("Resten")}
    assert {"Røros er ikke medlem av Fjellnettet.", "Deltar ikke i Erasmus+"} <= left


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nb", "Vik er ikke medlem av noe nettverk"),
        ("nn", "Vik er ikkje medlem i noko nettverk."),
        ("nn", "Ingen av kommunane er medlem i Nettet."),
        ("sv", "Eda kommun är inte medlem i något nätverk."),
        ("en", "Vik isn’t a member of any network."),
    ],
)
def test_no_membership_is_read_in_what_denies_one(language: str, text: str) -> None:
    names = PlaceNames(KnownThings((), ""), (), language)
    assert MembershipReader(names).network(text) is None


def test_headings_are_known_in_each_language_of_the_words() -> None:
    for language in ("nb", "nn", "sv", "en", "de"):
        words = DraftVocabulary(language)
        for heading in ("Partner", "Partnar", "Partners"):
            assert words.role(heading) == "partner", (language, heading)
        assert words.role("Kommune") == words.role("Municipality") == "who"
        assert words.kind_of_element("Målsetjingar") == "Goal"
        assert words.lists_partners("Samarbeidspartnere")
