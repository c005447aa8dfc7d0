"""The graph as a schema.org Dataset, for search engines (https://schema.org/Dataset).

What Google Dataset Search demands (name, description) and recommends; in one language,
for the page that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from glokal.catalogue.facts import GraphFacts
from glokal.catalogue.identifiers import Identifiers
from glokal.catalogue.translations import resource_texts, with_status
from glokal.core.files.data_files import DataFile
from glokal.core.namespaces import SCHEMA
from glokal.core.settings import Project


def dataset_for_search(
    project: Project, facts: GraphFacts, files: Iterable[DataFile], lang: str
) -> dict[str, Any]:
    """Return the description of the graph as JSON-LD values."""
    names = Identifiers(project)
    details = resource_texts(
        project, "graph", triples=facts.triples, things=facts.things
    )
    publisher = {
        "@type": "Organization",
        "@id": names.publisher,
        "name": project.publisher.name[lang],
        "url": project.publisher.url,
    }
    results: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Dataset",
        "@id": names.iri("dataset"),
        "identifier": names.iri("dataset"),
        "name": project.title[lang],
        "description": with_status(project, details.description)[lang],
        "url": project.address,
        "license": project.licence,
        "isAccessibleForFree": True,
        "version": project.version,
        "datePublished": project.issued.isoformat(),
        "dateModified": project.modified.isoformat(),
        "inLanguage": list(facts.languages),
        "keywords": list(project.catalogue.keywords[lang]),
        "creator": publisher,
        "publisher": publisher,
        "spatialCoverage": [
            {"@type": "Place", "@id": p.iri, "name": p.name.get(lang, p.name["nb"])}
            for p in facts.places
        ],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": names.iri("catalog"),
            "name": resource_texts(project, "catalog").title[lang],
            "url": f"{project.address}catalog.ttl",
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "contentUrl": project.address + file.path,
                "encodingFormat": file.media,
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
    if facts.start or facts.end:
        # An open end is written as two points (ISO 8601, as schema.org has it).
        period = f"{facts.start or '..'}/{facts.end or '..'}"
        results["temporalCoverage"] = period
    return {key: value for key, value in results.items() if value != []}
