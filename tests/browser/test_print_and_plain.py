"""On paper, and without JavaScript: the same words."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.kinds import LANGUAGES, Sample

KINDS = {"start", "query one", "doc municipality", "doc activity"}
NAMED = {"nb": {"strategi", "alle"}, "en": {"strategy", "all"}}
# What a reader of the paper should find: every text but that of controls, and of what
# is folded away for programs and for the curious. Behind links to elsewhere the paper
# has their addresses.
WORDS = """() => [...document.querySelectorAll("main h1, main h2, main h3, main td,"
  + "main th, main li, main dd, main dt, main blockquote, main figcaption")]
  .filter((e) => !e.closest("svg, form, nav, .filter, .choices, pre, .hidden"))
  .filter((e) => !e.closest(".offpaper"))
  .filter((e) => !e.querySelector("ul, ol, table, .hidden, li, a[href^=http]"))
  .map((e) => {
    const shown = e.cloneNode(true);
    shown.querySelectorAll(".offpaper").forEach((part) => part.remove());
    return shown.textContent;
  })"""
VISIBLE = """() => [...document.querySelectorAll("main h1, main h2, main tr, main a,"
  + "main p")].filter((e) => e.checkVisibility()).map((e) => e.tagName)"""


def squeeze(text: str) -> str:
    """Without spaces and soft hyphens, which a layout adds, and without ligatures."""
    return re.sub(r"[\s\u00ad\u200b]+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_print_has_every_word(
    page: Page, static: str, pages: list[Sample], lang: str
) -> None:
    kinds = KINDS | NAMED[lang]
    printed = [p for p in pages if p.lang == lang and p.kind in kinds]
    assert len(printed) == len(kinds)
    for sample in printed:
        page.goto(static + sample.path)
        wanted = page.evaluate(WORDS)
        paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
        text = squeeze("".join(leaf.extract_text() for leaf in paper.pages))
        assert len(wanted) > 10
        missing = [w for w in wanted if squeeze(w) not in text]
        assert missing == [], sample


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_to_read_needs_javascript(
    page: Page, plain: Page, static: str, pages: list[Sample], lang: str
) -> None:
    """Without scripts a page shows all that it shows with them."""
    plain.set_viewport_size({"width": 1280, "height": 1024})
    for sample in pages:
        if sample.lang != lang or sample.kind in ("sparql-verksted", "workbench"):
            continue
        for opened in (page, plain):
            opened.goto(static + sample.path)
        with_scripts = page.evaluate(VISIBLE)
        assert len(with_scripts) > 2, sample
        assert plain.evaluate(VISIBLE) >= with_scripts, sample


def test_a_printed_answer_has_numbered_sources_with_addresses(
    page: Page, static: str
) -> None:
    """Nobody follows a link on paper: a row has numbers, and a list says where."""
    page.goto(static + "query/entries-of-municipality/levanger/")
    listed = page.locator("section.onpaper li")
    expect(listed.first).to_be_hidden()
    page.emulate_media(media="print")
    expect(listed.first).to_be_visible()
    addresses = listed.locator(".address").all_inner_texts()
    assert len(set(addresses)) == len(addresses) >= 26
    assert all("/strategi/#p-" in address for address in addresses)
    numbers = [
        int(n)
        for cell in page.locator("table.answers .from").all_inner_texts()
        for n in re.findall(r"\[(\d+)\]", cell)
    ]
    assert set(numbers) == set(range(1, len(addresses) + 1))


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("doc/municipality/verdal/", 3),
        ("doc/municipality/levanger/", 4),
        ("sammenlign/", 2),
        ("en/compare/", 2),
    ],
)
def test_no_sheet_of_paper_has_the_licence_alone(
    page: Page, static: str, path: str, most: int
) -> None:
    page.goto(static + path)
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    assert len(paper.pages) <= most
    assert len(paper.pages[-1].extract_text()) > 400


def test_a_picture_that_is_too_wide_gives_way_to_its_tables(
    page: Page, static: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(static + "doc/municipality/verdal/")
    picture = page.locator("details:has(#network)")
    expect(picture).to_be_visible()
    for width in (360, 700):
        page.set_viewport_size({"width": width, "height": 900})
        expect(picture).to_be_hidden()
