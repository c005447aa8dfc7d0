"""An RDF/XML text with a mark behind each value.

expat tells the elements and their attributes; which of them are nodes and which are
properties follows from how they lie in each other (RDF/XML, section 2.2). What they
mean is left to the parser of RDF/XML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from glokal.core.namespaces import RDF
from glokal.rdf.position_markers import MarkedText

_SUBJECTS = (RDF + "about", RDF + "ID", RDF + "nodeID")
_OBJECTS = (RDF + "resource", RDF + "nodeID")
_SILENT = frozenset(RDF + word for word in ("datatype", "parseType", "bagID", "ID"))
_XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
# An attribute of a start tag that expat has read: its name, and where its value is.
_ATTRIBUTE = re.compile(rb"""([^\s=<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass
class _Element:
    start: int
    # What its children are: "node", "property", or "" for what is no RDF.
    holds: str
    node: int
    # Where its text begins; None when it has no text of its own.
    text: int | None


def mark_xml(data: bytes) -> MarkedText:
    """Return RDF/XML with marks; ValueError for what is no XML, or UTF-16."""
    if b"\x00" in data:
        raise ValueError("the marks are ASCII")
    result = _Marker(data).result
    return result.finish(data)


class _Marker:
    def __init__(self, data: bytes) -> None:
        self.data, self.result = data, MarkedText()
        self.open: list[_Element] = []
        parser = self.parser = expat.ParserCreate(namespace_separator=" ")
        parser.ordered_attributes = parser.specified_attributes = True
        parser.StartElementHandler = self._enter
        parser.EndElementHandler = self._leave
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from error

    def _enter(self, name: str, attributes: list[str]) -> None:
        start = self.parser.CurrentByteIndex
        above = self.open[-1] if self.open else None
        if above is not None:
            above.text = None
        role = "node" if above is None else above.holds
        names = [_iri(a) for a in attributes[::2]]
        end = _end_of_tag(self.data, start)
        if role == "" or (above is None and _iri(name) == RDF + "RDF"):
            holds = "node" if role else ""
            self.open.append(_Element(start, holds, start, None))
        elif role == "node":
            if _iri(name) != RDF + "Description":
                self.result.types.setdefault(start, []).append(start + 1)
            self._attributes(start, end, start, names, _SUBJECTS)
            self.open.append(_Element(start, "property", start, None))
        else:
            assert above is not None
            self._attributes(start, end, above.node, names, _OBJECTS)
            kind = dict(zip(names, attributes[1::2], strict=True)).get(
                RDF + "parseType"
            )
            holds = {None: "node", "Collection": "node", "Resource": "property"}.get(
                kind, ""
            )
            whole = self.data[end - 2 : end] == b"/>"
            # What an attribute says already can't be said by a text.
            plain = kind is None and not whole and not _said(names)
            node = start if kind == "Resource" else above.node
            self.open.append(_Element(start, holds, node, end if plain else None))

    def _leave(self, _name: str) -> None:
        element = self.open.pop()
        if element.text is None:
            return
        end = self.parser.CurrentByteIndex
        text = self.data[element.text : end]
        start = element.text + len(text) - len(text.lstrip())
        self.result.put(start if text.strip() else element.text, element.node, end)

    def _attributes(
        self, start: int, end: int, node: int, names: list[str], own: tuple[str, ...]
    ) -> None:
        # The name of the element is no attribute.
        tag = self.data[start:end]
        found = [m for m in _ATTRIBUTE.finditer(tag) if not m[1].startswith(b"xmlns")]
        if len(found) != len(names):
            return
        for name, match in zip(names, found, strict=True):
            if name in own or not _passive(name):
                group = 2 if match[2] is not None else 3
                self.result.put(
                    start + match.start(group), node, start + match.end(group)
                )


def _said(names: list[str]) -> bool:
    return any(name in _OBJECTS or not _passive(name) for name in names)


def _passive(name: str) -> bool:
    """Whether an attribute says nothing by itself: it is no property."""
    words = (*_SUBJECTS, *_OBJECTS)
    return name in _SILENT or name in words or name.startswith(_XML_NAMESPACE)


def _iri(name: str) -> str:
    return name.replace(" ", "", 1)


def _end_of_tag(data: bytes, start: int) -> int:
    """Return where a start tag ends; > may stand in the value of an attribute."""
    quote = 0
    for at in range(start, len(data)):
        sign = data[at]
        if quote:
            quote = 0 if sign == quote else quote
        elif sign in b"\"'":
            quote = sign
        elif sign == 0x3E:
            return at + 1
    return len(data)
