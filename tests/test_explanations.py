"""Why an inferred statement follows: held against another engine, which has the rules.

What an explanation names must be enough for its conclusion, and no part of it may be
missing. The rules of `glokal.reasoning.rules` judge that; they share no query with the
explanations.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from glokal.core.namespaces import GLO, OWL, RDF, RDFS, SKOS
from glokal.dataset.dumps import named_quads
from glokal.dataset.inferences import COUNTED
from glokal.dataset.sorted_graphs import sorted_graphs
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.reasoning.axioms import distinct_names, logical_axioms
from glokal.reasoning.beyond_owl import complete
from glokal.reasoning.explanation import Explanation
from glokal.reasoning.rules import infer_by_rules
from glokal.site.graph_view import GraphView
from glokal.site.page_words import load_words
from glokal.site.pages.thing_description import describe_thing
from glokal.site.pages.thing_sections import Sections
from glokal.source.statements import statement_iri

ID = "https://w3id.org/glokal/id/"
GRAPH = "https://w3id.org/glokal/graph/provenance/inferred"
KINDS = {
    RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range",
    OWL + "inverseOf", OWL + "propertyChainAxiom", OWL + "equivalentClass",
    SKOS + "definition",
}  # fmt: skip


def follows(
    axioms: set[ox.Triple], premises: list[ox.Triple], conclusion: ox.Triple
) -> bool:
    """Whether the rules find a conclusion in the ontology and some premises."""
    given = [*axioms, *premises]
    logic = logical_axioms(given)
    inferred = infer_by_rules([*logic, *distinct_names(logic, COUNTED)])
    return conclusion in complete(given, inferred, lambda _: True)


def one_of_each(explanations: dict[ox.Triple, Explanation]) -> list[Explanation]:
    """Return an explanation for each axiom and number of premises."""
    ordered = sorted(explanations.values(), key=lambda e: str(e.conclusion))
    return list({(e.axiom.kind, len(e.premises)): e for e in ordered}.values())


def test_everything_inferred_is_explained_by_what_is_given(strategy: Workspace) -> None:
    explanations = strategy.explanations
    assert set(strategy.inferred) <= explanations.keys()
    given, explained = set(strategy.reasoned_over), set[ox.Triple]()
    waiting = dict(explanations)
    while waiting:
        ready = {c for c, e in waiting.items() if set(e.premises) <= given | explained}
        assert ready, "these explain each other in a circle"
        explained |= ready
        for conclusion in ready:
            del waiting[conclusion]
    assert {e.axiom.kind for e in explanations.values()} == KINDS
    # Nothing else is taken to be so than what a reasoner found, and its own helpers.
    helping = explanations.keys() - set(strategy.inferred)
    assert all(t.subject == t.object for t in helping)


def test_another_engine_finds_the_same_and_needs_the_premises(
    strategy: Workspace,
) -> None:
    axioms = {
        t
        for file in strategy.files
        if file.name.startswith("ontology/") and file.in_default_graph
        for t in file.triples
    }
    judged = one_of_each(dict(strategy.explanations))
    assert {e.axiom.kind for e in judged} == KINDS
    for explanation in judged:
        premises, conclusion = list(explanation.premises), explanation.conclusion
        if explanation.axiom.kind == SKOS + "definition":
            # Counted over what is named, which is beyond OWL and its rules.
            assert conclusion in complete(premises, (), lambda _: True)
            takes_part = [p for p in premises if p.predicate.value.endswith("patesIn")]
            rest = [p for p in premises if p != takes_part[0]]
            assert conclusion not in complete(rest, (), lambda _: True)
            continue
        assert follows(axioms, premises, conclusion), explanation
        if explanation.axiom.kind == OWL + "equivalentClass":
            # Of five that take part two are enough, and some classes of things follow
            # from their relations as well.
            continue
        # What is of the ontology itself (its codes) can't be taken away from it.
        if not axioms.issuperset(premises):
            assert not follows(axioms, premises[:-1], conclusion), explanation


def test_the_explanations_stand_in_a_graph_of_their_own(strategy: Workspace) -> None:
    things = strategy.project.things
    levanger = ox.NamedNode(ID + "authority/levanger")
    office = ox.NamedNode(ID + "organisation/trondelags-europakontor")
    council = ox.NamedNode(ID + "organisation/innherred-regionrad")
    affiliated = ox.Triple(levanger, ox.NamedNode(GLO + "affiliatedWith"), office)
    member = ox.NamedNode(GLO + "memberOf")
    node = ox.NamedNode(statement_iri(affiliated, things))
    sent = sorted_graphs(strategy)
    graphs, default = sent.named, set(sent.default)
    told = {(t.predicate.value, t.object) for t in graphs[GRAPH] if t.subject == node}
    # By hand: a member of a member is affiliated.
    assert told == {
        (RDF + "type", ox.NamedNode(RDF + "Statement")),
        (RDF + "subject", levanger),
        (RDF + "predicate", ox.NamedNode(GLO + "affiliatedWith")),
        (RDF + "object", office),
        (GLO + "axiomOn", ox.NamedNode(GLO + "affiliatedWith")),
        (GLO + "axiomKind", ox.NamedNode(OWL + "propertyChainAxiom")),
        *(
            (GLO + "followsFrom", ox.NamedNode(statement_iri(t, things)))
            for t in (
                ox.Triple(levanger, member, council),
                ox.Triple(council, member, office),
            )
        ),
    }
    nodes = {t.subject for t in graphs[GRAPH]}
    named = [t.object for t in graphs[GRAPH] if t.predicate.value.endswith("From")]
    assert set(named) <= nodes
    assert not set(graphs[GRAPH]) & set(default)
    quads = [q for q in named_quads(strategy) if text_of(q.graph_name) == GRAPH]
    assert {q.triple for q in quads} == set(graphs[GRAPH])


@pytest.mark.parametrize(
    ("lang", "label", "why"),
    [
        ("nb", "er tilknyttet", "«er tilknyttet» gjelder også gjennom et mellomledd"),
        (
            "en",
            "is affiliated with",
            "“is affiliated with” also holds by way of something between",
        ),
    ],
)
def test_a_page_says_why(strategy: Workspace, lang: str, label: str, why: str) -> None:
    view = GraphView(strategy)
    sections = Sections(view, strategy)
    iri = ID + "authority/snasa"
    thing = describe_thing(view, sections, iri, lang, load_words()[lang])
    (fact,) = [f for f in thing.inferred if f.label == label]
    (value,) = [v for v in fact.values if "europakontor" in v.value.href]
    assert value.axiom == why
    first, second = value.premises
    assert "Snåsa" in first.subject.text and "Innherred" in first.value.text
    assert "Innherred" in second.subject.text and "europakontor" in second.value.href
    # What only helps the reasoner is not shown: a reader is told what it rests on.
    shown = {p.label for f in thing.inferred for v in f.values for p in v.premises}
    helping = {view.term(GLO + f"hasAccepted{kind}", lang) for kind in _HELPING}
    assert not shown & helping


_HELPING = ("Membership", "Participation")
