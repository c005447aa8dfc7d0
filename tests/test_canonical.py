"""The canonical form of a graph, beside pyoxigraph's own of the whole of it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable

import pyoxigraph as ox
import pytest

from glokal.core.files.spool import Spool
from glokal.rdf import canonical
from glokal.rdf.canonical import (
    canonical_quads,
    canonical_text,
    canonical_triples,
    digest,
    in_default_graph,
)
from glokal.rdf.sorted_graph import merged_graph, sorted_graph, without

GROUND = [ox.NamedNode(f"https://e.example/{n}") for n in range(3)]
LITERALS = [ox.Literal('é\n"\\', language="nb"), ox.Literal(""), ox.Literal("\u0001")]


def graph_digest(triples: Iterable[ox.Triple]) -> str:
    """Return the digest of a graph that was sorted."""
    return sorted_graph(triples, Spool()).digest


def by_the_library(quads: list[ox.Quad]) -> list[ox.Quad]:
    """Return a dataset whose every quad has gone through the algorithm."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def made(chance: random.Random) -> list[ox.Quad]:
    """Return quads of a few terms, so that blank nodes are alike; some stand twice."""
    blank = [ox.BlankNode(f"b{n}") for n in range(chance.randint(0, 4))]
    nodes = [*GROUND, *blank, *blank]
    graphs = [ox.DefaultGraph(), *GROUND[:1], *blank[:1]]
    quads = [
        ox.Quad(
            chance.choice(nodes),
            chance.choice(GROUND),
            chance.choice([*nodes, *LITERALS]),
            chance.choice(graphs),
        )
        for _ in range(chance.randint(0, 12))
    ]
    return quads + quads[:2]


def test_the_form_is_that_of_the_whole_dataset() -> None:
    chance = random.Random(11)
    blank = 0
    for _ in range(400):
        quads = made(chance)
        expected = by_the_library(quads)
        assert canonical_quads(quads) == expected
        text = canonical_text(expected)
        blank += b"_:c14n" in text
        assert digest(quads) == hashlib.sha256(text).hexdigest()
    assert blank > 100


def test_a_digest_of_many_runs_is_that_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(13)
    monkeypatch.setattr(canonical, "_RUN", 3)
    for _ in range(400):
        quads = made(chance)
        text = canonical_text(by_the_library(quads))
        assert digest(quads) == hashlib.sha256(text).hexdigest()
        triples = [quad.triple for quad in quads]
        lines = canonical_text(by_the_library(in_default_graph(triples)))
        assert graph_digest(triples) == hashlib.sha256(lines).hexdigest()


def test_a_graph_has_the_digest_of_its_quads() -> None:
    chance = random.Random(12)
    for _ in range(400):
        triples = [quad.triple for quad in made(chance)]
        quads = by_the_library(in_default_graph(triples))
        assert canonical_triples(triples) == [quad.triple for quad in quads]
        whole = hashlib.sha256(canonical_text(quads)).hexdigest()
        assert graph_digest(triples) == whole


def test_the_names_of_blank_nodes_do_not_matter() -> None:
    def graph(*names: str) -> list[ox.Triple]:
        first, second = map(ox.BlankNode, names)
        return [
            ox.Triple(first, GROUND[0], second),
            ox.Triple(second, GROUND[1], LITERALS[0]),
            ox.Triple(GROUND[2], GROUND[1], LITERALS[1]),
        ]

    assert graph_digest(graph("a", "b")) == graph_digest(reversed(graph("x", "a")))
    assert graph_digest(graph("a", "b")) != graph_digest(graph("a", "a"))


def test_a_sorted_graph_has_each_statement_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = random.Random(14)
    monkeypatch.setattr(canonical, "_RUN", 3)
    for _ in range(400):
        triples = [quad.triple for quad in made(chance)]
        graph = sorted_graph(triples, Spool())
        assert set(graph) == set(triples)
        assert len(list(graph)) == len(graph) == len(set(triples))
        lines = list(graph.lines)
        assert lines == sorted(set(lines))
        assert list(graph)[: len(graph.bound)] == list(graph.bound)


def test_graphs_are_merged_as_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(15)
    monkeypatch.setattr(canonical, "_RUN", 3)
    for _ in range(200):
        # A blank node that stands in two of them is the same one.
        graphs = [{quad.triple for quad in made(chance)} for _ in range(3)]
        spool = Spool()
        merged = merged_graph([sorted_graph(g, spool) for g in graphs], spool)
        together = set().union(*graphs)
        assert set(merged) == together
        assert len(merged) == len(list(merged)) == len(together)
        assert merged.digest == graph_digest(together)
        first, second, _ = graphs
        rest = without(sorted_graph(first, spool), sorted_graph(second, spool), spool)
        assert set(rest) == first - second
        assert len(rest) == len(first - second)
