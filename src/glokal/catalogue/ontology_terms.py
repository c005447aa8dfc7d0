"""The ontology as plain words: classes, properties and code lists of a graph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.catalogue.graph_builder import Texts
from glokal.core.namespaces import GLO, OWL, RDF, RDFS, SKOS
from glokal.dataset.codes_in_use import LOOKED_UP, codes_in_use
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import CODE_LISTS
from glokal.rdf.source_files import ONTOLOGY
from glokal.rdf.terms import text_of

_KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
TermsByPredicate = Mapping[
    str, Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]
]


@dataclass(frozen=True)
class OntologyTerm:
    """A class or a property: its names and definitions by language, and its place.

    `parents` are superclasses or superproperties; `domain` and `range` are IRIs, ""
    where the ontology gives none or a compound one.
    """

    iri: str
    kind: str
    names: Texts
    definitions: Texts
    parents: tuple[str, ...]
    domain: str
    range: str

    @property
    def slug(self) -> str:
        """The local name in kebab case."""
        local = self.iri.removeprefix(GLO)
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", local).lower()


@dataclass(frozen=True)
class Code:
    """A code: its notation and its names."""

    iri: str
    notation: str
    names: Texts


@dataclass(frozen=True)
class CodeList:
    """A code list with its codes, and the classes that they belong to."""

    iri: str
    slug: str
    names: Texts
    codes: tuple[Code, ...]
    classes: frozenset[str]


def read_terms(workspace: Workspace) -> tuple[OntologyTerm, ...]:
    """Return the classes and properties of the project's ontology, sorted by IRI."""
    about = _about(workspace)
    results = []
    for iri in sorted(about):
        kinds = {text_of(t).removeprefix(OWL) for t in about[iri].get(RDF + "type", ())}
        kind = next((k for k in _KINDS if k in kinds), "")
        if iri.startswith(GLO) and kind:
            results.append(_word(iri, kind, about))
    return tuple(results)


def read_codes(workspace: Workspace) -> tuple[CodeList, ...]:
    """Return the code lists and their codes, each sorted by IRI.

    Of the lists that readers look things up by they are the codes in use.
    """
    about = _about(workspace)
    in_use = codes_in_use(workspace.files)
    looked_up = {GLO + kind for kind in LOOKED_UP}
    inside: dict[str, list[str]] = defaultdict(list)
    for iri in sorted(about):
        kinds = set(map(text_of, about[iri].get(RDF + "type", ())))
        if iri not in in_use and not looked_up.isdisjoint(kinds):
            continue
        for scheme in about[iri].get(SKOS + "inScheme", ()):
            inside[text_of(scheme)].append(iri)
    return tuple(
        CodeList(
            scheme,
            scheme.rstrip("/").rpartition("/")[2],
            _texts(about[scheme].get(SKOS + "prefLabel", ())),
            tuple(_code(iri, about) for iri in inside[scheme]),
            frozenset(
                text_of(kind)
                for iri in inside[scheme]
                for kind in about[iri].get(RDF + "type", ())
                if text_of(kind).startswith(GLO)
            ),
        )
        for scheme in sorted(inside)
        if scheme in about
    )


def _word(iri: str, kind: str, about: TermsByPredicate) -> OntologyTerm:
    details = about[iri]
    above = RDFS + ("subClassOf" if kind == "Class" else "subPropertyOf")
    return OntologyTerm(
        iri,
        kind,
        _texts(details.get(RDFS + "label", ())),
        _texts(details.get(SKOS + "definition", ())),
        tuple(sorted(_named(details.get(above, ())))),
        _only(details.get(RDFS + "domain", ())),
        _only(details.get(RDFS + "range", ())),
    )


def _code(iri: str, about: TermsByPredicate) -> Code:
    notations = about[iri].get(SKOS + "notation", [ox.Literal(iri.rpartition("/")[2])])
    return Code(
        iri, text_of(notations[0]), _texts(about[iri].get(SKOS + "prefLabel", ()))
    )


def _about(workspace: Workspace) -> TermsByPredicate:
    about: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]] = (
        defaultdict(lambda: defaultdict(list))
    )
    for file in workspace.files:
        if file.kind in (ONTOLOGY, CODE_LISTS):
            for t in file.triples:
                if not isinstance(t.object, ox.Triple):
                    about[text_of(t.subject)][t.predicate.value].append(t.object)
    return about


def _texts(terms: Iterable[object]) -> Texts:
    return {
        t.language: t.value
        for t in sorted(terms, key=str)
        if isinstance(t, ox.Literal) and t.language
    }


def _named(terms: Iterable[object]) -> list[str]:
    return [t.value for t in terms if isinstance(t, ox.NamedNode)]


def _only(terms: Iterable[object]) -> str:
    named = _named(terms)
    return named[0] if len(named) == 1 else ""
