"""The catalogue of datasets: DCAT-AP-NO 3.0 on DCAT-AP 3.0.1.

https://data.norge.no/specification/dcat-ap-no and
https://semiceu.github.io/DCAT-AP/releases/3.0.1/. Where the profiles contradict each
other, docs/decisions/0015 says which one is followed and what it costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pyoxigraph as ox

from glokal.catalogue.common_metadata import Describer
from glokal.catalogue.data_service import add_service
from glokal.catalogue.datasets import DatasetDescription, Distribution
from glokal.catalogue.facts import GraphFacts
from glokal.catalogue.identifiers import FILE_TYPES
from glokal.catalogue.resource_texts import resource_texts
from glokal.core.namespaces import (
    ADMS,
    DCAT,
    DCATAP,
    DCTERMS,
    EU_AVAILABILITY_STABLE,
    EU_FILE_TYPES,
    FOAF,
    IANA_MEDIA_TYPES,
    PROV,
    STATUS_COMPLETED,
)
from glokal.core.settings import Project


def data_catalogue(
    project: Project, facts: GraphFacts, datasets: Sequence[DatasetDescription]
) -> list[ox.Triple]:
    """Return the catalogue of datasets, with the first dataset as the graph itself."""
    say = Describer(project, facts)
    node = say.names.iri("catalog")
    say.catalog(node, resource_texts(project, "catalog"))
    # On a dataset, or in a catalogue of models, they would cost more than they give.
    say.places(node, facts.units)
    for dataset in datasets:
        say.out.iri(node, DCAT + "dataset", say.names.dataset(dataset.slug))
        with say.released(dataset.release):
            add_dataset(say, dataset)
    say.out.iri(node, DCAT + "dataset", say.names.series)
    _series(say, [d for d in datasets if d.edition], datasets[0])
    if project.endpoint:
        say.out.iri(node, DCAT + "service", say.names.service)
        add_service(say)
    return say.triples()


def add_dataset(say: Describer, dataset: DatasetDescription) -> None:
    """Add a dataset with the files that it can be had in."""
    node, out = say.names.dataset(dataset.slug), say.out
    out.node(node, DCAT + "Dataset")
    say.dataset(node, dataset.naming, dataset.languages)
    if dataset.of_strategy:
        say.coverage(node)
    out.typed(node, DCAT + "version", say.release.version, "string")
    page = say.project.address + dataset.page
    out.iri(node, DCAT + "landingPage", page)
    out.node(page, FOAF + "Document")
    _standards(say, node, dataset)
    for distribution in dataset.distributions:
        _distribution(say, node, distribution, dataset.languages)


def _standards(say: Describer, node: str, dataset: DatasetDescription) -> None:
    for standard, title in dataset.conforms_to:
        say.out.iri(node, DCTERMS + "conformsTo", standard)
        say.out.node(standard, DCTERMS + "Standard")
        say.out.texts(standard, DCTERMS + "title", title)


def _series(
    say: Describer, earlier: Sequence[DatasetDescription], graph: DatasetDescription
) -> None:
    """Describe the editions of the graph as a series (DCAT 3, section 12)."""
    node, out = say.names.series, say.out
    # The harvester takes a series from the catalogue as it takes a dataset.
    out.node(node, DCAT + "DatasetSeries", DCAT + "Dataset")
    say.dataset(node, resource_texts(say.project, "series"), graph.languages)
    say.coverage(node)
    _standards(say, node, graph)
    page = say.project.address + graph.page
    out.iri(node, DCAT + "landingPage", page)
    out.node(page, FOAF + "Document")
    members = [say.names.dataset(d.slug) for d in (*earlier, graph)]
    out.iri(node, DCAT + "first", members[0])
    out.iri(node, DCAT + "last", members[-1])
    for member in members:
        out.iri(member, DCAT + "inSeries", node)
    # The portal finds the members by walking back from the last.
    for older, newer in pairwise(members):
        out.iri(newer, DCAT + "prev", older)
        out.iri(newer, PROV + "wasRevisionOf", older)


def _distribution(
    say: Describer, dataset: str, distribution: Distribution, languages: Sequence[str]
) -> None:
    out, project, file = say.out, say.project, distribution.file
    node = say.names.made("distribution", distribution.slug)
    out.iri(dataset, DCAT + "distribution", node)
    out.node(node, DCAT + "Distribution")
    out.texts(node, DCTERMS + "title", distribution.naming.title)
    out.texts(node, DCTERMS + "description", distribution.naming.description)
    # The national portal's button "Last ned" leads to the access address.
    out.iri(node, DCAT + "accessURL", project.address + file.path)
    out.iri(node, DCAT + "downloadURL", project.address + file.path)
    page = project.address + distribution.page
    out.iri(node, FOAF + "page", page)
    out.node(page, FOAF + "Document")
    media = distribution.inside or file.media
    out.term(node, DCAT + "mediaType", IANA_MEDIA_TYPES + media)
    out.term(node, DCTERMS + "format", EU_FILE_TYPES + FILE_TYPES[media])
    if distribution.inside:
        out.term(node, DCAT + "compressFormat", IANA_MEDIA_TYPES + file.media)
    out.term(node, DCATAP + "availability", EU_AVAILABILITY_STABLE)
    out.term(node, ADMS + "status", STATUS_COMPLETED)
    say.licence(node)
    out.iri(node, DCTERMS + "rights", say.names.rights)
    say.dates(node)
    say.languages(node, languages)
