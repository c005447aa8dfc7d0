"""The parts of a dump, in the order of reading: headers, things by kind, lists, words.

A part holds whole subjects; blank nodes go with the subject that they hang on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.namespaces import CODE, GLO, OWL, RDF
from glokal.rdf.terms import Term, text_of

_PROPERTIES = {
    OWL + name for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
}
_HEADERS, _THINGS, _LISTS, _CLASSES, _WORDS, _OUTSIDE, _OTHERS, _AXIOMS = range(8)
_HEADINGS = {
    _HEADERS: "",
    _CLASSES: "classes",
    _WORDS: "properties",
    _OUTSIDE: "words of other vocabularies",
    _OTHERS: "terms and pages of others",
    _AXIOMS: "axioms",
}


@dataclass(frozen=True)
class Part:
    """Some subjects of a graph under a heading, "" for none."""

    heading: str
    triples: tuple[ox.Triple, ...]


def in_parts(triples: Iterable[ox.Triple], things: str) -> list[Part]:
    """Return a graph in parts; `things` is the namespace of its things.

    Triples keep their order. A blank node that several parts use would tear them
    apart, so that such a graph is one part.
    """
    ordered = list(triples)
    types: dict[Term, set[str]] = defaultdict(set)
    parents: dict[Term, list[Term]] = defaultdict(list)
    for t in ordered:
        subject = _term(t.subject)
        if t.predicate.value == RDF + "type":
            types[subject].add(text_of(t.object))
        if isinstance(t.object, ox.BlankNode):
            parents[t.object].append(subject)
    keys = {
        term: {_key(r, types[r], things) for r in _roots(term, parents)}
        for term in (*parents, *(_term(t.subject) for t in ordered))
    }
    if any(len(result) > 1 for result in keys.values()):
        return [Part("", tuple(ordered))]
    parts: dict[tuple[int, str], list[ox.Triple]] = defaultdict(list)
    for t in ordered:
        (key,) = keys[_term(t.subject)]
        parts[key].append(t)
    return [
        Part(_HEADINGS.get(rank, name), tuple(result))
        for (rank, name), result in sorted(parts.items(), key=lambda p: p[0])
    ]


def _roots(term: Term, parents: dict[Term, list[Term]]) -> set[Term]:
    """Return what a term hangs on; itself when it hangs on nothing, or on itself."""
    seen, waiting, roots = {term}, [term], set()
    while waiting:
        result = waiting.pop()
        above = parents.get(result, [])
        if not above:
            roots.add(result)
        waiting += [a for a in above if a not in seen]
        seen.update(above)
    return roots or {term}


def _key(root: Term, types: set[str], things: str) -> tuple[int, str]:
    if isinstance(root, ox.BlankNode):
        return _AXIOMS, ""
    iri = text_of(root)
    if OWL + "Ontology" in types:
        # The ontology itself goes before its modules, whose IRIs begin with its own.
        return _HEADERS, "" if iri == GLO.rstrip("#") else iri
    if iri.startswith(things):
        return _THINGS, iri.removeprefix(things).partition("/")[0]
    if iri.startswith(CODE):
        name = iri.removeprefix(CODE).partition("/")[0]
        return _LISTS, f"code list: {name}"
    if not iri.startswith(GLO):
        is_word = any(kind.startswith(OWL) for kind in types)
        return (_OUTSIDE, "") if is_word else (_OTHERS, "")
    return (_WORDS, "") if types & _PROPERTIES else (_CLASSES, "")


def _term(term: object) -> Term:
    assert isinstance(term, ox.NamedNode | ox.BlankNode)
    return term
