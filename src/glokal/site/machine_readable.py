"""What machines read of the publication: catalogue, VoID, sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pyoxigraph as ox

from glokal.catalogue.api_linkset import PATH as API_CATALOG
from glokal.catalogue.api_linkset import api_linkset
from glokal.catalogue.citation_cff import FILE as CITATION
from glokal.catalogue.citation_cff import citation_file
from glokal.catalogue.concepts import concept_catalogue
from glokal.catalogue.data_service import api_catalogue, service_description
from glokal.catalogue.datasets import DatasetDescription
from glokal.catalogue.dcat import data_catalogue
from glokal.catalogue.facts import GraphFacts
from glokal.catalogue.harvest_sources import APIS, CONCEPTS, DATASETS, MODELS
from glokal.catalogue.identifiers import catalogue_prefixes
from glokal.catalogue.modelldcat import model_catalogue
from glokal.catalogue.ontology_terms import read_codes, read_terms
from glokal.catalogue.void import void
from glokal.core.errors import FindingsError
from glokal.core.files.data_files import LINKSET, TURTLE, media_type, write_data_file
from glokal.core.namespaces import STANDARD_PREFIXES
from glokal.core.settings import Project
from glokal.dataset.dumps import Dumps
from glokal.dataset.prefixes import all_prefixes
from glokal.dataset.sparql_examples import example_triples
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import SUFFIXES, serialise
from glokal.rdf.sorted_graph import distinct_triples
from glokal.rdf.source_files import SourceFile, shared_catalogue_shapes
from glokal.rdf.terms import text_of
from glokal.site.renderer import PageRenderer
from glokal.validation.finding import Severity
from glokal.validation.shacl.results import Result
from glokal.validation.shacl.validate import validate_graph

# What stands at addresses that standards and conventions give (RFC 8615).
VOID_FILE = ".well-known/void"
EXAMPLES_FILE = ".well-known/sparql-examples"


def write_machine_files(
    pages: PageRenderer,
    workspace: Workspace,
    dumps: Dumps,
    facts: GraphFacts,
    datasets: Sequence[DatasetDescription],
) -> dict[str, list[ox.Triple]]:
    """Write what machines look for, and return what describes by its path.

    The catalogues come first. Raises FindingsError when a catalogue breaks a rule.
    """
    project = workspace.project
    words = read_terms(workspace)
    result = {
        DATASETS: data_catalogue(project, facts, datasets),
        CONCEPTS: concept_catalogue(project, words),
        MODELS: model_catalogue(project, facts, words, read_codes(workspace)),
    }
    if project.endpoint:
        result[APIS] = api_catalogue(project, facts)
    for source, triples in result.items():
        _refuse_faulty(triples, workspace.catalogue_shapes)
        _write_catalogue(pages.root, source.path.rpartition(".")[0], triples, project)
    described = {source.path: triples for source, triples in result.items()}
    described |= _write_descriptions(pages.root, workspace, dumps)
    if project.endpoint:
        apis = api_linkset(project.address, project.endpoint, served=False)
        write_data_file(pages.root, API_CATALOG, apis, LINKSET)
    write_crawler_files(pages)
    citation = citation_file(project).encode()
    write_data_file(pages.root, CITATION, citation, media_type(CITATION))
    # Examples are no data: each is told of on the page of its question.
    return {path: said for path, said in described.items() if path != EXAMPLES_FILE}


def _write_catalogue(
    root: Path, name: str, triples: list[ox.Triple], project: Project
) -> None:
    prefixes = catalogue_prefixes(project)
    for media, suffix in SUFFIXES.items():
        data = serialise(triples, media, prefixes, things=project.things)
        write_data_file(root, f"{name}.{suffix}", data, media)


def _write_descriptions(
    root: Path, workspace: Workspace, dumps: Dumps
) -> dict[str, list[ox.Triple]]:
    project = workspace.project
    prefixes = catalogue_prefixes(project)
    asserted = workspace.asserted()
    counted = void(workspace, asserted, dumps)
    examples = list(
        example_triples(
            workspace.queries,
            {**STANDARD_PREFIXES, **all_prefixes(workspace)},
            project.graphs,
            project.endpoint,
        )
    )
    result = {VOID_FILE: counted, EXAMPLES_FILE: examples}
    if project.endpoint:
        graphs = [
            (f.graph, len(distinct_triples([f.triples]))) for f in workspace.files
        ]
        made = (*workspace.derived_graphs, *workspace.beside_graphs)
        graphs += [(name, len(triples)) for name, triples in made]
        default = len(workspace.view_triples)
        reported = workspace.reported
        seen = len(reported.view_triples) if reported else None
        described = service_description(project, graphs, default, seen)
        result["service.ttl"] = [*described, *counted, *examples]
    for path, triples in result.items():
        data = serialise(triples, TURTLE, prefixes, things=project.things)
        write_data_file(root, path, data, TURTLE)
    return result


def refuse_faulty_catalogue(catalogue: list[ox.Triple]) -> None:
    """Raise FindingsError for a catalogue that breaks a rule that comes with Glokal."""
    _refuse_faulty(catalogue, shared_catalogue_shapes())


def _refuse_faulty(catalogue: list[ox.Triple], shapes: SourceFile) -> None:
    results = validate_graph(catalogue, shapes.triples)
    faults = [r for r in results if r.severity == Severity.VIOLATION]
    if faults:
        raise FindingsError(
            f"The catalogue would be refused: {_say(faults[0])}",
            remedy="fix publication.toml or the data that the catalogue is made of.",
        )


def _say(result: Result) -> str:
    words = dict(result.messages)
    details = words.get("en") or next(iter(words.values()), result.component)
    return f"{text_of(result.focus)}: {details}"


def write_crawler_files(pages: PageRenderer) -> None:
    """Write the sitemap of the pages that have been written, and `robots.txt`."""
    project, root = pages.project, pages.root
    urls = "".join(
        f"<url><loc>{escape(project.address + path)}</loc>"
        f"<lastmod>{project.modified}</lastmod></url>\n"
        for path in sorted(pages.written)
    )
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{urls}</urlset>\n"
    )
    write_data_file(root, "sitemap.xml", sitemap.encode(), "application/xml")
    robots = (
        "User-agent: *\nDisallow: /sparql?query=\nDisallow: /api/queries/\n"
        f"Allow: /\nSitemap: {project.address}sitemap.xml\n"
    )
    write_data_file(root, "robots.txt", robots.encode(), "text/plain")
