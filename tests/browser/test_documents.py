"""The site of the documents as people see it, and its search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from glokal.harvest.static_host import serve_folder
from tests import docs_site
from tests.browser.kinds import Sample
from tests.browser.survey import headings, look_at_all

LOOKED_AT = (
    "README.html",
    "CHANGELOG.html",
    "CONTRIBUTING.html",
    "documents.html",
    "search.html?q=workbook",
    "docs/api.html",
    "docs/architecture.html",
    "docs/decisions/index.html",
    "docs/guide-ny-region.html",
    "docs/server.html",
    "docs/vocabulary.html",
)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("docs") / "site"
    docs_site.build(folder)
    with serve_folder(folder, "http://127.0.0.1/") as host:
        yield host


def test_the_pages_are_for_everyone(browser: Browser, documents: str) -> None:
    asked = [Sample(path, "en", path) for path in LOOKED_AT]
    seen = look_at_all(browser, documents, asked)
    for sample, page in seen.items():
        # What Pagefind's own list does with colours and names is Pagefind's.
        if not sample.path.startswith("search"):
            assert not page.axe, sample
        assert not page.sideways + page.said + page.outside, sample
        assert page.kept == 0
        assert all(headings(tree).count(1) == 1 for tree in page.trees.values()), sample


def test_the_search_finds_a_document_by_its_words(page: Page, documents: str) -> None:
    page.goto(f"{documents}docs/server.html")
    page.get_by_role("searchbox").fill("remind letters workbook")
    page.get_by_role("button", name="Search").click()
    found = page.locator(".pagefind-ui__result-link")
    found.first.wait_for()
    # Which of the guides that say it comes first changes with each sentence in them.
    places = [str(link.get_attribute("href")) for link in found.all()]
    assert any("guide-editor.html" in place for place in places), places
    assert not any("SECURITY.html" in place for place in places), places


def test_code_lies_in_a_box_that_keys_can_move(page: Page, documents: str) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(f"{documents}CONTRIBUTING.html")
    box = page.locator("pre").nth(1)
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
