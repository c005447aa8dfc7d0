"""The data files beside the dumps, and everything as datasets for the catalogue."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from glokal.catalogue.datasets import (
    DatasetDescription,
    Distribution,
    Release,
    distributions,
)
from glokal.catalogue.facts import GraphFacts, languages_of
from glokal.catalogue.graph_builder import Texts
from glokal.catalogue.resource_texts import ResourceTexts, resource_texts
from glokal.core.files.data_files import CSV, NQUADS, DataFile, write_data_file
from glokal.core.languages import ByLanguage
from glokal.core.namespaces import (
    DCTERMS,
    GLO,
    OWL,
    OWL_2,
    SHACL_SPECIFICATION,
    SKOS_REFERENCE,
    SPARQL_RESULTS_CSV,
)
from glokal.core.settings import Project
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.dumps import Dumps, is_derived
from glokal.dataset.labels import Labels
from glokal.dataset.prefixes import all_prefixes
from glokal.dataset.releases.record import Edition
from glokal.dataset.workspace import CODES, Workspace
from glokal.rdf.canonical import canonical_triples
from glokal.rdf.project_files import CODE_LISTS
from glokal.rdf.serializers.formats import SUFFIXES, serialise
from glokal.rdf.source_files import COMMON_CODES, ONTOLOGY, SourceFile
from glokal.rdf.terms import text_of

VOCABULARY = {
    "ontology": "def/glokal",
    "codes": "def/codes",
    "shapes": "def/shapes",
}


# What each is written by, under the title that it has there.
_STANDARDS: dict[str, tuple[tuple[str, Texts], ...]] = {
    "ontology": ((OWL_2, {"en": "OWL 2 Web Ontology Language"}),),
    "codes": ((SKOS_REFERENCE, {"en": "SKOS Simple Knowledge Organization System"}),),
    "shapes": ((SHACL_SPECIFICATION, {"en": "Shapes Constraint Language (SHACL)"}),),
    "answers": (
        (SPARQL_RESULTS_CSV, {"en": "SPARQL 1.1 Query Results CSV and TSV Formats"}),
    ),
}
# What says the version and the dates of each; the shapes have the publication's.
_HEADERS = {"ontology": GLO.rstrip("#"), "codes": GLO.rstrip("#") + "/codes"}


def write_vocabulary(workspace: Workspace, root: Path) -> dict[str, list[DataFile]]:
    """Write the ontology, the code lists and the shapes in every triple format."""
    prefixes = all_prefixes(workspace)
    for file in workspace.shapes:
        prefixes.update(file.prefixes)
    written = {}
    for key, files in _words(workspace).items():
        triples = canonical_triples(_triples(files))
        written[key] = [
            write_data_file(
                root,
                f"{VOCABULARY[key]}.{suffix}",
                serialise(triples, media, prefixes, things=workspace.project.things),
                media,
            )
            for media, suffix in SUFFIXES.items()
        ]
    return written


def _words(workspace: Workspace) -> dict[str, Sequence[SourceFile]]:
    """Return the files of each kind of words."""
    ontology = [f for f in workspace.files if f.name.startswith("ontology/")]
    return {
        "ontology": ontology,
        "codes": [f for f in workspace.files if _has_codes(f)],
        "shapes": workspace.shapes,
    }


def _has_codes(file: SourceFile) -> bool:
    return file.name in (CODES, COMMON_CODES) or file.kind == CODE_LISTS


def describe_datasets(
    workspace: Workspace,
    facts: GraphFacts,
    dumps: Dumps,
    vocabulary: dict[str, list[DataFile]],
    answers: Sequence[tuple[CannedQuery, DataFile]],
) -> list[DatasetDescription]:
    """Return the datasets of the publication, the graph itself first."""
    project, slug = workspace.project, workspace.project.slug
    graph = DatasetDescription(
        slug,
        resource_texts(project, "graph", triples=facts.triples, things=facts.things),
        distributions(
            project,
            slug,
            (d for d in dumps.files if not is_derived(d)),
            "dump/",
        ),
        "",
        facts.languages,
        _ontology(workspace),
    )
    said = _words(workspace)
    words = [
        DatasetDescription(
            f"{slug}-{key}",
            resource_texts(project, key),
            distributions(project, f"{slug}-{key}", files, "def/"),
            "def/",
            languages_of(_triples(said[key]), project.languages),
            _STANDARDS[key],
            release=_release(workspace, _HEADERS.get(key, "")),
            of_strategy=False,
        )
        for key, files in vocabulary.items()
    ]
    tables = DatasetDescription(
        f"{slug}-tables",
        resource_texts(project, "tables", classes=len(dumps.tables)),
        tuple(_table(workspace, file) for file in dumps.tables),
        "dump/",
        facts.languages,
        _ontology(workspace),
    )
    request = DatasetDescription(
        f"{slug}-answers",
        resource_texts(project, "answers", questions=len(answers)),
        tuple(_answer(project, query, file) for query, file in answers),
        "query/",
        project.languages[:1],
        _STANDARDS["answers"],
    )
    more = [request] if answers else []
    return [graph, *_reported(workspace, facts, dumps), tables, *words, *more]


def _reported(
    workspace: Workspace, facts: GraphFacts, dumps: Dumps
) -> list[DatasetDescription]:
    """Return the dataset of what was reported, none when nothing was."""
    if not dumps.reported:
        return []
    project = workspace.project
    slug = f"{project.slug}-reported"
    details = resource_texts(project, "reported", date=project.modified.isoformat())
    files = (d for d in dumps.reported if not is_derived(d))
    inside = distributions(project, slug, files, "dump/")
    return [
        DatasetDescription(
            slug, details, inside, "dump/", facts.languages, _ontology(workspace)
        )
    ]


def describe_editions(
    workspace: Workspace,
    facts: GraphFacts,
    editions: Iterable[tuple[Edition, DataFile]],
) -> list[DatasetDescription]:
    """Return the earlier editions of the graph as datasets, the oldest first."""
    project = workspace.project
    results = []
    for edition, file in editions:
        slug = f"{project.slug}-edition-{edition.number}"
        details = resource_texts(project, "edition", version=edition.version)
        inside = resource_texts(project, NQUADS)
        packed = Distribution(f"{slug}-nq", file, inside, "changes/", NQUADS)
        results.append(
            DatasetDescription(
                slug,
                details,
                (packed,),
                "changes/",
                facts.languages,
                _ontology(workspace),
                release=Release(edition.version, edition.date, edition.date),
                edition=True,
            )
        )
    return results


def _table(workspace: Workspace, file: DataFile) -> Distribution:
    project, name = workspace.project, file.name.partition(".")[0]
    labels = Labels(f for f in workspace.files if f.kind == ONTOLOGY)
    local = "".join(part.capitalize() for part in name.split("-"))
    found = (labels.literal(GLO + local, lang) for lang in project.languages)
    named = {x.language: x.value for x in found if x and x.language}
    title = named or {project.languages[0]: local}
    details = ResourceTexts(title, resource_texts(project, CSV).description)
    return Distribution(f"{project.slug}-tables-{name}", file, details, "dump/")


def _answer(project: Project, query: CannedQuery, file: DataFile) -> Distribution:
    page = f"query/{query.slug}/"
    details = resource_texts(project, CSV)
    title = ByLanguage(query.summary).among(project.languages)
    return Distribution(
        f"{project.slug}-answers-{query.slug}",
        file,
        ResourceTexts(title, details.description),
        page,
    )


def _ontology(workspace: Workspace) -> tuple[tuple[str, Texts], ...]:
    """Return the ontology as what data conform to, with its title."""
    title = {
        value.language: value.value
        for value in _header(workspace, GLO.rstrip("#")).get(DCTERMS + "title", ())
        if value.language
    }
    return ((GLO.rstrip("#"), title),)


def _release(workspace: Workspace, iri: str) -> Release | None:
    """Return what an ontology's header says of its version; None when it is silent."""
    details = _header(workspace, iri)
    results = [
        details.get(name, [None])[0]
        for name in (OWL + "versionInfo", DCTERMS + "issued", DCTERMS + "modified")
    ]
    version, issued, modified = (value.value if value else "" for value in results)
    day = datetime.date.fromisoformat
    try:
        return Release(version, day(issued), day(modified)) if version else None
    except ValueError:
        return None


def _header(workspace: Workspace, iri: str) -> dict[str, list[ox.Literal]]:
    properties: dict[str, list[ox.Literal]] = defaultdict(list)
    for file in workspace.files:
        if file.kind == ONTOLOGY:
            for t in file.triples:
                if text_of(t.subject) == iri and isinstance(t.object, ox.Literal):
                    properties[t.predicate.value].append(t.object)
    return properties


def _triples(files: Iterable[SourceFile]) -> list[ox.Triple]:
    return [t for file in files for t in file.triples]
