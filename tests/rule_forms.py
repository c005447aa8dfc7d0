"""A small graph for each rule: what is given, and what follows by that rule alone.

What follows is read from the clause of the specification that the rule names.
"""

# ruff: noqa: E501 (a line is a graph)

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

EX = "https://example.org/id/"
PREFIXES = f"""
@prefix : <{EX}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DECLARED = """
:A a owl:Class . :B a owl:Class . :C a owl:Class . :D a owl:Class .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .
:s a owl:ObjectProperty . :text a owl:DatatypeProperty .
"""
DECLARED_INDIVIDUALS = " ".join(
    f":{name} a owl:NamedIndividual ." for name in "a b c d e f g h".split()
)


def parse(text: str) -> list[ox.Triple]:
    """Read Turtle with the prefixes above."""
    parsed = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return [quad.triple for quad in parsed]


def declared(text: str) -> list[ox.Triple]:
    """Read Turtle beside the declared classes, properties and individuals."""
    return parse(DECLARED + DECLARED_INDIVIDUALS + text)


@dataclass(frozen=True)
class Form:
    """A rule with a graph that needs it."""

    rule: str
    given: str
    follows: str


AT_LEAST = """
:C owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ;
  owl:minQualifiedCardinality "{}"^^xsd:nonNegativeInteger ; owl:onClass :A ] .
"""
SOME = "[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :A ]"
VALUE = "[ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :b ]"
SELF = "[ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ]"
BOTH = "[ a owl:Class ; owl:intersectionOf ( :A :B ) ]"
DIFFERENT = "[] a owl:AllDifferent ; owl:distinctMembers ( {} ) ."

FORMS = [
    Form("eq-sym", ":a owl:sameAs :b . :b a :A .", ":a a :A ."),
    Form("eq-trans", ":a owl:sameAs :b . :b owl:sameAs :c .", ":a owl:sameAs :c ."),
    Form("eq-rep-s", ":a owl:sameAs :b ; :p :c .", ":b :p :c ."),
    Form("eq-rep-o", ":a owl:sameAs :b . :c :p :a .", ":c :p :b ."),
    Form("prp-dom", ":p rdfs:domain :A . :a :p :b .", ":a a :A ."),
    Form("prp-rng", ":p rdfs:range :A . :a :p :b .", ":b a :A ."),
    Form("prp-fp", ":p a owl:FunctionalProperty . :a :p :b , :c . :b a :A .", ":c a :A ."),
    Form("prp-ifp", ":p a owl:InverseFunctionalProperty . :a :p :c . :b :p :c . :a a :A .", ":b a :A ."),
    Form("prp-key", ':A owl:hasKey ( :text :p ) . :a a :A , :B ; :text "1" ; :p :c . :b a :A ; :text "1" ; :p :c . :d a :A ; :text "1" ; :p :e . :f :text "1" ; :p :c .', ":b a :B ."),
    Form("prp-trp", ":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :d .", ":a :p :d ."),
    Form("prp-spo1", ":p rdfs:subPropertyOf :q . :a :p :b .", ":a :q :b ."),
    Form("prp-spo2", ":r owl:propertyChainAxiom ( :p :q ) . :a :p :b . :b :q :c .", ":a :r :c ."),
    Form("prp-spo2-three", ":s owl:propertyChainAxiom ( :p :q :r ) . :a :p :b . :b :q :c . :c :r :d .", ":a :s :d ."),
    Form("prp-inv", ":p owl:inverseOf :q . :a :p :b . :c :q :d .", ":b :q :a . :d :p :c ."),
    Form("cls-int1", f":C owl:equivalentClass {BOTH} . :a a :A , :B . :b a :A . :c a :B .", ":a a :C ."),
    Form("cls-int2", f":C rdfs:subClassOf {BOTH} . :a a :C .", ":a a :A , :B ."),
    Form("cls-svf1", f":C owl:equivalentClass {SOME} . :a :p :b . :b a :A . :c :p :d .", ":a a :C ."),
    Form("cls-avf", ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :A ] . :a a :C ; :p :b . :c :p :d .", ":b a :A ."),
    Form("cls-hv1", f":C rdfs:subClassOf {VALUE} . :a a :C .", ":a :p :b ."),
    Form("cls-hv2", f":C owl:equivalentClass {VALUE} . :a :p :b . :c :p :d .", ":a a :C ."),
    Form("cls-self1", f":C rdfs:subClassOf {SELF} . :q owl:propertyChainAxiom ( :r :p ) . :a a :C . :b :r :a . :c :r :d .", ":b :q :a ."),
    Form("cls-self2", f":C owl:equivalentClass {SELF} . :a :p :a . :b :p :c .", ":a a :C ."),
    Form("cls-minqc", AT_LEAST.format(2) + DIFFERENT.format(":b :c :d") + ":a :p :b , :c . :b a :A . :c a :A . :e :p :b , :d . :f :p :b , :g . :g a :A .", ":a a :C ."),
    Form("cls-minqc", AT_LEAST.format(2) + "[] a owl:AllDisjointClasses ; owl:members ( :B :D ) . :a :p :b , :c . :b a :A , :B . :c a :A , :D . :d :p :b , :e . :e a :A .", ":a a :C ."),
    Form("cls-minqc-functional", AT_LEAST.format(2) + ":q a owl:FunctionalProperty . " + DIFFERENT.format(":g :h") + ":a :p :b , :c . :b a :A ; :q :g . :c a :A ; :q :h . :d :p :b , :e . :e a :A ; :q :g .", ":a a :C ."),
    Form("cls-minqc-functional", AT_LEAST.format(2) + ":q a owl:InverseFunctionalProperty . " + DIFFERENT.format(":g :h") + ":a :p :b , :c . :b a :A . :g :q :b . :c a :A . :h :q :c . :d :p :b , :e . :e a :A .", ":a a :C ."),
    Form("cls-minqc-functional", AT_LEAST.format(2) + ":q a owl:FunctionalProperty . [] a owl:AllDisjointClasses ; owl:members ( :B :D ) . :a :p :b , :c . :b a :A ; :q :g . :c a :A ; :q :h . :g a :B . :h a :D .", ":a a :C ."),
    Form("cax-sco", ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :a a :A .", ":a a :C ."),
    Form("cax-eqc", ":A owl:equivalentClass :B . :C owl:equivalentClass :B . :a a :A .", ":a a :B , :C ."),
]  # fmt: skip
CLASHES = {
    "cax-adc": "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :a a :A , :C .",
    "cax-adc, disjointWith": ":A owl:disjointWith :B . :a a :A , :B .",
    "eq-diff": ":p a owl:FunctionalProperty . :a :p :b , :c ."
    + DIFFERENT.format(":c :b :d"),
    "prp-fp-data": ':text a owl:FunctionalProperty . :a :text "1" , "2" .',
    "prp-rng-data": ":text rdfs:range xsd:string . :a :text 1 .",
    "prp-rng-data, language": ':text rdfs:range xsd:string . :a :text "en"@nb .',
    "prp-rng-data, number": ':text rdfs:range xsd:integer . :a :text "1" .',
}
NO_CLASH = {
    "three disjoint": "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :a a :A , :D .",
    "differing": DIFFERENT.format(":b :c") + ":d owl:sameAs :b .",
    "one value": ':text a owl:FunctionalProperty ; rdfs:range xsd:string . :a :text "1" . :b :text "2" .',
    "an integer is a decimal": ":text rdfs:range xsd:decimal . :a :text 1 .",
}
REFUSED = {
    "owl:unionOf (of :C)": ":C owl:equivalentClass [ a owl:Class ; owl:unionOf ( :A :B ) ] .",
    "owl:complementOf (of :C)": ":C rdfs:subClassOf [ a owl:Class ; owl:complementOf :A ] .",
    "owl:oneOf (of :C)": ":C owl:equivalentClass [ a owl:Class ; owl:oneOf ( :a :b ) ] .",
    "owl:maxCardinality (of :C)": ':C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .',
    "owl:SymmetricProperty (of :p)": ":p a owl:SymmetricProperty .",
    "owl:equivalentProperty (of :p)": ":p owl:equivalentProperty :q .",
    "owl:differentFrom (of :a)": ":a owl:differentFrom :b .",
    "owl:AllDisjointProperties": "[] a owl:AllDisjointProperties ; owl:members ( :p :q ) .",
    "owl:NegativePropertyAssertion": "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b .",
    "owl:Thing": ":C owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom owl:Thing ] .",
    "owl:Nothing (of :A)": ":A rdfs:subClassOf owl:Nothing .",
    "owl:topObjectProperty (of :p)": ":p rdfs:subPropertyOf owl:topObjectProperty .",
    "owl:someValuesFrom (of :C)": ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :text ; owl:someValuesFrom xsd:string ] .",
    "owl:inverseOf (of :p)": ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ; owl:allValuesFrom :A ] .",
    "owl:propertyChainAxiom (of :s)": ":s owl:propertyChainAxiom ( :p :q :p :r ) .",
    "owl:allValuesFrom (of :C)": ":C owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :A ] .",
    "owl:allValuesFrom (of :D)": ":D rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:someValuesFrom [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :A ] ] .",
    "owl:allValuesFrom": "[ a owl:Class ; owl:intersectionOf ( :B [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :A ] ) ] rdfs:subClassOf :C .",
    "owl:minQualifiedCardinality (of :C)": AT_LEAST.format(1),
}  # fmt: skip
UNNAMED = {
    "some": (f":C rdfs:subClassOf {SOME} . :a a :C ; :p :b .", ":b a :A ."),
    "enough": (AT_LEAST.format(2) + ":a a :C ; :p :b , :c . :b a :A .", ":c a :A ."),
    "enough, one by two names": (
        AT_LEAST.format(2) + ":a a :C ; :p :b , :c . :b a :A ; owl:sameAs :c .",
        ":a :p :d . :d a :A .",
    ),
}
AXIOMS = [
    ":A rdfs:subClassOf :B .",
    ":B rdfs:subClassOf :D .",
    ":C owl:equivalentClass :D .",
    ":p rdfs:subPropertyOf :q .",
    ":r rdfs:subPropertyOf :s .",
    ":p owl:inverseOf :r .",
    ":q a owl:TransitiveProperty .",
    ":s owl:propertyChainAxiom ( :p :q ) .",
    ":s owl:propertyChainAxiom ( :r :p :q ) .",
    ":p rdfs:domain :A .",
    ":q rdfs:range :C .",
    ":r rdfs:range :B .",
    ":s rdfs:domain :D .",
    ":p a owl:FunctionalProperty .",
    ":r a owl:InverseFunctionalProperty .",
    f":C owl:equivalentClass {BOTH} .",
    f":D owl:equivalentClass {SOME} .",
    f":C owl:equivalentClass {VALUE} .",
    f":D rdfs:subClassOf {VALUE} .",
    f":A rdfs:subClassOf {SELF} .",
    f":C owl:equivalentClass {SELF} .",
    ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:allValuesFrom :B ] .",
    AT_LEAST.format(2),
    AT_LEAST.format(3).replace(":C", ":D").replace(":p", ":r"),
    DIFFERENT.format(":a :b :c :d"),
    DIFFERENT.format(":d :e :f"),
    "[] a owl:AllDisjointClasses ; owl:members ( :A :D ) .",
    "[] a owl:AllDisjointClasses ; owl:members ( :B :C ) .",
    ":A owl:hasKey ( :text ) .",
]  # fmt: skip
