"""What SHACL asks of a data graph: its instances, values of paths and focus nodes.

The graph stands in a store of pyoxigraph, which the queries of shapes are asked too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path as FilePath

import pyoxigraph as ox

from glokal.core.namespaces import RDF, RDFS, SH, XSD
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import ShaclPath, ValuesBySubject, read_path

_TYPE, _SUBCLASS = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "subClassOf")
_NT = ox.RdfFormat.N_TRIPLES
# Bytes of a graph that are loaded at once.
_PART = 1 << 21
# Focus nodes of a shape that are kept for when they are asked for again.
_MANY = 10_000
TRUE = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))


def load_triples(path: FilePath, predicates: Collection[str] | None = None) -> ox.Store:
    """Return a store with an N-Triples file, whose blank nodes keep their labels.

    With `predicates`, only triples with one of these are in it. The file is canonical
    N-Triples: one space behind each term.
    """
    store = ox.Store()
    wanted = None
    if predicates is not None:
        wanted = {f"<{name}>".encode() for name in predicates}
    with path.open("rb") as file:
        # Each part is as fast to load as by the bulk loader, and leaves less behind.
        while part := file.read(_PART) + file.readline():
            if wanted is not None:
                # A subject has no space in it: the second word is the predicate.
                lines = part.splitlines(keepends=True)
                part = b"".join(x for x in lines if x.split(b" ", 2)[1] in wanted)
            if b"_:" in part:
                # The loader gives blank nodes new labels, and results name them by
                # theirs.
                store.extend(ox.parse(input=part, format=_NT))
            else:
                store.load(part, format=_NT)
    return store


class QueriedGraph:
    """A data graph in a store, and the shapes graph that looks at it.

    `extra` are nodes that a shape looks at besides what its targets name. With
    `predicates`, the store has the triples with one of these alone.
    """

    def __init__(
        self,
        data: FilePath,
        about: ValuesBySubject,
        predicates: Collection[str] | None = None,
    ) -> None:
        self.store = load_triples(data, predicates)
        self.about = about
        self.extra: dict[Term, list[Term]] = {}
        self._focus: dict[Term, dict[Term, None]] = {}
        self._owners: dict[Term, list[Term]] = {}
        for shape, details in about.items():
            for part in details.get(SH + "property", ()):
                self._owners.setdefault(part, []).append(shape)

    def change(self, old: Iterable[ox.Triple], new: Iterable[ox.Triple]) -> None:
        """Take triples out of the graph and put others into it."""
        for t in old:
            self.store.remove(ox.Quad(t.subject, t.predicate, t.object))
        self.store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in new)
        self._focus.clear()

    def focus_nodes(self, shape: Term) -> dict[Term, None]:
        """Return the nodes that a shape looks at (SHACL, 2.1.3 and 4.7.2).

        They are those of its targets, and the value nodes of each shape that names it
        by sh:property. Shapes reached by sh:node and its like are not among them.
        """
        # What many shapes look at is found again for each, not held for all at once.
        large = [s for s, nodes in self._focus.items() if len(nodes) > _MANY]
        for other in large[:-1]:
            del self._focus[other]
        return self._find_focus(shape)

    def _find_focus(self, shape: Term) -> dict[Term, None]:
        if shape in self._focus:
            return self._focus[shape]
        results = self._focus[shape] = {}
        if is_deactivated(self.about, shape):
            return results
        results |= dict.fromkeys(self._targets(shape))
        for owner in self._owners.get(shape, ()):
            path = path_term(self.about, owner)
            for node in list(self._find_focus(owner)):
                results |= dict.fromkeys(
                    [node] if path is None else self.values(path, node)
                )
        return results

    def _targets(self, shape: Term) -> Iterator[Term]:
        details = self.about.get(shape, {})
        yield from details.get(SH + "targetNode", ())
        yield from self.extra.get(shape, ())
        for name in details.get(SH + "targetClass", ()):
            yield from self.instances(name)
        for name in details.get(SH + "targetSubjectsOf", ()):
            for quad in self._match(None, name, None):
                yield _term(quad.subject)
        for name in details.get(SH + "targetObjectsOf", ()):
            for quad in self._match(None, name, None):
                yield _term(quad.object)

    def instances(self, kind: Term) -> Iterator[Term]:
        """Yield the instances of a class and of its subclasses (SHACL, section 1.1)."""
        for name in self._reach(kind, ShaclPath("inversePath", parts=(_SUBCLASSES,))):
            for quad in self._match(None, _TYPE, name):
                yield _term(quad.subject)

    def values(self, path: ShaclPath, node: Term) -> list[Term]:
        """Return the nodes that a path leads to, each once (SHACL, section 2.3.1)."""
        result: Iterable[Term]
        match path.kind:
            case "property":
                result = (
                    _term(q.object)
                    for q in self._match(node, ox.NamedNode(path.iri), None)
                )
            case "inversePath" if path.parts[0].kind == "property":
                name = ox.NamedNode(path.parts[0].iri)
                result = (_term(q.subject) for q in self._match(None, name, node))
            case "inversePath":
                return self.values(_inverse(path.parts[0]), node)
            case "sequence":
                reached = [node]
                for part in path.parts:
                    steps = (self.values(part, start) for start in reached)
                    reached = list(dict.fromkeys(n for step in steps for n in step))
                return reached
            case "alternativePath":
                steps = (self.values(part, node) for part in path.parts)
                result = (n for step in steps for n in step)
            case "zeroOrOnePath":
                result = iter([node, *self.values(path.parts[0], node)])
            case "oneOrMorePath":
                starts = self.values(path.parts[0], node)
                result = (
                    n for start in starts for n in self._reach(start, path.parts[0])
                )
            case _:
                result = self._reach(node, path.parts[0])
        return list(dict.fromkeys(result))

    def _reach(self, start: Term, path: ShaclPath) -> Iterator[Term]:
        seen, waiting = {start}, [start]
        while waiting:
            node = waiting.pop()
            yield node
            for following in self.values(path, node):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)

    def _match(
        self, subject: Term | None, predicate: Term, value: Term | None
    ) -> Iterable[ox.Quad]:
        if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
            return ()
        return self.store.quads_for_pattern(
            subject, predicate, value, ox.DefaultGraph()
        )


_SUBCLASSES = ShaclPath("property", _SUBCLASS.value)


def is_deactivated(about: ValuesBySubject, node: Term) -> bool:
    """Whether a shape or a constraint says sh:deactivated true."""
    values = about.get(node, {}).get(SH + "deactivated", ())
    return any(text_of(value) in ("true", "1") for value in values)


def path_term(about: ValuesBySubject, shape: Term) -> ShaclPath | None:
    """Return the path of a property shape, None for a node shape."""
    for term in about.get(shape, {}).get(SH + "path", ()):
        return read_path(about, term)
    return None


def _inverse(path: ShaclPath) -> ShaclPath:
    """Return a path the other way round."""
    match path.kind:
        case "property":
            return ShaclPath("inversePath", parts=(path,))
        case "inversePath":
            return path.parts[0]
        case "sequence":
            return ShaclPath(
                "sequence", parts=tuple(map(_inverse, reversed(path.parts)))
            )
        case kind:
            return ShaclPath(kind, parts=tuple(map(_inverse, path.parts)))


def _term(term: object) -> Term:
    assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)
    return term
