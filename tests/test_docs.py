"""The documents say what the code does: every setting, question, link and decision."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import yaml

from glokal.catalogue.harvest_sources import harvest_sources
from glokal.core.settings import load_project
from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def questions() -> dict[int, list[str]]:
    """The canned queries by the number of the question that they answer."""
    found: dict[int, list[str]] = {}
    for path in sorted((ROOT / "queries").glob("*.rq")):
        lines = path.read_text(encoding="utf-8").splitlines()
        header = yaml.safe_load("\n".join(x[3:] for x in lines if x[:2] == "#+"))
        for number in header.get("questions", []):
            found.setdefault(number, []).append(path.stem)
    return found


def test_the_questions_each_name_the_queries_that_answer_them() -> None:
    text = (DOCS / "questions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\| (.+?) \|$", text, re.MULTILINE)
    listed = {
        int(number): sorted(set(re.findall(r"\(\.\./queries/([a-z-]+)\.rq\)", cell)))
        for number, cell in rows
    }
    assert list(listed) == list(range(1, len(listed) + 1))
    assert len(listed) >= 66
    known = questions()
    assert listed == {number: sorted(known.get(number, [])) for number in listed}


def test_every_query_stands_in_the_list() -> None:
    text = (DOCS / "questions.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"\(\.\./queries/([a-z-]+)\.rq\)", text))
    assert listed == {path.stem for path in (ROOT / "queries").glob("*.rq")}


def test_every_setting_is_explained() -> None:
    code = (ROOT / "src/glokal/core/settings/publication_toml.py").read_text(
        encoding="utf-8"
    )
    settings = set(
        re.findall(
            r'"((?:publication|publisher|contact|catalog|service|reason|register|identifiers)'
            r'\.(?!toml)\w+)[."]',
            code,
        )
    )
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    assert len(settings) >= 25
    assert set(re.findall(r"^\| `(\w+\.\w+)` \|", text, re.MULTILINE)) == settings


def test_every_source_of_a_portal_is_documented() -> None:
    text = (DOCS / "portals.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\w+) \| `([\w.]+)`.* \| `([\w/]+)` \|$", text, re.MULTILINE
    )
    project = dataclasses.replace(load_project(ROOT), endpoint="https://example.org/q")
    sources = [(s.kind, s.path, s.accept) for s in harvest_sources(project)]
    assert rows == sources


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / link).exists(), link


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(p.name for p in (DOCS / "decisions").glob("*.md"))
    assert [int(n[:4]) for n in names] == list(range(1, len(names) + 1))
    for name in names:
        first = (DOCS / "decisions" / name).read_text("utf-8").splitlines()[0]
        assert first.startswith(f"# {int(name[:4])}. ")


def test_readme_begins_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines[3].startswith("make publish")
    assert lines[4].startswith("make test")


def test_the_changelog_has_each_kind_and_each_subject_once() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for release in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        kinds = re.findall(r"^### (.+)$", release, re.MULTILINE)
        assert kinds == [k for k in ("Added", "Changed", "Fixed") if k in kinds]
        for kind in re.split(r"^### ", release, flags=re.MULTILINE)[1:]:
            subjects = re.findall(r"^#### (.+)$", kind, re.MULTILINE)
            assert len(subjects) == len(set(subjects)), subjects
    heads = re.findall(
        r"^## (?:Unreleased|\d+\.\d+\.\d+ – \d{4}-\d\d-\d\d)$", text, re.M
    )
    assert len(heads) == text.count("\n## ")
