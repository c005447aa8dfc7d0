"""The rows of the sheets: cells of values, as both the page and the PDF write them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from glokal.core.collation import sort_key
from glokal.rdf.terms import text_of
from glokal.site.citations import Cited, PassageLink
from glokal.site.disputed import mark_disputed, mark_each
from glokal.site.ended import EndedThing, with_end
from glokal.site.graph_view import GraphView
from glokal.site.mapping_entries import ListedEntry
from glokal.site.page_values import Value
from glokal.site.pages.comparison import ComparedRow
from glokal.sparql.store_interface import Row

Rows = tuple[tuple[tuple[Value, ...], ...], ...]


@dataclass(frozen=True)
class NumberedSources:
    """The passages that a sheet rests on, each with one number on it.

    On paper nobody follows a link: rows have numbers, and a list at the end says where
    that is.
    """

    _found: dict[str, PassageLink] = field(default_factory=dict)
    _order: dict[str, int] = field(default_factory=dict)

    def numbers(self, sources: Sequence[PassageLink]) -> tuple[Value, ...]:
        """Return the numbers of passages, as ways to them."""
        for source in sources:
            if source.href not in self._found:
                self._found[source.href] = source
                self._order[source.href] = len(self._found)
        numbers = sorted(
            {self._order[source.href]: source.href for source in sources}.items()
        )
        return tuple(Value(str(number), "", href) for number, href in numbers)

    def listed(self) -> Rows:
        """Return where each passage stands, in the order of the numbers."""
        return tuple(((Value(s.citation, "", s.href),),) for s in self._found.values())


def entry_rows(
    view: GraphView,
    cited: Cited,
    own: Sequence[ListedEntry],
    every: Sequence[ListedEntry],
    sources: NumberedSources,
    lang: str,
    words: Mapping[str, Any],
    over: Mapping[str, str] = MappingProxyType({}),
) -> Rows:
    """Return what the mapping lists for a municipality, each thing once.

    What is `over`, by other sources, says so.

    The cells: the thing, its subject areas, its programmes, its places, who else has
    it, and where that stands.
    """
    results = []
    listed = by_thing(every)
    for thing, near in by_thing(own).items():
        beside = [e for e in listed[thing] if e not in near]
        doubted = {e.municipality for e in beside if e.disputed}
        others = sorted(
            {e.municipality for e in beside},
            key=lambda m: sort_key(view.link(m, lang).text, lang),
        )
        passages = dict.fromkeys(e.passage for e in near)
        doubt = any(e.disputed for e in near)
        areas = dict.fromkeys(e.subject_area for e in near)
        programmes = dict.fromkeys(p for e in near for p in e.programmes)
        places = dict.fromkeys(p for e in near for p in e.places)
        results.append(
            (
                (
                    with_end(
                        mark_disputed(view.link(thing, lang), words, disputed=doubt),
                        words,
                        ended=over.get(thing, ""),
                    ),
                ),
                tuple(view.link(a, lang) for a in areas),
                _some(view.linked(programmes, lang)),
                _some(view.linked(places, lang)),
                _some(
                    mark_each(
                        [(view.link(m, lang), m in doubted) for m in others], words
                    )
                ),
                sources.numbers(cited.sources(passages, lang, words)),
            )
        )
    return tuple(results)


def by_thing(entries: Iterable[ListedEntry]) -> dict[str, list[ListedEntry]]:
    """Return entries by the thing that they list, in their order."""
    result: dict[str, list[ListedEntry]] = defaultdict(list)
    for entry in entries:
        result[entry.thing].append(entry)
    return result


def shared_rows(
    compared: Iterable[ComparedRow],
    names: Sequence[Value],
    sources: NumberedSources,
    words: Mapping[str, Any],
) -> Rows:
    """Return what several municipalities have, and which, those with a doubt marked."""
    return tuple(
        (
            (row.what,),
            mark_each(
                [
                    (name, doubts > 0)
                    for name, count, doubts in zip(
                        names, row.counts, row.disputed, strict=True
                    )
                    if count or doubts
                ],
                words,
            ),
            sources.numbers(row.sources),
        )
        for row in compared
    )


def names_with_counts(found: Iterable[tuple[Value, Sequence[tuple[int, str]]]]) -> Rows:
    """Return names with numbers, a dash for none.

    Each number comes with the path of the page where what it counts has its sources.
    """
    return tuple(
        (
            (name,),
            *((Value(str(n), "", path) if n else Value("–"),) for n, path in counts),
        )
        for name, counts in found
    )


def disputes(view: GraphView, found: Iterable[Row], lang: str, page: str = "") -> Rows:
    """Return where the source says two things, of one page or of all, once each.

    Each has the question that it is about, then what the places say. `found` are rows
    of page, conflict and explanation, in every language.
    """
    told: dict[str, dict[object, None]] = {}
    for row in found:
        if not page or text_of(row[0]) == page:
            told.setdefault(text_of(row[1]), {})[row[2]] = None
    results = [
        ((view.link(conflict, lang),), view.values(texts, lang)[:1])
        for conflict, texts in told.items()
    ]
    return tuple(sorted(results, key=lambda r: sort_key(r[0][0].text, lang)))


def ended_rows(found: Iterable[EndedThing]) -> Rows:
    """Return what other sources say is over: the thing, their words, the sources."""
    return tuple(((e.thing,), (e.ended.text,), e.ended.sources) for e in found)


def is_number_column(cells: Iterable[Sequence[Value]]) -> bool:
    """Whether cells have one number each, or a dash; numbers of sources are none."""
    found = list(cells)
    texts = [values[0].text for values in found if len(values) == 1]
    anchors = any("#" in v.href for values in found for v in values)
    return (
        len(texts) == len(found)
        and not anchors
        and all(text.isdecimal() or text == "–" for text in texts)
        and any(text.isdecimal() for text in texts)
    )


def _some(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return values or (Value("–"),)
