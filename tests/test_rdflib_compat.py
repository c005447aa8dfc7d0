"""A query is SPARQL 1.1 and nothing more: another engine gives the same rows."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
import rdflib

from glokal.core.settings import load_project
from glokal.dataset.canned_queries import CannedQuery, ExpectedRows
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from tests.conftest import ROOT

# RDFLib's own readers use names that RDFLib calls outdated.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset")
QUERIES = [q for q in Workspace(load_project(ROOT)).queries if not q.service]
EXPECTED = [(query, rows) for query in QUERIES for rows in query.expected]


@pytest.fixture(scope="module")
def other(strategy: Workspace) -> rdflib.Dataset:
    """The default graph in RDFLib, and beside it the graphs that GRAPH finds."""
    dataset = rdflib.Dataset(default_union=False)
    triples = [*strategy.asserted(), *strategy.inferred]
    dataset.default_graph.parse(data=_written(triples), format="nt")
    for file in strategy.files:
        if not file.in_default_graph:
            named = dataset.graph(rdflib.URIRef(file.graph))
            named.parse(data=_written(file.triples), format="nt")
    provenance = dataset.graph(rdflib.URIRef(strategy.provenance_graph))
    provenance.parse(data=_written(strategy.provenance_triples), format="nt")
    return dataset


def _written(triples: Iterable[ox.Triple]) -> bytes:
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data


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
    assert len(QUERIES) >= 65
    assert len(EXPECTED) >= 90
