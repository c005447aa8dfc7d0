"""PDF as blocks (ISO 32000-1), by pdfplumber; pdfium reads the same lines beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from glokal.source.draft_vocabulary import are_headings
from glokal.source.extraction.blocks import (
    Block,
    BlockKind,
    Doubt,
    Extraction,
    Line,
    Word,
    lines_of,
)
from glokal.source.extraction.broken_words import mend_broken_words
from glokal.source.extraction.columns import Zone, reading_order, zones
from glokal.source.extraction.links import link_blocks
from glokal.source.extraction.paragraphs import (
    blocks_of,
    body_size,
    join_columns,
    leading_of,
    set_levels,
)
from glokal.source.extraction.pdf_pages import PageContent, open_pages
from glokal.source.extraction.ruled_tables import ruled_tables
from glokal.source.extraction.running_heads import without_running_heads
from glokal.source.extraction.second_reader import compare_readers
from glokal.source.extraction.several_names import several_names
from glokal.source.extraction.table_blocks import table_blocks
from glokal.source.extraction.tables import (
    PageTable,
    continued,
    joined_ruled,
    parted,
    table_of,
)


def read_pdf(raw: bytes, name: str, pages: int) -> Extraction:
    """Return what a PDF says, in reading order. `pages` is the most it may have.

    Raises InputError for what can't be read: damaged, locked, without text, too long.
    """
    content = open_pages(raw, name, pages)
    kept, doubts = without_running_heads(
        [page.words for page in content], [page.height for page in content]
    )
    parts = list(_each_table(_parts(content, kept)))
    lines = [line for part in parts for line in part.lines]
    blocks, more = _blocks(parts, body_size(lines))
    doubts += [doubt for page in content for doubt in page.doubts] + more
    blocks = link_blocks(blocks, {page.number: page.links for page in content})
    doubts += compare_readers(
        raw, blocks, {page.number: page.height for page in content}
    )
    doubts += mend_broken_words(blocks)
    doubts += several_names(blocks)
    return Extraction(blocks, sorted(doubts, key=lambda d: d.page), len(content))


@dataclass
class _Part:
    """What is read as one: the lines of a column, or a table."""

    lines: list[Line] = field(default_factory=list)
    table: PageTable | None = None


def _parts(
    content: Sequence[PageContent], kept: Sequence[Sequence[Word]]
) -> list[_Part]:
    results: list[_Part] = []
    for page, words in zip(content, kept, strict=True):
        rest: Sequence[Word] = words
        last = results[-1].table if results else None
        if last is not None and not last.ruled and last.page == page.number - 1:
            rest = continued(last, rest, page.number)
            if len(rest) < len(words):
                last.page = page.number
        tables, rest = ruled_tables(page, rest)
        results += _in_order(page, rest, tables)
    return _joined(results)


def _each_table(parts: Iterable[_Part]) -> Iterator[_Part]:
    """Yield the parts, tables that were read as one each for itself."""
    for part in parts:
        for of in parted(part.table, are_headings) if part.table else ():
            yield _Part(table=of) if isinstance(of, PageTable) else _Part(of)
        if part.table is None:
            yield part


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """Return parts with the ruled tables that go on over a page made one."""
    results: list[_Part] = []
    for part in parts:
        last = results[-1].table if results else None
        if part.table is not None and part.table.ruled and last and last.ruled:
            both = joined_ruled([last, part.table])
            if len(both) == 1:
                last.page = part.table.page
                continue
        results.append(part)
    return results


def _in_order(
    page: PageContent,
    words: Sequence[Word],
    tables: Sequence[tuple[float, PageTable]],
) -> list[_Part]:
    """Return the parts of a page, ruled tables between what is above and below."""
    results: list[_Part] = []
    rest = list(words)
    for top, table in sorted(tables, key=lambda t: t[0]):
        above = [w for w in rest if w.middle < top]
        results += _columns(page, above)
        rest = [w for w in rest if w.middle >= top]
        results.append(_Part(table=table))
    return results + _columns(page, rest)


def _columns(page: PageContent, words: Sequence[Word]) -> list[_Part]:
    results: list[_Part] = []
    for zone in zones(words):
        table = table_of(zone, page.number) if zone.gutters else None
        if table is not None:
            results.append(_Part(table=table))
            continue
        for part in _read(zone):
            room = max((w.x1 for w in part.words), default=0.0)
            results.append(_Part(lines_of(part.words, page.number, room)))
    return [p for p in results if p.lines or p.table]


def _read(zone: Zone) -> list[Zone]:
    if not zone.gutters:
        return [zone]
    return [part for column in zone.columns() for part in reading_order(column)]


def _blocks(parts: Sequence[_Part], body: float) -> tuple[list[Block], list[Doubt]]:
    leading = leading_of([part.lines for part in parts])
    runs: list[list[Block]] = []
    doubts: list[Doubt] = []
    results: list[Block] = []
    for part in parts:
        if part.table is None:
            runs.append(blocks_of(part.lines, body, leading))
            continue
        flow, more = join_columns(runs)
        cells, others = table_blocks(part.table)
        results += [*flow, *cells]
        doubts += [*more, *others]
        runs = []
    flow, more = join_columns(runs)
    results += flow
    doubts += more
    set_levels(results)
    if not any(b.kind == BlockKind.TITLE for b in results):
        doubts.append(Doubt("no-title", 1, results[0].lines[0].text if results else ""))
    return results, doubts
