"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the project."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT, copy_project, glokal

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def block_text(recipe: str) -> str:
    """The whole text of a recipe."""
    return GUIDE.split(f"\n## {recipe}\n")[1].split("\n## ")[0]


def block(recipe: str, language: str, number: int = 0) -> str:
    """A block of code of a recipe, without the margin of its list."""
    found = re.findall(rf"( *)```{language}\n(.*?)```", block_text(recipe), re.DOTALL)
    margin, text = found[number]
    return re.sub(rf"^{margin}", "", text, flags=re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(ROOT, tmp_path / "project")


def test_the_question_has_the_rows_that_were_read(project: Path) -> None:
    query = block("Add a question", "sparql")
    (project / "queries/goals-in-short.rq").write_text(query, encoding="utf-8")
    told = glokal("query", "goals-in-short", "--format", "csv", cwd=project)
    assert told.returncode == 0, told.stderr
    # The three goals that the strategy numbers, read in its lines 172 to 181.
    columns, *rows = block("Add a question", "csv").splitlines()
    goal = "https://w3id.org/glokal/id/goal"
    rows = [
        f"{goal}/regionalt-tyngdepunkt,Regionalt tyngdepunkt,L179",
        f"{goal}/baerekraftig-samfunnsutvikling,Bærekraftig samfunnsutvikling,L181",
        *rows,
    ]
    shown = told.stdout.splitlines()
    assert sorted(shown[1:]) == sorted(row.rpartition(",")[0] for row in rows)
    expected = project / "expected/goals-in-short.csv"
    in_order = [row for line in shown[1:] for row in rows if row.startswith(f"{line},")]
    expected.write_text("\n".join([columns, *in_order, ""]), encoding="utf-8")
    assert glokal("fmt", "--check", cwd=project).returncode == 0
    for text, code in ((expected.read_text("utf-8"), 0), (f"{columns}\n", 1)):
        expected.write_text(text, encoding="utf-8")
        assert glokal("check", "--only", "competency", cwd=project).returncode == code


def test_the_shape_finds_what_breaks_it_and_says_so(project: Path) -> None:
    file = project / "shapes/plans.ttl"
    text = file.read_text(encoding="utf-8")
    name = "shape:PlanElement-elementNumber"
    assert f"    {name} ,\n" in text
    named = text.replace(
        f"    {name} ,\n", f"    {name} ,\n    {name}-maxInclusive ,\n"
    )
    added = f"{named}\n{block('Add a shape with its message', 'turtle')}"
    file.write_text(added, encoding="utf-8")
    assert glokal("fmt", cwd=project).returncode == 0
    assert glokal("check", "--only", "shacl", cwd=project).returncode == 0
    data = project / "data/strategy/plans.ttl"
    broken = re.sub(r"elementNumber 1\b", "elementNumber 100", data.read_text("utf-8"))
    data.write_text(broken, encoding="utf-8")
    told = glokal("check", "--only", "shacl", "--lang", "nn", cwd=project)
    assert told.returncode == 1
    assert "Nummeret på eit element i ein plan er 99 eller lågare." in " ".join(
        told.stdout.split()
    )


def test_the_words_of_a_page_have_the_form_of_the_others() -> None:
    words = tomllib.loads(block("Add a page", "toml"))
    about = tomllib.loads((ROOT / "src/glokal/site/about.toml").read_text("utf-8"))
    assert {"nb", "en"} <= set(words) <= set(about)
    tables = "src/glokal/core/text_tables.py"
    assert tables in block_text("Add a page")
    assert '"about.toml"' in (ROOT / tables).read_text(encoding="utf-8")
    assert all(set(words[lang]["paths"]) == {"visions"} for lang in words)


def test_the_places_that_the_guide_names_are_there() -> None:
    named = set(re.findall(r"`((?:src|tests|shapes|queries)/[\w./-]+)`", GUIDE))
    own = {"queries/goals-in-short.rq", *(n for n in named if "NAME" in n)}
    own |= {n for n in named if "maxInclusive" in n}
    assert len(named - own) >= 5
    assert [n for n in sorted(named - own) if not (ROOT / n).exists()] == []
