"""The parts of a dump, in the order of reading: headers, things by kind, lists, words.

A part holds whole subjects; blank nodes go with the subject that they hang on. What is
too long for memory comes in several parts under one heading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.namespaces import CODE, GLO, OWL, RDF
from glokal.rdf.subject_index import SubjectIndex
from glokal.rdf.terms import Term, text_of

# Bytes of N-Triples in one part: some 35,000 statements, which take 40 times as much.
_MOST = 4 << 20
_Key = tuple[int, str]
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
    parts: dict[_Key, list[ox.Triple]] = defaultdict(list)
    for t in ordered:
        (key,) = keys[_term(t.subject)]
        parts[key].append(t)
    return [
        Part(_heading(key), tuple(result))
        for key, result in sorted(parts.items(), key=lambda p: p[0])
    ]


def indexed_parts(index: SubjectIndex, things: str) -> Iterator[Part]:
    """Yield the graph of an index as `in_parts` has it, long parts in several.

    The subjects of a long part are in the order of their names, but for those that
    blank nodes hang on, which go first and together. The statements of a part are in
    the order of `by_name`. Blank nodes must have been named by what is said of them.
    """
    parents: dict[Term, list[Term]] = defaultdict(list)
    for t in index.graph.bound:
        if isinstance(t.object, ox.BlankNode):
            parents[t.object].append(_term(t.subject))
    tied = {term for bound in parents.values() for term in bound} | parents.keys()
    parts: dict[_Key, list[Term]] = defaultdict(list)

    def keys_of(term: Term) -> set[_Key]:
        roots = _roots(term, parents) if term in tied else {term}
        return {_key(root, index.kinds.get(root, set()), things) for root in roots}

    if any(len(keys_of(term)) > 1 for term in parents):
        # As in `in_parts`: a blank node would be torn apart.
        yield Part("", tuple(sorted(index.graph, key=by_name)))
        return
    for subject in index.subjects():
        (key,) = keys_of(subject)
        parts[key].append(subject)
    for key, subjects in sorted(parts.items(), key=lambda p: p[0]):
        for some in _portions(index, subjects, tied):
            triples = sorted(index.about(some), key=by_name)
            yield Part(_heading(key), tuple(triples))


def _portions(
    index: SubjectIndex, subjects: list[Term], tied: Collection[Term]
) -> Iterator[list[Term]]:
    """Yield subjects in lists that fit in memory, those that are tied in one."""
    if sum(map(index.size, subjects)) <= _MOST:
        yield subjects
        return
    together = [s for s in subjects if s in tied or isinstance(s, ox.BlankNode)]
    if together:
        yield together
    portion, size = list[Term](), 0
    for subject in sorted(set(subjects).difference(together), key=text_of):
        portion.append(subject)
        size += index.size(subject)
        if size > _MOST:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def by_name(triple: ox.Triple) -> tuple[str, ...]:
    """Sort by the IRIs themselves: a name goes before those that begin with it."""
    subject, kind = text_of(triple.subject), type(triple.subject).__name__
    return subject, kind, triple.predicate.value, str(triple.object)


def _heading(key: _Key) -> str:
    rank, name = key
    return _HEADINGS.get(rank, name)


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


def _key(root: Term, types: set[str], things: str) -> _Key:
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
