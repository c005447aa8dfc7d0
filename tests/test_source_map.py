"""Places: each triple's line and column, against a writer that knows where it wrote."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from glokal.core.errors import Place
from glokal.core.namespaces import RDF
from glokal.rdf.source_files import SourceFile
from glokal.rdf.turtle.source_map import Locator, PlacedTriple
from tests.turtle_writer import BLANK, Writer

REST = f"<{RDF}rest>"


def source(path: Path, text: str) -> SourceFile:
    """Write a file and read it as the command does."""
    path.write_bytes(text.encode())
    parser = ox.parse(
        path=path, base_iri=path.resolve().as_uri(), rename_blank_nodes=True
    )
    triples = tuple(quad.triple for quad in parser)
    return SourceFile(path.name, path, "", "data", triples, dict(parser.prefixes))


def key(term: object) -> str:
    return BLANK if isinstance(term, ox.BlankNode) else str(term)


def row(p: PlacedTriple) -> tuple[object, ...]:
    t = p.triple
    return (
        key(t.subject), str(t.predicate), key(t.object), p.value.line, p.value.column,
    )  # fmt: skip


def rdflib_keys(text: str, fmt: str) -> set[tuple[str, ...]]:
    graph: rdflib.Graph = rdflib.Graph() if fmt == "turtle" else rdflib.Dataset()
    graph.parse(data=text, format=fmt, publicID="http://example.org/")
    rows = graph.quads() if isinstance(graph, rdflib.Dataset) else iter(graph)

    def shown(term: rdflib.term.Node) -> str:
        if isinstance(term, rdflib.BNode):
            return BLANK
        # RDFLib and Oxigraph escape alike but for tabs and quotes in long strings.
        return (
            str(
                ox.Literal(
                    str(term),
                    language=term.language,
                    datatype=(
                        ox.NamedNode(str(term.datatype)) if term.datatype else None
                    ),
                )
            )
            if isinstance(term, rdflib.Literal)
            else f"<{term}>"
        )

    return {tuple(map(shown, quad[:3])) for quad in rows}


@pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")
@pytest.mark.parametrize("trig", [False, True])
@settings(max_examples=150)
@given(seed=st.integers(0, 10**9), size=st.integers(1, 12))
def test_each_object_is_placed_where_it_was_written(
    trig: bool, seed: int, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    writer = Writer(Random(seed), trig=trig)
    text = writer.document(size)
    told = {(w.subject, w.predicate, w.value) for w in writer.written}
    theirs = rdflib_keys(text, "trig" if trig else "turtle")
    assert {k for k in theirs if k[1] != REST} == told
    path = tmp_path_factory.mktemp("t") / ("x.trig" if trig else "x.ttl")
    file = source(path, text)
    locator = Locator(file)
    subjects = {t.subject.value for t in file.triples if key(t.subject) != BLANK}
    blank = {t.subject for t in file.triples} | {t.object for t in file.triples}
    blank = {t for t in blank if isinstance(t, ox.BlankNode)}
    by_name = [p for iri in subjects for p in locator.about(iri)]
    by_node = list(locator.mentioning(blank))
    # A statement is found by its subject or by its blank nodes, or by both.
    got = {row(p) for p in by_name + by_node if str(p.triple.predicate) != REST}
    assert got == {
        (w.subject, w.predicate, w.value, w.line, w.column) for w in writer.written
    }
    # The names of blank nodes are those of the triples as they were read.
    assert {p.triple for p in by_node} <= set(file.triples)
    touched = {t for t in file.triples if t.subject in blank or t.object in blank}
    assert touched <= {p.triple for p in by_node}


BY_HAND = """# 😀 line one, and a subject that isn't: <http://example.org/b> :p 1 .
@prefix : <http://example.org/> .
:åse :p "én" , "to" ;
  :q '''lang
:åse :p "tekst" .''' , :c ;
  :r [ :s ( 1 2 ) ; :t :åse ] . <http://example.org/b> a :C . :last.one :p :x.y.
:åse :p "tre" .
"""


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_places_by_hand(eol: str, tmp_path: Path) -> None:
    """Read off an editor: lines and columns count characters, emoji as one."""
    text = BY_HAND.replace("\n", eol)
    locator = Locator(source(tmp_path / "x.ttl", text))
    ex = "http://example.org/"

    def places(iri: str) -> list[tuple[str, int | None, int | None]]:
        return [
            (str(p.triple.predicate)[20:-1], p.value.line, p.value.column)
            for p in locator.about(ex + iri)
            if str(p.triple.subject) == f"<{ex}{iri}>"
        ]

    assert places("åse") == [
        ("p", 3, 9), ("p", 3, 16), ("q", 4, 6), ("q", 5, 24), ("r", 6, 6), ("p", 7, 9),
    ]  # fmt: skip
    assert locator.subject(ex + "åse") == Place("x.ttl", 3, 1)
    assert locator.subject(ex + "b") == Place("x.ttl", 6, 33)
    assert places("last.one") == [("p", 6, 76)]
    assert locator.subject(ex + "nowhere") is None


def test_each_line_of_n_triples_and_n_quads_has_its_place(tmp_path: Path) -> None:
    text = (
        "# <http://e/a> <http://e/p> <http://e/x> .\n"
        '<http://e/a> <http://e/p> "<http://e/b> .\\n" .\r\n'
        '  <http://e/b>\t<http://e/p>  "é"@nb <http://e/g> .\n'
        "_:n <http://e/p> _:m .\n"
        "<http://e/\\u00E5> <http://e/p> <http://e/c> ."
    )
    file = source(tmp_path / "x.nq", text)
    locator = Locator(file)
    assert [p.value for p in locator.about("http://e/a")] == [Place("x.nq", 2, 27)]
    assert [p.value for p in locator.about("http://e/b")] == [Place("x.nq", 3, 30)]
    assert locator.subject("http://e/b") == Place("x.nq", 3, 3)
    assert locator.subject("http://e/å") == Place("x.nq", 5, 1)
    node = file.triples[2].object
    assert isinstance(node, ox.BlankNode)
    (found,) = locator.mentioning([node])
    assert (found.triple, found.value) == (file.triples[2], Place("x.nq", 4, 18))


def test_json_ld_and_rdf_xml_give_the_line_where_the_iri_is_written(
    tmp_path: Path,
) -> None:
    json_ld = source(
        tmp_path / "x.jsonld",
        '{"@context": {"e": "http://e/"},\n "@graph": [\n'
        '  {"e:p": {"@id": "e:b"}, "@id": "http://e/a"},\n'
        '  {"e:p": 1, "@id": "e:c"}]}',
    )
    xml = source(
        tmp_path / "x.rdf",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
        ' xmlns:e="http://e/">\n <rdf:Description rdf:about="http://e/a&amp;b">\n'
        "  <e:p>1</e:p></rdf:Description></rdf:RDF>",
    )
    assert Locator(json_ld).subject("http://e/a") == Place("x.jsonld", 3, 34)
    assert Locator(json_ld).subject("http://e/c") == Place("x.jsonld", 4, 21)
    assert Locator(json_ld).subject("http://e/z") is None
    assert Locator(xml).subject("http://e/a&b") == Place("x.rdf", 3, 30)
    against = source(
        tmp_path / "y.rdf",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
        ' xmlns:e="http://e/" xml:base="http://e/d/x">\n'
        ' <rdf:Description rdf:about="a"><e:p>1</e:p></rdf:Description>\n'
        ' <rdf:Description rdf:about="#b"><e:p>1</e:p></rdf:Description>\n'
        ' <rdf:Description rdf:ID="c"><e:p>1</e:p></rdf:Description></rdf:RDF>',
    )
    assert Locator(against).subject("http://e/d/a") == Place("y.rdf", 3, 30)
    assert Locator(against).subject("http://e/d/x#b") == Place("y.rdf", 4, 30)
    assert Locator(against).subject("http://e/d/x#c") == Place("y.rdf", 5, 27)
    assert Locator(against).subject("http://e/d/z") is None


JSON_LD = """{"@context": {"@vocab": "http://e/", "id": "@id", "kind": "@type",
  "tags": {"@container": "@set"}, "ref": {"@type": "@id"}, "no": "not a value"},
 "id": "http://e/å", "kind": ["A", "B"],
 "ref": "b", "n": [1, 2.5, true, "é"],
 "tags": [{"@value": "x", "@language": "nb"}], "gone": null,
 "sub": {"name":
    "inner"},
 "list": {"@list": ["p", "q"]}}
"""
RDF_XML = """<?xml version="1.0"?>
<!DOCTYPE r [<!ENTITY e "http://e/">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
 <e:A rdf:about="&e;a" e:attr='é > x'>
  <e:p>
     text</e:p> <e:p rdf:resource='&e;b'/>
  <e:p rdf:parseType="Resource"><e:q>7</e:q></e:p>
  <e:r><rdf:Description rdf:about="http://e/c"><e:p xml:lang="nb">c</e:p>
  </rdf:Description></e:r>
 </e:A></rdf:RDF>
"""


def test_each_value_of_json_ld_has_its_place(tmp_path: Path) -> None:
    """Read off an editor."""
    locator = Locator(source(tmp_path / "x.jsonld", JSON_LD))
    found = {
        (p.triple.predicate.value.rpartition("/")[2].rpartition("#")[2],
         getattr(p.triple.object, "value", "").rpartition("/")[2]):
        (p.value.line, p.value.column)
        for p in locator.about("http://e/å")
        if not isinstance(p.triple.object, ox.BlankNode)
    }  # fmt: skip
    assert found == {
        ("type", "A"): (3, 31), ("type", "B"): (3, 36), ("ref", "b"): (4, 9),
        ("n", "1"): (4, 20), ("n", "2.5E0"): (4, 23), ("n", "true"): (4, 28),
        ("n", "é"): (4, 34), ("tags", "x"): (5, 22),
    }  # fmt: skip
    assert locator.subject("http://e/å") == Place("x.jsonld", 3, 8)
    nested = [p for p in locator.mentioning({ox.Literal("inner"), ox.Literal("q")})]
    assert [(p.value.line, p.value.column) for p in nested] == [(7, 5), (8, 26)]
    # A node without a name begins at its brace.
    assert (nested[0].subject.line, nested[0].subject.column) == (6, 9)


def test_each_value_of_rdf_xml_has_its_place(tmp_path: Path) -> None:
    locator = Locator(source(tmp_path / "x.rdf", RDF_XML))

    def places(iri: str) -> list[tuple[str, int | None, int | None]]:
        return [
            (str(p.triple.predicate)[-5:-1], p.value.line, p.value.column)
            for p in locator.about(iri)
        ]

    assert places("http://e/a")[:4] == [
        ("type", 4, 3), ("attr", 4, 32), ("//e/p"[1:], 6, 6), ("//e/p"[1:], 6, 36),
    ]  # fmt: skip
    assert places("http://e/c") == [("/e/p", 8, 67)]
    (seven,) = locator.mentioning({ox.Literal("7")})
    assert (seven.value.line, seven.value.column) == (7, 38)
    assert (seven.subject.line, seven.subject.column) == (7, 3)


def test_alike_blank_nodes_are_told_apart_by_their_order(tmp_path: Path) -> None:
    """More statements than are counted at once, under changing prefixes."""
    blocks = [
        f"@prefix : <http://e/{n}/> .\n[] a :C .\n:x a :C .\n" for n in range(1, 601)
    ]
    file = source(tmp_path / "x.ttl", "".join(blocks))
    locator = Locator(file)
    nodes = [t.subject for t in file.triples if isinstance(t.subject, ox.BlankNode)]
    assert len(nodes) == 600
    for number in (0, 255, 599):
        (found,) = locator.mentioning([nodes[number]])
        assert found.subject == Place("x.ttl", 3 * number + 2, 1)


def test_newer_syntax_than_the_tree_knows_still_has_its_subject(tmp_path: Path) -> None:
    text = (
        "@prefix : <http://e/> .\n:a :p <<( :b :c :d )>> .\n:e :p 1 ~ :r {| :q 2 |} ."
    )
    locator = Locator(source(tmp_path / "x.ttl", text))
    assert locator.about("http://e/a") == ()
    assert locator.subject("http://e/a") == Place("x.ttl", 2, 1)
    assert locator.subject("http://e/e") == Place("x.ttl", 3, 1)
