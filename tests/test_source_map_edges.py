"""Places at the edges: blocks side by side, files that changed, what can't be read."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import Place
from glokal.core.namespaces import RDF
from glokal.rdf.source_files import SourceFile
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
    ends = [file.triples[0].subject, file.triples[-1].subject]
    lines = [p.subject.line for p in locator.mentioning(ends)]
    assert lines == sorted({1, size})


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


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_the_last_line_is_one_line_whether_it_ends_or_not(
    end: str, tmp_path: Path
) -> None:
    lines = ["<http://e/a> <http://e/p> <http://e/x> .",
             "<http://e/b> <http://e/p> <http://e/x> ."]  # fmt: skip
    for name in ("x.nt", "x.ttl"):
        text = ("\r\n" if "\r" in end else "\n").join(lines) + end
        locator = Locator(source(tmp_path / name, text))
        assert locator.blocks(f"{E}a") == [(1, 1)]
        assert locator.blocks(f"{E}b") == [(2, 2)]
        assert [locator.block_at(n) for n in (1, 2, 3)] == [(1, 1), (2, 2), (2, 2)]


def test_a_line_that_is_none_any_more_has_no_places(tmp_path: Path) -> None:
    file = source(tmp_path / "x.nt", "<http://e/a> <http://e/p> <http://e/x> .\n")
    file.path.write_text("<http://e/a> is no triple .\n", encoding="utf-8")
    locator = Locator(file)
    assert locator.about(f"{E}a") == ()
    assert locator.subject(f"{E}a") == Place("x.nt", 1, 1)


def test_what_is_prepared_needs_the_file_no_more(tmp_path: Path) -> None:
    file = source(tmp_path / "x.ttl", "\n<http://e/a> <http://e/p> 1 .\n")
    prepared, late = Locator(file), Locator(file)
    prepared.prepare()
    file.path.unlink()
    late.prepare()
    assert prepared.subject(f"{E}a") == Place("x.ttl", 2, 1)
    assert late.subject(f"{E}a") is None
    # Of what has no statements nothing is read before it is asked for.
    other = source(tmp_path / "x.jsonld", '{"@id": "http://e/a", "http://e/p": 1}')
    locator = Locator(other)
    locator.prepare()
    other.path.write_text("\n" + other.path.read_text("utf-8"), encoding="utf-8")
    assert [p.value.line for p in locator.about(f"{E}a")] == [2]


NESTED = """@prefix : <http://e/> .
:a :p [ :q 1 ;
    :r ( 2 :b ) ] ,
  3 .
[ :s 4 ] :t 5 .
"""


def test_subjects_and_verbs_have_their_places(tmp_path: Path) -> None:
    """Read off an editor: nodes without a name begin at their bracket."""
    file = source(tmp_path / "x.ttl", NESTED)
    locator = Locator(file)
    nodes = {t.subject for t in file.triples if isinstance(t.subject, ox.BlankNode)}
    placed = {
        getattr(p.triple.object, "value", ""): [
            (at.line, at.column) for at in (p.subject, p.value, p.verb)
        ]
        for p in locator.mentioning(nodes)
        if not isinstance(p.triple.object, ox.BlankNode)
    }
    assert placed == {
        "1": [(2, 7), (2, 12), (2, 9)],
        # In a collection the place of the predicate is that of the object.
        "2": [(3, 8), (3, 10), (3, 10)],
        f"{E}b": [(3, 8), (3, 12), (3, 12)],
        RDF + "nil": [(3, 8), (3, 12), (3, 12)],
        "3": [(2, 1), (4, 3), (2, 4)],
        "4": [(5, 1), (5, 6), (5, 3)],
        "5": [(5, 1), (5, 13), (5, 10)],
    }
    assert all(
        p.subject.file == p.value.file == "x.ttl" for p in locator.about(E + "a")
    )
    (line,) = Locator(
        source(tmp_path / "x.nt", "<http://e/a>  <http://e/p>   <http://e/b> .\n")
    ).about(E + "a")
    assert [p.column for p in (line.subject, line.verb, line.value)] == [1, 15, 30]


def test_only_what_mentions_a_term_is_told_where_there_are_no_statements(
    tmp_path: Path,
) -> None:
    text = (
        '[{"@id": "http://e/a", "http://e/p": {"@id": "http://e/b"}},\n'
        ' {"@id": "http://e/b", "http://e/p": 7},\n'
        ' {"@id": "http://e/c", "http://e/p": 8}]'
    )
    locator = Locator(source(tmp_path / "x.jsonld", text))
    told = [p.value.line for p in locator.mentioning({ox.NamedNode(E + "b")})]
    assert sorted(line for line in told if line) == [1, 2]
    assert [p.value.line for p in locator.mentioning({ox.Literal("x")})] == []


def test_a_triple_of_a_statement_comes_with_the_others_of_it(tmp_path: Path) -> None:
    text = "<http://e/a> <http://e/p> 1 , 2 .\n<http://e/b> <http://e/p> 2 .\n"
    text += "<http://e/c> <http://e/p> 3 .\n<http://e/d> <http://e/p> <http://e/a> .\n"
    file = source(tmp_path / "x.ttl", text)
    locator = Locator(file)

    def lines(*terms: ox.NamedNode | ox.Literal) -> list[int | None]:
        return [p.value.line for p in locator.mentioning(terms)]

    two = file.triples[1].object
    assert isinstance(two, ox.Literal)
    assert lines(two) == [1, 1, 2]
    assert lines(ox.NamedNode(E + "a")) == [1, 1, 4]
    assert lines(ox.NamedNode(E + "z")) == []
    # The same is asked again and again.
    assert lines(two) == [1, 1, 2]


def test_blank_nodes_under_a_base_and_prefixes_that_change(tmp_path: Path) -> None:
    """What stands between statements counts for those that follow."""
    text = (
        "@base <http://e/> .\n[] <p> <one> .\n@prefix : <x/> .\n[] :p :two .\n"
        "@base <deep/> .\n[] <p> <three> .\n@prefix : <y/> .\n<s> :p [ :q :four ] .\n"
    )
    file = source(tmp_path / "x.ttl", text)
    locator = Locator(file)
    found = {
        p.triple.object.value.removeprefix(E): (p.value.line, p.value.column)
        for t in file.triples
        if isinstance(t.subject, ox.BlankNode)
        for p in locator.mentioning([t.subject])
        if isinstance(p.triple.object, ox.NamedNode)
    }
    assert found == {
        "one": (2, 8), "x/two": (4, 7), "deep/three": (6, 8),
        "deep/y/four": (8, 13),
    }  # fmt: skip
    assert locator.subject(f"{E}deep/s") == Place("x.ttl", 8, 1)


def test_a_format_and_a_base_that_are_told_count_for_more_than_the_path(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.data"
    path.write_text("<a> <p> <b> .\n", encoding="utf-8")
    told = SourceFile(
        "x", path, "", "data", (), {}, ending=".ttl", base="http://other/"
    )
    assert Locator(told).exact
    assert Locator(told).subject("http://other/a") == Place("x", 1, 1)
    untold = SourceFile("x", path, "", "data", (), {})
    assert not Locator(untold).exact
    assert Locator(untold).about("http://other/a") == ()
    # The case of an ending makes no difference.
    upper = tmp_path / "X.TTL"
    path.rename(upper)
    assert Locator(SourceFile("x", upper, "", "data", (), {})).exact


ABOUT = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
    ' xmlns:e="http://e/" xml:base="http://e/d/x">\n'
    """ <rdf:Description rdf:about="http://e/d/it's&amp;y"/>\n"""
    ' <rdf:Description rdf:about="/root"/>\n'
    ' <rdf:Description rdf:ID="frag"/>\n'
    ' <e:A e:p="http://e/d/z"/>\n'
    ' <rdf:Description rdf:about=""/>\n'
    ' <rdf:Description rdf:about="next"/></rdf:RDF>'
)


@pytest.mark.parametrize(
    ("iri", "place"),
    [
        ("http://e/d/x", (7, 30)),
        ("http://e/d/next", (8, 30)),
        ("http://e/d/x#frag", (5, 27)),
        ("http://e/d/it's&y", (3, 30)),
        # A value is no subject, and nor is a part of an address.
        ("http://e/d/z", None),
        ("http://e/d/nex", None),
        ("http://other/next", None),
    ],
)
def test_where_a_name_is_written_in_rdf_xml(
    iri: str, place: tuple[int, int] | None, tmp_path: Path
) -> None:
    """Read off an editor; none of them is the subject of a triple."""
    path = tmp_path / "x.rdf"
    path.write_text(ABOUT, encoding="utf-8")
    file = SourceFile("x.rdf", path, "", "data", (), {})
    assert Locator(file).subject(iri) == (place and Place("x.rdf", *place))


def test_where_a_name_is_written_in_json_ld(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonld"
    path.write_text(
        '{"@context": {"e": "http://e/"}, "x": "e:b",\n'
        ' "@graph": [{"@id" : "e:b"}, {"@id":"http://e/c"}, '
        '{"@id": "e:ø"}]}',
        encoding="utf-8",
    )
    file = SourceFile("x.jsonld", path, "", "data", (), {"e": E, "o": "http://o/"})
    locator = Locator(file)
    assert locator.subject(f"{E}b") == Place("x.jsonld", 2, 22)
    assert locator.subject(f"{E}c") == Place("x.jsonld", 2, 37)
    assert locator.subject(f"{E}ø") == Place("x.jsonld", 2, 60)
    assert locator.subject("http://o/b") is None


def test_a_statement_that_came_between_and_cannot_be_read_is_no_error(
    tmp_path: Path,
) -> None:
    file = source(tmp_path / "x.ttl", "[] <http://e/p> 1 .\n")
    text = "[] <http://e/p> x:y .\n[] <http://e/p> 1 .\n"
    file.path.write_text(text, encoding="utf-8")
    assert list(Locator(file).mentioning([file.triples[0].subject])) == []


def test_a_format_that_nobody_knows_has_no_places(tmp_path: Path) -> None:
    file = source(tmp_path / "x.ttl", "<http://e/a> <http://e/p> 1 .\n")
    unknown = dataclasses.replace(file, ending=".data")
    assert Locator(unknown).about(f"{E}a") == ()
    assert list(Locator(unknown).mentioning([ox.NamedNode(f"{E}a")])) == []
