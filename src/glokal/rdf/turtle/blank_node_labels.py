"""Names for the blank nodes that Turtle can't nest, told by what is said of them.

The names that a file gave them make no difference: nodes are told apart by their
triples, and by those of the nodes around them, until no round tells more apart.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from glokal.rdf.terms import Term
from glokal.rdf.turtle.tree import Statement, triples_of

_Colours = dict[Term, str]
# For each blank node: direction, predicate, and the term at the other end.
_Around = dict[Term, set[tuple[str, str, Term]]]


def label_blank_nodes(
    statements: Sequence[Statement], numbers: Iterator[int] | None = None
) -> dict[Term, str]:
    """Return labels for the blank nodes that need one: b1, b2 and so on.

    A node needs one when it is used more than once, or used and a subject. `statements`
    has one statement a subject. `numbers` are those that are free, where other
    statements in the same text have taken some.
    """
    subjects = {s.subject.term for s in statements}
    around = _around(statements)
    # The same triple written twice is one use.
    uses = {
        term: sum(way == "<" for way, *_ in details) for term, details in around.items()
    }
    named = [t for t in uses if uses[t] > 1 or (uses[t] and t in subjects)]
    if not named:
        return {}
    colours = _told_apart(around, named)
    ordered = sorted(named, key=lambda t: colours[t])
    free = itertools.count(1) if numbers is None else numbers
    # The terms come first: where they end no number is taken.
    return {term: f"b{n}" for term, n in zip(ordered, free, strict=False)}


def _around(statements: Sequence[Statement]) -> _Around:
    around: _Around = defaultdict(set)
    for statement in statements:
        if not _has_blank(statement):
            continue
        for t, _, _ in triples_of(statement):
            assert not isinstance(t.subject, ox.Triple)
            assert not isinstance(t.object, ox.Triple)
            if isinstance(t.subject, ox.BlankNode):
                around[t.subject].add((">", t.predicate.value, t.object))
            if isinstance(t.object, ox.BlankNode):
                around[t.object].add(("<", t.predicate.value, t.subject))
    return around


def _has_blank(statement: Statement) -> bool:
    if isinstance(statement.subject.term, ox.BlankNode):
        return True
    nodes = (node for prop in statement.properties for node in prop.objects)
    return any(isinstance(node.term, ox.BlankNode) for node in nodes)


def _told_apart(around: _Around, named: Sequence[Term]) -> _Colours:
    """Return colours that differ for each of the named nodes."""
    colours = _refined(around, dict.fromkeys(around, ""))
    while True:
        alike: dict[str, list[Term]] = defaultdict(list)
        for term in named:
            alike[colours[term]].append(term)
        tied = sorted(colour for colour, terms in alike.items() if len(terms) > 1)
        if not tied:
            return colours
        # Singling out a node tells others apart. Where it makes no difference which
        # is singled out, they are each other's mirror image, and any will do.
        tries = [
            _refined(around, {**colours, term: colours[term] + "!"})
            for term in alike[tied[0]]
        ]
        colours = min(tries, key=lambda result: sorted(result.values()))


def _refined(around: _Around, colours: _Colours) -> _Colours:
    number = len(set(colours.values()))
    while True:
        colours = {
            term: _hash(
                colours[term],
                *sorted(
                    f"{way}{predicate} {colours.get(other, other)}"
                    for way, predicate, other in details
                ),
            )
            for term, details in around.items()
        }
        result = len(set(colours.values()))
        if result == number:
            return colours
        number = result


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
