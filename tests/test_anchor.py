"""Proposals for statements of things with several passages, in a few lines."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import SourceError
from glokal.rdf.project_files import PROVENANCE
from glokal.rdf.source_files import SourceFile
from glokal.rdf.turtle.formatter import write_turtle
from glokal.source.anchor import Proposal, propose
from glokal.source.provenance import StatementNode, node_triples, trace
from glokal.source.statements import statement_iri
from tests.hand_made import ID, PREFIXES, source_file, triples

SOURCE = source_file(
    """
id:doc a glo:SourceDocument ; dcterms:language "nb" .
id:p1 a glo:SourcePassage ; glo:exactText "NTNU er med." ; glo:startOffset 0 ;
  glo:passageOf id:doc .
id:p2 a glo:SourcePassage ; glo:exactText "SINTEF og NTNU er med." ;
  glo:startOffset 20 ; glo:passageOf id:doc .
""",
    name="data/source.ttl",
)
NAMES = source_file(
    'id:ntnu rdfs:label "NTNU"@nb . id:sintef rdfs:label "SINTEF"@nb .'
    'id:cern rdfs:label "CERN"@nb .',
    "reference",
    "data/reference/names.ttl",
)
GOALS = source_file(
    "id:goal glo:statedIn id:p1 , id:p2 ; glo:partner id:ntnu , id:sintef , id:cern ."
    # One passage: what it says follows from that, and nobody chooses.
    "id:sure glo:statedIn id:p1 ; glo:partner id:sintef .",
    name="data/strategy/goals.ttl",
)
PLANS = source_file(
    "id:plan glo:statedIn id:p1 , id:p2 ; glo:partner id:sintef .",
    name="data/strategy/plans.ttl",
)
FILES = (SOURCE, NAMES, GOALS, PLANS)


def node(statement: str, *passages: str) -> StatementNode:
    (triple,) = triples(statement)
    chosen = tuple(ID + passage for passage in passages)
    return StatementNode(statement_iri(triple, ID), triple, chosen)


NTNU = node("id:goal glo:partner id:ntnu .", "p1", "p2")
SINTEF = node("id:goal glo:partner id:sintef .", "p2")
PLAN = node("id:plan glo:partner id:sintef .", "p2")
# A choice of something that the strategy doesn't say any more.
STRAY = node("id:goal glo:partner id:gone .", "p1")


def chosen(folder: Path, name: str, *nodes: StatementNode) -> SourceFile:
    """A file of choices as it lies on the disk."""
    held = [t for each in nodes for t in node_triples(each)]
    path = folder / f"{name}.ttl"
    path.write_text(write_turtle(held, PREFIXES), encoding="utf-8")
    file = source_file("", PROVENANCE, f"data/{PROVENANCE}/{name}.ttl")
    return dataclasses.replace(file, path=path, triples=tuple(held))


def proposal(*choices: SourceFile) -> Proposal:
    return propose(
        FILES, choices, trace(FILES, choices, ID), things=ID, prefixes=PREFIXES
    )


def nodes(text: str) -> set[ox.Triple]:
    return {q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE)}


def of(*held: StatementNode) -> set[ox.Triple]:
    return {t for each in held for t in node_triples(each)}


def test_what_has_no_choice_gets_the_passages_that_speak_of_it() -> None:
    made = proposal()
    assert {name: nodes(text) for name, text in made.files.items()} == {
        "data/provenance/goals.ttl": of(NTNU, SINTEF),
        "data/provenance/plans.ttl": of(PLAN),
    }
    assert (made.proposed, made.retired) == (3, 0)
    # What no passage names is for a person to place.
    (unplaced,) = made.unplaced
    assert unplaced.triple == triples("id:goal glo:partner id:cern .")[0]
    assert list(made.files) == sorted(made.files)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.proposed = 4  # type: ignore[misc]
    assert "@prefix glo:" in made.files["data/provenance/plans.ttl"]


def test_choices_that_stand_are_kept_and_those_of_what_is_gone_are_not(
    tmp_path: Path,
) -> None:
    # A person has chosen only one of the passages that speak of it.
    kept = node("id:goal glo:partner id:ntnu .", "p2")
    made = proposal(chosen(tmp_path, "goals", kept, STRAY))
    assert nodes(made.files["data/provenance/goals.ttl"]) == of(kept, SINTEF)
    assert (made.proposed, made.retired) == (2, 1)


def test_a_file_of_which_nothing_changes_is_not_written(tmp_path: Path) -> None:
    goals = chosen(tmp_path, "goals", NTNU, SINTEF)
    made = proposal(goals, chosen(tmp_path, "plans", PLAN))
    assert made.files == {}
    assert (made.proposed, made.retired, len(made.unplaced)) == (0, 0, 1)
    # What one file needs is no reason to write the other.
    assert list(proposal(goals).files) == ["data/provenance/plans.ttl"]


def test_a_choice_is_taken_away_where_nothing_comes_instead(tmp_path: Path) -> None:
    made = proposal(
        chosen(tmp_path, "goals", NTNU, SINTEF, STRAY), chosen(tmp_path, "plans", PLAN)
    )
    assert {name: nodes(text) for name, text in made.files.items()} == {
        "data/provenance/goals.ttl": of(NTNU, SINTEF)
    }
    assert made.retired == 1


def test_a_file_that_is_not_formatted_is_not_touched(tmp_path: Path) -> None:
    goals = chosen(tmp_path, "goals", STRAY)
    text = goals.path.read_text(encoding="utf-8")
    goals.path.write_text(text + "\n\n# Why.\n\n", encoding="utf-8")
    with pytest.raises(SourceError, match="not formatted"):
        proposal(goals)
