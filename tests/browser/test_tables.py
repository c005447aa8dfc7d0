"""Filter and order of a table stand in its address, and outlast a visit elsewhere."""

from __future__ import annotations

from playwright.sync_api import Page, expect

# Levanger has 26 items in the appendix; three of them begin with Erasmus.
PATH = "query/entries-of-municipality/levanger/"


def test_a_filter_is_there_again_when_one_comes_back(page: Page, static: str) -> None:
    page.goto(static + PATH)
    page.locator(".filter input").fill("erasmus")
    rows = page.locator("table.answers tbody tr:visible")
    expect(page.locator(".filter [role=status]")).to_contain_text("2 / 26")
    assert page.url.endswith("?filter=erasmus")
    rows.first.locator("a").first.click()
    page.wait_for_url("**/doc/**")
    page.go_back()
    expect(page.locator(".filter input")).to_have_value("erasmus")
    expect(rows).to_have_count(2)
    expect(page.locator(".filter [role=status]")).to_contain_text("2 / 26")


def test_an_order_can_be_sent_as_an_address(page: Page, static: str) -> None:
    page.goto(static + PATH)
    head = page.locator("thead button").first
    head.click()
    head.click()
    assert page.url.endswith("?sort=-1")
    first = page.locator("table.answers tbody td").first.inner_text()
    page.reload()
    expect(page.locator("thead th").first).to_have_attribute("aria-sort", "descending")
    assert page.locator("table.answers tbody td").first.inner_text() == first
    # What nobody can have chosen is passed over.
    page.goto(static + PATH + "?sort=99&filter=")
    expect(page.locator("table.answers tbody tr:visible")).to_have_count(26)
