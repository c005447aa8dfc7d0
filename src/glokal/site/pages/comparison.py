"""Municipalities side by side: all of them on one page, each pair on one of its own.

The rows are those of the mapping: how much each municipality has in a subject area,
under a programme and with a country, then what several have and what one has alone.
A choice of three or four is made on the page of all, by a script that hides columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.namespaces import GLO
from glokal.dataset.workspace import Workspace
from glokal.site.citations import Cited, PassageLink
from glokal.site.ended import all_ended, with_end
from glokal.site.graph_view import GraphView
from glokal.site.mapping_entries import ListedEntry, compared_municipalities, mapped
from glokal.site.page_values import Value
from glokal.site.relations import relation_index
from glokal.site.renderer import PageRenderer
from glokal.site.row_sources import printed_sources

# Pairs grow as the square of the municipalities; more have the page of all alone.
MOST_PAIRED = 12
# The parts whose rows show on paper what they rest on; the rest are pages of their own.
_SOURCED = ("shared",)
_WIDER = GLO + "subProgrammeOf"


@dataclass(frozen=True)
class ComparedRow:
    """A row: what it is about, for each municipality how many and how many disputed."""

    what: Value
    counts: tuple[int, ...]
    disputed: tuple[int, ...]
    sources: tuple[PassageLink, ...] = ()
    against: tuple[PassageLink, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class ComparedPart:
    """A table of the page: its name in the address, and its rows."""

    name: str
    rows: tuple[ComparedRow, ...]

    def held_by(self, column: int) -> list[ComparedRow]:
        """Return what the municipality of a column has, perhaps in dispute."""
        return [r for r in self.rows if r.counts[column] or r.disputed[column]]


def write_comparisons(
    view: GraphView, cited: Cited, pages: PageRenderer, workspace: Workspace
) -> None:
    """Write the page of all municipalities and that of each pair, in each language."""
    entries, every = mapped(workspace), compared_municipalities(view, workspace)
    if not every:
        return
    doubted = relation_index(workspace).disputed
    # Two are compared on the page of all.
    paired = 2 < len(every) <= MOST_PAIRED
    pairs = list(combinations(every, 2)) if paired else []
    for lang in pages.project.languages:
        words = pages.words[lang]
        for chosen in (tuple(every), *pairs):
            whole = len(chosen) == len(every)
            paths = {o: _path(pages, o, chosen, every) for o in pages.project.languages}
            names = view.linked(chosen, lang)
            joined = joined_names(names, words)
            title = words["compare"]
            parts = compare(
                view, cited, ComparedEntries(entries, chosen, doubted), lang, words
            )
            numbers, printed = printed_sources(
                row for part in parts if part.name in _SOURCED for row in part.rows
            )
            if not whole:
                title = words["compare_these"].format(names=joined)
            crumbs = [(words["compare"], "" if whole else words["paths"]["compare"])]
            pages.render(
                "compare.html",
                lang,
                paths,
                title,
                plain=True,
                behind=True,
                crumbs=crumbs if whole else [*crumbs, (joined, "")],
                columns=names,
                parts=parts,
                numbers=numbers,
                printed=printed,
                pairs=[
                    (
                        joined_names(view.linked(p, lang), words),
                        _path(pages, lang, p, every),
                        p == chosen,
                    )
                    for p in pairs
                ],
                whole=whole,
                # A search for a municipality is for its own page.
                searchable=whole,
            )


@dataclass(frozen=True)
class ComparedEntries:
    """The items of a mapping, and the municipalities of which they are compared.

    `doubted` are municipalities with what they are tied to in dispute: such a tie is
    shown too where the mapping has it of another municipality alone.
    """

    entries: Sequence[ListedEntry]
    municipalities: Iterable[str]
    doubted: Collection[tuple[str, str]] = ()


def compare(
    view: GraphView,
    cited: Cited,
    chosen: ComparedEntries,
    lang: str,
    words: Mapping[str, Any],
) -> tuple[ComparedPart, ...]:
    """Return what the mapping has of some municipalities, in their names' order."""
    entries, doubted = chosen.entries, chosen.doubted
    order = sorted(
        chosen.municipalities, key=lambda m: sort_key(view.link(m, lang).text, lang)
    )
    near = [e for e in entries if e.municipality in order]
    over = all_ended(view)

    def rows(
        of: Callable[[ListedEntry], Iterable[str]],
        *,
        sourced: bool = False,
        tied: Collection[tuple[str, str]] = (),
    ) -> list[ComparedRow]:
        by_value: dict[str, list[ListedEntry]] = {}
        for entry in near:
            for value in of(entry):
                by_value.setdefault(value, []).append(entry)
        return [
            _row(
                view,
                cited,
                _Shared(value, found, tied, sourced, over.get(value, "")),
                order,
                lang,
                words,
            )
            for value, found in by_value.items()
        ]

    def widest(entry: ListedEntry) -> Iterable[str]:
        wider = [w for p in entry.programmes for w in view.objects(p, _WIDER)]
        return dict.fromkeys(wider or entry.programmes)

    things = rows(lambda e: (e.thing,), sourced=True, tied=doubted)
    # A tie in dispute is one of two; the row says which.
    shared = [r for r in things if _held_by(r) > 1]
    alone = [r for r in things if _held_by(r) == 1]
    parts = (
        ("areas", rows(lambda e: (e.subject_area,))),
        ("programmes", _by_name(rows(widest), lang)),
        ("countries", _by_name(rows(lambda e: e.places, tied=doubted), lang)),
        ("shared", sorted(shared, key=lambda r: -_held_by(r))),
        ("alone", _by_name(alone, lang)),
    )
    return tuple(ComparedPart(name, tuple(found)) for name, found in parts if found)


@dataclass(frozen=True)
class _Shared:
    """A value with the items that have it; `tied` is what is in dispute besides.

    `ended` names the words for what is over, "" for what isn't.
    """

    value: str
    entries: Sequence[ListedEntry]
    tied: Collection[tuple[str, str]]
    sourced: bool
    ended: str = ""


def _row(
    view: GraphView,
    cited: Cited,
    of: _Shared,
    order: Sequence[str],
    lang: str,
    words: Mapping[str, Any],
) -> ComparedRow:
    value, entries, tied, sourced = of.value, of.entries, of.tied, of.sourced
    things = [{e.thing for e in entries if e.municipality == m} for m in order]
    doubted = [
        {e.thing for e in entries if e.municipality == m and e.disputed}
        | {e.thing for e in entries if (m, e.thing) in tied}
        for m in order
    ]
    passages = dict.fromkeys(e.passage for e in entries) if sourced else {}
    listed = {e.municipality for e in entries}
    # What is in dispute, and listed for others only, is said elsewhere in the text.
    for m in [m for m in order if sourced and (m, value) in tied and m not in listed]:
        ends = [ox.NamedNode(m), ox.NamedNode(value)]
        passages |= dict.fromkeys(cited.connecting(ends))
    return ComparedRow(
        with_end(view.link(value, lang), words, ended=of.ended),
        tuple(map(len, things)),
        tuple(map(len, doubted)),
        cited.sources(passages, lang, words),
    )


def _held_by(row: ComparedRow) -> int:
    """Return how many municipalities have what a row is about, perhaps in dispute."""
    return sum(map(any, zip(row.counts, row.disputed, strict=True)))


def joined_names(names: Sequence[Value], words: Mapping[str, Any]) -> str:
    """Return names in a row, the last two with “and”."""
    first = ", ".join(name.text for name in names[:-1])
    return f"{first}{words['compare_and']}{names[-1].text}"


def _by_name(rows: Iterable[ComparedRow], lang: str) -> list[ComparedRow]:
    return sorted(rows, key=lambda r: sort_key(r.what.text, lang))


def _path(
    pages: PageRenderer, lang: str, chosen: Sequence[str], every: Sequence[str]
) -> str:
    start: str = pages.words[lang]["paths"]["compare"]
    if len(chosen) == len(every):
        return start
    return start + "-".join(iri.rpartition("/")[2] for iri in sorted(chosen)) + "/"
