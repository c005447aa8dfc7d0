"""A query is SPARQL 1.1 and nothing more: another engine gives the same rows."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib

from glokal.config import load_project
from glokal.model.canned import CannedQuery, ExpectedRows, load_queries
from glokal.rdf.terms import text_of
from glokal.workspace import Workspace
from tests.conftest import ROOT

# RDFLib's own readers use names that RDFLib calls outdated.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset")
QUERIES = [q for q in load_queries(load_project(ROOT)) if not q.service]
EXPECTED = [(query, rows) for query in QUERIES for rows in query.expected]


@pytest.fixture(scope="module")
def other(strategy: Workspace) -> rdflib.Dataset:
    """What a query without GRAPH sees, and the provenance by its name, in RDFLib."""
    triples = [*strategy.asserted(), *strategy.inferred]
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in triples]
    name = ox.NamedNode(strategy.provenance_graph)
    quads += [
        ox.Quad(t.subject, t.predicate, t.object, name)
        for t in strategy.provenance_triples
    ]
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="nquads")
    return dataset


def rows_of(graph: rdflib.Dataset, text: str) -> list[tuple[str, ...]]:
    return [
        tuple("" if cell is None else str(cell) for cell in row)
        for row in graph.query(text)
    ]


@pytest.mark.parametrize(
    ("query", "expected"), EXPECTED, ids=[rows.name for _, rows in EXPECTED]
)
def test_rdflib_gives_the_expected_rows(
    query: CannedQuery,
    expected: ExpectedRows,
    other: rdflib.Dataset,
    strategy: Workspace,
) -> None:
    text = query.bind(expected.values, project=strategy.project, lang="nb")
    wanted = [row[:-1] for row in expected.rows]
    assert sorted(rows_of(other, text)) == sorted(wanted)
    if not expected.values:
        assert text == query.text


@pytest.mark.parametrize("lang", ["nn", "en"])
@pytest.mark.parametrize("query", QUERIES, ids=[query.slug for query in QUERIES])
def test_rdflib_gives_the_same_order_in_other_languages(
    query: CannedQuery, lang: str, other: rdflib.Dataset, strategy: Workspace
) -> None:
    text = query.bind({}, project=strategy.project, lang=lang)
    table = strategy.store.select(text, name=query.name)
    ours = [tuple(text_of(cell) for cell in row) for row in table.rows]
    assert rows_of(other, text) == ours


def test_cases_are_as_many_as_they_were() -> None:
    assert len(QUERIES) >= 39
    assert len(EXPECTED) >= 60
