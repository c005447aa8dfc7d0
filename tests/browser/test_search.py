"""The search page: words in any form, in the browser and from the server."""

from __future__ import annotations

import re
import tomllib
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.survey import AXE, ROOT, Watch, violations

SEARCHES = tomllib.loads((ROOT / "tests/searches.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("asked", "thing"),
    [
        # Forms that the pages don't have, of words that they have.
        ("kommunenes", "/doc/expectation/egne-handlingsprogram/"),
        ("helseprosjekter", "helseprosjekt"),
        ("vennskapsbyene", "vennskapsby"),
        ("språkenes", "spraksenter"),
        ("Inderøy", "/doc/municipality/inderoy/"),
    ],
)
def test_inflected_norwegian_forms_are_found(
    page: Page, static: str, asked: str, thing: str
) -> None:
    watch = Watch(page, static)
    page.goto(static + "sok/")
    page.get_by_role("searchbox").fill(asked)
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#told")).to_contain_text("treff")
    found = page.locator("#found a")
    links = [link.get_attribute("href") or "" for link in found.all()]
    assert any(thing in link for link in links), links
    assert all("/en/" not in link for link in links)
    assert watch.seen.said == watch.seen.outside == []


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("verdal", "/doc/municipality/verdal/"),
        ("Inderoy", "/doc/municipality/inderoy/"),
        ("Snåsa", "/doc/municipality/snasa/"),
        ("nordplus", "/doc/programme/nordplus/"),
        ("naboer ab", "/doc/organisation/naboer-ab/"),
    ],
)
def test_what_has_the_whole_name_comes_first(
    page: Page, static: str, asked: str, place: str
) -> None:
    page.goto(static + "sok/")
    page.get_by_role("searchbox").fill(asked)
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#told")).to_contain_text("treff")
    assert (page.locator("#found a").first.get_attribute("href") or "").endswith(place)


def test_results_are_told_shown_and_accessible(page: Page, static: str) -> None:
    page.context.add_init_script(path=AXE)
    page.goto(static + "en/search/?q=Nordplus")
    expect(page.get_by_role("status")).to_contain_text("results")
    assert "Nordplus" in page.locator("#found a").first.inner_text()
    expect(page.locator("#found mark").first).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    more = page.get_by_role("button", name="Show more results")
    shown = page.locator("#found a").count()
    more.press("Enter")
    expect(page.locator("#found a").nth(shown)).to_be_focused()
    # The words go with the reader to the other language.
    assert "?q=Nordplus" in (page.locator("a.other").get_attribute("href") or "")


@pytest.mark.parametrize(
    ("lang", "path", "said"),
    [
        ("nb", "sok/", "Ingen treff på «Erasmsu». Mente du «Erasmus+»?"),
        ("en", "en/search/", "No results for “Erasmsu”. Did you mean “Erasmus+”?"),
    ],
)
def test_a_slip_is_told_of_and_finds_the_nearest_names_alone(
    page: Page, plain: Page, static: str, live: str, lang: str, path: str, said: str
) -> None:
    for opened, root in ((page, static), (plain, live)):
        opened.goto(f"{root}{path}?q=Erasmsu")
        expect(opened.locator("#told")).to_have_text(said)
        hits = opened.locator("#found > li > a").all_inner_texts()
        assert 1 <= len(hits) <= 5 and all("Erasmus" in hit for hit in hits)
    # A form of a word is no slip.
    page.goto(f"{static}sok/?q=helseprosjekter")
    expect(page.locator("#told")).to_contain_text("treff")
    assert "Mente du" not in page.locator("#told").inner_text()


def test_invented_examples_and_lists_of_questions_are_no_hits(
    page: Page, static: str
) -> None:
    """The ontology's examples are of a region that isn't, the API's list of pages."""
    for asked in ("uklart medlemskap", "Grannelaget"):
        page.goto(f"{static}sok/?q={quote(asked)}")
        expect(page.locator("#told")).to_contain_text("treff")
        found = page.locator("#found")
        assert "Grannelaget" not in found.inner_text(), asked
        links = [a.get_attribute("href") or "" for a in found.locator("a").all()]
        assert not any("/api/" in link for link in links), asked


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("Hva driver Snåsa med internasjonalt?", "entries-of-municipality/snasa/"),
        ("Hvilke medlemskap er uklare?", "disputed-memberships/"),
    ],
)
def test_the_very_title_of_a_page_comes_first(
    page: Page, static: str, title: str, place: str
) -> None:
    page.goto(f"{static}sok/?q={quote(title)}")
    expect(page.locator("#told")).to_contain_text("treff")
    first = page.locator("#found a").first
    expect(first).to_have_text(title)
    assert (first.get_attribute("href") or "").endswith(place)


def test_nothing_found_is_said_and_leads_on(
    page: Page, plain: Page, static: str, live: str
) -> None:
    page.goto(static + "sok/")
    onward = page.locator("#onward")
    expect(onward).to_be_hidden()
    page.get_by_role("searchbox").fill("xyzzy")
    expect(page.get_by_role("status")).to_contain_text("Ingen treff")
    assert page.url.endswith("?q=xyzzy")
    expect(onward.get_by_role("link", name="Innhold A–Å")).to_be_visible()
    page.get_by_role("searchbox").fill("Verdal")
    expect(page.get_by_role("status")).to_contain_text("treff")
    expect(onward).to_be_hidden()
    # The server leads on too, and only then.
    plain.goto(f"{live}sok/?q=xyzzy")
    expect(plain.locator("#onward")).to_be_visible()
    plain.goto(f"{live}sok/?q=Verdal")
    expect(plain.locator("#onward")).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "asked", "name"),
    [
        ("sok/", "kommunenes inderoy", "Inderøy"),
        ("en/search/", "exchanges", "exchange"),
    ],
)
def test_the_server_answers_without_javascript(
    plain: Page, live: str, path: str, asked: str, name: str
) -> None:
    plain.goto(live + path)
    plain.get_by_role("searchbox").fill(asked)
    plain.get_by_role("searchbox").press("Enter")
    first = plain.locator("#found a").first
    assert name in first.inner_text()
    first.click()
    assert name in plain.locator("h1").inner_text()


def test_without_javascript_or_server_the_list_of_all_is_offered(
    plain: Page, static: str
) -> None:
    plain.goto(static + "sok/?q=Verdal")
    plain.locator("main noscript a, main p a").get_by_text("Innhold A–Å").click()
    assert plain.url == static + "alle/"


def first_hits(page: Page, address: str, lang: str) -> dict[str, str]:
    """Return the path of the first hit of each search in the list, "" for none."""
    results = {}
    for asked in SEARCHES[lang]:
        page.goto(f"{address}?q={quote(asked)}")
        expect(page.locator("#told")).to_have_text(re.compile("."))
        links = page.locator("#found > li > a")
        first = links.first.evaluate("(a) => a.href") if links.count() else ""
        home = address.rpartition("/")[0].rpartition("/")[0] + "/"
        results[asked] = first.removeprefix(home)
    return results


@pytest.mark.parametrize(("lang", "path"), [("nb", "sok/"), ("en", "en/search/")])
def test_the_browser_and_the_server_find_the_same_first(
    page: Page, plain: Page, static: str, live: str, lang: str, path: str
) -> None:
    assert len(SEARCHES["nb"]) >= 40
    assert first_hits(page, static + path, lang) == SEARCHES[lang]
    assert first_hits(plain, live + path, lang) == SEARCHES[lang]


def test_a_search_does_not_replace_the_one_before(page: Page, static: str) -> None:
    page.goto(static + "sok/")
    field = page.get_by_role("searchbox")
    for asked in ("nordplus", "sverige", "polen"):
        field.fill("")
        field.press_sequentially(asked, delay=60)
        # Longer than the search waits for the next letter.
        page.wait_for_timeout(400)
        field.press("Enter")
    page.go_back()
    expect(field).to_have_value("sverige")
    expect(page.locator("#found a").first).to_contain_text("Sverige")
    page.go_back()
    expect(field).to_have_value("nordplus")
    page.go_forward()
    expect(field).to_have_value("sverige")


def searched(page: Page, static: str, asked: str) -> list[str]:
    """Return the hits of a search on the page of files, each as its text."""
    page.goto(f"{static}sok/?q={quote(asked)}")
    expect(page.locator("#told")).to_have_text(re.compile("."))
    return page.locator("#found > li").all_inner_texts()


def test_a_hit_shows_each_word_and_says_where_they_stand_apart(
    page: Page, static: str
) -> None:
    hits = searched(page, static, "vennskapsby sverige")
    apart = ["Ordene står hver for seg på siden." in hit for hit in hits]
    # Those with both words in one sentence come first.
    assert apart == sorted(apart) and not apart[0] and apart[-1]
    # In some form of them.
    assert all("vennskap" in h.lower() and "sverige" in h.lower() for h in hits)
    # No page has both: one of the words is no hit.
    assert searched(page, static, "nordplus japan") == []


def test_a_question_in_words_finds_pages_that_lack_its_small_words(
    page: Page, static: str
) -> None:
    assert searched(page, static, "hvilke tiltak er i danmark")


def test_an_excerpt_is_what_a_page_says_and_not_its_furniture(
    page: Page, static: str
) -> None:
    for asked in ("erasmus verdal", "ungdom tsjekkia", "helse danmark"):
        told = " ".join(searched(page, static, asked))
        for furniture in ("Hele svaret", "Last ned", "kilde 1", "Excel"):
            assert furniture not in told, (asked, furniture)
