"""Two tables under one heading stay two: in the text, the draft and on the page."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site.graph_view import GraphView
from glokal.site.pages.strategy_text import read_sections
from glokal.source.draft_vocabulary import are_headings
from glokal.source.extraction.blocks import Word, lines_of
from glokal.source.extraction.documents import read_document
from glokal.source.extraction.passages import CutPassage, cut_passages
from glokal.source.extraction.tables import PageTable, TableRow, parted
from tests.draft_book import Book
from tests.drafted_region import NB, begin, run

ACTIVITY = (
    ("Kommune", "Skole", "Næring"),
    ("Nordøy", "Brevvenner i Nuuk", "Fiske uten grenser"),
    ("Østeng", "", ""),
)
AGAIN = (
    ("Kommune", "Skole", "Næring"),
    ("Nordøy", "Teater", ""),
    ("Østeng", "", "Torg"),
)


def document(path: Path, between: str = "") -> Path:
    made = docx.Document()
    made.add_heading("Solvik i verden", 0)
    made.add_heading("Aktivitet", 1)
    for lines in (ACTIVITY, AGAIN):
        table = made.add_table(0, 3)
        for line in lines:
            for cell, text in zip(table.add_row().cells, line, strict=True):
                cell.text = text
        made.add_paragraph(between)
    made.save(str(path))
    return path


def cut(path: Path) -> tuple[CutPassage, ...]:
    read = read_document(path.read_bytes(), path.name)
    return cut_passages(read.extraction, "nb", ("nb", "en")).passages


@pytest.mark.parametrize("between", ("", "Dette kom til senere."))
def test_the_page_and_the_draft_have_two_tables(tmp_path: Path, between: str) -> None:
    folder = begin(tmp_path / "solvik", "Solvik", "Solvikrådet", "NOR", "nb", "en")
    path = document(tmp_path / "plan.docx", between)
    assert run(folder, "source", "import", str(path)).exit_code == 0
    view = GraphView(Workspace(load_project(folder)))
    of = read_sections(view, view.instances("SourcePassage"))
    (section,) = (section for section in of if section.tables)
    assert [len(table.columns) for table, _ in section.tables] == [2, 2]
    items = [sum(map(len, table.cells.values())) for table, _ in section.tables]
    assert items == [2, 2]
    assert [len(after) for _, after in section.tables] == [bool(between)] * 2
    assert run(folder, "draft", *NB).exit_code == 0
    rows = list(Book(folder / "drafts/plan.xlsx").rows("Oppføringer"))
    # The places are the same; no entry is of the other table's.
    named = [(r["Kommune"], r["Fagområde"], r["Sitat"]) for r in rows]
    assert ("Nordøy", "Skole", "Brevvenner i Nuuk") in named
    assert ("Østeng", "Næring", "Torg") in named and len(named) == 4


def test_the_same_cell_of_another_table_is_cited_with_a_number(tmp_path: Path) -> None:
    told = [p.citation["nb"] for p in cut(document(tmp_path / "plan.docx"))]
    assert len(set(told)) == len(told)
    own = "Aktivitet, rad Nordøy, kolonne Skole, punkt 1"
    assert {own, f"{own} (nummer 2 med samme navn)"} <= set(told)


def page(
    *rows: tuple[str, ...], bold: tuple[int, ...] = (), page: int = 1
) -> PageTable:
    made = []
    for at, texts in enumerate(rows):
        cells = []
        for column, text in enumerate(texts):
            x, top = 100.0 * column, 20.0 * at
            word = Word(text, x, top, x + 50, top + 10, 10, at in bold)
            cells.append(lines_of([word], page) if text else [])
        made.append(TableRow(cells, goes_on=not texts[0]))
    return PageTable(made, page, ruled=True)


def texts(parts: list) -> list:  # type: ignore[type-arg]
    return [
        [row.texts for row in part.rows]
        if isinstance(part, PageTable)
        else [line.text for line in part]
        for part in parts
    ]


def test_headings_within_a_table_begin_another_one() -> None:
    first = (("Kommune", "Skole"), ("Nordøy", "Kor"), ("Østeng", "Brevvenner"))
    for second, bold in (
        (("Kommune", "Kultur"), ()),
        (("Tiltak", "Ansvar"), ()),
        (("Emne", "Sted"), (0, 3)),
    ):
        table = page(*first, second, ("Avis", "Nordøy"), bold=bold)
        one, other = texts(parted(table, are_headings))
        assert one == [list(row) for row in first], second
        assert other == [list(second), ["Avis", "Nordøy"]]


def test_what_stands_between_two_tables_is_text() -> None:
    first = (("Kommune", "Skole"), ("Nordøy", "Kor"), ("Østeng", ""))
    for between in ("Tabell 2", "Slik er det i dag:"):
        table = page(*first, (between, ""), ("Tiltak", "Ansvar"), ("Avis", "Nordøy"))
        one, text, other = texts(parted(table, are_headings))
        # A row without an item stays one.
        assert (one[-1], text, other[0]) == (
            ["Østeng", ""], [between], ["Tiltak", "Ansvar"],
        )  # fmt: skip


def test_a_row_like_any_other_parts_nothing() -> None:
    table = page(
        ("Kommune", "Skole"), ("Nordøy", "Kor"), ("Område", "Brevvenner"),
        ("Østeng", "Tiltak"), ("Sørvær", ""),
    )  # fmt: skip
    assert parted(table, are_headings) == [table]
    every = page(("A", "B"), ("C", "D"), ("E", "F"), ("G", "H"), bold=(0, 1, 2, 3))
    assert parted(every, are_headings) == [every]
