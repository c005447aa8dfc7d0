"""`.ci/run`: all that can be run is run, and what is left out is told."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

TEXT, SHAPES = "source/strategy-2023-2027.txt", "portal-shapes"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A bare clone, with a make that only writes down what it was asked for."""
    folder = tmp_path / "glokal"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci/run", folder / ".ci/run")
    make = tmp_path / "bin/make"
    make.parent.mkdir()
    make.write_text(
        '#!/bin/sh\necho "$* text=$GLOKAL_SOURCE_TEXT shapes=$GLOKAL_PORTAL_SHAPES"'
        f" >>{tmp_path}/asked\n"
        f'[ "$1" != engines ] || [ ! -e {tmp_path}/no-maven ]\n'
    )
    make.chmod(0o755)
    return folder


def ci_run(clone: Path, **variables: str) -> tuple[int, str, list[str]]:
    """Run it; return its exit code, what it said, and what make was asked for."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GLOKAL_")}
    path = f"{clone.parent}/bin{os.pathsep}{kept['PATH']}"
    run = subprocess.run(
        [clone / ".ci/run"],
        env={**kept, **variables, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    asked = clone.parent / "asked"
    lines = asked.read_text().splitlines() if asked.exists() else []
    return run.returncode, run.stdout + run.stderr, lines


def test_a_bare_clone_runs_the_rest_and_tells_twice_what_is_left_out(
    clone: Path,
) -> None:
    code, said, asked = ci_run(clone)
    assert code == 0
    assert [line.split()[0] for line in asked] == [
        "publish",
        "engines",
        "test-engines",
        "test",
    ]
    for name in ("GLOKAL_SOURCE_TEXT", "GLOKAL_PORTAL_SHAPES"):
        assert said.count(f"set {name}.") == 2
    assert said.count("Left out: ") == 4


def test_with_the_folders_beside_it_everything_is_run(clone: Path) -> None:
    shared = clone.parent / "shared"
    (shared / SHAPES).mkdir(parents=True)
    (shared / TEXT).parent.mkdir()
    (shared / TEXT).touch()
    code, said, asked = ci_run(clone)
    assert (code, said) == (0, "")
    assert asked == [
        f"{goal} text=../shared/{TEXT} shapes=../shared/{SHAPES}"
        for goal in ("publish", "engines", "test-portals", "test-engines", "test")
    ]


def test_without_maven_central_the_rest_is_run_and_that_is_told(clone: Path) -> None:
    (clone.parent / "no-maven").touch()
    code, said, asked = ci_run(clone)
    assert code == 0
    assert [line.split()[0] for line in asked] == ["publish", "engines", "test"]
    assert said.count("(make test-engines)") == 2


@pytest.mark.parametrize("name", ["GLOKAL_SOURCE_TEXT", "GLOKAL_PORTAL_SHAPES"])
def test_a_path_that_is_named_must_be_there(clone: Path, name: str) -> None:
    code, said, asked = ci_run(clone, **{name: "no/such"})
    assert (code, asked) == (2, [])
    assert f"{name} is no/such" in said
