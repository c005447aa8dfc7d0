"""The page of the files: for people first, and every file that is there."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from glokal.site.pages.downloads import size_in_words
from glokal.site.translations import load_words


@pytest.fixture(scope="module")
def public(publication: Path) -> Path:
    return publication / "public"


@pytest.mark.parametrize(
    ("size", "nb", "en"),
    [
        (0, "0 B", "0 B"),
        (999, "999 B", "999 B"),
        (1000, "1 kB", "1 kB"),
        (1719, "1,7 kB", "1.7 kB"),
        (99_950, "100 kB", "100 kB"),
        (999_700, "1 MB", "1 MB"),
        (7_886_324, "7,9 MB", "7.9 MB"),
        (5_000_000_000_000, "5000 GB", "5000 GB"),
    ],
)
def test_a_size_is_written_as_people_read_it(size: int, nb: str, en: str) -> None:
    assert size_in_words(size, load_words()["nb"]) == nb
    assert size_in_words(size, load_words()["en"]) == en


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_each_file_is_offered_by_what_is_in_it(public: Path, lang: str) -> None:
    root = public if lang == "nb" else public / lang
    page = (root / "dump/index.html").read_text(encoding="utf-8")
    links = {unescape(link) for link in re.findall(r'href="([^"]*dump/[^"]+)"', page)}
    offered = {(root / "dump" / link).resolve() for link in links}
    assert all(file.is_file() for file in offered if "." in file.name)
    theirs = {"entries", "activities"} if lang == "nb" else {"oppforinger", "tiltak"}
    there = {
        file.resolve()
        for file in (public / "dump").iterdir()
        if file.is_file()
        and file.suffix != ".html"
        and file.name.partition(".")[0] not in theirs
    }
    assert there <= offered
    # What people open in a spreadsheet comes before what programs read.
    assert page.index(".xlsx") < page.index(".ttl")
    rows = re.findall(r'<th scope="row">(.*?)</th><td[^>]*><a[^>]*>(.*?)</a>', page)
    called = {file: what for what, file in rows}
    assert called["municipality.csv"] == {"nb": "Kommune", "en": "Municipality"}[lang]
    assert all(not what.startswith("glokal") for what in called.values())


def test_another_source_has_its_name_in_a_table(public: Path) -> None:
    """Its whole address is behind the name, and in the files."""
    for path in ("query/activities-ended", "doc/country/sverige"):
        page = (public / path / "index.html").read_text(encoding="utf-8")
        cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.S)
        shown = [re.sub(r"<[^>]+>", "", cell) for cell in cells]
        assert not [text for text in shown if "://" in text], path
    rows = (public / "query/activities-ended/rows.csv").read_text(encoding="utf-8")
    assert "https://hnt.no/" in rows
