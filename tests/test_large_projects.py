"""What is too large for memory, with limits so low that the real strategy is."""

from __future__ import annotations

import gc
import os
import random
import shutil
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import MachineError, SourceError
from glokal.core.files import spool as spool_module
from glokal.core.files.spool import Segment, Spool
from glokal.core.settings import load_project
from glokal.dataset.sorted_graphs import workspace_digest
from glokal.dataset.workspace import Workspace
from glokal.rdf import scratch_store, sorted_graph, spooled_triples
from glokal.rdf.source_files import SourceFile, read_file, read_sources
from glokal.rdf.spooled_triples import SpooledTriples, TripleHolder, ntriples
from glokal.store import embedded
from glokal.store.embedded import EmbeddedStore

ROOT = Path(__file__).parents[1]
AWKWARD = """\
@prefix : <https://e.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :b "\\u0001\\r\\n\\\\\\"é\\U0001F300" , "x"@nb-NO , "007"^^xsd:integer ;
  :c [ :d _:one ; :e ( 1 _:one 1.50 ) ] .
_:one :d :a .
:a :b "x"@nb-NO .
"""


@pytest.fixture
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (spooled_triples, sorted_graph, scratch_store, embedded):
        monkeypatch.setattr(module, "IN_MEMORY", 50)


def quad(number: int, graph: str = "g") -> ox.Quad:
    term = ox.NamedNode(f"https://e.example/{number}")
    return ox.Quad(term, term, ox.Literal(number), ox.NamedNode(f"urn:{graph}"))


def test_a_segment_is_read_by_several_at_once() -> None:
    spool, chance = Spool(), random.Random(1)
    sizes = [[chance.randint(0, 90_000) for _ in range(3)] for _ in range(3)]
    parts = [[chance.randbytes(size) for size in three] for three in sizes]
    segments = [spool.write(three) for three in parts]
    # All are open together, and are read by turns in pieces that fit nothing.
    readers = [(segment.open(), bytearray()) for segment in segments * 2]
    for _ in range(300):
        for file, read in readers:
            read.extend(file.read(997))
    assert [bytes(read) for _, read in readers] == [b"".join(p) for p in parts * 2]


def test_a_spool_takes_one_writer_at_a_time() -> None:
    spool = Spool()

    def parts() -> list[bytes]:
        spool.write([b"x"])
        return []

    with pytest.raises(RuntimeError):
        spool.write(part for _ in "a" for part in parts())
    assert list(spool.write([b"one\n", b"two"])) == [b"one\n", b"two"]


def test_a_spool_is_there_as_long_as_its_segments() -> None:
    def open_files() -> int:
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir()))

    before = open_files()
    segment: Segment | None = Spool().write([b"kept"])
    gc.collect()
    assert segment is not None
    assert segment.open().read() == b"kept"
    segment = None
    assert open_files() == before


def test_a_child_process_writes_to_a_file_of_its_own() -> None:
    spool = Spool()
    before = spool.write([b"before"])
    children = []
    for number in range(2):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            made = spool.write([b"%d" % number] * 100_000)
            os.write(writing, b"".join(set(made.blocks()))[:5] + before.open().read())
            os._exit(0)
        os.close(writing)
        children.append((pid, reading))
    after = spool.write([b"after"])
    for number, (pid, reading) in enumerate(children):
        assert os.read(reading, 99) == b"%d" % number * 5 + b"before"
        os.waitpid(pid, 0)
        os.close(reading)
    assert after.open().read() == b"after"
    assert before.open().read() == b"before"


def test_no_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool_module, "write_all", full)
    with pytest.raises(MachineError, match="Temporary files can't be written"):
        Spool().write([b"x"])


def test_triples_come_back_as_they_were_read(tmp_path: Path) -> None:
    path = tmp_path / "awkward.ttl"
    path.write_text(AWKWARD, encoding="utf-8")
    held = read_file(path, "awkward.ttl", "", "").triples
    kept = read_file(path, "awkward.ttl", "", "", TripleHolder(0)).triples
    assert isinstance(kept, SpooledTriples)
    first = list(kept)
    # A blank node has one name in all iterations, and one of its own in each reading.
    assert first == list(kept)
    assert len(first) == len(kept) == len(held)
    assert first[0] in kept
    assert ox.Triple(*[ox.NamedNode("urn:x")] * 3) not in kept
    assert _digest(kept) == _digest(held)
    literals = [t.object for t in held if isinstance(t.object, ox.Literal)]
    assert [t.object for t in first if isinstance(t.object, ox.Literal)] == literals


def test_lines_without_blank_nodes_are_sorted_as_they_are() -> None:
    triples = [quad(number % 7).triple for number in range(20)]
    kept = TripleHolder(0).keep(iter(triples))
    assert isinstance(kept, SpooledTriples)
    assert not kept.bound
    graph = sorted_graph.sorted_graph(kept, Spool())
    assert list(graph.lines) == sorted({ntriples([t]) for t in triples})
    assert graph.digest == _digest(triples)
    node = ox.Triple(ox.BlankNode(), ox.NamedNode("urn:p"), ox.Literal(1))
    # The last of many batches counts as the first.
    many = TripleHolder(0).keep([*triples * 500, node])
    assert isinstance(many, SpooledTriples)
    assert many.bound


def test_a_syntax_error_beyond_the_limit_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n" * 9 + "<urn:a> <urn:b> ;;\n", "utf-8")
    with pytest.raises(SourceError) as caught:
        read_file(path, "wrong.ttl", "", "", TripleHolder(3))
    assert caught.value.place is not None
    assert caught.value.place.line in (10, 11)


def test_a_holder_keeps_what_has_room() -> None:
    holder = TripleHolder(5)
    triples = [quad(n).triple for n in range(4)]
    kept = [holder.keep(iter(triples)) for _ in range(3)]
    assert [isinstance(k, SpooledTriples) for k in kept] == [False, True, True]
    assert [list(k) for k in kept] == [triples] * 3


def test_a_large_store_is_on_disk_as_long_as_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(embedded, "IN_MEMORY", 3)
    monkeypatch.setattr(scratch_store, "PORTION", 2)
    triples = [quad(number).triple for number in range(6)]
    store = EmbeddedStore([("urn:g", triples, True), ("urn:h", triples[:1], False)])
    assert list(tmp_path.iterdir())
    asked = "SELECT ?g ?s { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } }"
    assert len(store.select(asked).rows) == 13
    del store
    gc.collect()
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("low_limits")
def test_the_strategy_is_the_same_out_of_memory(strategy: Workspace) -> None:
    project = load_project(ROOT)
    large = Workspace(project)
    assert any(isinstance(file.triples, SpooledTriples) for file in large.files)
    assert [_same(f) for f in large.files] == [_same(f) for f in strategy.files]
    assert _digest(large.asserted()) == _digest(strategy.asserted())
    assert len(large.asserted()) == len(strategy.asserted())
    assert len(large.view_triples) == len(strategy.view_triples)
    assert workspace_digest(large) == workspace_digest(strategy)
    for query in strategy.queries[::9]:
        if not query.service:
            rows = large.store.select(query.text).rows
            assert sorted(map(str, rows)) == sorted(
                map(str, strategy.store.select(query.text).rows)
            )


def _same(file: SourceFile) -> tuple[str, str, int]:
    return file.graph, _digest(file.triples), len(file.triples)


def _digest(triples: Iterable[ox.Triple]) -> str:
    return sorted_graph.sorted_graph(triples, Spool()).digest


@pytest.mark.usefixtures("low_limits")
def test_a_store_on_disk_has_what_one_in_memory_has(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "region", tmp_path / "region")
    files = read_sources(load_project(tmp_path / "region"))
    graphs = [(file.graph, file.triples, file.in_default_graph) for file in files]
    asked = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = EmbeddedStore(graphs).select(asked).rows
    named = {f"<{f.graph}>": len(set(f.triples)) for f in files if f.triples}
    assert {str(g): int(str(n).split('"')[1]) for g, n in rows} == named
