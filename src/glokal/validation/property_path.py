"""Property paths of shapes (SHACL, section 2.3.1): read, and followed to a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from glokal.core.namespaces import RDF, SH
from glokal.rdf.terms import Term

if TYPE_CHECKING:
    from glokal.rdf.turtle.source_map import PlacedTriple

_REPEATED = ("zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
# A path with more steps than this is taken to go round in circles.
_FAR = 1_000
_DEEPEST = 50
ValuesBySubject = Mapping[Term, Mapping[str, Sequence[Term]]]


@dataclass(frozen=True)
class ShaclPath:
    """A path: a property, or a kind of path (its name in SHACL) with its parts."""

    kind: str
    iri: str = ""
    parts: tuple[ShaclPath, ...] = ()


def read_path(about: ValuesBySubject, term: Term, depth: int = 0) -> ShaclPath | None:
    """Return the path that a node of a shapes graph describes, None when it is none.

    One that goes over `_DEEPEST` levels down, as one that holds itself does, is none.
    """
    if isinstance(term, ox.NamedNode):
        return ShaclPath("property", term.value)
    if depth > _DEEPEST:
        return None
    values = about.get(term, {})
    below = depth + 1
    if RDF + "first" in values:
        parts = [read_path(about, part, below) for part in list_members(about, term)]
        return _whole("sequence", parts)
    for kind in ("inversePath", *_REPEATED):
        for inner in values.get(SH + kind, ()):
            return _whole(kind, [read_path(about, inner, below)])
    for head in values.get(SH + "alternativePath", ()):
        parts = [read_path(about, part, below) for part in list_members(about, head)]
        return _whole("alternativePath", parts)
    return None


def _whole(kind: str, parts: Sequence[ShaclPath | None]) -> ShaclPath | None:
    known = tuple(p for p in parts if p is not None)
    return ShaclPath(kind, parts=known) if len(known) == len(parts) and known else None


def list_members(about: ValuesBySubject, head: Term) -> list[Term]:
    """Return the members of an RDF list; a list that turns on itself ends there."""
    members: list[Term] = []
    seen: set[Term] = set()
    while head not in seen and (values := about.get(head)):
        seen.add(head)
        members += values.get(RDF + "first", ())
        head = next(iter(values.get(RDF + "rest", ())), head)
    return members


def find_step(
    path: ShaclPath,
    start: Term,
    value: Term,
    said: Callable[[Term], Sequence[PlacedTriple]],
) -> PlacedTriple | None:
    """Return the triple by which a path from a node reaches a value.

    `said` gives the triples of a subject. What stands before the value is looked for
    there too, so that an inverse path is found when it is the last step.
    """
    for node, triple in _follow(path, start, value, said):
        if node == value and triple is not None:
            return triple
    return None


def _follow(
    path: ShaclPath,
    start: Term,
    value: Term,
    said: Callable[[Term], Sequence[PlacedTriple]],
) -> Iterator[tuple[Term, PlacedTriple | None]]:
    match path.kind:
        case "property":
            for p in said(start):
                if p.triple.predicate.value == path.iri:
                    assert not isinstance(p.triple.object, ox.Triple)
                    yield p.triple.object, p
        case "inversePath":
            for p in said(value):
                if p.triple.object == start and _is(path.parts[0], p):
                    yield value, p
        case "sequence":
            reached: list[tuple[Term, PlacedTriple | None]] = [(start, None)]
            for part in path.parts:
                reached = [
                    step
                    for node, _ in reached[:_FAR]
                    for step in _follow(part, node, value, said)
                ]
            yield from reached
        case "alternativePath":
            for part in path.parts:
                yield from _follow(part, start, value, said)
        case _:
            seen = {start}
            waiting = [start]
            while waiting and len(seen) < _FAR:
                for node, step in _follow(path.parts[0], waiting.pop(), value, said):
                    yield node, step
                    if node not in seen and path.kind != "zeroOrOnePath":
                        seen.add(node)
                        waiting.append(node)


def _is(path: ShaclPath, placed: PlacedTriple) -> bool:
    return path.kind == "property" and placed.triple.predicate.value == path.iri


def read_about(triples: Iterable[ox.Triple]) -> ValuesBySubject:
    """Return what is said of each node: the values of each property."""
    about: dict[Term, dict[str, list[Term]]] = {}
    for t in triples:
        if not isinstance(t.subject, ox.Triple) and not isinstance(t.object, ox.Triple):
            values = about.setdefault(t.subject, {})
            values.setdefault(t.predicate.value, []).append(t.object)
    return about
