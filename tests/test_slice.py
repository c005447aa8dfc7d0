"""Which predicates a shapes graph reads, and so must be taken from a service."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from glokal.validation.shacl.required_triples import (
    predicates_of,
    predicates_of_queries,
)

HEAD = """
@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:prefixes sh:declare [ sh:prefix "e" ; sh:namespace "http://e/"^^xsd:anyURI ] .
:S sh:targetClass :K ;
"""


def sparql(query: str) -> str:
    return f'sh:sparql [ sh:prefixes :prefixes ; sh:select """{query}""" ]'


NAMED = {
    "sh:property [ sh:path :p ; sh:equals :q ; sh:class :L ]": "p q",
    "sh:property [ sh:path ( :p [ sh:inversePath :q ] ) ]": "p q",
    "sh:property [ sh:path [ sh:alternativePath ( :p [ sh:oneOrMorePath :q ] ) ] ]": (
        "p q"
    ),
    "sh:not [ sh:path [ sh:zeroOrMorePath ( :p :q ) ] ; sh:lessThan :r ]": "p q r",
    "sh:targetObjectsOf :p": "p",
    sparql("SELECT $this { $this e:p ?x . ?x e:q/^e:r* ?y }"): "p q r",
    sparql(
        "SELECT $this { FILTER NOT EXISTS { $this e:p ?x ; e:q ?y }"
        " OPTIONAL { { $this e:r 1 } UNION { SELECT $this { $this e:s 2 } } } }"
    ): "p q r s",
}
WHOLE = [
    "sh:closed true",
    sparql("SELECT $this { $this ?p 1 }"),
    sparql("SELECT $this { $this !e:p 1 }"),
    sparql("SELECT $this { FILTER EXISTS { $this (e:p|!e:q)+ 1 } }"),
    sparql("SELECT $this { GRAPH ?g { $this e:p 1 } }"),
    sparql("SELECT $this { $this e:p "),
    # No step leads from any node of the graph to itself.
    sparql("SELECT $this { $this e:p* ?x }"),
    sparql("SELECT $this { $this (e:p|e:q?)/e:r* ?x }"),
]


def parse(shape: str) -> list[ox.Triple]:
    text = f"{HEAD} {shape} ."
    return [q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE)]


@pytest.mark.parametrize("shape", NAMED)
def test_named(shape: str) -> None:
    found = predicates_of(parse(shape)) or frozenset()
    ours = {p.removeprefix("http://e/") for p in found if p.startswith("http://e/")}
    assert ours == set(NAMED[shape].split())
    assert {p.rpartition("#")[2] for p in found} >= {"type", "subClassOf"}


@pytest.mark.parametrize("shape", WHOLE)
def test_what_may_read_anything_needs_the_whole_graph(shape: str) -> None:
    assert predicates_of(parse(shape)) is None


# Beside what is read for SHACL Core, which another engine reads for itself.
OF_QUERIES = {
    "sh:property [ sh:path :p ; sh:equals :q ; sh:class :L ]": "",
    f"sh:property [ sh:path :p ; {sparql('SELECT $this { $this e:q 1 }')} ]": "p q",
    "sh:property [ sh:path :p ; sh:property [ sh:path ( :q :r ) ;"
    f" {sparql('SELECT $this { $this e:s 1 }')} ] ]": "p q r s",
    f"sh:targetSubjectsOf :t ; {sparql('ASK { $this e:q 1 }')}": "q t",
    "sh:target [ a sh:SPARQLTarget ; sh:prefixes :prefixes ;"
    ' sh:select "SELECT ?this { ?this e:u 1 }" ]': "u",
}


@pytest.mark.parametrize("shape", OF_QUERIES)
def test_what_queries_read_and_what_leads_to_their_focus_nodes(shape: str) -> None:
    found = predicates_of_queries(parse(shape)) or frozenset()
    ours = {p.removeprefix("http://e/") for p in found if p.startswith("http://e/")}
    assert ours == set(OF_QUERIES[shape].split())


@pytest.mark.parametrize(
    "shape",
    [
        *(shape for shape in WHOLE if "closed" not in shape),
        "a sh:ConstraintComponent ; sh:parameter [ sh:path :p ]",
    ],
)
def test_queries_that_may_read_anything_need_the_whole_graph(shape: str) -> None:
    assert predicates_of_queries(parse(shape)) is None


def test_one_prefix_is_two_namespaces_where_two_shapes_say_so() -> None:
    other = """
    :others sh:declare [ sh:prefix "e" ; sh:namespace "http://e/2/"^^xsd:anyURI ] .
    :T sh:targetClass :K ; sh:sparql [ sh:prefixes :others ;
        sh:select "SELECT $this { $this e:p 1 }" ]
    """
    shapes = parse(sparql("SELECT $this { $this e:p 1 }") + " . " + other)
    for found in (predicates_of(shapes), predicates_of_queries(shapes)):
        assert found is not None
        assert {"http://e/p", "http://e/2/p"} <= found
