"""Faults in the files that a person writes: each is told in a line, with its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from glokal.core.errors import ConfigError, SourceError
from glokal.core.namespaces import GLO, RDFS
from glokal.core.settings import SETTINGS, load_project
from glokal.dataset.query_files import load_queries
from glokal.dataset.workspace import Workspace
from glokal.validation.localize import explain
from glokal.validation.pipeline import run_checks
from glokal.validation.reports import render

ID = "https://fjordland.example/id/"
SUMMARY = "#+ summary: {nb: Hva, en: What}\n"
SELECT = "SELECT ?s WHERE { ?s ?p ?o }\n"
HEADERS = {
    "#+ summary: [": "not YAML",
    "#+ summary: Hva?": "no summary",
    SUMMARY + "#+ questions: 5": "has questions in another form",
    SUMMARY + "#+ questions: [one]": "has questions in another form",
    SUMMARY + "#+ params: []": "has params in another form",
    SUMMARY + "#+ params:": "has params in another form",
    SUMMARY + "#+ params: {place: 1}": "has params in another form",
    SUMMARY + "#+ params: {place: {nb: Sted}}": "place has no line VALUES",
    SUMMARY + "#+ service: {a: 1}": "has service in another form",
    SUMMARY + "#+ theme: [plan]": "has theme in another form",
    SUMMARY + "#+ first: 1": "has first in another form",
    SUMMARY + '#+ asked: {nb: "Hva i {place}?"}': "asked has place, which is no param",
    SUMMARY + "#+ asked: [Hva]": "asked has another form",
    SUMMARY + '#+ asked: {nb: "Hva {s.x}?"}': "asked has another form",
    SUMMARY + '#+ asked: {nb: "Hva {s!r}?"}': "asked has another form",
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_wrong_header_of_a_query_is_named(region: Path, header: str) -> None:
    path = region / "queries" / "x.rq"
    path.write_text(f"{header}\n{SELECT}", encoding="utf-8")
    with pytest.raises(SourceError, match=HEADERS[header]) as caught:
        load_queries(load_project(region), ())
    assert caught.value.place is not None
    assert caught.value.place.file == "queries/x.rq"


def test_an_empty_file_of_expected_rows_is_a_finding(region: Path) -> None:
    (region / "queries" / "x.rq").write_text(SUMMARY + SELECT, encoding="utf-8")
    (region / "expected" / "x.csv").write_text("", encoding="utf-8")
    report = run_checks(Workspace(load_project(region)), only=["competency"])
    found = [f for f in report.findings if f.place and f.place.file == "expected/x.csv"]
    assert [f.rule for f in found] == ["columns"]


@pytest.mark.parametrize(
    "name",
    [
        "strategy/a b.ttl",
        "strategy/blå.ttl",
        "rumours/x.ttl",
        "strategy/x.TTL",
        "strategy/x.rdf",
    ],
)
def test_a_file_that_can_be_no_graph_is_a_finding(region: Path, name: str) -> None:
    path = region / "data" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("", encoding="utf-8")
    (finding,) = run_checks(Workspace(load_project(region))).findings
    assert finding.place is not None
    assert finding.place.file == f"data/{name}"
    assert "herfra" not in finding.text("nb")
    assert len({finding.text(lang) for lang in ("nb", "nn", "en")}) == 3


def test_a_finding_whose_message_says_all_is_told(region: Path) -> None:
    (region / "queries" / "x.rq").write_text(SUMMARY + SELECT, encoding="utf-8")
    (region / "expected" / "x.csv").write_text("s\nnobody\n", encoding="utf-8")
    project = load_project(region)
    report = run_checks(Workspace(project), only=["competency"], lang="en")
    assert "rows where 1 are expected" in render(report, "text", "en")


def test_an_address_where_a_label_is_due_is_told(region: Path) -> None:
    path = region / "data" / "strategy" / "x.ttl"
    label = f"<{RDFS}label> <http://x.org/>"
    path.write_text(f"<{ID}activity/x> a <{GLO}Project> ; {label} .", "utf-8")
    report = run_checks(Workspace(load_project(region)), only=["shacl"])
    assert "data/strategy/x.ttl:1" in render(report, "text", "nb")


def test_a_byte_order_mark_in_the_settings_is_named(region: Path) -> None:
    path = region / SETTINGS
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    with pytest.raises(ConfigError, match="byte-order mark") as caught:
        load_project(region)
    assert str(caught.value.place) == f"{SETTINGS}:1:1"
    assert "BOM" in explain(caught.value)["nb"]


STOPPED = """
import sys
class Stop:
    def find_spec(self, name, *_):
        if name.startswith("glokal.cli"):
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
from glokal.__main__ import main
main()
"""


def test_ctrl_c_while_the_command_is_loaded_is_clean() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", STOPPED], capture_output=True, text=True, timeout=60
    )
    assert shown.returncode == 130
    assert shown.stderr == "glokal: stopped; nothing was changed.\n"
