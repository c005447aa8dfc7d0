"""The ontology as an information model: ModellDCAT-AP-NO 1.3.

https://data.norge.no/specification/modelldcat-ap-no. A class is an object type, a
property with one class at each end a role, one with a datatype an attribute; a class
of codes is a code list. What the ontology leaves open (a property of several kinds of
things) has no place in the model and is left out.
"""

from __future__ import annotations

import pyoxigraph as ox

from glokal.catalogue.common_metadata import Describer
from glokal.catalogue.facts import GraphFacts
from glokal.catalogue.ontology_terms import CodeList, OntologyTerm
from glokal.catalogue.resource_texts import resource_texts
from glokal.core.namespaces import DCTERMS, FOAF, SKOS, XSD
from glokal.core.namespaces import MODELLDCATNO as MODEL
from glokal.core.settings import Project


def model_catalogue(
    project: Project,
    facts: GraphFacts,
    words: tuple[OntologyTerm, ...],
    codes: tuple[CodeList, ...],
) -> list[ox.Triple]:
    """Return the catalogue of information models, with the ontology as the model."""
    result = _Model(project, facts, words, codes)
    result.catalogue()
    for word in words:
        if word.iri in result.classes:
            result.object_type(word)
    for word in words:
        result.property(word)
    for listed in codes:
        result.code_list(listed)
    return result.say.triples()


class _Model:
    def __init__(
        self,
        project: Project,
        facts: GraphFacts,
        words: tuple[OntologyTerm, ...],
        codes: tuple[CodeList, ...],
    ) -> None:
        self.say = Describer(project, facts)
        self.out, self.names = self.say.out, self.say.names
        self.lists = {kind: c for c in codes for kind in c.classes}
        self.classes = {
            w.iri for w in words if w.kind == "Class" and w.iri not in self.lists
        }
        self.slugs = {w.iri: w.slug for w in words}
        self.model = self.names.iri("information-model")

    def catalogue(self) -> None:
        project, out = self.say.project, self.out
        node = self.names.made("catalog", f"{project.slug}-models")
        self.say.catalog(node, resource_texts(project, "models"))
        out.iri(node, MODEL + "model", self.model)
        out.iri(node, DCTERMS + "hasPart", self.model)
        out.node(self.model, MODEL + "InformationModel")
        self.say.titled(self.model, resource_texts(project, "model"))
        self.say.licence(self.model)
        self.say.languages(self.model, project.languages)
        out.typed(
            self.model, MODEL + "informationModelIdentifier", self.model, "anyURI"
        )
        page = f"{project.address}def/"
        out.iri(self.model, FOAF + "homepage", page)
        out.node(page, FOAF + "Document")

    def object_type(self, word: OntologyTerm) -> None:
        node = self._element("ObjectType", word.slug, word)
        # The concept is described in its own catalogue.
        self.out.iri(node, DCTERMS + "subject", self.names.concept(word.slug))
        self.out.node(self.names.concept(word.slug), SKOS + "Concept")
        self.out.texts(self.names.concept(word.slug), SKOS + "prefLabel", word.names)
        for parent in word.parents:
            if parent in self.classes:
                above = self.slugs[parent]
                link = self.names.made(
                    "model-property", f"{self.names.graph}-{word.slug}-is-{above}"
                )
                self.out.node(link, MODEL + "Specialization", MODEL + "Property")
                general = self._iri(above)
                self.out.iri(link, MODEL + "hasGeneralConcept", general)
                self.out.typed(link, DCTERMS + "identifier", link, "anyURI")
                self.out.iri(node, MODEL + "hasProperty", link)

    def property(self, word: OntologyTerm) -> None:
        if word.kind == "Class" or word.domain not in self.classes:
            return
        node = self.names.made("model-property", f"{self.names.graph}-{word.slug}")
        if word.range in self.lists:
            self._named(node, word, "Attribute", "Property")
            listed = self._iri(f"codes-{self.lists[word.range].slug}")
            self.out.iri(node, MODEL + "hasValueFrom", listed)
        elif word.range in self.classes:
            self._named(node, word, "Role", "Property")
            target = self._iri(self.slugs[word.range])
            self.out.iri(node, MODEL + "hasObjectType", target)
        elif word.kind != "ObjectProperty":
            self._named(node, word, "Attribute", "Property")
            if word.range.startswith(XSD):
                simple = self._simple_type(word.range)
                self.out.iri(node, MODEL + "hasSimpleType", simple)
        else:
            return
        owner = self._iri(self.slugs[word.domain])
        self.out.iri(owner, MODEL + "hasProperty", node)

    def code_list(self, listed: CodeList) -> None:
        slug = f"codes-{listed.slug}"
        node = self._iri(slug)
        self.out.node(node, MODEL + "CodeList", MODEL + "ModelElement")
        self.out.texts(node, DCTERMS + "title", listed.names)
        self.out.typed(node, DCTERMS + "identifier", listed.iri, "anyURI")
        self.out.iri(self.model, MODEL + "containsModelElement", node)
        for code in listed.codes:
            element = self._iri(f"{slug}-{code.iri.rpartition('/')[2]}")
            self.out.node(element, MODEL + "CodeElement")
            self.out.iri(element, SKOS + "inScheme", node)
            self.out.typed(element, SKOS + "notation", code.notation, "string")
            self.out.texts(element, SKOS + "prefLabel", code.names)
            self.out.typed(element, DCTERMS + "identifier", code.iri, "anyURI")

    def _simple_type(self, datatype: str) -> str:
        name = datatype.removeprefix(XSD)
        node = self._iri(f"type-{name.lower()}")
        self.out.node(node, MODEL + "SimpleType", MODEL + "ModelElement")
        self.out.texts(node, DCTERMS + "title", {"en": name})
        self.out.typed(node, DCTERMS + "identifier", datatype, "anyURI")
        self.out.typed(node, MODEL + "typeDefinitionReference", datatype, "anyURI")
        self.out.iri(self.model, MODEL + "containsModelElement", node)
        return node

    def _element(self, kind: str, slug: str, word: OntologyTerm) -> str:
        node = self._iri(slug)
        self._named(node, word, kind, "ModelElement")
        self.out.iri(self.model, MODEL + "containsModelElement", node)
        return node

    def _named(self, node: str, word: OntologyTerm, *kinds: str) -> None:
        # Without inference a subclass is not seen as its superclass.
        self.out.node(node, *(MODEL + kind for kind in kinds))
        self.out.texts(node, DCTERMS + "title", word.names)
        self.out.texts(node, DCTERMS + "description", word.definitions)
        self.out.typed(node, DCTERMS + "identifier", word.iri, "anyURI")

    def _iri(self, slug: str) -> str:
        return self.names.made("model-element", f"{self.names.graph}-{slug}")
