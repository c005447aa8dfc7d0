"""Findings stand where the fault is: the triple's object, or the subject's block."""

from __future__ import annotations

from pathlib import Path

import pytest

from glokal.validation.finding import Finding
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.validate_files import validate_files

HEAD = """@prefix : <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIRST = """@prefix : <http://example.org/> .
# The type is in the other file.
:åse :name "Åse"@nb , "Åse, igjen"@nb ;
  :age 1 , 2 ,
    3 .
"""
SECOND = """@prefix : <http://example.org/> .
@prefix p: <http://example.org/> .
:ole :knows :åse .
p:åse a :Person ;
  :text '''a
:åse :name "b" .''' ;
  :size "007" ;
  :home [ :street "x" ; :city [ :name "y" ] ] ;
  :knows [] , [ a :Person ; :size 9 ] .
[ a :Person ] :size 10 .
"""
CASES: dict[str, tuple[str, str]] = {
    "a value": ("sh:path :size ; sh:maxLength 2", "2:7:9"),
    "a value, in the other file": ("sh:path :age ; sh:maxInclusive 2", "1:5:5"),
    "too many: the first that is": ("sh:path :age ; sh:maxCount 2", "1:5:5"),
    "too many: none allowed": ("sh:path :age ; sh:maxCount 0", "1:4:8"),
    "missing: the block with the class": ("sh:path :none ; sh:minCount 1", "2:4:1"),
    "too few": ("sh:path :size ; sh:minCount 2", "2:4:1"),
    "one language twice": ("sh:path :name ; sh:uniqueLang true", "1:3:23"),
    "a blank node as value": ("sh:path :home ; sh:nodeKind sh:IRI", "2:8:9"),
    "backwards": ("sh:path [ sh:inversePath :knows ] ; sh:class :Robot", "2:3:13"),
    "a way through blank nodes": (
        "sh:path ( :home :city :name ) ; sh:in ( 'z' )", "2:8:39",
    ),
    "one of two ways": (
        "sh:path [ sh:alternativePath ( :nix :text ) ] ; sh:maxLength 1", "2:5:9",
    ),
    "any number of steps": (
        "sh:path ( [ sh:zeroOrMorePath [ sh:alternativePath ( :home :city ) ] ]"
        " :street ) ; sh:datatype xsd:integer", "2:8:19",
    ),
}  # fmt: skip


def found(
    tmp_path: Path, shape: str, *files: str, engine: str = ENGINES[0]
) -> list[Finding]:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(HEAD + shape, encoding="utf-8")
    data = []
    for number, text in enumerate(files, 1):
        data.append(tmp_path / f"{number}.ttl")
        data[-1].write_text(text, encoding="utf-8")
    report = validate_files([shapes], data, engine=engine, lang="en")
    return list(report.findings)


def place(finding: Finding) -> str:
    assert finding.place is not None
    name = Path(finding.place.file).stem
    return f"{name}:{finding.place.line}:{finding.place.column}"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES)
def test_a_finding_stands_where_the_fault_is(
    case: str, engine: str, tmp_path: Path
) -> None:
    shape, expected = CASES[case]
    target = "http://example.org/åse"
    shape = f"[] a sh:NodeShape ; sh:targetNode <{target}> ; sh:property [ {shape} ] ."
    findings = found(tmp_path, shape, FIRST, SECOND, engine=engine)
    # A literal that has a long form is one finding; the path may give others.
    assert place(findings[0]) == expected, [place(f) for f in findings]


@pytest.mark.parametrize("engine", ENGINES)
def test_findings_on_blank_nodes_stand_at_their_brackets(
    engine: str, tmp_path: Path
) -> None:
    shape = (
        "[] a sh:NodeShape ; sh:targetClass :Person ; "
        "sh:property [ sh:path :size ; sh:maxInclusive 8 ] , "
        "[ sh:path :none ; sh:minCount 1 ] ."
    )
    findings = found(tmp_path, shape, FIRST, SECOND, engine=engine)
    assert sorted(place(f) for f in findings) == [
        "2:10:1",  # [ a :Person ] lacks :none
        "2:10:21",  # 10
        "2:4:1",  # :åse lacks :none
        "2:7:9",  # "007" is no number
        "2:9:15",  # [ a :Person … ] lacks :none
        "2:9:35",  # 9
    ]


def test_a_node_that_only_is_a_value_stands_there(tmp_path: Path) -> None:
    shape = "[] a sh:NodeShape ; sh:targetObjectsOf :p ; sh:nodeKind sh:BlankNode ."
    data = "@prefix : <http://example.org/> .\n:a :p :b ,\n 'text' .\n"
    assert [place(f) for f in found(tmp_path, shape, data)] == ["1:2:7", "1:3:2"]


def test_a_target_that_stands_nowhere_is_shown_in_the_shapes(tmp_path: Path) -> None:
    shape = (
        "[] a sh:NodeShape ; sh:targetNode :ghost ; "
        "sh:property [ sh:path :p ; sh:minCount 1 ] ."
    )
    (finding,) = found(tmp_path, shape, FIRST)
    assert place(finding) == "shapes:4:35"


def test_a_closed_shape_shows_the_property_that_is_too_much(tmp_path: Path) -> None:
    shape = (
        "[] a sh:NodeShape ; sh:targetSubjectsOf :age ; sh:closed true ; "
        "sh:property [ sh:path :age ] ; sh:ignoredProperties ( :name ) ."
    )
    data = FIRST.replace("igjen", "så").replace("3 .", "3 ;\n  :extra :thing .")
    assert [place(f) for f in found(tmp_path, shape, data)] == ["1:6:10"]
