"""XML that a parser of RDF/XML would read wrongly in silence, or without end."""

from __future__ import annotations

import os
from typing import IO
from xml.parsers import expat

from glokal.core.errors import InputError, Place

# An RDF/XML parser slows down with the square of the depth; real files have under ten.
MAX_DEPTH = 500
_SMALL = 1 << 20


def check_xml(file: IO[bytes], name: str) -> None:
    """Refuse what RDF/XML parsers pass over: cut-off ends, deep nests, entity bombs.

    An entity is a plain text of the file's own; all of them together may make the file
    ten times as long. Raises SyntaxError for what is no XML, InputError for the others;
    `name` is what the file is called.
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
            raise _in_xml(name, parser, f"Elements are nested over {MAX_DEPTH} deep")

    def leave(_: str) -> None:
        nonlocal depth
        depth -= 1

    def take(text: str) -> None:
        nonlocal most
        most -= len(text)
        if most < 0:
            raise _in_xml(name, parser, "Entities make the file over ten times as long")

    def declare(own: str, _parameter: bool, value: str | None, *_: object) -> None:
        entities.append(own)
        parser.CharacterDataHandler = take
        if value is None or "&" in value:
            what = f"The entity {own} is defined by another one or by another file"
            raise _in_xml(name, parser, what)

    entities: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    parser.EntityDeclHandler = declare
    try:
        parser.ParseFile(file)
    except expat.ExpatError as error:
        wrong = SyntaxError(expat.ErrorString(error.code))
        wrong.lineno, wrong.offset = error.lineno, error.offset + 1
        raise wrong from error


def _in_xml(name: str, parser: expat.XMLParserType, what: str) -> InputError:
    place = Place(name, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
    return InputError(
        f"{what}.", remedy="write the data as Turtle, or plainer.", place=place
    )
