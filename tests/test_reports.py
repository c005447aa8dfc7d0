"""Reports in each format, by what those who read them ask for."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as XML

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from glokal.core.characters import visible
from glokal.core.errors import FindingsError, Place, UsageError
from glokal.validation.finding import Finding, Severity
from glokal.validation.fingerprint import add_fingerprints
from glokal.validation.report import CheckedRule, LeftOut, Report
from glokal.validation.reports import FORMATS, render
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.validate_files import validate_files
from tests.conftest import glokal
from tests.sarif_schema import errors, samples
from tests.test_constraint_messages import FAULTS, LANGUAGES, plant

HERE = Path(__file__).parent
NASTY = "a <script>alert(1)</script> & \"b\" 'c' ::error::x %0A, \x08\x00 ]]> é 😀"
SH = rdflib.SH


def finding(**changes: object) -> Finding:
    given: dict[str, object] = {
        "step": "shacl", "rule": "http://example.org/S", "severity": Severity.VIOLATION,
        "message": {"en": "Wrong. Do right."}, "place": Place("data/a b.ttl", 3, 5),
        "focus": ox.NamedNode("http://example.org/x"),
        "component": str(SH.MinCountConstraintComponent),
    }  # fmt: skip
    return Finding(**(given | changes))  # type: ignore[arg-type]


def report(*findings: Finding, left_out: tuple[str, ...] = ()) -> Report:
    counts = {"files": 1, "triples": 2, "shapes": 3, "queries": 4}
    rules = (
        CheckedRule("shacl", "http://example.org/S", "S holds."),
        CheckedRule("shacl", "T", "T."),
    )
    return Report(findings, ("syntax", "shacl"), left_out, counts, lambda: rules)


MANY = report(
    finding(),
    finding(message={"en": NASTY}, value=ox.Literal(NASTY), rule="T"),
    finding(severity=Severity.WARNING, place=None, focus=None, rule="U"),
    finding(severity=Severity.INFO, place=Place("b.ttl"), step="quotes", rule="V"),
    left_out=("owl",),
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fmt", [f for f in FORMATS if f != "turtle"])
def test_every_format_tells_of_everything(fmt: str, lang: str) -> None:
    shown = render(MANY, fmt, lang)
    assert shown.endswith("\n")
    assert "owl" in shown
    for told in ("Wrong. Do right.", "b.ttl", "alert(1)"):
        assert told in shown
    assert render(report(), fmt, lang) != shown


# GitLab


def test_a_code_quality_report_keeps_to_gitlabs_format() -> None:
    name = "gitlab_code_quality.schema.json"
    schema = json.loads((HERE / name).read_text(encoding="utf-8"))
    left = LeftOut("http://e/js", "http://e/S", Place("./s.ttl", 3))
    twice = dataclasses.replace(
        MANY, unsupported=(left,), engines=("shacl",), unjudged="size 2000"
    )
    for told in (MANY, report(), twice):
        issues = json.loads(render(told, "gitlab", "nb"))
        assert errors(issues, schema) == []
        marks = [issue["fingerprint"] for issue in issues]
        # GitLab shows one of those that have the same.
        assert len(set(marks)) == len(marks)
    # The schema does refuse something.
    assert errors([{**issues[0], "severity": "error"}], schema)
    assert errors([{**issues[0], "location": {"path": "./x"}}], schema)


# SARIF


@pytest.fixture(scope="module")
def sarif(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    return list(samples(tmp_path_factory.mktemp("sarif")))


def test_sarif_keeps_to_its_specification(sarif: list[dict]) -> None:
    schema = json.loads((HERE / "sarif.schema.json").read_text(encoding="utf-8"))
    assert len(sarif) >= 4
    for told in [*sarif, json.loads(render(MANY, "sarif", "nn"))]:
        assert errors(told, schema) == []
        (run,) = told["runs"]
        rules = run["tool"]["driver"]["rules"]
        assert len({r["id"] for r in rules}) == len(rules)
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert [len(t["runs"][0]["results"]) > 0 for t in sarif] == [
        False,
        True,
        True,
        True,
    ]


def test_sarif_names_shapes_by_their_iri_with_help(sarif: list[dict]) -> None:
    project = sarif[2]["runs"][0]
    rules = {r["id"]: r for r in project["tool"]["driver"]["rules"]}
    shape = rules["https://w3id.org/glokal/shape#Thing-label"]
    assert "Behold bare én tekst" in shape["help"]["text"]
    # Rules that hold are listed too, so that a reader sees what was looked at.
    assert len(rules) >= 150
    uris = {
        location["physicalLocation"]["artifactLocation"]["uri"]
        for result in project["results"]
        for location in result["locations"]
    }
    assert uris == {"data/strategy/places.ttl", "data/source.ttl"}
    assert project["columnKind"] == "unicodeCodePoints"
    assert sarif[3]["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_a_path_in_sarif_is_a_uri() -> None:
    told = json.loads(render(report(finding()), "sarif", "en"))
    (result,) = told["runs"][0]["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "data/a%20b.ttl"
    assert physical["region"] == {"startLine": 3, "startColumn": 5}


def test_a_fingerprint_outlives_moved_lines_and_other_faults(tmp_path: Path) -> None:
    nested = (
        "\nex:o a ex:Office ; ex:name 'o' ; ex:part [ ex:part [ a ex:Office ] ] ."
        "\n[] a ex:Office ; ex:motto 'x' .\n[] a ex:Office ; ex:motto 'y' ."
    )

    def prints(*changes: tuple[str, str]) -> dict[str, str]:
        plant(tmp_path, *changes)
        path = tmp_path / "data.ttl"
        text = path.read_text(encoding="utf-8") + nested
        path.write_text(text, encoding="utf-8")
        told = validate_files(
            [tmp_path / "shapes.ttl"], [path], engine=ENGINES[0], lang="nb"
        )
        keys = add_fingerprints(told.findings)
        assert len({*keys}) == len(keys)
        return {
            key: f"{f.component} {f.focus} {f.value}"
            for f, key in zip(told.findings, keys, strict=True)
        }

    first = prints(FAULTS["wrong-form"])
    # Three things without a name lack a name, and one property is not allowed.
    assert len(first) == 5
    moved = ("ex:vik a", "# A line more.\n\n\nex:vik a")
    assert set(prints(FAULTS["wrong-form"], moved)) == set(first)
    more = prints(FAULTS["wrong-form"], moved, FAULTS["wrong-kind"])
    assert len(set(more) - set(first)) == 1
    assert set(first) <= set(more)
    other = prints(("987654321", "9876 54321"))
    assert len(set(other) - set(first)) == 1


def test_one_more_of_the_same_is_a_new_one() -> None:
    same = [finding(place=Place("a.ttl", n)) for n in (1, 2)]
    keys = add_fingerprints(same)
    assert len({*keys}) == 2
    assert add_fingerprints(same[:1]) == keys[:1]
    assert add_fingerprints(list(reversed(same))) == list(reversed(keys))


# JUnit


def test_junit_shows_what_passed_and_what_was_left_out() -> None:
    root = XML.fromstring(render(MANY, "junit", "en"))
    assert root.tag == "testsuites"
    suites = {s.get("name"): s for s in root}
    assert set(suites) == {f"glokal {s}" for s in ("syntax", "shacl", "quotes", "owl")}
    shacl = suites["glokal shacl"]
    cases = {c.get("name"): c for c in shacl}
    assert set(cases) == {"http://example.org/S", "T", "U"}
    assert {k: c.find("failure") is not None for k, c in cases.items()} == {
        "http://example.org/S": True, "T": True, "U": True,
    }  # fmt: skip
    assert cases["http://example.org/S"].get("file") == "data/a b.ttl"
    assert cases["http://example.org/S"].get("line") == "3"
    assert suites["glokal owl"].find("testcase/skipped") is not None
    # A note is no failure.
    assert suites["glokal quotes"].find("testcase/failure") is None
    assert suites["glokal quotes"].find("testcase/system-out") is not None
    for element in (root, *root):
        for name in ("tests", "failures", "errors", "skipped"):
            path = (
                ".//testcase"
                if name == "tests"
                else f".//{name.rstrip('s') if name != 'skipped' else name}"
            )
            assert element.get(name) == str(len(element.findall(path))), name
    failure = cases["T"].find("failure")
    assert failure is not None
    assert "<script>" in (failure.text or "")
    assert "\x08" not in (failure.text or "")


def test_junit_counts_each_file_and_question_of_a_project(region: Path) -> None:
    shown = glokal(
        "check",
        "--only",
        "competency",
        "--only",
        "shacl",
        "--format",
        "junit",
        cwd=region,
    )
    assert shown.returncode == 0
    root = XML.fromstring(shown.stdout)
    assert root.get("failures") == "0"
    names = {c.get("name") for c in root.iter("testcase")}
    assert "data/strategy/fjordland.ttl" in names
    assert "expected/municipalities-in-programme.csv" in names
    assert "https://w3id.org/glokal/shape#Membership-member" in names
    assert int(root.get("tests") or 0) == len(list(root.iter("testcase"))) > 150


# GitHub


def test_github_commands_are_one_line_each_and_escaped() -> None:
    nasty = finding(
        message={"en": "100 %: a,b\r\nc::d"}, place=Place("a,b:c%.ttl", 1, 2)
    )
    lines = render(report(nasty), "github", "en").splitlines()
    assert len(lines) == 2
    assert lines[0] == (
        "::error file=a%2Cb%3Ac%25.ttl,line=1,col=2,title=http%3A//example.org/S::"
        "100 %25: a,b%0Ac::d"
    )
    levels = [line.split()[0] for line in render(MANY, "github", "en").splitlines()]
    assert levels[:4] == ["::error", "::error", "::warning", "::notice"]


@given(st.text(max_size=40), st.text(max_size=20))
def test_github_escapes_can_be_undone(message: str, file: str) -> None:
    told = render(
        report(finding(message={"en": message}, place=Place(file, 1), focus=None)),
        "github", "en",
    )  # fmt: skip
    (command, *_) = told.split("\n")
    found = re.fullmatch(
        r"::error (?:file=([^,:]*),)?line=1,title=[^:,]*::([^\r\n]*)",
        command,
        re.DOTALL,
    )
    assert found
    undo = {"%25": "%", "%0A": "\n", "%3A": ":", "%2C": ","}
    plain = [
        re.sub("%[0-9A-F]{2}", lambda m: undo[m[0]], g or "") for g in found.groups()
    ]
    # What a terminal would obey, or nobody sees, is written out.
    assert plain == [visible(t.replace("\r\n", "\n")) for t in (file, message)]


# HTML


class Page(HTMLParser):
    """Gathers the elements of a page, and sees that each one that opens closes."""

    VOID = frozenset({"meta", "link", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words += data


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_stands_alone_and_can_be_read_by_all(lang: str) -> None:
    text = render(MANY, "html", lang)
    page = Page(text)
    tags = [tag for tag, _ in page.tags]
    assert dict(page.tags)["html"] == {"lang": lang}
    assert "script" not in tags and "link" not in tags and "img" not in tags
    assert not re.search(r"url\(|@import|https?://(?!example\.org)", text)
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    # Headings go down by one step, and each column and link has its name.
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len({*ids}) == 3
    links = [a["href"] for tag, a in page.tags if tag == "a"]
    assert links == [f"#{name}" for name in ids]
    assert "prefers-color-scheme: dark" in text and "@media print" in text
    assert "<script>alert(1)</script>" in page.words


def test_a_page_without_findings_says_so() -> None:
    page = Page(render(report(), "html", "nn"))
    assert "Ingen feil." in page.words
    assert "article" not in [tag for tag, _ in page.tags]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2, 1.4.3)."""

    def light(colour: str) -> float:
        digits = colour.lstrip("#")
        if len(digits) == 3:
            digits = "".join(c * 2 for c in digits)
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_text_can_be_told_from_its_ground() -> None:
    text = render(report(), "html", "en")
    found = re.findall(r":root \{ ([^}]*)\}", text)
    assert len(found) == 2
    for block in found:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]+)", block))
        for ink in ("ink", "soft", "violation", "warning", "info"):
            for ground in ("ground", "panel"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


# Turtle


def rows(graph: rdflib.Graph) -> list[tuple[str, ...]]:
    """The results of a report, comparable over engines; blank nodes unnamed."""
    names = ("focusNode", "value", "sourceConstraintComponent", "resultSeverity")

    def shown(node: object) -> str:
        return "_:" if isinstance(node, rdflib.BNode) else str(node)

    return sorted(
        (*(shown(graph.value(result, SH[name])) for name in names),
         path(graph, graph.value(result, SH.resultPath)))
        for result in graph.subjects(rdflib.RDF.type, SH.ValidationResult)
    )  # fmt: skip


def path(graph: rdflib.Graph, node: object) -> str:
    """A path as text, whatever its blank nodes are called."""
    if not isinstance(node, rdflib.BNode):
        return str(node)
    if (node, rdflib.RDF.first, None) in graph:
        return f"({' '.join(path(graph, part) for part in graph.items(node))})"
    ((kind, inner),) = graph.predicate_objects(node)
    return f"[{kind} {path(graph, inner)}]"


SHAPES = """@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
:S a sh:NodeShape ; sh:targetClass :T ; sh:nodeKind sh:IRI ; sh:property
  [ sh:path :p ; sh:maxCount 1 ; sh:severity sh:Warning ] ,
  [ sh:path ( :p [ sh:inversePath :q ] ) ; sh:minCount 1 ] ,
  [ sh:path [ sh:alternativePath ( :p [ sh:zeroOrMorePath :q ] ) ] ; sh:maxCount 1 ] ,
  [ sh:path [ sh:oneOrMorePath [ sh:zeroOrOnePath :r ] ] ; sh:nodeKind sh:Literal ] .
"""
DATA = """@prefix : <http://e/> .
:a a :T ; :p 1 , "to"@nb ; :r :b . [] a :T ; :p :a ; :q [] .
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_turtle_is_a_validation_report(engine: str, tmp_path: Path) -> None:
    """pySHACL's own report is the measure, asked beside our reading and writing."""
    import pyshacl

    shapes, data = tmp_path / "s.ttl", tmp_path / "d.ttl"
    shapes.write_text(SHAPES, encoding="utf-8")
    data.write_text(DATA, encoding="utf-8")
    found = validate_files([shapes], [data], engine=engine, lang="en")
    ours = rdflib.Graph().parse(data=render(found, "turtle", "en"), format="turtle")
    conforms, theirs, _ = pyshacl.validate(
        rdflib.Graph().parse(data), shacl_graph=rdflib.Graph().parse(shapes)
    )
    assert conforms is False
    assert rows(ours) == rows(theirs)
    assert len(rows(ours)) >= 8
    (node,) = ours.subjects(rdflib.RDF.type, SH.ValidationReport)
    assert ours.value(node, SH.conforms).toPython() is False
    assert len(list(ours.objects(node, SH.result))) == len(rows(ours))
    assert all(ours.objects(None, SH.resultMessage))


def test_turtle_of_clean_data_conforms(tmp_path: Path) -> None:
    plant(tmp_path)
    files = ("--shapes", "shapes.ttl", "--data", "data.ttl", "--format", "turtle")
    shown = glokal("validate", *files, cwd=tmp_path)
    graph = rdflib.Graph().parse(data=shown.stdout, format="turtle")
    (told,) = graph.objects(None, SH.conforms)
    assert (shown.returncode, told.toPython()) == (0, True)


def test_turtle_has_no_place_for_other_steps(region: Path) -> None:
    with pytest.raises(UsageError, match="other steps"):
        render(Report((), ("syntax", "shacl", "quotes"), (), {}), "turtle", "nb")
    with pytest.raises(FindingsError):
        render(report(finding(step="syntax")), "turtle", "nb")
    shown = glokal("check", "--format", "turtle", cwd=region)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "--only shacl" in shown.stderr
    shown = glokal("check", "--only", "shacl", "--format", "turtle", cwd=region)
    assert (shown.returncode, "sh:conforms true" in shown.stdout) == (0, True)
