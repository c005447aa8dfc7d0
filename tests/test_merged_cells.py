"""Cells over several rows or columns, and what a Word document hides beside its text.

Each document is set here, and what must come out is read in what was set.
"""

from __future__ import annotations

from pathlib import Path

import docx
import lxml.html
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from glokal.core.namespaces import GLO
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site.graph_view import GraphView
from glokal.site.pages.strategy import write_strategy
from glokal.site.pages.strategy_text import read_sections
from glokal.site.renderer import PageRenderer
from glokal.source.extraction.documents import read_document
from glokal.source.extraction.passages import CutDocument, cut_passages
from glokal.source.extraction.report import doubt_text
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
from tests.set_strategy import print_pdf

# One cell over the first two rows, one over two columns, none merged in the last.
GRID = (
    ("Kommune", "Kultur", "Skole"),
    ("Tynset", "Fjellsti", "Brevvenner"),
    ("Røros", "", "Språkår"),
    ("Alvdal", "Felles dag", ""),
)
STANDS = [
    ("Fjellsti", {"Tynset", "Røros"}, {"Kultur"}),
    ("Brevvenner", {"Tynset"}, {"Skole"}),
    ("Språkår", {"Røros"}, {"Skole"}),
    ("Felles dag", {"Alvdal"}, {"Kultur", "Skole"}),
]
PAGE = """<style>body {{ font: 11pt serif }}
  table {{ border-collapse: collapse; width: 100% }}
  td {{ border: 1px solid black; padding: 4px }}</style>
<h1>Fjellet i verden</h1><p>Her står planen for alle de tre kommunene i Fjellet.</p>
<table>{rows}</table>"""


def word(path: Path) -> Path:
    document(path, "Fjellet i verden", (), GRID)
    made = docx.Document(str(path))
    cells = made.tables[0].cell
    cells(1, 1).merge(cells(2, 1)).text = "Fjellsti"
    cells(3, 1).merge(cells(3, 2)).text = "Felles dag"
    made.save(str(path))
    return path


def printed(path: Path) -> Path:
    rows = [
        "<tr><td>Kommune<td>Kultur<td>Skole",
        "<tr><td>Tynset<td rowspan=2>Fjellsti<td>Brevvenner",
        "<tr><td>Røros<td>Språkår",
        "<tr><td>Alvdal<td colspan=2>Felles dag",
    ]
    return print_pdf(PAGE.format(rows="".join(rows)), path)


def stands(document: CutDocument) -> list[tuple[str, set[str], set[str]]]:
    parts = document.passages
    results = []
    for p in parts:
        if p.kind == "table-item":
            named = [parts[at] for at in (p.heading, p.read_with, *p.shared)]
            rows = {h.reading for h in named if h.read_with >= 0}
            results.append((p.reading, rows, {h.reading for h in named} - rows))
    return results


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_merged_cell_stands_in_each_row_and_column(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"plan.{kind}"
    word(path) if kind == "docx" else printed(path)
    extraction = read_document(path.read_bytes(), path.name).extraction
    assert stands(cut_passages(extraction, "nb")) == STANDS
    told = {d.text for d in extraction.doubts if d.rule == "merged-items"}
    assert told == {"Fjellsti", "Felles dag"}


def test_a_merged_cell_is_an_entry_of_both_municipalities(tmp_path: Path) -> None:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    book = drafted(folder, word(tmp_path / "plan.docx"))
    rows = [
        (r["Kommune"], r["Fagområde"], r["Sitat"]) for r in book.rows("Oppføringer")
    ]
    assert rows == [
        ("Tynset; Røros", "Kultur", "Fjellsti"),
        ("Tynset", "Skole", "Brevvenner"),
        ("Røros", "Skole", "Språkår"),
        ("Alvdal", "Kultur; Skole", "Felles dag"),
    ]
    plan = {"Type": "internasjonal strategi", "Navn_engelsk": "Plan"}
    confirm(
        book,
        "Planen og steder",
        lambda r: plan if r["Nøkkel"].startswith("plan/") else {},
    )
    confirm(book, "Kolonner", same_in_all)
    given = {"Type": "prosjekt", "Sikkerhet": "Sikker plassering"}
    confirm(
        book,
        "Oppføringer",
        lambda r: {**given, "Navn_engelsk": r["Navn (bokmål)"]},
    )
    applied(folder, book)
    assert not faults(folder)
    known = known_of(folder)
    entries = [iri for iri in known.of_path("authority")]
    assert len(entries) == 3
    path = (folder / "data/strategy/entries.ttl").read_text(encoding="utf-8")
    assert path.count('"Fjellsti"') == 2 and path.count('"Felles dag"') == 2
    # The page has it in each row and column, and denies it in none.
    further = document(
        folder / "a-tiltak.docx", "Tiltak for fjellet", ("Alle er med.",), GRID[:2]
    )
    assert run(folder, "source", "import", str(further)).exit_code == 0
    workspace = Workspace(load_project(folder))
    write_strategy(
        GraphView(workspace), PageRenderer(workspace.project, tmp_path), workspace
    )
    shown = lxml.html.parse(str(tmp_path / "strategi/index.html")).getroot()
    (table, _) = shown.xpath("//table[@class='appendix']")
    cells = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("th|td")]
        for row in table.xpath("tbody/tr")
    ]
    assert cells == [
        ["Tynset", "Fjellsti", "Brevvenner"],
        ["Røros", "Fjellsti", "Språkår"],
        ["Alvdal", "Felles dag", "Felles dag"],
    ]
    ids = shown.xpath("//*/@id")
    assert len(ids) == len(set(ids))
    # One document after the other, that of the strategy first.
    text = " ".join(shown.xpath("//div[@class='document']")[0].text_content().split())
    places = [
        text.index(words) for words in ("Alvdal", "Tiltak for fjellet", "Alle er")
    ]
    assert places == sorted(places)


def test_a_row_of_merged_cells_alone_is_a_row(tmp_path: Path) -> None:
    folder = begin(tmp_path / "fjell", "Fjellet", "Fjellrådet", "NOR", "nb", "en")
    path = document(tmp_path / "plan.docx", "Fjellet i verden", (), GRID[:3])
    made = docx.Document(str(path))
    for column, text in ((1, "Fjellsti"), (2, "Brevvenner")):
        cell = made.tables[0].cell
        cell(1, column).merge(cell(2, column)).text = text
    made.save(str(path))
    assert run(folder, "source", "import", str(path)).exit_code == 0
    view = GraphView(Workspace(load_project(folder)))
    (table,) = (
        table
        for section in read_sections(view, view.instances("SourcePassage"))
        for table, _ in section.tables
    )
    shown = [view.value(row, GLO + "readingText", "nb") for row in table.rows]
    assert shown == ["Tynset", "Røros"]


def test_headings_in_two_rows_name_their_columns(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("Plan", 0)
    table = made.add_table(3, 3)
    cell = table.cell
    cell(0, 0).merge(cell(1, 0)).text = "Kommune"
    cell(0, 1).merge(cell(0, 2)).text = "Oppvekst"
    for at, text in ((1, "Skole"), (2, "Barnehage")):
        cell(1, at).text = text
    for at, text in ((0, "Tynset"), (1, "Brevvenner"), (2, "Sangleker")):
        cell(2, at).text = text
    path = tmp_path / "plan.docx"
    made.save(str(path))
    found = cut_passages(read_document(path.read_bytes(), path.name).extraction, "nb")
    assert stands(found) == [
        ("Brevvenner", {"Tynset"}, {"Skole"}),
        ("Sangleker", {"Tynset"}, {"Barnehage"}),
    ]


def test_line_breaks_part_items_unless_the_line_goes_on(tmp_path: Path) -> None:
    table = (("Kommune", "Kultur"), ("Tynset", "x"))
    path = document(tmp_path / "plan.docx", "Plan", (), table)
    made = docx.Document(str(path))
    made.tables[0].cell(1, 1).text = "Fjellsti\nSkitur til\nSverige\nKor –\nsang\n- En"
    made.save(str(path))
    extraction = read_document(path.read_bytes(), path.name).extraction
    items = [
        p.reading for p in cut_passages(extraction, "nb").passages if "item" in p.kind
    ]
    assert items == ["Fjellsti", "Skitur til Sverige", "Kor – sang - En"]
    told = [d.text for d in extraction.doubts if d.rule == "line-break"]
    assert told == ["Skitur til", "Kor –"]


def test_what_a_word_document_has_beside_its_text_is_told(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("Plan", 0)
    made.add_paragraph("Vi reiser ut.")
    made.sections[0].header.paragraphs[0].text = "Utkast 3"
    made.sections[0].footer.paragraphs[0].text = "Tynset er vertskommune"
    made.add_table(2, 2)
    made.add_table(1, 2).cell(0, 0).text = "Alene"
    outer = made.add_table(2, 2)
    for at, text in enumerate(("Kommune", "Kultur")):
        outer.cell(0, at).text = text
    outer.cell(1, 0).text = "Røros"
    outer.cell(1, 1).add_table(1, 1).cell(0, 0).text = "Fjellsti"
    run = f"<w:ins {nsdecls('w')}><w:r><w:t>Nytt punkt</w:t></w:r></w:ins>"
    made.paragraphs[1]._p.append(parse_xml(run))
    path = tmp_path / "plan.docx"
    made.save(str(path))
    extraction = read_document(path.read_bytes(), path.name).extraction
    told = {(d.rule, d.text) for d in extraction.doubts}
    assert told == {
        ("page-margin", "Utkast 3"),
        ("page-margin", "Tynset er vertskommune"),
        ("empty-table", ""),
        ("table-of-one-row", "Alene"),
        ("table-in-cell", "Fjellsti"),
        ("tracked-insertion", "Nytt punkt"),
    }
    for doubt in extraction.doubts:
        for language in ("nb", "nn", "en"):
            assert doubt_text(doubt, language)
    assert "Fjellsti" in cut_passages(extraction, "nb").text
