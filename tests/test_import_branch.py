"""An import that lands on a branch of Git; nothing of the repository runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from glokal.cli import sheet_import
from glokal.core.errors import MachineError
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.workbook.rows import read_rows
from glokal.workbook.write_workbook import write_workbook
from tests.contact import PEN, SOURCE, Book, back


def git(folder: Path, *args: str) -> str:
    ran = subprocess.run(
        ["git", "-c", "core.hooksPath=/dev/null", *args],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return ran.stdout


@pytest.fixture
def book(warm_region: Path, region: Path) -> Book:
    """A workbook in which an activity has ended, in a repository with a trap in it."""
    (region / ".gitignore").write_text(".cache\n*.xlsx\n", encoding="utf-8")
    git(region, "init", "-q", "-b", "main")
    git(region, "config", "user.name", "a")
    git(region, "config", "user.email", "a@example.org")
    git(region, "add", "-A")
    git(region, "commit", "-qm", "1")
    trap = f"touch {region.parent / 'ran'}"
    for name in ("pre-commit", "post-commit", "reference-transaction", "post-checkout"):
        hook = region / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{trap}\n", encoding="utf-8")
        hook.chmod(0o755)
    git(region, "config", "filter.trap.clean", f"{trap}; cat")
    git(region, "config", "core.fsmonitor", trap)
    (region / ".git" / "info").mkdir(exist_ok=True)
    (region / ".git/info/attributes").write_text("*.ttl filter=trap\n", "utf-8")
    workspace = Workspace(load_project(warm_region))
    (region / "r.xlsx").write_bytes(
        write_workbook(read_rows(workspace), workspace.project)
    )
    book = Book(region / "r.xlsx")
    book.put("Meld", PEN, Status="Avsluttet", **SOURCE)
    return book


def test_the_change_is_on_a_branch_with_its_story(book: Book) -> None:
    region = book.path.parent
    told = back(book, "--yes", "--branch", "vik-1")
    assert told.returncode == 0, told.stdout + told.stderr
    assert not (region.parent / "ran").exists()
    git(region, "config", "--unset", "core.fsmonitor")
    assert git(region, "symbolic-ref", "HEAD") == "refs/heads/vik-1\n"
    message = git(region, "log", "-1", "--format=%B")
    assert message.startswith("vik-1: Brevvenner\n\n") and "Vedtak 7/26" in message
    assert git(region, "diff", "--name-only", "main", "vik-1") == (
        "data/register/reports.ttl\n"
    )
    kept = git(region, "show", "vik-1:data/register/reports.ttl")
    assert kept == (region / "data/register/reports.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("branch", "said"),
    [
        ("main", "already"),
        ("a..b", "can't be the name"),
        ("-x", "can't be the name"),
        # A file of that name can't be made (pathconf(3), _PC_NAME_MAX).
        ("b" * 300, "can't be the name"),
    ],
)
def test_a_branch_that_cannot_be_made_stops_before_anything_is_written(
    branch: str, said: str, book: Book
) -> None:
    told = back(book, "--yes", f"--branch={branch}")
    assert told.returncode == 2
    assert said in told.stderr
    assert not (book.path.parent / "data" / "register").exists()


def test_other_changes_of_a_file_are_not_committed_along(book: Book) -> None:
    file = book.path.parent / "data" / "strategy" / "fjordland.ttl"
    text = file.read_text(encoding="utf-8").replace("Pen friends", "Letter friends")
    file.write_text(text, encoding="utf-8")
    book.put("Meld", PEN, Tiltak="Pennevenner")
    told = back(book, "--yes", "--branch", "vik-1")
    assert told.returncode == 2
    assert "fjordland.ttl has changes that are not committed" in told.stderr


def test_without_a_branch_new_files_go_with_the_next_commit(book: Book) -> None:
    region = book.path.parent
    told = back(book, "--yes")
    assert "Nye filer, som Git må få vite om: data/register/reports.ttl." in told.stdout
    git(region, "config", "--unset", "core.fsmonitor")
    git(region, "commit", "-qam", "2")
    assert "glo:Report" in git(region, "show", "HEAD:data/register/reports.ttl")


def files_of(region: Path) -> dict[str, bytes]:
    return {
        path.relative_to(region).as_posix(): path.read_bytes()
        for path in (region / "data").rglob("*")
        if path.is_file()
    }


def test_one_that_was_stopped_before_the_files_is_taken_up(book: Book) -> None:
    """The branch is made first; the same import finds it with just its change."""
    region = book.path.parent
    before = files_of(region)
    assert back(book, "--yes", "--branch", "vik-1").returncode == 0
    after, made = files_of(region), git(region, "rev-parse", "vik-1")
    git(region, "config", "--unset", "core.fsmonitor")
    git(region, "symbolic-ref", "HEAD", "refs/heads/main")
    git(region, "read-tree", "main")
    for name in set(after) - set(before):
        (region / name).unlink()
    for name, data in before.items():
        (region / name).write_bytes(data)
    told = back(book, "--yes", "--branch", "vik-1")
    assert told.returncode == 0, told.stdout + told.stderr
    assert files_of(region) == after
    assert git(region, "symbolic-ref", "HEAD") == "refs/heads/vik-1\n"
    assert git(region, "rev-parse", "vik-1") == made
    assert git(region, "status", "--porcelain") == ""


def test_one_that_was_stopped_after_the_files_is_finished(book: Book) -> None:
    region = book.path.parent
    assert back(book, "--yes", "--branch", "vik-1").returncode == 0
    after = files_of(region)
    git(region, "config", "--unset", "core.fsmonitor")
    git(region, "symbolic-ref", "HEAD", "refs/heads/main")
    git(region, "read-tree", "main")
    told = back(book, "--yes", "--branch", "vik-1")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "vik-1" in told.stdout
    assert files_of(region) == after
    assert git(region, "symbolic-ref", "HEAD") == "refs/heads/vik-1\n"
    assert git(region, "status", "--porcelain") == ""


def test_another_branch_of_that_name_is_left_alone(book: Book) -> None:
    region = book.path.parent
    git(region, "config", "--unset", "core.fsmonitor")
    git(region, "config", "--remove-section", "filter.trap")
    git(region, "branch", "vik-1")
    before, head = files_of(region), git(region, "rev-parse", "vik-1")
    told = back(book, "--yes", "--branch", "vik-1")
    assert told.returncode == 2 and "already" in told.stderr
    assert files_of(region) == before
    assert git(region, "rev-parse", "vik-1") == head


def test_what_cannot_be_written_leaves_no_branch(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = book.path.parent
    before = files_of(region)

    def refuse(*_args: object, **_more: object) -> None:
        raise MachineError("The disk is full.", remedy="make room.")

    monkeypatch.setattr(sheet_import, "write_together", refuse)
    told = back(book, "--yes", "--branch", "vik-1")
    assert told.returncode == 2 and "The disk is full" in told.stderr
    assert files_of(region) == before
    assert git(region, "branch", "--list", "vik-1") == ""
    assert git(region, "symbolic-ref", "HEAD") == "refs/heads/main\n"
