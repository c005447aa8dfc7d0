"""Tables: by their rules where they have them, else by the gutters between columns.

A row begins where the first column has words; a cell holds items, which a gap, a mark,
or a line that ends early before a capital sets apart. A table goes on over the page
when what stands first there keeps to its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from glokal.source.extraction.blocks import (
    Block,
    BlockKind,
    Doubt,
    Line,
    Word,
    lines_of,
)
from glokal.source.extraction.columns import Zone, bands, column_at, typical_size
from glokal.source.extraction.paragraphs import ends_early, label_of, leading_of
from glokal.source.words import letters_of

# More white than this between two lines of a cell, in distances of lines, parts items.
_ITEM_GAP = 1.25
# A column of running text has longer lines than the label of a row.
_LABEL_LETTERS = 30
_EDGE = 3.0
# A name of fewer words may begin another one.
_WORDS = 3


@dataclass
class TableRow:
    """A row: the lines of each cell, and whether it goes on with the row above."""

    cells: list[list[Line]]
    goes_on: bool = False

    @property
    def texts(self) -> list[str]:
        """Return the words of each cell."""
        return [" ".join(line.text for line in cell) for cell in self.cells]


@dataclass
class PageTable:
    """A table on one page, or on several once its parts are joined.

    `edges` are the left edges of the columns, `gutters` the middles between them; a
    ruled table has neither.
    """

    rows: list[TableRow]
    page: int
    gutters: tuple[float, ...] = ()
    edges: tuple[float, ...] = ()
    ruled: bool = False
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.rows[0].cells) if self.rows else 0


def table_of(zone: Zone, page: int) -> PageTable | None:
    """Return a zone with gutters as a table, None when it is columns of text."""
    rows = _rows(zone.words, zone.gutters, page)
    if len(rows) < 2 or not _is_table(zone, rows):
        return None
    edges = tuple(min((w.x0 for w in column), default=0.0) for column in zone.columns())
    return PageTable(rows, page, zone.gutters, edges)


def _is_table(zone: Zone, rows: Sequence[TableRow]) -> bool:
    """Whether rows of cells begin side by side, as paragraphs in columns don't.

    Two columns are a table only when the left one has labels.
    """
    firsts = [line for row in rows for line in row.cells[0]]
    short = all(len(row.texts[0]) <= _LABEL_LETTERS for row in rows)
    if len(zone.gutters) == 1:
        left, right = zone.columns()
        narrow = max(w.x1 for w in left) - min(w.x0 for w in left) < 0.8 * (
            max(w.x1 for w in right) - min(w.x0 for w in right)
        )
        return len(rows) >= 3 and short and narrow and bool(firsts)
    if not short and len(rows) < 3:
        return False
    aligned = total = 0
    for row in rows:
        tops = [cell[0].top for cell in row.cells if cell]
        total += len(tops) - 1
        aligned += sum(1 for top in tops[1:] if abs(top - tops[0]) <= _EDGE)
    # One row is a line of a paragraph in each column when most rows are one line high.
    single = sum(1 for row in rows if all(len(cell) <= 1 for cell in row.cells))
    filled = sum(1 for row in rows for cell in row.cells if cell)
    return aligned >= 0.6 * max(total, 1) and (
        short or single < len(rows) or filled < 0.8 * len(rows) * len(rows[0].cells)
    )


def _rows(words: Sequence[Word], gutters: Sequence[float], page: int) -> list[TableRow]:
    rows: list[list[list[Word]]] = []
    size = typical_size(words)
    reach = 0.0
    for band in bands(words):
        cells: list[list[Word]] = [[] for _ in range(len(gutters) + 1)]
        for word in band:
            cells[column_at(word, gutters)].append(word)
        top = min(w.top for w in band)
        wraps = (
            bool(rows)
            and bool(cells[0])
            and bool(rows[-1][0])
            and top - reach < 0.4 * size
            and top - max(w.bottom for w in rows[-1][0]) < 0.4 * size
        )
        if rows and (not cells[0] or wraps):
            for cell, more in zip(rows[-1], cells, strict=True):
                cell += more
        else:
            rows.append(cells)
        reach = max(w.bottom for w in band)
    rooms = _rooms(words, gutters)
    return [
        TableRow(
            [lines_of(cell, page, room) for cell, room in zip(of, rooms, strict=True)],
            goes_on=not of[0],
        )
        for of in rows
    ]


def _rooms(words: Sequence[Word], gutters: Sequence[float]) -> list[float]:
    rooms = [0.0] * (len(gutters) + 1)
    for word in words:
        at = column_at(word, gutters)
        rooms[at] = max(rooms[at], word.x1)
    return rooms


def continued(table: PageTable, words: Sequence[Word], page: int) -> Sequence[Word]:
    """Add what stands first on a page to a table that goes on; return the rest.

    It goes on as long as words keep between its gutters and lines begin at the left
    edges of its columns, in the size of its type.
    """
    taken: list[Word] = []
    rest = list(words)
    for band in bands(words):
        if not _keeps_to(band, table):
            break
        taken += band
        rest = [w for w in rest if w not in band]
    if not taken:
        return words
    rows = _rows(taken, table.gutters, page)
    rows = _without_heads(rows, table.rows[0])
    if rows and rows[0].goes_on and table.rows:
        table.doubts.append(Doubt("row-goes-on", page, _first(rows[0])))
    table.rows += rows
    return rest


def _without_heads(rows: list[TableRow], heads: TableRow) -> list[TableRow]:
    """Return rows without the headings of the columns, where the page repeats them."""
    if not rows:
        return rows
    cells = []
    for cell, head in zip(rows[0].cells, heads.cells, strict=True):
        texts = [line.text for line in head]
        if [line.text for line in cell[: len(head)]] != texts:
            return rows
        cells.append(cell[len(head) :])
    rest = TableRow(cells, goes_on=True)
    return [rest, *rows[1:]] if any(cells) else list(rows[1:])


def _keeps_to(band: Sequence[Word], table: PageTable) -> bool:
    sizes = {line.size for row in table.rows for cell in row.cells for line in cell}
    if typical_size(band) not in sizes:
        return False
    for gutter in table.gutters:
        if any(w.x0 < gutter < w.x1 for w in band):
            return False
    cells: dict[int, float] = {}
    for word in band:
        at = column_at(word, table.gutters)
        cells[at] = min(cells.get(at, word.x0), word.x0)
    return all(abs(x - table.edges[at]) <= _EDGE for at, x in cells.items())


def _first(row: TableRow) -> str:
    return next((cell[0].text for cell in row.cells if cell), "")


def joined_ruled(tables: Iterable[PageTable]) -> list[PageTable]:
    """Return ruled tables with those that go on over the page made one."""
    results: list[PageTable] = []
    for table in tables:
        last = results[-1] if results else None
        if last is None or last.width != table.width or table.page != last.page + 1:
            results.append(table)
            continue
        last.rows += _without_heads(table.rows, last.rows[0])
    return results


def table_blocks(table: PageTable) -> tuple[list[Block], list[Doubt]]:
    """Return a table row by row: its headings, then the items of each cell.

    The first row has the headings of the columns, the first cell of each other row its
    own heading.
    """
    doubts = list(table.doubts)
    if not table.rows:
        return [], doubts
    heads = [
        Block(BlockKind.TABLE_HEADING, cell) if cell else None
        for cell in table.rows[0].cells
    ]
    if not all(heads):
        doubts.append(Doubt("no-column-heading", table.page, _first(table.rows[0])))
    leading = leading_of([c for row in table.rows for c in row.cells])
    blocks = [head for head in heads if head is not None]
    row_head: Block | None = None
    open_items: list[Block | None] = [None] * len(heads)
    for number, row in enumerate(table.rows[1:], 1):
        if row.cells[0] and not row.goes_on:
            row_head = Block(
                BlockKind.TABLE_HEADING, list(row.cells[0]), column=heads[0]
            )
            blocks.append(row_head)
            open_items = [None] * len(heads)
        elif number == 1:
            doubts.append(Doubt("no-row-heading", table.page, _first(row)))
        at_end = len(blocks)
        for column, cell in enumerate(row.cells[1:], 1):
            items = _items(cell, leading, doubts)
            before = open_items[column]
            if items and before is not None and row.goes_on:
                _go_on(items, before, doubts)
            new = [
                Block(
                    BlockKind.TABLE_ITEM,
                    lines,
                    label=label_of(lines[0].text),
                    row=row_head,
                    column=heads[column],
                )
                for lines in items
            ]
            # What a cell goes on with stands behind what it has, not behind the row.
            place = _after(blocks, before) if row.goes_on and before else at_end
            blocks[place:place] = new
            at_end = len(blocks)
            if new:
                open_items[column] = new[-1]
    return _parted(blocks, doubts), doubts


def _parted(blocks: Sequence[Block], doubts: list[Doubt]) -> list[Block]:
    """Return blocks with those items parted that begin with a whole other item.

    Where an item fills its line, only the other cell tells where it ends.
    """
    whole = {
        letters_of(block.text)
        for block in blocks
        if block.kind == BlockKind.TABLE_ITEM and len(block.text.split()) >= _WORDS
    }
    results: list[Block] = []
    for block in blocks:
        results.append(block)
        if block.kind != BlockKind.TABLE_ITEM:
            continue
        for at in range(len(block.lines) - 1, 0, -1):
            before = " ".join(line.text for line in block.lines[:at])
            first = block.lines[at]
            if letters_of(before) in whole and first.text[:1].isupper():
                doubts.append(Doubt("items-without-gap", first.page, first.text))
                rest = replace(block, lines=block.lines[at:], label="")
                block.lines = block.lines[:at]
                results.append(rest)
                break
    return results


def _go_on(items: list[list[Line]], before: Block, doubts: list[Doubt]) -> None:
    """Join the first item on a page to the one above when it is the rest of it."""
    first = items[0][0]
    if _is_rest(before.lines[-1].text, first.text):
        before.lines += items.pop(0)
    elif not label_of(first.text):
        doubts.append(Doubt("item-after-page", first.page, first.text))


def _after(blocks: Sequence[Block], block: Block) -> int:
    return next(n for n, other in enumerate(blocks) if other is block) + 1


def _is_rest(before: str, text: str) -> bool:
    return text[:1].islower() or text[:1] in "-–+(" or before[-1:] in "-\u00ad\u2010"


def _items(
    cell: Sequence[Line], leading: float, doubts: list[Doubt]
) -> list[list[Line]]:
    results: list[list[Line]] = []
    for at, line in enumerate(cell):
        above = cell[at - 1] if at else None
        if above is None or _begins(above, line, leading, doubts):
            results.append([line])
        else:
            results[-1].append(line)
    return results


def _begins(above: Line, line: Line, leading: float, doubts: list[Doubt]) -> bool:
    label = label_of(line.text)
    if label and label not in "-–":
        return True
    if line.page != above.page or not line.words or not above.words:
        return not _is_rest(above.text, line.text)
    if line.top - above.top > _ITEM_GAP * leading:
        return True
    if _is_rest(above.text, line.text):
        return False
    if ends_early(above, line):
        # The same form has an item over two lines, each of them begun anew.
        doubts.append(Doubt("items-without-gap", line.page, line.text))
        return True
    return False
