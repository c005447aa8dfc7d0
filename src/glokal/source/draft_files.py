"""The files of drafts: the mark on each thing in them, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError
from glokal.core.files.symlinks import leads_out
from glokal.core.namespaces import ADMS, GLO, STATUS_UNDER_DEVELOPMENT
from glokal.core.settings import Project
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
    path = project.root / draft_file(slug)
    if not path.is_file():
        return set()
    return {
        text_of(t.object)
        for t in _read(project, path).triples
        if t.predicate.value in (GLO + "statedIn", GLO + "affirmedIn")
    }


def unconfirmed(project: Project) -> Iterator[tuple[ox.NamedNode, Place, str]]:
    """Yield each thing of a draft with its place, and the slug of its document.

    Raises SourceError for a file that can't be read.
    """
    for path in sorted((project.root / FOLDER).glob("*.ttl")):
        file = _read(project, path)
        places = Locator(file)
        for iri in sorted(marked_things(file.triples), key=str):
            place = places.subject(iri.value)
            yield iri, place or Place(file.name), path.stem


def marked_things(triples: Iterable[ox.Triple]) -> set[ox.NamedNode]:
    """Return the things that have the mark of a draft."""
    return {
        t.subject
        for t in triples
        if (t.predicate.value, text_of(t.object)) == MARK
        and isinstance(t.subject, ox.NamedNode)
    }


def _read(project: Project, path: Path) -> SourceFile:
    """Return a file of drafts. Whoever ships a project could point at any file."""
    name = path.relative_to(project.root).as_posix()
    if leads_out(project.root, path):
        raise SourceError(
            "This is a link that leads out of the project.",
            remedy="take it away; glokal draft writes the file anew.",
            place=Place(name),
        )
    return read_file(path, name, "", FOLDER)
