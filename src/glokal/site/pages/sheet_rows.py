"""The rows of the sheets: cells of values, as both the page and the PDF write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from glokal.core.collation import sort_key
from glokal.rdf.terms import text_of
from glokal.site.citations import Cited, PassageLink
from glokal.site.disputed import marked
from glokal.site.graph_view import GraphView, Value
from glokal.site.pages.comparison import ComparedRow, Entry
from glokal.site.pages.ended import EndedThing
from glokal.sparql.store_interface import Row

Rows = tuple[tuple[tuple[Value, ...], ...], ...]


def entry_rows(
    view: GraphView,
    cited: Cited,
    own: Sequence[Entry],
    every: Sequence[Entry],
    lang: str,
    words: Mapping[str, Any],
) -> Rows:
    """Return what the mapping lists for a municipality, each thing once.

    The cells: the thing, its subject areas, its programmes, its places, who else has
    it, and where that stands.
    """
    results = []
    for thing in dict.fromkeys(e.thing for e in own):
        near = [e for e in own if e.thing == thing]
        beside = [e for e in every if e.thing == thing and e not in near]
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
                (marked(view.link(thing, lang), words, disputed=doubt),),
                tuple(view.link(a, lang) for a in areas),
                _some(view.linked(programmes, lang)),
                _some(view.linked(places, lang)),
                _some(
                    tuple(
                        marked(view.link(m, lang), words, disputed=m in doubted)
                        for m in others
                    )
                ),
                source_values(cited.sources(passages, lang, words), words),
            )
        )
    return tuple(results)


def shared_rows(
    compared: Iterable[ComparedRow], names: Sequence[Value], words: Mapping[str, Any]
) -> Rows:
    """Return what several municipalities have, and which, those with a doubt marked."""
    return tuple(
        (
            (row.what,),
            tuple(
                marked(name, words, disputed=doubts > 0)
                for name, count, doubts in zip(
                    names, row.counts, row.disputed, strict=True
                )
                if count
            ),
            source_values(row.sources, words),
        )
        for row in compared
    )


def counted(found: Iterable[tuple[Value, Sequence[tuple[int, str]]]]) -> Rows:
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


def source_values(
    sources: Sequence[PassageLink], words: Mapping[str, Any]
) -> tuple[Value, ...]:
    """Return the ways to passages, numbered where there are several."""
    word = words["source_word"]
    many = len(sources) > 1
    return tuple(
        Value(f"{word} {n}" if many else word, "", s.href)
        for n, s in enumerate(sources, 1)
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


def _some(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return values or (Value("–"),)
