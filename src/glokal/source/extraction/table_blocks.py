"""A table as blocks: headings of columns and rows, and the items of its cells.

A gap, a mark, or a line that ends early before a capital parts the items of a cell; a
cell that is merged over several rows or columns holds for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from glokal.source.extraction.blocks import Block, BlockKind, Doubt, Line
from glokal.source.extraction.paragraphs import ends_early, label_of, leading_of
from glokal.source.extraction.tables import PageTable, first_words
from glokal.source.name_mentions import letters_of

# More white than this between two lines of a cell, in distances of lines, parts items.
_ITEM_GAP = 1.25
# A name of fewer words may begin another one.
_WORDS = 3


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
        text = first_words(table.rows[0])
        doubts.append(Doubt("no-column-heading", table.page, text))
    leading = leading_of([c for row in table.rows for c in row.cells])
    blocks = [head for head in heads if head is not None]
    row_head: Block | None = None
    open_items: list[Block | None] = [None] * len(heads)
    below: dict[int, list[Block]] = {}
    for number, row in enumerate(table.rows[1:], 1):
        if row.cells[0] and not row.goes_on:
            row_head = Block(
                BlockKind.TABLE_HEADING, list(row.cells[0]), column=heads[0]
            )
            blocks.append(row_head)
            open_items = [None] * len(heads)
        elif number == 1:
            doubts.append(Doubt("no-row-heading", table.page, first_words(row)))
        for block in below.pop(number, ()):
            block.share(row_head)
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
            rows, columns = row.merged.get(column, (0, 0))
            for block in new:
                for beside in heads[column + 1 : column + 1 + columns]:
                    block.share(beside)
            for further in range(number + 1, number + 1 + rows):
                below.setdefault(further, []).extend(new)
            if new and (rows or columns):
                doubts.append(Doubt("merged-items", table.page, new[0].text))
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
