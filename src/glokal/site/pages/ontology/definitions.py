"""The ontology's terms: what they mean, where they stand, what the data holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.namespaces import (
    CODE,
    GLO,
    OWL,
    RDF,
    RDFS,
    SH,
    SKOS,
    STANDARD_PREFIXES,
)
from glokal.dataset.releases.graph_diff import ADDED, CHANGED, REMOVED
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import literal_in, shorten, text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Fact, Value, as_address, foreign, in_order
from glokal.site.pages.releases import Step

KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_SHOWN = (
    (RDFS + "subClassOf", "superclass"),
    (RDFS + "subPropertyOf", "superclass"),
    (RDFS + "domain", "domain"),
    (RDFS + "range", "range"),
    (OWL + "inverseOf", "inverse"),
)
_MATCHES = tuple(
    SKOS + name
    for name in (
        "exactMatch",
        "closeMatch",
        "broadMatch",
        "narrowMatch",
        "relatedMatch",
    )
)
_EXAMPLES = 3


@dataclass(frozen=True)
class Term:
    """A class or property of the ontology, with what is known of it."""

    name: str
    iri: str
    label: Value
    others: tuple[Value, ...]
    definition: Value
    example: Value
    facts: tuple[Fact, ...]
    instances: tuple[Value, ...]
    number: int
    demands: tuple[Value, ...]


def definitions(
    view: GraphView,
    demands: Mapping[str, list[Value]],
    lang: str,
    words: Mapping[str, Any],
) -> list[tuple[str, list[Term]]]:
    """Return the terms of the ontology by kind, sorted by label."""
    groups = []
    for kind in KINDS:
        terms = [
            _term(view, iri, demands.get(iri, []), lang, words)
            for iri in view.subjects_of_type(OWL + kind)
            if iri.startswith(GLO)
        ]
        terms.sort(key=lambda t: sort_key(t.label.text, lang))
        groups.append((words["term_kinds"][kind], terms))
    return groups


def other_labels(view: GraphView, iri: str, lang: str) -> tuple[Value, ...]:
    """Return the labels in other languages, where they differ from the page's."""
    own = view.labels.literal(iri, lang)
    labels = (RDFS + "label", SKOS + "prefLabel")
    results = {
        t.object.value: Value(t.object.value, t.object.language or "")
        for t in view.out(iri)
        if t.predicate.value in labels
        and isinstance(t.object, ox.Literal)
        and t.object.language != lang
        and (own is None or t.object.value != own.value)
    }
    return in_order(results.values(), lang)


def _term(
    view: GraphView,
    iri: str,
    demands: Iterable[Value],
    lang: str,
    words: Mapping[str, Any],
) -> Term:
    instances = view.subjects_of_type(iri)
    paged = [i for i in instances if view.path(i)]
    label = view.labels.literal(iri, lang)
    name = iri.removeprefix(GLO)
    return Term(
        name,
        iri,
        Value(label.value, foreign(label, lang)) if label else Value(name),
        other_labels(view, iri, lang),
        _text(view, iri, "definition", lang),
        _text(view, iri, "example", lang),
        _facts(view, iri, lang, words),
        view.linked(paged[:_EXAMPLES], lang),
        len(instances),
        tuple(demands),
    )


def _facts(
    view: GraphView, iri: str, lang: str, words: Mapping[str, Any]
) -> tuple[Fact, ...]:
    facts = []
    for predicate, word in _SHOWN:
        values = [
            view.link(target, lang)
            for target in view.objects(iri, predicate)
            if target.startswith(GLO)
        ]
        if values:
            facts.append(Fact(words["term_facts"][word], in_order(values, lang)))
    below = [
        view.link(text_of(t.subject), lang)
        for t in view.into(iri)
        if t.predicate.value in (RDFS + "subClassOf", RDFS + "subPropertyOf")
        and text_of(t.subject).startswith(GLO)
    ]
    if below:
        facts.append(Fact(words["term_facts"]["below"], in_order(set(below), lang)))
    beyond = [
        _outside(text_of(t.object))
        for t in view.out(iri)
        if isinstance(t.object, ox.NamedNode)
        and not t.object.value.startswith((GLO, OWL, RDF, RDFS))
        and t.predicate.value in (*_MATCHES, *(p for p, _ in _SHOWN[:2]))
    ]
    if beyond:
        facts.append(Fact(words["term_facts"]["beyond"], in_order(set(beyond), lang)))
    return tuple(facts)


def _outside(iri: str) -> Value:
    return Value(shorten(iri, STANDARD_PREFIXES), "", as_address(iri).href)


def _text(view: GraphView, iri: str, name: str, lang: str) -> Value:
    result = literal_in(
        (t.object for t in view.out(iri) if t.predicate.value == SKOS + name), lang
    )
    return Value(result.value, foreign(result, lang)) if result else Value("")


@dataclass(frozen=True)
class TermChanges:
    """The terms and codes that are new, changed or gone in an edition."""

    version: str
    path: str
    added: tuple[Value, ...]
    changed: tuple[Value, ...]
    removed: tuple[Value, ...]


def term_changes(
    view: GraphView, steps: Iterable[Step], lang: str
) -> list[TermChanges]:
    """Return what changed in each edition that changed a term, the newest first."""
    results = []
    for step in steps:
        by_state: dict[str, list[Value]] = {ADDED: [], CHANGED: [], REMOVED: []}
        for change in step.changes.things if step.changes else ():
            if change.iri.startswith((GLO, CODE)) and change.iri not in (GLO, CODE):
                by_state[change.state].append(
                    _term_changes_term(view, change.iri, lang)
                )
        if any(by_state.values()):
            entries = (
                in_order(by_state[state], lang) for state in (ADDED, CHANGED, REMOVED)
            )
            results.append(TermChanges(step.version, step.path, *entries))
    return results[::-1]


def _term_changes_term(view: GraphView, iri: str, lang: str) -> Value:
    if any(view.out(iri)):
        return view.link(iri, lang)
    # What is gone has no name here, but the last part of its IRI.
    return Value(iri.removeprefix(GLO).removeprefix(CODE))


_TARGETS = (SH + "targetClass", SH + "targetObjectsOf", SH + "targetSubjectsOf")
_REACHES = (*_TARGETS, SH + "path")


def constraints(shapes: Iterable[SourceFile], lang: str) -> Mapping[str, list[Value]]:
    """Return the demands on the ontology's terms by IRI, in a language, sorted.

    A demand stands at the class that a shape is for and at the property that it is
    about. SHACL 2.1.3 (targets), 2.1.5 (messages).
    """
    out: dict[str, list[ox.Triple]] = defaultdict(list)
    for file in shapes:
        for t in file.triples:
            out[text_of(t.subject)].append(t)
    results: dict[str, set[Value]] = defaultdict(set)
    for shape, triples in out.items():
        targets = _objects(triples, *_TARGETS)
        if not targets:
            continue
        parts = [shape, *_objects(triples, SH + "property")]
        for part in parts:
            result = literal_in(
                (t.object for t in out[part] if t.predicate.value == SH + "message"),
                lang,
                "nb",
            )
            if result is None:
                continue
            words = Value(result.value, foreign(result, lang))
            for term in (*targets, *_objects(out[part], *_REACHES)):
                if term.startswith(GLO):
                    results[term].add(words)
    return {
        term: sorted(demands, key=lambda v: sort_key(v.text, lang))
        for term, demands in results.items()
    }


def _objects(triples: Iterable[ox.Triple], *predicates: str) -> list[str]:
    return sorted(text_of(t.object) for t in triples if t.predicate.value in predicates)
