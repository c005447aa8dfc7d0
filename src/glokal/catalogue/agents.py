"""Who publishes, whom to ask, and what must be said of rights."""

from __future__ import annotations

from glokal.catalogue.graph_builder import Triples
from glokal.catalogue.identifiers import Identifiers
from glokal.core.namespaces import DCTERMS, FOAF, ODRS, ORG, SKOS, VCARD
from glokal.core.settings import Project


def add_agents(out: Triples, project: Project, names: Identifiers) -> None:
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


def add_publisher(out: Triples, project: Project, names: Identifiers) -> None:
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


def add_contact(out: Triples, project: Project, names: Identifiers) -> None:
    """Add the contact point."""
    contact = names.contact
    # Without inference a subclass is not seen as its superclass.
    out.node(contact, VCARD + "Organization", VCARD + "Kind")
    out.texts(contact, VCARD + "fn", project.contact.name)
    out.iri(contact, VCARD + "hasURL", project.contact.url)
    if project.contact.email:
        out.iri(contact, VCARD + "hasEmail", f"mailto:{project.contact.email}")
