"""The downloads of everything: every item of the appendix, every activity."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from glokal.dataset.workspace import Workspace
from glokal.site.citations import Cited
from glokal.site.graph_view import GraphView
from glokal.site.renderer import PageRenderer
from glokal.site.whole_tables import write_whole_tables

# Items in each row of the appendix, counted in the strategy (docs/questions.md).
ITEMS = {"Levanger": 26, "Verdal": 13, "Snåsa": 9, "Steinkjer": 9, "Inderøy": 7}


@pytest.fixture(scope="module")
def written(strategy: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole")
    view = GraphView(strategy)
    pages = PageRenderer(strategy.project, root)
    made = write_whole_tables(view, Cited(view, strategy.provenance), pages, strategy)
    assert [t.number for t in made["nb"]] == [t.number for t in made["en"]]
    return root


def rows(root: Path, name: str) -> list[dict[str, str]]:
    text = (root / "dump" / name).read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_item_of_the_appendix_is_a_row_with_its_source(written: Path) -> None:
    listed = rows(written, "oppforinger.csv")
    assert Counter(row["Kommune"] for row in listed) == ITEMS
    assert all(row["Kilde"].startswith("Vedlegg, rad ") for row in listed)
    assert all(row["Kommune"] in row["Kilde"] for row in listed)
    # In the order that people ask: where, under what, what; addresses last.
    heads = list(listed[0])
    assert heads[:3] == ["Kommune", "Program", "Tiltak eller nettverk"]
    places = [row["Kommune"] for row in listed]
    assert places == sorted(places)
    verdal = [row["Program"] for row in listed if row["Kommune"] == "Verdal"]
    # What has no programme stands after what has one.
    assert verdal == sorted(verdal, key=lambda name: (not name, name))
    assert heads[-2:] == ["Fast adresse", "Punktets faste adresse"]
    assert len({row["Punktets faste adresse"] for row in listed}) == 64
    assert not any("://" in row[head] for row in listed for head in heads[:-2])


def test_what_is_disputed_says_so_in_the_row(written: Path) -> None:
    """L229-231 and L239-241 leave out what the appendix lists."""
    doubted = {
        (row["Kommune"], row["Tiltak eller nettverk"])
        for row in rows(written, "oppforinger.csv")
        if "uklart om kommunen er med" in row["Merknad"]
    }
    office = {(place, "Trøndelags Europakontor") for place in ITEMS}
    assert doubted == office | {("Steinkjer", "Naboer AB")}


def test_what_is_over_says_so_in_both_tables(written: Path) -> None:
    """VälTel ended in 2019, by the project's own site and Interreg's list."""
    for file, head in (
        ("oppforinger.csv", "Tiltak eller nettverk"),
        ("tiltak.csv", "Tiltak"),
    ):
        said = {row[head]: row["Merknad"] for row in rows(written, file)}
        assert said["VälTel"] == "perioden er over, ifølge andre kilder"
        assert said["Inclusivate"] == ""


def test_every_activity_is_a_row(written: Path, strategy: Workspace) -> None:
    listed = rows(written, "tiltak.csv")
    names = [row["Tiltak"] for row in listed]
    assert len(names) == len(set(names))
    # The five municipalities that the appendix lists it for, in one row.
    (inclusivate,) = [row for row in listed if row["Tiltak"] == "Inclusivate"]
    assert inclusivate["Kommune"] == "Inderøy; Levanger; Snåsa; Steinkjer; Verdal"
    assert inclusivate["Program"] == "Nordplus Adult"
    english = rows(written, "activities.csv")
    assert len(english) == len(listed)


@pytest.mark.parametrize(
    ("name", "sheet"), [("oppforinger", "Hele svaret"), ("entries", "The whole answer")]
)
def test_the_workbook_has_the_rows_of_the_file(
    written: Path, name: str, sheet: str
) -> None:
    book = openpyxl.load_workbook(written / "dump" / f"{name}.xlsx")
    head, *body = book[sheet].iter_rows(values_only=True)
    listed = rows(written, f"{name}.csv")
    assert list(head) == list(listed[0])
    shown = [[str(c) if c is not None else "" for c in row] for row in body]
    separated = [[c.replace("; ", ", ") for c in row.values()] for row in listed]
    assert [[c.replace("; ", ", ") for c in row] for row in shown] == separated


def test_the_same_graph_gives_the_same_bytes(
    written: Path, strategy: Workspace, tmp_path: Path
) -> None:
    view = GraphView(strategy)
    pages = PageRenderer(strategy.project, tmp_path)
    write_whole_tables(view, Cited(view, strategy.provenance), pages, strategy)
    made = {p.name: p.read_bytes() for p in (tmp_path / "dump").iterdir()}
    assert len(made) == 8
    assert made == {p.name: p.read_bytes() for p in (written / "dump").iterdir()}
