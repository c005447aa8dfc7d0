"""Which pages the view of what was reported has: those that would differ from others.

First every page is looked at as that view has it (`PageSurvey.look`), then the pages of
the strategy are written, which tells what differs (`PageSurvey.compare`). Where nothing
was reported nothing is looked at, and no page has another view.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from glokal.site.reported_changes import ReportedLine

# Stands for the address of a language's root, until it is known which view has a page.
# It is a private character of Unicode, which no text of a page has (`core.characters`).
HOME = "\uf8ff"
# A box shows so many lines at once.
LINES = 8
_ENDS = "\"#?'"


@dataclass(frozen=True)
class ViewBox:
    """What a page says of the views: which it is, the other one, what was reported.

    `other` is the path of the page in the other view, "" without one; `lines` are what
    was reported, `more` what is shown on demand; `is_new` is whether only the register
    has what the page is about. `otherwise` is what a page tells that differs and has
    no lines.
    """

    is_reported: bool = False
    other: str = ""
    lines: tuple[ReportedLine, ...] = ()
    more: tuple[ReportedLine, ...] = ()
    otherwise: tuple[ReportedLine, ...] = field(default=(), repr=False)
    is_new: bool = False


def differing_box(box: ViewBox | None, other: str, *, is_reported: bool) -> ViewBox:
    """Return what a page says of the views that has another one in the other view."""
    box = box or ViewBox()
    if not box.lines:
        box = view_box(box.otherwise, is_new=box.is_new)
    return replace(box, other=other, is_reported=is_reported, otherwise=())


def view_box(
    lines: Sequence[ReportedLine] = (),
    *,
    otherwise: Sequence[ReportedLine] = (),
    is_new: bool = False,
) -> ViewBox:
    """Return what a page says of the views, with what was reported since.

    `otherwise` is told instead of nothing where the page differs between the views.
    """
    return ViewBox(
        lines=tuple(lines[:LINES]),
        more=tuple(lines[LINES:]),
        otherwise=tuple(otherwise),
        is_new=is_new,
    )


@dataclass(frozen=True)
class PagesSeen:
    """What a copy of the build has seen, as `PageSurvey` has it."""

    seen: dict[tuple[str, str], str]
    differing: set[tuple[str, str]]


class PageSurvey:
    """What the pages of the reported view are made from, and which differ.

    A page is named by its language and its path below the language's root.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], str] = {}
        self._differing: set[tuple[str, str]] = set()
        self._known = 0, ""
        self._before = 0

    def look(self, lang: str, path: str, made_from: object, *, way_in: bool) -> None:
        """Remember what a page is made from in the reported view.

        A page that leads on to others is always there.
        """
        self._seen[lang, path] = _digest(made_from)
        if way_in:
            self._differing.add((lang, path))

    def compare(self, lang: str, path: str, made_from: object) -> bool:
        """Return whether a page of the strategy is another in the reported view."""
        seen = self._seen.get((lang, path))
        if seen is not None and seen != _digest(made_from):
            self._differing.add((lang, path))
        return self.has(lang, path)

    def has(self, lang: str, path: str) -> bool:
        """Whether the reported view has a page of its own."""
        return (lang, path) in self._differing

    def differing(self) -> str:
        """Return a digest of which pages differ."""
        number = len(self._differing)
        # None is ever taken out.
        if self._known[0] != number:
            self._known = number, _digest(sorted(self._differing))
        return self._known[1]

    def begin_copy(self) -> None:
        """Be in a copy of the build: what is known by now needn't be told."""
        self._before = len(self._seen)

    def told(self) -> PagesSeen:
        """Return what was seen in a copy."""
        new = islice(self._seen.items(), self._before, None)
        return PagesSeen(dict(new), self._differing)

    def take_in(self, told: PagesSeen) -> None:
        """Know what was seen in a copy, as if it had been seen here."""
        self._seen |= told.seen
        self._differing |= told.differing

    @property
    def is_empty(self) -> bool:
        """Whether nothing was reported."""
        return not self._seen


class BuiltPages(PageSurvey):
    """Which pages of the reported view a built publication has."""

    def __init__(self, files: Collection[str], roots: Mapping[str, str]) -> None:
        """`roots` are the paths of that view's root, by language."""
        super().__init__()
        self._files, self._roots = files, roots

    def has(self, lang: str, path: str) -> bool:
        """Whether the reported view has a page of its own."""
        return f"{self._roots[lang]}{path}index.html" in self._files

    @property
    def is_empty(self) -> bool:
        """Whether nothing was reported."""
        roots = tuple(self._roots.values())
        return not any(file.startswith(roots) for file in self._files)


def with_links(
    text: str, survey: PageSurvey, lang: str, home: str, reported: str
) -> str:
    """Return a page whose links lead to the reported view where that has the page.

    `home` and `reported` are the ways to a language's root in the two views.
    """
    first, *parts = text.split(HOME)
    results = [first]
    for part in parts:
        end = min((n for mark in _ENDS if (n := part.find(mark)) >= 0), default=0)
        here = survey.has(lang, part[:end])
        results.append((reported if here else home) + part)
    return "".join(results)


def _digest(made_from: object) -> str:
    return hashlib.sha256(repr(made_from).encode()).hexdigest()
