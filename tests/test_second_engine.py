"""Two engines judge small data: where they differ the run fails, and names both."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.child_process import ProcessLimits
from glokal.core.errors import ToolError
from glokal.validation.shacl import second_engine
from glokal.validation.shacl.results import Result
from glokal.validation.shacl.second_engine import validate_judged
from glokal.validation.shacl.validate import Prepared, run_prepared
from tests.component_cases import PREFIXES
from tests.conftest import glokal

SHAPES = """:S sh:targetNode :a ;
  sh:property [ sh:path :p ; sh:minCount 1 ; sh:severity :Grave ] ."""


def turtle(text: str) -> list[ox.Triple]:
    read = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return [q.triple for q in read]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.nt"
    ox.serialize(turtle(":a :q 1 ."), str(path), format=ox.RdfFormat.N_TRIPLES)
    return path


def judged(data: Path, shapes: str = SHAPES, triples: int = 1) -> second_engine.Judged:
    limits = ProcessLimits(60)
    return validate_judged(
        data, turtle(shapes), engine="shacl", triples=triples, limits=limits
    )


def test_both_engines_judge_small_data(data: Path) -> None:
    found = judged(data)
    assert (found.engines, found.unjudged) == (("shacl", "pyshacl"), "")
    assert len(found.results) == 1


def test_larger_data_and_what_the_other_does_wrong_are_told(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert judged(data, triples=2_001).unjudged == "size 2000"
    flags = SHAPES.replace("sh:minCount 1", 'sh:pattern "." ; sh:flags "s"')
    assert judged(data, flags).unjudged == "form pattern-flags"
    monkeypatch.setenv("GLOKAL_SECOND_ENGINE_TRIPLES", "0")
    assert judged(data).engines == ("shacl",)


def test_engines_that_differ_fail_the_run_and_each_is_named(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(
        prepared: Prepared,
        data: Path,
        *,
        limits: ProcessLimits | None,
        engine: str = "",
        **_: object,
    ) -> tuple[list[Result], str]:
        results, used = run_prepared(prepared, data, limits=limits, engine=engine)
        return ([] if used == "pyshacl" else results), used

    monkeypatch.setattr(second_engine, "run_prepared", deaf)
    with pytest.raises(
        ToolError, match=r"differ: only shacl finds MinCount.*<http://e/a>"
    ):
        judged(data)


ORDER = ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:lessThan :q ] ."


@pytest.mark.parametrize(
    ("values", "deaf", "differ"),
    [
        # pySHACL gives IRIs an order, which SPARQL does not.
        (":p :x ; :q :y", "", False),
        # Where it is right and the first engine is not, the run fails; and only there.
        (":p 5 ; :q 3", "shacl", True),
        (":p 5 ; :q 3", "pyshacl", False),
        (":p 1 ; :q 3", "", False),
    ],
)
def test_an_order_is_decided_by_the_operators_of_sparql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: str, deaf: str,
    differ: bool,
) -> None:  # fmt: skip
    path = tmp_path / "data.nt"
    ox.serialize(turtle(f":a {values} ."), str(path), format=ox.RdfFormat.N_TRIPLES)

    def run(
        prepared: Prepared,
        data: Path,
        *,
        limits: ProcessLimits | None,
        engine: str = "",
        **_: object,
    ) -> tuple[list[Result], str]:
        results, used = run_prepared(prepared, data, limits=None, engine=engine)
        return ([] if used == deaf else results), used

    monkeypatch.setattr(second_engine, "run_prepared", run)
    if differ:
        with pytest.raises(ToolError, match="only pyshacl finds LessThan"):
            judged(path, ORDER)
    else:
        assert judged(path, ORDER).engines == ("shacl", "pyshacl")


@pytest.mark.parametrize(
    ("data", "value"),
    [
        # pyoxigraph gives 2.5 for it, and a new label for a blank node.
        (":a :p 2.50", '"2.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        (':a :p "1"^^xsd:int', '"1"^^<http://www.w3.org/2001/XMLSchema#int>'),
        (":a :p _:b", "_:b"),
    ],
)
def test_a_query_gives_the_terms_of_the_data(
    tmp_path: Path, data: str, value: str
) -> None:
    path = tmp_path / "data.nt"
    ox.serialize(turtle(f"{data} ."), str(path), format=ox.RdfFormat.N_TRIPLES)
    query = "SELECT $this ?value { $this <http://e/p> ?value }"
    found = judged(path, f":S sh:targetNode :a ; sh:sparql [ sh:select '{query}' ] .")
    assert found.engines == ("shacl", "pyshacl")
    assert [str(r.value) for r in found.results] == [value]


def test_blank_nodes_are_focus_nodes_of_queries_and_of_orders(tmp_path: Path) -> None:
    path = tmp_path / "data.nt"
    values = ':p "2020-01-01"^^xsd:date ; :q "2020-01-01T00:00:00"^^xsd:dateTime'
    ox.serialize(turtle(f"_:b {values} ."), str(path), format=ox.RdfFormat.N_TRIPLES)
    found = judged(
        path,
        ":S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:lessThan :q ] ; "
        "sh:sparql [ sh:select 'SELECT $this { $this <http://e/p> ?x }' ] .",
    )
    assert [str(r.focus) for r in found.results] == ["_:b", "_:b"]
    assert found.settled == 1


def test_an_engine_that_fails_is_no_witness(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(
        prepared: Prepared,
        data: Path,
        *,
        limits: ProcessLimits | None,
        engine: str = "",
        **_: object,
    ) -> tuple[list[Result], str]:
        if engine == "pyshacl":
            raise ToolError("It fell over.")
        return run_prepared(prepared, data, limits=limits, engine=engine)

    monkeypatch.setattr(second_engine, "run_prepared", broken)
    assert judged(data).unjudged == "failed"


def test_the_report_says_who_judged_and_keeps_a_severity_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOKAL_SECOND_ENGINE_TRIPLES", "0")
    (tmp_path / "s.ttl").write_text(PREFIXES + SHAPES, encoding="utf-8")
    (tmp_path / "d.ttl").write_text(PREFIXES + ":a :q 1 .", encoding="utf-8")
    files = ("validate", "--shapes", "s.ttl", "--data", "d.ttl", "--lang", "en")
    run = glokal(
        *files, "--report", "json=r.json", "--report", "turtle=r.ttl", cwd=tmp_path
    )
    assert run.returncode == 1
    assert "Only the engine shacl has judged this" in run.stdout
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["engines"] == ["shacl"] and report["unjudged"]
    assert report["findings"][0]["ownSeverity"] == "http://e/Grave"
    assert "<http://e/Grave>" in (tmp_path / "r.ttl").read_text(encoding="utf-8")
