"""What a format of the publication can't hold is found before it is written.

XML 1.0 and workbooks have no place for most control characters; a cell of a workbook
holds 32,767 UTF-16 units; RDF/XML writes a property as an element, whose name is the
end of its IRI; a file's name has 255 bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pyoxigraph as ox

from glokal.core.characters import (
    CELL_UNITS,
    NOT_XML,
    UNSEEN,
    code_point,
    has_local_name,
    utf16_units,
)
from glokal.core.namespaces import GLO, RDF, XSD
from glokal.rdf.project_files import LONGEST_NAME
from glokal.rdf.terms import text_of
from glokal.validation.finding import Finding, FocusNode, Severity, make_finding
from glokal.validation.language_tags import is_registered

STEP = "hygiene"
_TYPE = RDF + "type"
# Only texts stand in cells: the outline of a place is longer than any.
_TEXTS = (XSD + "string", RDF + "langString")
# The source's own words are not ours to compose anew: offsets count them.
_QUOTED = (GLO + "exactText", GLO + "exactQuote", GLO + "wording")


def check_characters(
    graphs: Iterable[tuple[str, Iterable[ox.Triple]]], namespaces: Iterable[str]
) -> Iterator[Finding]:
    """Yield what can't be carried in named graphs, and what nobody can see in them.

    `namespaces` are those whose names become names of files.
    """
    own, known = tuple(namespaces), set[str]()
    for graph, triples in graphs:
        for t in triples:
            # Each name once, by the first triple that has it.
            for finding in _of_names(t, own, known):
                yield replace(finding, graph=graph)
            value = t.object
            if isinstance(value, ox.Literal):
                if value.language and not is_registered(value.language):
                    yield replace(_of_language(t, value), graph=graph)
                text = value.value
                if not (text.isascii() and text.isprintable() and len(text) < 200):
                    for finding in _of_text(t, value):
                        yield replace(finding, graph=graph)


def _of_language(t: ox.Triple, value: ox.Literal) -> Finding:
    return make_finding(
        STEP,
        "language-tag",
        focus=FocusNode(_subject(t), t.predicate.value, value),
        tag=value.language,
    )


def _of_text(t: ox.Triple, value: ox.Literal) -> Iterator[Finding]:
    focus, path, text = _subject(t), t.predicate.value, value.value
    match = NOT_XML.search(text)
    if match:
        yield make_finding(
            STEP,
            "xml-character",
            focus=FocusNode(focus, path, value),
            character=code_point(match[0]),
            number=match.start() + 1,
        )
    match = UNSEEN.search(text)
    if match:
        yield make_finding(
            STEP,
            "unseen-character",
            severity=Severity.WARNING,
            focus=FocusNode(focus, path, value),
            character=code_point(match[0]),
            number=match.start() + 1,
        )
    if path not in _QUOTED and not unicodedata.is_normalized("NFC", text):
        yield make_finding(
            STEP,
            "composed-text",
            severity=Severity.WARNING,
            focus=FocusNode(focus, path, value),
            text=_decomposed(text),
        )
    if value.datatype.value in _TEXTS and (length := utf16_units(text)) > CELL_UNITS:
        yield make_finding(
            STEP,
            "text-fits-cell",
            focus=FocusNode(focus, path, value),
            length=length,
            most=CELL_UNITS,
        )


def _of_names(t: ox.Triple, own: tuple[str, ...], known: set[str]) -> Iterator[Finding]:
    """Yield what is wrong with the names in a triple; each name is met once."""
    subject, value = text_of(t.subject), t.object
    if t.predicate.value not in known:
        known.add(t.predicate.value)
        if not has_local_name(t.predicate.value):
            yield make_finding(
                STEP,
                "property-has-local-name",
                focus=FocusNode(_subject(t), t.predicate.value, _value(t)),
            )
    named = text_of(value) if isinstance(value, ox.NamedNode) else ""
    if t.predicate.value == _TYPE and named and f"class {named}" not in known:
        known.add(f"class {named}")
        if not has_local_name(named):
            yield make_finding(
                STEP,
                "class-has-local-name",
                focus=FocusNode(_subject(t), _TYPE, _value(t)),
            )
    for iri in (subject, named):
        if not iri or iri in known:
            continue
        known.add(iri)
        match = UNSEEN.search(iri)
        if match:
            yield make_finding(
                STEP,
                "unseen-in-iri",
                focus=FocusNode(_subject(t), t.predicate.value, _value(t)),
                character=code_point(match[0]),
            )
        if iri.startswith(own):
            longest = max(iri.split("/"), key=len)
            if len(longest) > LONGEST_NAME:
                yield make_finding(
                    STEP, "name-fits-file", focus=_subject(t), length=len(longest),
                    most=LONGEST_NAME,
                )  # fmt: skip


def _subject(t: ox.Triple) -> ox.NamedNode | ox.BlankNode:
    assert not isinstance(t.subject, ox.Triple)
    return t.subject


def _value(t: ox.Triple) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    assert not isinstance(t.object, ox.Triple)
    return t.object


def _decomposed(text: str) -> str:
    """Return the first word that isn't composed."""
    for word in text.split():
        if not unicodedata.is_normalized("NFC", word):
            return word[:60]
    return text[:60]
