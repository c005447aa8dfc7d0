"""The rows of the sheets: cells of values, as both the page and the PDF write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from glokal.rdf.terms import sort_key, text_of
from glokal.site.graph_view import GraphView, Value
from glokal.site.pages.comparison import ComparedRow, Entry
from glokal.site.pages.ended import EndedThing
from glokal.sparql.store_interface import Row

Rows = tuple[tuple[tuple[Value, ...], ...], ...]


def entry_rows(
    view: GraphView, own: Sequence[Entry], every: Sequence[Entry], lang: str
) -> Rows:
    """Return what the mapping lists for a municipality, each thing once.

    The cells: the thing, its subject areas, its programmes, its places, and who else
    has it.
    """
    results = []
    for thing in dict.fromkeys(e.thing for e in own):
        near = [e for e in own if e.thing == thing]
        others = {e.municipality for e in every if e.thing == thing}
        others -= {e.municipality for e in near}
        areas = dict.fromkeys(e.subject_area for e in near)
        programmes = dict.fromkeys(p for e in near for p in e.programmes)
        places = dict.fromkeys(p for e in near for p in e.places)
        results.append(
            (
                (view.link(thing, lang),),
                tuple(view.link(a, lang) for a in areas),
                _some(view.linked(programmes, lang)),
                _some(view.linked(places, lang)),
                _some(view.linked(others, lang)),
            )
        )
    return tuple(results)


def shared_rows(compared: Iterable[ComparedRow], names: Sequence[Value]) -> Rows:
    """Return what several municipalities have, and which, those with a doubt marked."""
    return tuple(
        (
            (row.what,),
            tuple(name for name, count in zip(names, row.counts, strict=True) if count),
        )
        for row in compared
    )


def counted(found: Iterable[tuple[Value, Sequence[int]]]) -> Rows:
    """Return names with numbers, a dash for none."""
    return tuple(
        ((name,), *((Value(str(n) if n else "–"),) for n in counts))
        for name, counts in found
    )


def disputes(view: GraphView, found: Iterable[Row], lang: str, page: str = "") -> Rows:
    """Return where the source says two things, of one page or of all, once each.

    `found` are rows of page, conflict and explanation, in every language.
    """
    told: dict[str, dict[object, None]] = {}
    for row in found:
        if not page or text_of(row[0]) == page:
            told.setdefault(text_of(row[1]), {})[row[2]] = None
    values = (view.values(texts, lang)[:1] for texts in told.values())
    return tuple((v,) for v in sorted(values, key=lambda v: sort_key(v[0].text)))


def ended_rows(found: Iterable[EndedThing]) -> Rows:
    """Return what other sources say is over: the thing, their words, the sources."""
    return tuple(((e.thing,), (e.ended.text,), e.ended.sources) for e in found)


def _some(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return values or (Value("–"),)
