"""The page of periods: plans and memberships in the strategy, the rest kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glokal.core.namespaces import CODE, GLO
from glokal.dataset.dates import first_day, last_day
from glokal.site.charts.timeline import Span, draw_timeline
from glokal.site.citations import Cited, PassageLink
from glokal.site.graph_view import GraphView, Value, as_address, in_order
from glokal.site.renderer import PageRenderer
from glokal.site.translations import date_in, month_in

_PERIOD = CODE + "record-scheme/period"


@dataclass(frozen=True)
class PeriodRow:
    """A row: the period drawn, its words, the passages or addresses that say it."""

    span: Span
    text: Value
    sources: tuple[PassageLink, ...]
    addresses: tuple[Value, ...]


def write_periods(view: GraphView, pages: PageRenderer, cited: Cited) -> None:
    """Write the page of periods in each language."""
    for lang in pages.project.languages:
        words = pages.words[lang]
        inside = _plans(view, cited, lang, words)
        inside += _memberships(view, cited, lang, words)
        outside = _outside(view, lang)
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
            picture=draw_timeline([r.span for r in (*inside, *outside)]),
        )


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
        if _PERIOD not in view.objects(record, GLO + "recordScheme"):
            continue
        value = GLO + "recordValue"
        entries = [t.object for t in view.out(record) if t.predicate.value == value]
        named = view.objects(record, GLO + "recordSource")
        results.append(
            PeriodRow(
                _span(view.link(about[0], lang), start, end, outside=True),
                view.values(entries, lang)[0],
                (),
                in_order(as_address(n) for x in named for n in x.split(" ; ")),
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
    return " – ".join(date_in(text, lang) for text in (start, end))
