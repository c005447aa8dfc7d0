"""Which triples of a data graph a shapes graph can look at: its slice.

What SHACL Core reads is named in the shapes: the properties of paths, of targets and
of property pairs, rdf:type and rdfs:subClassOf. A closed shape reads every property of
its focus nodes, and a query may read anything; both need the whole graph unless the
query names each property that it reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from glokal.rdf.terms import Term, text_of
from glokal.vocabulary import RDF, RDFS, SH

_NAMES_PROPERTY = frozenset(
    SH + n
    for n in (
        "targetSubjectsOf targetObjectsOf equals disjoint lessThan lessThanOrEquals"
    ).split()
)
_STEPS = frozenset(
    SH + n for n in "inversePath zeroOrMorePath oneOrMorePath zeroOrOnePath".split()
)
_About = dict[Term, dict[str, list[Term]]]


def predicates_of(shapes: Iterable[ox.Triple]) -> frozenset[str] | None:
    """Return the predicates that validation against the shapes reads; None for all."""
    about: _About = defaultdict(lambda: defaultdict(list))
    for t in shapes:
        if not isinstance(t.object, ox.Triple) and not isinstance(t.subject, ox.Triple):
            about[t.subject][t.predicate.value].append(t.object)
    found = {RDF + "type", RDFS + "subClassOf"}
    prefixes = {
        text_of(next(iter(v[SH + "prefix"]))): text_of(next(iter(v[SH + "namespace"])))
        for v in list(about.values())
        if v[SH + "prefix"] and v[SH + "namespace"]
    }
    for values in list(about.values()):
        if any(text_of(v) in ("true", "1") for v in values[SH + "closed"]):
            return None
        for name in _NAMES_PROPERTY:
            found.update(map(text_of, values[name]))
        for path in values[SH + "path"]:
            found.update(_in_path(about, path))
        for query in values[SH + "select"] + values[SH + "ask"]:
            read = _in_query(text_of(query), prefixes)
            if read is None:
                return None
            found |= read
    return frozenset(found)


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


def _in_query(text: str, prefixes: dict[str, str]) -> set[str] | None:
    # RDFLib takes half a second to import, and few shapes have queries.
    from rdflib.plugins.sparql import prepareQuery

    try:
        algebra = prepareQuery(text.replace("$PATH", "?path"), initNs=prefixes).algebra
    except Exception:
        # What RDFLib can't read may read anything.
        return None
    found: set[str] = set()
    waiting: list[Any] = [algebra]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if getattr(part, "name", "") == "Graph":
                return None
            for triple in part.get("triples") or ():
                for predicate in triple[1::3]:
                    steps = _steps(predicate)
                    if steps is None:
                        return None
                    found |= steps
            waiting += [v for k, v in part.items() if k != "triples"]
        elif isinstance(part, list | tuple):
            waiting += part
    return found


def _steps(predicate: Any) -> set[str] | None:
    """Return the properties of a predicate or a path; None for a variable or `!`."""
    from rdflib import URIRef, paths

    if isinstance(predicate, URIRef):
        return {str(predicate)}
    if isinstance(predicate, paths.InvPath):
        return _steps(predicate.arg)
    if isinstance(predicate, paths.MulPath):
        return _steps(predicate.path)
    if isinstance(predicate, paths.SequencePath | paths.AlternativePath):
        found = [_steps(part) for part in predicate.args]
        return None if None in found else set().union(*filter(None, found))
    return None
