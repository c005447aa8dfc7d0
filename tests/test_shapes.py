"""Shapes: each constraint has an example that breaks exactly it, in both engines.

`shapes/valid.ttl` conforms. Each `shapes/broken/<shape>.<parameter>.ru` is an update
that makes it break one parameter of one shape; a parameter with several cases has
several, told apart by what follows a hyphen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import ToolError, UsageError
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.namespaces import GEO, GLO, GLOKAL, OWL, RDF, RDFS, SH, SHAPE, SKOS
from glokal.core.settings import shared_folder
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import CATALOGUE_SHAPES
from glokal.rdf.terms import Term, text_of
from glokal.validation.shacl import validate
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.results import Result
from glokal.validation.shacl.validate import validate_graph

HERE = Path(__file__).parent / "shapes"
BROKEN = sorted(path.stem for path in (HERE / "broken").glob("*.ru"))
# The parameters of SHACL Core and SHACL-SPARQL (sections 4 and 5) that a result
# can name; sh:qualifiedValueShape is judged with its counts.
CONSTRAINING = {
    "and", "class", "closed", "datatype", "disjoint", "equals", "hasValue", "in",
    "languageIn", "lessThan", "lessThanOrEquals", "maxCount", "maxExclusive",
    "maxInclusive", "maxLength", "minCount", "minExclusive", "minInclusive",
    "minLength", "node", "nodeKind", "not", "or", "pattern", "qualifiedMaxCount",
    "qualifiedMinCount", "sparql", "uniqueLang", "xone",
}  # fmt: skip
# What else stands in a shape, and constrains nothing by itself.
OTHER = {
    "alternativePath", "declare", "inversePath", "message", "namespace", "path",
    "prefix", "prefixes", "property", "qualifiedValueShape", "select", "severity",
    "targetClass",
}  # fmt: skip
# The classes of others whose instances the data holds, and those of the ontology.
OUTSIDE_TARGETS = {
    GEO + "Geometry", SKOS + "ConceptScheme", OWL + "AnnotationProperty",
    OWL + "Class", OWL + "DatatypeProperty", OWL + "ObjectProperty",
    RDF + "Statement",
}  # fmt: skip
# The style of the ontology that is advice; all else is a fault.
ADVICE = {"Class-label", "Term-definition-length"}
# What holds for things of many classes; it says nothing about any one of them.
FOR_ALL = {"hygiene.ttl", "things.ttl"}
Triples = tuple[ox.Triple, ...]
Words = dict[Term, dict[str, list[Term]]]


@cache
def read(path: Path) -> Triples:
    return tuple(quad.triple for quad in ox.parse(path=path))


def files(folder: str) -> list[Path]:
    found = sorted(shared_folder(folder).glob("*.ttl"))
    # The catalogue's shapes have tests of their own.
    return [path for path in found if path.name != CATALOGUE_SHAPES]


@cache
def shapes() -> Triples:
    return tuple(t for path in files("shapes") for t in read(path))


@cache
def ontology() -> Triples:
    return tuple(t for path in files("ontology") for t in read(path))


def by_subject(triples: Iterable[ox.Triple]) -> Words:
    about: Words = defaultdict(lambda: defaultdict(list))
    for t in triples:
        about[t.subject][t.predicate.value].append(t.object)
    return about


@cache
def words() -> Words:
    """What each shape says, by the local name in the namespace of SHACL."""
    return {
        subject: {p.removeprefix(SH): values for p, values in about.items()}
        for subject, about in by_subject(shapes()).items()
    }


def named_shapes() -> dict[str, dict[str, list[Term]]]:
    return {
        text_of(shape).removeprefix(SHAPE): said
        for shape, said in words().items()
        if text_of(shape).startswith(SHAPE)
    }


@cache
def vocabulary() -> Triples:
    """What a small graph needs of the ontology: hierarchy and declared properties."""
    kinds = {OWL + k + "Property" for k in ("Annotation", "Datatype", "Object")}
    declared = ox.NamedNode(RDF + "Property")
    return tuple(
        ox.Triple(t.subject, t.predicate, declared) if text_of(t.object) in kinds else t
        for t in ontology()
        if text_of(t.object) in kinds or t.predicate.value == RDFS + "subClassOf"
    )


@cache
def codes() -> Words:
    """The codes that come with the ontology, and those that the region has itself."""
    known = (*ontology(), *read(HERE.parents[1] / "data" / "codes.ttl"))
    return by_subject(
        t for t in known if text_of(t.subject).startswith(GLOKAL + "code/")
    )


def with_vocabulary(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return a graph with the words of the ontology and the codes that it uses."""
    graph = list(triples)
    for _ in ("codes", "their lists"):
        for code in {t.object for t in graph} & set(codes()):
            graph += [
                ox.Triple(code, ox.NamedNode(predicate), value)
                for predicate, values in codes()[code].items()
                for value in values
            ]
    return [*dict.fromkeys([*graph, *vocabulary()])]


def broken(name: str) -> list[ox.Triple]:
    """Return the valid example after the update of that name, which changes it."""
    store = ox.Store()
    store.extend(ox.Quad(*t) for t in read(HERE / "valid.ttl"))
    store.update((HERE / "broken" / f"{name}.ru").read_text(encoding="utf-8"))
    return with_vocabulary(quad.triple for quad in store)


def shape_and_parameter(name: str) -> tuple[str, str]:
    shape, _, parameter = name.rpartition(".")
    return shape, parameter.partition("-")[0]


def component(parameter: str) -> str:
    name = "SPARQL" if parameter == "sparql" else parameter[0].upper() + parameter[1:]
    return f"{SH}{name}ConstraintComponent"


def only(shape: str) -> list[ox.Triple]:
    """Return the shapes graph of one shape, with what gives it its focus nodes."""
    node = ox.NamedNode(SHAPE + shape)
    parts: set[object] = {node}
    size = 0
    while len(parts) > size:
        size = len(parts)
        for t in shapes():
            nested = isinstance(t.object, ox.BlankNode)
            if t.subject in parts and (nested or t.predicate.value == SH + "prefixes"):
                parts.add(t.object)
    parents = {t.subject for t in shapes() if t.object == node}
    return [
        t
        for t in shapes()
        if t.subject in parts
        or (
            t.subject in parents
            and (t.predicate.value == SH + "targetClass" or t.object == node)
        )
    ]


@cache
def results_of(name: str) -> list[Result]:
    return validate_graph(broken(name), shapes())


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_example_breaks_exactly_one_constraint(name: str) -> None:
    shape, parameter = shape_and_parameter(name)
    results = results_of(name)
    assert [(text_of(r.shape), r.component) for r in results] == [
        (SHAPE + shape, component(parameter))
    ]
    stated = named_shapes()[shape]["message"]
    assert results[0].messages == tuple(
        sorted((m.language, m.value) for m in stated if isinstance(m, ox.Literal))
    )


@pytest.mark.parametrize("name", BROKEN)
def test_the_other_engine_finds_the_same(name: str) -> None:
    """Only the shape concerned is asked, for pySHACL is slow."""
    shape, _ = shape_and_parameter(name)
    theirs = validate_graph(broken(name), only(shape), engine="pyshacl")
    assert theirs == results_of(name)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_valid_example_conforms(engine: str) -> None:
    data = with_vocabulary(read(HERE / "valid.ttl"))
    assert validate_graph(data, shapes(), engine=engine) == []


def test_the_valid_example_touches_every_shape() -> None:
    """Else a shape could conform because it had nothing to look at."""
    about = by_subject(read(HERE / "valid.ttl"))
    for name, said in named_shapes().items():
        targets = {text_of(c) for c in said.get("targetClass", [])}
        focus = [
            node
            for node, stated in about.items()
            if any(targets & above(text_of(c)) for c in stated[RDF + "type"])
        ]
        assert focus or not targets, name
        for part in said.get("property", []):
            (path,) = words()[part]["path"]
            if isinstance(path, ox.NamedNode):
                assert any(path.value in about[node] for node in focus), part


@cache
def above(name: str) -> frozenset[str]:
    """Return a class with the classes above it."""
    return frozenset({name}).union(
        *(
            above(text_of(t.object))
            for t in ontology()
            if t.predicate.value == RDFS + "subClassOf" and text_of(t.subject) == name
        )
    )


def test_every_constraint_has_a_broken_example() -> None:
    stated = {
        (shape, word)
        for shape, said in named_shapes().items()
        for word in said
        if word in CONSTRAINING
    }
    assert stated == set(map(shape_and_parameter, BROKEN))


def test_no_constraint_hides() -> None:
    """Each word of SHACL is known, and each property shape has an IRI of its own."""
    used = {
        t.predicate.value.removeprefix(SH)
        for t in shapes()
        if t.predicate.value.startswith(SH)
    }
    assert used <= CONSTRAINING | OTHER
    for t in shapes():
        if t.predicate.value == SH + "property":
            assert text_of(t.object).startswith(SHAPE), t


def test_every_constraint_has_one_severity_and_speaks_each_language() -> None:
    for name, said in named_shapes().items():
        if not CONSTRAINING & said.keys():
            continue
        (severity,) = said["severity"]
        expected = "Warning" if name in ADVICE else "Violation"
        assert text_of(severity) == SH + expected, name
        messages = [m for m in said["message"] if isinstance(m, ox.Literal)]
        assert sorted(str(m.language) for m in messages) == sorted(PAGE_LANGUAGES), name
        for message in messages:
            # What holds, and what to do.
            two_sentences = r"[A-ZÅÄÖ].+[.] [A-ZÅÄÖ].+[.]"
            assert re.fullmatch(two_sentences, message.value), message


def test_every_target_is_a_known_class() -> None:
    declared = {
        t.subject.value
        for t in ontology()
        if isinstance(t.subject, ox.NamedNode)
        and t.predicate.value == RDF + "type"
        and text_of(t.object) == OWL + "Class"
        and t.subject.value.startswith(GLO)
    }
    for name, said in named_shapes().items():
        targets = {text_of(c) for c in said.get("targetClass", [])}
        assert targets <= declared | OUTSIDE_TARGETS, name
        assert bool(targets) == (RDF + "type" in said and is_node_shape(said)), name


def is_node_shape(said: dict[str, list[Term]]) -> bool:
    return SH + "NodeShape" in map(text_of, said[RDF + "type"])


def used_classes(strategy: Workspace) -> set[str]:
    return {
        text_of(t.object)
        for file in strategy.files
        for t in file.triples
        if t.predicate.value == RDF + "type" and text_of(t.object).startswith(GLO)
    }


def test_every_class_of_the_data_has_a_shape(strategy: Workspace) -> None:
    targets = {
        text_of(t.object)
        for path in files("shapes")
        if path.name not in FOR_ALL
        for t in read(path)
        if t.predicate.value == SH + "targetClass"
    }
    used = used_classes(strategy)
    assert len(used) > 40
    assert {c for c in used if not targets & above(c)} == set()


@pytest.mark.parametrize(
    "name",
    [
        "Thing-emailAddress",
        "Thing-localPath",
        "Thing-nationalIdentityNumber",
        "Thing-term",
    ],
)
def test_hygiene_holds_for_every_class_of_the_data(
    strategy: Workspace, name: str
) -> None:
    targets = {text_of(c) for c in named_shapes()[name]["targetClass"]}
    assert {c for c in used_classes(strategy) if not targets & above(c)} == set()
    assert {GEO + "Geometry", SKOS + "ConceptScheme"} <= targets


def test_both_engines_agree_on_the_whole_strategy(strategy: Workspace) -> None:
    data = {t: None for file in strategy.files for t in file.triples}
    ours, theirs = (validate_graph(data, shapes(), engine=engine) for engine in ENGINES)
    assert ours == theirs == []


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_shapes_graph_is_an_error(engine: str) -> None:
    with pytest.raises(UsageError, match="no target"):
        validate_graph(read(HERE / "valid.ttl"), [], engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_failing_engine_is_an_error(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What would be refused before it comes to an engine.
    monkeypatch.setattr(validate, "refuse_unsupported", lambda _shapes: None)
    broken_query = ox.parse(
        input=f"@prefix sh: <{SH}> . <urn:s> a sh:NodeShape ; sh:targetClass <urn:c> ;"
        ' sh:sparql [ sh:select "SELECT nonsense" ] . <urn:x> a <urn:c> .',
        format=ox.RdfFormat.TURTLE,
    )
    triples = [quad.triple for quad in broken_query]
    with pytest.raises(ToolError, match=f"{engine} failed"):
        validate_graph(triples, triples, engine=engine)
