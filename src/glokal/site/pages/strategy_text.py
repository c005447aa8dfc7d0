"""The source in the order in which it is read: sections, paragraphs, items, tables.

The text of a PDF comes page by page: a link stands at the foot of its page, the heading
of a table behind its first row. Here each passage stands below its own heading
(`glo:underHeading`), and an item of a table in its row and its column (`glo:readWith`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from glokal.core.namespaces import CODE, GLO
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView

_KIND = CODE + "passage-kind/"
HEADING, TABLE_HEADING = "heading", "table-heading"
ITEM, TABLE_ITEM, LINK, TITLE = "list-item", "table-item", "link", "title"


@dataclass(frozen=True)
class TextPassage:
    """A passage of the source: its kind, what it stands under, its start and end."""

    iri: str
    kind: str
    heading: str
    column: str
    start: int
    end: int


@dataclass
class TextBlock:
    """What is read as one: a paragraph, or an item with what explains it.

    `kind` is "paragraph", "item" or "title".
    """

    kind: str
    passages: list[TextPassage]


@dataclass
class TextTable:
    """A table: its rows and columns by the passages that head them.

    `corner` heads the column of the rows' own names, "" without one.
    """

    corner: str
    columns: list[str]
    rows: list[str]
    cells: dict[tuple[str, str], list[TextPassage]]


@dataclass
class TextSection:
    """A heading (None before the first) and what stands under it.

    `level` is that of the heading, 1 for the uppermost.
    """

    heading: TextPassage | None
    level: int
    blocks: list[TextBlock] = field(default_factory=list)
    links: list[TextPassage] = field(default_factory=list)
    # Each table with what stands behind it.
    tables: list[tuple[TextTable, list[TextBlock]]] = field(default_factory=list)


def read_sections(view: GraphView, passages: Iterable[str]) -> list[TextSection]:
    """Return the sections of a source; `passages` are its IRIs in the order of text.

    A section without anything is left out.
    """
    every = {p: _passage(view, p) for p in passages}
    sections: dict[str, TextSection] = {"": TextSection(None, 0)}
    for passage in every.values():
        if passage.kind == HEADING:
            level = len(list(_above(every, passage.iri))) + 1
            sections[passage.iri] = TextSection(passage, level)
    in_table: dict[str, list[TextPassage]] = {}
    for passage in every.values():
        if passage.kind == HEADING:
            continue
        place = next((h for h in _above(every, passage.iri) if h in sections), "")
        if passage.kind in (TABLE_HEADING, TABLE_ITEM):
            in_table.setdefault(place, []).append(passage)
        elif passage.kind == LINK:
            sections[place].links.append(passage)
        else:
            _append(sections[place].blocks, passage)
    for place, parts in in_table.items():
        # In the text of a PDF what stands above a table may come behind its first row.
        section, tables = sections[place], _tables(parts)
        for of in reversed(tables):
            last = max(part.start for part in of)
            behind = [b for b in section.blocks if b.passages[0].start > last]
            section.blocks = [b for b in section.blocks if b not in behind]
            section.tables.insert(0, (_table(of), behind))
    return [s for s in _in_order(every, sections) if not _is_empty(s, sections, every)]


def _passage(view: GraphView, iri: str) -> TextPassage:
    def first(name: str) -> str:
        return next(iter(view.objects(iri, GLO + name)), "")

    start, end = first("startOffset"), first("endOffset")
    return TextPassage(
        iri,
        first("passageKind").removeprefix(_KIND),
        first("underHeading"),
        _column(view, iri) or first("readWith"),
        int(start or 0),
        int(end or 0),
    )


def _column(view: GraphView, iri: str) -> str:
    """Return the heading of a column that a passage is read with, "" for none."""
    for other in sorted(view.objects(iri, GLO + "readWith")):
        kinds = view.objects(other, GLO + "passageKind")
        if _KIND + TABLE_HEADING in kinds:
            return other
    return ""


def _above(every: dict[str, TextPassage], iri: str) -> Iterator[str]:
    """Yield the headings above a passage, the nearest first."""
    seen = {iri}
    above = every[iri].heading
    while above in every and above not in seen:
        yield above
        seen.add(above)
        above = every[above].heading


def _append(blocks: list[TextBlock], passage: TextPassage) -> None:
    """Add a passage to the block that it goes on with, or begin a new one.

    What goes on stands one character behind: a space or the end of a line.
    """
    if passage.kind in (ITEM, TITLE):
        blocks.append(TextBlock(passage.kind.removeprefix("list-"), [passage]))
    elif (
        blocks
        and blocks[-1].kind != TITLE
        and passage.start - blocks[-1].passages[-1].end <= 1
    ):
        blocks[-1].passages.append(passage)
    else:
        blocks.append(TextBlock("paragraph", [passage]))


def _tables(parts: Sequence[TextPassage]) -> list[list[TextPassage]]:
    """Return what stands in each table: what heads of rows and columns tie together.

    A heading that nothing stands under belongs to the table that begins behind it.
    """
    tied: dict[str, list[TextPassage]] = {p.iri: [p] for p in parts}
    for part in parts:
        for head in (part.heading, part.column):
            one, other = tied[part.iri], tied.get(head)
            if other is not None and other is not one:
                other += one
                tied |= {p.iri: other for p in one}
    groups = {id(of): sorted(of, key=lambda p: p.start) for of in tied.values()}
    ordered = sorted(groups.values(), key=lambda of: of[0].start)
    tables = [of for of in ordered if len(of) > 1]
    for of in ordered if tables else ():
        if len(of) == 1:
            behind = (t for t in tables if t[-1].start > of[0].start)
            next(behind, tables[-1]).insert(0, of[0])
    return [sorted(of, key=lambda p: p.start) for of in tables or [list(parts)]]


def _table(parts: Sequence[TextPassage]) -> TextTable:
    items = [p for p in parts if p.kind == TABLE_ITEM]
    used = {p.column for p in items}
    headings = [p for p in parts if p.kind == TABLE_HEADING]
    heads = [p.iri for p in headings]
    # What heads a row is read with the corner: a row whose cells are all merged with
    # those above has no item of its own.
    named = {p.heading for p in items} | {p.iri for p in headings if p.column}
    rows = [h for h in heads if h in named] + sorted(named - set(heads))
    # In the order of the headings: a cell may be empty in the first row.
    columns = [h for h in heads if h in used] + sorted(used - set(heads))
    corner = next((h for h in heads if h not in used and h not in rows), "")
    cells: dict[tuple[str, str], list[TextPassage]] = {}
    for item in items:
        cells.setdefault((item.heading, item.column), []).append(item)
    return TextTable(corner, columns, rows, cells)


def _in_order(
    every: dict[str, TextPassage], sections: dict[str, TextSection]
) -> list[TextSection]:
    """Return the sections as they are read: each below the heading that it is under."""

    def place(iri: str) -> list[int]:
        return [every[h].start for h in (*reversed(list(_above(every, iri))), iri)]

    first, *others = sections
    return [sections[first], *(sections[o] for o in sorted(others, key=place))]


def _is_empty(
    section: TextSection,
    sections: dict[str, TextSection],
    every: dict[str, TextPassage],
) -> bool:
    if section.blocks or section.links or section.tables:
        return False
    own = section.heading.iri if section.heading else ""
    below = (s.heading.iri for s in sections.values() if s.heading)
    return not own or not any(own in _above(every, iri) for iri in below)


def referred(view: GraphView, passage: str) -> tuple[list[str], list[str], list[str]]:
    """Return what the entries of an item say: of whom, in what area, about what."""
    entries = [
        text_of(t.subject)
        for t in view.into(passage)
        if t.predicate.value == GLO + "statedIn"
        and view.objects(text_of(t.subject), GLO + "refersTo")
    ]

    def objects(name: str) -> list[str]:
        found = (o for e in entries for o in view.objects(e, GLO + name))
        return list(dict.fromkeys(found))

    return objects("entryOf"), objects("inSubjectArea"), objects("refersTo")
