"""The graph and its pages in schema.org's words, for search engines.

The graph is a Dataset (https://schema.org/Dataset) with what Google Dataset Search
demands (name, description) and recommends; a page is a WebPage that tells of a thing
by the thing's own identifier. In one language, that of the page it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from glokal.catalogue.facts import GraphFacts
from glokal.catalogue.identifiers import Identifiers
from glokal.catalogue.resource_texts import resource_texts, with_status
from glokal.core.files.data_files import DataFile
from glokal.core.languages import ByLanguage
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
    results: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Dataset",
        "@id": names.iri("dataset"),
        "identifier": names.iri("dataset"),
        "name": project.title[lang],
        "description": ByLanguage(with_status(project, details.description))[lang],
        "url": project.address,
        "license": project.licence,
        "isAccessibleForFree": True,
        "version": project.version,
        "datePublished": project.issued.isoformat(),
        "dateModified": project.modified.isoformat(),
        "inLanguage": list(facts.languages),
        "keywords": list(project.catalogue.keywords[lang]),
        "spatialCoverage": [
            {"@type": "Place", "@id": p.iri, "name": ByLanguage(p.name)[lang]}
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
    if not project.unofficial:
        # Search engines show both as whose work it is: until the owner of the strategy
        # adopts it, it is no work of theirs, and the settings name nobody else.
        results["creator"] = results["publisher"] = {
            "@type": "Organization",
            "@id": names.publisher,
            "name": project.publisher.name[lang],
            "url": project.publisher.url,
        }
    if facts.start or facts.end:
        # An open end is written as two points (ISO 8601, as schema.org has it).
        period = f"{facts.start or '..'}/{facts.end or '..'}"
        results["temporalCoverage"] = period
    return {key: value for key, value in results.items() if value != []}


def page_for_search(
    project: Project,
    lang: str,
    address: str,
    texts: tuple[str, str],
    entities: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the description of a page as JSON-LD values.

    `texts` are its title and its description, "" for none; `entities` are what it
    tells of, by `entity_for_search`.
    """
    title, description = texts
    results: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": title,
        "inLanguage": lang,
        "license": project.licence,
        "isPartOf": {"@type": "Dataset", "@id": Identifiers(project).iri("dataset")},
    }
    if description:
        results["description"] = description
    if entities:
        results["mainEntity"] = list(entities) if entities[1:] else entities[0]
    return results


def entity_for_search(
    iri: str, kinds: Iterable[str], name: str, **more: Any
) -> dict[str, Any]:
    """Return what a page tells of: its own identifier, kinds, name, and what is more.

    `kinds` are names of classes of schema.org, none for a Thing; what is empty is left
    out.
    """
    types = sorted(set(kinds)) or ["Thing"]
    results = {
        "@type": types[0] if len(types) == 1 else types,
        "@id": iri,
        "identifier": iri,
        "name": name,
    }
    return {**results, **{key: value for key, value in more.items() if value}}
