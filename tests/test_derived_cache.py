"""What was derived is kept, and believed only when it is of these very sources."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.settings import load_project
from glokal.core.signed_cache import SignedCache
from glokal.dataset import derived_cache
from glokal.dataset.derived_cache import DerivedCache
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import parse_turtle

GIVEN = "<urn:a> <urn:p> <urn:b> , [ <urn:q> '_:1' ] . <urn:c> <urn:p> [] ."
NEW = "<urn:new> <urn:p> <urn:new> ."


def triples(text: str) -> list[ox.Triple]:
    return parse_turtle(text, "x.ttl")[0]


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SignedCache:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    project = tmp_path / "project"
    project.mkdir()
    return SignedCache(project / ".cache" / "derived", project)


def is_kept(signed: SignedCache, given: str, *settings: str) -> bool:
    """Whether what is asked for isn't made anew."""
    asked = []

    def make() -> Iterable[ox.Triple]:
        asked.append(1)
        return triples(NEW)

    kept = DerivedCache(signed, triples(given), *settings)
    assert list(kept.triples("x", make)) == triples(NEW)
    return not asked


def test_the_same_is_made_once_whatever_its_blank_nodes_are_called(
    signed: SignedCache,
) -> None:
    assert not is_kept(signed, GIVEN)
    assert triples(GIVEN) != triples(GIVEN)
    assert is_kept(signed, GIVEN)


@pytest.mark.parametrize(
    "other",
    [
        GIVEN.replace("urn:b", "urn:d"),
        GIVEN.replace("urn:q", "urn:r"),
        GIVEN.replace("'_:1'", "'_:2'"),
        GIVEN.replace("'_:1'", "[]"),
        # The blank node that two statements have in common is another.
        "<urn:a> <urn:p> <urn:b> , _:x . _:x <urn:q> '_:1' . <urn:c> <urn:p> _:x .",
        GIVEN + "<urn:e> <urn:p> <urn:f> .",
    ],
)
def test_something_else_is_made_anew(signed: SignedCache, other: str) -> None:
    is_kept(signed, GIVEN)
    assert not is_kept(signed, other)
    # There is one entry, of what came last.
    assert is_kept(signed, other) and not is_kept(signed, GIVEN)


def test_what_stands_in_a_later_portion_counts(
    signed: SignedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derived_cache, "_BATCH", 2)
    many = "".join(f"<urn:a> <urn:p> <urn:b{n}> , [] ." for n in range(9))
    assert not is_kept(signed, many)
    assert is_kept(signed, many)
    assert not is_kept(signed, many.replace("b8", "c8"))


def test_another_setting_and_other_modules_make_it_anew(
    signed: SignedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_kept(signed, GIVEN, "hermit")
    assert not is_kept(signed, GIVEN, "rules")
    assert is_kept(signed, GIVEN, "rules")
    monkeypatch.setattr(derived_cache, "_makers_digest", lambda: "other")
    assert not is_kept(signed, GIVEN, "rules")


def test_a_changed_query_is_another_maker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reasoning").mkdir()
    query = tmp_path / "reasoning" / "chain.rq"
    monkeypatch.setattr(derived_cache, "_PACKAGE", tmp_path)
    monkeypatch.setattr(derived_cache, "_MAKERS", ("reasoning",))
    digests = set()
    for text in ("SELECT ?a", "SELECT ?b"):
        query.write_text(text, encoding="utf-8")
        digests.add(derived_cache._makers_digest.__wrapped__())
    assert len(digests) == 2


def test_what_has_blank_nodes_is_not_kept(signed: SignedCache) -> None:
    asked = []

    def make() -> Iterable[ox.Triple]:
        asked.append(1)
        return triples(GIVEN)

    for _ in range(2):
        DerivedCache(signed, triples(NEW)).triples("x", make)
    assert len(asked) == 2


def _derived(folder: Path) -> tuple[Workspace, list[tuple[ox.Triple, ...]]]:
    made = Workspace(load_project(folder))
    return made, [made.inferred, made.derivation_triples, made.standard_words]


def test_the_graphs_of_a_project_are_the_same_as_worked_out(region: Path) -> None:
    first, worked_out = _derived(region)
    second, kept = _derived(region)
    assert kept == worked_out
    assert kept[0] and kept[1]
    assert "explanations" in first.__dict__
    assert not {"explanations", "entailments"} & second.__dict__.keys()


def test_a_forged_graph_is_not_believed(region: Path) -> None:
    _, worked_out = _derived(region)
    entries = list((region / ".cache/glokal/derived").iterdir())
    assert len(entries) == 2
    for entry in entries:
        # The code of before, the right digest, and one statement more.
        with entry.open("a", encoding="utf-8") as file:
            file.write("<urn:a> <urn:forged> <urn:b> .\n")
    assert _derived(region)[1] == worked_out


def test_a_day_is_worked_out(region: Path) -> None:
    project = load_project(region)
    whole = Workspace(project).inferred
    some = Workspace(project, project.modified).inferred
    assert {entry.name for entry in (region / ".cache/glokal/derived").iterdir()} == {
        "strategy-inferred.nt"
    }
    assert some and whole
