"""Triples in the four formats of the portals, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from glokal.core.characters import NOT_XML, code_point, has_local_name
from glokal.core.errors import InputError
from glokal.core.files.data_files import JSON, JSONLD, NTRIPLES, RDFXML, TURTLE
from glokal.core.namespaces import RDF
from glokal.rdf.serializers.jsonld import readable_jsonld
from glokal.rdf.serializers.ordering import in_parts
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.formatter import write_turtle


def readable_turtle(
    triples: Iterable[ox.Triple],
    prefixes: Mapping[str, str],
    things: str,
    head: Iterable[str] = (),
) -> str:
    """Return a graph as Turtle; the lines of `head` become comments at the top."""
    used: set[str] = set()
    blocks = []
    for part in in_parts(triples, things):
        lines = write_turtle(part.triples, prefixes).split("\n")
        body = next(
            (n for n, line in enumerate(lines) if not line.startswith("@prefix ")), 0
        )
        used.update(lines[:body])
        text = "\n".join(lines[body:]).strip("\n")
        blocks.append(f"# {part.heading}\n\n{text}" if part.heading else text)
    comments = [f"# {line}".rstrip() for line in head]
    top = "\n".join([*comments, *([""] if comments else []), *_by_prefix(used)])
    return "\n\n".join(x for x in (top, *blocks) if x) + "\n"


def _by_prefix(lines: Iterable[str]) -> list[str]:
    return sorted(lines, key=lambda line: line.partition(":")[0])


SUFFIXES = {TURTLE: "ttl", NTRIPLES: "nt", JSONLD: "jsonld", RDFXML: "rdf"}
# The type by which each is asked for, too, by clients that know no other.
ALSO_ASKED_AS = {
    TURTLE: "text/n3",
    NTRIPLES: "text/plain",
    JSONLD: JSON,
    RDFXML: "application/xml",
}


def serialise(
    triples: Iterable[ox.Triple],
    media: str,
    prefixes: Mapping[str, str],
    *,
    things: str = "",
    head: Iterable[str] = (),
) -> bytes:
    """Return triples in one of the triple formats, in a fixed order.

    Blank nodes must have been named by what they say. With the namespace of the things
    Turtle and JSON-LD have their subjects in the order of reading; `head` is comments
    for the top of the Turtle.
    """
    # N-Triples by the line, so that the file is the canonical form of the graph.
    ordered = sorted(set(triples), key=str if media == NTRIPLES else _by_name)
    match media:
        case "text/turtle" if things:
            return readable_turtle(ordered, prefixes, things, head).encode()
        case "text/turtle":
            return write_turtle(ordered, prefixes).encode()
        case "application/ld+json":
            return readable_jsonld(ordered, prefixes, things or ":").encode()
    fmt = {NTRIPLES: ox.RdfFormat.N_TRIPLES, RDFXML: ox.RdfFormat.RDF_XML}[media]
    known = None if media == NTRIPLES else dict(prefixes)
    if media == RDFXML:
        for triple in ordered:
            _refuse_in_xml(triple)
    data = ox.serialize(ordered, format=fmt, prefixes=known)
    assert data is not None
    # A reader of XML takes a carriage return for a line feed, unless it is written so;
    # the writer itself makes none.
    return data.replace(b"\r", b"&#13;") if media == RDFXML else data


def _refuse_in_xml(triple: ox.Triple) -> None:
    """Raise InputError for what RDF/XML can't write."""
    value = text_of(triple.object)
    match = NOT_XML.search(value)
    what = ""
    if match:
        what = f"A text holds the character {code_point(match[0])}"
    elif not has_local_name(triple.predicate.value):
        what = f"The property <{triple.predicate.value}> ends in no name"
    elif triple.predicate.value == RDF + "type" and not has_local_name(value):
        what = f"The class <{value}> ends in no name"
    if what:
        raise InputError(
            f"{what}, so that RDF/XML can't hold what is said of {triple.subject}.",
            remedy="run glokal check, which shows where it stands.",
        )


def _by_name(triple: ox.Triple) -> tuple[str, ...]:
    """Sort by the IRIs themselves: a name goes before those that begin with it."""
    subject, kind = text_of(triple.subject), type(triple.subject).__name__
    return subject, kind, triple.predicate.value, str(triple.object)
