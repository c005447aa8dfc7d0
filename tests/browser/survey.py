"""A look at each sample page, once: what axe, the layout and the network say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.kinds import Sample

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RULES = {
    "runOnly": {"type": "tag", "values": [*WCAG, "best-practice"]},
    # Quicker, and the same violations: no list of what passes, no second fetching.
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
# 320 pixels are 1280 at 400 % (WCAG 2.2, success criterion 1.4.10).
WIDE, NARROW = {"width": 1280, "height": 1024}, {"width": 320, "height": 256}
# Each language is looked at in two of the four ways: two languages see them all.
WAYS = (
    (("light", WIDE), ("dark", NARROW)),
    (("light", NARROW), ("dark", WIDE)),
)
# WCAG 2.2, success criterion 1.4.12.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    + "word-spacing: .16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [sheet];
}"""
SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const framed = (e) => e.closest(".scroll, pre, svg, .CodeMirror");
  return [...document.body.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !framed(e))
    .slice(0, 5).map((e) => e.outerHTML.slice(0, 100)).concat("it scrolls sideways");
}"""
CLIPPED = """() => [...document.body.querySelectorAll("*")].filter((e) => {
  const style = getComputedStyle(e);
  return /hidden|clip/.test(style.overflowY) && style.position !== "absolute"
    && e.scrollHeight > e.clientHeight + 2 && !e.closest(".CodeMirror, svg");
}).map((e) => e.outerHTML.slice(0, 100))"""
# What is wider than its room, and tables that scroll in theirs: a column is missed.
SWEPT = (360, 800, 1100)
OVERFLOWING = """() => [...document.body.querySelectorAll("*")].filter((e) => {
  const style = getComputedStyle(e);
  if (style.display === "inline" || !e.checkVisibility()) return false;
  if (e.closest("svg, pre, .CodeMirror, select, input")) return false;
  if (e.clientWidth < 2 || e.scrollWidth <= e.clientWidth + 1) return false;
  if (e.closest(".hidden, thead")) return false;
  return !/auto|scroll/.test(style.overflowX) || e.querySelector(":scope > table");
}).map((e) => `${e.scrollWidth} in ${e.clientWidth}: ${e.outerHTML.slice(0, 100)}`)"""
KEPT = "() => document.cookie.length + localStorage.length + sessionStorage.length"


@dataclass
class Seen:
    """What was seen of a page."""

    axe: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    clipped: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    swept: list[str] = field(default_factory=list)
    kept: int = 0
    trees: dict[int, str] = field(default_factory=dict)


class Watch:
    """Notes what a page says in the console, and what it fetches from elsewhere."""

    def __init__(self, page: Page, host: str) -> None:
        self.seen = Seen()
        self._host = host
        page.on("console", lambda m: self._say(m.text, m.type))
        page.on("pageerror", lambda error: self._say(str(error), "error"))
        page.on("request", lambda request: self._ask(request.url))

    def _say(self, text: str, kind: str) -> None:
        if kind in ("error", "warning"):
            self.seen.said.append(text)

    def _ask(self, url: str) -> None:
        if not url.startswith((self._host, "blob:")):
            self.seen.outside.append(url)


def look_at_all(
    browser: Browser, host: str, pages: Iterable[Sample]
) -> dict[Sample, Seen]:
    """Open each page and note what there is to note."""
    found: dict[Sample, Seen] = {}
    languages: list[str] = []
    with browser.new_context(viewport=WIDE) as context:
        context.add_init_script(path=AXE)
        page = context.new_page()
        watch = Watch(page, host)
        for sample in pages:
            if sample.lang not in languages:
                languages.append(sample.lang)
            ways = WAYS[languages.index(sample.lang) % 2]
            watch.seen = found[sample] = Seen()
            page.goto(host + sample.path)
            _look(page, watch.seen, ways)
    return found


def _look(page: Page, seen: Seen, ways: Any) -> None:
    for scheme, size in ways:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        mode = f"{scheme} {size['width']}"
        seen.axe += [f"{mode}: {v}" for v in violations(page)]
        seen.sideways += page.evaluate(SIDEWAYS)
        seen.trees[size["width"]] = page.locator("body").aria_snapshot()
    for width in SWEPT:
        page.set_viewport_size({"width": width, "height": 900})
        seen.swept += [f"{width}: {e}" for e in page.evaluate(OVERFLOWING)]
    page.set_viewport_size(NARROW)
    page.evaluate(SPACED)
    seen.sideways += [f"spaced: {s}" for s in page.evaluate(SIDEWAYS)]
    seen.clipped = page.evaluate(CLIPPED)
    seen.kept = page.evaluate(KEPT) + len(page.context.cookies())


def violations(page: Page) -> list[str]:
    """Return what axe, loaded in the page, finds there now."""
    found = page.evaluate("(rules) => axe.run(document, rules)", RULES)
    return [
        f"{v['id']}: {v['help']}: {node['html'][:120]}"
        for v in found["violations"]
        for node in v["nodes"][:3]
    ]


def headings(tree: str) -> list[int]:
    """Return the levels of the headings in an aria snapshot, in order."""
    return [int(n) for n in re.findall(r"heading .*\[level=(\d)\]", tree)]


def tables(tree: str) -> int:
    """Return how many tables, rows and cells an aria snapshot has."""
    return len(
        re.findall(r"^ *- '?(?:table|row|cell|columnheader)\b", tree, re.MULTILINE)
    )


def landmarks(tree: str) -> list[str]:
    """Return the regions at the top of an aria snapshot, in order."""
    return re.findall(
        r"^- (banner|complementary|main|contentinfo)\b", tree, re.MULTILINE
    )
