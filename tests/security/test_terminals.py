"""Terminals and logs of CI services: nothing that data say is obeyed by either."""

from __future__ import annotations

import json
import logging
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glokal.core.characters import NOT_XML, UNSEEN, log_text, one_line, visible_json
from glokal.core.errors import Place
from glokal.server.middleware.access_log import configure_logging
from glokal.site.diff.description import DiffReport
from glokal.site.diff.renderers import FORMATS as STORIES
from glokal.validation.finding import Finding, Severity
from glokal.validation.report import Report
from glokal.validation.reports import FORMATS, render
from tests.conftest import glokal

# A colour, the title of the window (OSC), C1, a bidi override and isolate, a separator.
HOSTILE = "a\x1b[31m\x1b]0;x\x07\x9b2Jb\u202e\u2066\u2028c\x7f\b"
COMMANDS = (
    "x\n::error file=a::b\n  ::add-mask::b\n##[error]c ##vso[task.x]d\r\n::stop::e"
)
# As the runners read a line: GitHub's V2 (after spaces) and V1, and Azure Pipelines.
OBEYED = re.compile(r"^\s*::|##[A-Za-z]*\[", re.MULTILINE)
TROUBLE = re.compile(f"(?![\n\t]){NOT_XML.pattern}|{UNSEEN.pattern}")


@given(st.text(), st.booleans())
def test_a_text_for_a_log_steers_nothing(text: str, begins: bool) -> None:
    shown = log_text(text, line_begins=begins)
    assert not TROUBLE.search(shown)
    assert not OBEYED.search(shown if begins else f"x{shown}")
    assert log_text(shown, line_begins=begins) == shown
    assert "\n" not in one_line(text) and "\t" not in one_line(text)


@pytest.mark.parametrize(
    "text", [COMMANDS, "::error::x", "\t::x", "\u00a0::x", "###[x]"]
)
def test_commands_of_ci_services_are_escaped(text: str) -> None:
    assert OBEYED.search(text)
    assert not OBEYED.search(log_text(text))


def test_what_is_harmless_stays_as_it_is() -> None:
    for text in (
        "glo::x",
        "a ::b",
        "# [x]",
        "## x [y]",
        "https://a.example/\n",
        ":\n:",
    ):
        assert log_text(text) == text


@given(st.text())
def test_escaped_json_is_the_same_json(text: str) -> None:
    shown = visible_json(json.dumps([text, {text: text}], ensure_ascii=False))
    assert json.loads(shown) == [text, {text: text}]
    assert not UNSEEN.search(shown) and "##[" not in shown


def hostile_report() -> Report:
    text = HOSTILE + COMMANDS + "[link](https://evil.example/)"
    found = Finding(
        "shacl", text, Severity.VIOLATION, {"en": text}, place=Place(text, 1, 2)
    )
    return Report((found,), ("shacl",), (), {})


@pytest.mark.parametrize("fmt", [f for f in FORMATS if f != "turtle"])
def test_no_report_steers_a_terminal_or_a_runner(fmt: str) -> None:
    told = render(hostile_report(), fmt, "en")
    assert not TROUBLE.search(told)
    if fmt == "github":
        # Its own command, one line, and nothing else that is one.
        command, rest = told.split("\n", 1)
        assert command.startswith("::error ") and not OBEYED.search(rest)
        assert "file=a" in command and "%0A" in command
    elif fmt not in ("html", "junit"):
        assert not OBEYED.search(told)


def test_a_message_in_sarif_holds_no_link() -> None:
    told = json.loads(render(hostile_report(), "sarif", "en"))
    [run] = told["runs"]
    texts = [run["results"][0]["message"]["text"]]
    texts += [rule["help"]["text"] for rule in run["tool"]["driver"]["rules"]]
    for text in texts:
        assert not re.search(r"(?<!\\)\]\(", text)


@pytest.mark.parametrize("fmt", STORIES)
def test_no_story_of_changes_steers_anything(fmt: str) -> None:
    text = HOSTILE + COMMANDS + " @everyone #1 <b> [x](javascript:y)"
    story = DiffReport(text, text, (text,), (), ())
    told = STORIES[fmt](story, "en")
    assert not TROUBLE.search(told)
    if fmt == "text":
        assert not OBEYED.search(told) and len(told.splitlines()) == 4
    if fmt == "markdown":
        assert "@everyone" not in told and "<b>" not in told.replace(r"\<b\>", "")
        assert not re.search(r"(?<!\\)\[x|(?<!\\)#1", told)


def on_terminal(cwd: Path, *args: str) -> bytes:
    """Run the command with a terminal for its output; return what is put there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "glokal", *args]
    with subprocess.Popen(command, cwd=cwd, stdout=theirs, stderr=theirs) as child:
        os.close(theirs)
        told = b""
        while select.select([ours], [], [], 120)[0]:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:
                break
            told += part
            if not part:
                break
        child.wait(60)
    os.close(ours)
    return told


ASKED = (
    'SELECT (?s AS ?x) { VALUES ?s { "a\\u001b[31m\\u009b2J\\u202eb\\n::error::c" } }'
)
MADE = 'CONSTRUCT { <a:a> <a:b> ?s } { VALUES ?s { "a\\u001b[31m\\u009b2J\\u202eb" } }'


@pytest.mark.parametrize(
    ("query", "fmt"),
    [*((ASKED, f) for f in ("table", "csv", "tsv", "json")), (MADE, "turtle")],
)
def test_an_answer_on_a_terminal_is_seen_and_not_obeyed(
    region: Path, query: str, fmt: str
) -> None:
    told = on_terminal(region, "sparql", query, "--format", fmt).decode()
    assert "a\\u001B[31m" in told or "a\\u001b[31m" in told
    assert not TROUBLE.search(told.replace("\r\n", "\n"))


def test_a_workbook_is_not_put_on_a_terminal(region: Path) -> None:
    told = on_terminal(
        region, "sparql", ASKED.replace("\\u001b", ""), "--format", "xlsx"
    )
    assert b"ikke tekst for en terminal" in told and b"PK" not in told


def test_data_in_a_pipe_are_as_they_are(region: Path) -> None:
    shown = glokal("sparql", ASKED, "--format", "json", cwd=region)
    rows = json.loads(shown.stdout)["results"]["bindings"]
    assert rows[0]["x"]["value"] == "a\x1b[31m\x9b2J\u202eb\n::error::c"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_errors_are_one_line_in_any_encoding(region: Path, encoding: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "glokal", "query", HOSTILE + "\n::error::x"],
        cwd=region,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert shown.returncode == 2
    assert shown.stderr.count(b"\n") == 1
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", shown.stderr)


def test_the_log_of_a_server_is_json_without_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = logging.getLogger("glokal.server")
    before = log.handlers, log.propagate, log.level
    try:
        configure_logging()
        log.warning("it failed: %s", HOSTILE)
    finally:
        log.handlers, log.propagate = before[0], before[1]
        log.setLevel(before[2])
    told = capsys.readouterr().err
    assert json.loads(told)["message"].endswith(HOSTILE)
    assert not TROUBLE.search(told)
