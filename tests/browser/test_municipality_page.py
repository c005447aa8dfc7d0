"""The page of a municipality is short, and its other address leads to it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

SLUGS = ("snasa", "steinkjer", "inderoy", "verdal", "levanger")
# Three screens, and fewer stops than anyone should have to go through.
HEIGHT, STOPS = 3 * 900, 80
WALKED = """() => [...document.querySelectorAll("a[href], button, input, summary,"
  + "[tabindex='0']")].filter((e) => e.checkVisibility()).length"""


@pytest.mark.parametrize("home", ["", "en/"])
@pytest.mark.parametrize("slug", SLUGS)
def test_a_municipality_takes_three_screens(
    page: Page, static: str, home: str, slug: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{static}{home}doc/municipality/{slug}/")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") <= HEIGHT
    assert 20 < page.evaluate(WALKED) < STOPS
    # Nothing is lost: what is folded is there to be opened.
    closed = page.locator("main > details:not([open])")
    assert closed.count() >= 4


def test_the_address_of_the_authority_leads_to_the_page(
    page: Page, static: str
) -> None:
    page.goto(f"{static}en/doc/authority/verdal/")
    page.wait_for_url(f"{static}en/doc/municipality/verdal/")
    assert page.locator("h1").inner_text() == "Verdal"
