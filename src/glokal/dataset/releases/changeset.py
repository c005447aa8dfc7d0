"""Changes as RDF, in the Changeset vocabulary (http://purl.org/vocab/changeset/schema).

A change set a thing, a statement a value gone or new; every node has an IRI.
"""

from __future__ import annotations

import hashlib

import pyoxigraph as ox

from glokal.core.namespaces import CHANGESET, PROV, RDF, XSD
from glokal.dataset.releases.graph_diff import GraphDiff, ThingChange, Value


def changes_as_rdf(changes: GraphDiff, things: str, date: str = "") -> list[ox.Triple]:
    """Return changes as triples, with IRIs in the namespace of the things.

    `date` is the day of the new graph, left out when it is "". A value that is a
    blank node has no place in another graph; its statement is left out.
    """
    triples: list[ox.Triple] = []
    for change in changes.things:
        triples += _change_set(change, changes, things, date)
    return list(dict.fromkeys(triples))


def _change_set(
    change: ThingChange, changes: GraphDiff, things: str, date: str
) -> list[ox.Triple]:
    name = _name(changes.old, changes.new, change.iri)
    node = ox.NamedNode(f"{things}change/{name}")
    results = [
        _link(node, RDF + "type", CHANGESET + "ChangeSet"),
        _link(node, RDF + "type", PROV + "Entity"),
        _link(node, CHANGESET + "subjectOfChange", change.iri),
    ]
    if date:
        day = ox.Literal(date, datatype=ox.NamedNode(XSD + "date"))
        results.append(ox.Triple(node, ox.NamedNode(CHANGESET + "createdDate"), day))
    for details in change.properties:
        for word, values in (("removal", details.removed), ("addition", details.added)):
            for value in values:
                if not isinstance(value, str):
                    results += _statement(node, word, change.iri, details.iri, value)
    return results


def _statement(
    node: ox.NamedNode, word: str, subject: str, predicate: str, value: Value
) -> list[ox.Triple]:
    assert not isinstance(value, str)
    mark = _name(word, subject, predicate, str(value))
    statement = ox.NamedNode(f"{node.value}-{mark}")
    return [
        ox.Triple(node, ox.NamedNode(CHANGESET + word), statement),
        _link(statement, RDF + "type", RDF + "Statement"),
        _link(statement, RDF + "subject", subject),
        _link(statement, RDF + "predicate", predicate),
        ox.Triple(statement, ox.NamedNode(RDF + "object"), value),
    ]


def _link(subject: ox.NamedNode, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(value))


def _name(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
