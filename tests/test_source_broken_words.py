"""Words that a narrow column breaks without a hyphen, and items that may be several.

Chromium sets the page; pypdf, which reads lines as they are printed, is the judge that
the words are broken there at all.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from glokal.source.extraction.blocks import Block, BlockKind, Word, lines_of
from glokal.source.extraction.broken_words import mend_broken_words
from glokal.source.extraction.documents import ReadDocument, read_document
from tests.set_strategy import print_pdf

STYLE = """<style>
@page { size: A4; margin: 20mm; } body { font: 11pt 'Liberation Sans', sans-serif; }
table { border-collapse: collapse; table-layout: fixed; width: 100mm; }
td, th { border: 1px solid; padding: 2mm; overflow-wrap: break-word; text-align: left;
  vertical-align: top; font-weight: normal; }
</style>"""
ROWS = (
    ("Kommune", "Nettverk", "Samarbeidspartner", "Tiltak"),
    ("Nordøy", "Nordsjøkommisjonen", "Falun kommun / Gävle hamn", "Elevutveksling med "
     "internasjonaliseringsprosjekt"),
    ("Østeng", "Kystkommunenettverket", "Universitetet i Bergen", "Kor for alle"),
)  # fmt: skip
LONG = ("Nordsjøkommisjonen", "Kystkommunenettverket", "internasjonaliseringsprosjekt")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS
    )
    intro = "<h1>Plan</h1><p>Nordøy er medlem av Nordsjøkommisjonen i dag.</p>"
    content = f"{STYLE}{intro}<table>{rows}</table>"
    return print_pdf(content, tmp_path_factory.mktemp("narrow") / "plan.pdf")


@pytest.fixture(scope="module")
def read(printed: Path) -> ReadDocument:
    return read_document(printed.read_bytes(), "plan.pdf")


def test_broken_words_are_read_as_one_and_told(
    printed: Path, read: ReadDocument
) -> None:
    lines = pypdf.PdfReader(printed).pages[0].extract_text()
    table = lines.split("i dag.")[1]
    assert not any(word in table for word in LONG)
    cells = [
        " ".join(b.text.split())
        for b in read.extraction.blocks
        if b.kind in (BlockKind.TABLE_HEADING, BlockKind.TABLE_ITEM)
    ]
    assert cells == [cell for row in ROWS for cell in row]
    told = [d.text for d in read.extraction.doubts if d.rule == "broken-word"]
    assert set(LONG) <= {*told}
    words = {word for row in ROWS for cell in row for word in cell.split()}
    assert {*told} <= words


def test_cells_that_may_name_several_are_told(read: ReadDocument) -> None:
    told = [d.text for d in read.extraction.doubts if d.rule == "several-names"]
    assert told == ["Falun kommun / Gävle hamn"]


def cell(*texts: str, edge: float, left: float = 10.0) -> Block:
    """Return a cell of a ruled table whose letters are five points wide."""
    words = []
    for number, text in enumerate(texts):
        x, top = left, 10.0 + 14 * number
        for word in text.split():
            words.append(Word(word, x, top, x + 5 * len(word), top + 10, 10))
            x += 5 * len(word) + 3
    lines = lines_of(words, 1)
    room = max(line.x1 for line in lines)
    of_cell = [replace(line, room=room, edge=edge) for line in lines]
    return Block(BlockKind.TABLE_ITEM, of_cell)


@pytest.mark.parametrize(
    ("lines", "edge", "text", "rules"),
    [
        (("Nettverke", "t"), 57, "Nettverket", ["broken-word"]),
        (("Nettverke", "t i dag"), 57, "Nettverket i dag", ["broken-word"]),
        (("Kompetan", "sesenter", "et"), 52, "Kompetansesenteret", ["broken-word"]),
        # Another letter has room.
        (("Nettverke", "t"), 70, "Nettverke t", []),
        # What follows is a word, or begins one.
        (("Utveksling", "med skoler"), 62, "Utveksling med skoler", []),
        (("Utveksling", "Skoler"), 62, "Utveksling Skoler", []),
        (("Utveksling", "kor"), 62, "Utveksling kor", ["maybe-broken-word"]),
        # Without an edge only a word that the document has is one.
        (("Skolene", "ts"), 0, "Skolene ts", ["maybe-broken-word"]),
        (("Fjellnet", "tet"), 0, "Fjellnettet", ["broken-word"]),
    ],
)
def test_a_word_goes_on_where_the_line_is_full(
    lines: tuple[str, ...], edge: float, text: str, rules: list[str]
) -> None:
    block = cell(*lines, edge=edge)
    prose = Block(BlockKind.PARAGRAPH, cell("Et kor i Fjellnettet her", edge=0).lines)
    told = mend_broken_words([prose, block])
    assert " ".join(block.text.split()) == text
    assert [doubt.rule for doubt in told] == rules
