"""A store for the time of some queries: on disk as in memory, and gone in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import MachineError
from glokal.core.files import temporary
from glokal.rdf import scratch_store as module
from glokal.rdf.scratch_store import scratch_store


def triples(*numbers: int) -> list[ox.Triple]:
    p = ox.NamedNode("urn:p")
    return [
        ox.Triple(ox.BlankNode(f"b{n}"), p, ox.Literal(f"{n} ø", language="nb"))
        for n in numbers
    ]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let ten triples be many, and look at where temporary files go."""
    monkeypatch.setattr(module, "IN_MEMORY", 10)
    monkeypatch.setattr(module, "PORTION", 4)
    monkeypatch.setattr(temporary, "temporary_place", lambda: tmp_path)
    return tmp_path


def test_what_is_large_lies_on_disk_and_is_gone_in_the_end(place: Path) -> None:
    with scratch_store() as store:
        store.add(iter(triples(*range(9))))
        assert not list(place.iterdir())
        store.add(iter(triples(*range(5, 30))))
        assert list(place.iterdir())
        assert sorted(store.triples(), key=str) == sorted(triples(*range(30)), key=str)
        assert triples(3)[0] in store
        assert triples(30)[0] not in store
    assert not list(place.iterdir())


def test_the_same_again_is_no_more(place: Path) -> None:
    with scratch_store() as store:
        for _ in range(5):
            store.add(triples(*range(6)))
        assert not list(place.iterdir())
        assert len(list(store.triples())) == 6


def test_what_is_gone_through_is_what_was_there_when_it_began(place: Path) -> None:
    for many in (5, 40):
        with scratch_store() as store:
            store.add(triples(*range(many)))
            went = []
            for t in store.triples():
                went.append(t)
                store.add([ox.Triple(t.subject, ox.NamedNode("urn:q"), t.object)])
            assert sorted(went, key=str) == sorted(triples(*range(many)), key=str)


def test_a_failure_leaves_nothing(place: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch_store() as store:
        store.add(triples(*range(30)))
        assert list(place.iterdir())
        1 / 0  # noqa: B018
    assert not list(place.iterdir())


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("IO error: No space left on device: While appending to file: x.sst", "space"),
        ("IO error: While appending to file: x.sst: File too large", "ulimit -f"),
        ("Corruption: x", "Corruption: x"),
    ],
)
def test_a_place_that_takes_no_more_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, said: str, known: str
) -> None:
    class Full:
        def __init__(self, folder: str = "") -> None:
            self._quads: list[ox.Quad] = []

        def extend(self, quads: Iterable[ox.Quad]) -> None:
            self._quads += quads

        def bulk_extend(self, quads: Iterable[ox.Quad]) -> None:
            raise OSError(said)

        def __len__(self) -> int:
            return len(self._quads)

        def __iter__(self) -> Iterator[ox.Quad]:
            return iter(self._quads)

    monkeypatch.setattr(ox, "Store", Full)
    with pytest.raises(MachineError) as caught, scratch_store() as store:
        store.add(triples(*range(30)))
    told = str(caught.value)
    assert str(place) in told and known in told
    assert not list(place.iterdir())
