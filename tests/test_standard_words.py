"""The standards' words: what the graph says in ORG, PROV, schema.org and the others.

Rows are derived from the text of the strategy, terms compared with the vocabularies
that rdflib brings, positions with the text itself.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import SKOS as RDFLIB_SKOS
from rdflib.namespace import DCTERMS, GEO, ORG, PROV, SDO, DefinedNamespace

from glokal.core.errors import SourceError
from glokal.core.namespaces import GLO, GLOKAL, OA, RDF, RDFS, SKOS
from glokal.core.settings import load_project
from glokal.dataset.standard_words import read_rules, standard_words
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import parse_turtle
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from tests import vocabulary_document
from tests.test_quotes import source_text

HERE = Path(__file__).parent
QUERIES = HERE / "standard_words"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads(
    (HERE / "standard_words.toml").read_text(encoding="utf-8")
)
# By the vocabulary's namespace, the terms that rdflib has read in it.
VOCABULARIES: list[type[DefinedNamespace]] = [
    *(ORG, PROV, SDO, DCTERMS, GEO, RDFLIB_SKOS),
]
# https://www.w3.org/TR/annotation-vocab/
ANNOTATION = {
    OA + name
    for name in (
        *("SpecificResource", "TextPositionSelector", "TextQuoteSelector", "end"),
        *("exact", "hasSelector", "hasSource", "start"),
    )
}


def rows(workspace: Workspace, query: str) -> list[list[str]]:
    table = workspace.store.select(query)
    # Lines are broken where the text layer of the PDF breaks them.
    return sorted(
        [" ".join(text_of(cell).split()) for cell in row] for row in table.rows
    )


@pytest.mark.parametrize("slug", sorted(EXPECTED))
def test_what_is_asked_in_the_standards_words_has_the_source_s_rows(
    strategy: Workspace, slug: str
) -> None:
    text = (QUERIES / f"{slug}.rq").read_text(encoding="utf-8")
    assert GLOKAL not in text
    assert rows(strategy, text) == sorted(EXPECTED[slug]["rows"])


def test_forty_questions_are_asked() -> None:
    assert len(EXPECTED) >= 40
    assert {path.stem for path in QUERIES.glob("*.rq")} == set(EXPECTED)


# The links


def test_the_document_is_what_the_ontology_says() -> None:
    now = vocabulary_document.document()
    written = vocabulary_document.DOCUMENT.read_text(encoding="utf-8")
    assert now == written, "run: python -m tests.vocabulary_document"


def test_each_term_has_a_standard_term_or_a_reason() -> None:
    graph = vocabulary_document.ontology()
    every = [
        term
        for kinds in vocabulary_document.KINDS.values()
        for term in vocabulary_document.terms(graph, kinds)
    ]
    assert len(every) > 140
    nearest = (vocabulary_document.nearest(graph, term)[0] for term in every)
    assert [t for t in nearest if not vocabulary_document.why(graph, t)] == []


def standard_terms(workspace: Workspace) -> set[str]:
    """The classes and properties of others that links and standard words use."""
    linking = {
        SKOS + f"{kind}Match" for kind in ("close", "broad", "narrow", "related")
    }
    linking |= {RDFS + "subClassOf", RDFS + "subPropertyOf"}
    found = set()
    for file in workspace.files:
        if file.name == "ontology/alignments.ttl":
            linked = {t.object for t in file.triples if t.predicate.value in linking}
            found |= {text_of(term) for term in linked}
    for t in workspace.standard_words:
        found.add(t.predicate.value)
        if t.predicate.value == RDF + "type":
            found.add(text_of(t.object))
    return found


def test_each_standard_term_stands_in_its_vocabulary(strategy: Workspace) -> None:
    used = standard_terms(strategy) - {RDF + "type"}
    assert {term for term in used if term.startswith(OA)} <= ANNOTATION
    counted = 0
    for vocabulary in VOCABULARIES:
        space = str(vocabulary._NS)
        names = {t.removeprefix(space) for t in used if t.startswith(space)}
        counted += len(names)
        assert {name for name in names if name not in vocabulary} == set(), space
    assert counted > 60


def test_a_close_match_gives_no_standard_word(strategy: Workspace) -> None:
    links: dict[str, set[str]] = {"close": set(), "other": set()}
    for t in (t for f in strategy.files for t in f.triples):
        if text_of(t.subject).startswith(GLO) and isinstance(t.object, ox.NamedNode):
            close = t.predicate.value == SKOS + "closeMatch"
            links["close" if close else "other"].add(t.object.value)
    only_close = links["close"] - links["other"]
    said = {t.predicate.value for t in strategy.standard_words}
    said |= {text_of(t.object) for t in strategy.standard_words}
    # A membership has the words of which its node's class and role are only close.
    assert len(only_close) > 20
    assert only_close & said == set()


def test_nothing_is_said_of_the_standards_own_terms(strategy: Workspace) -> None:
    about = {text_of(t.subject) for t in strategy.standard_words}
    assert about
    assert {iri for iri in about if not iri.startswith(GLOKAL)} == set()
    assert {iri for iri in about if iri.startswith(GLO)} == set()


# Only what is accepted


def test_what_is_disputed_or_claimed_has_no_standard_word(strategy: Workspace) -> None:
    asserted = strategy.asserted()
    accepted = {
        t.subject
        for t in asserted
        if t.predicate.value == GLO + "verificationStatus"
        and text_of(t.object).endswith("/accepted")
    }
    situations = {
        t.subject for t in asserted if t.predicate.value == GLO + "verificationStatus"
    }
    disputed = situations - accepted
    assert len(disputed) == 7
    ends = {
        name: {t.subject: t.object for t in asserted if t.predicate.value == GLO + name}
        for name in ("member", "membershipIn")
    }
    pairs = {(ends["member"].get(s), ends["membershipIn"].get(s)) for s in disputed}
    for t in strategy.standard_words:
        assert t.subject not in disputed, t
        assert t.object not in disputed, t
        member_of = t.predicate.value.endswith("memberOf")
        assert not (member_of and (t.subject, t.object) in pairs), t


LIVES = f"""
@prefix glo: <{GLO}> .
@prefix : <{GLOKAL}id/membership/> .
@prefix status: <{GLOKAL}code/activity-status/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:running glo:member :a1 ; glo:membershipIn :b1 ; a glo:AcceptedMembership .
:disputed glo:member :a2 ; glo:membershipIn :b2 .
:over glo:member :a3 ; glo:membershipIn :b3 ; a glo:AcceptedMembership .
:planned glo:member :a4 ; glo:membershipIn :b4 ; a glo:AcceptedMembership .
:begun glo:member :a5 ; glo:membershipIn :b5 ; a glo:AcceptedMembership .
:over glo:endDate "2024"^^xsd:gYear .
:a1 glo:memberOf :b1 ; glo:holdsMembership :running .
:a2 glo:claimedMemberOf :b2 ; glo:holdsMembership :disputed .
:a3 glo:memberOf :b3 ; glo:holdsMembership :over .
:a4 glo:memberOf :b4 ; glo:holdsMembership :planned .
:a5 glo:memberOf :b5 ; glo:holdsMembership :begun .
:running a glo:Membership, glo:Situation .
:disputed a glo:Membership, glo:Situation .
:over a glo:Membership, glo:Situation .
:planned a glo:Membership, glo:Situation .
:begun a glo:Membership, glo:Situation .
:plan a glo:Report ; glo:reportsOn :planned, :begun ;
  glo:activityStatus status:planned ; glo:checkedOn "2026-01-01"^^xsd:date .
:start a glo:Report ; glo:reportsOn :begun ;
  glo:activityStatus status:running ; glo:checkedOn "2026-06-01"^^xsd:date .
"""


def test_what_has_ended_or_is_only_planned_has_no_standard_word(
    strategy: Workspace,
) -> None:
    links = next(f for f in strategy.files if f.name == "ontology/alignments.ttl")
    given = [*parse_turtle(LIVES, "lives.ttl")[0], *links.triples]
    made = standard_words(given, strategy.rules)
    members = {
        text_of(t.subject)[-2:] for t in made if t.predicate.value.endswith("memberOf")
    }
    assert members == {"a1", "a5"}
    nodes = re.compile(r"/(disputed|over|planned)$")
    told = {text_of(part) for t in made for part in (t.subject, t.object)}
    assert {part for part in told if nodes.search(part)} == set()


# Where they stand


def test_they_are_a_graph_of_the_default_graph_and_of_no_file(
    strategy: Workspace,
) -> None:
    graph = strategy.standard_words_graph
    inside = f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    assert (
        len(strategy.store.select(inside).rows) == len(strategy.standard_words) > 3000
    )
    assert set(strategy.standard_words) <= set(strategy.view_triples)
    for others in (strategy.asserted(), strategy.inferred, strategy.reasoned_over):
        assert set(strategy.standard_words).isdisjoint(others)


def test_each_selector_points_to_its_words_in_the_text(strategy: Workspace) -> None:
    said: dict[tuple[str, str], str] = {
        (text_of(t.subject), t.predicate.value): text_of(t.object)
        for t in strategy.standard_words
    }
    quotes = {s: v for (s, p), v in said.items() if p == OA + "exact"}
    assert len(quotes) == 164
    path = source_text()
    text = path.read_text(encoding="utf-8") if path else ""
    for quote, words in quotes.items():
        position = quote.replace("#quote", "#position")
        start, end = (int(said[position, OA + name]) for name in ("start", "end"))
        assert end - start == len(words)
        assert not path or text[start:end] == words


def test_pages_are_made_of_our_own_words_alone(strategy: Workspace) -> None:
    view = GraphView(strategy)
    shown = {
        t
        for iri in view.things()
        for t in (*view.out(iri), *view.into(iri), *view.inferred(iri))
    }
    assert shown
    assert shown.isdisjoint(strategy.standard_words)


# Rules


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("SELECT * WHERE { ?s ?p ?o }", "SELECT"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o ", "ends too soon"),
        ("CONSTRUCT { ?s ?p ?n } WHERE { ?s ?p ?o BIND(NOW() AS ?n) }", "each time"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", "named graphs"),
        (
            "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://a.example/> { ?s ?p ?o } }",
            "SERVICE",
        ),
    ],
)
def test_a_rule_that_is_none_is_refused_with_its_place(
    real_copy: Path, rule: str, what: str
) -> None:
    (real_copy / "ontology" / "wrong.rq").write_text(rule, encoding="utf-8")
    with pytest.raises(SourceError, match=what) as caught:
        read_rules(load_project(real_copy))
    assert caught.value.place is not None
    assert caught.value.place.file == "ontology/wrong.rq"


def test_an_ontology_of_one_s_own_without_rules_has_no_standard_words(
    real_copy: Path,
) -> None:
    for path in (real_copy / "ontology").glob("*.rq"):
        path.unlink()
    assert standard_words([], read_rules(load_project(real_copy))) == ()
