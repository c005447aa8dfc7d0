"""The SPARQL endpoint: a data service in a catalogue of APIs, and in its own words.

DCAT-AP-NO 3.0, and SPARQL 1.1 Service Description
(https://www.w3.org/TR/sparql11-service-description/). Only where `publication.toml`
has an endpoint.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from glokal.catalogue.common_metadata import Describer
from glokal.catalogue.facts import GraphFacts
from glokal.catalogue.graph_builder import TripleBuilder
from glokal.catalogue.identifiers import FILE_TYPES, Identifiers
from glokal.catalogue.resource_texts import resource_texts, view_texts
from glokal.core.files.data_files import CSV, TURTLE
from glokal.core.namespaces import (
    DCAT,
    DCATAP,
    DCTERMS,
    EU_ACCESS_PUBLIC,
    EU_AVAILABILITY_STABLE,
    EU_FILE_TYPES,
    RDFS,
    SD,
    SPARQL_PROTOCOL,
    VOID,
    W3C_FORMATS,
)
from glokal.core.settings import Project
from glokal.dataset.views import IN_STRATEGY, REPORTED, view_iri
from glokal.rdf.terms import integer

_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV",
    "SPARQL_Results_TSV", "Turtle", "N-Triples", "RDF_XML",
)  # fmt: skip


def api_catalogue(project: Project, facts: GraphFacts) -> list[ox.Triple]:
    """Return the catalogue of APIs: the endpoint, when there is one."""
    say = Describer(project, facts)
    node = say.names.made("catalog", f"{project.slug}-apis")
    say.catalog(node, resource_texts(project, "apis"))
    say.out.iri(node, DCAT + "service", say.names.service)
    add_service(say)
    served = DCAT + "servesDataset"
    # The dataset is described in its own catalogue; one type of record a source.
    return [t for t in say.triples() if t.predicate.value != served]


def add_service(say: Describer) -> None:
    """Describe the endpoint."""
    node, out, endpoint = say.names.service, say.out, say.project.endpoint
    out.node(node, DCAT + "DataService")
    say.titled(node, resource_texts(say.project, "service"))
    say.themes(node)
    say.licence(node)
    out.term(node, DCTERMS + "accessRights", EU_ACCESS_PUBLIC)
    out.term(node, DCATAP + "availability", EU_AVAILABILITY_STABLE)
    out.node(endpoint, RDFS + "Resource")
    out.iri(node, DCAT + "endpointURL", endpoint)
    # An endpoint that is asked nothing answers with its description.
    out.iri(node, DCAT + "endpointDescription", endpoint)
    out.term(node, DCTERMS + "conformsTo", SPARQL_PROTOCOL)
    out.iri(node, DCAT + "servesDataset", say.names.iri("dataset"))
    for media in (CSV, TURTLE):
        out.term(node, DCTERMS + "format", EU_FILE_TYPES + FILE_TYPES[media])


def service_description(
    project: Project,
    graphs: Iterable[tuple[str, int]],
    default: int,
    reported: int | None = None,
) -> list[ox.Triple]:
    """Return what an endpoint says of itself.

    `graphs` are the named graphs with their numbers of triples, `default` the number
    in the default graph, `reported` that in the view of what was reported, None when
    nothing was. Each view is a graph that the protocol may name as the default graph.
    """
    out, names = TripleBuilder(), Identifiers(project)
    service, dataset = names.service, names.iri("dataset")
    out.node(service, SD + "Service")
    out.iri(service, SD + "endpoint", project.endpoint)
    out.iri(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    for name in _RESULTS:
        out.iri(service, SD + "resultFormat", W3C_FORMATS + name)
    out.iri(service, SD + "defaultDataset", dataset)
    out.node(dataset, SD + "Dataset")
    graph = names.iri("default-graph")
    out.iri(dataset, SD + "defaultGraph", graph)
    out.node(graph, SD + "Graph", VOID + "Dataset")
    out.append(_number(graph, default))
    offered = names.made("graph-collection", "views")
    out.iri(service, SD + "availableGraphs", offered)
    out.node(offered, SD + "GraphCollection")
    for view, size in ((IN_STRATEGY, default), (REPORTED, reported)):
        iri, texts = view_iri(project.graphs, view), view_texts(project, view)
        named = names.made("named-graph", f"view-{view}")
        out.iri(offered, SD + "namedGraph", named)
        out.node(named, SD + "NamedGraph")
        out.iri(named, SD + "name", iri)
        out.iri(named, SD + "graph", iri)
        out.node(iri, SD + "Graph")
        out.append(_number(iri, default if size is None else size))
        out.texts(iri, DCTERMS + "title", texts.title)
        out.texts(iri, DCTERMS + "description", texts.description)
    for iri, triples in graphs:
        slug = iri.rpartition("/graph/")[2].replace("/", "-")
        named = names.made("named-graph", slug)
        out.iri(dataset, SD + "namedGraph", named)
        out.node(named, SD + "NamedGraph")
        out.iri(named, SD + "name", iri)
        out.iri(named, SD + "graph", iri)
        out.node(iri, SD + "Graph")
        out.append(_number(iri, triples))
    return list(dict.fromkeys(out))


def _number(graph: str, triples: int) -> ox.Triple:
    return ox.Triple(
        ox.NamedNode(graph), ox.NamedNode(VOID + "triples"), integer(triples)
    )
