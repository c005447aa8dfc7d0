"""Queries of shapes that look for another node that is alike: the first is enough."""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.namespaces import SH
from glokal.core.settings import shared_folder
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import read_about
from glokal.validation.shacl import sparql_constraints
from glokal.validation.shacl.data_queries import QueriedGraph
from glokal.validation.shacl.prebinding import prepared_query
from glokal.validation.shacl.query_prefixes import declared_prefixes
from glokal.validation.shacl.sparql_constraints import Solution, SparqlConstraints
from tests.component_cases import PREFIXES

E = "PREFIX : <http://e/> "
COMPARE = (
    "SELECT DISTINCT $this ?value { $this :p ?value . ?other :p ?value FILTER (STR(?other) < STR($this)) }",
    "SELECT DISTINCT $this ?path ?value { $this :p ?value ; :q ?w . ?other a :K ; :p ?value ; :q ?w FILTER (?other != $this) BIND (:p AS ?path) }",
    "SELECT DISTINCT $this { $this :p ?value . ?other :p ?value FILTER (?other != $this) FILTER NOT EXISTS { $this :r ?a . ?other :r ?b FILTER (?a != ?b) } }",
    "SELECT DISTINCT $this ?value { $this :p/:r ?value . ?other :r ?value FILTER (STR(?other) > STR($this)) }",
    "SELECT DISTINCT $this ?text { $this :t ?text . ?other :t ?text FILTER (?other != $this) }",
    "SELECT DISTINCT $this ?value { $this :p ?value ; :q ?w . ?other :q ?w FILTER (?other != $this) }",
)
OTHERS = (
    "SELECT $this ?value { $this :p ?value . ?other :p ?value FILTER (?other != $this) }",
    "SELECT DISTINCT $this ?other { $this :p ?value . ?other :p ?value FILTER (?other != $this) }",
    "SELECT DISTINCT $this ?value ?failure { $this :p ?value . ?other :p ?value BIND (true AS ?failure) }",
    "SELECT DISTINCT $this ?value { $this :p ?value . ?other :p ?value . ?third :r ?other }",
    "SELECT DISTINCT $this ?value { $this :p ?value . ?other :p ?value . ?third :p ?value }",
    "SELECT DISTINCT $this ?value { $this :p ?value . ?other :p ?value ; :r $this }",
    "SELECT DISTINCT $this ?n { $this :p ?value . ?other :p ?value ; :q ?n }",
    "SELECT DISTINCT $this ?n { $this :p ?value . ?other :p ?value ; :q ?w BIND (?w + 1 AS ?n) }",
    "SELECT DISTINCT $this ?value { $this :p ?value OPTIONAL { ?other :p ?value } }",
    "SELECT DISTINCT $this ?value { $this :p ?value . ?other :p ?value } LIMIT 1",
    "SELECT DISTINCT $this ?value { $this :p ?value FILTER (?value != :x) }",
)
# Half of the nodes have one value, every third another as well; some are exempt.
DATA = (
    "\n".join(
        f':n{n} a :K ; :p :v{n % 2} , :w{n % 3} ; :q {n % 4} , 1.50 ; :t "{n % 5}"@nb ; :r :x{n % 7} .'
        for n in range(40)
    )
    + "\n:v0 :r :y . :v1 :r :y , :z . :x0 :r :y . :alone a :K ; :p :alone ."
)


def _graph(path: Path, query: str, data: str) -> tuple[QueriedGraph, list[ox.Triple]]:
    text = f":S sh:targetClass :K ; sh:sparql [ sh:select '{E}{query}' ] ."
    parser = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
    shapes = [quad.triple for quad in parser]
    given = ox.parse(input=PREFIXES + data, format=ox.RdfFormat.TURTLE)
    ox.serialize((q.triple for q in given), str(path), format=ox.RdfFormat.N_TRIPLES)
    return QueriedGraph(path, read_about(shapes)), shapes


def _asked(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Term]]:
    """Return where what is bound is noted, of each time that a query is asked."""
    asked: list[Mapping[str, Term]] = []
    own = SparqlConstraints.ask

    def ask(
        self: SparqlConstraints,
        owner: Term,
        text: str,
        bound: Mapping[str, Term],
        *,
        most: int | None = None,
    ) -> object:
        asked.append(bound)
        return own(self, owner, text, bound, most=most)

    monkeypatch.setattr(SparqlConstraints, "ask", ask)
    return asked


@pytest.mark.parametrize("query", COMPARE)
def test_stopping_at_the_first_other_gives_the_rows_of_all_pairs(
    query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _asked(monkeypatch)

    def rows(many: int) -> list[tuple[str, list[str]]]:
        asked.clear()
        monkeypatch.setattr(sparql_constraints, "_MANY", many)
        monkeypatch.setattr(sparql_constraints, "_ALIKE", 2)
        graph, shapes = _graph(tmp_path / "data.nt", query, DATA)
        found = SparqlConstraints(graph, shapes).results()
        return sorted((str(s.focus), _row(s.row)) for s in found)

    by_pairs = rows(1000)
    assert by_pairs
    assert len(asked) == 1
    assert rows(10) == by_pairs
    assert len(asked) > 10


def _row(row: Solution) -> list[str]:
    return sorted(f"{name} {value}" for name, value in row.items())


@pytest.mark.parametrize("query", OTHERS)
def test_a_query_that_needs_all_pairs_is_no_such(query: str) -> None:
    assert prepared_query(E + query, {}).compared is None


@pytest.mark.parametrize(
    "data",
    [
        # Few are alike, so that one query is quicker.
        "\n".join(f":n{n} a :K ; :p :v{n} ." for n in range(40)),
        # What has no name can't be written into a query.
        "\n".join(f"[] a :K ; :p :v{n % 2} ." for n in range(40)),
        "\n".join(f":n{n} a :K ; :p _:v{n % 2} ." for n in range(40)),
    ],
)
def test_where_it_is_no_quicker_it_is_asked_once(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparql_constraints, "_MANY", 10)
    monkeypatch.setattr(sparql_constraints, "_ALIKE", 2)
    asked = _asked(monkeypatch)
    graph, shapes = _graph(tmp_path / "data.nt", COMPARE[0], data)
    list(SparqlConstraints(graph, shapes).results())
    assert not any(asked)


def _queries() -> Iterator[tuple[str, str, Mapping[str, str]]]:
    for file in sorted(shared_folder("shapes").glob("*.ttl")):
        parser = ox.parse(path=file, format=ox.RdfFormat.TURTLE)
        about = read_about(quad.triple for quad in parser)
        for shape, details in about.items():
            for constraint in details.get(SH + "sparql", ()):
                (query,) = about[constraint][SH + "select"]
                prefixes = declared_prefixes(about, constraint)
                yield text_of(shape).rpartition("#")[2], text_of(query), prefixes


def test_the_shapes_that_compare_nodes_are_known_as_such() -> None:
    found = {
        name
        for name, query, prefixes in _queries()
        if prepared_query(query, prefixes).compared is not None
    }
    assert "MappingEntry-statedIn-unique" in found
    assert found == {name for name, _, _ in _queries() if name.endswith("-unique")}
