"""A walk through a page with the Tab key: where it goes, and whether one sees it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

# What can take the focus is numbered, and how it looks without focus is noted.
PREPARE = """() => {
  // Where the focus was is where Tab goes on from, even when it is there no more.
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  const look = (e) => {
    const parts = [e, ...e.querySelectorAll("path, circle, rect, text")];
    if (e.closest(".CodeMirror")) parts.push(e.closest(".CodeMirror"));
    return parts.map((p) => {
      const s = getComputedStyle(p);
      return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.strokeWidth,
        s.left, s.top].join(" ");
    }).join("|");
  };
  const can = "a[href], button, input, select, textarea, summary, [tabindex]";
  const all = [...document.querySelectorAll(can)].filter((e) =>
    e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }));
  const before = new Map(all.map((e) => [e, look(e)]));
  const found = { walked: [], unseen: [], covered: [], unknown: [] };
  document.addEventListener("focusin", ({ target }) => {
    const number = all.indexOf(target);
    found.walked.push(number);
    const told = target.outerHTML.slice(0, 120);
    if (number < 0) found.unknown.push(told);
    if (look(target) === before.get(target)) found.unseen.push(told);
    const at = (target.closest(".CodeMirror") ?? target).getBoundingClientRect();
    if (at.bottom <= 0 || at.top >= innerHeight) found.covered.push(told);
  });
  globalThis.walk = found;
  return all.map((e) => e.outerHTML.slice(0, 120));
}"""


@dataclass(frozen=True)
class Walk:
    """What the Tab key reached: numbers of what can be reached, in the order walked."""

    reachable: list[str]
    walked: list[int]
    unseen: list[str]
    covered: list[str]
    unknown: list[str]

    @property
    def faults(self) -> list[str]:
        """What is wrong, in words."""
        missed = set(range(len(self.reachable))) - set(self.walked)
        faults = [f"not reached: {self.reachable[n]}" for n in sorted(missed)]
        once = self.walked[: len(self.reachable)]
        if once != sorted(once):
            faults.append(f"not in the order of the page: {once}")
        faults += [f"no focus to see: {e}" for e in self.unseen]
        faults += [f"outside the window: {e}" for e in self.covered]
        return faults + [f"not foreseen: {e}" for e in self.unknown]


def walk(page: Page) -> Walk:
    """Press Tab until the page should have been left and entered again."""
    reachable = page.evaluate(PREPARE)
    for _ in range(len(reachable) + 2):
        page.keyboard.press("Tab")
    return Walk(reachable, **page.evaluate("() => globalThis.walk"))
