"""What people come for, from the front page with the keyboard alone.

The answers are those of the strategy: the appendix for the programmes and places, the
chapter of goals for the goals.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

MOST = 130


# What a screen reader says of the link that has the focus: its label, or its words.
SAID = """() => { const e = document.activeElement;
  return e.tagName == "A" ? (e.ariaLabel ?? e.textContent).trim() : ""; }"""


def follow(page: Page, name: str) -> None:
    """Press Tab until a link of that name has the focus, then Enter."""
    said: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        said.append(page.evaluate(SAID))
        if re.fullmatch(name, said[-1]):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} was not reached on {page.url}, but {said}")


def fact(page: Page, label: str) -> set[str]:
    """The values of a fact in the first lines of a page."""
    term = page.locator("main dt").filter(has_text=re.compile(f"^{label}$")).first
    return set(term.locator("xpath=following-sibling::dd[1]").inner_text().split(", "))


@pytest.mark.parametrize(
    ("home", "label", "programmes"),
    [
        ("", "Programmer", {"Erasmus+", "EØS", "Nordplus Adult"}),
        ("en/", "Programmes", {"Erasmus+", "EEA", "Nordplus Adult"}),
    ],
)
def test_which_programmes_does_verdal_use(
    page: Page, static: str, home: str, label: str, programmes: set[str]
) -> None:
    page.goto(static + home)
    follow(page, "Verdal")
    assert fact(page, label) == programmes


def test_who_works_with_sweden(page: Page, static: str) -> None:
    page.goto(static)
    follow(page, "Søk")
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("type") == "search":
            break
    page.keyboard.type("Sverige")
    expect(page.locator("#told")).to_contain_text("treff")
    follow(page, "Sverige.*")
    expect(page.locator("h1")).to_have_text("Sverige")
    assert fact(page, "Kommuner") == {"Levanger", "Snåsa", "Steinkjer", "Verdal"}


def test_which_goals_has_the_strategy_and_where_is_that_written(
    page: Page, static: str
) -> None:
    page.goto(static)
    follow(page, "Spørsmål")
    follow(page, "Hvilke mål har strategien.*")
    assert page.locator("main tbody tr").count() == 3
    follow(page, "Verdiskaping og bosetting")
    follow(page, "kilde: Målene, punkt 1")
    target = page.locator(":target")
    expect(target).to_be_in_viewport()
    assert "verdiskaping og bosetting i regionen" in target.inner_text()


def test_who_could_be_asked_about_nordplus(page: Page, static: str) -> None:
    page.goto(static)
    follow(page, "Nordplus")
    five = {"Inderøy", "Levanger", "Snåsa", "Steinkjer", "Verdal"}
    assert fact(page, "Kommuner") == five
    assert fact(page, "Kontaktperson") == {"ikke oppgitt i strategien"}


def test_what_is_not_listed_anywhere_yet(page: Page, static: str) -> None:
    page.goto(static)
    follow(page, "Ikke oppgitt")
    said = page.locator("main").inner_text()
    assert "Det kan finnes likevel" in said
    row = page.get_by_role("row", name=re.compile("^Steinkjer"))
    # The one cell of the appendix without an entry.
    assert "Ikke oppgitt i vedlegget" in row.first.inner_text()
