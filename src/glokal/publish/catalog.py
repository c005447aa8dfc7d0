"""The catalogue (DCAT 3, https://www.w3.org/TR/vocab-dcat-3/) and VoID of a build.

Every node has an IRI of its own that no change of the publication's address changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from glokal.config import Project
from glokal.publish.dumps import SUFFIXES, Dump
from glokal.rdf.terms import integer
from glokal.vocabulary import (
    DCAT,
    DCTERMS,
    EU_FILE_TYPES,
    EU_LANGUAGES,
    FOAF,
    IANA_MEDIA_TYPES,
    RDF,
    SPDX,
    VCARD,
    VOID,
    XSD,
)
from glokal.workspace import Workspace

_LANGUAGE = {"nb": "NOB", "nn": "NNO", "en": "ENG"}
_FILE_TYPE = {
    "ttl": "RDF_TURTLE",
    "nt": "RDF_N_TRIPLES",
    "jsonld": "JSON_LD",
    "rdf": "RDF_XML",
    "trig": "RDF_TRIG",
    "nq": "RDF_N_QUADS",
}
Texts = Mapping[str, str]


class _Triples(list[ox.Triple]):
    def node(self, iri: str, kind: str) -> ox.NamedNode:
        self.iri(iri, RDF + "type", kind)
        return ox.NamedNode(iri)

    def iri(self, subject: str, predicate: str, value: str) -> None:
        self._put(subject, predicate, ox.NamedNode(value))

    def texts(self, subject: str, predicate: str, texts: Texts) -> None:
        for language, text in texts.items():
            self._put(subject, predicate, ox.Literal(text, language=language))

    def typed(self, subject: str, predicate: str, value: object, kind: str) -> None:
        self._put(
            subject,
            predicate,
            ox.Literal(str(value), datatype=ox.NamedNode(XSD + kind)),
        )

    def _put(self, s: str, p: str, o: ox.NamedNode | ox.Literal) -> None:
        self.append(ox.Triple(ox.NamedNode(s), ox.NamedNode(p), o))


def catalog(project: Project, dumps: Iterable[Dump]) -> list[ox.Triple]:
    """Return the catalogue of the publication: one dataset, a distribution a dump."""
    out = _Triples()
    here = f"{project.things}catalog/{project.slug}"
    dataset = f"{project.things}dataset/{project.slug}"
    contact = f"{project.things}contact/{project.publisher.slug}"
    publisher = f"{project.things}organisation/{project.publisher.slug}"
    for node, kind in ((here, "Catalog"), (dataset, "Dataset")):
        out.node(node, DCAT + kind)
        out.texts(node, DCTERMS + "title", project.title)
        out.texts(node, DCTERMS + "description", project.description)
        out.iri(node, DCTERMS + "publisher", publisher)
        out.iri(node, DCAT + "contactPoint", contact)
        out.typed(node, DCTERMS + "issued", project.issued, "date")
        out.typed(node, DCTERMS + "modified", project.modified, "date")
        for language in project.languages:
            code = EU_LANGUAGES + _LANGUAGE[language]
            out.iri(node, DCTERMS + "language", code)
    out.iri(here, FOAF + "homepage", project.address)
    out.iri(here, DCTERMS + "license", project.licence)
    out.iri(here, DCAT + "dataset", dataset)
    out.typed(dataset, DCAT + "version", project.version, "string")
    out.iri(dataset, DCAT + "landingPage", project.address)
    out.node(publisher, FOAF + "Agent")
    out.texts(publisher, FOAF + "name", project.publisher.name)
    out.iri(publisher, FOAF + "homepage", project.publisher.url)
    out.node(contact, VCARD + "Organization")
    out.texts(contact, VCARD + "fn", project.contact.name)
    out.iri(contact, VCARD + "hasURL", project.contact.url)
    for dump in dumps:
        _distribution(out, project, dataset, dump)
    return out


def _distribution(out: _Triples, project: Project, dataset: str, dump: Dump) -> None:
    name = dump.path.rpartition("/")[2]
    node = f"{project.things}distribution/{name.replace('.', '-')}"
    checksum = f"{project.things}checksum/{name.replace('.', '-')}"
    address = project.address + dump.path
    out.iri(dataset, DCAT + "distribution", node)
    out.node(node, DCAT + "Distribution")
    out.typed(node, DCTERMS + "title", name, "string")
    out.iri(node, DCAT + "accessURL", address)
    out.iri(node, DCAT + "downloadURL", address)
    out.iri(node, DCAT + "mediaType", IANA_MEDIA_TYPES + dump.media)
    out.iri(node, DCTERMS + "format", EU_FILE_TYPES + _FILE_TYPE[name.split(".")[-1]])
    out.iri(node, DCTERMS + "license", project.licence)
    out.typed(node, DCAT + "byteSize", dump.size, "nonNegativeInteger")
    out.iri(node, SPDX + "checksum", checksum)
    out.node(checksum, SPDX + "Checksum")
    out.iri(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    out.typed(checksum, SPDX + "checksumValue", dump.sha256, "hexBinary")


def void(
    workspace: Workspace, triples: list[ox.Triple], dumps: Iterable[Dump]
) -> list[ox.Triple]:
    """Return the VoID description of the default graph's asserted triples.

    https://www.w3.org/TR/void/, sections 3.3, 4.1 and 4.5.
    """
    project = workspace.project
    out = _Triples()
    node = f"{project.things}dataset/{project.slug}"
    out.node(node, VOID + "Dataset")
    out.texts(node, DCTERMS + "title", project.title)
    out.iri(node, DCTERMS + "license", project.licence)
    out.typed(node, VOID + "uriSpace", project.things, "string")
    for dump in dumps:
        if dump.media in SUFFIXES and "inferred" not in dump.path:
            out.iri(node, VOID + "dataDump", project.address + dump.path)
    used = Counter(t.predicate.value for t in triples)
    classes = Counter(
        str(t.object.value)
        for t in triples
        if t.predicate.value == RDF + "type" and isinstance(t.object, ox.NamedNode)
    )
    for name, number in (
        ("triples", len(triples)),
        ("distinctSubjects", len({t.subject for t in triples})),
        ("properties", len(used)),
        ("classes", len(classes)),
    ):
        out.append(
            ox.Triple(ox.NamedNode(node), ox.NamedNode(VOID + name), integer(number))
        )
    _partitions(out, node, "class", "entities", classes)
    _partitions(out, node, "property", "triples", used)
    return out


def _partitions(
    out: _Triples, node: str, kind: str, unit: str, counts: Counter[str]
) -> None:
    for number, (iri, count) in enumerate(sorted(counts.items()), 1):
        part = f"{node}-{kind}-{number}"
        out.iri(node, f"{VOID}{kind}Partition", part)
        out.iri(part, VOID + kind, iri)
        out.append(
            ox.Triple(ox.NamedNode(part), ox.NamedNode(VOID + unit), integer(count))
        )
