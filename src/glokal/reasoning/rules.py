"""The same entailments by rules in SPARQL, for graphs too large for a tableau.

Each `.rq` in `rules/` is a CONSTRUCT that reads axioms as they stand in the graph and
adds what follows; its first lines name the clause that it answers to. Most are rules
of OWL 2 RL (Profiles, section 4.3) by their names there; the rest cover what the RL
profile leaves out and the ontology has: ObjectHasSelf, and ObjectMinCardinality over
things that are told apart. They run until nothing new follows.

The queries in `clashes/` find things that can't be as the axioms say. Rules find no
class that can have no member, so HermiT remains the judge of the ontology.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import pyoxigraph as ox

from glokal.reasoning.axioms import distinct_names, logical_axioms
from glokal.reasoning.beyond_owl import complete
from glokal.reasoning.entailments import Entailments, InconsistentError, of_interest
from glokal.reasoning.rule_queries import construct, queries_in, rows_of
from glokal.reasoning.unsupported_axioms import refuse_uncovered, refuse_unnamed


def reason_by_rules(
    triples: Iterable[ox.Triple],
    *,
    namespaces: tuple[str, ...],
    different: tuple[str, ...] = (),
) -> Entailments:
    """Return what follows from the triples, about terms of the namespaces.

    Individuals of the classes in `different` are taken to be as many as their names.
    Raises UncoveredError where the rules would give less than HermiT, and
    InconsistentError for a thing that can't be; silence does not prove consistency.
    """
    started = time.monotonic()
    given = set(triples)
    logic = logical_axioms(given)
    closed = close_by_rules([*logic, *distinct_names(logic, different)])
    inferred = frozenset(
        t for t in complete(given, closed) - given if of_interest(t, namespaces)
    )
    return Entailments(inferred, time.monotonic() - started, cached=False)


def close_by_rules(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Return the triples and all that follows from them by the rules.

    Beside what is asked for there are types with blank nodes (class expressions) and
    rdfs:member (of the lists in axioms). Raises UncoveredError and InconsistentError.
    """
    closed = set(triples)
    store = ox.Store()
    _add(store, closed)
    refuse_uncovered(store)
    _saturate(store, closed, queries_in("lists"))
    _saturate(store, closed, queries_in("rules"))
    clashes = tuple(payload for (payload,) in rows_of(store, "clashes"))
    if clashes:
        raise InconsistentError(clashes)
    refuse_unnamed(store)
    return closed


def _saturate(store: ox.Store, closed: set[ox.Triple], rules: dict[str, str]) -> None:
    grown = True
    while grown:
        grown = False
        for text in rules.values():
            new = construct(store, text) - closed
            if new:
                _add(store, new)
                closed |= new
                grown = True


def _add(store: ox.Store, triples: Iterable[ox.Triple]) -> None:
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
