"""Queries of shapes that are asked once: the rows are those of asking for each node."""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.validation.property_path import read_about
from glokal.validation.shacl import sparql_constraints
from glokal.validation.shacl.data_queries import QueriedGraph
from glokal.validation.shacl.prebinding import PreparedQuery
from glokal.validation.shacl.sparql_constraints import SparqlConstraints
from tests.component_cases import PREFIXES

E = "PREFIX : <http://e/> "
ONCE = (
    "SELECT $this { $this :p ?v FILTER (?v > 1) }",
    "SELECT $this ?value { $this :p ?value OPTIONAL { $this :q ?w FILTER (?w < ?value) } FILTER (!BOUND(?w)) }",
    "SELECT $this { $this :p ?v BIND (?v + 1 AS ?n) FILTER (?n > 2 && $this != :b) }",
    "SELECT $this { { $this :p 1 } UNION { $this :q ?v FILTER ($this != :a) } }",
    "SELECT $this { $this a ?t . { ?x :p 1 } UNION { $this :q ?v } }",
    "SELECT $this (COUNT(?v) AS ?n) { $this :p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)",
    "SELECT $this { { SELECT $this (MAX(?v) AS ?m) { $this :p ?v } GROUP BY $this } FILTER (?m > 1) }",
    "SELECT $this { $this a ?t { SELECT ?t (COUNT(*) AS ?n) { ?x a ?t } GROUP BY ?t } FILTER (?n > 1) }",
    "SELECT DISTINCT $this { ?x :r $this . FILTER NOT EXISTS { $this :q ?v FILTER (?v < 2) } }",
    "SELECT $this { OPTIONAL { ?x :none ?y } $this :p ?v }",
)
EACH = (
    "SELECT $this { OPTIONAL { $this :q ?v } $this :p ?w }",
    "SELECT $this { FILTER ($this != :a) }",
    "SELECT $this { BIND (STR($this) AS ?s) $this :p ?v }",
    "SELECT $this { { $this :p ?v } UNION { FILTER ($this = :b) } }",
    "SELECT $this (COUNT(?v) AS ?n) { $this :p ?v }",
    "SELECT $this { $this :p ?v } LIMIT 1",
    "SELECT $this { $this a ?t { SELECT (COUNT(?v) AS ?n) { $this :p ?v } } FILTER (?n > 1) }",
    "SELECT $this { $this :none* ?x }",
    "SELECT $this { $this a ?t { FILTER ($this = :a) } }",
    "SELECT $this { $this a ?t OPTIONAL { ?t :x ?y OPTIONAL { $this :p ?z } } }",
    "SELECT ?value { $this :p ?value }",
    "SELECT $this { $this a ?t GRAPH $shapesGraph { ?s ?p ?o } }",
)
DATA = """:a a :K ; :p 1 , 2 ; :q 1 ; :r :b . :b a :K ; :p 3 ; :q 5 .
:c a :K ; :q 2 ; :r :c , :d . :d a :K . :e a :L ; :p 1 ."""


@pytest.mark.parametrize("query", ONCE)
def test_asking_once_gives_the_rows_of_asking_each(
    query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PreparedQuery(E + query, {}).joinable
    text = f":S sh:targetClass :K ; sh:targetNode :ghost ; sh:sparql [ sh:select '{E}{query}' ] ."
    parser = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
    shapes = [quad.triple for quad in parser]
    path = tmp_path / "data.nt"
    data = ox.parse(input=PREFIXES + DATA, format=ox.RdfFormat.TURTLE)
    ox.serialize((q.triple for q in data), str(path), format=ox.RdfFormat.N_TRIPLES)
    about = read_about(shapes)

    def rows(few: int) -> Counter[tuple[str, ...]]:
        monkeypatch.setattr(sparql_constraints, "_FEW", few)
        found = SparqlConstraints(QueriedGraph(path, about), shapes).results()
        return Counter(
            (str(s.focus), *sorted(f"{k} {v}" for k, v in s.row.items() if k != "this"))
            for s in found
        )

    asked_each = rows(100)
    assert asked_each == rows(0)
    assert asked_each


@pytest.mark.parametrize("query", EACH)
def test_where_it_could_differ_each_node_is_asked(query: str) -> None:
    assert not PreparedQuery(E + query, {}).joinable
