"""What changed between two graphs, thing by thing.

Blank nodes have no name to be known by; a value that is one is compared by all that
is said of it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.namespaces import CHANGESET, PROV, RDF, XSD
from glokal.dataset.releases.graph_snapshot import Snapshot
from glokal.rdf.terms import Term

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
StatedValue = ox.NamedNode | ox.Literal | str
Said = Mapping[tuple[str, str], frozenset[StatedValue]]


@dataclass(frozen=True)
class PropertyChange:
    """What changed of one property: the values gone and the values new.

    `kind` is the kind of the graph that says it. A value that is a text is all that
    is said of a blank node.
    """

    iri: str
    kind: str
    removed: tuple[StatedValue, ...]
    added: tuple[StatedValue, ...]


@dataclass(frozen=True)
class ThingChange:
    """A thing that is new, gone or changed, with its classes."""

    iri: str
    state: str
    classes: tuple[str, ...]
    properties: tuple[PropertyChange, ...]


@dataclass(frozen=True)
class GraphDiff:
    """Everything that changed from one graph to another, sorted by IRI."""

    old: str
    new: str
    things: tuple[ThingChange, ...]

    def number(self, state: str) -> int:
        """Return how many things are added, removed or changed."""
        return sum(thing.state == state for thing in self.things)


def compare_snapshots(old: Snapshot, new: Snapshot) -> GraphDiff:
    """Return what changed from one snapshot to another."""
    before, after = _by_subject(old), _by_subject(new)
    things = []
    for iri in sorted(before.keys() | after.keys()):
        was, now = before.get(iri, {}), after.get(iri, {})
        if was == now:
            continue
        state = CHANGED if was and now else ADDED if now else REMOVED
        things.append(
            ThingChange(iri, state, _classes(now or was), _properties(was, now))
        )
    return GraphDiff(old.name, new.name, tuple(things))


def _properties(was: Said, now: Said) -> tuple[PropertyChange, ...]:
    results = []
    for kind, iri in sorted(was.keys() | now.keys(), key=lambda key: (key[1], key[0])):
        before = was.get((kind, iri), frozenset())
        after = now.get((kind, iri), frozenset())
        if before != after:
            removed = tuple(sorted(before - after, key=str))
            new = tuple(sorted(after - before, key=str))
            results.append(PropertyChange(iri, kind, removed, new))
    return tuple(results)


def _classes(said: Said) -> tuple[str, ...]:
    return tuple(
        sorted(
            value.value
            for (_, iri), values in said.items()
            if iri == RDF + "type"
            for value in values
            if isinstance(value, ox.NamedNode)
        )
    )


def _by_subject(graph: Snapshot) -> dict[str, Said]:
    blank = _blank_nodes(graph.statements)
    about: dict[str, dict[tuple[str, str], set[StatedValue]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for kind, t in graph.statements:
        if isinstance(t.subject, ox.NamedNode):
            value = _value(_term(t.object), blank, ())
            about[t.subject.value][kind, t.predicate.value].add(value)
    return {
        iri: {key: frozenset(values) for key, values in details.items()}
        for iri, details in about.items()
    }


def _blank_nodes(
    statements: Iterable[tuple[str, ox.Triple]],
) -> Mapping[Term, list[ox.Triple]]:
    results: dict[Term, list[ox.Triple]] = defaultdict(list)
    for _, t in statements:
        if isinstance(t.subject, ox.BlankNode):
            results[t.subject].append(t)
    return results


def _value(
    term: Term, blank: Mapping[Term, list[ox.Triple]], above: tuple[Term, ...]
) -> StatedValue:
    if not isinstance(term, ox.BlankNode):
        return term
    if term in above:
        return "[…]"
    statements = sorted(
        f"{t.predicate} {_value(_term(t.object), blank, (*above, term))}"
        for t in blank.get(term, ())
    )
    return f"[ {' ; '.join(statements)} ]"


def _term(term: object) -> Term:
    assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)
    return term


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
    node: ox.NamedNode, word: str, subject: str, predicate: str, value: StatedValue
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
