"""Goals and measures that a plan writes as headings, and the lists below them."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from glokal.source.draft_labels import label_before
from glokal.source.draft_vocabulary import DraftVocabulary
from tests.draft_book import Book
from tests.drafted_region import NB, applied, begin, confirm, drafted, known_of, run

ELEMENTS = "Elementer"
PLAN = (
    ("2", "3 Mål og delmål"),
    ("2", "Mål 1: Flere unge reiser ut"),
    ("", "Vi skal oppnå dette ved å:"),
    ("*", "sende elever"),
    ("3", "Delmål 1.1 Alle skoler har en venn"),
    ("*", "skrive brev"),
    ("3", "Tiltak"),
    ("*", "Felles reisekasse"),
    ("2", "Mål 2"),
    ("", "Næringslivet deltar i prosjekter."),
    ("", "Det skjer hvert år."),
    ("*", "søke midler"),
    ("2", "Satsingsområde 3 – Klima"),
    ("*", "måle utslipp"),
    ("2", "Mål for 2027–2031"),
    ("", "For å nå målet skal vi:"),
    ("*", "gå sammen"),
    ("2", "Delmål"),
    ("*", "Ti prosjekter i året"),
    ("2", "Oppfølging"),
    ("", "Mål 1 er det viktigste."),
    ("", "Hovedmål: Fjellet er kjent i Europa."),
    ("*", "– betyr ingenting"),
)
GOAL, MOVE, AREA = "mål", "strategisk grep", "strategisk område"
EXPECTED = [
    (GOAL, "1", "Flere unge reiser ut"),
    ("", "", "sende elever"),
    (GOAL, "", "Alle skoler har en venn"),
    ("", "", "skrive brev"),
    (MOVE, "", "Felles reisekasse"),
    (GOAL, "2", "Næringslivet deltar i prosjekter."),
    ("", "", "søke midler"),
    (AREA, "3", "Klima"),
    ("", "", "måle utslipp"),
    ("", "", "gå sammen"),
    (GOAL, "", "Ti prosjekter i året"),
    (GOAL, "", "Fjellet er kjent i Europa."),
]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    made = docx.Document()
    made.add_heading("Fjellet i verden", 0)
    for kind, text in PLAN:
        if kind.isdigit():
            made.add_heading(text, int(kind))
        else:
            made.add_paragraph(text, style="List Bullet" if kind else None)
    file = tmp_path / "plan.docx"
    made.save(str(file))
    return drafted(folder, file)


def read(book: Book) -> list[tuple[str, str, str]]:
    titles = ("Type", "Nummer", "Ordlyd (bokmål)")
    first, second, third = titles
    return [(r[first], r[second], r[third]) for r in book.rows(ELEMENTS)]


def test_numbered_headings_are_elements_and_give_their_lists_no_type(
    book: Book,
) -> None:
    assert read(book) == EXPECTED


def test_a_goal_in_a_heading_is_confirmed_or_declined_for_good(
    book: Book, tmp_path: Path
) -> None:
    folder = tmp_path / "fjell"
    plan = {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
    confirm(book, "Planen og steder", lambda r: plan)
    english = {"Navn_engelsk": "More go", "Ordlyd_engelsk": "More go abroad"}
    book.put(ELEMENTS, 2, Bekreftet="x", **english)
    book.put(ELEMENTS, 4, Bekreftet="nei")
    applied(folder, book)
    known = known_of(folder)
    assert known.named("goal", "Flere unge reiser ut")
    book.path.unlink()
    again = read(drafted_again(folder, book.path))
    assert again == [EXPECTED[1], *EXPECTED[3:]]


def drafted_again(folder: Path, path: Path) -> Book:
    assert run(folder, "draft", "--document", "plan", *NB).exit_code == 0
    return Book(path)


@pytest.mark.parametrize(
    ("language", "heading", "read_as"),
    [
        ("nb", "3.1 MÅL 4: Klima", ("Goal", "4", "Klima")),
        ("nb", "Mål nr. 2 – Kultur", ("Goal", "2", "Kultur")),
        ("nn", "Delmål 2.1: Elevar reiser", ("Goal", "", "Elevar reiser")),
        ("nn", "Føremål: Ei open bygd", ("Purpose", "", "Ei open bygd")),
        ("sv", "Mål 1. Unga reser", ("Goal", "1", "Unga reser")),
        ("sv", "Insats 12 – Vänskolor", ("StrategicMove", "12", "Vänskolor")),
        ("sv", "Vision: Öppet fjäll", ("Vision", "", "Öppet fjäll")),
        ("en", "Goal 3: Friends", ("Goal", "3", "Friends")),
        ("nb", "Mål 2", ("Goal", "2", "")),
        ("nb", "Mål 2030", None),
        ("nb", "Mål og tiltak", None),
        ("nb", "Mål 1 og 2", None),
        ("nb", "Målene", None),
        ("nb", "4 Nettverk", None),
    ],
)
def test_a_label_stands_before_what_it_names(
    language: str, heading: str, read_as: tuple[str, str, str] | None
) -> None:
    label = label_before(heading, DraftVocabulary(language), heading=True)
    assert (label and (label.kind, label.number, label.text)) == read_as
