"""What of a graph is logic: the part that a reasoner needs, and nothing else.

Annotations (labels, definitions, provenance) carry no logic in OWL 2 (Structural
Specification, section 10), and xsd:date and its kin are not in its datatype map
(section 4), so neither is given to the reasoner. Nor is what tells owlready2 to open a
file or an address (owl:imports) or to import a module of Python: data may be a
stranger's.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from glokal.core.namespaces import OWL, OWLREADY, RDF, RDFS
from glokal.rdf.terms import text_of

_NO_LOGIC = {RDFS + n for n in ("label", "comment", "seeAlso", "isDefinedBy")}
_NO_LOGIC |= {OWL + n for n in ("versionIRI", "versionInfo", "priorVersion")}
_TYPE = RDF + "type"


def logical_axioms(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return the triples that bear on consistency and entailment, sorted.

    Kept: axioms, types, relations by declared object properties, and the values of
    properties that are keys. Individuals that take part in none of these relations
    (passages, outside records) are left out with their types.
    """
    given = [t for t in triples if not _steers(t)]
    objects = _declared(given, "ObjectProperty")
    notes = _declared(given, "AnnotationProperty")
    classes = _declared(given, "Class")
    keys = _keys(given)
    axioms = [t for t in given if _is_axiom(t, classes, notes)]
    relations = [
        t for t in given if t.predicate.value in objects or t.predicate.value in keys
    ]
    related = {t.subject for t in relations} | {t.object for t in relations}
    types = [
        t
        for t in given
        if t.predicate.value == _TYPE
        and text_of(t.object) in classes
        and t.subject in related
    ]
    return sorted({*axioms, *relations, *types}, key=str)


def distinct_names(
    triples: Iterable[ox.Triple], classes: Iterable[str]
) -> list[ox.Triple]:
    """Return an owl:AllDifferent over the individuals of each of the classes."""
    members: dict[str, set[ox.NamedNode]] = {c: set() for c in classes}
    for t in triples:
        if t.predicate.value == _TYPE and isinstance(t.subject, ox.NamedNode):
            members.get(text_of(t.object), set()).add(t.subject)
    out: list[ox.Triple] = []
    for number, named in enumerate(members.values()):
        if len(named) > 1:
            out += _all_different(sorted(named, key=str), f"different{number}")
    return out


def _declared(triples: list[ox.Triple], kind: str) -> set[str]:
    return {
        text_of(t.subject)
        for t in triples
        if t.predicate.value == _TYPE and text_of(t.object) == OWL + kind
    }


def _steers(triple: ox.Triple) -> bool:
    """Whether a triple would make owlready2 load something else."""
    return triple.predicate.value == OWL + "imports" or any(
        text_of(term).startswith(OWLREADY)
        for term in (triple.subject, triple.predicate, triple.object)
    )


def _is_axiom(triple: ox.Triple, classes: set[str], notes: set[str]) -> bool:
    predicate = triple.predicate.value
    if predicate in _NO_LOGIC or text_of(triple.subject) in notes:
        return False
    if predicate == _TYPE:
        kind = text_of(triple.object)
        return kind.startswith((OWL, RDFS, RDF)) and kind not in classes
    return predicate.startswith((OWL, RDFS, RDF))


def _keys(triples: list[ox.Triple]) -> set[str]:
    rests: dict[object, object] = {
        t.subject: t.object for t in triples if t.predicate.value == RDF + "rest"
    }
    firsts: dict[object, str] = {
        t.subject: text_of(t.object)
        for t in triples
        if t.predicate.value == RDF + "first"
    }
    results = set()
    for t in triples:
        if t.predicate.value == OWL + "hasKey":
            cell: object = t.object
            # A list may lack its end, or lead back into itself.
            seen: set[object] = set()
            while cell in firsts and cell not in seen:
                seen.add(cell)
                results.add(firsts[cell])
                cell = rests.get(cell)
    return results


def _all_different(named: list[ox.NamedNode], label: str) -> list[ox.Triple]:
    node = ox.BlankNode(label)
    cells = [ox.BlankNode(f"{label}x{n}") for n in range(len(named))]
    nil = ox.NamedNode(RDF + "nil")
    out = [
        ox.Triple(node, ox.NamedNode(_TYPE), ox.NamedNode(OWL + "AllDifferent")),
        ox.Triple(node, ox.NamedNode(OWL + "distinctMembers"), cells[0]),
    ]
    following: list[ox.BlankNode | ox.NamedNode] = [*cells[1:], nil]
    for member, cell, rest in zip(named, cells, following, strict=True):
        out.append(ox.Triple(cell, ox.NamedNode(RDF + "first"), member))
        out.append(ox.Triple(cell, ox.NamedNode(RDF + "rest"), rest))
    return out
