"""Sources and the store: what is read, what a query sees, what it may not do."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import GlokalError, SourceError
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import read_sources
from glokal.sparql.prepare import prepare
from glokal.sparql.store_interface import Table
from glokal.store.embedded import EmbeddedStore

EX = "http://example.org/"
INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")


def triple(name: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(EX + name), ox.NamedNode(EX + "p"), ox.Literal("x"))


def test_the_default_graph_leaves_the_supplement_out() -> None:
    store = EmbeddedStore(
        [
            (EX + "g/strategy", [triple("a")], True),
            (EX + "g/reference", [triple("b")], True),
            (EX + "g/supplement", [triple("c")], False),
        ]
    )
    seen = store.select("SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s")
    assert [str(row[0]) for row in seen.rows] == [f"<{EX}a>", f"<{EX}b>"]
    named = store.select("SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s")
    assert len(named.rows) == 3


def test_the_same_triple_in_two_graphs_is_one_row() -> None:
    store = EmbeddedStore([(EX + n, [triple("a")], True) for n in "xy"])
    assert len(store.select("SELECT ?s WHERE { ?s ?p ?o }").rows) == 1


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "select * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * {{SERVICE<http://127.0.0.1:9/>{?s ?p ?o}}}",
        'SELECT * { ?s ?p "#" . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }',
        "SELECT * { ?s <http://e/#> 1 . SERVICE ?s { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'it\\'s' . SERVICE ?s { ?s ?p ?o } }",
        'SELECT * { ?s ?p """a""b""" . SERVICE ?s { ?s ?p ?o } }',
        "# \\u000a SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_service_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(SourceError, match="SERVICE is refused"):
        EmbeddedStore([]).query(text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s ?p ?o } # SERVICE",
        "SELECT ?service { ?service <http://e/SERVICE> ?o }",
        "PREFIX service: <http://e/> SELECT * { ?s service:x ?o }",
        "PREFIX a: <http://e/> SELECT * { ?s a:service ?o }",
    ],
)
def test_the_word_service_elsewhere_is_allowed(text: str) -> None:
    prepare(text)
    EmbeddedStore([]).query(text)


def test_a_syntax_error_has_line_and_column() -> None:
    with pytest.raises(SourceError) as caught:
        EmbeddedStore([]).query("SELECT ?x WHERE {\n ?x a b:c }", name="q.rq")
    assert str(caught.value).startswith("q.rq:2:")
    assert "\\u{" not in caught.value.what


def test_updates_are_not_queries() -> None:
    store = EmbeddedStore([(EX + "g", [triple("a")], True)])
    for text in ("CLEAR ALL", "LOAD <http://127.0.0.1:9/x>", "DROP ALL"):
        with pytest.raises(SourceError):
            store.query(text)
    assert isinstance(store.query("SELECT * { ?s ?p ?o }"), Table)


@pytest.mark.parametrize(
    ("raw", "said", "line"),
    [
        (b"\xef\xbb\xbf@prefix : <http://e/> .\n", "byte-order mark", 1),
        ("# æ\n# ø\n".encode() + b"# \xe5\n", "not UTF-8", 3),
        (b"@prefix : <http://e/> .\n:a :b .\n", "syntax error", 2),
    ],
)
def test_a_file_that_cant_be_read_is_named(
    region: Path, raw: bytes, said: str, line: int
) -> None:
    (region / "data" / "strategy" / "bad.ttl").write_bytes(raw)
    with pytest.raises(SourceError, match=said) as caught:
        read_sources(load_project(region))
    assert caught.value.place is not None
    assert caught.value.place.file == "data/strategy/bad.ttl"
    assert caught.value.place.line == line


def test_a_folder_of_an_unknown_kind_is_refused(region: Path) -> None:
    (region / "data" / "rumours").mkdir()
    (region / "data" / "rumours" / "x.ttl").write_text("", encoding="utf-8")
    with pytest.raises(GlokalError, match="data/rumours is none of"):
        read_sources(load_project(region))


def test_dumps_keep_literals_as_they_are_written(region: Path) -> None:
    path = region / "data" / "supplement" / "x.ttl"
    path.parent.mkdir()
    path.write_text(f'<{EX}a> <{EX}p> "007"^^<{INTEGER.value}> .', encoding="utf-8")
    workspace = Workspace(load_project(region))
    file = next(f for f in workspace.files if f.name == "data/supplement/x.ttl")
    assert str(file.triples[0].object).startswith('"007"')
