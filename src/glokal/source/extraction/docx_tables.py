"""Tables of a Word document as blocks: headings of columns and rows, items of cells.

A cell that is merged over several rows or columns (`w:vMerge`, `w:gridSpan`,
ECMA-376-1, 17.4.84 and 17.4.17) holds for each of them. Paragraphs part the items of a
cell, and line breaks do where the line before is whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from glokal.source.extraction.blocks import Block, BlockKind, Doubt, Line
from glokal.source.extraction.citations import phrases
from glokal.source.extraction.paragraphs import label_of

# Before these a line break is that of a name which goes on.
_OPEN = ",–—-/&+("


def word_table(table: Any) -> tuple[list[Block], list[Doubt]]:
    """Return a table row by row, and what was unsure in it."""
    reader = _TableReader(table)
    reader.read()
    return reader.blocks, reader.doubts


class _TableReader:
    def __init__(self, table: Any) -> None:
        self.blocks: list[Block] = []
        self.doubts: list[Doubt] = []
        self._rows = list(table.rows)
        self._heads: list[Block | None] = []
        # The elements themselves: an address in memory is used again.
        self._made: dict[Any, list[Block]] = {}
        self._told: set[Any] = set()
        # A row whose first cell is empty, or one with that above, goes on with it.
        self._row_head: Block | None = None

    def read(self) -> None:
        """Take the rows; tell of a table without words, or without rows below."""
        heads = self._head_rows()
        for number, row in enumerate(self._rows):
            for column, cell in enumerate(row.cells):
                if cell._tc in self._made:
                    self._again(cell, column, header=number < heads)
                elif number < heads:
                    self._heading(cell, column)
                else:
                    self._cell(cell, column)
        if not self.blocks:
            self.doubts.append(Doubt("empty-table", 0, ""))
        elif len(self._rows) == heads:
            self.doubts.append(Doubt("table-of-one-row", 0, self.blocks[0].text))

    def _head_rows(self) -> int:
        """Return how many rows have headings: those that the first cell is over."""
        if not self._rows:
            return 0
        first = [row.cells[0]._tc if row.cells else None for row in self._rows]
        number = next(
            (at for at, cell in enumerate(first) if cell is not first[0]), len(first)
        )
        return number if number < len(first) else 1

    def _heading(self, cell: Any, column: int) -> None:
        items = list(self._items(cell))
        head = _head(items, None)
        self._made[cell._tc] = [head] if head else []
        if column < len(self._heads):
            # A heading below another one tells its columns apart.
            self._heads[column] = head or self._heads[column]
        else:
            self._heads.append(head)
        self.blocks += [head] if head else []

    def _cell(self, cell: Any, column: int) -> None:
        items = list(self._items(cell))
        if column == 0:
            head = _head(items, self._heads[0] if self._heads else None)
            self._row_head = head or self._row_head
            made = [head] if head else []
        else:
            above = self._heads[column] if column < len(self._heads) else None
            made = [
                Block(
                    BlockKind.TABLE_ITEM, lines, label=label_of(lines[0].text),
                    row=self._row_head, column=above,
                )
                for lines in items
            ]  # fmt: skip
        self._made[cell._tc] = made
        self.blocks += made

    def _again(self, cell: Any, column: int, *, header: bool) -> None:
        """Take a cell that goes on from the row above or the column before."""
        made = self._made[cell._tc]
        items = [b for b in made if b.kind == BlockKind.TABLE_ITEM]
        if header and column >= len(self._heads):
            self._heads.append(self._heads[-1])
        for block in items:
            block.share(self._row_head)
            block.share(self._heads[column] if column < len(self._heads) else None)
        if made and cell._tc not in self._told:
            self._told.add(cell._tc)
            rule = "merged-items" if items else "merged-cells"
            self.doubts.append(Doubt(rule, 0, made[0].text))

    def _items(self, cell: Any) -> Iterator[list[Line]]:
        """Yield the items of a cell, those of tables in it after the words before."""
        from docx.table import Table

        for inner in cell.iter_inner_content():
            if isinstance(inner, Table):
                found = {id(c._tc): c for row in inner.rows for c in row.cells}
                items = [i for c in found.values() for i in self._items(c)]
                text = " / ".join(line.text for lines in items for line in lines)
                self.doubts.append(Doubt("table-in-cell", 0, text))
                yield from items
            elif inner.text.strip():
                texts = (" ".join(line.split()) for line in inner.text.split("\n"))
                yield from self._parted([Line(text) for text in texts if text])

    def _parted(self, lines: list[Line]) -> Iterator[list[Line]]:
        """Yield the lines of a paragraph, parted where one is whole by itself."""
        item: list[Line] = []
        for line in lines:
            if item and not _goes_on(item, line.text):
                self.doubts.append(Doubt("line-break", 0, line.text))
                yield item
                item = []
            item.append(line)
        if item:
            yield item


def _goes_on(item: list[Line], text: str) -> bool:
    """Whether a line after a line break is the rest of what stands before it."""
    before = item[-1].text
    label = label_of(text)
    if label:
        # A dash begins an item where the one before had a mark as well.
        return label in "-–" and not label_of(item[0].text)
    rest = text[:1].islower() or text[:1] in _OPEN or before[-1:] in _OPEN
    return rest or before.split()[-1].casefold() in _open_words()


@cache
def _open_words() -> frozenset[str]:
    return frozenset(phrases()["goes_on"]["words"])


def _head(items: list[list[Line]], column: Block | None) -> Block | None:
    lines = [line for of in items for line in of]
    return Block(BlockKind.TABLE_HEADING, lines, column=column) if lines else None
