"""A register that comes back from anybody: its hidden base, and files that are none."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from glokal.core.errors import InputError
from glokal.core.settings import Project, load_project
from glokal.dataset.workspace import Workspace
from glokal.workbook.base_snapshot import read_snapshot, write_snapshot
from glokal.workbook.rows import read_rows
from tests.conftest import glokal


@pytest.fixture(scope="module")
def project(warm_region: Path) -> Project:
    return load_project(warm_region)


@pytest.fixture(scope="module")
def base(project: Project) -> list[str]:
    return write_snapshot(read_rows(Workspace(project)), project)


def test_the_base_is_read_as_it_was_written(project: Project, base: list[str]) -> None:
    content = read_rows(Workspace(project))
    found = read_snapshot(base, project, "x", "en")
    # The flat sheet shows what the others have, so that it isn't remembered.
    rows = {sheet: kept for sheet, kept in content.rows.items() if sheet != "report"}
    read = {sheet: kept for sheet, kept in found.rows.items() if sheet != "report"}
    assert (found.scope, read, found.lists) == (content.scope, rows, content.lists)


# What stands in the hidden sheet; whoever writes it makes its digest as well.
FORGED: list[Any] = [
    [], {}, 1, None, "row", ["row"], ["row", "activity"], ["row", "activity", "x"],
    ["row", "activity", "x", {}], ["row", "activity", "x", {"label": 1}],
    ["row", "activity", "x", []], ["row", "none", "x", {}], ["row", [], "x", {}],
    ["list"], ["list", "status", []], ["list", "status", {"a": {}}], ["list", [], {}],
    ["other", "x", {}],
]  # fmt: skip


@pytest.mark.parametrize("line", FORGED, ids=json.dumps)
def test_a_forged_base_is_refused(project: Project, base: list[str], line: Any) -> None:
    lines = [*base[1:], json.dumps(line)]
    told = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    head = json.dumps({**json.loads(base[0]), "digest": told})
    with pytest.raises(InputError, match="changed in its hidden sheet"):
        read_snapshot([head, *lines], project, "x", "en")


@pytest.mark.parametrize(
    "lines", [[], ["{"], ["[]"], ["[" * 100_000], ["1"], ['{"glokal": 1}'], ["", "x"]]
)
def test_a_base_that_is_none_is_refused(project: Project, lines: list[str]) -> None:
    with pytest.raises(InputError, match="has lost what it remembers"):
        read_snapshot(lines, project, "x", "en")


def exported(region: Path) -> Path:
    assert glokal("sheet", "export", "back", cwd=region).returncode == 0
    return region / "back"


@pytest.mark.parametrize("name", ["r.xlsx", "back/aktiviteter.csv"])
def test_a_fifo_is_no_workbook_and_no_table(region: Path, name: str) -> None:
    folder = exported(region)
    path = region / name
    if path.parent == folder:
        assert path.is_file(), sorted(folder.iterdir())
        path.unlink()
    os.mkfifo(path)
    given = name if path.suffix == ".xlsx" else "back"
    shown = glokal("sheet", "import", given, cwd=region, timeout=60)
    assert shown.returncode == 2 and shown.stderr.count("\n") == 1


def test_a_table_larger_than_a_source_is_refused(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = exported(region)
    with (folder / "aktiviteter.csv").open("ab") as file:
        file.truncate(200 << 20)
    shown = glokal("sheet", "import", "back", cwd=region, timeout=60)
    assert shown.returncode == 2 and "64 MB are allowed" in shown.stderr


def test_a_folder_that_came_with_a_journal_changes_nothing(region: Path) -> None:
    folder = exported(region)
    (folder / ".glokal-new-0").write_bytes(b"other")
    before = (folder / "aktiviteter.csv").read_bytes()
    step = {
        "name": "aktiviteter.csv",
        "new": ".glokal-new-0",
        "before": hashlib.sha256(before).hexdigest(),
        "after": hashlib.sha256(b"other").hexdigest(),
        "identity": "1-1",
    }
    record = {"format": 2, "state": "committed", "command": "x", "made": []}
    (folder / ".glokal-journal").write_text(json.dumps({**record, "steps": [step]}))
    shown = glokal("sheet", "import", "back", cwd=region)
    assert shown.returncode == 2 and "was copied here" in shown.stderr
    assert (folder / "aktiviteter.csv").read_bytes() == before
