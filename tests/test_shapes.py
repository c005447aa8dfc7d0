"""Shapes: each constraint has an example that breaks exactly it, in both engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.check.shacl import ENGINES, Result, validate
from glokal.config import shared_folder
from glokal.errors import ToolError, UsageError
from glokal.rdf.terms import text_of
from glokal.vocabulary import RDFS, SH, SHAPE
from glokal.workspace import Workspace

HERE = Path(__file__).parent / "shapes"
INVALID = sorted(p.name.removesuffix(".ttl") for p in (HERE / "invalid").glob("*.ttl"))
COMPONENTS = {
    "minCount": "MinCount",
    "maxCount": "MaxCount",
    "class": "Class",
    "datatype": "Datatype",
    "pattern": "Pattern",
    "nodeKind": "NodeKind",
    "minInclusive": "MinInclusive",
    "lessThan": "LessThan",
    "lessThanOrEquals": "LessThanOrEquals",
    "uniqueLang": "UniqueLang",
    "qualifiedMinCount": "QualifiedMinCount",
    "sparql": "SPARQL",
}
# What else stands in a shape, and constrains nothing by itself.
OTHER = {
    "declare", "languageIn", "message", "namespace", "path", "prefix", "prefixes",
    "property", "qualifiedValueShape", "select", "severity", "targetClass",
}  # fmt: skip
Triples = tuple[ox.Triple, ...]


@cache
def read(path: Path) -> Triples:
    return tuple(quad.triple for quad in ox.parse(path=path))


@cache
def shapes() -> Triples:
    folder = shared_folder("shapes")
    return tuple(t for path in sorted(folder.glob("*.ttl")) for t in read(path))


@cache
def hierarchy() -> Triples:
    """The classes and the statuses: what fixtures need of the ontology."""
    folder = shared_folder("ontology")
    status = "https://w3id.org/glokal/code/verification-status/"
    return tuple(
        t
        for path in sorted(folder.glob("*.ttl"))
        for t in read(path)
        if t.predicate.value == RDFS + "subClassOf"
        or text_of(t.subject).startswith(status)
    )


def found(results: list[Result]) -> set[tuple[str, str]]:
    return {
        (
            text_of(r.shape).removeprefix(SHAPE),
            r.component.removeprefix(SH).removesuffix("ConstraintComponent"),
        )
        for r in results
    }


def assert_breaks_one(name: str, results: list[Result]) -> None:
    shape, _, parameter = name.rpartition(".")
    assert found(results) == {(shape, COMPONENTS[parameter])}
    assert len(results) == 1
    assert {lang for lang, _ in results[0].messages} == {"nb", "nn", "en"}


@pytest.mark.parametrize("name", INVALID)
def test_a_broken_example_breaks_exactly_one_constraint(name: str) -> None:
    data = [*read(HERE / "invalid" / f"{name}.ttl"), *hierarchy()]
    assert_breaks_one(name, validate(data, shapes()))


@pytest.mark.parametrize("name", [n for n in INVALID if n.endswith(".sparql")])
def test_pyshacl_finds_the_same_by_query(name: str) -> None:
    data = [*read(HERE / "invalid" / f"{name}.ttl"), *hierarchy()]
    by_query = without(lambda words: "property" in words)
    assert_breaks_one(name, validate(data, by_query, engine="pyshacl"))


def test_pyshacl_finds_the_same_in_all_the_others() -> None:
    """All examples in one graph, each under a name of its own: pySHACL is slow."""
    names = [n for n in INVALID if not n.endswith(".sparql")]
    data = list(hierarchy())
    for number, name in enumerate(names):
        text = (HERE / "invalid" / f"{name}.ttl").read_text(encoding="utf-8")
        text = text.replace("https://example.org/", f"https://example.org/{number}/")
        parsed = ox.parse(input=text, format=ox.RdfFormat.TURTLE)
        data += [quad.triple for quad in parsed]
    by_property = without(lambda words: "sparql" in words)
    by_number: dict[int, list[Result]] = defaultdict(list)
    for result in validate(data, by_property, engine="pyshacl"):
        by_number[int(text_of(result.focus).split("/")[3])].append(result)
    for number, name in enumerate(names):
        assert_breaks_one(name, by_number[number])


def without(leave_out: Callable[[set[str]], bool]) -> list[ox.Triple]:
    """Return the shapes without those whose words are to be left out."""
    words: dict[object, set[str]] = defaultdict(set)
    for t in shapes():
        words[t.subject].add(t.predicate.value.removeprefix(SH))
    return [t for t in shapes() if not leave_out(words[t.subject])]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_valid_example_conforms(engine: str) -> None:
    data = [*read(HERE / "valid" / "everything.ttl"), *hierarchy()]
    assert validate(data, shapes(), engine=engine) == []


def test_every_constraint_has_a_broken_example() -> None:
    stated = set()
    named: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for t in shapes():
        if t.predicate.value.startswith(SH):
            word = t.predicate.value.removeprefix(SH)
            named[text_of(t.subject)][word].append(t.object)
            assert word in COMPONENTS or word in OTHER, f"sh:{word} is not known"
    for iri, words in named.items():
        stated |= {
            f"{iri.removeprefix(SHAPE)}.{word}" for word in words if word in COMPONENTS
        }
    assert stated == set(INVALID)
    assert len(stated) >= 160


def test_every_constraint_speaks_three_languages_and_has_a_severity() -> None:
    about: dict[str, dict[str, list[ox.Triple]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for t in shapes():
        about[text_of(t.subject)][t.predicate.value.removeprefix(SH)].append(t)
    constraints = {name.rpartition(".")[0] for name in INVALID}
    for name in constraints:
        words = about[SHAPE + name]
        holder = words if "message" in words else about[f"{SHAPE}{name}-query"]
        tags = sorted(
            t.object.language or ""
            for t in holder["message"]
            if isinstance(t.object, ox.Literal)
        )
        assert tags == ["en", "nb", "nn"], name
        assert len(words["severity"]) == 1, name


def test_both_engines_agree_on_the_whole_strategy(strategy: Workspace) -> None:
    data = {t: None for file in strategy.files for t in file.triples}
    ours, theirs = (validate(data, shapes(), engine=engine) for engine in ENGINES)
    assert ours == theirs == []


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_shapes_graph_is_an_error(engine: str) -> None:
    with pytest.raises(UsageError, match="no target"):
        validate(read(HERE / "valid" / "everything.ttl"), [], engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_failing_engine_is_an_error(engine: str) -> None:
    broken = ox.parse(
        input=f"@prefix sh: <{SH}> . <urn:s> a sh:NodeShape ; sh:targetClass <urn:c> ;"
        ' sh:sparql [ sh:select "SELECT nonsense" ] . <urn:x> a <urn:c> .',
        format=ox.RdfFormat.TURTLE,
    )
    triples = [quad.triple for quad in broken]
    with pytest.raises(ToolError, match=f"{engine} failed"):
        validate(triples, triples, engine=engine)
