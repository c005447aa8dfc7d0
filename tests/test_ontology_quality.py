"""The ontology keeps the rules of OOPS! and FOOPS!; each rule catches its mutant."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.namespace import DCTERMS, GEO, ORG, PROV, SDO, SKOS, VANN

from glokal.core.errors import ConfigError
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.settings import shared_folder
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.validation.finding import Finding
from glokal.validation.ontology_quality import (
    ONTOLOGY_RULES,
    check_ontology,
    read_waivers,
)
from glokal.validation.sparql_rules import load_rules
from tests.conftest import glokal

GLO = "https://w3id.org/glokal/def#"
HEADER = "https://w3id.org/glokal/def"
FOLDER = shared_folder("ontology")
NAMESPACES = {
    "dcterms": "http://purl.org/dc/terms/",
    "glo": GLO,
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
}
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in NAMESPACES.items())
# A class and a property that keep every rule, for mutants to start from.
WORDS = (
    ' ; rdfs:isDefinedBy <https://w3id.org/glokal/def> ; rdfs:label "{0} x"@nb ,'
    ' "{0} y"@nn , "{0} z"@en ; skos:definition "{0}."@nb , "{0}."@en .'
)


def new_class(name: str) -> str:
    return f"glo:{name} a owl:Class ; rdfs:subClassOf glo:Place" + WORDS.format(name)


def new_property(name: str, more: str = "") -> str:
    return (
        f"glo:{name} a owl:ObjectProperty ; rdfs:domain glo:Place ; "
        f"rdfs:range glo:Place{more} ; owl:inverseOf glo:{name}Back"
        + WORDS.format(name)
        + f"glo:{name}Back a owl:ObjectProperty ; rdfs:domain glo:Place ; "
        "rdfs:range glo:Place" + WORDS.format(name + " back")
    )


# Rule, what is dropped (subject, predicate), what is added, and what is complained of.
Drop = tuple[tuple[str, str], ...]
MUTANTS: list[tuple[str, Drop, str, str]] = [
    ("OOPS P02", (), "glo:Festival owl:equivalentClass glo:Exchange .", "glo:Festival"),
    ("OOPS P03", (), new_property("isA"), "glo:isA"),
    ("OOPS P03", (), 'glo:role rdfs:label "er en"@nb .', "glo:role"),
    ("OOPS P04", (), "glo:Stray a owl:Class" + WORDS.format("Stray"), "glo:Stray"),
    (
        "OOPS P04",
        (),
        "glo:size a owl:DatatypeProperty" + WORDS.format("size"),
        "glo:size",
    ),
    (
        "OOPS P05",
        (("glo:hasParticipant", "rdfs:range"),),
        "glo:hasParticipant rdfs:range glo:Place .",
        "glo:hasParticipant",
    ),
    ("OOPS P06", (), "glo:Place rdfs:subClassOf glo:Country .", "glo:Country"),
    ("OOPS P07", (), new_class("TownAndVillage"), "glo:TownAndVillage"),
    ("OOPS P07", (), 'glo:Place rdfs:label "sted eller tid"@nb .', "glo:Place"),
    ("OOPS P08", (("glo:Goal", "skos:definition"),), "", "glo:Goal"),
    (
        "OOPS P10",
        (),
        "glo:Loose a owl:Class" + WORDS.format("Loose"),
        "glo:Loose",
    ),
    ("OOPS P11", (("glo:governs", "rdfs:range"),), "", "glo:governs"),
    ("OOPS P13", (("glo:holdsMembership", "owl:inverseOf"),), "", "glo:member"),
    ("OOPS P19", (), "glo:governs rdfs:range glo:Place .", "glo:governs"),
    ("OOPS P21", (), new_class("OtherPlace"), "glo:OtherPlace"),
    ("OOPS P21", (), 'glo:Place rdfs:label "andre steder"@nb .', "glo:Place"),
    ("OOPS P22", (), new_class("mountain"), "glo:mountain"),
    ("OOPS P22", (), new_property("near_to"), "glo:near_to"),
    (
        "OOPS P24",
        (),
        "glo:Place owl:equivalentClass [ a owl:Restriction ; owl:onProperty "
        "glo:inCountry ; owl:someValuesFrom glo:Place ] .",
        "glo:Place",
    ),
    ("OOPS P25", (), "glo:restates owl:inverseOf glo:restates .", "glo:restates"),
    (
        "OOPS P26",
        (),
        new_property("near", " ; a owl:SymmetricProperty"),
        "glo:near",
    ),
    ("OOPS P28", (), "glo:inCountry a owl:SymmetricProperty .", "glo:inCountry"),
    ("OOPS P29", (), "glo:inCountry a owl:TransitiveProperty .", "glo:inCountry"),
    ("OOPS P32", (), 'glo:roll a owl:Class ; rdfs:label "Rolle"@nb .', "glo:roll"),
    (
        "OOPS P33",
        (),
        "glo:involvedIn owl:propertyChainAxiom ( glo:participatesIn ) .",
        "glo:involvedIn",
    ),
    ("OOPS P34", (), "glo:governs rdfs:range glo:Realm .", "glo:governs"),
    (
        "OOPS P34",
        (),
        "glo:Place rdfs:subClassOf [ a owl:Restriction ; owl:onProperty "
        "glo:inCountry ; owl:allValuesFrom glo:Realm ] .",
        "glo:Realm",
    ),
    ("OOPS P35", (), "glo:Place dcterms:replaces glo:Country .", "glo:Place"),
    ("OOPS P35", (), "glo:governs rdfs:subPropertyOf glo:rules .", "glo:governs"),
    ("OOPS P36", (), "<https://w3id.org/x/def.owl> a owl:Ontology .", "def.owl"),
    ("OOPS P38", ((HEADER, "*"),), "", "dcterms:abstract"),
    (
        "OOPS P39",
        ((HEADER, "vann:preferredNamespaceUri"),),
        f'<{HEADER}> vann:preferredNamespaceUri "https://w3id.org/other#" .',
        HEADER,
    ),
    ("OOPS P40", (), "org:Organisation a owl:Class .", "org:Organisation"),
    ("OOPS P40", (), "glo:Place skos:closeMatch schema:Plaice .", "glo:Place"),
    ("OOPS P41", ((HEADER + "/axioms", "dcterms:license"),), "", HEADER + "/axioms"),
    ("FOOPS PURL1", (), "<https://glokal.example/x> a owl:Ontology .", "example/x"),
    ("FOOPS URI2", (("glo:Place", "rdfs:isDefinedBy"),), "", "glo:Place"),
    ("FOOPS VER1", ((HEADER + "/codes", "owl:versionIRI"),), "", HEADER + "/codes"),
    (
        "FOOPS VER1",
        ((HEADER, "owl:versionIRI"),),
        f"<{HEADER}> owl:versionIRI <{HEADER}> .",
        HEADER,
    ),
    ("FOOPS FIND1", ((HEADER, "vann:preferredNamespacePrefix"),), "", HEADER),
    ("FOOPS FIND3", (), "<https://w3id.org/x> a owl:Ontology .", "w3id.org/x"),
    ("FOOPS OM1", ((HEADER, "dcterms:title"),), "", HEADER),
    ("FOOPS OM2", ((HEADER, "dcterms:bibliographicCitation"),), "", HEADER),
    ("FOOPS OM3", ((HEADER, "dcterms:source"),), "", HEADER),
    (
        "FOOPS OM4.1",
        ((HEADER, "dcterms:license"),),
        f'<{HEADER}> dcterms:license "CC BY 4.0" .',
        HEADER,
    ),
    ("FOOPS OM5.1", ((HEADER + "/codes", "dcterms:creator"),), "", HEADER + "/codes"),
    ("FOOPS OM5.2", ((HEADER + "/axioms", "dcterms:issued"),), "", HEADER + "/axioms"),
    ("FOOPS HTTP1", (), "<urn:glokal:def> a owl:Ontology .", "urn:glokal:def"),
    ("FOOPS VOC1", (), "<https://w3id.org/x> a owl:Ontology .", "w3id.org/x"),
    (
        "FOOPS VOC2",
        (
            ("*", "rdfs:subClassOf"),
            ("*", "rdfs:subPropertyOf"),
            ("*", "skos:closeMatch"),
        ),
        "",
        HEADER,
    ),
    ("FOOPS VOC3", (("glo:Goal", "rdfs:label"),), "", "glo:Goal"),
    (
        "FOOPS VOC3",
        (("https://w3id.org/glokal/code/role/member", "skos:prefLabel"),),
        "",
        "code/role/member",
    ),
    (
        "FOOPS VOC4",
        (("glo:governs", "skos:definition"),),
        'glo:governs skos:definition "Styrer."@nb .',
        "glo:governs",
    ),
]


def iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local if prefix in NAMESPACES else name


def matches(triple: ox.Triple, drop: Drop) -> bool:
    about = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else ""
    return any(
        subject in ("*", about) and predicate in ("*", triple.predicate.value)
        for subject, predicate in ((iri(s), iri(p)) for s, p in drop)
    )


@pytest.fixture(scope="module")
def ontology(strategy: Workspace) -> list[SourceFile]:
    return [f for f in strategy.files if f.kind == "ontology"]


def mutate(files: list[SourceFile], drop: Drop, add: str) -> list[SourceFile]:
    added = [
        q.triple for q in ox.parse(input=PREFIXES + add, format=ox.RdfFormat.TURTLE)
    ]
    return [
        dataclasses.replace(
            file,
            triples=(
                *(t for t in file.triples if not matches(t, drop)),
                *(added if file.name == "ontology/core.ttl" else ()),
            ),
        )
        for file in files
    ]


def test_the_ontology_keeps_every_rule_but_where_waived(
    ontology: list[SourceFile],
) -> None:
    assert [f"{f.rule} {text_of(f.focus)} {f.path}" for f in check(ontology)] == []


def check(files: list[SourceFile], folder: Path = FOLDER) -> list[Finding]:
    return list(check_ontology(files, folder))


def test_every_rule_has_a_mutant_and_words_in_each_language() -> None:
    rules = load_rules(ONTOLOGY_RULES)
    names = [r.name for r in rules]
    assert len(set(names)) == len(names)
    assert set(names) == {m[0] for m in MUTANTS}
    # Those marked as decidable offline: 27 of the 41 pitfalls, 16 of the 24 tests.
    assert sum(n.startswith("OOPS P") for n in names) == 27
    assert sum(n.startswith("FOOPS ") for n in names) == 16
    for rule in rules:
        assert set(rule.message) == set(PAGE_LANGUAGES)
        assert all(text.endswith(".") for text in rule.message.values())


@pytest.mark.parametrize(
    ("rule", "drop", "add", "focus"),
    MUTANTS,
    ids=[f"{m[0]} {n}" for n, m in enumerate(MUTANTS)],
)
def test_a_rule_catches_its_mutant(
    ontology: list[SourceFile], rule: str, drop: Drop, add: str, focus: str
) -> None:
    found = check(mutate(ontology, drop, add))
    told = [text_of(f.focus) for f in found if f.rule == rule]
    assert any(f.endswith(iri(focus)) for f in told), told
    # It is the mutant that is told of, not the rest of the ontology with it.
    assert len(told) <= 3, told


def test_a_new_class_and_property_that_keep_the_rules_are_not_told_of(
    ontology: list[SourceFile],
) -> None:
    added = new_class("Village") + new_property("near")
    assert check(mutate(ontology, (), added)) == []


def test_a_waiver_that_waives_nothing_is_told_of_with_its_line(
    ontology: list[SourceFile],
) -> None:
    fixed = mutate(ontology, (), "glo:listedIn rdfs:domain glo:Organisation .")
    (found,) = check(fixed)
    assert (found.rule, text_of(found.focus)) == ("stale-waiver", GLO + "listedIn")
    assert found.place is not None
    lines = (FOLDER / "waivers.toml").read_text(encoding="utf-8").splitlines()
    assert '"glo:listedIn"' in lines[(found.place.line or 0) - 1]
    before = "\n".join(lines[: found.place.line])
    assert before.rfind('"OOPS P11"') > before.rfind('"OOPS P04"')
    assert before.rfind('"OOPS P13"') == -1


def test_without_waivers_the_breaches_are_told_of(
    ontology: list[SourceFile], tmp_path: Path
) -> None:
    told = {(f.rule, text_of(f.focus)) for f in check(ontology, tmp_path)}
    assert told == {(w.rule, w.term) for w in read_waivers(FOLDER)}


@pytest.mark.parametrize(
    "text",
    [
        '[[waiver]]\nrule = "OOPS P13"\nterms = ["glo:role"]\n',
        '[[waiver]]\nreason = "So."\nterms = ["glo:role"]\n',
        '[[waiver]]\nrule = "OOPS P13"\nreason = "So."\nterms = []\n',
        "[[waiver]\n",
    ],
)
def test_a_waiver_needs_its_rule_its_reason_and_its_terms(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "waivers.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_waivers(tmp_path)
    assert caught.value.place is not None
    assert caught.value.place.file == "ontology/waivers.toml"


def test_terms_taken_as_known_stand_in_their_vocabularies() -> None:
    (rule,) = (r for r in load_rules(ONTOLOGY_RULES) if r.name == "OOPS P40")
    listed = re.findall(r"\b([a-z]+):(\w+)", rule.text.partition("NOT IN (")[2])
    assert len(listed) > 50
    known = {
        "dcterms": DCTERMS,
        "geo": GEO,
        "org": ORG,
        "prov": PROV,
        "schema": SDO,
        "skos": SKOS,
        "vann": VANN,
    }
    # rdflib has no list of these; each term was read in its vocabulary's own file.
    others = {"adms", "bibo", "cv", "dingo", "eurio", "frapo", "oa", "spdx"}
    for prefix, name in listed:
        if prefix in known:
            assert name in known[prefix], f"{prefix}:{name}"
        else:
            assert prefix in others, prefix


def test_the_command_tells_of_a_fault_with_its_rule_and_line(real_copy: Path) -> None:
    path = real_copy / "ontology" / "core.ttl"
    text = path.read_text(encoding="utf-8")
    broken = text.replace('  dcterms:publisher "The Glokal project" ;\n', "", 1)
    assert broken != text
    path.write_text(broken, encoding="utf-8")
    done = glokal("check", "--only", "ontology", "--lang", "en", cwd=real_copy)
    assert done.returncode == 1
    assert "FOOPS OM5.2" in done.stdout
    line = broken[: broken.index("a owl:Ontology")].count("\n") + 1
    assert f"ontology/core.ttl:{line}:" in done.stdout
    assert "dcterms:publisher" in done.stdout


def texts(files: list[SourceFile], subject: str, predicate: str) -> list[ox.Literal]:
    return [
        t.object
        for f in files
        for t in f.triples
        if isinstance(t.subject, ox.NamedNode)
        and t.subject.value == subject
        and t.predicate.value == iri(predicate)
        and isinstance(t.object, ox.Literal)
    ]


def test_every_class_has_an_example_and_every_term_one_sentence(
    ontology: list[SourceFile],
) -> None:
    kinds = {
        iri(f"owl:{k}"): k
        for k in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    }
    terms = {
        t.subject.value: kinds[t.object.value]
        for f in ontology
        for t in f.triples
        if isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.NamedNode)
        and t.subject.value.startswith(GLO)
        and t.object.value in kinds
    }
    assert len(terms) > 100
    for term, kind in terms.items():
        if kind == "Class":
            examples = texts(ontology, term, "skos:example")
            assert {e.language for e in examples} >= {"nb", "en"}, term
        for definition in texts(ontology, term, "skos:definition"):
            # "1. januar" has a stop within; a new sentence begins with a capital.
            assert not re.search(r"[.] [A-ZÆØÅ]", definition.value), term


def test_the_headers_agree_with_each_other(ontology: list[SourceFile]) -> None:
    names = ("", "/alignments", "/axioms", "/codes")
    (version,) = texts(ontology, HEADER, "owl:versionInfo")
    for name in names:
        assert texts(ontology, HEADER + name, "owl:versionInfo") == [version]
        (found,) = (
            t.object.value
            for f in ontology
            for t in f.triples
            if t.subject == ox.NamedNode(HEADER + name)
            and t.predicate.value == iri("owl:versionIRI")
            and isinstance(t.object, ox.NamedNode)
        )
        assert found == f"{HEADER}{name}/{version.value}"
        for about in ("dcterms:title", "dcterms:description"):
            told = texts(ontology, HEADER + name, about)
            assert sorted(t.language or "" for t in told) == ["en", "nb", "nn"]
    (citation,) = texts(ontology, HEADER, "dcterms:bibliographicCitation")
    assert f"version {version.value}." in citation.value
    (namespace,) = texts(ontology, HEADER, "vann:preferredNamespaceUri")
    assert namespace.value == GLO
