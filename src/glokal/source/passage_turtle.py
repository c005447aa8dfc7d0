"""Documents and their passages as triples, in the form of `data/source.ttl`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.languages import ByLanguage
from glokal.core.namespaces import CODE, DCTERMS, GLO, RDF, RDFS, XSD
from glokal.source.extraction.citations import CITED_IN, phrases
from glokal.source.extraction.passages import CutDocument, CutPassage

_TYPE = ox.NamedNode(RDF + "type")
_INTEGER = ox.NamedNode(XSD + "integer")


@dataclass(frozen=True)
class DocumentNames:
    """The IRIs of a document: its own, the namespace of things, its passages' prefix.

    The passages of a project's first document have no prefix; those of a further one
    are cited with its `title`, so that a place is told apart from one in another.
    """

    things: str
    slug: str
    prefix: str = ""
    title: str = ""

    @property
    def document(self) -> str:
        """Return the IRI of the document."""
        return f"{self.things}document/{self.slug}"

    def passage(self, start: int, end: int) -> str:
        """Return the IRI of a passage, by its place when it is cut."""
        return f"{self.things}passage/{self.prefix}{start:05}-{end:05}"

    @property
    def prefixes(self) -> dict[str, str]:
        """Return the prefixes that a file of passages is written with."""
        return {
            "dcterms": DCTERMS,
            "document": f"{self.things}document/",
            "glo": GLO,
            "passage": f"{self.things}passage/",
            "passage-kind": f"{CODE}passage-kind/",
            "plan": f"{self.things}plan/",
            "rdfs": RDFS,
        }


def text_digest(text: str) -> str:
    """Return the digest of a text in UTF-8, as `glo:textDigest` has it."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def extent_of(text: str, languages: Iterable[str]) -> Mapping[str, str]:
    """Return how long a text is, in the first of the languages."""
    words = ByLanguage[str](phrases()["document"]["extent"])
    own = words.language(next(iter(languages)))
    return {own: words[own].format(number=len(text))}


def own_title(document: CutDocument) -> str:
    """Return the title that stands in a document, "" without one."""
    titles = (p.reading for p in document.passages if p.kind == "title")
    return next(titles, "")


def title_in(label: str) -> str:
    """Return the title that the label of a document was made of."""
    for of in ("pdf", "docx", "text"):
        for words in phrases()["document"][of].values():
            end = words.removeprefix("{title}")
            if label.endswith(end):
                return label.removesuffix(end)
    return label


def document_triples(
    document: CutDocument, names: DocumentNames, kind: str, language: str, plan: str
) -> Iterator[ox.Triple]:
    """Yield what is said of a document. `plan` is the slug of what it documents."""
    node = ox.NamedNode(names.document)
    title = names.title or own_title(document) or names.slug
    words = phrases()["document"]
    yield ox.Triple(node, _TYPE, ox.NamedNode(GLO + "SourceDocument"))
    cited_in = document.passages[0].citation if document.passages else CITED_IN
    for lang, text in ByLanguage[str](words[kind]).among(cited_in).items():
        label = text.format(title=title)
        yield _said(node, RDFS + "label", ox.Literal(label, language=lang))
    for lang, text in extent_of(document.text, cited_in).items():
        yield _said(node, DCTERMS + "extent", ox.Literal(text, language=lang))
    yield _said(node, DCTERMS + "language", ox.Literal(language))
    if plan:
        iri = ox.NamedNode(f"{names.things}plan/{plan}")
        yield ox.Triple(node, ox.NamedNode(GLO + "documents"), iri)
    digest = ox.Literal(text_digest(document.text))
    yield _said(node, GLO + "textDigest", digest)


def passage_triples(
    document: CutDocument,
    names: DocumentNames,
    language: str,
    iris: Mapping[int, str] | None = None,
) -> Iterator[ox.Triple]:
    """Yield what is said of each passage; `iris` are those that are named already."""
    named = [
        (iris or {}).get(n) or names.passage(p.start, p.end)
        for n, p in enumerate(document.passages)
    ]
    for passage, iri in zip(document.passages, named, strict=True):
        yield from _passage(passage, iri, named, names, language)


def _passage(
    passage: CutPassage,
    iri: str,
    named: list[str],
    names: DocumentNames,
    language: str,
) -> Iterator[ox.Triple]:
    node = ox.NamedNode(iri)
    yield ox.Triple(node, _TYPE, ox.NamedNode(GLO + "SourcePassage"))
    whose = f"{names.title}: " if names.prefix and names.title else ""
    for lang, text in passage.citation.items():
        own = ox.Literal(f"{whose}{text}", language=lang)
        yield _said(node, GLO + "citation", own)
    yield _said(node, GLO + "startOffset", _number(passage.start))
    yield _said(node, GLO + "endOffset", _number(passage.end))
    yield _said(node, GLO + "exactText", ox.Literal(passage.exact))
    reading = ox.Literal(passage.reading, language=language)
    yield _said(node, GLO + "readingText", reading)
    kind = ox.NamedNode(f"{CODE}passage-kind/{passage.kind}")
    yield ox.Triple(node, ox.NamedNode(GLO + "passageKind"), kind)
    document = ox.NamedNode(names.document)
    yield ox.Triple(node, ox.NamedNode(GLO + "passageOf"), document)
    for prop, at in (
        ("underHeading", passage.heading),
        ("readWith", passage.read_with),
        *(("readWith", at) for at in passage.shared),
    ):
        if at >= 0:
            yield ox.Triple(node, ox.NamedNode(GLO + prop), ox.NamedNode(named[at]))
    if passage.redacted:
        true = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))
        yield _said(node, GLO + "redacted", true)
    for lang, text in (passage.reason or {}).items():
        yield _said(node, GLO + "uncoveredReason", ox.Literal(text, language=lang))


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=_INTEGER)


def _said(node: ox.NamedNode, prop: str, value: ox.Literal) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(prop), value)
