"""Why a statement follows: from which statements, by which axiom.

Each SELECT in `explanations/` has one kind of axiom. Its columns are the conclusion
(`?s ?p ?o`), the term that the axiom is about and the axiom's own term (`?term ?kind`),
and the premises (`?s1 ?p1 ?o1`, `?s2` …). In `single/` a row is an explanation; in
`gathered/` the rows of one conclusion are one explanation together.

Of several explanations one is kept, so that each rests on what is given or has been
explained before it: no statement is its own reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import pyoxigraph as ox

from glokal.rdf.scratch_store import ScratchStore, scratch_store
from glokal.rdf.terms import text_of
from glokal.reasoning.rule_queries import queries_in
from glokal.sparql.prepare import prepare
from glokal.sparql.seen_part import SeenPart
from glokal.sparql.tree import Query

_SELF = "self"
_FOLDERS = ("single", "gathered")


@dataclass(frozen=True, order=True)
class Axiom:
    """An axiom by the term that it is about, and by what it says of it.

    `kind` is the property or class of OWL, RDFS or SKOS that the axiom is written with.
    """

    term: str
    kind: str


@dataclass(frozen=True)
class Explanation:
    """A statement that follows, what it follows from, and the axiom."""

    conclusion: ox.Triple
    premises: tuple[ox.Triple, ...]
    axiom: Axiom


def explain_inferred(
    given: Collection[ox.Triple], inferred: Iterable[ox.Triple]
) -> dict[ox.Triple, Explanation]:
    """Return an explanation of each inferred triple that the queries explain.

    Relations to oneself, which only help the reasoner, are explained where another
    explanation needs them. The given are gone through several times, and those that no
    query sees aren't kept.
    """
    seen = SeenPart(_queries(), given)
    known, wanted = set(filter(seen.sees, given)), set(inferred)
    candidates: dict[ox.Triple, list[Explanation]] = defaultdict(list)
    with scratch_store() as store:
        store.add(chain(known, wanted))
        itself = {e.conclusion for e in _candidates(store, "single", only=_SELF)}
        store.add(itself)
        # The queries look for reasons of what the reasoner has found, and judge
        # nothing.
        sought = wanted | itself
        for t in given:
            sought.discard(t)
        for folder in _FOLDERS:
            for found in _candidates(store, folder):
                if found.conclusion in sought:
                    candidates[found.conclusion].append(found)
    chosen = _well_founded(known, candidates)
    needed = set(wanted)
    for conclusion in reversed(chosen):
        if conclusion in needed:
            needed.update(chosen[conclusion].premises)
    return {c: e for c, e in chosen.items() if c in needed}


@cache
def _queries() -> tuple[Query, ...]:
    named = {k: v for f in _FOLDERS for k, v in queries_in(f"explanations/{f}").items()}
    return tuple(prepare(text, name) for name, text in named.items())


def _well_founded(
    known: Collection[ox.Triple], candidates: Mapping[ox.Triple, list[Explanation]]
) -> dict[ox.Triple, Explanation]:
    """Return an explanation for each conclusion, in the order that they rest on."""
    chosen: dict[ox.Triple, Explanation] = {}
    waiting = dict(candidates)
    while True:
        ready = {
            conclusion: min(usable, key=_simplicity)
            for conclusion, found in waiting.items()
            if (
                usable := [
                    e
                    for e in found
                    if all(p in known or p in chosen for p in e.premises)
                ]
            )
        }
        if not ready:
            return chosen
        for conclusion in sorted(ready, key=str):
            chosen[conclusion] = ready[conclusion]
            del waiting[conclusion]


def _simplicity(explanation: Explanation) -> tuple[int, Axiom, str]:
    return (
        len(explanation.premises),
        explanation.axiom,
        " ".join(map(str, explanation.premises)),
    )


def _candidates(
    store: ScratchStore, folder: str, *, only: str = ""
) -> Iterator[Explanation]:
    for name, text in queries_in(f"explanations/{folder}").items():
        if only and name != only:
            continue
        result = store.engine.query(text)
        assert isinstance(result, ox.QuerySolutions)
        variables = frozenset(v.value for v in result.variables)
        rows = [_explanation(row, variables) for row in result]
        yield from rows if folder == "single" else _gathered(rows)


def _explanation(row: ox.QuerySolution, variables: frozenset[str]) -> Explanation:
    premises, number = [], 1
    while f"s{number}" in variables:
        premises.append(_triple(row, str(number)))
        number += 1
    axiom = Axiom(text_of(row["term"]), text_of(row["kind"]))
    return Explanation(_triple(row, ""), tuple(premises), axiom)


def _triple(row: ox.QuerySolution, number: str) -> ox.Triple:
    parts: list[Any] = [row[f"{part}{number}"] for part in "spo"]
    return ox.Triple(*parts)


def _gathered(rows: Iterable[Explanation]) -> Iterator[Explanation]:
    together: dict[tuple[ox.Triple, Axiom], dict[ox.Triple, None]] = {}
    for row in rows:
        key = row.conclusion, row.axiom
        together.setdefault(key, {}).update(dict.fromkeys(row.premises))
    for (conclusion, axiom), premises in together.items():
        yield Explanation(conclusion, tuple(sorted(premises, key=str)), axiom)
