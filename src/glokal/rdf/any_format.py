"""Reading RDF in any format, from files that nobody has looked at before.

Turtle, N-Triples, JSON-LD, RDF/XML, TriG and N-Quads by pyoxigraph, triple by triple.
What its parsers would read wrongly in silence, or without end, is refused before.
"""

from __future__ import annotations

import codecs
import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.parsers import expat

import pyoxigraph as ox

from glokal.core.errors import InputError, Place, SourceError, UsageError
from glokal.core.files.bounded_read import as_input, size_of
from glokal.core.files.file_names import meant_ending
from glokal.core.files.folder_walk import Contents, walk_folder
from glokal.rdf.error_position import place_of
from glokal.rdf.source_files import read_text

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
}
ENDINGS = ", ".join(FORMATS)
# An RDF/XML parser slows down with the square of the depth; real files have under ten.
MAX_DEPTH = 500
_SMALL = 1 << 20
_PAGE = "fetch the data itself, not the page about it."
_XML = (ox.RdfFormat.RDF_XML,)
_BRACE = (ox.RdfFormat.JSON_LD, ox.RdfFormat.TRIG)
_TURTLES = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)
# How a file begins, what that looks like, the formats in which it is right, the remedy.
_LOOKS_LIKE = (
    (b"\x1f\x8b", "a gzip archive", (), "unpack it first."),
    (b"pk\x03\x04", "a zip archive or a workbook", (), "unpack or export it first."),
    (b"%pdf", "a PDF", (), "name a file with RDF in it."),
    (b"<!doctype html", "a web page", (), _PAGE),
    (b"<html", "a web page", (), _PAGE),
    (b"<?xml", "RDF/XML", _XML, "give it the ending .rdf."),
    (b"<rdf:rdf", "RDF/XML", _XML, "give it the ending .rdf."),
    (b"{", "JSON-LD", _BRACE, "give it the ending .jsonld."),
    (b"@prefix", "Turtle", _TURTLES, "give it the ending .ttl."),
)


def format_of(path: Path) -> ox.RdfFormat:
    """Return the format that a file's ending tells; UsageError for another ending."""
    result = FORMATS.get(path.suffix.lower())
    if result is None:
        raise UsageError(
            f"{path} has an unknown ending.",
            remedy=f"name a file that ends in {ENDINGS}.",
        )
    return result


def rdf_files(folder: Path) -> Contents:
    """Return the files of a folder and of those below it that have a known ending.

    A link is followed when it leads to something in the folder. Raises InputError for
    the first thing that can't be taken, or was meant to be read: a file such as
    `x.ttl.txt`, but not `x.ttl.sha256` beside `x.ttl`.
    """
    with as_input():
        contents = walk_folder(folder, str(folder), folder, portable=False)
        for error in contents.wrong:
            raise error
    known = [f for f in contents.files if f.path.suffix.lower() in FORMATS]
    names = {file.name for file in known}
    for file in contents.files:
        if file.name in names or file.name.rpartition(".")[0] in names:
            continue
        meant = meant_ending(file.path.name, FORMATS, ())
        if meant:
            raise InputError(
                f"The name of the file does not end in {meant}, so it would not be "
                "read.",
                remedy=f"save it as it should be under a name that ends in {meant}, or "
                "take it away.",
                place=Place(file.name),
            )
    return dataclasses.replace(contents, files=known)


def read_triples(path: Path, prefixes: dict[str, str]) -> Iterator[ox.Triple]:
    """Yield the triples of a file, named graphs read as one; put its prefixes aside.

    Blank nodes get names of their own. Raises UsageError for an unknown ending or an
    unreadable file, InputError with the place of what is wrong in it.
    """
    fmt = format_of(path)
    with as_input():
        size_of(path, str(path))
    _refuse_mark(path)
    if fmt == ox.RdfFormat.RDF_XML:
        with path.open("rb") as file:
            check_xml(file, path)
    count = 0
    parser = ox.parse(
        path=str(path),
        format=fmt,
        base_iri=path.resolve().as_uri(),
        rename_blank_nodes=True,
    )
    try:
        for quad in parser:
            value = quad.object
            if not isinstance(value, ox.NamedNode):
                _refuse_newer(value, path)
            count += 1
            yield quad.triple
    except SyntaxError as error:
        raise _explained(error, path, fmt) from error
    except MemoryError as error:
        # The parser holds a term, a string or a line whole, up to a limit of its own.
        raise InputError(
            "Something in the file is longer than 16 MB by itself.",
            remedy="shorten the text, or divide the line.",
            place=Place(str(path)),
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if not count and fmt == ox.RdfFormat.JSON_LD:
        raise InputError(
            "The JSON-LD contains no triples.",
            remedy="see that an @context in the file says what its keys mean.",
            place=Place(str(path)),
        )
    prefixes.update(parser.prefixes)


def _refuse_newer(value: object, path: Path) -> None:
    """Refuse what RDF 1.2 has and SHACL 1.0, or an engine, would pass over."""
    if isinstance(value, ox.Triple):
        what = "A triple term of RDF 1.2 stands"
    elif isinstance(value, ox.Literal) and value.direction is not None:
        what = "A text with a direction (RDF 1.2) stands"
    else:
        return
    raise InputError(
        f"{what} in the file.",
        remedy="leave it out; SHACL 1.0 has no word for it.",
        place=Place(str(path)),
    )


def _unreadable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path} can't be read: {error.strerror}.")


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(512)
    except OSError as error:
        raise _unreadable(path, error) from error


def _refuse_mark(path: Path) -> None:
    head = _head(path)
    if head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(
            "The file begins with a byte-order mark.",
            remedy="save it as UTF-8 without a byte-order mark.",
            place=Place(str(path), 1, 1),
        )


def check_xml(file: IO[bytes], path: Path) -> None:
    """Refuse what RDF/XML parsers pass over: cut-off ends, deep nests, entity bombs.

    An entity is a plain text of the file's own; all of them together may make the file
    ten times as long. Raises InputError with the place in `path`.
    """
    depth = 0
    most = 10 * file.seek(0, os.SEEK_END) + _SMALL
    file.seek(0)

    def enter(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if entities:
            take("".join(attributes.values()))
        if depth > MAX_DEPTH:
            raise _in_xml(path, parser, f"Elements are nested over {MAX_DEPTH} deep")

    def leave(_: str) -> None:
        nonlocal depth
        depth -= 1

    def take(text: str) -> None:
        nonlocal most
        most -= len(text)
        if most < 0:
            raise _in_xml(path, parser, "Entities make the file over ten times as long")

    def declare(name: str, _parameter: bool, value: str | None, *_: object) -> None:
        entities.append(name)
        parser.CharacterDataHandler = take
        if value is None or "&" in value:
            what = f"The entity {name} is defined by another one or by another file"
            raise _in_xml(path, parser, what)

    entities: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    parser.EntityDeclHandler = declare
    try:
        parser.ParseFile(file)
    except expat.ExpatError as error:
        syntax_error = SyntaxError(expat.ErrorString(error.code))
        syntax_error.lineno, syntax_error.offset = error.lineno, error.offset + 1
        raise _explained(syntax_error, path, ox.RdfFormat.RDF_XML) from error


def _in_xml(path: Path, parser: expat.XMLParserType, what: str) -> InputError:
    place = Place(str(path), parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
    return InputError(
        f"{what}.", remedy="write the data as Turtle, or plainer.", place=place
    )


def _explained(error: SyntaxError, path: Path, fmt: ox.RdfFormat) -> InputError:
    text = str(error.msg)
    head = _head(path)
    for sign, looks, right, remedy in _LOOKS_LIKE:
        if head.lstrip().lower().startswith(sign) and fmt not in right:
            return InputError(
                f"The file ends in {path.suffix}, but looks like {looks}.",
                remedy=remedy,
                place=Place(str(path), 1, 1),
            )
    if b"\x00" in head:
        what, remedy = "The file is not text.", "name a file with RDF in it."
        return InputError(what, remedy=remedy, place=Place(str(path), 1, 1))
    if "LoadDocumentCallback" in text:
        return InputError(
            "The JSON-LD names an @context on the network, which is never fetched.",
            remedy="put the context itself into the file.",
            place=Place(str(path)),
        )
    if "UTF-8" in text:
        try:
            read_text(path, str(path))
        except SourceError as found:
            return InputError(found.what, remedy=found.remedy, place=found.place)
    line, column = error.lineno, error.offset
    if fmt in _TURTLES:
        line, column = place_of(error, path.read_bytes().decode(errors="replace"))
    return InputError(
        f"{fmt.name} syntax error: {text.partition(': ')[2] or text}".rstrip(".") + ".",
        remedy="fix the text there, or just before.",
        place=Place(str(path), line, column),
    )
