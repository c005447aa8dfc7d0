"""The index of names: what comes first, and the same in Python and in the browser."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from glokal.dataset.workspace import Workspace
from glokal.site.graph_view import GraphView
from glokal.site.name_search import (
    NamedPage,
    find_names,
    index_file,
    named_pages,
    read_names,
    search_key,
    write_names,
)
from glokal.site.page_words import load_words
from tests.conftest import ROOT

SEARCHES = tomllib.loads((ROOT / "tests/searches.toml").read_text(encoding="utf-8"))
SCRIPT = """
import { readFileSync } from "node:fs";
import { findNames, searchKey } from "%s";
const { pages, asked } = JSON.parse(readFileSync(0, "utf8"));
const told = asked.map((text) => {
  const find = (slips) => findNames(pages, text, slips).map((h) => [h.href, h.rank]);
  const hits = [false, true].map(find);
  return [searchKey(text), ...hits];
});
console.log(JSON.stringify(told));
"""
# Letters of Norwegian, Sámi and others, signs, spellings, and names that nearly are.
ODD = [
    "Ærøya", "STRAẞE", "İstanbul", "ﬁne", "Šiŋŋa đuođđar ŧ", "Snaasa", "Inderoey",
    "Erasmus+ og Erasmus pluss", "٣٤", "a_b-c", "…", "😀 verdal", "Östersund",
    "K\u030angsvinger", "norsk–svensk", "verdla", "levagner", "inderøyy", "50 38",
    "5039", "vredal", "x" * 300,
]  # fmt: skip


@pytest.fixture(scope="module")
def named(strategy: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the indexes of both languages."""
    folder = tmp_path_factory.mktemp("names")
    view = GraphView(strategy)
    for lang in ("nb", "en"):
        words = load_words()[lang]
        open_page = [(words["open"], words["paths"]["open"])]
        pages = named_pages(view, strategy.queries, lang, words, open_page)
        write_names(folder, lang, pages)
        assert read_names((folder / index_file(lang)).read_bytes()) == pages
    return folder


def found(pages: list[NamedPage], asked: str) -> list[str]:
    hits = find_names(pages, asked) or find_names(pages, asked, misspelt=True)
    return [hit.page.href for hit in hits]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_what_people_search_for_comes_first(named: Path, lang: str) -> None:
    pages = read_names((named / index_file(lang)).read_bytes())
    assert len(SEARCHES["nb"]) >= 40
    first = {asked: (found(pages, asked) or [""])[0] for asked in SEARCHES[lang]}
    assert first == SEARCHES[lang]


def test_the_browser_finds_the_same(named: Path, tmp_path: Path) -> None:
    script = tmp_path / "find.mjs"
    script.write_text(
        SCRIPT % (ROOT / "src/glokal/site/static/names.js").as_uri(), encoding="utf-8"
    )
    pages = read_names((named / index_file("nb")).read_bytes())
    asked = [*SEARCHES["nb"], *ODD, *(page.title for page in pages)]
    given = {
        "pages": json.loads((named / index_file("nb")).read_text(encoding="utf-8")),
        "asked": asked,
    }
    done = subprocess.run(
        [ROOT / ".venv/bin/node", script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    for text, told in zip(asked, json.loads(done.stdout), strict=True):
        ours = [
            [[h.page.href, h.rank] for h in find_names(pages, text, misspelt=slips)]
            for slips in (False, True)
        ]
        assert told == [search_key(text), *ours], text


def test_every_page_is_found_by_its_own_title_and_titles_are_told_apart(
    named: Path,
) -> None:
    pages = read_names((named / index_file("nb")).read_bytes())
    assert len(pages) > 200
    lost = [p.href for p in pages if p.href not in found(pages, p.title)]
    assert lost == []


def test_records_and_entries_are_never_found(named: Path) -> None:
    behind = ("record", "entry", "membership", "participation", "passage")
    paths = [
        p.href.split("/")[1]
        for p in read_names((named / index_file("nb")).read_bytes())
    ]
    assert not set(behind) & set(paths)
    assert "municipality" in paths
