"""Things that don't begin with `identifiers.base`: they would get no page, unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from glokal.core.namespaces import RDF, SKOS
from glokal.core.settings import Project
from glokal.rdf.source_files import ONTOLOGY, SourceFile
from glokal.validation.finding import Finding, make_finding

STEP = "hygiene"
_TYPE = RDF + "type"
_CODE = ox.NamedNode(SKOS + "Concept")


def check_base(files: Iterable[SourceFile], project: Project) -> Iterator[Finding]:
    """Yield one finding for all things of the project's classes outside its base.

    What is described and has no class of the ontology, such as a document of others,
    is none of them; nor is a code, which may be of a list that others keep.
    """
    files = tuple(files)
    classes = {t.subject for f in files if f.kind == ONTOLOGY for t in f.triples}
    # Of a large project nearly all things are within: only the others are kept.
    things: dict[ox.NamedNode, str] = {}
    codes: set[ox.NamedNode] = set()
    for file in files:
        for t in file.triples:
            if t.predicate.value != _TYPE or not isinstance(t.subject, ox.NamedNode):
                continue
            if t.subject.value.startswith(project.base):
                continue
            if t.object == _CODE:
                codes.add(t.subject)
            if file.kind != ONTOLOGY and t.object in classes:
                things[t.subject] = file.graph
    outside = sorted((thing.value, things[thing]) for thing in things.keys() - codes)
    if outside:
        first, graph = outside[0]
        every = {t.subject for t in _typed(files) if t.object in classes}
        yield make_finding(
            STEP, "outside-base", focus=ox.NamedNode(first), graph=graph,
            number=len(outside), all=len(every), base=project.base,
        )  # fmt: skip


def _typed(files: Iterable[SourceFile]) -> Iterator[ox.Triple]:
    """Yield what the data say of the class of things."""
    for file in files:
        if file.kind != ONTOLOGY:
            yield from (t for t in file.triples if t.predicate.value == _TYPE)
