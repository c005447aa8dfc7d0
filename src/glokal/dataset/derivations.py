"""Inferred statements and why they follow, as a graph.

A node has the name that every statement has (`glokal.source.statements`), and what the
inferred statement follows from: other statements (`glo:followsFrom`), by an axiom on a
term (`glo:axiomOn`) of a kind (`glo:axiomKind`). What a statement follows from is
described too, whether it stands in the sources or has been inferred.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF
from glokal.reasoning.explanation import Explanation
from glokal.source.statements import statement_iri


def derivation_triples(
    explanations: Mapping[ox.Triple, Explanation], things: str
) -> list[ox.Triple]:
    """Return the graph of the explanations; `things` is the namespace of the things."""
    results: dict[ox.Triple, None] = {}
    for conclusion, explanation in explanations.items():
        for statement in (conclusion, *explanation.premises):
            results.update(dict.fromkeys(statement_triples(statement, things)))
        node = ox.NamedNode(statement_iri(conclusion, things))
        reasons = [
            ("followsFrom", statement_iri(premise, things))
            for premise in explanation.premises
        ]
        reasons.append(("axiomOn", explanation.axiom.term))
        reasons.append(("axiomKind", explanation.axiom.kind))
        for name, value in reasons:
            t = ox.Triple(node, ox.NamedNode(GLO + name), ox.NamedNode(value))
            results[t] = None
    return sorted(results, key=str)


def statement_triples(statement: ox.Triple, things: str) -> list[ox.Triple]:
    """Return the node of a statement: its name, and what it says."""
    node = ox.NamedNode(statement_iri(statement, things))
    parts = {
        "subject": statement.subject,
        "predicate": statement.predicate,
        "object": statement.object,
    }
    return [
        ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(RDF + "Statement")),
        *(ox.Triple(node, ox.NamedNode(RDF + name), x) for name, x in parts.items()),
    ]
