"""Places at the edges: blocks side by side, files that changed, what can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from glokal.core.errors import Place
from glokal.rdf.turtle.source_map import Locator
from tests.test_source_map import source

E = "http://e/"


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_blocks_without_an_empty_line_between_are_told_apart(
    eol: str, tmp_path: Path
) -> None:
    """Gist and LinkML end a block by a dot alone in the first column."""
    text = "<http://e/a> <http://e/p> 1\n.\n<http://e/b> <http://e/p> 2 ;\n .\n"
    text += "<http://e/c> <http://e/p> 3 .\n<http://e/d> <http://e/p> 4 ."
    locator = Locator(source(tmp_path / "x.ttl", text.replace("\n", eol)))
    assert locator.blocks(f"{E}a") == [(1, 2)]
    assert locator.blocks(f"{E}b") == [(3, 4)]
    assert locator.blocks(f"{E}c") == [(5, 5)]
    assert [locator.block_at(line) for line in range(1, 7)] == [
        (1, 2), (1, 2), (3, 4), (3, 4), (5, 5), (6, 6),
    ]  # fmt: skip


def test_a_line_before_the_first_block_is_its_own(tmp_path: Path) -> None:
    text = "\n# A comment.\n<http://e/a> <http://e/p> 1 .\n"
    locator = Locator(source(tmp_path / "x.ttl", text))
    assert locator.block_at(1) == (1, 1)
    assert locator.block_at(2) == (2, 2)
    assert locator.block_at(3) == (3, 3)


def test_the_first_statement_of_a_file_without_directives_has_its_block(
    tmp_path: Path,
) -> None:
    text = "<http://e/a> <http://e/p> 1 ,\n 2 .\n<http://e/b> <http://e/p> 3 .\n"
    locator = Locator(source(tmp_path / "x.ttl", text))
    assert locator.block_at(1) == locator.block_at(2) == (1, 2)
    assert locator.block_at(3) == (3, 3)


def test_a_subject_with_several_blocks_has_them_all_and_its_place_is_the_first(
    tmp_path: Path,
) -> None:
    text = "\n".join(f"<http://e/{s}> <http://e/p> {n} ." for n, s in enumerate("aba"))
    locator = Locator(source(tmp_path / "x.ttl", text))
    assert locator.blocks(f"{E}a") == [(1, 1), (3, 3)]
    assert locator.subject(f"{E}a") == Place("x.ttl", 1, 1)
    assert [p.value.line for p in locator.about(f"{E}a")] == [1, 3]
    assert locator.blocks(f"{E}z") == []


@pytest.mark.parametrize("change", ["gone", "longer", "shorter"])
def test_a_file_that_changed_since_it_was_read_gives_no_wrong_place(
    change: str, tmp_path: Path
) -> None:
    file = source(tmp_path / "x.ttl", "<http://e/a> <http://e/p> 1 .\n")
    if change == "gone":
        file.path.unlink()
    else:
        new = "# New.\n<http://e/b> <http://e/q> 2 .\n"
        file.path.write_text(new if change == "longer" else "", encoding="utf-8")
    locator = Locator(file)
    assert locator.subject(f"{E}a") is None
    assert locator.about(f"{E}a") == ()
    assert locator.blocks(f"{E}a") == []


def test_a_line_of_newer_syntax_has_a_subject_and_no_places(tmp_path: Path) -> None:
    """RDF 1.2 has triple terms in N-Triples, which our tokens don't know."""
    text = "<http://e/a> <http://e/p> <<( <http://e/b> <http://e/q> 1 )>> .\n".replace(
        "1", '"1"'
    )
    text += '<http://e/c> <http://e/p> "x" .\n'
    locator = Locator(source(tmp_path / "x.nt", text))
    assert locator.subject(f"{E}a") == Place("x.nt", 1, 1)
    assert locator.subject(f"{E}c") == Place("x.nt", 2, 1)
    assert [p.value for p in locator.about(f"{E}c")] == [Place("x.nt", 2, 27)]


@pytest.mark.parametrize("size", [1, 2, 499, 500, 501, 999, 1000, 1001])
def test_blank_nodes_are_found_around_the_stride(size: int, tmp_path: Path) -> None:
    """Statements are counted 500 at a time; the last of each is found all the same."""
    rows = [f"[] <http://e/p> {n} ." for n in range(size)]
    file = source(tmp_path / "x.ttl", "\n".join(rows))
    locator = Locator(file)
    for number in {0, size // 2, size - 1}:
        (found,) = locator.mentioning([file.triples[number].subject])
        assert found.triple == file.triples[number]
        assert (found.subject.line, found.subject.column) == (number + 1, 1)
        assert found.value.column == 17


def test_json_ld_has_places_of_values(tmp_path: Path) -> None:
    text = '{"@id": "http://e/a", "http://e/p": 1}'
    file = source(tmp_path / "x.jsonld", text)
    locator = Locator(file)
    assert not locator.exact
    (placed,) = locator.about(f"{E}a")
    assert placed.value.column == text.index("1}") + 1
    assert locator.blocks(f"{E}a") == []
    assert list(locator.mentioning([t.subject for t in file.triples])) == [placed]
    turtle = Locator(source(tmp_path / "y.ttl", "<http://e/a> <http://e/p> 1 ."))
    assert turtle.exact and list(turtle.mentioning([])) == []
