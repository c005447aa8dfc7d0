"""What has a name here and no page: nodes of the catalogues, and statements.

Datasets, distributions, concepts, elements of the model, parts of the VoID description
have documents in every form of a graph, as things have; a reader is led to the page
that tells of them. A statement is told of in the document of what it is about, and has
one of its own where there is none, as for a code.
"""

from __future__ import annotations

import json
from collections import ChainMap, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import pyoxigraph as ox

from glokal.catalogue.harvest_sources import APIS, CONCEPTS, DATASETS, MODELS
from glokal.catalogue.identifiers import catalogue_prefixes
from glokal.core.files.data_files import JSON, write_data_file
from glokal.core.namespaces import DCAT, MODELLDCATNO, RDF, SKOS
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import SUFFIXES, serialise
from glokal.rdf.terms import text_of
from glokal.site.renderer import PageRenderer

# The page that leads each such name on, by its path below `id/`; for servers.
INDEX = "leads.json"
# The page for readers, by the file that describes; the others are told of with the
# dumps. Models are told of where the words are.
_PAGES = {DATASETS.path: "dump/", CONCEPTS.path: "def/", MODELS.path: "def/"}
_PAGES |= {APIS.path: "api/"}
_REST = "dump/"
# By these a whole has its parts: what is a part of something says of what.
_PARTS = (
    *(DCAT + name for name in ("catalog", "dataset", "distribution", "service")),
    SKOS + "member",
    MODELLDCATNO + "containsModelElement",
    MODELLDCATNO + "model",
    MODELLDCATNO + "hasProperty",
)


def write_described(
    pages: PageRenderer,
    workspace: Workspace,
    page_of: Callable[[str], str],
    catalogues: Mapping[str, Sequence[ox.Triple]],
    things: Mapping[str, str],
) -> dict[str, str]:
    """Write the data of each resource that has no page; return its page by its IRI.

    `page_of` gives the path of an IRI with its own data, "" for none. `catalogues` are
    what has been written, by path. `things` are the IRIs that a page tells of, with its
    path, which may be another thing's: the municipality's for its authority.
    """
    start, leads = workspace.project.things, dict[str, str]()
    for path, triples in catalogues.items():
        for iri in sorted({text_of(t.subject) for t in triples}):
            # A part of something (#) is told of with the whole.
            if iri.startswith(start) and "#" not in iri and not page_of(iri):
                leads.setdefault(iri, _PAGES.get(path, _REST))
    _write_documents(pages, leads, _documents(catalogues, start))
    about, alone = RDF + "subject", dict[str, list[ox.Triple]]()
    # Many statements are told of on one page, whose path is one object.
    paths: dict[str, str] = {}
    for _, statements in workspace.beside_graphs:
        for t in statements:
            if t.predicate.value == about:
                iri, page = text_of(t.subject), page_of(text_of(t.object))
                # The document of a code doesn't tell of statements.
                leads[iri] = (
                    paths.setdefault(page, page) if page[:4] == "doc/" else _REST
                )
                if leads[iri] == _REST:
                    alone[iri] = []
        for t in statements:
            if text_of(t.subject) in alone:
                alone[text_of(t.subject)].append(t)
    _write_documents(pages, alone, alone)
    together = {i: path for i, path in things.items() if path != page_of(i)}
    _write_index(pages, leads, together)
    return leads


def _write_index(
    pages: PageRenderer, leads: dict[str, str], together: dict[str, str]
) -> None:
    """Write where each name leads, the names of both sorted."""
    start = pages.project.things
    all_leads = ChainMap(together, leads)
    names = sorted(iri for iri in all_leads if iri.startswith(start))
    # As json.dumps writes a dictionary, which would be as much as the names once more.
    lines = (
        f"{json.dumps(iri.removeprefix(start))}: {json.dumps(all_leads[iri])}"
        for iri in names
    )
    text = "{\n" + ",\n".join(lines) + "\n}\n" if names else "{}\n"
    write_data_file(pages.root, INDEX, text.encode(), JSON)


def _write_documents(
    pages: PageRenderer,
    described: Iterable[str],
    told: Mapping[str, Sequence[ox.Triple]],
) -> None:
    start, prefixes = pages.project.things, catalogue_prefixes(pages.project)
    known = sorted(prefixes.items())
    for iri in described:
        for media, suffix in SUFFIXES.items():
            path = f"doc/{iri.removeprefix(start)}.{suffix}"
            key = pages.kept.key(media, told[iri], known)
            make = partial(serialise, told[iri], media, prefixes)
            pages.files.write(path, key, make)


def _documents(
    catalogues: Mapping[str, Sequence[ox.Triple]], start: str
) -> dict[str, list[ox.Triple]]:
    """Return what is said of each resource, of the terms it names, and of its whole.

    Terms of controlled vocabularies have their names from the catalogues; what else
    the publication describes has a document of its own.
    """
    about: dict[str, dict[ox.Triple, None]] = defaultdict(dict)
    wholes: dict[str, dict[ox.Triple, None]] = defaultdict(dict)
    for triple in (t for triples in catalogues.values() for t in triples):
        about[text_of(triple.subject)][triple] = None
        if triple.predicate.value in _PARTS:
            wholes[text_of(triple.object)][triple] = None
    results = {}
    parts: dict[str, list[str]] = defaultdict(list)
    for iri in about:
        whole, sign, _ = iri.partition("#")
        if sign:
            parts[whole].append(iri)
    for iri in [iri for iri in about if iri.startswith(start) and "#" not in iri]:
        said = {**about[iri], **wholes[iri]}
        for part in parts[iri]:
            said |= about[part]
        for triple in about[iri]:
            named = text_of(triple.object)
            if isinstance(triple.object, ox.NamedNode) and not named.startswith(start):
                said |= about.get(named, {})
        results[iri] = list(said)
    return results
