"""Building the triples of a catalogue, its outside terms described on the spot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.core.namespaces import DCTERMS, RDF, RDFS, SKOS, XSD
from glokal.rdf.terms import text_of

Texts = Mapping[str, str]


class TripleBuilder(list[ox.Triple]):
    """Triples under construction; subjects and predicates are given as IRIs."""

    def node(self, iri: str, *kinds: str) -> None:
        """Say which classes a node has."""
        for kind in kinds:
            self.iri(iri, RDF + "type", kind)

    def iri(self, subject: str, predicate: str, value: str) -> None:
        """Add a link."""
        self._put(subject, predicate, ox.NamedNode(value))

    def term(self, subject: str, predicate: str, value: str) -> None:
        """Add a link to a term of a controlled vocabulary, and what is known of it.

        The national scorer sees a dataset alone and infers nothing.
        """
        self.iri(subject, predicate, value)
        self.extend(described(value))

    def texts(self, subject: str, predicate: str, texts: Texts) -> None:
        """Add a text in each of its languages."""
        for language, text in texts.items():
            self._put(subject, predicate, ox.Literal(text, language=language))

    def typed(self, subject: str, predicate: str, value: object, kind: str) -> None:
        """Add a value of a datatype of XML Schema, given by its name."""
        datatype = ox.NamedNode(XSD + kind)
        self._put(subject, predicate, ox.Literal(str(value), datatype=datatype))

    def _put(self, s: str, p: str, o: ox.NamedNode | ox.Literal) -> None:
        self.append(ox.Triple(ox.NamedNode(s), ox.NamedNode(p), o))


def described(iri: str) -> list[ox.Triple]:
    """Return what the catalogue says of a term and of the scheme that it is in.

    Empty for a term that `authorities.ttl` doesn't hold.
    """
    results = list(_authorities().get(iri, ()))
    for triple in tuple(results):
        if triple.predicate.value == SKOS + "inScheme":
            results += _authorities().get(text_of(triple.object), ())
    return results


@cache
def _authorities() -> Mapping[str, list[ox.Triple]]:
    file = resources.files("glokal.catalogue").joinpath("authorities.ttl")
    parsed = ox.parse(input=file.read_bytes(), format=ox.RdfFormat.TURTLE)
    about: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in parsed:
        triples = about[text_of(quad.subject)]
        triples.append(quad.triple)
        if quad.predicate.value in (SKOS + "prefLabel", DCTERMS + "title"):
            # The label that every program knows.
            label = ox.NamedNode(RDFS + "label")
            triples.append(ox.Triple(quad.subject, label, quad.object))
    return about
