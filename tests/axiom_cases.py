"""For each axiom the question that it answers, and a small graph that needs it.

`axioms/*.toml` has the cases, `axioms/relations.csv` the domains and ranges. What is
expected is written by hand, never read from the axiom, so that a changed axiom fails.

A domain that also follows from an inverse or a wider property is said all the same: a
property tells its own ends, and OOPS P11 looks for them there. The case then removes
both, and names the other under "also from".
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import GLO, OWL, RDF, RDFS
from glokal.reasoning.axioms import logical_axioms
from tests.conftest import ROOT

FOLDER = Path(__file__).parent / "axioms"
PREFIXES = """
@prefix : <https://example.org/id/> .
@prefix code: <https://w3id.org/glokal/code/> .
@prefix glo: <https://w3id.org/glokal/def#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
LITERALS = {"string": '"text"', "integer": "1", "boolean": "true"}
WRONG = {"string": "1", "integer": '"text"', "boolean": '"text"'}
Triples = frozenset[ox.Triple]


@dataclass(frozen=True)
class Case:
    """A small graph: what follows from it by the axiom, or that it can't be.

    `removed` are axioms that say the same and must go for the axiom to be missed.
    """

    name: str
    axiom: str
    question: str
    given: str
    follows: str
    clash: bool = False
    removed: tuple[str, ...] = ()
    query: str = ""


def parse(text: str) -> list[ox.Triple]:
    """Read Turtle with the prefixes above."""
    parsed = ox.parse(input=PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return [quad.triple for quad in parsed]


@cache
def ontology() -> tuple[ox.Triple, ...]:
    """The words and axioms as Glokal gives them to the reasoner."""
    triples = [
        quad.triple
        for name in ("core", "axioms")
        for quad in ox.parse(path=ROOT / "ontology" / f"{name}.ttl")
    ]
    return tuple(logical_axioms(triples))


def axioms_of(triples: Iterable[ox.Triple]) -> dict[str, Triples]:
    """Return each axiom of a graph: its canonical text, and its triples.

    An axiom is a triple with its blank nodes unfolded, or a blank node that no triple
    points to (OWL 2 Mapping to RDF Graphs, section 3).
    """
    listed = list(triples)
    about: dict[object, list[ox.Triple]] = {}
    for t in listed:
        about.setdefault(t.subject, []).append(t)
    inner = {t.object for t in listed if isinstance(t.object, ox.BlankNode)}
    found: dict[str, Triples] = {}
    for subject, own in about.items():
        if isinstance(subject, ox.BlankNode):
            if subject not in inner:
                found[_told(subject, about)] = frozenset(_below(subject, about))
            continue
        for t in own:
            text = f"{_told(t.subject, {})} {_told(t.predicate, {})} "
            below = _below(t.object, about) if t.object in inner else ()
            found[text + _told(t.object, about)] = frozenset((t, *below))
    return found


def _told(term: object, about: Mapping[object, list[ox.Triple]]) -> str:
    if not isinstance(term, ox.BlankNode):
        text = str(term).replace("<" + GLO, "<glo:").replace("<" + OWL, "<owl:")
        return text.replace("<" + RDFS, "<rdfs:").replace("<" + RDF, "<rdf:")
    pairs = sorted(
        f"{_told(t.predicate, about)} {_told(t.object, about)}" for t in about[term]
    )
    return "[" + "; ".join(pairs) + "]"


def _below(
    term: object, about: Mapping[object, list[ox.Triple]]
) -> Iterable[ox.Triple]:
    for t in about.get(term, ()):
        yield t
        if isinstance(t.object, ox.BlankNode):
            yield from _below(t.object, about)


def load_cases() -> list[Case]:
    """Return the cases of every file."""
    cases: list[Case] = []
    for stem in ("defined", "faults"):
        with (FOLDER / f"{stem}.toml").open("rb") as file:
            for number, entry in enumerate(tomllib.load(file)["case"]):
                cases += _of_entry(f"{stem}-{number}", entry)
    with (FOLDER / "relations.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            cases += _of_relation(row)
    return cases


def load_kept() -> frozenset[str]:
    """Return the axioms that say nothing to a reasoner, and are kept for a reason."""
    with (FOLDER / "kept.toml").open("rb") as file:
        entries = tomllib.load(file)["kept"]
    assert all(entry["reason"] for entry in entries)
    return frozenset(axiom for entry in entries for axiom in entry["axioms"])


def _of_entry(name: str, entry: Mapping[str, object]) -> list[Case]:
    axiom, question = str(entry["axiom"]), str(entry["question"])
    if "apart" in entry:
        apart = entry["apart"]
        assert isinstance(apart, list)
        pairs = combinations(apart, 2)
        return [
            Case(
                f"{name}-{a}-{b}", axiom, question, f":x a {a} , {b} .", "", clash=True
            )
            for a, b in pairs
        ]
    removed = entry.get("removed", [])
    assert isinstance(removed, list)
    return [
        Case(
            name,
            axiom,
            question,
            str(entry["given"]),
            str(entry.get("follows", "")),
            clash=bool(entry.get("clash", False)),
            removed=tuple(removed),
            query=str(entry.get("query", "")),
        )
    ]


def _of_relation(row: Mapping[str, str]) -> list[Case]:
    relation, question = f"glo:{row['property']}", row["question"]
    range_ = row["range"]
    datatype = range_.partition("xsd:")[2]
    (data,) = parse(f"{relation} a owl:DatatypeProperty .")
    value = LITERALS[datatype or "string"] if data in ontology() else ":y"
    cases = []
    if row["domain"]:
        kind = f"glo:{row['domain']}"
        cases.append(
            Case(
                f"{row['property']}-domain",
                f"{relation} rdfs:domain {kind} .",
                question,
                f":x {relation} {value} .",
                f":x a {kind} .",
                removed=_also(row["domain also from"], row["domain"]),
            )
        )
    if range_:
        kind = range_ if datatype else f"glo:{range_}"
        cases.append(
            Case(
                f"{row['property']}-range",
                f"{relation} rdfs:range {kind} .",
                question,
                f":x {relation} {WRONG[datatype] if datatype else ':y'} .",
                "" if datatype else f":y a {kind} .",
                clash=bool(datatype),
                removed=_also(row["range also from"], range_),
            )
        )
    return cases


def _also(text: str, kind: str) -> tuple[str, ...]:
    listed = filter(None, text.split("; "))
    pairs = (item.split() for item in listed)
    return tuple(f"glo:{name} rdfs:{end} glo:{kind} ." for name, end in pairs)
