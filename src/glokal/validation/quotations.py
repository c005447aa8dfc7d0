"""Quotations and anchors: passages are as the source has them, and hold what is said.

The passages of a document are cut from its text in order; offsets count characters
(Unicode code points) from the start of the file. What stands between passages is white
space only. Readings and wordings are compared by `glokal.validation.readings`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import Place
from glokal.core.files.bounded_read import decode, read_bytes
from glokal.core.namespaces import GLO, RDF
from glokal.rdf.project_files import STRATEGY
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import Term, text_of
from glokal.source.shared_values import SharedValues
from glokal.validation.finding import Finding, FocusNode, Severity, make_finding
from glokal.validation.readings import check_readings

STEP = "quotes"
_STATED_IN = GLO + "statedIn"
ANCHORS = {_STATED_IN, GLO + "affirmedIn", GLO + "omittedIn"}
_SUPPORT = {_STATED_IN, GLO + "affirmedIn"}
_TYPE = RDF + "type"
_OF_PASSAGES = frozenset(
    GLO + name
    for name in (
        *("endOffset", "exactText", "passageOf", "redacted"),
        *("startOffset", "uncoveredReason"),
    )
)
# The text itself is what things are anchored in; it needs no anchor of its own.
_TEXT = {GLO + "SourceDocument", GLO + "SourcePassage"}


@dataclass
class QuotedPassage:
    """A passage of a source document."""

    iri: str
    text: str = ""
    document: str = ""
    start: int = -1
    end: int = -1
    redacted: bool = False
    reason: dict[str, str] = field(default_factory=dict)


def check_quotes(
    files: tuple[SourceFile, ...],
    *,
    text: Path | None = None,
    texts: Mapping[str, Path] | None = None,
    list_uncovered: bool = False,
) -> Iterator[Finding]:
    """Yield what is wrong with passages, quotations and anchors of the strategy.

    With `list_uncovered`, also tell each passage that no statement rests on, with the
    reason that the data gives.
    With `texts`, the files that documents were cut from by their IRIs, each passage is
    compared with its own character by character; `text` is that of the document with
    its digest, or else of the first.
    """
    strategy = [f for f in files if f.kind == STRATEGY]
    passages = _passages(strategy)
    if not passages:
        yield make_finding(STEP, "no-passages", place=Place("data/source.ttl"))
        return
    documents = _by_document(passages)
    for of in documents.values():
        yield from _order(of)
    yield from _anchors(strategy, passages)
    yield from check_readings(strategy, STEP)
    if list_uncovered:
        yield from _uncovered(passages)
    given = dict(texts or {})
    if text is not None:
        given[_document_of(strategy, text) or next(iter(documents))] = text
    for document, path in given.items():
        if document in documents:
            yield from _against_text(strategy, document, documents[document], path)


def _passages(files: list[SourceFile]) -> dict[str, QuotedPassage]:
    typed: dict[str, None] = {}
    results: dict[str, QuotedPassage] = {}
    for file in files:
        for t in file.triples:
            value = text_of(t.object)
            if t.predicate.value == _TYPE and value == GLO + "SourcePassage":
                typed[text_of(t.subject)] = None
            if t.predicate.value not in _OF_PASSAGES:
                continue
            iri = text_of(t.subject)
            passage = results.setdefault(iri, QuotedPassage(iri))
            match t.predicate.value.removeprefix(GLO):
                case "exactText":
                    passage.text = value
                case "passageOf":
                    passage.document = value
                case "startOffset":
                    passage.start = int(value) if value.isdigit() else -1
                case "endOffset":
                    passage.end = int(value) if value.isdigit() else -1
                case "redacted":
                    passage.redacted = value == "true"
                case "uncoveredReason":
                    language = (
                        t.object.language if isinstance(t.object, ox.Literal) else ""
                    )
                    passage.reason[language or ""] = value
    return {iri: results.get(iri) or QuotedPassage(iri) for iri in typed}


def _by_document(
    passages: dict[str, QuotedPassage],
) -> dict[str, dict[str, QuotedPassage]]:
    """Return the passages of each document: offsets of two have nothing in common."""
    results: dict[str, dict[str, QuotedPassage]] = {}
    for iri, passage in passages.items():
        results.setdefault(passage.document, {})[iri] = passage
    return results


def _document_of(files: list[SourceFile], path: Path) -> str:
    """Return the document that a file is the text of by its digest, "" for none."""
    digest = _digest(read_bytes(path, str(path)))
    return next(
        (
            text_of(t.subject)
            for file in files
            for t in file.triples
            if t.predicate.value == GLO + "textDigest" and text_of(t.object) == digest
        ),
        "",
    )


def _digest(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def _order(passages: dict[str, QuotedPassage]) -> Iterator[Finding]:
    before: QuotedPassage | None = None
    for passage in sorted(passages.values(), key=lambda p: (p.start, p.end)):
        length = passage.end - passage.start
        if not passage.redacted and length != len(passage.text):
            yield make_finding(
                STEP,
                "length",
                focus=FocusNode(passage.iri, GLO + "exactText"),
                actual=len(passage.text),
                length=length,
            )
        if before is not None and passage.start < before.end:
            yield make_finding(
                STEP,
                "overlap",
                focus=FocusNode(
                    passage.iri, GLO + "startOffset", ox.NamedNode(before.iri)
                ),
            )
        before = passage


def _anchors(
    files: list[SourceFile], passages: dict[str, QuotedPassage]
) -> Iterator[Finding]:
    used: set[str] = set()
    anchored = SharedValues({})
    quotes: list[ox.Triple] = []
    # What has no anchor yet, in the order in which it is met.
    open_nodes: dict[Term, None] = {}
    for file in files:
        before: object = None
        for t in file.triples:
            if t.subject != before:
                before, subject = t.subject, text_of(t.subject)
                if subject not in anchored and not isinstance(t.subject, ox.Triple):
                    open_nodes[t.subject] = None
            predicate = t.predicate.value
            if predicate in ANCHORS:
                used.add(text_of(t.object))
            if predicate in _SUPPORT:
                anchored.add(subject, text_of(t.object))
            elif predicate == GLO + "exactQuote":
                quotes.append(t)
                continue
            elif predicate == _TYPE and text_of(t.object) in _TEXT:
                anchored.setdefault(subject, ())
            else:
                continue
            if not isinstance(t.subject, ox.Triple):
                open_nodes.pop(t.subject, None)
    for node in open_nodes:
        yield make_finding(STEP, "anchor", focus=node)
    for t in quotes:
        stated = anchored[text_of(t.subject)]
        texts = [passages[p].text for p in stated if p in passages]
        if not any(text_of(t.object) in text for text in texts):
            yield _of(t, "quotation")
    yield from _coverage(passages, used)


def _coverage(passages: dict[str, QuotedPassage], used: set[str]) -> Iterator[Finding]:
    for passage in passages.values():
        if passage.iri not in used and not passage.reason:
            yield make_finding(STEP, "coverage", focus=passage.iri)
        elif passage.iri in used and passage.reason:
            yield make_finding(
                STEP, "reason", focus=FocusNode(passage.iri, GLO + "uncoveredReason")
            )


def _uncovered(passages: dict[str, QuotedPassage]) -> Iterator[Finding]:
    for passage in passages.values():
        if passage.reason:
            words = {"nn": passage.reason.get("nb", ""), **passage.reason}
            focus = ox.NamedNode(passage.iri)
            yield Finding(STEP, "uncovered", Severity.INFO, words, focus=focus)


def _of(t: ox.Triple, rule: str) -> Finding:
    subject, value = t.subject, t.object
    assert not isinstance(subject, ox.Triple) and not isinstance(value, ox.Triple)
    return make_finding(STEP, rule, focus=FocusNode(subject, t.predicate.value, value))


def _against_text(
    files: list[SourceFile],
    document: str,
    passages: dict[str, QuotedPassage],
    path: Path,
) -> Iterator[Finding]:
    raw = read_bytes(path, str(path))
    text = decode(raw, str(path))
    digest = _digest(raw)
    for file in files:
        for t in file.triples:
            of = text_of(t.subject) == document
            if not of or t.predicate.value != GLO + "textDigest":
                continue
            if text_of(t.object) != digest:
                yield _of(t, "digest")
    position = 0
    for passage in sorted(passages.values(), key=lambda p: p.start):
        if text[position : passage.start].strip():
            yield make_finding(
                STEP, "gap", focus=FocusNode(passage.iri, GLO + "startOffset")
            )
        if not passage.redacted and text[passage.start : passage.end] != passage.text:
            yield make_finding(
                STEP, "text", focus=FocusNode(passage.iri, GLO + "exactText")
            )
        position = max(position, passage.end)
    if text[position:].strip():
        last = max(passages.values(), key=lambda p: p.end)
        yield make_finding(STEP, "rest", focus=FocusNode(last.iri, GLO + "endOffset"))
