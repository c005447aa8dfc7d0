"""The quality points told: indicator by indicator, each one missed with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from glokal.core.namespaces import STANDARD_PREFIXES
from glokal.harvest.portal_page import title_of
from glokal.harvest.quality_score import (
    PORTALS,
    Indicator,
    Missed,
    Score,
    indicators,
    least_for_excellent,
)
from glokal.harvest.simulation import COMPLIANCE, HarvestResult, ScoredDataset
from glokal.harvest.waivers import waiver_of_indicator
from glokal.rdf.terms import shorten

IndicatorTexts = Mapping[str, str]


def point_lines(
    harvest_result: HarvestResult, words: IndicatorTexts, lang: str
) -> Iterator[str]:
    """Yield the points of each dataset, then those of each indicator."""
    for dataset in harvest_result.datasets:
        marks = "; ".join(_mark(score, words) for score in dataset.scores)
        yield f"{title_of(dataset.page) or dataset.iri}: {marks}"
        if any(not _has_files(score) for score in dataset.scores):
            yield "  " + words["no_files"]
        for names, missed in _by_indicator(dataset, words).values():
            yield "  " + words["missed"].format(
                points=missed.points,
                portals=" + ".join(names),
                indicator=_named(missed.indicator, lang),
                reason=miss_reason(missed, words, lang),
            )
    yield from _table(harvest_result, words, lang)


def miss_reason(missed: Missed, words: IndicatorTexts, lang: str) -> str:
    """Return why points are missed: the waiver, else what was looked for."""
    waiver = waiver_of_indicator(missed.indicator.name, missed.dataset)
    if waiver:
        decision = words["decision"].format(decision=waiver.decision)
        return f"{waiver.words[lang]} ({decision})"
    if not missed.reachable:
        return words["why_never"]
    return words[f"why_{missed.indicator.check}"].format(
        properties=", ".join(
            shorten(p, STANDARD_PREFIXES) for p in missed.indicator.properties
        ),
        listed=", ".join(missed.indicator.listed),
        profile=COMPLIANCE[missed.portal],
    )


def _mark(score: Score, words: IndicatorTexts) -> str:
    text = words["score"].format(
        portal=words[score.portal], points=score.points, reachable=score.reachable
    )
    least = least_for_excellent()[score.portal]
    mark = words["excellent" if score.excellent else "not_excellent"]
    return f"{text}, {mark.format(least=least)}"


def _has_files(score: Score) -> bool:
    counted = [*score.met, *(missed.indicator for missed in score.missed)]
    return any("distribution" in i.on and "dataset" not in i.on for i in counted)


def _by_indicator(
    dataset: ScoredDataset, words: IndicatorTexts
) -> dict[tuple[str, int], tuple[list[str], Missed]]:
    """Return what is missed and could be had, with the portals that say so."""
    results: dict[tuple[str, int], tuple[list[str], Missed]] = {}
    for score in dataset.scores:
        for missed in score.missed:
            if missed.reachable:
                key = missed.indicator.name, missed.points
                results.setdefault(key, ([], missed))[0].append(words[score.portal])
    return results


def _table(
    harvest_result: HarvestResult, words: IndicatorTexts, lang: str
) -> Iterator[str]:
    met: dict[tuple[str, str], int] = defaultdict(int)
    requests: dict[tuple[str, str], int] = defaultdict(int)
    for dataset in harvest_result.datasets:
        for score in dataset.scores:
            for indicator in score.met:
                met[indicator.name, score.portal] += 1
                requests[indicator.name, score.portal] += 1
            for missed in score.missed:
                requests[missed.indicator.name, score.portal] += 1
    rows = [[words["indicator"], *(words[portal] for portal in PORTALS)]]
    for indicator in indicators():
        cells = [_named(indicator, lang)]
        for portal in PORTALS:
            key, points = (indicator.name, portal), indicator.points[portal]
            form = "never" if portal in indicator.never else "cell"
            cells.append(
                words[form].format(points=points, met=met[key], asked=requests[key])
                if points
                else words["nothing"]
            )
        rows.append(cells)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield ""
    yield words["by_indicator"]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield ("  " + "  ".join(cells)).rstrip()


def _named(indicator: Indicator, lang: str) -> str:
    return f"{indicator.words[lang]} ({indicator.name})"
