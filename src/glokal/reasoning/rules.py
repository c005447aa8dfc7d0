"""The same entailments by rules in SPARQL, for graphs too large for a tableau.

Each `.rq` in `rules/` is a CONSTRUCT that reads axioms as they stand in the graph and
adds what follows; its first lines name the clause that it answers to. Most are rules
of OWL 2 RL (Profiles, section 4.3) by their names there; the rest cover what the RL
profile leaves out and the ontology has: ObjectHasSelf, and ObjectMinCardinality over
things that are told apart. They run until nothing new follows.

Those in `rules/single/` read one statement beside the axioms, so they run over portions
of the graph, and over each statement once. Those in `rules/joined/` need all of it.

The queries in `clashes/` find things that can't be as the axioms say. Rules find no
class that can have no member, so HermiT remains the judge of the ontology.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from itertools import cycle

import pyoxigraph as ox

from glokal.core.namespaces import OWL, RDF, RDFS
from glokal.rdf.scratch_store import ScratchStore, scratch_store
from glokal.rdf.spooled_triples import batches
from glokal.reasoning.axioms import logical_part, with_distinct_names
from glokal.reasoning.beyond_owl import complete
from glokal.reasoning.entailments import Entailments, InconsistentError, of_interest
from glokal.reasoning.rule_queries import construct, queries_in, rows_of
from glokal.reasoning.unsupported_axioms import refuse_uncovered, refuse_unnamed

# Statements that the rules of one statement go through at once.
PORTION = 20_000
_TYPE = ox.NamedNode(RDF + "type")


def reason_by_rules(
    triples: Collection[ox.Triple],
    *,
    namespaces: tuple[str, ...],
    different: tuple[str, ...] = (),
) -> Entailments:
    """Return what follows from the triples, about terms of the namespaces.

    They are gone through several times, and none of them is kept. Individuals of the
    classes in `different` are taken to be as many as their names. Raises UncoveredError
    where the rules would give less than HermiT, and InconsistentError for a thing that
    can't be; silence does not prove consistency.
    """
    started = time.monotonic()
    logic = with_distinct_names(logical_part(triples), different)
    inferred = complete(
        triples, infer_by_rules(logic), lambda t: of_interest(t, namespaces)
    )
    return Entailments(inferred, time.monotonic() - started, cached=False)


def infer_by_rules(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Return what follows from the triples by the rules, and perhaps some of them.

    Beside what is asked for there is rdfs:member, of the lists in axioms. Types that
    are class expressions without a name are left out. Raises UncoveredError and
    InconsistentError.
    """
    with scratch_store() as store:
        store.add(triples)
        refuse_uncovered(store.engine)
        saturation = _Saturation(store)
        saturation.run()
        clashes = tuple(payload for (payload,) in rows_of(store.engine, "clashes"))
        if clashes:
            raise InconsistentError(clashes)
        refuse_unnamed(store.engine)
    return saturation.inferred


class _Saturation:
    """Adds what follows to a store until nothing new does.

    `inferred` is what was added, but for what `_is_named` leaves out.
    """

    def __init__(self, store: ScratchStore) -> None:
        self.inferred: set[ox.Triple] = set()
        self._store = store
        self._axioms: set[ox.Triple] = set()

    def run(self) -> None:
        """Run the rules."""
        for text in queries_in("lists").values():
            self._add(self._new(text))
        self._axioms.update(t for t in self._store.triples() if _is_axiom(t))
        self._follow(self._store.triples())
        rules = queries_in("rules/joined").values()
        quiet = 0
        for text in cycle(rules):
            new = self._new(text)
            if new:
                learned = self._add(new)
                self._follow(self._store.triples() if learned else new)
            quiet = 0 if new else quiet + 1
            if quiet >= len(rules):
                return

    def _new(self, text: str) -> set[ox.Triple]:
        return {
            t
            for t in construct(self._store.engine, text)
            if t not in self.inferred and t not in self._store
        }

    def _follow(self, statements: Iterable[ox.Triple]) -> None:
        """Add what each of the statements gives beside the axioms."""
        while True:
            learned = False
            for portion in batches(statements, PORTION):
                learned |= self._add(_by_single(self._axioms, portion))
            if not learned:
                return
            # Another axiom may say something of every statement.
            statements = self._store.triples()

    def _add(self, new: set[ox.Triple]) -> bool:
        """Add triples, and return whether there is an axiom among them."""
        self._store.add(new)
        self.inferred.update(t for t in new if _is_named(t))
        learned = {t for t in new if _is_axiom(t)} - self._axioms
        self._axioms |= learned
        return bool(learned)


def _by_single(
    axioms: Iterable[ox.Triple], statements: Iterable[ox.Triple]
) -> set[ox.Triple]:
    """Return what follows from the statements, each by itself, and isn't among them."""
    new = set(statements)
    known, results = set(new), set[ox.Triple]()
    while new:
        store = ox.Store()
        for triples in (axioms, new):
            store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
        new = {
            t
            for text in queries_in("rules/single").values()
            for t in construct(store, text)
        }
        new -= known
        known |= new
        results |= new
    return results


def _is_axiom(triple: ox.Triple) -> bool:
    """Whether the rules of one statement may read it as an axiom."""
    predicate = triple.predicate.value
    return predicate.startswith((OWL, RDFS)) and predicate != OWL + "sameAs"


def _is_named(triple: ox.Triple) -> bool:
    """Whether it is another triple than a type that is an unnamed class expression."""
    return not isinstance(triple.object, ox.BlankNode) or triple.predicate != _TYPE
