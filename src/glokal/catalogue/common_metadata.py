"""What every resource of a catalogue says: whose it is, about what, when, where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyoxigraph as ox

from glokal.catalogue.datasets import Release
from glokal.catalogue.facts import GraphFacts, NamedAuthority
from glokal.catalogue.graph_builder import TripleBuilder
from glokal.catalogue.identifiers import Identifiers, language_code
from glokal.catalogue.resource_texts import ResourceTexts, with_status
from glokal.core.namespaces import (
    DCAT,
    DCTERMS,
    EU_ACCESS_PUBLIC,
    EU_DATA_THEME,
    EU_LANGUAGES,
    FOAF,
    GEONORGE,
    LICENCES,
    LOS_SCHEME,
    ODRS,
    ORG,
    PLACE_SCHEMES,
    PROV,
    PROVENANCE_ACTIVITY,
    RDFS,
    SKOS,
    VCARD,
)
from glokal.core.settings import Project
from glokal.dataset.dates import first_day, last_day

# DCAT-AP-NO 2.2 wants a scheme of each place, DCAT-AP-NO 3.0 names Kartverket's.
_SCHEMES = {**PLACE_SCHEMES, GEONORGE: GEONORGE.rstrip("/")}


def add_agents(out: TripleBuilder, project: Project, names: Identifiers) -> None:
    """Add the publisher, the contact point and the statement of rights."""
    add_publisher(out, project, names)
    # Its type is a concept, which a concept catalogue would take for one of its own.
    out.term(names.publisher, DCTERMS + "type", project.publisher.kind)
    add_contact(out, project, names)
    rights = names.rights
    # The profiles of the two generations name different classes.
    out.node(rights, ODRS + "RightsStatement", DCTERMS + "RightsStatement")
    out.texts(rights, ODRS + "attributionText", project.rights)
    out.texts(rights, DCTERMS + "description", project.rights)
    # What programs print that know no more than this of a term (CKAN).
    out.texts(rights, RDFS + "label", project.rights)


def add_publisher(out: TripleBuilder, project: Project, names: Identifiers) -> None:
    """Add the publisher."""
    publisher = names.publisher
    # The concept catalogue wants org:Organization, the others foaf:Agent.
    out.node(publisher, FOAF + "Agent", ORG + "Organization")
    out.texts(publisher, FOAF + "name", project.publisher.name)
    # By its class the national portal takes an org:Organization's name from here.
    out.texts(publisher, SKOS + "prefLabel", project.publisher.name)
    out.iri(publisher, FOAF + "homepage", project.publisher.url)
    out.node(project.publisher.url, FOAF + "Document")
    if project.publisher.number:
        number = project.publisher.number
        out.typed(publisher, DCTERMS + "identifier", number, "string")


def add_contact(out: TripleBuilder, project: Project, names: Identifiers) -> None:
    """Add the contact point."""
    contact = names.contact
    # Without inference a subclass is not seen as its superclass.
    out.node(contact, VCARD + "Organization", VCARD + "Kind")
    out.texts(contact, VCARD + "fn", project.contact.name)
    out.iri(contact, VCARD + "hasURL", project.contact.url)
    if project.contact.email:
        out.iri(contact, VCARD + "hasEmail", f"mailto:{project.contact.email}")


class Describer:
    """Collects what is said in one catalogue; the agents are said from the start."""

    def __init__(self, project: Project, facts: GraphFacts) -> None:
        self.project, self.facts = project, facts
        self.names = Identifiers(project)
        self.out = TripleBuilder()
        self.release = Release(project.version, project.issued, project.modified)
        add_agents(self.out, project, self.names)

    def triples(self) -> list[ox.Triple]:
        """Return what has been said, each statement once."""
        return list(dict.fromkeys(self.out))

    def titled(self, node: str, said: ResourceTexts) -> None:
        """Say what a resource is called, what it is, and whose."""
        self.out.typed(node, DCTERMS + "identifier", node, "anyURI")
        self.out.texts(node, DCTERMS + "title", said.title)
        description = with_status(self.project, said.description)
        self.out.texts(node, DCTERMS + "description", description)
        self.out.iri(node, DCTERMS + "publisher", self.names.publisher)
        self.out.iri(node, DCAT + "contactPoint", self.names.contact)
        self.dates(node)

    def catalog(self, node: str, said: ResourceTexts) -> None:
        """Describe a catalogue: its words, licence, home, places and themes."""
        self.out.node(node, DCAT + "Catalog")
        self.titled(node, said)
        self.languages(node, self.project.languages)
        self.out.iri(node, FOAF + "homepage", self.project.address)
        self.out.node(self.project.address, FOAF + "Document")
        self.licence(node)
        self.places(node, self.facts.places)
        self.out.term(node, DCAT + "themeTaxonomy", EU_DATA_THEME)
        if self.project.catalogue.los:
            self.out.term(node, DCAT + "themeTaxonomy", LOS_SCHEME)

    def dataset(self, node: str, said: ResourceTexts, languages: Sequence[str]) -> None:
        """Describe a dataset or a series, but for its files."""
        self.titled(node, said)
        self.languages(node, languages)
        self.themes(node)
        self.out.term(node, DCTERMS + "accessRights", EU_ACCESS_PUBLIC)
        frequency = self.project.catalogue.frequency
        self.out.term(node, DCTERMS + "accrualPeriodicity", frequency)
        # Until the owner adopts it, somebody else has collected it from the strategy.
        third = self.project.unofficial
        result = "collecting-from-third-party" if third else "administrative-decision"
        self.out.term(node, PROV + "wasGeneratedBy", PROVENANCE_ACTIVITY + result)

    def coverage(self, node: str) -> None:
        """Say which places, period and subjects a resource is about."""
        self.places(node, self.facts.places)
        self.period(node)
        for subject in self.facts.subjects:
            self.out.iri(node, DCTERMS + "subject", subject.iri)
            self.out.node(subject.iri, SKOS + "Concept")
            self.out.texts(subject.iri, SKOS + "prefLabel", subject.name)

    def dates(self, node: str) -> None:
        """Say when a resource was published and changed."""
        self.out.typed(node, DCTERMS + "issued", self.release.issued, "date")
        self.out.typed(node, DCTERMS + "modified", self.release.modified, "date")

    @contextmanager
    def released(self, release: Release | None) -> Iterator[None]:
        """Give what is described in the block a release of its own, when it has one."""
        before = self.release
        self.release = release or before
        yield
        self.release = before

    def themes(self, node: str) -> None:
        """Say what a resource is about, in themes and keywords."""
        for theme in (*self.project.catalogue.themes, *self.project.catalogue.los):
            self.out.term(node, DCAT + "theme", theme)
        for language in self.project.languages:
            for word in self.project.catalogue.keywords[language]:
                self.out.texts(node, DCAT + "keyword", {language: word})

    def licence(self, node: str) -> None:
        """Say the licence by the EU's list."""
        self.out.term(node, DCTERMS + "license", LICENCES[self.project.licence])

    def languages(self, node: str, languages: Sequence[str]) -> None:
        """Say the languages by the EU's list."""
        for language in languages:
            code = EU_LANGUAGES + language_code(language)
            self.out.term(node, DCTERMS + "language", code)

    def places(self, node: str, places: Sequence[NamedAuthority]) -> None:
        """Say which places a resource covers: these, and those of the settings."""
        given = (NamedAuthority(iri, {}) for iri in self.project.catalogue.spatial)
        for place in (*places, *given):
            self.out.iri(node, DCTERMS + "spatial", place.iri)
            self.out.node(place.iri, DCTERMS + "Location")
            self.out.texts(place.iri, SKOS + "prefLabel", place.name)
            # Where the national portal reads the name of a place.
            self.out.texts(place.iri, DCTERMS + "title", place.name)
            for start, scheme in _SCHEMES.items():
                if place.iri.startswith(start):
                    self.out.term(place.iri, SKOS + "inScheme", scheme)

    def period(self, node: str) -> None:
        """Say the period that the strategy covers, as far as the data has it."""
        # A profile of DCAT takes days only: a year lasts from its first to its last.
        dates = {
            "startDate": first_day(self.facts.start),
            "endDate": last_day(self.facts.end),
        }
        if not any(dates.values()):
            return
        period = self.names.period
        self.out.iri(node, DCTERMS + "temporal", period)
        self.out.node(period, DCTERMS + "PeriodOfTime")
        for name, date in dates.items():
            if date:
                self.out.typed(period, DCAT + name, date.isoformat(), "date")
