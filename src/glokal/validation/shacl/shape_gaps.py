"""What stands in a shapes graph and asks for nothing: each is a pass in silence.

A word of SHACL in a namespace that is nearly SHACL's, a parameter without the one it
belongs to, a target that names no query.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from glokal.core.namespaces import RDF, SH
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.shacl.shape_faults import Fault

# A parameter that counts only beside one of the others (SHACL, sections 4.4 and 4.7).
# The W3C suite has sh:qualifiedMinCount alone, which asks for nothing there.
_BESIDE = {
    "flags": ("pattern",),
    "ignoredProperties": ("closed",),
    "qualifiedValueShape": ("qualifiedMinCount", "qualifiedMaxCount"),
}
_PLAIN = SH.partition("://")[2].removeprefix("www.").rstrip("#")


def find_gaps(about: ValuesBySubject) -> Iterator[Fault]:
    """Yield each of them, in the order of the shapes."""
    for shape, details in about.items():
        yield from _misplaced(shape, details)
        for word, others in _BESIDE.items():
            if SH + word in details and stands_alone(SH + word, details):
                fields = {
                    "term": f"sh:{word}",
                    "others": " / ".join(f"sh:{other}" for other in others),
                }
                value = details[SH + word][0]
                yield Fault("alone", shape, SH + word, value, fields, SH + word)
        for target in details.get(SH + "target", ()):
            if SH + "select" not in about.get(target, {}):
                iri = SH + "target"
                yield Fault("no-query", shape, iri, target, {"term": "sh:target"}, iri)


def stands_alone(term: str, details: Container[str]) -> bool:
    """Whether a term of SHACL asks for nothing beside the other properties of a shape.

    Both are IRIs.
    """
    others = _BESIDE.get(term.removeprefix(SH), ())
    return bool(others) and not any(SH + other in details for other in others)


def _misplaced(shape: Term, details: Mapping[str, Sequence[Term]]) -> Iterator[Fault]:
    found = [(name, name, values[0]) for name, values in details.items()]
    kinds = details.get(RDF + "type", ())
    found += [(text_of(kind), RDF + "type", kind) for kind in kinds]
    for iri, predicate, value in found:
        plain = iri.partition("://")[2].removeprefix("www.")
        # There are neighbours, such as shacl-test#.
        if plain.startswith((_PLAIN + "#", _PLAIN + "/")) and not iri.startswith(SH):
            fields = {"term": f"<{iri}>", "close": f"<{SH}>"}
            yield Fault("other-namespace", shape, predicate, value, fields, iri)
