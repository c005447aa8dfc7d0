"""Triples in the four formats of the portals, in a fixed order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from glokal.core.characters import NOT_XML, code_point, has_local_name
from glokal.core.errors import InputError
from glokal.core.files.data_files import JSON, JSONLD, NTRIPLES, RDFXML, TURTLE
from glokal.core.namespaces import RDF
from glokal.rdf.canonical import merged_lines
from glokal.rdf.serializers.engine_output import Keep, engine_output, in_blocks
from glokal.rdf.serializers.jsonld import jsonld_of_parts, readable_jsonld
from glokal.rdf.serializers.ordering import Part, by_name, in_parts, indexed_parts
from glokal.rdf.spooled_triples import ntriples
from glokal.rdf.subject_index import SubjectIndex
from glokal.rdf.terms import text_of
from glokal.rdf.turtle.formatter import write_turtle


def _turtle(
    parts: Iterable[Part],
    prefixes: Mapping[str, str],
    head: Iterable[str],
    keep: Keep = list,
) -> Iterator[bytes]:
    """Yield a graph as Turtle; the lines of `head` become comments at the top."""
    used: set[str] = set()
    # What is used is known when all has been written, and stands before it.
    blocks = keep(_blocks(parts, prefixes, used))
    comments = [f"# {line}".rstrip() for line in head]
    top = "\n".join([*comments, *([""] if comments else []), *_by_prefix(used)])
    if top:
        yield top.encode() + b"\n"
    for number, block in enumerate(blocks):
        yield block if top or number else block.removeprefix(b"\n")


def _blocks(
    parts: Iterable[Part], prefixes: Mapping[str, str], used: set[str]
) -> Iterator[bytes]:
    """Yield the parts as Turtle without their prefixes, whose lines go into `used`.

    An empty line stands above each.
    """
    heading = ""
    # What has a label in one part is no node of another.
    numbers = itertools.count(1)
    for part in parts:
        lines = write_turtle(part.triples, prefixes, numbers).split("\n")
        body = next(
            (n for n, line in enumerate(lines) if not line.startswith("@prefix ")), 0
        )
        used.update(lines[:body])
        text = "\n".join(lines[body:]).strip("\n")
        if part.heading != heading:
            heading = part.heading
            text = f"# {heading}\n\n{text}"
        yield f"\n{text}\n".encode()


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
    ordered = sorted(set(triples), key=str if media == NTRIPLES else by_name)
    match media:
        case "text/turtle" if things:
            return b"".join(_turtle(in_parts(ordered, things), prefixes, head))
        case "text/turtle":
            return write_turtle(ordered, prefixes).encode()
        case "application/ld+json":
            return readable_jsonld(ordered, prefixes, things or ":").encode()
    if media == NTRIPLES:
        return ntriples(ordered)
    data = ox.serialize(
        _writable(ordered), format=ox.RdfFormat.RDF_XML, prefixes=dict(prefixes)
    )
    assert data is not None
    return _with_returns(data)


def serialise_indexed(
    index: SubjectIndex,
    media: str,
    prefixes: Mapping[str, str],
    *,
    things: str,
    head: Iterable[str] = (),
) -> Iterable[bytes]:
    """Return the graph of an index as `serialise` has it, some statements at a time.

    A long part of it is written as `ordering.indexed_parts` has it. What has to wait is
    in a temporary file, and MachineError is raised where there is no room for it.
    """
    graph = index.graph
    match media:
        case "text/turtle":
            parts = indexed_parts(index, things)
            return _turtle(parts, prefixes, head, in_blocks)
        case "application/ld+json":
            parts = indexed_parts(index, things)
            return jsonld_of_parts(graph, parts, prefixes, in_blocks)
        case "application/n-triples":
            lines = [ntriples([triple]) for triple in graph.bound]
            return merged_lines([graph.lines, sorted(lines)])
    subjects = sorted(index.subjects(), key=lambda s: (text_of(s), type(s).__name__))
    ordered = (t for s in subjects for t in sorted(index.about([s]), key=by_name))
    xml = engine_output(_writable(ordered), ox.RdfFormat.RDF_XML, prefixes)
    return map(_with_returns, xml)


def _writable(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield triples that RDF/XML can hold; InputError for another one."""
    for triple in triples:
        _refuse_in_xml(triple)
        yield triple


def _with_returns(xml: bytes) -> bytes:
    # A reader of XML takes a carriage return for a line feed, unless it is written so;
    # the writer itself makes none.
    return xml.replace(b"\r", b"&#13;")


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
