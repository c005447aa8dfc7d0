"""Reading RDF in any format, from files that nobody has looked at before.

By pyoxigraph, triple by triple.
What its parsers would read wrongly in silence, or without end, is refused before.
"""

from __future__ import annotations

import codecs
import io
import json
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pyoxigraph as ox

from glokal.core.errors import InputError, Place, SourceError
from glokal.rdf.error_position import place_of
from glokal.rdf.rdf_input import RdfInput, head_of
from glokal.rdf.source_files import read_text
from glokal.rdf.xml_limits import check_xml

# What stands in every text with a triple term or a direction (RDF 1.2, Turtle).
_NEWER = (b"<<", b"--")
_PAGE = "fetch the data itself, not the page about it."
_XML = (ox.RdfFormat.RDF_XML,)
_BRACE = (ox.RdfFormat.JSON_LD, ox.RdfFormat.TRIG)
_TURTLES = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N3)
# How a file begins, what that looks like, the formats in which it is right, the remedy.
_LOOKS_LIKE = (
    (b"\x1f\x8b", "a gzip archive", (), "give it the ending .gz behind its own."),
    (b"pk\x03\x04", "a zip archive or a workbook", (), "unpack or export it first."),
    (b"%pdf", "a PDF", (), "name a file with RDF in it."),
    (b"<!doctype html", "a web page", (), _PAGE),
    (b"<html", "a web page", (), _PAGE),
    (b"<?xml", "RDF/XML", _XML, "give it the ending .rdf."),
    (b"<rdf:rdf", "RDF/XML", _XML, "give it the ending .rdf."),
    (b"{", "JSON-LD", _BRACE, "give it the ending .jsonld."),
    (b"@prefix", "Turtle", _TURTLES, "give it the ending .ttl."),
)


def read_triples(source: RdfInput, prefixes: dict[str, str]) -> Iterator[ox.Triple]:
    """Yield the triples of an input, named graphs read as one; put its prefixes aside.

    Blank nodes get names of their own. A JSON-LD file that is a context and nothing
    else holds none. Raises InputError with the place of what is wrong in it.
    """
    fmt, path = source.format, source.path
    count = 0
    with _explaining(source):
        parser = _parser(source)
        if fmt == ox.RdfFormat.RDF_XML:
            with path.open("rb") as file:
                check_xml(file, source.name)
        for quad in parser:
            value = quad.object
            if not isinstance(value, ox.NamedNode):
                _refuse_newer(value, source)
            if fmt == ox.RdfFormat.N3:
                _refuse_formula(quad, source)
            count += 1
            yield quad.triple
    if not count and fmt == ox.RdfFormat.JSON_LD and not is_context(path):
        raise InputError(
            "The JSON-LD contains no triples.",
            remedy="see that an @context in the file says what its keys mean.",
            place=Place(source.name),
        )
    prefixes.update(parser.prefixes)


def copy_triples(source: RdfInput, prefixes: dict[str, str], out: BinaryIO) -> None:
    """Write the triples of an input as N-Triples; all else as `read_triples`.

    Where nothing has to be looked at, which is most of Turtle, no triple comes to
    Python; that takes two thirds of the time.
    """
    if not _is_plain(source):
        ox.serialize(read_triples(source, prefixes), out, ox.RdfFormat.N_TRIPLES)
        return
    try:
        with _explaining(source):
            parser = _parser(source)
            file = cast("IO[bytes]", _Written(out))
            ox.serialize(parser, file, ox.RdfFormat.N_TRIPLES)
    except _NotWrittenError as error:
        raise error.reason from error
    prefixes.update(parser.prefixes)


class _NotWrittenError(Exception):
    """What was read can't be written: that is no fault of the file that is read."""

    def __init__(self, reason: OSError) -> None:
        self.reason = reason


class _Written(io.RawIOBase):
    """A file that tells its own errors from those of the file that is read."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, part: Any) -> int:
        try:
            return self._out.write(part)
        except OSError as error:
            raise _NotWrittenError(error) from error


def _is_plain(source: RdfInput) -> bool:
    """Whether a file is Turtle without anything that only RDF 1.2 has.

    A triple term begins with <<, a direction with two hyphens behind a language.
    """
    if source.format not in (ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES):
        return False
    if source.path.stat().st_size == 0:
        return True
    with (
        source.path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        return all(text.find(sign) < 0 for sign in _NEWER)


def _parser(source: RdfInput) -> ox.QuadParser:
    _refuse_mark(source)
    return ox.parse(
        path=str(source.path),
        format=source.format,
        base_iri=source.base,
        rename_blank_nodes=True,
    )


@contextmanager
def _explaining(source: RdfInput) -> Iterator[None]:
    """Raise what a parser raises as an InputError with its place."""
    try:
        yield
    except SyntaxError as error:
        raise _explained(error, source) from error
    except MemoryError as error:
        # The parser holds a term, a string or a line whole, up to a limit of its own.
        raise InputError(
            "Something in the file is longer than 16 MB by itself.",
            remedy="shorten the text, or divide the line.",
            place=Place(source.name),
        ) from error
    except OSError as error:
        raise InputError(
            f"The file can't be read: {error.strerror}.", place=Place(source.name)
        ) from error


def is_context(path: Path) -> bool:
    """Whether a file is JSON that holds an @context and nothing else."""
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and list(value) == ["@context"]


def _refuse_formula(quad: ox.Quad, source: RdfInput) -> None:
    """Refuse a formula of N3: it would be read as if what it holds were said."""
    if isinstance(quad.graph_name, ox.DefaultGraph):
        return
    raise InputError(
        "The N3 file holds a formula or a rule ({ … }), which is no RDF.",
        remedy="leave it out, or write the data as Turtle.",
        place=Place(source.name),
    )


def _refuse_newer(value: object, source: RdfInput) -> None:
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
        place=Place(source.name),
    )


def _refuse_mark(source: RdfInput) -> None:
    head = head_of(source.path)
    if head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(
            "The file begins with a byte-order mark.",
            remedy="save it as UTF-8 without a byte-order mark.",
            place=Place(source.name, 1, 1),
        )


def _explained(error: SyntaxError, source: RdfInput) -> InputError:
    text, fmt, name = str(error.msg), source.format, source.name
    head = head_of(source.path)
    for sign, looks, right, remedy in _LOOKS_LIKE:
        if head.lstrip().lower().startswith(sign) and fmt not in right:
            ending = Path(source.name).suffix if source.origin else source.ending
            return InputError(
                f"The file ends in {ending}, but looks like {looks}.",
                remedy=remedy,
                place=Place(name, 1, 1),
            )
    if b"\x00" in head:
        what, remedy = "The file is not text.", "name a file with RDF in it."
        return InputError(what, remedy=remedy, place=Place(name, 1, 1))
    if "LoadDocumentCallback" in text:
        return InputError(
            "The JSON-LD names an @context on the network, which is never fetched.",
            remedy="put the context itself into the file.",
            place=Place(name),
        )
    if "UTF-8" in text:
        try:
            read_text(source.path, name)
        except SourceError as found:
            return InputError(found.what, remedy=found.remedy, place=found.place)
    line, column = error.lineno, error.offset
    if fmt in _TURTLES:
        line, column = place_of(
            error, source.path.read_bytes().decode(errors="replace")
        )
    return InputError(
        f"{fmt.name} syntax error: {text.partition(': ')[2] or text}".rstrip(".") + ".",
        remedy="fix the text there, or just before.",
        place=Place(name, line, column),
    )
