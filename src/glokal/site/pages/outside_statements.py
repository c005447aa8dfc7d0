"""What other sources say of a thing, and registers: rows, each with its source.

A row is what one source says of one matter: names that it lists stand in one cell,
sentences each in a row of its own. A source that names a thing as the partner of
another, or the twin towns of a municipality, says something of it too. How well a row
is founded is said once for the table, and in the rows that differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from glokal.core.collation import sort_key
from glokal.core.locales import grouped_number
from glokal.core.namespaces import CODE, GLO
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.site.relations import RelationIndex
from glokal.site.source_names import named_sources, source_rank

_SCHEME = CODE + "record-scheme/"
# The one number among the values of registers that has decimals.
_AREA = _SCHEME + "area"
_TWIN = _SCHEME + "twin-town"
# The question that has all of them.
TWIN_TOWNS = "twin-towns-elsewhere"


@dataclass(frozen=True)
class OutsideStatement:
    """What another source says: of what matter, its words, and who says it.

    The matter leads to the question that has all of it, if there is one. `confidence`
    is "" where it is the table's usual one.
    """

    scheme: Value
    values: tuple[Value, ...]
    sources: tuple[Value, ...]
    confidence: str


@dataclass(frozen=True)
class OutsideTable:
    """The rows of a table; `founded` says how well its rows are founded, once."""

    rows: tuple[OutsideStatement, ...]
    founded: str


def outside_table(
    view: GraphView,
    every: Sequence[str],
    net: RelationIndex,
    lang: str,
    words: Mapping[str, Any],
    questions: Iterable[str],
    *,
    registers: bool,
) -> OutsideTable:
    """Return what registers say of some things that share a page, or other sources.

    `questions` are the slugs of the questions that have a page.
    """
    found = [
        _statement(view, record, lang)
        for record in _records(view, every, GLO + "about")
        if (record in view.supplement) is not registers
    ]
    if not registers:
        found += _named_in(view, every, lang, words)
        found += _twin_towns(view, every, net, lang)
        found = [_with_question(s, view, lang, questions) for s in found]
    return _table(_gathered(found), view, lang, words)


def _records(view: GraphView, things: Iterable[str], tie: str) -> list[str]:
    return sorted(
        {
            text_of(t.subject)
            for thing in things
            for t in view.into(thing)
            if t.predicate.value == tie
        }
    )


def _statement(view: GraphView, record: str, lang: str) -> OutsideStatement:
    triples = view.out(record)

    def objects(name: str) -> list[object]:
        return [t.object for t in triples if t.predicate.value == GLO + name]

    scheme = text_of(next(iter(objects("recordScheme")), None))
    confidence = next(iter(objects("confidence")), None)
    values = view.values(objects("recordValue") + objects("recordIri"), lang)
    if scheme == _AREA:
        values = tuple(replace(v, text=grouped_number(v.text, lang)) for v in values)
    if scheme == _TWIN:
        since = text_of(next(iter(objects("startDate")), None))
        values = tuple(
            replace(v, text=f"{v.text} ({since})") if since else v for v in values
        )
    addresses = {v.href.rstrip("/") for v in values if v.href}
    sources = named_sources(map(text_of, objects("recordSource")), view, lang)
    # An address that is written out and linked is one value, and the source's is none.
    told = [v for v in values if v.href or v.text.rstrip("/") not in addresses]
    theirs = {source.href for source in sources} - {""}
    kept = [v for v in told if v.href not in theirs] or told
    return OutsideStatement(
        Value(view.labels.of(scheme, lang)), tuple(kept), sources, text_of(confidence)
    )


def _named_in(
    view: GraphView, every: Iterable[str], lang: str, words: Mapping[str, Any]
) -> Iterator[OutsideStatement]:
    """Yield that a source names one of some things in what it says of another."""
    for record in _records(view, every, GLO + "recordedThing"):
        scheme = "".join(view.objects(record, GLO + "recordScheme")[:1])
        label = words["outside_in"].get(scheme.removeprefix(_SCHEME))
        if label and record in view.supplement:
            for about in view.objects(record, GLO + "about"):
                told = _statement(view, record, lang)
                yield replace(
                    told, scheme=Value(label), values=(view.link(about, lang),)
                )


def _twin_towns(
    view: GraphView, every: Iterable[str], net: RelationIndex, lang: str
) -> Iterator[OutsideStatement]:
    """Yield the twin towns of a municipality, which are said of its activities."""
    areas = set(view.region_municipalities()).intersection(every)
    tied = {what for area in areas for what in net.what_of.get(area, ())}
    for record in _records(view, tied, GLO + "about"):
        if _TWIN in view.objects(record, GLO + "recordScheme"):
            yield _statement(view, record, lang)


def _with_question(
    statement: OutsideStatement, view: GraphView, lang: str, questions: Iterable[str]
) -> OutsideStatement:
    """Return a statement; one of twin towns leads to the question that has them all."""
    twins = statement.scheme.text == view.labels.of(_TWIN, lang)
    if not twins or TWIN_TOWNS not in questions:
        return statement
    linked = replace(statement.scheme, href=f"query/{TWIN_TOWNS}/")
    return replace(statement, scheme=linked)


def _gathered(statements: Iterable[OutsideStatement]) -> list[OutsideStatement]:
    """Return statements with the names that one source lists of one matter in one."""
    rows: dict[object, OutsideStatement] = {}
    for number, told in enumerate(statements):
        sentence = any(v.text.endswith(".") for v in told.values)
        key = (told.scheme, told.sources, told.confidence, number if sentence else -1)
        known = rows.get(key)
        together = (*known.values, *told.values) if known else told.values
        rows[key] = replace(told, values=tuple(dict.fromkeys(together)))
    return list(rows.values())


def _table(
    rows: Sequence[OutsideStatement],
    view: GraphView,
    lang: str,
    words: Mapping[str, Any],
) -> OutsideTable:
    """Return rows by their best source: those of one matter, and the matters."""
    by_scheme: dict[Value, list[tuple[int, OutsideStatement]]] = defaultdict(list)
    for row in rows:
        rank = min((source_rank(s, view) for s in row.sources), default=0)
        by_scheme[row.scheme].append((rank, row))
    matters = sorted(
        by_scheme,
        key=lambda scheme: (
            min(rank for rank, _ in by_scheme[scheme]),
            sort_key(scheme.text, lang),
        ),
    )
    ordered = [
        row
        for scheme in matters
        for _, row in sorted(by_scheme[scheme], key=lambda ranked: ranked[0])
    ]
    counted = Counter(row.confidence for row in ordered)
    usual = max(sorted(counted), key=lambda code: counted[code], default="")
    said = view.labels.of(usual, lang).lower() if usual else ""
    key = "founded_all" if len(counted) == 1 else "founded_mostly"
    short = words["founded"]
    return OutsideTable(
        tuple(
            replace(
                row,
                confidence=""
                if row.confidence == usual
                else short.get(row.confidence.rpartition("/")[2])
                or view.labels.of(row.confidence, lang).lower(),
            )
            for row in ordered
        ),
        words[key].format(founded=said) if said else "",
    )
