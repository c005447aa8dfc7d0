"""How an engine is asked: a process that is ready, queries and engine at once."""

from __future__ import annotations

import errno
import io
import time
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.child_process import (
    ChildFailedError,
    ChildTimeoutError,
    ProcessLimits,
    ReadyChild,
    is_running,
)
from glokal.core.errors import InputError, SourceError
from glokal.rdf import any_format
from glokal.rdf.any_format import copy_triples, read_triples
from glokal.rdf.rdf_input import plain_input
from glokal.validation.shacl import engine_call, engine_process
from glokal.validation.shacl.engine_call import ready_engine
from glokal.validation.shacl.engine_process import run_engine
from glokal.validation.shacl.validate_files import validate_files

EX = "http://example.org/"
SHAPES = f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <{EX}> .
ex:S a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path ex:n ; sh:minCount 1 ] ;
  sh:sparql [ sh:select "SELECT $this ?value {{ $this <{EX}m> ?value }}" ] .
"""
DATA = f'@prefix ex: <{EX}> .\nex:a a ex:C ; ex:m "x" .\n[] a ex:C ; ex:m _:b .\n'
MODULE = "glokal.validation.shacl.engine_process"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    data, shapes = tmp_path / "data.nt", tmp_path / "shapes.nt"
    for path, text in ((data, DATA), (shapes, SHAPES)):
        triples = (q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE))
        ox.serialize(triples, str(path), format=ox.RdfFormat.N_TRIPLES)
    return data, shapes


def canonical(report: str) -> set[ox.Triple]:
    parsed = ox.parse(input=report, format=ox.RdfFormat.N_TRIPLES)
    dataset = ox.Dataset(parsed)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {q.triple for q in dataset}


def test_queries_beside_the_engine_find_what_they_find_before_it(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = run_engine("shacl", *files)
    monkeypatch.setattr(engine_process, "_AT_ONCE", 0)
    apart = run_engine("shacl", *files)
    # Two lack ex:n, two have ex:m.
    assert together.count("ns/shacl#ValidationResult>") == 4
    assert canonical(together) == canonical(apart)


def test_an_engine_that_fails_beside_the_queries_is_a_failure(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise ValueError("it fell over")

    monkeypatch.setattr(engine_process, "_ask", broken)
    with pytest.raises(ValueError, match="fell over"):
        run_engine("shacl", *files)


def test_a_child_that_is_not_asked_is_gone_afterwards() -> None:
    with ReadyChild(MODULE, (), ProcessLimits(60, 1024)) as child:
        pid = child._child.pid
        assert is_running(pid)
    assert not is_running(pid)


def test_what_is_done_meanwhile_is_done_before_the_answer(
    files: tuple[Path, Path],
) -> None:
    done = []
    with ready_engine(ProcessLimits(60, 1024)) as ready:
        assert ready is not None
        ready.meanwhile = lambda: done.append(True)
        report = engine_call.call_engine(
            "shacl", files[0], files[1], ProcessLimits(60, 1024), ready
        )
    assert done == [True]
    assert "ValidationResult" in report


def test_what_fails_meanwhile_is_no_failure_of_the_engine(
    files: tuple[Path, Path],
) -> None:
    def refuse() -> None:
        raise SourceError("The file is not UTF-8.")

    limits = ProcessLimits(60, 1024)
    with ready_engine(limits) as ready:
        assert ready is not None
        ready.meanwhile = refuse
        with pytest.raises(SourceError, match="not UTF-8"):
            engine_call.call_engine("shacl", *files, limits, ready)


def test_what_takes_long_meanwhile_leaves_time_to_read_the_answer(
    files: tuple[Path, Path],
) -> None:
    limits = ProcessLimits(1.5, 1024)
    with ready_engine(limits) as ready:
        assert ready is not None
        ready.meanwhile = partial(time.sleep, 2.0)
        assert engine_call.call_engine("shacl", *files, limits, ready)


def test_a_ready_child_keeps_its_limit_and_says_why_it_failed() -> None:
    with (
        ReadyChild(MODULE, (), ProcessLimits(0.01, 1024)) as child,
        pytest.raises(ChildTimeoutError, match=r"0\.01 seconds"),
    ):
        child.answer(b'["shacl", "/none", "/none"]')
    with (
        ReadyChild(MODULE, (), ProcessLimits(60, 1024)) as child,
        pytest.raises(ChildFailedError, match="Expecting value"),
    ):
        child.answer(b"no work")
    with ReadyChild(MODULE, (), ProcessLimits(60, 1024)) as child:
        child._child.kill()
        child._child.wait()
        with pytest.raises(ChildFailedError, match="SIGKILL"):
            child.answer(b"[]")


def test_a_process_that_can_not_be_started_early_is_started_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> ReadyChild:
        raise OSError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(engine_call, "ReadyChild", refused)
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(SHAPES, encoding="utf-8")
    data.write_text(DATA, encoding="utf-8")
    report = validate_files([shapes], [data], engine="shacl", lang="en")
    assert len(report.findings) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        DATA,
        # What looks like RDF 1.2, and is none.
        f'<{EX}a> <{EX}b> "<< a --b" . # <<( --ltr\n',
        f'<{EX}a> <{EX}b> "å\\n\\u0001"@nb, 1, true, """a\nb""" .',
    ],
)
def test_what_is_copied_whole_is_what_is_read_triple_by_triple(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.ttl"
    path.write_text(text, encoding="utf-8")
    out, prefixes = io.BytesIO(), dict[str, str]()
    copy_triples(plain_input(path), prefixes, out)
    known = dict[str, str]()
    triples = list(read_triples(plain_input(path), known))
    assert canonical(out.getvalue().decode()) == canonical(
        (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    )
    assert prefixes == known


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"<{EX}a> <{EX}b> <<( <{EX}a> <{EX}b> 1 )>> .", None),
        (f'<{EX}a> <{EX}b> "a"@ar--rtl .', None),
        (f"<{EX}a> <{EX}b> 1 .\n<{EX}a> <{EX}b>", 2),
    ],
)
def test_what_is_refused_one_by_one_is_refused_when_copied(
    text: str, line: int | None, tmp_path: Path
) -> None:
    path = tmp_path / "data.ttl"
    path.write_text(text, encoding="utf-8")
    errors = []
    for read in (
        lambda: copy_triples(plain_input(path), {}, io.BytesIO()),
        lambda: list(read_triples(plain_input(path), {})),
    ):
        with pytest.raises(InputError) as caught:
            read()
        errors.append(str(caught.value))
        assert caught.value.place is not None
        assert caught.value.place.line == line
    assert errors[0] == errors[1]


def test_a_copy_that_can_not_be_written_is_no_fault_of_what_is_read(
    tmp_path: Path,
) -> None:
    class Full(io.BytesIO):
        def write(self, *_: object) -> int:
            raise OSError(errno.ENOSPC, "full")

    path = tmp_path / "data.ttl"
    path.write_text(DATA, encoding="utf-8")
    assert any_format._is_plain(plain_input(path))
    with pytest.raises(OSError, match="full") as caught:
        copy_triples(plain_input(path), {}, Full())
    assert caught.value.errno == errno.ENOSPC
