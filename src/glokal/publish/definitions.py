"""The ontology's terms as values for its page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.model.labels import Labels
from glokal.publish.view import Fact, Value
from glokal.rdf.terms import literal_in, sort_key, text_of
from glokal.vocabulary import GLO, OWL, RDF, RDFS, SKOS
from glokal.workspace import Workspace

_KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_SHOWN = ("subClassOf", "subPropertyOf", "domain", "range")
_HEADINGS = {
    "nb": (
        "Klasser",
        "Egenskaper mellom ting",
        "Egenskaper med verdier",
        "Egenskaper for kilder og merknader",
    ),
    "en": (
        "Classes",
        "Properties between things",
        "Properties with values",
        "Properties for sources and notes",
    ),
}
_WORDS = {
    "nb": ("er slag av", "er slag av", "brukes om", "peker på"),
    "en": ("is kind of", "is kind of", "used of", "points to"),
}


@dataclass(frozen=True)
class Term:
    """A class or property of the ontology."""

    name: str
    iri: str
    label: str
    definition: str
    facts: tuple[Fact, ...]


def definitions(workspace: Workspace, lang: str) -> list[tuple[str, list[Term]]]:
    """Return the terms of the ontology by kind, sorted by label."""
    files = [f for f in workspace.files if f.name.startswith("ontology/")]
    labels = Labels(files)
    about: dict[str, list[ox.Triple]] = defaultdict(list)
    for file in files:
        for t in file.triples:
            about[text_of(t.subject)].append(t)
    groups = []
    for heading, kind in zip(_HEADINGS[lang], _KINDS, strict=True):
        terms = [
            _term(iri, triples, labels, lang)
            for iri, triples in about.items()
            if iri.startswith(GLO)
            and any(
                t.predicate.value == RDF + "type" and text_of(t.object) == OWL + kind
                for t in triples
            )
        ]
        groups.append((heading, sorted(terms, key=lambda t: sort_key(t.label))))
    return groups


def _term(iri: str, triples: list[ox.Triple], labels: Labels, lang: str) -> Term:
    definition = literal_in(
        (t.object for t in triples if t.predicate.value == SKOS + "definition"), lang
    )
    facts = []
    for name, word in zip(_SHOWN, _WORDS[lang], strict=True):
        values = [
            Value(
                labels.of(text_of(t.object), lang),
                "",
                f"def/#{text_of(t.object).removeprefix(GLO)}",
            )
            for t in triples
            if t.predicate.value == RDFS + name and text_of(t.object).startswith(GLO)
        ]
        if values:
            facts.append(Fact(word, tuple(sorted(values, key=lambda v: v.text))))
    return Term(
        iri.removeprefix(GLO),
        iri,
        labels.of(iri, lang),
        definition.value if definition else "",
        tuple(facts),
    )
