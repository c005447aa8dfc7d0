"""What `glokal validate` reads: any format, packed, streamed, folders, broken files."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import InputError, UsageError
from glokal.rdf.rdf_input import Allowance, open_input
from glokal.validation.report import Report
from glokal.validation.shacl.given_files import matches
from glokal.validation.shacl.validate_files import ReadingOptions, validate_files

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:n ; sh:datatype xsd:integer ] .
"""
TURTLE = '@prefix ex: <http://example.org/> .\nex:a a ex:C ;\n  ex:n "x" .\n'
XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
    ' xmlns:ex="http://example.org/">\n'
    '<ex:C rdf:about="http://example.org/a"><ex:n>x</ex:n></ex:C></rdf:RDF>\n'
)
JSON = (
    '{"@context": {"@vocab": "http://example.org/"},\n'
    '"@id": "http://example.org/a", "@type": "C",\n"n": "x"}\n'
)


@pytest.fixture(autouse=True)
def _one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOKAL_SECOND_ENGINE_TRIPLES", "0")


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPES, encoding="utf-8")
    return path


AS_USUAL = ReadingOptions()


def run(shapes: Path, *data: Path, options: ReadingOptions = AS_USUAL) -> Report:
    return validate_files([shapes], data, engine="shacl", lang="en", options=options)


def places(report: Report) -> list[tuple[str, str, int | None, int | None]]:
    return [
        (Path(f.place.file).name, f.step, f.place.line, f.place.column)
        for f in report.findings
        if f.place is not None and report.fails(f)
    ]


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("x.ttl", TURTLE, 3, 8),
        ("x.n3", TURTLE, 3, 8),
        ("x.owl", TURTLE, 3, 8),
        ("x.owl", XML, 3, 46),
        ("x.owl", '<?xml version="1.0"?>\n' + XML, 4, 46),
        ("x.xml", XML, 3, 46),
        ("x.json", JSON, 3, 6),
        ("x.jsonld", JSON, 3, 6),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_each_ending_gives_the_place_of_the_value(
    shapes: Path, tmp_path: Path, name: str, text: str, line: int, column: int,
    packed: bool,
) -> None:  # fmt: skip
    path = tmp_path / (name + ".gz" * packed)
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert places(run(shapes, path)) == [(path.name, "shacl", line, column)]


def test_standard_input_is_read_in_the_format_that_is_said(shapes: Path) -> None:
    def piped(text: str, *more: str) -> subprocess.CompletedProcess[str]:
        given = ("--shapes", str(shapes), "--data", "-", "--format", "json", *more)
        command = [sys.executable, "-m", "glokal", "validate", *given]
        return subprocess.run(command, input=text, capture_output=True, text=True)

    for text, more in ((TURTLE, ()), (JSON, ("--data-format", "jsonld"))):
        done = piped(text, *more)
        assert done.returncode == 1, done.stderr
        (found,) = json.loads(done.stdout)["findings"]
        assert (found["file"], found["line"]) == ("stdin", 3)
    wrong = piped(JSON)
    assert "--data-format jsonld" in wrong.stdout


def test_a_format_that_is_said_counts_more_than_the_ending(
    shapes: Path, tmp_path: Path
) -> None:
    path = tmp_path / "data.txt"
    path.write_text(TURTLE, encoding="utf-8")
    report = run(shapes, path, options=ReadingOptions(data_format=ox.RdfFormat.TURTLE))
    assert places(report) == [("data.txt", "shacl", 3, 8)]
    with pytest.raises(UsageError, match="unknown ending"):
        run(shapes, path)


def test_what_is_packed_is_unpacked_up_to_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOKAL_DATA_MEGABYTES", "2")
    bomb = tmp_path / "bomb.nt.gz"
    bomb.write_bytes(gzip.compress(b" " * (5 << 20)))
    assert bomb.stat().st_size < 20_000
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(InputError, match="over 2 MB, unpacked"):
        open_input(bomb, scratch, Allowance())
    # All together have the limit, not each.
    half = tmp_path / "half.nt.gz"
    half.write_bytes(gzip.compress(b" " * (3 << 19)))
    both = Allowance()
    open_input(half, scratch, both)
    with pytest.raises(InputError, match="over 2 MB, unpacked"):
        open_input(half, scratch, both)


def test_one_that_can_not_be_read_never_stops_the_others(
    shapes: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.ttl").write_text(TURTLE + "ex:b ex:", encoding="utf-8")
    (folder / "b.ttl.gz").write_bytes(gzip.compress(TURTLE.encode())[:-9])
    (folder / "c.jsonld").write_text("{", encoding="utf-8")
    (folder / "d.rdf").write_text(XML[:-10], encoding="utf-8")
    (folder / "e.n3").write_text("{ <a> <b> <c> } => { <a> <b> <d> } .")
    (folder / "f.ttl").symlink_to("nowhere")
    (folder / "g.ttl.txt").write_text(TURTLE)
    (folder / "h.ttl").write_bytes(b"\xef\xbb\xbf" + TURTLE.encode())
    (folder / "z.ttl").write_text("<a> <b> .", encoding="utf-8")
    other = tmp_path / "unknown.xyz"
    other.write_text("")
    report = run(shapes, folder, other)
    told = places(report)
    assert {name for name, *_ in told} == {
        *"a.ttl b.ttl.gz c.jsonld d.rdf e.n3 f.ttl g.ttl.txt h.ttl z.ttl".split(),
        "unknown.xyz",
    }
    assert {step for _, step, *_ in told} == {"syntax"}
    assert "shacl" in report.left_out
    for finding in report.findings:
        assert set(finding.message) == {"nb", "nn", "en", "sv"}


def test_a_folder_is_read_without_what_is_no_data(shapes: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "x.ttl").write_text("no Turtle")
    (folder / "package.json").write_text('{"name": "x"}')
    (folder / "context.jsonld").write_text('{"@context": {"a": "http://a/"}}')
    (folder / "a.ttl").write_text(TURTLE, encoding="utf-8")
    report = run(shapes, folder)
    assert places(report) == [("a.ttl", "shacl", 3, 8)]
    notes = {f.rule for f in report.findings if not report.fails(f)}
    assert notes == {"plain-json", "context"}
    with pytest.raises(InputError, match="no triple"):
        run(shapes, folder / "context.jsonld")


def test_what_is_excluded_is_not_looked_at(shapes: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "old" / "deep").mkdir(parents=True)
    (folder / "a.ttl").write_text(TURTLE, encoding="utf-8")
    (folder / "old" / "deep" / "b.ttl").write_text("no Turtle")
    (folder / "old" / "loop").symlink_to("..")
    report = run(shapes, folder, options=ReadingOptions(exclude=["old"]))
    assert places(report) == [("a.ttl", "shacl", 3, 8)]


@pytest.mark.parametrize(
    ("name", "pattern", "meant"),
    [
        ("a.ttl", "*.ttl", True),
        ("x/a.ttl", "*.ttl", True),
        ("x/a.ttl", "x", True),
        ("x/a.ttl", "x/", True),
        ("y/x/a.ttl", "x/*.ttl", False),
        ("y/x/a.ttl", "**/x/*.ttl", True),
        ("x/y/z/a.ttl", "x/**/a.*", True),
        ("x/a.ttl", "x/**/a.*", True),
        ("xy/a.ttl", "x", False),
        ("x/a.ttl", "y/../x", False),
    ],
)
def test_a_pattern_means_names_below_the_folder(
    name: str, pattern: str, meant: bool
) -> None:
    assert matches(name, pattern) is meant


def test_a_target_class_that_nothing_has_is_a_note(tmp_path: Path) -> None:
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(
        SHAPES.replace("ex:C ;", "ex:C, ex:Misspelt,\n  ex:Above, ex:Text ;")
        + "ex:Own a sh:NodeShape, <http://www.w3.org/2000/01/rdf-schema#Class> .\n"
        "ex:Off a sh:NodeShape ; sh:targetClass ex:Never ; sh:deactivated true .\n"
    )
    data.write_text(
        TURTLE.replace('"x"', "1")
        + "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "ex:Below rdfs:subClassOf ex:Between . ex:Between rdfs:subClassOf ex:Above .\n"
        "ex:b a ex:Below ; rdfs:comment "
        "'<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Text> "
        ".\\n' .\n"
    )
    report = run(shapes, data)
    assert report.clean
    assert [
        (f.rule, f.place and f.place.line, f.text("en").split()[6])
        for f in report.findings
    ] == [
        ("target-without-nodes", 4, "ex:Misspelt,"),
        ("target-without-nodes", 5, "ex:Text,"),
        ("target-without-nodes", 7, "ex:Own,"),
    ]


def test_a_shape_that_nothing_reaches_is_a_note(tmp_path: Path) -> None:
    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(
        SHAPES.replace("sh:targetClass", "sh:node ex:Named ; sh:targetClass")
        + "ex:Named a sh:NodeShape ; sh:nodeKind sh:IRI .\n"
        "ex:Alone a sh:NodeShape ; sh:nodeKind sh:IRI .\n"
    )
    data.write_text(TURTLE.replace('"x"', "1"))
    report = run(shapes, data)
    assert report.clean
    (note,) = report.findings
    assert (note.rule, note.place and note.place.line) == ("shape-unused", 7)
