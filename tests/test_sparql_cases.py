"""The runner of the W3C suites: it sees a wrong answer, a wrong order, a stale list."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sparql_cases import Misses, cases, fault, surprises
from tests.sparql_results import Rows, difference, expected_result

MANIFEST = """
@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#> .
@prefix : <#> .
<> a mf:Manifest ; mf:entries ( %s ) .
"""
ENTRY = """
:%s a mf:QueryEvaluationTest ; mf:result <%s.tsv> ;
  mf:action [ qt:query <%s.rq> ; qt:data <data.ttl> ] .
"""
DATA = """@prefix : <urn:x:> .
:a :rank 1 ; :name "A" . :b :rank 2 ; :name "B" . :c :rank 2 ; :name "C" .
"""
ORDERED = "SELECT ?n ?r { ?s <urn:x:rank> ?r ; <urn:x:name> ?n } ORDER BY ?r"


def suite(folder: Path, made: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Write a suite with a query and the rows for each case; return the faults."""
    place = folder / "sparql11" / "own"
    place.mkdir(parents=True)
    entries = "".join(ENTRY % (name, name, name) for name in made)
    listed = " ".join(f":{name}" for name in made)
    (place / "manifest.ttl").write_text(MANIFEST % listed + entries)
    (place / "data.ttl").write_text(DATA)
    for name, (query, rows) in made.items():
        (place / f"{name}.rq").write_text(query)
        (place / f"{name}.tsv").write_text(rows)
    found = cases(folder)
    assert len(found) == len(made)
    return {case.name.rpartition("/")[2]: fault(case) for case in found}


def test_an_order_is_compared_and_ties_are_free(tmp_path: Path) -> None:
    head = "?n\t?r\n"
    found = suite(
        tmp_path,
        {
            "right": (ORDERED, head + '"A"\t1\n"B"\t2\n"C"\t2\n'),
            "tie": (ORDERED, head + '"A"\t1\n"C"\t2\n"B"\t2\n'),
            "wrong": (ORDERED, head + '"B"\t2\n"A"\t1\n"C"\t2\n'),
            "fewer": (ORDERED, head + '"A"\t1\n"B"\t2\n'),
            "free": (
                ORDERED.partition("ORDER")[0],
                head + '"C"\t2\n"A"\t1\n"B"\t2\n',
            ),
        },
    )
    assert {name for name, told in found.items() if told} == {"wrong", "fewer"}
    assert found["wrong"].startswith("200: in another order")


def test_without_a_column_to_sort_by_the_order_is_all_that_counts(
    tmp_path: Path,
) -> None:
    query = "SELECT ?n { ?s <urn:x:rank> ?r ; <urn:x:name> ?n } ORDER BY DESC(?r) ?n"
    found = suite(
        tmp_path,
        {
            "right": (query, '?n\n"B"\n"C"\n"A"\n'),
            "wrong": (query, '?n\n"A"\n"B"\n"C"\n'),
        },
    )
    assert [name for name, told in found.items() if told] == ["wrong"]


@pytest.mark.parametrize(
    ("faults", "listed", "permitted", "told"),
    [
        ({}, {}, {}, []),
        ({"a": "400: no"}, {"a": "why"}, {}, []),
        ({"a": "200: other"}, {}, {"a": "why"}, []),
        ({"a": "400: no"}, {}, {}, ["a: 400: no"]),
        ({}, {"a": "why"}, {}, ["a is listed as missed, and passes"]),
        (
            {"a": "200: other"},
            {"a": "why"},
            {},
            ["a is listed, and answered wrongly all the same: 200: other"],
        ),
    ],
)
def test_a_list_of_misses_is_true(
    faults: dict[str, str],
    listed: dict[str, str],
    permitted: dict[str, str],
    told: list[str],
) -> None:
    assert surprises(faults, Misses(listed, permitted, {})) == told


def test_results_written_as_triples_have_their_order(tmp_path: Path) -> None:
    # Section "Result sets" of the suite's own description.
    solution = """rs:solution [ rs:index %d ; rs:binding
      [ rs:variable "x" ; rs:value %d ] ] ;"""
    numbered = "".join(solution % pair for pair in ((2, 10), (1, 20)))
    file = tmp_path / "rows.ttl"
    file.write_text(
        "@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> ."
        f'[] a rs:ResultSet ; {numbered} rs:resultVariable "x" .'
    )
    found = expected_result(file)
    assert isinstance(found, Rows) and found.ordered
    assert [row["x"].value for row in found.rows] == ["20", "10"]  # type: ignore[union-attr]
    assert difference(found, Rows(list(reversed(found.rows))), ["x"])
