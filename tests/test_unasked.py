"""What a young project has nothing for: no list names it, and no page is empty."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import html

from glokal.core.settings import load_regions
from glokal.core.settings.region_defaults import with_region_defaults
from tests.conftest import ROOT, glokal

NOTHING = "things-on-topic"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("young") / "fjordland"
    shutil.copytree(ROOT / "tests" / "region", folder)
    # Its own question is in the place of the shared ones.
    for name in ("queries", "expected"):
        shutil.rmtree(folder / name)
    file = folder / "data/strategy/fjordland.ttl"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    dates = ("glo:startDate", "glo:endDate", "glo:asOf")
    kept = [line for line in lines if not line.strip().startswith(dates)]
    file.write_text("".join(kept), "utf-8")
    done = glokal("build", cwd=folder, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "public"


def links(page: Path) -> set[str]:
    return {str(x) for x in html.fromstring(page.read_bytes()).xpath("//a/@href")}


@pytest.mark.parametrize("home", ["", "en/"])
def test_a_question_about_nothing_is_listed_nowhere(built: Path, home: str) -> None:
    for page in ("query", "api", "."):
        found = links(built / home / page / "index.html")
        assert not [x for x in found if NOTHING in x], page
    assert NOTHING not in (built / home / "llms.txt").read_text("utf-8")


@pytest.mark.parametrize(("home", "page"), [("", "tidslinje"), ("en/", "timeline")])
def test_there_is_no_timeline_without_a_period(
    built: Path, home: str, page: str
) -> None:
    assert not (built / home / page).exists()
    start = links(built / home / "index.html")
    assert start and not [x for x in start if page in x]


def test_its_page_says_what_would_stand_there(built: Path) -> None:
    page = html.fromstring((built / f"query/{NOTHING}/index.html").read_bytes())
    (said,) = page.xpath("//p[contains(@class, 'answer')]")
    assert "Foreløpig er ingenting slikt lagt inn" in said.text_content()
    assert "(Emne)" in said.text_content()


def test_the_version_of_several_regions_is_that_of_their_members(
    tmp_path: Path,
) -> None:
    (tmp_path / "regions.toml").write_text(
        '[[member]]\nfolder = "a"\n[[member]]\nfolder = "b"\n', "utf-8"
    )
    for name, version in (("a", "0.10.0"), ("b", "0.9.0")):
        shutil.copytree(ROOT / "tests/region", tmp_path / name)
        settings = tmp_path / name / "publication.toml"
        text = settings.read_text("utf-8").replace("1.0.0", version)
        text = text.replace("fjordland", f"land-{name}")
        settings.write_text(text, "utf-8")
    whole = load_regions(tmp_path)
    assert whole.project.version == "0.9.0"
    members = [m.project for m in whole.members if m.project]
    told = with_region_defaults({"publication": {"version": "3.0.0"}}, members)
    assert told["publication"]["version"] == "3.0.0"
