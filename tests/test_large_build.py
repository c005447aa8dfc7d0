"""A large project's publication: the same bytes from files as from memory."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.files.spool import Spool
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf import keyed_triples, sorted_graph, spooled_triples
from glokal.rdf.keyed_triples import KeyedTriples
from glokal.rdf.sorted_graph import distinct_objects, distinct_subjects
from glokal.rdf.terms import text_of
from glokal.site import triple_lookup
from glokal.site.build import build_site
from glokal.site.citations import Cited
from glokal.site.graph_view import GraphView
from glokal.site.pages import gathered_rows
from glokal.site.triple_lookup import TriplesFiled, TriplesHeld, by_subject
from glokal.source import node_lookup
from tests.conftest import copy_project

EX = "https://example.org/"


def triple(subject: str, value: object) -> ox.Triple:
    term = value if isinstance(value, ox.NamedNode) else ox.Literal(str(value))
    return ox.Triple(ox.NamedNode(EX + subject), ox.NamedNode(EX + "is"), term)


def subject_of(t: ox.Triple) -> str:
    return text_of(t.subject)


def keyed(*entries: tuple[int, ox.Triple]) -> KeyedTriples:
    """Keep triples with their marks by their subjects."""
    given = ((subject_of(t), mark, t) for mark, t in entries)
    return KeyedTriples(given, subject_of, Spool())


def test_a_key_has_its_triples_in_the_order_given_with_their_marks() -> None:
    a, b, c = triple("x", 2), triple("y", 5), triple("x", 1)
    kept = keyed((7, a), (0, b), (255, c), (3, a))
    assert list(kept.of(EX + "x")) == [(a, 7), (c, 255), (a, 3)]
    assert list(kept.of(EX + "y")) == [(b, 0)]
    assert list(kept.of(EX + "z")) == []
    assert list(keyed().of(EX + "x")) == []


def test_two_keys_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyed_triples, "key_hash", lambda _: 1)
    monkeypatch.setattr("glokal.core.files.key_places.key_hash", lambda _: 1)
    a, b, c = triple("x", 1), triple("y", 2), triple("x", 3)
    kept = keyed((1, a), (2, b), (3, c))
    assert list(kept.of(EX + "x")) == [(a, 1), (c, 3)]
    assert list(kept.of(EX + "y")) == [(b, 2)]
    assert list(kept.of(EX + "z")) == []


def test_a_look_keeps_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyed_triples, "_KEPT", 4)
    some = [triple(f"s{n}", m) for n in range(9) for m in range(3)]
    kept = keyed(*((n % 200, t) for n, t in enumerate(some)))
    for n in [*range(9), *range(9), 99]:
        found = [t for t, _ in kept.of(f"{EX}s{n}")]
        assert found == some[3 * n : 3 * n + 3]
        assert sum(map(len, kept._kept.values())) <= 4


def test_triples_are_looked_up_in_files_as_in_memory(strategy: Workspace) -> None:
    held, filed = TriplesHeld(strategy.files), TriplesFiled(strategy.files)
    triples = [t for f in strategy.files for t in f.triples]
    subjects = {text_of(t.subject) for t in triples}
    objects = {t.object.value for t in triples if isinstance(t.object, ox.NamedNode)}
    for iri in sorted(subjects | objects):
        assert list(held.out(iri)) == list(filed.out(iri))
        assert list(held.into(iri)) == list(filed.into(iri))
        for lang in ("nb", "sv"):
            assert held.labels.literal(iri, lang) == filed.labels.literal(iri, lang)
    for t in triples:
        assert set(held.kinds(t)) == set(filed.kinds(t)) != set()
    assert len({frozenset(held.kinds(t)) for t in triples}) > 3


def test_a_triple_of_two_kinds_of_files_is_of_neither_alone(
    strategy: Workspace,
) -> None:
    kinds: dict[ox.Triple, set[str]] = {}
    for file in strategy.files:
        for t in file.triples:
            kinds.setdefault(t, set()).add(file.kind)
    view = GraphView(strategy)
    for t, said in kinds.items():
        assert (t in view.registered) == (said == {"reference"})
        assert (t in view.added) == (said == {"supplement"})
        beside = ({"reference"}, {"supplement"}, {"register"})
        assert (t in view.beside) == (said in beside)


def test_what_follows_is_looked_up_by_its_subject(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some = [triple(f"s{n % 5}", n) for n in range(20)]
    held = by_subject(some, len(some))
    monkeypatch.setattr(triple_lookup, "FOLLOWING", 0)
    filed = by_subject(some, len(some))
    for n in range(6):
        assert list(held(f"{EX}s{n}")) == list(filed(f"{EX}s{n}"))
    assert len(held(f"{EX}s1")) == 4


def test_the_nodes_of_statements_are_made_anew_as_they_were(
    strategy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = GraphView(strategy)
    held = Cited(view, strategy.provenance)._nodes
    monkeypatch.setattr(node_lookup, "IN_MEMORY", 0)
    filed = Cited(view, strategy.provenance)._nodes
    nodes = strategy.provenance.nodes.values()
    for subject in {text_of(n.triple.subject) for n in nodes}:
        assert list(held.of(subject)) == list(filed.of(subject)) != []
    found = 0
    for node in nodes:
        one, other = text_of(node.triple.subject), text_of(node.triple.object)
        for t in view.out(one):
            for pair in ((text_of(t.object), other), (other, text_of(t.object))):
                tied = sorted(held.connecting(*pair))
                assert tied == sorted(filed.connecting(*pair))
                found += bool(tied)
    assert found > 100
    for node in nodes:
        assert filed.node(node.triple) == node
    unsaid = triple("x", 1)
    assert held.node(unsaid) is filed.node(unsaid) is None


def test_subjects_and_objects_are_counted_without_being_held() -> None:
    blank = ox.BlankNode("b")
    is_, one = ox.NamedNode(EX + "is"), ox.Literal("1")
    some = [
        *(triple(f"s{n % 7}", n % 5) for n in range(40)),
        # As subject and as object, with a blank node and without.
        ox.Triple(ox.NamedNode(EX + "s1"), is_, blank),
        ox.Triple(blank, is_, one),
        ox.Triple(blank, is_, ox.Literal("1", language="nb")),
        triple("other", ox.NamedNode(EX + "s1")),
    ]
    graph = sorted_graph.sorted_graph(some, Spool())
    found = Counter(distinct_subjects(graph))
    assert found == Counter({text_of(t.subject) for t in some})
    assert found == Counter(distinct_subjects(some))
    assert distinct_objects(graph) == distinct_objects(some) == 8


def files_in(root: Path) -> dict[str, bytes]:
    """Return the files of a publication, but for the record of its build."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != ".glokal"
    }


def test_a_build_from_files_gives_the_same_bytes(
    region_publication: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_project(region_publication, tmp_path / "region")
    shutil.rmtree(folder / "public", ignore_errors=True)
    for module in (
        spooled_triples, sorted_graph, triple_lookup, node_lookup, gathered_rows
    ):  # fmt: skip
        monkeypatch.setattr(module, "IN_MEMORY", 0)
    monkeypatch.setattr(triple_lookup, "FOLLOWING", 0)
    assert build_site(Workspace(load_project(folder)), folder / "public")
    expected = files_in(region_publication / "public")
    assert len(expected) > 100
    assert files_in(folder / "public") == expected
