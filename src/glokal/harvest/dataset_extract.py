"""A dataset cut out of its catalogue, as the national harvester does it.

Everything that can be reached from the dataset goes with it, but for other datasets
and series: of those only the link stays. The scorer sees no more than this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from glokal.core.namespaces import DCAT, RDF
from glokal.rdf.terms import text_of

_LEFT_OUT = {DCAT + "Dataset", DCAT + "DatasetSeries"}
TriplesBySubject = Mapping[str, list[ox.Triple]]


def by_subject(triples: Iterable[ox.Triple]) -> TriplesBySubject:
    """Return the triples by the subject's IRI or label."""
    about: dict[str, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        about[text_of(triple.subject)].append(triple)
    return about


def catalogues(about: TriplesBySubject) -> list[str]:
    """Return the IRIs of the catalogues; those without an IRI are dropped."""
    return sorted(
        text_of(t.subject)
        for triples in about.values()
        for t in triples
        if t.predicate.value == RDF + "type"
        and text_of(t.object) == DCAT + "Catalog"
        and isinstance(t.subject, ox.NamedNode)
    )


def datasets_of(about: TriplesBySubject, catalogue: str) -> list[str]:
    """Return the IRIs of a catalogue's datasets and series, also those in a series."""
    named = [
        text_of(t.object)
        for t in about.get(catalogue, ())
        if t.predicate.value == DCAT + "dataset" and isinstance(t.object, ox.NamedNode)
    ]
    in_series = [
        text_of(t.subject)
        for triples in about.values()
        for t in triples
        if t.predicate.value == DCAT + "inSeries"
        and text_of(t.object) in named
        and isinstance(t.subject, ox.NamedNode)
    ]
    return [
        d
        for d in dict.fromkeys([*named, *in_series])
        if classes_of(about, d) & _LEFT_OUT
    ]


def classes_of(about: TriplesBySubject, node: str) -> set[str]:
    """Return the classes that a node is said to have."""
    return {
        text_of(t.object)
        for t in about.get(node, ())
        if t.predicate.value == RDF + "type"
    }


def extract_dataset(about: TriplesBySubject, dataset: str) -> list[ox.Triple]:
    """Return the graph that the harvester makes of one dataset."""
    taken = {dataset: None}
    waiting = [dataset]
    while waiting:
        for triple in about.get(waiting.pop(), ()):
            target = text_of(triple.object)
            if (
                not isinstance(triple.object, ox.Literal)
                and target not in taken
                and target in about
                and not classes_of(about, target) & _LEFT_OUT
            ):
                taken[target] = None
                waiting.append(target)
    return [triple for node in taken for triple in about[node]]
