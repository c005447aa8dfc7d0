"""Subqueries in the queries of shapes: what is bound before has to come out of them.

SHACL, appendix A: "subqueries must return all potentially pre-bound variables".
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from glokal.validation.property_path import read_about
from glokal.validation.shacl.shape_queries import find_query_faults

RETURNING = [
    "{ SELECT $this { $this <urn:p> ?x } }",
    "{ SELECT DISTINCT ?x ?this WHERE { ?this <urn:p> ?x } }",
    "{ SELECT $this (COUNT(?x) AS ?n) { $this <urn:p> ?x } GROUP BY $this }",
    "{ # SELECT ?x {\n $this <urn:p> '{ SELECT ?x { } }' }",
]
HIDING = [
    "{ SELECT ?x { $this <urn:p> ?x } }",
    "{ SELECT (STR($this) AS ?x) { $this <urn:p> ?y } }",
    "{ # a comment\n SELECT ?x # $this\n { $this <urn:p> ?x } }",
    "OPTIONAL { { SELECT ?x { $this <urn:p> ?x } } }",
    "FILTER EXISTS { SELECT ?x { $this <urn:p> ?x } }",
    "{ SELECT $this { { SELECT ?x { $this <urn:p> ?x } } } }",
]


def faults(pattern: str) -> list[str]:
    query = f"SELECT $this {{ {pattern} }}"
    shape, constraint = ox.NamedNode("urn:S"), ox.BlankNode()
    sh = "http://www.w3.org/ns/shacl#"
    triples = [
        ox.Triple(shape, ox.NamedNode(sh + "sparql"), constraint),
        ox.Triple(constraint, ox.NamedNode(sh + "select"), ox.Literal(query)),
    ]
    return [fault.form for fault in find_query_faults(read_about(triples))]


@pytest.mark.parametrize("pattern", RETURNING)
def test_a_subquery_that_returns_this_is_right(pattern: str) -> None:
    assert faults(pattern) == []


@pytest.mark.parametrize("pattern", HIDING)
def test_a_subquery_that_keeps_this_for_itself_is_a_fault(pattern: str) -> None:
    assert faults(pattern) == ["subquery"]
