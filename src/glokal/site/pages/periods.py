"""The page of periods: what has ended, what the strategy says, what others say.

Each thing stands in one table, with a bar for each period of which both ends are known:
in the first when it is over, whoever says so, else in that of the strategy's plans or
of what other sources say. Each table has years of its own, so that a school of 1973
doesn't press the plans of today together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glokal.core.collation import sort_key
from glokal.core.namespaces import GLO
from glokal.dataset.dates import YEAR, first_day, last_day
from glokal.site.charts.timeline import PeriodBar, Span, draw_timeline
from glokal.site.citations import Cited, PassageLink
from glokal.site.ended import PERIOD, ended_elsewhere
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.site.page_words import date_in
from glokal.site.renderer import PageRenderer
from glokal.site.source_names import named_sources

# So many years before the first plan, and a period is told in words alone.
_LONG_BEFORE = 20


@dataclass(frozen=True)
class SaidPeriod:
    """What one source says of a period: its words, the passages or addresses."""

    text: Value
    sources: tuple[PassageLink, ...]
    addresses: tuple[Value, ...]


@dataclass(frozen=True)
class PeriodRow:
    """A thing that lasts, its periods, and what each source says of them."""

    link: Value
    spans: tuple[Span, ...]
    said: tuple[SaidPeriod, ...]

    @property
    def outside(self) -> bool:
        """Whether another source than the strategy says it."""
        return any(s.outside for s in self.spans)


@dataclass(frozen=True)
class PeriodTable:
    """A part of the page: its rows, each with its bars, and the years above them."""

    name: str
    years: tuple[tuple[int, str], ...]
    rows: tuple[tuple[PeriodRow, tuple[PeriodBar, ...]], ...]


def write_periods(view: GraphView, pages: PageRenderer, cited: Cited) -> None:
    """Write the page of periods in each language, where there is a period at all."""
    if not has_periods(view):
        return
    for lang in pages.project.languages:
        words = pages.words[lang]
        plans, others = _plans(view, cited, lang, words), _outside(view, lang)
        over = [r for r in plans if all(s.end and s.end < view.today for s in r.spans)]
        ended = [r for iri, r in others.items() if ended_elsewhere(view, iri, lang)]
        pages.render(
            "periods.html",
            lang,
            pages.named("timeline"),
            words["timeline"],
            description=words["timeline_intro"],
            plain=True,
            crumbs=[(words["timeline"], "")],
            ended=_table("ended", over + sorted(ended, key=_by_name(lang)), plans),
            inside=_table("inside", [r for r in plans if r not in over], plans),
            outside=_table(
                "outside",
                sorted((r for r in others.values() if r not in ended), key=_when),
                plans,
            ),
        )


def has_periods(view: GraphView) -> bool:
    """Whether there is anything to show on the page of periods."""
    ends = (GLO + "startDate", GLO + "endDate")
    dated = [*view.instances("StrategicPlan", "InternationalStrategy")]
    dated += view.supplement
    return any(view.objects(iri, day) for iri in dated for day in ends)


def _table(
    name: str, found: Sequence[PeriodRow], plans: Sequence[PeriodRow]
) -> PeriodTable:
    """Return a table of rows; what lies long before the plans gets no bar."""
    starts = [s.start for r in plans for s in r.spans if s.start]
    first = min(starts).year - _LONG_BEFORE if starts else 0
    drawn = draw_timeline(
        [[s for s in r.spans if s.start and s.start.year >= first] for r in found]
    )
    if drawn is None:
        return PeriodTable(name, (), tuple((r, ()) for r in found))
    return PeriodTable(name, drawn.years, tuple(zip(found, drawn.rows, strict=True)))


def _plans(
    view: GraphView, cited: Cited, lang: str, words: Mapping[str, Any]
) -> list[PeriodRow]:
    results = []
    for iri in view.instances("StrategicPlan", "InternationalStrategy"):
        start, end = _text(view, iri, "startDate"), _text(view, iri, "endDate")
        if start or end:
            link = view.link(iri, lang)
            passages = cited.of(iri, GLO + "startDate", GLO + "endDate")
            sources = cited.sources(passages, lang, words)
            said = SaidPeriod(Value(_words(start, end, lang)), sources, ())
            results.append(
                PeriodRow(link, (_span(link, start, end, outside=False),), (said,))
            )
    return sorted(results, key=_when)


def _outside(view: GraphView, lang: str) -> dict[str, PeriodRow]:
    """Return what other sources say of the period of each thing, by its IRI."""
    found: dict[str, list[tuple[Span, SaidPeriod]]] = {}
    for record in sorted(view.supplement):
        start, end = _text(view, record, "startDate"), _text(view, record, "endDate")
        about = view.objects(record, GLO + "about")
        if not about or not (start or end):
            continue
        if PERIOD not in view.objects(record, GLO + "recordScheme"):
            continue
        value = GLO + "recordValue"
        entries = [t.object for t in view.out(record) if t.predicate.value == value]
        named = named_sources(view.objects(record, GLO + "recordSource"), view, lang)
        span = _span(view.link(about[0], lang), start, end, outside=True)
        said = SaidPeriod(view.values(entries, lang)[0], (), named)
        found.setdefault(about[0], []).append((span, said))
    return {
        iri: PeriodRow(
            view.link(iri, lang),
            # Two sources with the same years have one bar.
            tuple(dict.fromkeys(span for span, _ in told)),
            tuple(said for _, said in told),
        )
        for iri, told in found.items()
    }


def _when(row: PeriodRow) -> tuple[str, str]:
    first = row.spans[0]
    return str(first.start or first.end), row.link.text


def _by_name(lang: str) -> Callable[[PeriodRow], Any]:
    return lambda row: sort_key(row.link.text, lang)


def _text(view: GraphView, iri: str, name: str) -> str:
    return "".join(view.objects(iri, GLO + name)[:1])


def _span(link: Value, start: str, end: str, *, outside: bool) -> Span:
    return Span(link, first_day(start), last_day(end), outside)


def _words(start: str, end: str, lang: str) -> str:
    # Between years the dash stands alone; between words it has spaces.
    dash = "–" if len(start) == len(end) == YEAR else " – "
    return dash.join(date_in(text, lang) for text in (start, end))
