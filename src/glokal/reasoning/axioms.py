"""What of a graph is logic: the part that a reasoner needs, and nothing else.

Annotations (labels, definitions, provenance) carry no logic in OWL 2 (Structural
Specification, section 10), and xsd:date and its kin are not in its datatype map
(section 4), so neither is given to the reasoner. Nor is what tells owlready2 to open a
file or an address (owl:imports) or to import a module of Python: data may be a
stranger's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from glokal.core.namespaces import OWL, OWLREADY, RDF, RDFS
from glokal.rdf.terms import text_of

_NO_LOGIC = {RDFS + n for n in ("label", "comment", "seeAlso", "isDefinedBy")}
_NO_LOGIC |= {OWL + n for n in ("versionIRI", "versionInfo", "priorVersion")}
_TYPE = RDF + "type"
_WORDS = (OWL, RDFS, RDF)


def logical_axioms(triples: Collection[ox.Triple]) -> list[ox.Triple]:
    """Return the triples that bear on consistency and entailment, sorted.

    Kept: axioms, types, relations by declared object properties, and the values of
    properties that are keys. Individuals that take part in none of these relations
    (passages, outside records) are left out with their types.
    """
    return sorted(set(logical_part(triples)), key=str)


def logical_part(triples: Collection[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield the same as they come, in three passes and without keeping them."""
    declared = _Declared()
    for t in triples:
        declared.look_at(t)
    telling = declared.objects | declared.keys()
    related: set[object] = set()
    for t in triples:
        if t.predicate.value in telling and not _steers(t):
            related.update((t.subject, t.object))
    for t in triples:
        predicate = t.predicate.value
        if predicate in telling:
            kept = True
        elif predicate == _TYPE and text_of(t.object) in declared.classes:
            kept = t.subject in related
        else:
            kept = predicate.startswith(_WORDS) and _is_axiom(t, declared)
        if kept and not _steers(t):
            yield t


def with_distinct_names(
    triples: Iterable[ox.Triple], classes: Collection[str]
) -> Iterator[ox.Triple]:
    """Yield the triples, then what `distinct_names` makes of them."""
    types: list[ox.Triple] = []
    for t in triples:
        if t.predicate.value == _TYPE and text_of(t.object) in classes:
            types.append(t)
        yield t
    yield from distinct_names(types, classes)


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


class _Declared:
    """What a graph declares: properties of objects, notes, classes, and keys."""

    def __init__(self) -> None:
        self.objects: set[str] = set()
        self.notes: set[str] = set()
        self.classes: set[str] = set()
        self._of_kind = {
            OWL + "ObjectProperty": self.objects,
            OWL + "AnnotationProperty": self.notes,
            OWL + "Class": self.classes,
        }
        self._firsts: dict[object, str] = {}
        self._rests: dict[object, object] = {}
        self._key_lists: list[object] = []

    def look_at(self, triple: ox.Triple) -> None:
        """Take in what a triple declares."""
        predicate = triple.predicate.value
        if not predicate.startswith(_WORDS) or _steers(triple):
            return
        subject, value = triple.subject, triple.object
        if predicate == _TYPE:
            kind = self._of_kind.get(text_of(value))
            if kind is not None:
                kind.add(text_of(subject))
        elif predicate == RDF + "first":
            self._firsts[subject] = text_of(value)
        elif predicate == RDF + "rest":
            self._rests[subject] = value
        elif predicate == OWL + "hasKey":
            self._key_lists.append(value)

    def keys(self) -> set[str]:
        """Return the properties that are keys."""
        results = set()
        for cell in self._key_lists:
            # A list may lack its end, or lead back into itself.
            seen: set[object] = set()
            while cell in self._firsts and cell not in seen:
                seen.add(cell)
                results.add(self._firsts[cell])
                cell = self._rests.get(cell)
        return results


def _steers(triple: ox.Triple) -> bool:
    """Whether a triple would make owlready2 load something else."""
    return triple.predicate.value == OWL + "imports" or any(
        text_of(term).startswith(OWLREADY)
        for term in (triple.subject, triple.predicate, triple.object)
    )


def _is_axiom(triple: ox.Triple, declared: _Declared) -> bool:
    predicate = triple.predicate.value
    if predicate in _NO_LOGIC or text_of(triple.subject) in declared.notes:
        return False
    if predicate == _TYPE:
        kind = text_of(triple.object)
        return kind.startswith(_WORDS) and kind not in declared.classes
    return predicate.startswith(_WORDS)


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
