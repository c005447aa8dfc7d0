"""The page of periods: what has ended, what the strategy says, what others say.

The strategy's own periods and those of other sources have a picture each, so that a
school of 1973 doesn't press the plans of today together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import GLO
from glokal.dataset.dates import YEAR, first_day, last_day
from glokal.rdf.terms import text_of
from glokal.site.charts.timeline import Span, draw_timeline
from glokal.site.citations import Cited, PassageLink
from glokal.site.graph_view import GraphView, Value
from glokal.site.pages.ended import PERIOD, ended_things
from glokal.site.renderer import PageRenderer
from glokal.site.source_names import named_sources
from glokal.site.translations import date_in, month_in

# So many years before the first plan, and a period is in the table alone.
_LONG_BEFORE = 20


@dataclass(frozen=True)
class PeriodRow:
    """A row: the period drawn, its words, the passages or addresses that say it."""

    span: Span
    text: Value
    sources: tuple[PassageLink, ...]
    addresses: tuple[Value, ...]


def write_periods(view: GraphView, pages: PageRenderer, cited: Cited) -> None:
    """Write the page of periods in each language, where there is a period at all."""
    if not has_periods(view):
        return
    for lang in pages.project.languages:
        words = pages.words[lang]
        plans = _plans(view, cited, lang, words)
        inside = plans + _memberships(view, cited, lang, words)
        outside = _outside(view, lang)
        about = {text_of(t.object) for r in view.supplement for t in _about(view, r)}
        pages.render(
            "periods.html",
            lang,
            pages.named("timeline"),
            words["timeline"],
            description=words["timeline_intro"],
            plain=True,
            crumbs=[(words["timeline"], "")],
            inside=inside,
            outside=outside,
            over=[r for r in inside if r.span.end and r.span.end < view.today],
            ended=ended_things(view, sorted(about), lang),
            # When a list was true is no period: a point would say that one began.
            picture=draw_timeline([r.span for r in plans]),
            outside_picture=draw_timeline(
                [r.span for r in outside if _is_near(r.span, inside)]
            ),
        )


def has_periods(view: GraphView) -> bool:
    """Whether there is anything to show on the page of periods."""
    ends = (GLO + "startDate", GLO + "endDate")
    dated = [*view.instances("StrategicPlan", "InternationalStrategy")]
    dated += view.supplement
    return any(view.objects(iri, day) for iri in dated for day in ends) or any(
        view.objects(iri, GLO + "asOf") for iri in view.instances("Membership")
    )


def _about(view: GraphView, record: str) -> list[ox.Triple]:
    return [t for t in view.out(record) if t.predicate.value == GLO + "about"]


def _is_near(span: Span, inside: Sequence[PeriodRow]) -> bool:
    """Whether a period has both ends, and isn't long before what the source says."""
    first = min((r.span.start for r in inside if r.span.start), default=None)
    if not span.start or not span.end:
        return False
    return first is None or span.start.year >= first.year - _LONG_BEFORE


def _plans(
    view: GraphView, cited: Cited, lang: str, words: Mapping[str, Any]
) -> list[PeriodRow]:
    results = []
    for iri in view.instances("StrategicPlan", "InternationalStrategy"):
        start, end = _text(view, iri, "startDate"), _text(view, iri, "endDate")
        if start or end:
            span = _span(view.link(iri, lang), start, end, outside=False)
            passages = cited.of(iri, GLO + "startDate", GLO + "endDate")
            sources = cited.sources(passages, lang, words)
            results.append(
                PeriodRow(span, Value(_words(start, end, lang)), sources, ())
            )
    return sorted(results, key=_when)


def _memberships(
    view: GraphView, cited: Cited, lang: str, words: Mapping[str, Any]
) -> list[PeriodRow]:
    # One row for each organisation and month, not one for each member.
    passages: dict[tuple[str, str], set[str]] = {}
    members: dict[tuple[str, str], int] = {}
    for iri in view.instances("Membership"):
        for month in view.objects(iri, GLO + "asOf"):
            for organisation in view.objects(iri, GLO + "membershipIn"):
                at = organisation, month
                members[at] = members.get(at, 0) + 1
                details = cited.of(iri, GLO + "asOf", GLO + "membershipIn")
                passages.setdefault(at, set()).update(details)
    rows = []
    for (organisation, month), number in sorted(members.items()):
        link = view.link(organisation, lang)
        text = words["members_as_of"].format(number=number, month=month_in(month, lang))
        sources = passages[organisation, month]
        rows.append(
            PeriodRow(
                Span(link, first_day(month), None, False),
                Value(text),
                cited.sources(sources, lang, words),
                (),
            )
        )
    return rows


def _outside(view: GraphView, lang: str) -> list[PeriodRow]:
    results = []
    for record in sorted(view.supplement):
        start, end = _text(view, record, "startDate"), _text(view, record, "endDate")
        about = view.objects(record, GLO + "about")
        if not about or not (start or end):
            continue
        if PERIOD not in view.objects(record, GLO + "recordScheme"):
            continue
        value = GLO + "recordValue"
        entries = [t.object for t in view.out(record) if t.predicate.value == value]
        named = view.objects(record, GLO + "recordSource")
        results.append(
            PeriodRow(
                _span(view.link(about[0], lang), start, end, outside=True),
                view.values(entries, lang)[0],
                (),
                named_sources(named),
            )
        )
    return sorted(results, key=_when)


def _when(row: PeriodRow) -> tuple[str, str]:
    day = row.span.start or row.span.end
    return str(day), row.span.link.text


def _text(view: GraphView, iri: str, name: str) -> str:
    return "".join(view.objects(iri, GLO + name)[:1])


def _span(link: Value, start: str, end: str, *, outside: bool) -> Span:
    return Span(link, first_day(start), last_day(end), outside)


def _words(start: str, end: str, lang: str) -> str:
    # Between years the dash stands alone; between words it has spaces.
    dash = "–" if len(start) == len(end) == YEAR else " – "
    return dash.join(date_in(text, lang) for text in (start, end))
