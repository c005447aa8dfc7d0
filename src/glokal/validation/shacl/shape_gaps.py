"""What stands in a shapes graph and asks for nothing: each is a pass in silence.

A word of SHACL in a namespace that is nearly SHACL's, a parameter without the one it
belongs to, or in a node shape where only property shapes have it, a target that names
no query, a list or a text where a shape should stand, a component without a validator.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.namespaces import RDF, SH
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import (
    ValuesBySubject,
    list_members,
    read_path,
)
from glokal.validation.shacl.shape_faults import ShapeFault

# A parameter that counts only beside one of the others (SHACL, sections 4.4 and 4.7).
# The W3C suite has sh:qualifiedMinCount alone, which asks for nothing there.
_BESIDE = {
    "flags": ("pattern",),
    "ignoredProperties": ("closed",),
    "qualifiedValueShape": ("qualifiedMinCount", "qualifiedMaxCount"),
}
# What node shapes can't have (SHACL, sections 4.2, 4.4.5, 4.5.3 and 4.5.4). What counts
# by a qualified shape is another matter: the W3C suite has it there, and finds nothing.
_NEEDS_PATH = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")
_TO_SHAPES = ("property", "node", "not", "qualifiedValueShape")
_TO_LISTS = ("and", "or", "xone")
_NIL = ox.NamedNode(RDF + "nil")
_PLAIN = SH.partition("://")[2].removeprefix("www.").rstrip("#")


def find_gaps(about: ValuesBySubject) -> Iterator[ShapeFault]:
    """Yield each of them, in the order of the shapes."""
    properties = {v for said in about.values() for v in said.get(SH + "property", ())}
    kind = ox.NamedNode(SH + "PropertyShape")
    for shape, details in about.items():
        yield from _misplaced(shape, details)
        yield from _no_shapes(about, shape, details)
        # A property shape without a path is told of as such.
        is_property = shape in properties or kind in details.get(RDF + "type", ())
        if SH + "path" not in details and not is_property:
            for word in _NEEDS_PATH:
                for value in details.get(SH + word, ()):
                    iri = SH + word
                    fields = {"term": f"sh:{word}"}
                    yield ShapeFault("needs-path", shape, iri, value, fields, iri)
        for word, others in _BESIDE.items():
            if SH + word in details and stands_alone(SH + word, details):
                fields = {
                    "term": f"sh:{word}",
                    "others": " / ".join(f"sh:{other}" for other in others),
                }
                value = details[SH + word][0]
                yield ShapeFault("alone", shape, SH + word, value, fields, SH + word)
        for target in details.get(SH + "target", ()):
            if SH + "select" not in about.get(target, {}):
                iri = SH + "target"
                yield ShapeFault(
                    "no-query", shape, iri, target, {"term": "sh:target"}, iri
                )


def stands_alone(term: str, details: Container[str]) -> bool:
    """Whether a term of SHACL asks for nothing beside the other properties of a shape.

    Both are IRIs.
    """
    others = _BESIDE.get(term.removeprefix(SH), ())
    return bool(others) and not any(SH + other in details for other in others)


def is_whole_list(about: ValuesBySubject, head: Term) -> bool:
    """Whether a node is a list of RDF with one member and one rest at each step."""
    seen: set[Term] = set()
    while head != _NIL:
        details = about.get(head, {})
        rests = details.get(RDF + "rest", ())
        if head in seen or len(rests) != 1 or len(details.get(RDF + "first", ())) != 1:
            return False
        seen.add(head)
        head = rests[0]
    return True


def is_path(about: ValuesBySubject, term: Term) -> bool:
    """Whether a node is a well-formed path: lists whole, and of two members or more.

    SHACL, sections 2.3.1.1 to 2.3.1.7.
    """
    if isinstance(term, ox.NamedNode):
        return term != _NIL
    if read_path(about, term) is None:
        return False
    waiting = [term]
    while waiting:
        node = waiting.pop()
        details = about.get(node, {})
        # The W3C suite has paths that are a list and more; then it is the list.
        steps: list[Term] = []
        heads: list[Term] = [node] if RDF + "first" in details else []
        if not heads:
            steps += (v for word in _STEPS for v in details.get(SH + word, ()))
            heads += details.get(SH + "alternativePath", ())
        for head in heads:
            if not is_whole_list(about, head) or len(list_members(about, head)) < 2:
                return False
            steps += list_members(about, head)
        if _NIL in steps:
            return False
        waiting += [step for step in steps if isinstance(step, ox.BlankNode)]
    return True


_STEPS = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")


def _no_shapes(
    about: ValuesBySubject, shape: Term, details: Mapping[str, Sequence[Term]]
) -> Iterator[ShapeFault]:
    """Yield what stands in a shape where another should, and is a list or a text.

    To such a node everything conforms.
    """
    for word in (*_TO_SHAPES, *_TO_LISTS):
        for value in details.get(SH + word, ()):
            parts = list_members(about, value) if word in _TO_LISTS else [value]
            if any(
                isinstance(part, ox.Literal)
                or part == _NIL
                or RDF + "first" in about.get(part, {})
                for part in parts
            ):
                yield ShapeFault(
                    "no-shape", shape, SH + word, value, {"term": f"sh:{word}"}
                )


def _misplaced(
    shape: Term, details: Mapping[str, Sequence[Term]]
) -> Iterator[ShapeFault]:
    found = [(name, name, values[0]) for name, values in details.items()]
    kinds = details.get(RDF + "type", ())
    found += [(text_of(kind), RDF + "type", kind) for kind in kinds]
    for iri, predicate, value in found:
        plain = iri.partition("://")[2].removeprefix("www.")
        # There are neighbours, such as shacl-test#.
        if plain.startswith((_PLAIN + "#", _PLAIN + "/")) and not iri.startswith(SH):
            fields = {"term": f"<{iri}>", "close": f"<{SH}>"}
            yield ShapeFault("other-namespace", shape, predicate, value, fields, iri)
