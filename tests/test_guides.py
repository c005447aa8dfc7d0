"""The editor's guide, run as it stands: each command in order, in a fresh clone.

The contact's part is played between them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, copy_project
from tests.contact import Book

GUIDE = ROOT / "docs" / "guide-editor.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
# They take longer than all the rest, and other tests have them: a build
# (tests/test_publication.py), and the reasoning for a day (tests/test_register.py).
LEFT_OUT = ("glokal build", "glokal query")
# What finds something says so with 1.
FINDS = ("glokal anchor --dry-run", "glokal diff main")


def commands() -> list[str]:
    text = GUIDE.read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    return [re.sub(r"\s+# .*", "", line[2:]) for line in lines if line.startswith("$ ")]


def git(folder: Path, *args: str) -> str:
    ran = subprocess.run(
        ["git", *args], cwd=folder, check=True, capture_output=True, text=True
    )
    return ran.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of a bare repository that has the project, as an editor has it."""
    source = copy_project(ROOT, tmp_path / "source")
    (source / ".gitignore").write_text(".cache\npublic\n*.xlsx\nletters\n", "utf-8")
    user = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    git(source, "init", "-q", "-b", "main")
    git(source, "add", "-A")
    git(source, *user, "commit", "-qm", "1")
    git(tmp_path, "clone", "-q", "--bare", str(source), "bare.git")
    git(tmp_path, "clone", "-q", "bare.git", "clone")
    clone = tmp_path / "clone"
    git(clone, "config", "user.name", "a")
    git(clone, "config", "user.email", "a@example.org")
    # What has been reasoned already is no part of a clone; it only saves time.
    (source / ".cache").rename(clone / ".cache")
    return clone


def contact(clone: Path) -> None:
    """Verdal reports a new project with a Swedish partner, and one that has ended."""
    book = Book(clone / "verdal.xlsx")
    ended = {"Status": "Avsluttet", "Sluttdato": "2024", "Kilde": "Vedtak 12/25"}
    ended |= {"Sist kontrollert": "1.3.2025", "Går god for": "Verdal kommune"}
    book.put("Meld", "activity/eos-frisklivssentralen", **ended)
    new = {"Tiltak": "Grønn fjellvei", "Type": "prosjekt", "Program": "Interreg"}
    new |= {"Partnere": "Bräcke kommun (Sverige)", "Status": "Pågår"}
    book.add("Meld", {**new, "Startdato": "15.01.2025"})
    book.save()


@pytest.mark.timeout(600)
def test_after_the_guide_another_clone_has_the_register(clone: Path) -> None:
    asked = commands()
    assert len(asked) >= 12
    tools = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONIOENCODING": "utf-8",
    }
    for command in asked:
        if command.startswith(LEFT_OUT):
            continue
        if command.startswith("glokal sheet import"):
            contact(clone)
        ran = subprocess.run(
            command, shell=True, cwd=clone, env=environment,
            capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        well = (0, 1) if command in FINDS else (0,)
        assert ran.returncode in well, (command, ran.stdout[-2000:], ran.stderr)
    git(clone.parent, "clone", "-q", "bare.git", "other")
    other = clone.parent / "other"
    activities = (other / "data/register/activities.ttl").read_text(encoding="utf-8")
    assert '"Grønn fjellvei"@nb' in activities
    reports = (other / "data/register/reports.ttl").read_text(encoding="utf-8")
    assert "activity-status:ended" in reports
    assert 'version = "0.2.0"' in (other / "publication.toml").read_text("utf-8")
    assert list((other / "editions").glob("0.2.0*"))
    # Nothing was left behind, and the story is in the history.
    assert "Interreg" in git(other, "log", "--format=%B")
