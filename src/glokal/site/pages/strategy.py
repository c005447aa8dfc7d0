"""The source as a reading page: text, tables, and what rests on each passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from glokal.core.namespaces import GLO
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.citations import passage_anchor
from glokal.site.further_documents import is_strategy
from glokal.site.graph_view import GraphView
from glokal.site.page_queries import rows
from glokal.site.page_values import Value, as_address, in_order
from glokal.site.pages.strategy_text import (
    ITEM,
    TextBlock,
    TextSection,
    TextTable,
    read_sections,
    referred,
)
from glokal.site.renderer import PageRenderer
from glokal.site.source_names import named_sources

# The passage's own page has what doesn't stand beside it here.
HELD = 30
# Behind the pages: the things that they are about stand there already.
_NOT_SHOWN = {GLO + "MappingEntry", GLO + "Participation"}
_TIES = ("membershipIn", "participationIn")
_ENDS = (".", "!", "?", ":", "»", "”")

_Resting = Mapping[tuple[str, bool], list[str]]


@dataclass(frozen=True)
class ShownPassage:
    """A passage as it is read, and what rests on it.

    `link` is the address that it is, "" mostly; `href` the passage's own page.
    """

    anchor: str
    text: str
    link: str
    citation: str
    href: str
    holds: tuple[Value, ...]
    more: int
    leaves_out: tuple[Value, ...]
    reason: str
    lang: str


@dataclass(frozen=True)
class ShownBlock:
    """A paragraph or an item; `number` is how many pages rest on it.

    `titled` is whether the first passage is a title that the others explain.
    """

    kind: str
    passages: tuple[ShownPassage, ...]
    number: int
    titled: bool


@dataclass(frozen=True)
class ShownItem:
    """An item of a table, and the pages of what it names.

    `again` is whether it stands in an earlier row already: its cell is merged.
    """

    passage: ShownPassage
    things: tuple[Value, ...]
    again: bool = False


@dataclass(frozen=True)
class ShownHead:
    """What heads a row or a column, and the page of what it stands for."""

    passage: ShownPassage
    thing: Value | None


@dataclass(frozen=True)
class ShownTable:
    """A table as it is read: heads of columns, rows with a head and cells."""

    corner: ShownPassage | None
    columns: tuple[ShownHead, ...]
    rows: tuple[tuple[ShownHead, tuple[tuple[ShownItem, ...], ...]], ...]


@dataclass(frozen=True)
class ShownSection:
    """A section: its heading, its name in the contents, and what stands there."""

    heading: ShownPassage | None
    name: str
    level: int
    blocks: tuple[ShownBlock, ...]
    links: tuple[ShownPassage, ...]
    tables: tuple[tuple[ShownTable, tuple[ShownBlock, ...]], ...]


@dataclass(frozen=True)
class Published:
    """What another source says of the document, with the way there."""

    text: Value
    sources: tuple[Value, ...]


def write_strategy(view: GraphView, pages: PageRenderer, workspace: Workspace) -> None:
    """Write the reading page in each language; none when there is no source text."""
    order = [text_of(row[0]) for row in rows(workspace, "passages")]
    sections = [
        s for text in _documents(view, order) for s in read_sections(view, text)
    ]
    resting = _resting(view, workspace)
    for lang in pages.project.languages:
        words: Mapping[str, Any] = pages.words[lang]
        pages.render(
            "strategy.html",
            lang,
            pages.named("strategy"),
            words["strategy"],
            description=words["strategy_intro"],
            crumbs=[(words["strategy"], "")],
            sections=[_section(view, s, resting, lang) for s in sections],
            published=_published(view, order, lang),
            source_lang=view.source_language,
        )


def _documents(view: GraphView, passages: Iterable[str]) -> list[list[str]]:
    """Return the passages of each document, those of the strategy first."""
    texts: dict[str, list[str]] = {}
    for passage in passages:
        for document in view.objects(passage, GLO + "passageOf"):
            texts.setdefault(document, []).append(passage)
    return [texts[d] for d in sorted(texts, key=lambda d: not is_strategy(view, d))]


def _resting(view: GraphView, workspace: Workspace) -> _Resting:
    """Return what rests on each passage (False), and what it leaves out (True).

    For a tie stands what it ties somebody to: the tie has no name of its own.
    """
    results: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for passage, thing, kind, relation in rows(workspace, "resting"):
        if text_of(kind) not in _NOT_SHOWN:
            left_out = text_of(relation) == GLO + "omittedIn"
            things = results[text_of(passage), left_out]
            iri = text_of(thing)
            # What a passage leaves out is the tie: it may well name one of the two.
            ties = () if left_out else _TIES
            tied = (view.objects(iri, GLO + name) for name in ties)
            for leading in next(filter(None, tied), [iri]):
                if leading not in things:
                    things.append(leading)
    return results


def _section(
    view: GraphView, section: TextSection, resting: _Resting, lang: str
) -> ShownSection:
    heading = name = None
    if section.heading:
        heading = _passage(view, section.heading.iri, resting, lang)
        # "Background, heading 1": the name of the section, as citations have it.
        name = heading.citation.rpartition(", ")[0] or heading.text

    def shown(blocks: Iterable[TextBlock]) -> tuple[ShownBlock, ...]:
        return tuple(_block(view, block, resting, lang) for block in blocks)

    links = tuple(_passage(view, p.iri, resting, lang) for p in section.links)
    tables = tuple(
        (_table(view, table, resting, lang), shown(after))
        for table, after in section.tables
    )
    return ShownSection(
        heading, name or "", section.level, shown(section.blocks), links, tables
    )


def _block(
    view: GraphView, block: TextBlock, resting: _Resting, lang: str
) -> ShownBlock:
    parts = tuple(_passage(view, p.iri, resting, lang) for p in block.passages)
    held = {v.href for p in parts for v in p.holds}
    titled = (
        block.passages[0].kind == ITEM
        and len(parts) > 1
        and not parts[0].text.endswith(_ENDS)
    )
    number = len(held) + sum(p.more for p in parts)
    return ShownBlock(block.kind, parts, number, titled)


def _table(
    view: GraphView, table: TextTable, resting: _Resting, lang: str
) -> ShownTable:
    of: dict[str, set[str]] = defaultdict(set)
    cells: dict[tuple[str, str], list[ShownItem]] = defaultdict(list)
    merged: list[tuple[tuple[str, set[str]], tuple[str, set[str]], ShownItem]] = []
    for (row, column), items in table.cells.items():
        for item in items:
            named, columns, things = referred(view, item.iri)
            whose, areas = set(map(view.leading, named)), set(columns)
            passage = _passage(view, item.iri, resting, lang)
            shown = ShownItem(passage, view.linked(things, lang))
            cells[row, column].append(shown)
            for head, stands_for in ((row, whose), (column, areas)):
                of[head].update(stands_for if len(stands_for) == 1 else ())
            if len(whose) > 1 or len(areas) > 1:
                merged.append(((row, whose), (column, areas), shown))
    # A merged cell stands in its first row and column; its others go by their heads.
    for (first, whose), (left, areas), shown in merged:
        for row, column in product(table.rows, table.columns):
            in_row = row == first or of[row] & whose
            in_column = column == left or of[column] & areas
            there = {item.passage.anchor for item in cells[row, column]}
            if in_row and in_column and shown.passage.anchor not in there:
                cells[row, column].insert(0, replace(shown, again=True))

    def headed(iri: str) -> ShownHead:
        only = view.linked(of[iri], lang) if len(of[iri]) == 1 else ()
        return ShownHead(_passage(view, iri, resting, lang), next(iter(only), None))

    return ShownTable(
        _passage(view, table.corner, resting, lang) if table.corner else None,
        tuple(headed(column) for column in table.columns),
        tuple(
            (headed(row), tuple(tuple(cells[row, c]) for c in table.columns))
            for row in table.rows
        ),
    )


def _passage(view: GraphView, iri: str, resting: _Resting, lang: str) -> ShownPassage:
    text = view.value(iri, GLO + "readingText", "nb")
    holds = in_order((view.link(t, lang) for t in resting.get((iri, False), ())), lang)
    return ShownPassage(
        passage_anchor(iri),
        text,
        as_address(text).href,
        view.value(iri, GLO + "citation", lang),
        view.path(iri),
        holds[:HELD],
        len(holds[HELD:]),
        in_order((view.link(t, lang) for t in resting.get((iri, True), ())), lang),
        view.value(iri, GLO + "uncoveredReason", lang),
        view.quoted_in(iri),
    )


def _published(
    view: GraphView, passages: Iterable[str], lang: str
) -> tuple[Published, ...]:
    """Return what other sources say of the plans that the text documents."""
    documents = {d for p in passages for d in view.objects(p, GLO + "passageOf")}
    plans = {p for d in documents for p in view.objects(d, GLO + "documents")}
    records = {
        text_of(t.subject)
        for plan in plans
        for t in view.into(plan)
        if t.predicate.value == GLO + "about" and text_of(t.subject) in view.supplement
    }
    results = []
    for record in sorted(records):
        said = view.out(record)
        told = [t.object for t in said if t.predicate.value == GLO + "recordValue"]
        named = view.objects(record, GLO + "recordSource")
        results += [
            Published(value, named_sources(named, view, lang))
            for value in view.values(told, lang)
        ]
    return tuple(results)
