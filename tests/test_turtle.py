"""Turtle: reading with places, one way of writing, the same meaning."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from glokal.core.errors import Place, SourceError
from glokal.rdf.turtle.formatter import format_turtle, write_turtle
from glokal.rdf.turtle.parser import parse_tree
from glokal.rdf.turtle.tree import placed_triples

EX = "http://example.org/"
STYLED = '''# About the file.
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

:onto a owl:Ontology .

# Above the block.
:a a :Thing ;
  rdfs:label
    "Ål"@nb ,
    "Åål"@nn ,
    "Eel"@en ;
  # Above the predicate.
  :list ( :one :two ) ;  # Behind the list.
  :many 1 , 1e6 , 2.50 , true ;
  :nested [
    :deep [ :deeper "x" ] ;
    :other "y"
  ] ;
  :text """One
"two"
three""" .

:b :p :q .

# At the end.
'''


def graph(text: str) -> set[str]:
    dataset = ox.Dataset(ox.parse(input=text, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(q) for q in dataset}


def test_what_is_styled_stays_as_it_is() -> None:
    assert format_turtle(STYLED, "x.ttl") == STYLED


def test_order_layout_and_prefix_order_make_no_difference() -> None:
    other = '''# About the file.
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
PREFIX : <http://example.org/>
@prefix unused: <http://example.org/unused/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
:b :p :q .
# Above the block.
:a rdfs:label "Eel"@en, "Ål"@nb , "Åål"@nn ; a :Thing ; :text """One
"two"
three""" ; :nested [ :other "y" ; :deep [ :deeper "x" ] ] ;
# Above the predicate.
:list (:one :two) ; # Behind the list.
:many 1e6, true, 2.50, 1 . <http://example.org/onto> a owl:Ontology.
# At the end.
'''
    assert format_turtle(other, "x.ttl") == STYLED


def test_a_block_in_two_parts_becomes_one() -> None:
    text = "@prefix : <http://example.org/> .\n:a :p 1 .\n:b :p 1 .\n:a :q 2 .\n"
    assert format_turtle(text, "x").count(":a ") == 1


def test_one_changed_label_is_one_changed_line() -> None:
    before = STYLED.splitlines()
    after = format_turtle(STYLED.replace('"Eel"', '"Conger"'), "x").splitlines()
    assert [a for a, b in zip(after, before, strict=True) if a != b] == [
        '    "Conger"@en ;'
    ]


TERMS = st.sampled_from([ox.NamedNode(EX + name) for name in "abcdefg"])
BLANKS = st.sampled_from([ox.BlankNode(name) for name in "xyz"])
LITERALS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20).map(
        ox.Literal
    ),
    st.text("abcæøå \n\"\\'", max_size=12).map(lambda t: ox.Literal(t, language="nb")),
    st.integers().map(
        lambda n: ox.Literal(
            str(n), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
        )
    ),
)
TRIPLES = st.lists(
    st.builds(ox.Triple, st.one_of(TERMS, BLANKS), TERMS, TERMS | BLANKS | LITERALS),
    max_size=12,
)


@settings(max_examples=150)
@given(TRIPLES, st.randoms(use_true_random=False))
def test_any_graph_survives_and_is_written_one_way(
    triples: list[ox.Triple], shuffler: random.Random
) -> None:
    written = write_turtle(triples, {"": EX})
    plain = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert plain is not None
    assert graph(written) == graph(plain.decode())
    assert format_turtle(written, "x") == written
    shuffled = list(triples)
    shuffler.shuffle(shuffled)
    assert write_turtle(shuffled, {"": EX}) == written


def test_trees_and_rdflib_read_the_same_triples() -> None:
    ours = {t for t, _, _ in placed_triples(parse_tree(STYLED, "x"))}
    assert len(ours) == len(rdflib.Graph().parse(data=STYLED, format="turtle"))


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("@prefix : <http://e/> .\n:a :b :c ;", 2, 10, "ends where"),
        ("@prefix : <http://e/> .\n:å :b x:c .", 2, 7, "x: is not declared"),
        ('@prefix : <http://e/> .\n:a :b "open .', 2, 7, "a string that is closed"),
        ("@prefix : <http://e/> .\n:a :b ) .", 2, 7, "expected an object"),
        ('@prefix : <http://e/> .\n"a" :b :c .', 2, 1, "can't be a subject"),
    ],
)
def test_an_error_has_its_place_and_what_was_expected(
    text: str, line: int, column: int, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        parse_tree(text, "x.ttl")
    assert caught.value.place == Place("x.ttl", line, column)
