"""The page of readings: every statement that a person reads out of its passages.

The words of these passages don't say it by themselves; the node of the statement tells
why it is read so (`glokal.validation.provenance`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glokal.core.collation import sort_key
from glokal.rdf.terms import text_of
from glokal.site.citations import Cited, CitedValue, PassageLink
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.site.renderer import PageRenderer


@dataclass(frozen=True)
class Reading:
    """A statement in three parts, why it is read so, and its passages."""

    subject: Value
    label: str
    value: Value
    reading: str
    sources: tuple[PassageLink, ...]


def write_readings(view: GraphView, cited: Cited, pages: PageRenderer) -> None:
    """Write the page of readings in each language."""
    counts = cited.provenance.counts()
    for lang in pages.project.languages:
        words = pages.words[lang]
        pages.render(
            "readings.html",
            lang,
            pages.named("readings"),
            words["readings"],
            behind=True,
            crumbs=[
                (words["strategy"], words["paths"]["strategy"]),
                (words["readings"], ""),
            ],
            intro=words["readings_intro"].format(**counts),
            readings=_readings(view, cited, lang, words),
        )


def _readings(
    view: GraphView, cited: Cited, lang: str, words: Mapping[str, Any]
) -> list[Reading]:
    results = []
    # Only what a person has chosen has a reading.
    for node in cited.provenance.taken:
        if not node.reading:
            continue
        for fact in cited.facts([node.triple], lang, words):
            for shown in fact.values:
                subject = view.link(text_of(node.triple.subject), lang)
                results.append(_reading(subject, fact.label, shown))
    return sorted(
        results, key=lambda r: (sort_key(r.subject.text, lang), sort_key(r.label, lang))
    )


def _reading(subject: Value, label: str, shown: CitedValue) -> Reading:
    return Reading(subject, label, shown.value, shown.reading, shown.sources)
