"""The core from a wheel, and what is said where an extra is missing."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from xml.etree import ElementTree as XML

import pytest
import yaml
from packaging.requirements import Requirement

from glokal.core.extras import ENGINES, EXTRAS, install_command
from glokal.validation.report import Report
from glokal.validation.reports import FORMATS, render
from tests.conftest import REGION, ROOT, copy_project
from tests.core_install import build_wheel, install, normal, run

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
INSTALL = 'pip install "glokal[{}]"'
# A program of somebody who builds on Glokal; one line is wrong.
PROGRAM = """from collections.abc import Mapping
from pathlib import Path

from glokal.api import (
    Finding, InputError, MissingExtraError, Passage, PlainValue, Project, open_project,
    validate,
)


def worst(shapes: Path, data: Path) -> list[Finding]:
    try:
        found = validate([shapes], [data], lang="nb")
    except InputError as error:
        raise SystemExit(f"{error.place}: {error.what} {error.remedy}") from error
    return [each for each in found.findings if each.severity == "violation"]


def main(region: Project) -> Path | None:
    rows: tuple[Mapping[str, PlainValue], ...] = region.ask("goals", lang="en").rows
    passages: tuple[Passage, ...] = region.passages("Nordplus")
    line: int = worst(Path("s.ttl"), Path("d.ttl"))[0].line
    print(len(rows), passages[0].start, line, region.diff("HEAD").changed)
    try:
        return region.build()
    except MissingExtraError:
        return None


main(open_project("."))
"""
# What each command answers in an environment that has the core alone.
REFUSED = [
    ("build", "site"),
    ("serve", "serve"),
    ("sheet import register.xlsx --yes", "workbook"),
    ("edition", "reason"),
    ("mcp", "mcp,site"),
    ("check --only owl", "reason"),
    ("diff . --effects", "reason"),
    ("query municipalities-in-programme --format xlsx", "workbook"),
]


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment with the core alone."""
    folder = tmp_path_factory.mktemp("core")
    return install(build_wheel(folder / "wheels"), folder / "home")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented region, not reasoned over."""
    folder = tmp_path_factory.mktemp("place") / "fjordland"
    copy_project(REGION, folder)
    (folder / "strategy.txt").write_bytes((REGION / "strategy.txt").read_bytes())
    return folder


def test_the_environment_has_no_extra(core: Path) -> None:
    home = next(core.parents[1].glob("lib/python*/site-packages"))
    modules = {module for named in EXTRAS.values() for module in named}
    assert not [m for m in modules if (home / m).exists()]
    assert (home / "rdflib").exists() and (home / "pyshacl").exists()


def test_the_table_of_extras_is_that_of_the_package() -> None:
    asked = PROJECT["optional-dependencies"]
    modules = {
        normal(names[0]): module for module, names in packages_distributions().items()
        if not module.startswith(("_", "owlready2_", "pypdfium2_"))
    }  # fmt: skip
    named = {
        extra: {
            modules[normal(need.name)]
            for need in map(Requirement, asked[extra])
            # Only a server on another system than Windows is faster by it.
            if need.marker is None
        }
        for extra in EXTRAS
    }
    assert named == {extra: set(given) for extra, given in EXTRAS.items()}
    (everything,) = map(Requirement, asked["all"])
    assert everything.extras == set(EXTRAS)
    known = {normal(Requirement(n).name) for n in PROJECT["dependencies"]}
    known |= {normal(Requirement(n).name) for e in EXTRAS for n in asked[e]}
    assert {normal(name) for name in ENGINES} <= known


def test_the_documents_tell_of_every_extra() -> None:
    text = (ROOT / "docs/installation.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `(\w+)` \|.+\|.+\|$", text, re.MULTILINE))
    assert rows >= {*EXTRAS, "all", "dev"}


def test_help_and_versions_are_told(core: Path, place: Path) -> None:
    shown = run(core, "--help", cwd=place)
    assert shown.returncode == 0
    assert "sheet" in shown.stdout and "serve" in shown.stdout
    told = run(core, "--version", cwd=place).stdout.splitlines()
    assert told[0] == f"glokal {version_of_source()}"
    assert "owlready2 not installed" in told
    assert any(re.fullmatch(r"pyoxigraph 0\.\d+\.\d+", line) for line in told)


def version_of_source() -> str:
    tree = ast.parse((ROOT / "src/glokal/__init__.py").read_text(encoding="utf-8"))
    (value,) = (
        node.value.value for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        and getattr(node.targets[0], "id", "") == "__version__"
    )  # fmt: skip
    return str(value)


def test_the_core_validates_formats_compares_and_asks(
    core: Path, place: Path, tmp_path: Path
) -> None:
    assert run(core, "fmt", "--check", cwd=place).returncode == 0
    answer = run(
        core, "query", "municipalities-in-programme", "--format", "csv", cwd=place
    )
    expected = (place / "expected/municipalities-in-programme.csv").read_text("utf-8")
    columns = len(answer.stdout.splitlines()[0].split(","))
    rows = [line.split(",")[:columns] for line in expected.splitlines()]
    assert [line.split(",") for line in answer.stdout.splitlines()] == rows
    # It rests on what follows from the data, and who asks is told by what.
    assert "regler" in answer.stderr and INSTALL.format("reason") in answer.stderr
    (tmp_path / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/S> a sh:NodeShape ;"
        " sh:targetSubjectsOf <http://e/p> ; sh:property <http://e/P> ."
        " <http://e/P> sh:path <http://e/q> ; sh:minCount 1 .",
        encoding="utf-8",
    )
    (tmp_path / "d.ttl").write_text(
        "\n<http://e/a> <http://e/p> 1 .\n", encoding="utf-8"
    )
    # Data so small are judged by both engines.
    names = ("--shapes", "s.ttl", "--data", "d.ttl", "--report", "html=d.html")
    found = run(core, "validate", *names, cwd=tmp_path)
    assert found.returncode == 1, found.stderr
    assert "d.ttl:2:1: feil" in found.stdout
    page = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    other = copy_project(place, tmp_path / "other")
    file = other / "data/strategy/fjordland.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"Pen friends"@en', '"Letters"@en'), encoding="utf-8")
    for fmt in ("html", "turtle"):
        told = run(core, "diff", str(other), "--format", fmt, cwd=place)
        assert told.returncode == 1, told.stderr
        assert "Letters" in told.stdout


@pytest.mark.parametrize(("line", "extra"), REFUSED)
def test_a_command_names_the_extra_that_it_needs(
    line: str, extra: str, core: Path, place: Path
) -> None:
    before = sorted(p for p in place.rglob("*") if ".cache" not in p.parts)
    told = run(core, *line.split(), cwd=place)
    assert told.returncode == 2, told.stdout
    assert told.stdout == ""
    assert INSTALL.format(extra) in told.stderr
    assert "Traceback" not in told.stderr
    assert sorted(p for p in place.rglob("*") if ".cache" not in p.parts) == before


def test_help_of_a_command_says_that_it_is_not_installed(
    core: Path, place: Path
) -> None:
    told = run(core, "build", "--help", cwd=place)
    assert told.returncode == 0
    assert "not installed" in told.stdout and "pip install" in told.stdout


def test_a_step_that_can_not_be_run_is_left_out_by_name_in_every_format(
    core: Path, place: Path, tmp_path: Path
) -> None:
    formats = [fmt for fmt in FORMATS if fmt != "turtle"]
    asked = [f"--report={fmt}={tmp_path / fmt}" for fmt in formats]
    # The invented region is clean but for advice, so nothing else is told first.
    told = run(core, "check", "--lang", "en", *asked, cwd=place)
    assert told.returncode == 0, told.stdout + told.stderr
    for fmt in formats:
        _names_what_is_left_out(fmt, (tmp_path / fmt).read_text(encoding="utf-8"))


def _names_what_is_left_out(fmt: str, text: str) -> None:
    match fmt:
        case "json":
            body = json.loads(text)
            assert body["notInstalled"] == {"owl": "reason"}
            assert body["notChecked"] == ["owl"] and "owl" not in body["checked"]
        case "sarif":
            (ran,) = json.loads(text)["runs"]
            (invocation,) = ran["invocations"]
            assert invocation["executionSuccessful"] is False
            texts = [
                n["message"]["text"] for n in invocation["toolExecutionNotifications"]
            ]
            assert any("owl" in t and "glokal[reason]" in t for t in texts)
        case "junit":
            (case,) = XML.fromstring(text).iterfind(".//testcase[@name='owl']")
            (skipped,) = case.iterfind("skipped")
            assert INSTALL.format("reason") in skipped.attrib["message"]
        case _:
            plain = text.replace("&#34;", '"').replace('\\"', '"')
            assert "Not checked: owl." in plain
            assert INSTALL.format("reason") in plain


def test_what_rules_find_is_told_where_the_reasoner_is_missing(
    core: Path, place: Path, tmp_path: Path
) -> None:
    # Two names are two authorities, and an activity is no authority.
    broken = copy_project(place, tmp_path / "broken")
    file = broken / "data/strategy/fjordland.ttl"
    text = file.read_text(encoding="utf-8")
    clash = "\nactivity:brevvenner a glo:MunicipalAuthority .\n"
    file.write_text(text + clash, encoding="utf-8")
    told = run(core, "check", "--format", "json", cwd=broken)
    assert told.returncode == 1, told.stdout + told.stderr
    body = json.loads(told.stdout)
    assert "owl" in {finding["step"] for finding in body["findings"]}
    assert body["notInstalled"] == {"owl": "reason"}


@pytest.mark.parametrize(
    ("origin", "behind"),
    [
        # As PEP 610 has them; only the first is Glokal for sure.
        (
            {"url": "https://git.example/glokal", "vcs_info":
             {"vcs": "git", "requested_revision": "v9", "commit_id": "4a" * 20}},
            f" @ git+https://git.example/glokal@{'4a' * 20}",
        ),
        ({"url": "file:///home/kari/glokal", "dir_info": {"editable": True}}, ""),
        ({"url": "https://git.example/glokal", "vcs_info": "git"}, ""),
        ([], ""),
        (None, ""),
    ],
)  # fmt: skip
def test_what_came_from_a_repository_is_completed_from_there(
    origin: object, behind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "glokal-9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: glokal\nVersion: 9\n")
    if origin is not None:
        (info / "direct_url.json").write_text(json.dumps(origin))
    monkeypatch.syspath_prepend(tmp_path)
    told = install_command(("reason", "site"))
    assert told == f'pip install "glokal[reason,site]{behind}"'
    assert Requirement(told.split('"')[1]).extras == {"reason", "site"}


def test_a_report_of_a_whole_run_says_nothing_of_extras() -> None:
    report = Report((), ("syntax", "owl"), (), {})
    for fmt in ("text", "json", "sarif", "junit", "github", "gitlab", "html"):
        assert "pip install" not in render(report, fmt, "en")


def test_the_wheel_has_what_the_pages_need_and_its_licences(
    core: Path,
) -> None:
    home = next(core.parents[1].glob("lib/python*/site-packages"))
    for name in ("yasqe.js", "yasqe.css", "oxigraph.js", "oxigraph.wasm"):
        assert (home / "glokal/site/web" / name).stat().st_size > 10_000
    assert (home / "glokal/shared/ontology/core.ttl").is_file()


def test_the_licence_of_the_package_covers_the_lists_that_others_made() -> None:
    named = set(PROJECT["license"].split(" AND "))
    packs = ROOT / "src/glokal/core/countries/packs.toml"
    told = (ROOT / "LICENSE").read_text(encoding="utf-8")
    for country, pack in tomllib.loads(packs.read_text(encoding="utf-8")).items():
        # "CC0 1.0" and "NLOD (address)", where SPDX has CC0-1.0 and NLOD-2.0; what it
        # has no name for is LicenseRef-NAME.
        begins = pack["licence"].split()[0].rstrip(":")
        begun = (licence.removeprefix("LicenseRef-") for licence in named)
        assert any(licence.startswith(begins) for licence in begun), country
        assert (f"{country}.csv" if country.isupper() else "Eurostat") in told


def test_a_program_is_checked_against_the_types_in_the_wheel(
    core: Path, tmp_path: Path
) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-incremental",
         f"--python-executable={core.with_name('python')}", "program.py"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    # A finding may have no line, and only that is forgotten there.
    told = [line for line in checked.stdout.splitlines() if ": error: " in line]
    assert [line.partition(": error: ")[0] for line in told] == ["program.py:21"], told
    assert "int | None" in told[0]


def test_what_others_build_on_installs_the_core_alone() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert action["inputs"]["extras"]["default"] == ""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert not any("additional_dependencies" in hook for hook in hooks)
    guide = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"- pip install .*", guide)
    assert '"glokal @ git+' in line
