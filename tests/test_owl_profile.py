"""The ontology is in OWL 2 DL by OWLAPI, and what is not is told with its axiom."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from glokal.core.namespaces import XSD
from glokal.dataset.inferences import COUNTED
from glokal.dataset.workspace import ALIGNMENTS, Workspace
from glokal.reasoning.axioms import distinct_names, logical_axioms
from tests.owl_profile import Violation, violations

PREFIXES = """
@prefix glo: <https://w3id.org/glokal/def#> .
@prefix id: <https://example.org/id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# What is added, the fault by OWLAPI's name, and what the axiom told must name.
# Sections are those of the Structural Specification.
MUTANTS = {
    "a property of two kinds (5.8.1)": (
        "glo:governs a owl:DatatypeProperty .",
        "IllegalPunning",
        "def#governs",
    ),
    "a class that is a datatype (5.8.1)": (
        "glo:Place a rdfs:Datatype .",
        "DatatypeIRIAlsoUsedAsClassIRI",
        "def#Place",
    ),
    "a property that is not declared (5.8.2)": (
        "glo:Place rdfs:subClassOf "
        "[ a owl:Restriction ; owl:onProperty glo:nearby ; owl:hasValue id:b ] ."
        "glo:inCountry rdfs:subPropertyOf glo:nearby .",
        "UseOfUndeclaredObjectProperty",
        "def#nearby",
    ),
    "a class that is not declared (5.8.2)": (
        "glo:Festival rdfs:subClassOf glo:Event .",
        "UseOfUndeclaredClass",
        "def#Event",
    ),
    "a chained property in a cardinality (11.2)": (
        "glo:Organisation rdfs:subClassOf [ a owl:Restriction ; "
        'owl:onProperty glo:memberOf ; owl:maxCardinality "3"^^xsd:nonNegativeInteger'
        " ] .",
        "UseOfNonSimplePropertyInCardinalityRestriction",
        "def#memberOf",
    ),
    "a chained property that is functional (11.2)": (
        "glo:participatesIn a owl:FunctionalProperty .",
        "UseOfNonSimplePropertyInFunctionalPropertyAxiom",
        "def#participatesIn",
    ),
    "chains that go in a ring (11.2)": (
        "glo:memberOf owl:propertyChainAxiom ( glo:governs glo:affiliatedWith ) .",
        "UseOfPropertyInChainCausesCycle",
        "def#affiliatedWith",
    ),
    "a class in the name of OWL itself (2.4)": (
        "owl:Region a owl:Class . glo:CooperationRegion rdfs:subClassOf owl:Region .",
        "UseOfReservedVocabularyForClassIRI",
        "owl:Region",
    ),
    "a range outside the datatype map (4)": (
        "glo:endDate rdfs:range xsd:date .",
        "UseOfUndeclaredDatatype",
        "def#endDate",
    ),
    "a triple that is no axiom (mapping to RDF)": (
        "[] owl:members ( glo:Place glo:Situation ) .",
        "UnparsedTriple",
        "owl#members",
    ),
}
# Not in the OWL 2 datatype map (section 4); such values are not given to the reasoner.
DATES = {XSD + name for name in ("date", "gYear", "gYearMonth")}


def is_dated(triple: ox.Triple) -> bool:
    value = triple.object
    return isinstance(value, ox.Literal) and value.datatype.value in DATES


@pytest.fixture(scope="module")
def found(strategy: Workspace) -> dict[str, list[Violation]]:
    parts = {f.name: f.triples for f in strategy.files if f.kind == "ontology"}
    assert set(parts) == {
        f"ontology/{n}.ttl" for n in ("alignments", "axioms", "codes", "core")
    }
    core = parts["ontology/core.ttl"]
    logical = [
        *core,
        *parts["ontology/axioms.ttl"],
        *parts["ontology/codes.ttl"],
    ]
    seen = [
        t
        for f in strategy.files
        if f.in_default_graph and f.name != ALIGNMENTS
        for t in f.triples
    ]
    logic = logical_axioms(seen)
    cases = {
        "core": list(core),
        "ontology": logical,
        "with alignments": [*logical, *parts[ALIGNMENTS]],
        "as the reasoner is given it": [*logic, *distinct_names(logic, COUNTED)],
        "with the data": seen,
        "with the data but its dates": [t for t in seen if not is_dated(t)],
    }
    for name, (text, _fault, _term) in MUTANTS.items():
        added = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
        cases[name] = [*logical, *(q.triple for q in added)]
    return violations(cases)


@pytest.mark.parametrize(
    "case",
    [
        "core",
        "ontology",
        "with alignments",
        "as the reasoner is given it",
        "with the data but its dates",
    ],
)
def test_it_is_in_owl_2_dl(found: dict[str, list[Violation]], case: str) -> None:
    assert found[case] == []


def test_dates_are_the_only_thing_outside_owl_2_dl(
    found: dict[str, list[Violation]],
) -> None:
    told = found["with the data"]
    assert told
    assert {v["fault"] for v in told} == {
        "UseOfDefinedDatatypeInLiteral",
        "UseOfUndeclaredDatatype",
    }
    for violation in told:
        assert any(f"xsd:{name}" in violation["text"] for name in ("date", "gYear"))


@pytest.mark.parametrize("name", MUTANTS)
def test_a_breach_is_told_with_its_axiom(
    found: dict[str, list[Violation]], name: str
) -> None:
    _text, fault, term = MUTANTS[name]
    told = [v for v in found[name] if v["fault"] == fault]
    assert told, [v["fault"] for v in found[name]]
    assert any(term in v["axiom"] for v in told), told
