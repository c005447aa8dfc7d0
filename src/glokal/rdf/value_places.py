"""Where each triple of a JSON-LD or RDF/XML file stands.

The file is parsed once more with a mark behind each value. The parser gives its triples
in the same order, so that the marks of a triple say where the one of the same number
comes from, whatever contexts and striping make of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from glokal.core.namespaces import RDF
from glokal.rdf.marked_json import mark_json
from glokal.rdf.marked_xml import mark_xml
from glokal.rdf.position_markers import Mark, MarkedText, unmarked

_TYPE = RDF + "type"
MARKERS = {ox.RdfFormat.JSON_LD: mark_json, ox.RdfFormat.RDF_XML: mark_xml}


class Ends(NamedTuple):
    """Where the subject and the object of a triple stand in bytes, None if unknown."""

    subject: int | None
    value: int | None


def triple_places(
    data: bytes, fmt: ox.RdfFormat, base: str, triples: Collection[ox.Triple]
) -> Sequence[Ends]:
    """Return the places of the triples of a file, in their order.

    Nothing when the marked text says anything else than the file.
    """
    try:
        marked = MARKERS[fmt](data)
        parsed = [
            quad.triple
            for quad in ox.parse(input=marked.text, format=fmt, base_iri=base)
        ]
    except (ValueError, SyntaxError, RecursionError):
        return ()
    if len(parsed) != len(triples) or not all(map(_alike, parsed, triples)):
        return ()
    return list(_ends(marked, parsed))


def _ends(marked: MarkedText, parsed: Sequence[ox.Triple]) -> Iterator[Ends]:
    types: dict[int, Iterator[int]] = {}
    for triple in parsed:
        subject = _mark(marked, triple.subject)
        value = _mark(marked, triple.object)
        start = value.start if value else None
        if value is None and subject is not None and triple.predicate.value == _TYPE:
            named = iter(marked.types.get(subject.node, ()))
            start = next(types.setdefault(subject.node, named), None)
        node = value.node if value else None
        yield Ends(subject.start if subject else node, start)


def _mark(marked: MarkedText, term: object) -> Mark | None:
    if isinstance(term, ox.Literal):
        return marked.mark_of(term.value) or marked.mark_of(term.language or "")
    return marked.mark_of(str(term))


def _alike(parsed: ox.Triple, given: ox.Triple) -> bool:
    """Whether a triple of the marked text can be that of the text itself."""
    if parsed.predicate != given.predicate:
        return False
    for one, other in ((parsed.subject, given.subject), (parsed.object, given.object)):
        if isinstance(other, ox.NamedNode) and unmarked(str(one)) != str(other):
            return False
        if isinstance(other, ox.BlankNode) and not isinstance(one, ox.BlankNode):
            return False
    return True
