"""SHACL on any files: each constraint component, blank nodes, bad input, limits."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glokal.core.child_process import ProcessLimits
from glokal.core.errors import GlokalError, InputError, ToolError, UsageError
from glokal.core.namespaces import RDF
from glokal.rdf.any_format import read_triples
from glokal.rdf.rdf_input import FORMATS_BY_ENDING, plain_input
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.results import Result
from glokal.validation.shacl.validate import validate_graph
from tests.bad_files import BAD_FILES
from tests.component_cases import CASES, COMPONENTS, PREFIXES, ComponentCase
from tests.conftest import glokal

E = "http://e/"
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
e:S sh:targetSubjectsOf e:p ; sh:targetObjectsOf e:q ;
    sh:property e:S-z, e:S-p .
e:S-z sh:path e:z ; sh:minCount 1 .
e:S-p sh:path e:p ; sh:nodeKind sh:IRI ; sh:in ( 1 [ ] ) .
"""
NODES = st.sampled_from(
    [ox.BlankNode(n) for n in ("a", "b7", "0_b1", "z")] + [ox.NamedNode(E + "i")]
)
TEXTS = st.sampled_from(
    [ox.Literal("_:0_b1 .\n<x> <y> _:0_b0 ."), ox.Literal("å _:a", language="nb")]
)
TRIPLES = st.builds(
    ox.Triple, NODES, st.sampled_from([ox.NamedNode(E + n) for n in "pqzo"]),
    NODES | TEXTS,
)  # fmt: skip


def turtle(text: str) -> list[ox.Triple]:
    return [q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE)]


def known(results: list[Result]) -> set[tuple[str, str, str, str]]:
    return {(str(r.shape), r.component, str(r.focus), str(r.value)) for r in results}


@given(st.lists(TRIPLES, max_size=12))
@settings(max_examples=60)
def test_engines_name_blank_nodes_as_the_data_does(data: list[ox.Triple]) -> None:
    """`shacl` numbers them and RDFLib renames them; the report must do neither."""
    shapes = turtle(SHAPES)
    ours, theirs = (known(validate_graph(data, shapes, engine=e)) for e in ENGINES)
    assert ours == theirs
    named = {str(t.subject) for t in data} | {str(t.object) for t in data}
    assert {focus for _, _, focus, _ in ours} <= named


def test_each_component_has_a_case() -> None:
    assert {case.component for case in CASES} == COMPONENTS


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.component} {c.name}".strip())
def test_a_component(case: ComponentCase, engine: str) -> None:
    kind = "PropertyShape" if "sh:path" in case.shape.split(";")[0] else "NodeShape"
    shapes = turtle(
        f"{PREFIXES} :S a sh:{kind} ; sh:targetSubjectsOf :p ; {case.shape} ."
    )
    results = validate_graph(turtle(PREFIXES + case.data), shapes, engine=engine)

    def shown(term: object) -> str:
        text = str(getattr(term, "value", ""))
        return "_:" if isinstance(term, ox.BlankNode) else text.removeprefix(E)

    got = sorted(f"{shown(r.focus)} {shown(r.value)}".strip() for r in results)
    assert got == sorted(case.bad.split("|"))
    assert {r.component.rpartition("#")[2] for r in results} == {
        case.component + "ConstraintComponent"
    }


SIMPLE = f"""{PREFIXES}
:S sh:targetSubjectsOf :p ; sh:property :S-q .
:S-q sh:path :q ; sh:minCount 1 ; sh:message "Give it a q."@en .
"""


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_input_is_told_in_a_line(name: str, tmp_path: Path) -> None:
    file, content, told = BAD_FILES[name]
    (tmp_path / "s.ttl").write_text(SIMPLE, encoding="utf-8")
    if content is not None:
        (tmp_path / file).write_bytes(content)
    files = ("--shapes", "s.ttl", "--data", file)
    run = glokal("validate", *files, "--lang", "en", cwd=tmp_path)
    # What is wrong at a place of a file is a finding; what is no file is wrong use.
    placed = file in run.stdout
    assert run.returncode == (1 if placed else 2)
    assert told in " ".join((run.stdout if placed else run.stderr).split())
    assert "Traceback" not in run.stderr


def test_too_much_data_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s.ttl").write_text(SIMPLE, encoding="utf-8")
    with (tmp_path / "d.nt").open("wb") as file:
        file.truncate(2 << 20)
    monkeypatch.setenv("GLOKAL_DATA_MEGABYTES", "1")
    run = glokal("validate", "--shapes", "s.ttl", "--data", "d.nt", cwd=tmp_path)
    assert run.returncode == 2
    assert "på 2 MB til sammen, og 1 er tillatt" in run.stderr


def test_a_limit_that_is_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s.ttl").write_text(SIMPLE, encoding="utf-8")
    monkeypatch.setenv("GLOKAL_SHACL_SECONDS", "soon")
    run = glokal("validate", "--shapes", "s.ttl", "--data", "s.ttl", cwd=tmp_path)
    assert run.returncode == 2
    assert "GLOKAL_SHACL_SECONDS is 'soon'" in run.stderr


# What a shapes graph holds, and what must be said when it is refused.
REFUSED = {
    ":S :p 1 .": "no target",
    ":S sh:targetClass :C .": "asks for nothing",
    ":S sh:targetClass :C ; sh:property :P .": "P> .*is named by sh:property and not",
    ":S sh:targetClass :C ; sh:js [ ] .": "S> .*uses sh:js, which is of an extension",
    ":S sh:targetClass :C ; sh:mincount 1 .": r"uses sh:mincount.*Write sh:minCount",
    ":S sh:targetClass :C ; sh:node :T .": "T> is named by sh:node and not described",
    ":S sh:targetClass :C ; sh:or ( :T ) .": "T> is named by sh:or and not described",
    ":S sh:targetClass :C ; sh:minInclusive :x .": "sh:minInclusive that is no text",
    ":S sh:targetClass :C ; sh:nodeKind sh:Uri .": "sh:nodeKind that is none of",
    ":S sh:targetClass :C ; sh:maxLength 'two' .": "sh:maxLength that is no whole",
    ":S sh:targetClass :C ; sh:class 'C' .": "sh:class that is no IRI",
    ":S sh:targetClass :C ; sh:in 1 .": "sh:in that is no whole list",
    ":S sh:targetClass :C ; sh:closed '1'^^xsd:boolean .": "sh:closed that is no bool",
    ":S sh:targetClass :C ; sh:entailment :RDFS .": "ask for the entailment",
    ":S sh:targetClass :C ; sh:property [ sh:Path :p ; sh:MinCount 1 ] .": (
        "uses sh:Path.*Write sh:path"
    ),
    ":S sh:targetClass :C ; sh:property [ sh:minCount 1 ] .": "has no sh:path",
    ":S sh:targetClass :C ; sh:property [ sh:path :p , :q ] .": "has 2 sh:path",
    ":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 , 2 ] .": (
        "has 2 sh:minCount"
    ),
    ":S sh:targetClass :C ; sh:closed 'yes' .": "sh:closed that is no boolean",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("shapes", REFUSED)
def test_shapes_that_would_be_misread_are_refused_by_name(
    shapes: str, engine: str
) -> None:
    with pytest.raises(UsageError) as raised:
        validate_graph(
            turtle(PREFIXES + SIMPLE), turtle(PREFIXES + shapes), engine=engine
        )
    assert re.search(REFUSED[shapes], str(raised.value), re.DOTALL)


RDF_PREFIX = f"@prefix rdf: <{RDF}> ."
# Shapes that an engine refuses by itself, and what it must say in a line.
FAILING = {
    "sh:sparql [ sh:select 'SELECT $this { SERVICE <http://e/> { $this ?p 1 } }' ]": (
        "SERVICE"
    ),
    "sh:sparql [ sh:select 'SELECT $this WHERE {' ]": "(?i)expected|ends too soon",
    "sh:property [ sh:path :p ; sh:pattern '(' ]": "unclosed|unterminated",
    "sh:property [ sh:path :p ; sh:minCount 'one' ]": "minCount",
    "sh:property [ sh:path :p ; sh:in _:l ] . _:l rdf:first 1 ; rdf:rest _:l": (
        "list|recursive"
    ),
    "sh:property [ sh:path _:p ; sh:minCount 1 ] . _:p sh:zeroOrMorePath _:p": (
        "no path of SHACL"
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("shape", FAILING)
def test_what_an_engine_refuses_is_an_error_in_a_line(shape: str, engine: str) -> None:
    shapes = turtle(
        f"{PREFIXES} {RDF_PREFIX} :S a sh:NodeShape ; sh:targetClass :C ; {shape} ."
    )
    with pytest.raises((ToolError, UsageError)) as raised:
        validate_graph(turtle(PREFIXES + ":a a :C ; :p 1 ."), shapes, engine=engine)
    assert re.search(FAILING[shape], raised.value.what)
    assert len(raised.value.what) < 260 and "\n" not in raised.value.what


def nested(opened: str, closed: str) -> str:
    return f"{PREFIXES} :a a :C ; :p {opened * 100_000} 1 {closed * 100_000} ."


ENDLESS = {
    "brackets": nested("[ :p ", "]"),
    "lists": nested("(", ")"),
    "a list in a ring": f"{PREFIXES} {RDF_PREFIX} :a a :C ; :p _:l .\n"
    "_:l rdf:first 1 ; rdf:rest _:l .",
    "classes in a ring": f"{PREFIXES} :C rdfs:subClassOf :D . :D rdfs:subClassOf :C .\n"
    ":a a :D .",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_data_without_an_end_are_validated_all_the_same(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "s.ttl").write_text(
        PREFIXES + ":S a sh:NodeShape ; sh:targetClass :C ;"
        " sh:property [ sh:path :q ; sh:minCount 1 ] .",
        encoding="utf-8",
    )
    (tmp_path / "d.ttl").write_text(ENDLESS[name], encoding="utf-8")
    args = ["--shapes", "s.ttl", "--data", "d.ttl", "--format", "json"]
    run = glokal("validate", *args, cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    (finding,) = json.loads(run.stdout)["findings"]
    text = ENDLESS[name]
    before = text[: text.index(":a a ")]
    at = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (finding["line"], finding["column"]) == at


HOSTILE = f"""{PREFIXES}
:S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:pattern "^(a+)+$" ] ."""


def test_a_hostile_pattern_ends_at_the_limit() -> None:
    data = turtle(PREFIXES + f':a :p "{"a" * 40}!" .')
    with pytest.raises(ToolError, match="did not finish in 2 seconds"):
        validate_graph(data, turtle(HOSTILE), engine="pyshacl", limits=ProcessLimits(2))
    # The Rust engine's patterns take linear time.
    assert len(validate_graph(data, turtle(HOSTILE), limits=ProcessLimits(60))) == 1


def test_an_engine_holds_no_more_than_it_may() -> None:
    data = (
        ox.Triple(ox.NamedNode(f"{E}{n}"), ox.NamedNode(E + "p"), ox.Literal("x" * 99))
        for n in range(300_000)
    )
    with pytest.raises(ToolError, match="failed"):
        validate_graph(data, turtle(SIMPLE), limits=ProcessLimits(60, 100))


PIECES = """
sh:property sh:node sh:path sh:not sh:minCount sh:in sh:pattern sh:class sh:mincount
sh:targetNode sh:targetClass sh:and sh:sparql sh:select sh:closed sh:datatype
sh:NodeShape sh:zeroOrMorePath sh:inversePath a :S :T :a :p :q 1 -1 "(" "[a" "x"@nb
true "true" xsd:integer xsd:date ( ) ( [ ] ( 1 ; , . . "SELECT $this WHERE {}"
""".split()


@pytest.mark.parametrize("seed", range(60))
def test_shapes_of_any_kind_end_in_a_report_or_a_named_error(seed: int) -> None:
    chance = random.Random(seed)
    text = SIMPLE
    while True:
        bits = " ".join(chance.choices(PIECES, k=chance.randint(1, 12)))
        try:
            shapes = turtle(f"{SIMPLE} :S {bits} .")
        except SyntaxError:
            continue
        break
    for engine in ENGINES:
        try:
            validate_graph(turtle(text), shapes, engine=engine)
        except GlokalError as error:
            assert error.what


@pytest.mark.parametrize("suffix", FORMATS_BY_ENDING)
def test_each_format_gives_the_same_report(suffix: str, tmp_path: Path) -> None:
    data = turtle(PREFIXES + ':a :p "æ\\"", [ :q 1 ] . :b :q 2 .')
    (tmp_path / "s.ttl").write_text(SIMPLE, encoding="utf-8")
    ox.serialize(data, str(tmp_path / f"d{suffix}"), FORMATS_BY_ENDING[suffix])
    args = ["--shapes", "s.ttl", "--data", f"d{suffix}", "--format", "json"]
    run = glokal("validate", *args, cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    told = json.loads(run.stdout)
    assert [f["focus"] for f in told["findings"]] == [E + "a"]
    assert told["counts"]["triples"] == 4


@given(st.binary(max_size=60), st.sampled_from(list(FORMATS_BY_ENDING)))
@settings(max_examples=150)
def test_bytes_of_any_kind_end_in_triples_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"d{suffix}"
    path.write_bytes(raw)
    try:
        list(read_triples(plain_input(path), {}))
    except InputError as error:
        assert error.place is not None
