"""Layouts that office programs make: columns of unlike length, cells that are empty.

Each page is set here word by word, as LibreOffice sets such a document; how it is read
aloud was written down before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import docx

from glokal.source.extraction.blocks import Word, lines_of
from glokal.source.extraction.columns import reading_order, zones
from glokal.source.extraction.documents import read_document
from glokal.source.extraction.paragraphs import blocks_of, body_size
from glokal.source.extraction.table_blocks import table_blocks
from glokal.source.extraction.tables import joined_ruled, table_of

SIZE = 10.0
LETTER = 0.5


@dataclass
class Page:
    """A page that lines are written on, from places in points."""

    words: list[Word] = field(default_factory=list)

    def write(self, x: float, top: float, text: str, size: float = SIZE) -> None:
        for word in text.split():
            width = len(word) * LETTER * size
            self.words.append(Word(word, x, top, x + width, top + size, size))
            x += width + 0.3 * size

    def column(self, x: float, top: float, *lines: str) -> float:
        """Write lines below each other; an empty one is white. Return where it ends."""
        for line in lines:
            self.write(x, top, line)
            top += 1.4 * SIZE if line else 2 * SIZE
        return top

    def read(self) -> list[str]:
        return [
            ln.text for z in reading_order(self.words) for ln in lines_of(z.words, 1)
        ]


LEFT = ("Innledning", "Regionen ligger ved havet, og den",
        "har seks kommuner som arbeider i", "lag om det meste de gjør.")  # fmt: skip


def test_a_longer_column_goes_on_below_the_shorter_one() -> None:
    page = Page()
    after = ("", "Visjon", "En åpen region som lærer av verden",
             "og som verden lærer av.")  # fmt: skip
    right = ("Tiltak", "Ansette en koordinator for hele",
             "regionen og de som bor i den", "før året er over.")  # fmt: skip
    page.column(90, 100, *LEFT, *after)
    page.column(320, 100, *right)
    assert page.read() == [*LEFT, *after[1:], *right]


def test_what_stands_below_the_columns_is_read_after_them() -> None:
    page = Page()
    end = page.column(90, 100, *LEFT)
    page.column(320, 100, "Tiltak", "Ansette en koordinator for hele",
                "regionen og de som bor i den", "før året er over.")  # fmt: skip
    below = end + 2 * SIZE
    page.write(90, below, "Vedlegg")
    whole = "Denne setningen går over hele bredden av siden og begynner under begge."
    page.write(90, below + 1.4 * SIZE, whole)
    read = page.read()
    assert read[:4] == list(LEFT) and read[-2:] == ["Vedlegg", whole]


def test_the_space_between_large_words_parts_no_columns() -> None:
    page = Page()
    # The white behind “regionen” is as wide as a gutter of the text below.
    page.write(90, 40, "Strategi for regionen", 26)
    page.write(90, 74, "Kommunesamarbeidet 2029", 26)
    page.column(90, 130, *LEFT)
    page.column(330, 130, "Tiltak", "Ansette en koordinator", "for hele regionen og",
                "de som bor i den.")  # fmt: skip
    assert page.read()[:2] == ["Strategi for regionen", "Kommunesamarbeidet 2029"]


def test_marks_of_a_list_are_no_column_and_no_table() -> None:
    page = Page()
    page.column(90, 100, *LEFT, "Mer av det samme står her og fyller")
    for line, text in enumerate(("Ansette en koordinator", "Skrive til naboene",
                                 "Reise ut i verden")):  # fmt: skip
        page.write(320, 100 + 1.4 * SIZE * line, "\uf0b7")
        page.write(338, 100 + 1.4 * SIZE * line, text)
    (zone,) = zones(page.words)
    assert len(zone.gutters) == 1 and table_of(zone, 1) is None
    assert page.read()[-1] == "\uf0b7 Reise ut i verden"


def test_a_column_of_numbers_is_a_column() -> None:
    page = Page()
    rows = (
        ("Nr", "Kommune", "Tiltak for året"),
        ("1", "Vik", "Brevvenner i nord"),
        ("2", "Nes", "Leirskole ved sjøen"),
        ("3", "Dal", "Fiske uten grenser"),
    )
    for line, cells in enumerate(rows):
        for x, text in zip((90, 140, 260), cells, strict=True):
            page.write(x, 100 + 2.2 * SIZE * line, text)
    (zone,) = zones(page.words)
    table = table_of(zone, 1)
    assert table and [row.texts for row in table.rows] == [list(r) for r in rows]


def test_a_row_belongs_to_its_table_though_its_last_cell_is_empty() -> None:
    page = Page()
    rows = (
        ("Område", "Mora", "Orsa", "Rättvik"),
        (
            "Utbildning",
            "Lärlingar till/Tyskland",
            "Skolutbyte/i Norden",
            "Praktik i/vården",
        ),
        (
            "Kultur",
            "Vänort i/Finland",
            "Folkmusik över/gränser",
            "Folkmusik över/gränser",
        ),
        ("Klimat och miljö", "Levande/vattendrag", "Levande/vattendrag", ""),
    )
    for line, cells in enumerate(rows):
        for x, text in zip((90, 190, 310, 430), cells, strict=True):
            page.column(x, 100 + 5 * SIZE * line, *(p for p in text.split("/") if p))
    (zone,) = zones(page.words)
    table = table_of(zone, 1)
    assert table and [r.texts for r in table.rows] == [
        [text.replace("/", " ") for text in row] for row in rows
    ]


def test_a_column_may_have_nothing_but_its_heading() -> None:
    page = Page()
    rows = (
        ("Område", "Tynset", "Os", "Alvdal", "Røros"),
        ("Skole", "Språkår", "Språkår", "", "Korstevne"),
        ("Kultur", "Korstevne", "", "", "Språkår"),
        ("Næring", "Fjellsti", "Fjellsti", "", "Fjellsti"),
        ("Helse", "Fjellsti", "Fjellsti", "", "Fjellsti"),
    )
    for line, cells in enumerate(rows):
        for x, text in zip((90, 170, 250, 330, 410), cells, strict=True):
            page.write(x, 100 + 2.5 * SIZE * line, text)
    (zone,) = zones(page.words)
    table = table_of(zone, 1)
    assert table and [row.texts for row in table.rows] == [list(r) for r in rows]


def test_an_item_that_stands_alone_elsewhere_ends_there() -> None:
    """Nothing but the words tells where an item ends that fills its line."""
    page = Page()
    rows = (("Kommune", "Reiseliv"), ("Dal", "Nordisk samarbeid:/Villmarksleden"),
            ("Nes", "Nordisk samarbeid:/Villmarksleden/Sørsamisk/filmfestival"),
            ("Vik", "Nordisk samarbeid:/Villmarksleden/med kano"))  # fmt: skip
    for line, cells in enumerate(rows):
        for x, text in zip((90, 190), cells, strict=True):
            page.column(x, 100 + 7 * SIZE * line, *text.split("/"))
    (zone,) = zones(page.words)
    table = table_of(zone, 1)
    assert table is not None
    (table,) = joined_ruled([table])
    blocks, doubts = table_blocks(table)
    items = [b.text.replace("\n", " ") for b in blocks if b.kind == "table-item"]
    assert items == [
        "Nordisk samarbeid: Villmarksleden", "Nordisk samarbeid: Villmarksleden",
        "Sørsamisk filmfestival", "Nordisk samarbeid: Villmarksleden med kano",
    ]  # fmt: skip
    assert [d.text for d in doubts] == ["Sørsamisk"]


def test_a_word_document_without_styles_has_headings_and_numbers(
    tmp_path: Path,
) -> None:
    """As most are: bold lines, numbers by the button for lists, merged cells."""
    made = docx.Document()
    made.add_paragraph().add_run("Plan for Fjellbygda 2026").bold = True
    made.add_paragraph("Vi samarbeider med Dal.")
    made.add_paragraph().add_run("Våre mål").bold = True
    numbers = made.styles["List Number"].element.pPr.numPr.numId.val
    for text in ("Lære mer", "Reise ut"):
        of = made.add_paragraph(text, style="List Paragraph")._p.get_or_add_pPr()
        of.get_or_add_numPr().get_or_add_numId().val = numbers
    table = made.add_table(4, 2)
    texts = ("Kommune", "Tiltak", "Vik", "Brevvenner", "", "Leirskole", "Dal", "Kor")
    cells = [cell for row in table.rows for cell in row.cells]
    for cell, text in zip(cells, texts, strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    made.save(str(tmp_path / "a.docx"))
    read = read_document((tmp_path / "a.docx").read_bytes(), "a.docx").extraction
    assert [(b.kind.value, b.text) for b in read.blocks[:5]] == [
        ("title", "Plan for Fjellbygda 2026"),
        ("paragraph", "Vi samarbeider med Dal."),
        ("heading", "Våre mål"),
        ("list-item", "1. Lære mer"),
        ("list-item", "2. Reise ut"),
    ]
    rows = [(b.row.text if b.row else "", b.text) for b in read.blocks if b.column]
    assert rows[1:3] == [("Vik", "Brevvenner"), ("Vik", "Leirskole")]


def test_the_title_of_a_short_document_is_no_text() -> None:
    page = Page()
    page.write(90, 40, "Europastrategi for Fjellringen 2026–2030", 26)
    page.write(90, 90, "Rådet leder det.")
    assert body_size(lines_of(page.words, 1)) == SIZE


def test_a_paragraph_below_a_list_is_no_rest_of_its_last_item() -> None:
    page = Page()
    page.write(90, 100, "•")
    page.write(108, 100, "Malung har Oberstdorf og flere byer i hele")
    page.write(108, 114, "Tyskland")
    page.write(90, 128, "Vansbro har ingen.")
    lines = lines_of(page.words, 1, max(w.x1 for w in page.words))
    blocks = blocks_of(lines, SIZE, 14)
    assert [" ".join(b.text.split()) for b in blocks] == [
        "• Malung har Oberstdorf og flere byer i hele Tyskland",
        "Vansbro har ingen.",
    ]
