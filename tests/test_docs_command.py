"""`glokal docs`: the documents that messages and guides refer to are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT, glokal

DOCS = ROOT / "docs"


def test_each_document_is_listed_with_its_title(tmp_path: Path) -> None:
    listed = glokal("docs", cwd=tmp_path)
    assert listed.returncode == 0
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    assert [name for name, _ in lines] == sorted(p.stem for p in DOCS.glob("*.md"))
    assert ["regions", "Several regions together"] in lines


@pytest.mark.parametrize(
    "name", ["regions", "regions.md", "docs/regions.md", "docs/regions.md#members"]
)
def test_a_document_is_written_as_it_is(name: str, tmp_path: Path) -> None:
    shown = glokal("docs", name, cwd=tmp_path)
    assert shown.stdout == (DOCS / "regions.md").read_text(encoding="utf-8")


def test_one_that_is_not_there_is_told_with_what_is_near(tmp_path: Path) -> None:
    told = glokal("docs", "region", cwd=tmp_path)
    assert told.returncode == 2
    assert "choose one of" in told.stderr
    assert "regions" in told.stderr
    both = glokal("docs", "regions", "--folder", "here", cwd=tmp_path)
    assert both.returncode == 2
    assert not (tmp_path / "here").exists()


def test_all_are_written_into_a_new_folder(tmp_path: Path) -> None:
    written = glokal("docs", "--folder", "here", cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    files = {p.relative_to(DOCS) for p in DOCS.rglob("*") if p.is_file()}
    assert {
        p.relative_to(tmp_path / "here")
        for p in (tmp_path / "here").rglob("*")
        if p.is_file()
    } == files
    (tmp_path / "here" / "mine.md").write_text("mine", encoding="utf-8")
    again = glokal("docs", "--folder", "here", cwd=tmp_path)
    assert again.returncode == 2
    assert "mine.md" in again.stderr
