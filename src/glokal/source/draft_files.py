"""The files of drafts: the mark on each thing in them, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import pyoxigraph as ox

from glokal.core.errors import Place
from glokal.core.namespaces import ADMS, GLO, STATUS_UNDER_DEVELOPMENT
from glokal.core.settings import Project
from glokal.rdf.project_files import folder_of
from glokal.rdf.source_files import SourceFile, read_file
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.source_map import Locator

FOLDER = "drafts"
MARK = (ADMS + "status", STATUS_UNDER_DEVELOPMENT)


def draft_file(slug: str) -> str:
    """Return the file of the draft of a document, by its slug."""
    return f"{FOLDER}/{slug}.ttl"


def drafted_passages(project: Project, slug: str) -> set[str]:
    """Return the passages that the draft of a document says something by.

    Raises SourceError for a file that can't be read.
    """
    return {
        text_of(t.object)
        for file in _files(project)
        if file.name == draft_file(slug)
        for t in file.triples
        if t.predicate.value in (GLO + "statedIn", GLO + "affirmedIn")
    }


def unconfirmed(project: Project) -> Iterator[tuple[ox.NamedNode, Place, str]]:
    """Yield each thing of a draft with its place, and the slug of its document.

    Raises SourceError for a file that can't be read.
    """
    for file in _files(project):
        places = Locator(file)
        for iri in sorted(marked_things(file.triples), key=str):
            place = places.subject(iri.value)
            yield iri, place or Place(file.name), PurePosixPath(file.name).stem


def marked_things(triples: Iterable[ox.Triple]) -> set[ox.NamedNode]:
    """Return the things that have the mark of a draft."""
    return {
        t.subject
        for t in triples
        if (t.predicate.value, text_of(t.object)) == MARK
        and isinstance(t.subject, ox.NamedNode)
    }


def _files(project: Project) -> Iterator[SourceFile]:
    for found in folder_of(project, FOLDER).of(".ttl"):
        yield read_file(found.path, found.name, "", FOLDER)
