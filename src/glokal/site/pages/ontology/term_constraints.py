"""What the shapes demand of each term, in the words of their messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from glokal.core.namespaces import GLO, SH
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import literal_in, sort_key, text_of
from glokal.site.graph_view import Value, foreign

_TARGETS = (SH + "targetClass", SH + "targetObjectsOf", SH + "targetSubjectsOf")
_REACHES = (*_TARGETS, SH + "path")


def constraints(shapes: Iterable[SourceFile], lang: str) -> Mapping[str, list[Value]]:
    """Return the demands on the ontology's terms by IRI, in a language, sorted.

    A demand stands at the class that a shape is for and at the property that it is
    about. SHACL 2.1.3 (targets), 2.1.5 (messages).
    """
    out: dict[str, list[ox.Triple]] = defaultdict(list)
    for file in shapes:
        for t in file.triples:
            out[text_of(t.subject)].append(t)
    results: dict[str, set[Value]] = defaultdict(set)
    for shape, triples in out.items():
        targets = _objects(triples, *_TARGETS)
        if not targets:
            continue
        parts = [shape, *_objects(triples, SH + "property")]
        for part in parts:
            result = literal_in(
                (t.object for t in out[part] if t.predicate.value == SH + "message"),
                lang,
                "nb",
            )
            if result is None:
                continue
            words = Value(result.value, foreign(result, lang))
            for term in (*targets, *_objects(out[part], *_REACHES)):
                if term.startswith(GLO):
                    results[term].add(words)
    return {
        term: sorted(demands, key=lambda v: sort_key(v.text))
        for term, demands in results.items()
    }


def _objects(triples: Iterable[ox.Triple], *predicates: str) -> list[str]:
    return sorted(text_of(t.object) for t in triples if t.predicate.value in predicates)
