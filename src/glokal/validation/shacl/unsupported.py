"""Leaving out of a shapes graph what no engine can do, as --allow-unsupported asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.errors import UsageError
from glokal.core.namespaces import RDF, SH
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import Term, shorten, text_of
from glokal.rdf.turtle.source_map import Locator
from glokal.validation.property_path import ValuesBySubject, list_members, read_about
from glokal.validation.report import LeftOut
from glokal.validation.shacl.shape_faults import (
    ShapeFault,
    ShapesError,
    fault_place,
    owner_of,
)
from glokal.validation.shacl.shapes_lint import find_faults

ALL = "all"


def usable_shapes(
    files: Sequence[SourceFile], allowed: Iterable[str], lang: str
) -> tuple[list[ox.Triple], tuple[LeftOut, ...]]:
    """Return the triples of shapes without what may be left out, and what that is.

    `allowed` are IRIs, names with a prefix of the shapes, or "all". Raises ShapesError
    for every other fault, UsageError for a name whose prefix the shapes don't have.
    """
    # Two files may say the same; a graph has it once.
    triples = list(dict.fromkeys(t for file in files for t in file.triples))
    about = read_about(triples)
    prefixes = {p: ns for file in files for p, ns in file.prefixes.items()}
    terms = {_iri(name, prefixes) for name in allowed}
    faults = list(find_faults(about))
    left = [f for f in faults if f.term and (ALL in terms or f.term in terms)]
    triples = _without(triples, left)
    # What stood in what was left out is gone with it.
    wrong = list(find_faults(read_about(triples))) if faults else []
    if wrong:
        raise ShapesError.of(wrong, about, lang, files)
    entries = []
    locators = [Locator(file) for file in files]
    for fault in left:
        owner = owner_of(about, fault.node)
        entries.append(
            LeftOut(
                shorten(fault.term, {**prefixes, "sh": SH}),
                shorten(text_of(owner), prefixes) if owner else "",
                fault_place(fault, locators),
            )
        )
    return triples, tuple(entries)


def _iri(name: str, prefixes: Mapping[str, str]) -> str:
    if name == ALL or "://" in name:
        return name
    prefix, colon, local = name.partition(":")
    known = {"sh": SH, **prefixes}
    if not colon or prefix not in known:
        raise UsageError(
            f"--allow-unsupported {name} names no term.",
            remedy="write an IRI, a name with a prefix of the shapes, or all.",
        )
    return known[prefix] + local


def _without(triples: list[ox.Triple], left: Iterable[ShapeFault]) -> list[ox.Triple]:
    removed: dict[tuple[Term, str], list[ShapeFault]] = {}
    for fault in left:
        removed.setdefault((fault.node, fault.predicate), []).append(fault)
    if not removed:
        return triples
    about = read_about(triples)
    remaining: list[ox.Triple] = []
    loose: list[Term] = []
    for t in triples:
        faults = removed.get((_node(t.subject), t.predicate.value), ())
        if not any(_meant(about, fault, _node(t.object)) for fault in faults):
            remaining.append(t)
        elif isinstance(t.object, ox.BlankNode):
            loose.append(t.object)
    # What only the left out spoke of goes too.
    named: Counter[object] = Counter(t.object for t in remaining)
    inside: dict[object, list[ox.Triple]] = {}
    for t in remaining:
        inside.setdefault(t.subject, []).append(t)
    gone: set[object] = set()
    while loose:
        node = loose.pop()
        if named[node] or node in gone:
            continue
        gone.add(node)
        for t in inside.get(node, ()):
            if isinstance(t.object, ox.BlankNode):
                named[t.object] -= 1
                loose.append(t.object)
    return [t for t in remaining if t.subject not in gone]


def _meant(about: ValuesBySubject, fault: ShapeFault, value: Term) -> bool:
    """Whether a value of the property is the one at fault, or a list with it."""
    if fault.form == "undescribed":
        return fault.value in (value, *list_members(about, value))
    return fault.predicate != RDF + "type" or fault.value == value


def _node(term: object) -> Term:
    assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)
    return term
