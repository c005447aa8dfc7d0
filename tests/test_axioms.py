"""Each axiom answers a question or catches a fault: without it, the case fails."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from glokal.reasoning.entailments import InconsistentError
from glokal.reasoning.rules import infer_by_rules
from tests.axiom_cases import (
    Case,
    axioms_of,
    load_cases,
    load_kept,
    ontology,
    parse,
)
from tests.conftest import ROOT
from tests.hermit_process import Hermit

CASES = load_cases()
HEADER = "<https://w3id.org/glokal/def/axioms> "


def key_of(axiom: str) -> str:
    (key,) = axioms_of(parse(axiom))
    return key


def without(case: Case) -> list[ox.Triple]:
    known = axioms_of(ontology())
    gone = frozenset[ox.Triple]().union(
        *(known[key_of(axiom)] for axiom in (case.axiom, *case.removed))
    )
    assert gone
    return [t for t in ontology() if t not in gone]


def holds_by_rules(case: Case, axioms: list[ox.Triple]) -> bool:
    try:
        given = [*axioms, *parse(case.given)]
        closed = {*given, *infer_by_rules(given)}
    except InconsistentError:
        return case.clash
    return not case.clash and set(parse(case.follows)) <= closed


def holds_by_hermit(case: Case, axioms: list[ox.Triple], hermit: Hermit) -> bool:
    answer = hermit.follows([*axioms, *parse(case.given)], parse(case.follows))
    return case.clash if answer is None else not case.clash and answer


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_holds_by_the_axiom_and_not_without_it(case: Case) -> None:
    assert case.question.strip()
    assert case.clash != bool(case.follows)
    assert not set(parse(case.follows)) & set(parse(case.given))
    assert holds_by_rules(case, list(ontology()))
    assert not holds_by_rules(case, without(case))


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if c.name.count("glo:") < 2 or c.name.endswith("Code")],
    ids=lambda case: case.name,
)
def test_hermit_says_the_same(case: Case, hermit: Hermit) -> None:
    assert holds_by_hermit(case, list(ontology()), hermit)
    assert not holds_by_hermit(case, without(case), hermit)


def test_each_axiom_has_a_case_or_a_reason() -> None:
    path = ROOT / "ontology" / "axioms.ttl"
    written = {
        key
        for key in axioms_of(quad.triple for quad in ox.parse(path=path))
        if not key.startswith(HEADER)
    }
    cases = {key_of(case.axiom) for case in CASES}
    kept = {key_of(axiom) for axiom in load_kept()}
    assert written - cases - kept == set()
    assert (cases | kept) - written == set()
    assert cases & kept == set()
    # What is kept for another reason is nothing that a reasoner is given.
    assert kept & set(axioms_of(ontology())) == set()
    assert len(written) > 150
    assert len(CASES) > 250


def test_each_question_with_a_query_has_it() -> None:
    named = {case.query for case in CASES if case.query}
    assert named
    assert {q for q in named if not (ROOT / "queries" / f"{q}.rq").is_file()} == set()
