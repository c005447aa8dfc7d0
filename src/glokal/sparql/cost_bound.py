"""How much work a query of the closed list is at most, whatever its constants are.

The unit is a step: about what an engine needs to go on to the next triple of an index.
The bound is made of counts of the data: how many triples a predicate has, how many
values one subject has at most, how many subjects one value has, how many things a class
has. A constant in the place of a subject or an object is never looked up: the bound
holds for the worst one.

The engine joins patterns that share a variable one by one, each row of what it has so
far looked up in the next (a nested loop). It begins with the pattern, and goes on with
the one, that it expects the fewest rows of by which places are known, and not by the
data (Oxigraph, lib/sparopt, `estimate_triple_pattern_size`). Where several are alike,
the worst is taken. Parts that share nothing are multiplied. `scanned` bounds another
plan: each pattern read whole, once, as a join by hash needs it. `chained` bounds a
store that has no indexes: it walks the triples of a known term one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log2

from glokal.core.namespaces import RDF
from glokal.sparql.bounded_query import BoundedQuery, Name, name_of, names_in
from glokal.sparql.tree import Iri, TriplePattern

# Steps: to look a row up in an index, to go to the next row, to look at a term in a
# filter, to write a term, to compare two terms when rows are sorted, to tell rows
# apart; and characters that are written in a step.
_LOOKUP, _NEXT, _LOOK, _WRITE, _COMPARE, _APART = 8, 1, 3, 2, 4, 4
_CHARACTERS = 250
_TYPE = RDF + "type"
# By which places are known, subject, predicate, object: how many rows the engine
# expects.
_EXPECTED = {
    (True, True, True): 1,
    (True, False, True): 2,
    (True, True, False): 10,
    (True, False, False): 100,
    (False, True, True): 1000,
    (False, False, True): 10_000,
    (False, True, False): 1_000_000,
    (False, False, False): 1_000_000_000,
}


@dataclass(frozen=True, slots=True)
class PredicateCounts:
    """Counts of the triples of a predicate.

    `values` is how many one subject has at most, `subjects` how many one value has,
    `longest` the characters of the longest value.
    """

    triples: int
    values: int
    subjects: int
    longest: int


@dataclass(frozen=True, slots=True)
class GraphCounts:
    """Counts of the default graph.

    `of_subject` and `of_object` are how many triples one term has there at most,
    `longest` the characters of the longest term in any place, `longest_name` those of
    the longest that isn't a literal. `classes` has the number of things in each class.
    """

    triples: int
    of_subject: int
    of_object: int
    longest: int
    longest_name: int
    predicates: Mapping[str, PredicateCounts] = field(repr=False)
    classes: Mapping[str, int] = field(repr=False)

    def rows(self, pattern: TriplePattern, known: set[Name]) -> int:
        """Return how many rows a pattern has at most for each value that is known."""
        subject, _, object_ = _known(pattern, known)
        if not isinstance(pattern.verb, Iri):
            if subject and object_:
                return min(self.of_subject, self.of_object)
            if subject:
                return self.of_subject
            return self.of_object if object_ else self.triples
        counts = self.predicates.get(pattern.verb.value)
        if counts is None:
            return 0
        if subject:
            return 1 if object_ else counts.values
        if not object_:
            return counts.triples
        if pattern.verb.value == _TYPE and isinstance(pattern.object, Iri):
            return self.classes.get(pattern.object.value, 0)
        return counts.subjects

    def chain(self, pattern: TriplePattern, known: set[Name]) -> int:
        """Return how many triples the shortest chain of a pattern's known terms has.

        Whatever they are: at most so many are walked for each value that is known.
        """
        subject, _, object_ = _known(pattern, known)
        lengths = [self.triples]
        if isinstance(pattern.verb, Iri):
            counts = self.predicates.get(pattern.verb.value)
            lengths.append(counts.triples if counts else 0)
        lengths += [self.of_subject] * subject + [self.of_object] * object_
        return min(lengths)

    def longest_of(self, name: Name, patterns: tuple[TriplePattern, ...]) -> int:
        """Return how many characters a value of a variable has at most."""
        result = self.longest
        for pattern in patterns:
            if name in (name_of(pattern.subject), name_of(pattern.verb)):
                return self.longest_name
            if name == name_of(pattern.object) and isinstance(pattern.verb, Iri):
                counts = self.predicates.get(pattern.verb.value)
                result = min(result, counts.longest if counts else 0)
        return result


@dataclass(frozen=True, slots=True)
class Bound:
    """How much a query takes at most.

    `steps` by the way that the engine goes, `rows` of the answer, `walked` rows on the
    way to them, and `scanned` triples when each pattern is read whole. `chained` are
    the triples that are walked where those of a term lie in a chain, as in memory; None
    where a predicate isn't known, so that they'd come in another order there.
    """

    steps: int
    rows: int
    walked: int
    scanned: int
    chained: int | None


def bound_of(query: BoundedQuery, counts: GraphCounts) -> Bound:
    """Return what a query takes at most, in data that have these counts."""
    scanned = sum(counts.rows(pattern, set()) for pattern in query.patterns)
    last = None if query.limit is None else query.limit + query.offset
    lazy = not (query.looks or query.keys or query.distinct)
    if len(query.patterns) == 1 and lazy:
        # Nothing is read behind the last row that is wanted.
        rows = scanned if query.columns else min(scanned, 1)
        rows = scanned = rows if last is None else min(rows, last)
        steps = _LOOKUP + rows * _NEXT
        walked, chained = rows, counts.chain(query.patterns[0], set())
    else:
        steps, rows, walked, chained = _joined(query.patterns, counts)
        # Another plan walks each pattern's whole chain.
        chained += sum(counts.chain(pattern, set()) for pattern in query.patterns)
    steps += walked * query.looks * _LOOK
    if query.distinct:
        steps += rows * len(query.columns) * _APART
    if query.keys and rows > 1:
        steps += int(rows * log2(rows) * query.keys * _COMPARE) + 1
    written = rows if query.limit is None else min(rows, query.limit)
    longest = (counts.longest_of(name, query.patterns) for name in query.columns)
    steps += written * sum(_WRITE + size // _CHARACTERS for size in longest)
    ordered = all(isinstance(pattern.verb, Iri) for pattern in query.patterns)
    return Bound(steps, written, walked, scanned, chained if ordered else None)


def _joined(
    patterns: tuple[TriplePattern, ...], counts: GraphCounts
) -> tuple[int, int, int, int]:
    """Return the steps of a join, its rows, all rows on the way, and what is chained.

    Each row is looked up in the next pattern.
    """
    waiting = list(patterns)
    steps, product, walked, chained = 0, 1, 0, 0
    while waiting:
        known: set[Name] = set()
        rows = 1
        reachable = waiting
        while reachable:
            pattern = _next(reachable, known, counts)
            waiting = [other for other in waiting if other is not pattern]
            steps += rows * _LOOKUP
            chained += rows * counts.chain(pattern, known)
            rows *= counts.rows(pattern, known)
            steps += rows * _NEXT
            walked += rows
            known.update(names_in(pattern))
            reachable = [p for p in waiting if not known.isdisjoint(names_in(p))]
        before, product = product, product * rows
        if before != 1 or product != rows:
            steps += product * _NEXT
            walked += product
    return steps, product, walked, chained


def _next(
    patterns: list[TriplePattern], known: set[Name], counts: GraphCounts
) -> TriplePattern:
    """Return the pattern that the engine takes next, the worst where it is open."""
    expected = [_expected(pattern, known) for pattern in patterns]
    least = min(expected)
    alike = [p for p, size in zip(patterns, expected, strict=True) if size == least]
    return max(alike, key=lambda pattern: counts.rows(pattern, known))


def _expected(pattern: TriplePattern, known: set[Name]) -> int:
    is_type = isinstance(pattern.verb, Iri) and pattern.verb.value == _TYPE
    return _EXPECTED[_known(pattern, known)] + is_type


def _known(pattern: TriplePattern, known: set[Name]) -> tuple[bool, bool, bool]:
    """Return which places of a pattern have a value already."""
    subject, verb, object_ = (
        not (name := name_of(term)) or name in known
        for term in (pattern.subject, pattern.verb, pattern.object)
    )
    return subject, verb, object_
