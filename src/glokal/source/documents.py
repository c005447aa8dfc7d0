"""The documents of the strategy and the passages that they are cut into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from glokal.core.files.folder_walk import is_file, is_folder, target
from glokal.core.namespaces import DCTERMS, GLO, RDF
from glokal.core.settings import Project
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of

# Where the texts of the documents stand, by the last part of their IRIs.
TEXTS = "source"
# The text itself is what statements rest on; it rests on nothing.
TEXT_CLASSES = {GLO + "SourceDocument", GLO + "SourcePassage"}
_TYPE = RDF + "type"
# What is read of documents and passages.
_READ = frozenset(
    (
        DCTERMS + "language",
        *(
            GLO + name
            for name in (
                *("documents", "exactText", "passageKind", "passageOf"),
                *("readWith", "readingText", "startOffset", "underHeading"),
            )
        ),
    )
)


@dataclass
class Passage:
    """A passage: its words as they are read, and the headings that it stands under.

    What it is read with (`glo:readWith`) is counted among the headings.

    `plans` are what its document documents; `start` counts characters from the start of
    that document, -1 if unknown.
    `number` is its place among the items of its list, 0 when it is none.
    """

    iri: str
    text: str = ""
    start: int = -1
    headings: tuple[str, ...] = ()
    plans: frozenset[str] = frozenset()
    number: int = 0
    document: str = ""

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: offsets of different documents say nothing of each other."""
        return self.document, self.start


@dataclass(frozen=True)
class Source:
    """All passages by IRI, and the languages that the documents are written in."""

    passages: dict[str, Passage]
    languages: frozenset[str]
    own: frozenset[str] = field(repr=False)

    def in_context(self, iri: str) -> list[str]:
        """Return the text of a passage and of the headings above it, nearest first."""
        results: list[str] = []
        seen: set[str] = set()
        ahead = [iri]
        while ahead:
            name = ahead.pop(0)
            passage = self.passages.get(name)
            if passage is not None and name not in seen:
                seen.add(name)
                results.append(passage.text)
                ahead += passage.headings
        return results

    def in_order(self, passages: Iterable[str]) -> tuple[str, ...]:
        """Return passages in the order of the texts; those unknown come last."""

        def place(iri: str) -> tuple[bool, tuple[str, int], str]:
            passage = self.passages.get(iri)
            return passage is None, passage.place if passage else ("", 0), iri

        return tuple(sorted(set(passages), key=place))


def read_source(files: Iterable[SourceFile]) -> Source:
    """Return the documents and passages that files hold.

    `own` are the IRIs of both. A reading text is taken before the text as it stands
    in the file, since it joins what line ends have broken.
    """
    properties: dict[str, dict[str, list[object]]] = {}
    for file in files:
        for t in file.triples:
            predicate = t.predicate.value
            # Of what isn't the text itself there may be much; none of it is read here.
            if predicate in _READ or (
                predicate == _TYPE and text_of(t.object) in TEXT_CLASSES
            ):
                of = properties.setdefault(text_of(t.subject), {})
                of.setdefault(predicate, []).append(t.object)
    kinds = {
        iri: {text_of(kind) for kind in of.get(_TYPE, ())}
        for iri, of in properties.items()
    }
    passages: dict[str, Passage] = {}
    for iri, kind in kinds.items():
        if GLO + "SourcePassage" in kind:
            passages[iri] = _passage(iri, properties)
    _number(passages, properties)
    documents = [iri for iri, kind in kinds.items() if GLO + "SourceDocument" in kind]
    languages = {
        text_of(language)
        for iri in documents
        for language in properties[iri].get(DCTERMS + "language", ())
    }
    return Source(
        passages, frozenset(languages), frozenset(passages) | frozenset(documents)
    )


def _passage(iri: str, said: dict[str, dict[str, list[object]]]) -> Passage:
    of = said[iri]

    def texts(name: str) -> list[str]:
        return [text_of(value) for value in of.get(GLO + name, ())]

    start = next(iter(texts("startOffset")), "")
    return Passage(
        iri,
        next(iter(texts("readingText") or texts("exactText")), ""),
        int(start) if start.isdigit() else -1,
        (*sorted(texts("underHeading")), *sorted(texts("readWith"))),
        frozenset(
            text_of(plan)
            for document in texts("passageOf")
            for plan in said.get(document, {}).get(GLO + "documents", ())
        ),
        document=next(iter(texts("passageOf")), ""),
    )


def _number(
    passages: dict[str, Passage], said: dict[str, dict[str, list[object]]]
) -> None:
    """Count the items that stand under the same headings, in the order of the text."""
    counted: dict[tuple[str, ...], int] = {}
    for passage in sorted(passages.values(), key=lambda p: p.place):
        kinds = said[passage.iri].get(GLO + "passageKind", ())
        if any(text_of(kind).endswith("-item") for kind in kinds):
            at = counted.get(passage.headings, 0) + 1
            counted[passage.headings] = passage.number = at


def language_of(term: object) -> str:
    """Return the language tag of a literal, "" for none and for other terms."""
    return (term.language or "") if isinstance(term, ox.Literal) else ""


def document_texts(files: Iterable[SourceFile], project: Project) -> Mapping[str, Path]:
    """Return the text in `source/` of each document that has one, by its IRI.

    Raises SourceError where something else stands in the place of one, or a link leads
    out of the project.
    """
    results: dict[str, Path] = {}
    folder = project.root / TEXTS
    if not is_folder(folder, TEXTS):
        return results
    target(folder, TEXTS, project.root)
    for file in files:
        for t in file.triples:
            if text_of(t.object) == GLO + "SourceDocument":
                slug = text_of(t.subject).rpartition("/")[2]
                name = f"{TEXTS}/{slug}.txt"
                path = project.root / name
                if is_file(path, name, project.root):
                    results[text_of(t.subject)] = path
    return results
