"""What others build on: the action, the hooks and the snippets do what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from glokal.cli.main import cli
from tests.conftest import ROOT, glokal

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
e:S sh:targetSubjectsOf e:p ; sh:property e:S-q .
e:S-q sh:path e:q ; sh:minCount 1 ; sh:severity sh:Warning .
"""


def run_action(at: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the last step of the action as a runner would, with these inputs."""
    given = {name: told["default"] for name, told in ACTION["inputs"].items()}
    assert set(inputs) <= set(given)
    given |= inputs
    step = ACTION["runs"]["steps"][-1]
    wanted = {
        name: given[re.fullmatch(r"\$\{\{ inputs\.(\S+) \}\}", value)[1]]  # type: ignore[index]
        for name, value in step["env"].items()
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=at,
        env={**os.environ, **wanted, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_action_passes_a_clean_folder(region: Path) -> None:
    run = run_action(region.parent, folder=region.name)
    assert run.returncode == 0, run.stdout + run.stderr
    # Nobody has chosen passages for the invented region's statements; it is advised.
    assert "::error" not in run.stdout


def test_the_action_shows_a_fault_at_its_line(region: Path) -> None:
    file = region / "data" / "strategy" / "fjordland.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("@nb", "@xx", 1), encoding="utf-8")
    run = run_action(region.parent, folder=region.name, sarif="found.sarif")
    assert run.returncode == 1, run.stderr
    line = text[: text.index("@nb")].count("\n") + 1
    named = f"file={region.name}/data/strategy/fjordland.ttl,line="
    found = [int(n) for n in re.findall(re.escape(named) + r"(\d+)", run.stdout)]
    # The fault is of the label itself, or of the block that has none in bokmål.
    assert any(line - 3 <= n <= line for n in found), run.stdout
    told = json.loads((region.parent / "found.sarif").read_text(encoding="utf-8"))
    assert told["runs"][0]["results"]


def test_the_action_stops_at_what_can_not_be_read(region: Path) -> None:
    (region / "publication.toml").write_text("publication = 1\n", encoding="utf-8")
    run = run_action(region, sarif="found.sarif")
    assert run.returncode == 2
    assert not (region / "found.sarif").exists()


@pytest.mark.parametrize(("fail_on", "code"), [("warning", 1), ("violation", 0)])
def test_the_action_validates_any_data(tmp_path: Path, fail_on: str, code: int) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "d.nt").write_text("<http://e/a> <http://e/p> 'x' .", encoding="utf-8")
    data = (tmp_path / "d.nt").read_text(encoding="utf-8").replace("'", '"')
    (tmp_path / "d.nt").write_text(data, encoding="utf-8")
    inputs = {"shapes": "s.ttl", "data": "d.nt", "fail-on": fail_on}
    run = run_action(tmp_path, **inputs)
    assert run.returncode == code, run.stdout + run.stderr
    assert "::warning file=d.nt,line=1" in run.stdout


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_in_a_folder(hook: dict[str, Any], region: Path) -> None:
    name, *args = hook["entry"].split()
    assert name == "glokal"
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "data/strategy/fjordland.ttl")
    # What the check reads besides starts it, too.
    beside = ("expected/goals.csv", "source/plan.txt", "same.toml", "countries/FIN.csv")
    asked = [bool(re.search(hook["files"], name)) for name in beside]
    assert asked == [hook["id"] == "glokal-check"] * len(beside)
    assert not re.search(hook["files"], "docs/notes.md")
    if args[0] == "validate":
        args += ["--shapes", "shapes.ttl", "--data", "data"]
        shapes = "<http://e/S> a sh:NodeShape ; sh:targetClass <http://e/C> ;"
        head = "@prefix sh: <http://www.w3.org/ns/shacl#> ."
        (region / "shapes.ttl").write_text(f"{head} {shapes} sh:nodeKind sh:IRI .")
    assert glokal(*args, cwd=region).returncode == 0


def test_the_action_takes_several_paths_and_writes_sarif_of_the_same_run(
    tmp_path: Path,
) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    for name in ("one file.nt", "two.nt"):
        text = f'<http://e/{name[:3]}> <http://e/p> "x" .'
        (tmp_path / name).write_text(text, encoding="utf-8")
    data = "one file.nt\ntwo.nt\n"
    run = run_action(
        tmp_path, shapes="s.ttl", data=data, sarif="s.json", engine="pyshacl"
    )
    assert run.returncode == 1, run.stderr
    assert "file=one file.nt,line=1" in run.stdout and "file=two.nt" in run.stdout
    (told,) = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["runs"]
    assert len(told["results"]) == 2


def test_a_code_quality_report_has_what_gitlab_reads(tmp_path: Path) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    text = '<http://e/a> <http://e/p> "x" .'
    (tmp_path / "d.nt").write_text(text, encoding="utf-8")
    files = ("--shapes", "s.ttl", "--data", "./d.nt", "--report", "gitlab=q.json")
    assert glokal("validate", *files, cwd=tmp_path).returncode == 1
    (issue,) = json.loads((tmp_path / "q.json").read_text(encoding="utf-8"))
    assert set(issue) == {
        "description", "check_name", "fingerprint", "severity", "location",
    }  # fmt: skip
    assert issue["severity"] == "minor"
    assert issue["location"] == {"path": "d.nt", "lines": {"begin": 1}}


def test_the_guide_names_commands_and_options_that_there_are() -> None:
    commands = re.findall(
        r"glokal (check|validate|fmt)((?: --?\S+(?: [^-\s]\S*)?)*)",
        GUIDE,
    )
    assert commands
    for name, given in commands:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        known = {option for param in command.params for option in param.opts}
        assert set(re.findall(r"--[a-z-]+", given)) <= known


def test_the_guide_names_the_hooks_and_the_inputs_that_there_are() -> None:
    assert {hook["id"] for hook in HOOKS} == set(re.findall(r"- id: (\S+)", GUIDE))
    block = GUIDE[GUIDE.index("with:") : GUIDE.index("```", GUIDE.index("with:"))]
    inputs = re.findall(r"^ +(\S+):", block, re.MULTILINE)
    assert set(inputs) <= set(ACTION["inputs"])
