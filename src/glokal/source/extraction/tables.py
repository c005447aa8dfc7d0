"""Tables: by their rules where they have them, else by the gutters between columns.

A row begins where the first column has words; a cell holds items, which a gap, a mark,
or a line that ends early before a capital sets apart. A table goes on over the page
when what stands first there keeps to its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from glokal.source.extraction.blocks import Doubt, Line, Word, lines_of, typical_size
from glokal.source.extraction.citations import phrases
from glokal.source.extraction.columns import Zone, bands, column_at

# A column of running text has longer lines than the label of a row.
_LABEL_LETTERS = 30
_EDGE = 3.0


@dataclass
class TableRow:
    """A row: the lines of each cell, and whether it goes on with the row above.

    `merged` has, by column, over how many further rows and columns a cell is merged.
    """

    cells: list[list[Line]]
    goes_on: bool = False
    merged: dict[int, tuple[int, int]] = field(default_factory=dict)

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
        table.doubts.append(Doubt("row-goes-on", page, first_words(rows[0])))
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


def first_words(row: TableRow) -> str:
    """Return the first line of a row, "" for an empty one."""
    return next((cell[0].text for cell in row.cells if cell), "")


def parted(
    table: PageTable, is_head: Callable[[Sequence[str]], bool]
) -> list[PageTable | list[Line]]:
    """Return a table, parted where the headings of another one stand in it.

    Those have the first heading again, or are set bold as the headings alone are, or
    `is_head` knows the texts of their cells. Unruled tables that stand close together
    have the same gutters; ruled ones may follow each other over the end of a page. What
    stands between two, such as the name of the second, comes as lines.
    """
    begin = [0]
    for number in range(2, len(table.rows)):
        row, above = table.rows[number], table.rows[begin[-1]]
        if number > begin[-1] + 1 and _is_full(row, above):
            again = row.texts[0] == above.texts[0] != ""
            if again or is_head(row.texts) or _is_set_as(row, above, table.rows):
                begin.append(number)
    if len(begin) == 1:
        return [table]
    results: list[PageTable | list[Line]] = []
    for first, end in zip(begin, (*begin[1:], len(table.rows)), strict=True):
        last = end
        while end < len(table.rows) and last > first + 2 and _is_text(table, last - 1):
            last -= 1
        rows = table.rows[first:last]
        page = min(ln.page for cell in rows[0].cells for ln in cell)
        told = [Doubt("tables-parted", page, first_words(rows[0]))]
        part = replace(table, rows=rows, doubts=told if first else table.doubts)
        part.page = page if end < len(table.rows) else table.page
        results.append(part)
        if between := [ln for row in table.rows[last:end] for ln in row.cells[0]]:
            results.append(between)
    return results


def _is_full(row: TableRow, heads: TableRow) -> bool:
    """Whether a row has words where the headings have some, in two cells at least."""
    both = zip(row.cells, heads.cells, strict=True)
    return sum(map(bool, row.cells)) > 1 and all(cell or not of for cell, of in both)


def _is_text(table: PageTable, number: int) -> bool:
    """Whether a row is no row, but a sentence or the name of a table below it."""
    text = table.rows[number].texts[0]
    if any(table.rows[number].cells[1:]) or not text:
        return False
    captions: list[str] = phrases()["captions"]["words"]
    return text[-1] in ".:!?" or text.split()[0].casefold() in captions


def _is_set_as(row: TableRow, heads: TableRow, rows: Sequence[TableRow]) -> bool:
    """Whether a row is bold as the headings are, where most other rows aren't."""

    def bold(of: TableRow) -> bool:
        lines = [line for cell in of.cells for line in cell]
        return bool(lines) and all(line.bold for line in lines)

    others = sum(bold(of) for of in rows)
    return bold(row) and bold(heads) and 2 * others <= len(rows)


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
