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
    things = {
        t.subject: f.graph
        for f in files
        if f.kind != ONTOLOGY
        for t in f.triples
        if t.predicate.value == _TYPE and t.object in classes
    }
    codes = {
        t.subject
        for f in files
        for t in f.triples
        if t.predicate.value == _TYPE and t.object == _CODE
    }
    outside = sorted(
        (thing.value, graph)
        for thing, graph in things.items()
        if isinstance(thing, ox.NamedNode)
        and not thing.value.startswith(project.base)
        and thing not in codes
    )
    if outside:
        first, graph = outside[0]
        yield make_finding(
            STEP, "outside-base", focus=ox.NamedNode(first), graph=graph,
            number=len(outside), all=len(things), base=project.base,
        )  # fmt: skip
