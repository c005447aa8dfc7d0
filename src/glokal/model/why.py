"""Why a query has no rows: the first of its patterns with which nothing is left.

A query is asked again with one pattern more each time, as long as something is found.
The patterns are those of its WHERE, in their order; a FILTER counts for the whole of
its group (SPARQL 1.1, section 5.2.2) and so comes last in it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from glokal.model.patterns import Group, outer_group


@dataclass(frozen=True)
class Why:
    """The pattern that emptied a result, with its place in the query (from 1).

    `alone` is whether the pattern finds something without those before it. `kind` is
    first for the first pattern, pattern for another, filter, or tail for what stands
    after WHERE.
    """

    kind: str
    line: int
    column: int
    text: str
    alone: bool


def why_empty(text: str, ask: Callable[[str], bool]) -> Why | None:
    """Return the first pattern of a query that leaves nothing, None when rows are left.

    `ask` answers whether a SELECT has a row; what it raises is passed on. Other forms
    than SELECT and ASK give None.
    """
    group = outer_group(text)
    if group is None:
        return None
    if found := _search(group, "", "", "", ask):
        return found
    if ask(text):
        return None
    line, column = _place(text, group.end)
    return Why("tail", line, column, " ".join(text[group.end + 1 :].split()), True)


def _search(
    group: Group, before: str, opens: str, after: str, ask: Callable[[str], bool]
) -> Why | None:
    """Look in a group that stands between two pieces of text.

    `opens` is of the first piece what opens the groups that the second one closes.
    """
    text, kept, was_triple = group.text, "", False
    for pattern in group.ordered():
        triple = pattern.kind == "triple"
        sign = pattern.sign if triple and was_triple else ""
        piece = f"{kept} {sign} {text[pattern.begin : pattern.end]}"
        if _finds(group, f"{before}{piece}{after}", ask):
            kept, was_triple = piece, triple
            continue
        if pattern.inner:
            opened = text[pattern.begin : pattern.inner.start + 1]
            deeper = _search(
                pattern.inner,
                f"{before}{kept} {opened}",
                f"{opens} {opened}",
                f"}}{after}",
                ask,
            )
            if deeper:
                return deeper
        kind = "filter" if pattern.kind == "filter" else "pattern"
        if kind == "pattern" and not f"{before}{kept}".strip():
            kind = "first"
        line, column = _place(text, pattern.begin)
        shown = " ".join(text[pattern.begin : pattern.end].split())
        alone = kind == "filter" or _finds(
            group, f"{opens} {pattern.alone}{after}", ask
        )
        return Why(kind, line, column, shown, alone)
    return None


def _finds(group: Group, body: str, ask: Callable[[str], bool]) -> bool:
    return ask(f"{group.head} WHERE {{ {body}\n}} LIMIT 1")


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def in_words(why: Why, lang: str) -> str:
    """Return what emptied a result as two or three plain sentences."""
    words = _words()[lang]
    named = words[why.kind].format(line=why.line, text=why.text)
    if why.kind != "pattern":
        return named
    return f"{named} {words['together' if why.alone else 'nowhere']}"


def as_values(why: Why, languages: Collection[str]) -> dict[str, Any]:
    """Return what emptied a result as values for a program, and in words."""
    return {
        "line": why.line,
        "column": why.column,
        "pattern": why.text,
        "alone": why.alone,
        "text": {lang: in_words(why, lang) for lang in languages},
    }


@cache
def _words() -> dict[str, dict[str, str]]:
    file = resources.files("glokal.model").joinpath("why.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
