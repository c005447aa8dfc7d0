"""The documents that a project has: where each stands, and its passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import UsageError
from glokal.core.namespaces import DCTERMS, GLO, RDF, RDFS
from glokal.core.settings import Project
from glokal.rdf.source_files import parse_turtle, read_text
from glokal.rdf.terms import text_of
from glokal.source.documents import TEXTS
from glokal.source.passage_turtle import DocumentNames, text_digest, title_in
from glokal.source.reanchor import OldPassage

FIRST = "data/source.ttl"
FURTHER = "data/source"


@dataclass(frozen=True)
class ProjectDocument:
    """A document: its slug, the file that has it, what that says."""

    slug: str
    name: str
    iri: str
    text: str = field(repr=False)
    triples: Sequence[ox.Triple] = field(repr=False)

    @property
    def language(self) -> str:
        """Return the language that the document is written in, "" if not said."""
        return next(iter(self._values(self.iri, DCTERMS + "language")), "")

    @property
    def plan(self) -> str:
        """Return the slug of the plan that it documents, "" for none."""
        plan = next(iter(self._values(self.iri, GLO + "documents")), "")
        return plan.rpartition("/")[2]

    @property
    def title(self) -> str:
        """Return what the document is called, in its own language if it is there."""
        own = self._values(self.iri, RDFS + "label", self.language)
        labels = own or self._values(self.iri, RDFS + "label")
        return title_in(labels[0]) if labels else ""

    def passages(self) -> list[OldPassage]:
        """Return its passages in the order of the text."""
        results = []
        for t in self.triples:
            if t.predicate.value != GLO + "passageOf" or text_of(t.object) != self.iri:
                continue
            iri = text_of(t.subject)
            exact = next(iter(self._values(iri, GLO + "exactText")), "")
            start = next(iter(self._values(iri, GLO + "startOffset")), "0")
            results.append(OldPassage(iri, exact, int(start)))
        return sorted(results, key=lambda p: p.start)

    def said(self, iri: str, name: str, language: str = "") -> str:
        """Return what a property of ours says of a passage, "" for nothing."""
        return next(iter(self._values(iri, GLO + name, language)), "")

    def all_said(self, iri: str, name: str) -> list[str]:
        """Return all that a property of ours says of a passage."""
        return self._values(iri, GLO + name)

    @cached_property
    def _of(self) -> Mapping[str, list[ox.Triple]]:
        results: dict[str, list[ox.Triple]] = defaultdict(list)
        for t in self.triples:
            results[text_of(t.subject)].append(t)
        return results

    def _values(self, iri: str, prop: str, language: str = "") -> list[str]:
        return [
            text_of(t.object)
            for t in self._of.get(iri, ())
            if t.predicate.value == prop
            and (
                not language
                or (isinstance(t.object, ox.Literal) and t.object.language == language)
            )
        ]


def project_documents(project: Project) -> Mapping[str, ProjectDocument]:
    """Return the documents of a project by slug, the first one first.

    Raises SourceError for a file that can't be read.
    """
    root = project.root
    paths = [root / FIRST, *sorted((root / FURTHER).glob("*.ttl"))]
    results: dict[str, ProjectDocument] = {}
    for path in paths:
        if not path.is_file():
            continue
        name = path.relative_to(root).as_posix()
        text = read_text(path, name)
        triples, _ = parse_turtle(text, name)
        for t in triples:
            if (
                t.predicate.value == RDF + "type"
                and text_of(t.object) == GLO + "SourceDocument"
            ):
                iri = text_of(t.subject)
                slug = iri.rpartition("/")[2]
                results[slug] = ProjectDocument(slug, name, iri, text, triples)
    return results


def one_document(project: Project, slug: str | None) -> ProjectDocument:
    """Return the document of a slug, or the only one. Raises UsageError else."""
    documents = project_documents(project)
    if not documents:
        raise UsageError(
            "The project has no document.",
            remedy="import one with glokal source import FILE.",
            name="document.none",
        )
    if slug is None and len(documents) == 1:
        return next(iter(documents.values()))
    if slug is None or slug not in documents:
        what = f"has no document {slug}" if slug else "has several documents"
        raise UsageError(
            f"The project {what}: {', '.join(documents)}.",
            remedy="name one of these with --document.",
            name="document.not_there" if slug else "document.several",
            values={"slug": slug, "known": ", ".join(documents)},
        )
    return documents[slug]


def place_for(project: Project, slug: str) -> tuple[str, DocumentNames]:
    """Return the file for the passages of a new document, and how they are named.

    Raises UsageError where the project has that document.
    """
    documents = project_documents(project)
    if slug in documents:
        raise UsageError(
            f"The project has the document {slug} ({documents[slug].name}).",
            remedy=f"let glokal source reanchor FILE --document {slug} find its "
            "passages again in the new text, or import it under another slug.",
            name="document.there",
            values={"slug": slug, "file": documents[slug].name},
        )
    if not (project.root / FIRST).exists():
        return FIRST, DocumentNames(project.things, slug)
    return f"{FURTHER}/{slug}.ttl", DocumentNames(project.things, slug, f"{slug}-")


def with_text(project: Project, text: str) -> ProjectDocument | None:
    """Return the document of a project that has a text, told by its digest."""
    digest = text_digest(text)
    documents = project_documents(project).values()
    return next((d for d in documents if d.said(d.iri, "textDigest") == digest), None)


def text_file(project: Project, slug: str) -> Path:
    """Return where the text of a document stands."""
    return project.root / TEXTS / f"{slug}.txt"
