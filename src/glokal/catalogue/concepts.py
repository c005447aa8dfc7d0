"""The concept catalogue: SKOS-AP-NO-Begrep 2.0.

https://data.norge.no/specification/skos-ap-no-begrep. A concept is what a class of the
ontology means; it has an IRI of its own, apart from the class and from the model's
element, for the portal keeps one record an IRI.
"""

from __future__ import annotations

import pyoxigraph as ox

from glokal.catalogue.common_metadata import add_contact, add_publisher
from glokal.catalogue.graph_builder import TripleBuilder
from glokal.catalogue.identifiers import Identifiers
from glokal.catalogue.ontology_terms import OntologyTerm
from glokal.catalogue.resource_texts import resource_texts, with_status
from glokal.core.namespaces import DCAT, DCTERMS, SKOS, XKOS
from glokal.core.settings import Project


def concept_catalogue(
    project: Project, words: tuple[OntologyTerm, ...]
) -> list[ox.Triple]:
    """Return the collection of the concepts that have names and a definition.

    A concept needs a name in bokmål and in nynorsk; a class without both is left out.
    """
    out, names = TripleBuilder(), Identifiers(project)
    add_publisher(out, project, names)
    # Described, the type would be a concept of this catalogue.
    out.iri(names.publisher, DCTERMS + "type", project.publisher.kind)
    add_contact(out, project, names)
    # Those that the profile asks for, and those of the publication.
    languages = dict.fromkeys(("nb", "nn", "en", *project.languages))
    concepts = {
        word.iri: names.concept(word.slug) for word in words if _is_concept(word)
    }
    collection = names.iri("collection")
    details = resource_texts(project, "concepts")
    out.node(collection, SKOS + "Collection")
    out.texts(collection, DCTERMS + "title", details.title)
    described = with_status(project, details.description)
    out.texts(collection, DCTERMS + "description", described)
    _owned(out, names, collection)
    for word in words:
        if word.iri in concepts:
            node = concepts[word.iri]
            out.iri(collection, SKOS + "member", node)
            out.node(node, SKOS + "Concept")
            named = {lang: word.names[lang] for lang in languages if lang in word.names}
            out.texts(node, SKOS + "prefLabel", named)
            out.texts(node, SKOS + "definition", word.definitions)
            out.texts(node, DCTERMS + "subject", project.title)
            out.typed(node, DCTERMS + "modified", project.modified, "date")
            _owned(out, names, node)
            for parent in word.parents:
                if parent in concepts:
                    out.iri(node, XKOS + "specializes", concepts[parent])
                    out.iri(concepts[parent], XKOS + "generalizes", node)
    return list(dict.fromkeys(out))


def _is_concept(word: OntologyTerm) -> bool:
    named = {"nb", "nn"} <= set(word.names)
    return word.kind == "Class" and named and bool(word.definitions)


def _owned(out: TripleBuilder, names: Identifiers, node: str) -> None:
    out.typed(node, DCTERMS + "identifier", node, "anyURI")
    out.iri(node, DCTERMS + "publisher", names.publisher)
    out.iri(node, DCAT + "contactPoint", names.contact)
