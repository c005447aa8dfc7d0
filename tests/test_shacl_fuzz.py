"""Any shapes on any data: the engines agree, and findings stand where they should."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings

from glokal.core.errors import Place
from glokal.validation.finding import Finding
from glokal.validation.locations import locate_findings
from glokal.validation.property_path import ValuesBySubject, read_about
from glokal.validation.shacl import validate
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.results import Result, finding_of_result
from glokal.validation.shacl.validate import validate_graph
from tests.shape_fuzz import outcome, try_shapes
from tests.shape_writer import HEAD, Graphs, Row, graphs
from tests.test_source_map import source


def turtle(text: str) -> list[ox.Triple]:
    return [q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE)]


def known(results: list[Result]) -> Counter[tuple[str, ...]]:
    return Counter(
        (str(r.shape), r.component, str(r.focus), str(r.path), str(r.value))
        for r in results
    )


def places_of(rows: tuple[Row, ...], finding: Finding) -> set[Place]:
    """Where the writer put the value of a property; nothing for what is no triple."""
    found = set()
    for row in rows:
        (triple,) = turtle(f"{HEAD} {row.subject} {row.predicate} {row.value} .")
        written = (triple.subject, triple.predicate.value, triple.object)
        if written == (finding.focus, finding.path, finding.value):
            found.add(Place("data.ttl", row.line, row.column))
    return found


@pytest.mark.filterwarnings("ignore")
def test_any_shapes_on_any_data(tmp_path: Path) -> None:
    met: Counter[str] = Counter()

    @given(graphs())
    @settings(max_examples=200, suppress_health_check=list(HealthCheck))
    def check(made: Graphs) -> None:
        file = source(tmp_path / "data.ttl", made.data)
        shapes = source(tmp_path / "shapes.ttl", made.shapes)
        results = [
            validate_graph(file.triples, shapes.triples, engine=e) for e in ENGINES
        ]
        assert known(results[0]) == known(results[1])
        met.update(r.component.rpartition("#")[2] for r in results[0])
        findings = locate_findings(
            map(finding_of_result, results[0]),
            # What is in no data is shown where the shapes name it.
            [file, shapes],
            read_about(shapes.triples),
        )
        for finding in findings:
            assert finding.place is not None, finding
            expected = places_of(made.rows, finding)
            if expected:
                met["placed"] += 1
                assert finding.place in expected

    check()
    # What was made did reach the engines and the places.
    assert len(met) >= 10, met
    assert met["placed"] >= 10, met


def test_a_difference_from_pyshacl_is_never_silent() -> None:
    """A part of `make fuzz-shapes`: odd values, queries, own classes, recursion."""
    counts = try_shapes(120)
    assert counts["agree"] >= 60, counts


@pytest.mark.parametrize("deaf", ["MinCount", "SPARQL"])
def test_what_the_default_run_would_miss_is_seen(
    deaf: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The harness itself: an adapter that drops a kind of results does not pass."""
    shapes = (
        f"{HEAD} :S a sh:NodeShape ; sh:targetNode :a ; "
        "sh:sparql [ sh:select 'SELECT $this { $this <http://e/p> 1 }' ] ; "
        "sh:property [ sh:path :q ; sh:minCount 1 ] ."
    )
    read = validate.read_results

    def dropping(report: str, about: ValuesBySubject) -> list[Result]:
        part = f"#{deaf}ConstraintComponent"
        return [r for r in read(report, about) if not r.component.endswith(part)]

    data = f"{HEAD} :a :p 1 ."
    assert outcome(data, shapes, tmp_path) == "agree"
    monkeypatch.setattr(validate, "read_results", dropping)
    with pytest.raises(AssertionError):
        outcome(data, shapes, tmp_path)
