"""With the keyboard alone: everything is reached, seen and left again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kinds import LANGUAGES, Sample
from tests.browser.survey import NARROW, WIDE
from tests.browser.walk import walk


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tab_reaches_everything_and_leaves_it(
    page: Page, static: str, pages: list[Sample], lang: str
) -> None:
    """In the order of the page, with a focus to see (2.1.1, 2.1.2, 2.4.3, 2.4.7)."""
    faults, steps = {}, 0
    page.emulate_media(reduced_motion="reduce")
    for sample in pages:
        if sample.lang != lang:
            continue
        page.goto(static + sample.path)
        if sample.kind in ("sparql-verksted", "workbench"):
            # The editor comes at the first focus, and takes it over.
            page.locator("#ask[data-ready] #query").focus()
            expect(page.locator(".CodeMirror-focused")).to_be_visible()
        walked = walk(page)
        steps += len(walked.walked)
        # Past the last, the focus leaves the page and comes in again from above.
        if walked.faults or walked.walked[-1] > 1:
            faults[str(sample)] = walked.faults or ["never left"]
    assert faults == {}
    assert steps > 1000


def test_the_first_tab_leads_past_the_menu(page: Page, static: str) -> None:
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.goto(static)
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        expect(skip).to_be_in_viewport()
        assert skip.get_attribute("href") == "#content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("() => !!document.activeElement.closest('main')")


def test_a_table_is_sorted_and_filtered_by_keyboard(
    page: Page, static: str, pages: list[Sample]
) -> None:
    question = next(p for p in pages if p.kind == "query one")
    page.goto(static + question.path)
    head = page.locator("thead button").first
    head.focus()
    page.keyboard.press("Enter")
    expect(page.locator("thead th").first).to_have_attribute("aria-sort", "ascending")
    rows = page.locator("tbody tr")
    shown = rows.count()
    assert shown > 8
    page.get_by_role("searchbox").focus()
    page.keyboard.type("zzz")
    expect(page.locator("tbody tr:visible")).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text(f"0 / {shown}")
