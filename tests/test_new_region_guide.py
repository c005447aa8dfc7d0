"""The guide to a new region, run from a wheel: from a document to pages that say it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import docx
import pytest

from tests.conftest import ROOT
from tests.core_install import run
from tests.draft_book import Book

ENGLISH, BOKMAAL = (
    (ROOT / "docs" / f"guide-{name}-region.md").read_text(encoding="utf-8")
    for name in ("new", "ny")
)
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
SURE = {"Sikkerhet": "Sikker plassering"}


def commands(guide: str) -> list[str]:
    lines = [line for block in BLOCK.findall(guide) for line in block.splitlines()]
    return [line[2:] for line in lines if line.startswith("$ ")]


def plan(path: Path) -> None:
    """The document of the guide, with the table that is printed in it."""
    made = docx.Document()
    made.add_heading("Solvik i verden 2026–2029", 0)
    made.add_paragraph("Solvik består av kommunene Nordøy og Østeng.")
    made.add_heading("Mål", 1)
    made.add_paragraph("Flere unge reiser ut", style="List Number")
    made.add_heading("Internasjonal aktivitet", 1)
    table = made.add_table(0, 3)
    for line in ENGLISH.splitlines():
        if line.startswith("> | ") and "---" not in line:
            texts = [part.strip() for part in line.strip("> |").split("|")]
            cells = table.add_row().cells
            for cell, text in zip(cells, (*texts, "")[: len(cells)], strict=False):
                cell.text = text
    made.save(str(path))


def person(path: Path) -> None:
    """What the guide's own table says that a person writes."""
    book = Book(path)
    first = "Planen og steder"
    book.put(first, 2, Bekreftet="x", Type="internasjonal strategi",
             **{"Hører til": "Solvik"},
             Navn_engelsk="Solvik in the world 2026–2029")  # fmt: skip
    book.put(first, 3, Bekreftet="x")
    book.put(first, 4, Bekreftet="x")
    book.put(first, 5, Bekreftet="x", Type="samarbeidsregion",
             Sitat="Solvik består av kommunene Nordøy og Østeng.",
             Navn_bokmål="Solvik", Navn_engelsk="Solvik")  # fmt: skip
    names = (("Skule", "School"), ("Næring", "Business"))
    for line, (nn, en) in enumerate(names, 2):
        book.put("Kolonner", line, Bekreftet="x", Navn_nynorsk=nn, Navn_engelsk=en)
    goal = "More young people go abroad"
    book.put("Elementer", 2, Bekreftet="x", Navn_engelsk=goal, Ordlyd_engelsk=goal)
    pen = {"Navn_bokmål": "Brevvenner", "Navn_engelsk": "Pen friends",
           "Type": "utveksling", "Program": "Nordplus Junior"}  # fmt: skip
    fish = {"Navn_engelsk": "Fishing without borders", "Type": "prosjekt"}
    for line, values in enumerate((pen, pen, fish), 2):
        book.put("Oppføringer", line, Bekreftet="x", **values, **SURE)
    guild = {"Partner": "Fiskerlauget", "Partnerens type": "organisasjon",
             "Lesning_bokmål": "Østeng kommune opplyser hvem de fisker med.",
             "Lesning_engelsk": "Østeng tells whom they fish with."}  # fmt: skip
    book.put("Oppføringer", 4, **guild)
    names = [row["Navn (bokmål)"] for row in book.rows("Navn")]
    book.put("Navn", 2 + len(names), Navn_bokmål="Fiskerlauget",
             Navn_engelsk="The Fishermen’s Guild")  # fmt: skip
    book.save()


def test_both_guides_have_the_same_commands() -> None:
    assert commands(ENGLISH) == commands(BOKMAAL) and len(commands(ENGLISH)) == 7
    for guide in (ENGLISH, BOKMAAL):
        assert "| Østeng | Nordplus Junior – brevvenner | Fiske uten grenser |" in guide


# It builds once.
@pytest.mark.timeout(600)
def test_the_guide_comes_with_the_wheel(installed: Path, tmp_path: Path) -> None:
    for name, text in (
        ("guide-new-region", ENGLISH),
        ("docs/guide-ny-region.md", BOKMAAL),
    ):
        assert run(installed, "docs", name, cwd=tmp_path, seconds=60).stdout == text


def test_the_guide_leads_from_a_document_to_pages(
    installed: Path, tmp_path: Path
) -> None:
    plan(tmp_path / "plan.docx")
    folder = tmp_path
    for command in commands(ENGLISH):
        if command.startswith("glokal draft apply"):
            person(folder / "drafts" / "plan.xlsx")
        program, *words = shlex.split(command)
        assert program == "glokal"
        ran = run(installed, *words, cwd=folder, seconds=500)
        assert ran.returncode == 0, (command, ran.stdout[-2000:], ran.stderr[-2000:])
        folder = tmp_path / "solvik"
    site = folder / "public"
    path = site / "doc/activity/brevvenner/index.html"
    page = path.read_text(encoding="utf-8")
    text = re.sub("<[^>]+>", " ", page)
    # Both rows of the table that have the item, and the words of it.
    assert "Nordøy kommune" in text and "Østeng kommune" in text
    assert "Nordplus Junior – brevvenner" in text
    partner = site / "en/doc/organisation/fiskerlauget/index.html"
    assert "The Fishermen’s Guild" in partner.read_text(encoding="utf-8")
    period = ("query", "plan-owner-and-period", "--format", "csv")
    assert "2026,2029" in run(installed, *period, cwd=folder, seconds=60).stdout
    question = ("query", "municipalities-of-region", "--format", "csv")
    asked = run(installed, *question, cwd=folder, seconds=60)
    assert "Nordøy" in asked.stdout and "Østeng" in asked.stdout
