"""A CONSTRUCT that is asked as a SELECT gives what the engine's own gives."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
import pytest

from glokal.core.files.spool import Spool
from glokal.dataset.workspace import Workspace
from glokal.rdf.sorted_graph import sorted_graph
from glokal.sparql.constructed import constructed
from glokal.sparql.prepare import prepare
from glokal.sparql.printer import print_query

DATA = """
@prefix : <urn:> .
:a :p :b , "x"@nb , 007 , _:n . :b :p :c . _:n :q "y"^^:t . :p :q :r .
"""
QUERIES = [
    "CONSTRUCT { ?a :made ?b } WHERE { ?a :p ?b }",
    "CONSTRUCT WHERE { ?a :p ?b }",
    # A literal is no subject, and a variable may have no value.
    "CONSTRUCT { ?b :of ?a . ?a :q ?c } WHERE { ?a :p ?b OPTIONAL { ?b :p ?c } }",
    # A property is an IRI.
    "CONSTRUCT { :x ?b :y } WHERE { ?a :p ?b }",
    "CONSTRUCT { ?a ?p ?nothing } WHERE { ?a ?p ?b }",
    # Another blank node for each row, and the same in all of the template.
    "CONSTRUCT { ?a :to [ :at ?b ; :in _:k ] . _:k :q _:k } WHERE { ?a :p ?b }",
    "CONSTRUCT { :a :is true , 1.50 , 'é'@nb-NO , 'z'^^:t } WHERE { ?a :p ?b }",
    "CONSTRUCT { :a :is :b } WHERE { FILTER(1 = 2) }",
    "CONSTRUCT { :a :is :b } WHERE { }",
    "CONSTRUCT { ?a :n ?n } WHERE { SELECT ?a (COUNT(*) AS ?n) { ?a :p ?b } "
    "GROUP BY ?a }",
    "CONSTRUCT { ?a :first ?b } WHERE { ?a :p ?b } ORDER BY STR(?b) LIMIT 2",
    "CONSTRUCT { ?a :v ?v } WHERE { ?a :p ?b VALUES ?v { 1 UNDEF } }",
]


@pytest.mark.parametrize("text", QUERIES)
def test_the_triples_are_those_of_the_engine(text: str) -> None:
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    whole = f"PREFIX : <urn:> {text}"
    expected = store.query(whole)
    assert isinstance(expected, ox.QueryTriples)
    assert digest(constructed(store, prepare(whole))) == digest(expected)


def test_the_rules_of_the_ontology_give_the_same(strategy: Workspace) -> None:
    store = ox.Store()
    view = (*strategy.asserted(), *strategy.inferred)
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in view)
    for rule in strategy.rules:
        expected = store.query(print_query(rule.query))
        assert isinstance(expected, ox.QueryTriples)
        assert digest(constructed(store, rule.query)) == digest(expected)


def digest(triples: Iterable[ox.Triple]) -> str:
    return sorted_graph(triples, Spool()).digest
