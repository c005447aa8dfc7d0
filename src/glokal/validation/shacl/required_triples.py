"""Which triples of a data graph a shapes graph can look at: its slice.

What SHACL Core reads is named in the shapes: the properties of paths, of targets and
of property pairs, rdf:type and rdfs:subClassOf. A closed shape reads every property of
its focus nodes, and a query may read anything; both need the whole graph unless the
query names each property that it reads. What only the queries read is less: `shacl`
reads the whole graph itself, and pyoxigraph needs no more of it than they ask for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from glokal.core.namespaces import RDF, RDFS, SH
from glokal.rdf.terms import Term, text_of
from glokal.sparql.errors import QueryError
from glokal.sparql.reader import read_query
from glokal.sparql.seen_part import named_in
from glokal.sparql.tree import GraphPattern, Service, TriplePattern
from glokal.sparql.walk import selects_and_elements
from glokal.validation.shacl.query_prefixes import declared_prefixes

_NAMES_PROPERTY = frozenset(
    SH + n
    for n in (
        "targetSubjectsOf targetObjectsOf equals disjoint lessThan lessThanOrEquals"
    ).split()
)
_STEPS = frozenset(
    SH + n for n in "inversePath zeroOrMorePath oneOrMorePath zeroOrOnePath".split()
)
_OWN_COMPONENT = frozenset(
    SH + n for n in "parameter validator nodeValidator propertyValidator".split()
)
_About = dict[Term, dict[str, list[Term]]]


def predicates_of(shapes: Iterable[ox.Triple]) -> frozenset[str] | None:
    """Return the predicates that validation against the shapes reads; None for all."""
    about = _by_subject(shapes)
    results = {RDF + "type", RDFS + "subClassOf"}
    for owner, values in list(about.items()):
        if any(text_of(v) in ("true", "1") for v in values[SH + "closed"]):
            return None
        for name in _NAMES_PROPERTY:
            results.update(map(text_of, values[name]))
        for path in values[SH + "path"]:
            results.update(_in_path(about, path))
        read = _by_queries(about, owner)
        if read is None:
            return None
        results |= read
    return frozenset(results)


def predicates_of_queries(shapes: Iterable[ox.Triple]) -> frozenset[str] | None:
    """Return the predicates that the queries of shapes read; None for all.

    Those on the way to their focus nodes are among them: of targets, and of the paths
    of shapes that have a query or lead to another by sh:property.
    """
    about = _by_subject(shapes)
    results = {RDF + "type", RDFS + "subClassOf"}
    for owner, values in list(about.items()):
        # A validator may ask for its parameters, and is looked at for each shape.
        if any(values[name] for name in _OWN_COMPONENT):
            return None
        for name in ("targetSubjectsOf", "targetObjectsOf"):
            results.update(map(text_of, values[SH + name]))
        if values[SH + "sparql"] or values[SH + "property"]:
            for path in values[SH + "path"]:
                results.update(_in_path(about, path))
        read = _by_queries(about, owner)
        if read is None:
            return None
        results |= read
    return frozenset(results)


def _by_subject(shapes: Iterable[ox.Triple]) -> _About:
    about: _About = defaultdict(lambda: defaultdict(list))
    for t in shapes:
        if not isinstance(t.object, ox.Triple) and not isinstance(t.subject, ox.Triple):
            about[t.subject][t.predicate.value].append(t.object)
    return about


def _in_path(about: _About, path: Term) -> Iterator[str]:
    waiting, seen = [path], set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, ox.NamedNode):
            if node.value != RDF + "nil":
                yield node.value
            continue
        values = about.get(node, {})
        for name in (*_STEPS, SH + "alternativePath", RDF + "first", RDF + "rest"):
            waiting += values.get(name, [])


def _by_queries(about: _About, owner: Term) -> set[str] | None:
    """Return what the queries of a constraint, target or validator read."""
    results: set[str] = set()
    prefixes = declared_prefixes(about, owner)
    for word in ("select", "ask"):
        for query in about[owner][SH + word]:
            read = _in_query(text_of(query), prefixes)
            if read is None:
                return None
            results |= read
    return results


def _in_query(text: str, prefixes: dict[str, str]) -> set[str] | None:
    declared = "".join(f"PREFIX {p}: <{ns}>\n" for p, ns in prefixes.items())
    try:
        query = read_query(declared + text).query
    except QueryError:
        # What can't be read may read anything; the engine says what is wrong with it.
        return None
    results: set[str] = set()
    for part in selects_and_elements(query.select):
        if isinstance(part, GraphPattern | Service):
            return None
        if isinstance(part, TriplePattern):
            steps = named_in(part.verb)
            if steps is None:
                return None
            results |= steps
    return results
