"""The command as a person meets it: answers, errors, exit codes, no tracebacks."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import openpyxl
import pytest
import uvicorn
from starlette.applications import Starlette

from glokal.cli.context import Session
from glokal.core.settings.server import Serving
from glokal.dataset.workspace import Workspace
from glokal.server.app import _run
from glokal.server.listening import Listening
from glokal.server.reload import LiveSite
from tests.conftest import ROOT, glokal, glokal_here

COMMANDS = ["check", "validate", "query", "sparql", "build", "serve", "fmt"]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_worth_reading(command: str) -> None:
    shown = glokal(command, "--help", cwd=ROOT)
    assert shown.returncode == 0
    assert len(shown.stdout.splitlines()) >= 12
    assert command in glokal("--help", cwd=ROOT).stdout
    assert f"`glokal {command}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_help_of_all_imports_none_of_them() -> None:
    code = (
        "import sys\n"
        "from glokal.cli.main import cli\n"
        "cli.main(['--help'], standalone_mode=False)\n"
        "sys.exit(any(m in sys.modules for m in ('glokal.cli.check', 'pyoxigraph')))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Are the sources whole, consistent and true to the text?" in shown.stdout


def test_the_question_of_the_readme_has_its_answer() -> None:
    shown = glokal(
        "query", "programmes-spanning-municipalities", "--format", "csv", cwd=ROOT
    )
    rows = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert [(r["programmeLabel"], r["municipalityCount"]) for r in rows] == [
        ("Erasmus+", "4"),
        ("Nordplus", "5"),
        ("Nordplus Adult", "5"),
    ]


def test_the_strategy_is_clean() -> None:
    shown = glokal("check", "--format", "json", cwd=ROOT)
    told = json.loads(shown.stdout)
    assert (shown.returncode, told["findings"]) == (0, [])
    assert told["checked"] == [
        "syntax",
        "owl",
        "ontology",
        "hygiene",
        "shacl",
        "quotes",
        "competency",
    ]
    assert told["notChecked"] == []
    assert told["counts"]["shapes"] >= 12
    assert told["counts"]["queries"] >= 30


@pytest.mark.parametrize("fmt", ["table", "csv", "tsv", "json", "xml"])
@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_answers_in_each_format_and_language(
    fmt: str, lang: str, strategy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # That the command reads the project is seen above and below.
    monkeypatch.setattr(Session, "new_workspace", lambda _session: strategy)
    shown = glokal_here("query", "goals", "--format", fmt, "--lang", lang, cwd=ROOT)
    assert shown.returncode == 0
    word = "settlement" if lang == "en" else "bosetting"
    assert word in shown.stdout


def test_a_workbook_holds_the_rows(tmp_path: Path) -> None:
    target = tmp_path / "rows.xlsx"
    glokal("query", "entry-counts", "--format", "xlsx", "-o", target, cwd=ROOT)
    rows = list(openpyxl.load_workbook(target).active.values)
    assert rows[0][2] == "entryCount"
    assert sum(row[2] for row in rows[1:]) == 64


def test_any_query_runs_from_text_and_from_a_file(tmp_path: Path) -> None:
    kind = "<https://w3id.org/glokal/def#MappingEntry>"
    text = f"SELECT (COUNT(?e) AS ?n) WHERE {{ ?e a {kind} }}"
    file = tmp_path / "q.rq"
    file.write_text(text, encoding="utf-8")
    for asked in ([text], ["-f", str(file)]):
        assert "64" in glokal("sparql", *asked, "--format", "csv", cwd=ROOT).stdout
    made = glokal(
        "sparql",
        "CONSTRUCT WHERE { ?s a <https://w3id.org/glokal/def#Goal> }",
        cwd=ROOT,
    )
    assert made.stdout.count("a glo:Goal .") == 6
    yes = glokal("sparql", "ASK { ?s ?p ?o }", cwd=ROOT)
    assert yes.stdout == "yes\n"


WRONG: list[tuple[list[str], int, str]] = [
    (["query", "gols"], 2, "goals"),
    (["query", "goals", "--param", "x=y"], 2, "ingen parameter «x»"),
    (
        ["query", "entries-of-municipality", "--param", "municipality=verdl"],
        2,
        "velg blant verdal",
    ),
    (["query", "entries-of-municipality", "--param", "verdal"], 2, "NAVN=VERDI"),
    (
        ["query", "entries-of-municipality", "--param", "municipality=Inderøy"],
        2,
        "skriv det som inderoy",
    ),
    (
        ["query", "twin-towns", *["--param", "municipality=verdal"] * 2],
        2,
        "oppgitt to ganger",
    ),
    (
        [
            "query",
            "twin-towns",
            "--param",
            "municipality=https://w3id.org/glokal/id/programme/eos",
        ],
        2,
        "finnes ikke for parameteren municipality",
    ),
    (
        ["query", "entries-of-municipality", "--param", "municipality=x> } #"],
        2,
        "verken et kortnavn eller en IRI",
    ),
    (["sparql", "SELECT ?x WHERE {"], 1, "query:1:"),
    (["sparql"], 2, "one of the two"),
    (
        ["sparql", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"],
        1,
        "refused",
    ),
    (["check", "--only", "shackle"], 2, "velg blant shacl"),
    (["--project", "nowhere", "check"], 2, "There is no folder"),
    (["--project", "src", "check"], 2, "not a project"),
    (["serve", "--publication", "nowhere"], 2, "run glokal build first"),
    (["build", "-o", "src"], 2, "did not build"),
    (["query", "goals", "-o", "/nowhere/x.csv"], 2, "filen eller mappen finnes ikke"),
    (["validate", "--shapes", "shapes", "--data", "README.md"], 2, "unknown ending"),
    (["nonsense"], 2, "Kommandoen «nonsense» finnes ikke"),
]


@pytest.mark.parametrize(("args", "code", "said"), WRONG)
def test_wrong_use_is_one_clear_line(args: list[str], code: int, said: str) -> None:
    shown = glokal(*args, cwd=ROOT)
    assert shown.returncode == code
    assert said in shown.stderr
    assert "Traceback" not in shown.stderr
    assert shown.stdout == ""


def test_a_syntax_error_is_found_with_its_place(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("a glo:Exchange ;", "a glo:Exchange ,;", 1), "utf-8")
    shown = glokal("check", "--lang", "en", cwd=region)
    assert shown.returncode == 1
    assert "data/strategy/fjordland.ttl:" in shown.stdout
    assert "Not checked" in shown.stdout
    built = glokal("build", cwd=region)
    assert built.returncode == 1
    assert not (region / "public").exists()


def test_a_contradiction_stops_the_build_and_is_explained(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(
            "authority:vik a glo:MunicipalAuthority",
            "authority:vik a glo:MunicipalAuthority , glo:CountyAuthority",
        ),
        encoding="utf-8",
    )
    shown = glokal("build", "--lang", "en", cwd=region)
    assert shown.returncode == 1
    assert "contradicts itself" in shown.stderr
    assert "DisjointClasses(CountyAuthority" in shown.stderr
    assert "authority:vik" in shown.stderr
    assert not (region / "public").exists()


def test_shacl_findings_have_file_line_and_column(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    text = path.read_text(encoding="utf-8")
    wrong = text.replace("glo:governs municipality:vik", "glo:governs region:fjordland")
    path.write_text(wrong, encoding="utf-8")
    line = 1 + wrong[: wrong.index("glo:governs region:fjordland")].count("\n")
    told = json.loads(
        glokal("check", "--only", "shacl", "--format", "json", cwd=region).stdout
    )
    found = [f for f in told["findings"] if "governs" in (f["path"] or "")]
    assert found
    assert {(f["file"], f["line"]) for f in found} == {
        ("data/strategy/fjordland.ttl", line)
    }
    assert found[0]["focusLabel"] == "Vik kommune"


def test_formatting_twice_changes_nothing(region: Path) -> None:
    path = region / "data" / "strategy" / "fjordland.ttl"
    path.write_text(path.read_text("utf-8").replace(" ;\n  ", " ; "), encoding="utf-8")
    assert glokal("fmt", "--check", cwd=region).returncode == 1
    assert glokal("fmt", cwd=region).returncode == 0
    again = glokal("fmt", "--check", cwd=region)
    assert (again.returncode, "0 å endre" in again.stdout) == (0, True)


def test_fmt_changes_no_file_when_one_is_broken(region: Path) -> None:
    folder = region / "data" / "strategy"
    (folder / "aaa.ttl").write_text("<urn:b> a <urn:c>. ", encoding="utf-8")
    (folder / "zzz.ttl").write_text("<urn:b> a ", encoding="utf-8")
    shown = glokal("fmt", cwd=region)
    assert shown.returncode == 1
    assert (folder / "aaa.ttl").read_text(encoding="utf-8") == "<urn:b> a <urn:c>. "


@contextlib.contextmanager
def start(*args: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "glokal", *args],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as started:
        try:
            yield started
        finally:
            # It has ended, unless the test failed.
            started.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_is_said_and_ctrl_c_is_clean(region: Path) -> None:
    assert glokal("build", cwd=region).returncode == 0
    port = free_port()
    with start("serve", "--port", str(port), cwd=region) as server:
        assert server.stdout is not None
        assert "Viser" in server.stdout.readline()
        second = glokal("serve", "--port", str(port), cwd=region)
        assert second.returncode == 2
        assert f"Port {port}" in second.stderr
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=20)
    assert "Traceback" not in errors


def test_a_port_is_taken_from_the_first_line_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two sockets may be bound to one port of Linux until one of them listens."""
    found = []

    def run(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        del server
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                other.bind(sockets[0].getsockname())
            except OSError as error:
                found.append(error.errno)

    monkeypatch.setattr(uvicorn.Server, "run", run)
    live = SimpleNamespace(publication=Path("public"), state=SimpleNamespace(note=""))
    _run(Starlette(), cast(LiveSite, live), Listening("127.0.0.1", 0), Serving())
    assert found == [errno.EADDRINUSE]


def test_ctrl_c_during_a_build_leaves_nothing_half_made(real_copy: Path) -> None:
    with start("build", cwd=real_copy) as build:
        deadline = time.monotonic() + 60
        while not list(real_copy.glob(".public-*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        build.send_signal(signal.SIGINT)
        _, errors = build.communicate(timeout=60)
    assert build.returncode == 130
    assert "avbrutt" in errors
    assert "Traceback" not in errors
    assert not (real_copy / "public").exists()
    assert not list(real_copy.glob(".public-*"))
