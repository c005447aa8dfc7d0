"""What is told of a shape inside a shape: which part is not met, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glokal.core.namespaces import SH
from tests.conftest import glokal

SHAPES = """@prefix e: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:S a sh:NodeShape ; sh:targetNode e:a ;
  sh:property [ sh:path e:home ; sh:node e:Home ] ,
    [ sh:path e:end ; sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ] ,
    [ sh:path e:part ; sh:qualifiedMinCount 1 ;
      sh:qualifiedValueShape [ sh:property [ sh:path e:n ; sh:minCount 1 ] ] ] .
e:Home sh:property [ sh:path e:code ; sh:pattern "^[0-9]{4}$" ] ,
    [ sh:path e:town ; sh:node [ sh:property [ sh:path e:name ; sh:minCount 1 ] ] ] .
"""
DATA = """@prefix e: <http://e/> .
e:a e:home [ e:code "77O0" ; e:town [ e:size 1 ] ] ;
  e:end "soon" ;
  e:part e:b .
e:b e:m 1 .
e:c e:home [ e:code "wrong, and nobody asked" ] .
"""


def run(folder: Path, *args: str) -> str:
    (folder / "s.ttl").write_text(SHAPES, encoding="utf-8")
    (folder / "d.ttl").write_text(DATA, encoding="utf-8")
    files = ("--shapes", "s.ttl", "--data", "d.ttl", "--lang", "en")
    done = glokal("validate", *files, *args, cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    return str(done.stdout)


Told = dict[str, list[tuple[str, int, int]]]


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_the_part_that_is_not_met_is_told_at_its_place(
    engine: str, tmp_path: Path
) -> None:
    told: Told = {}
    nested = {}
    for f in json.loads(run(tmp_path, "--format", "json", "--engine", engine))[
        "findings"
    ]:
        name = f["component"].removeprefix(SH).removesuffix("ConstraintComponent")
        told[name] = sorted(
            (d["component"].removeprefix(SH), d["line"], d["column"])
            for d in f["details"]
        )
        nested |= {d["component"]: d["details"] for d in f["details"]}
    assert told["Node"] == [
        ("NodeConstraintComponent", 2, 37),
        ("PatternConstraintComponent", 2, 21),
    ]
    (inner,) = nested[SH + "NodeConstraintComponent"]
    assert inner["component"] == SH + "MinCountConstraintComponent"
    if engine == "shacl":
        assert told["Or"] == [("DatatypeConstraintComponent", 3, 9)] * 2
        assert told["QualifiedMinCount"] == [("MinCountConstraintComponent", 5, 1)]


def test_each_format_has_what_is_inside(tmp_path: Path) -> None:
    assert "because d.ttl:2:21: " in " ".join(run(tmp_path).split())
    assert "d.ttl:2:21" in run(tmp_path, "--format", "html")
    assert "sh:detail" in run(tmp_path, "--format", "turtle")
    (sarif,) = json.loads(run(tmp_path, "--format", "sarif"))["runs"]
    related = [
        place["physicalLocation"]["region"]
        for result in sarif["results"]
        for place in result.get("relatedLocations", ())
    ]
    assert {"startLine": 2, "startColumn": 21} in related
