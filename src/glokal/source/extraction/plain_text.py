"""Text as blocks: UTF-8, in which empty lines part paragraphs.

Where nearly every line has an empty one behind it, as the text layers of many PDFs do,
empty lines part nothing, and sentences alone tell where one paragraph ends.
"""

from __future__ import annotations

from glokal.core.errors import InputError, Place
from glokal.core.files.bounded_read import as_input, decode
from glokal.source.extraction.blocks import Block, BlockKind, Doubt, Extraction, Line
from glokal.source.extraction.links import REDACTED
from glokal.source.extraction.paragraphs import label_of

_HEADING_LETTERS = 80
_ENDS = ".,;!?»”"
_ADDRESSES = ("http://", "https://", "file:", "C:/", "C:\\")
# So many lines of a text set with double spacing stand alone.
_DOUBLE = 0.8


def read_text_file(raw: bytes, name: str) -> Extraction:
    """Return what a text says. Raises InputError for another encoding, and for none."""
    with as_input():
        text = decode(raw, name)
    groups = _groups(text)
    if not groups:
        raise InputError(
            "The document has no text.",
            remedy="see that it is the right one.",
            place=Place(name),
            name="document.no_text",
        )
    blocks: list[Block] = []
    doubts: list[Doubt] = []
    for lines in groups:
        for part in _parts(lines):
            block = _block(part, first=not blocks)
            if block.kind == BlockKind.HEADING:
                doubts.append(Doubt("maybe-heading", 0, block.lines[0].text))
            blocks.append(block)
    return Extraction(blocks, doubts)


def _groups(text: str) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            groups[-1].append(line.strip())
        elif groups[-1]:
            groups.append([])
    groups = [group for group in groups if group]
    single = sum(1 for group in groups if len(group) == 1)
    if len(groups) < 20 or single < _DOUBLE * len(groups):
        return groups
    joined: list[list[str]] = []
    for group in groups:
        last = joined[-1][-1] if joined else "."
        rest = group[0][:1].islower() or last[-1:] in "-\u00ad\u2010"
        if joined and rest and len(last) > _HEADING_LETTERS / 2:
            joined[-1] += group
        else:
            joined.append(group)
    return joined


def _parts(lines: list[str]) -> list[list[str]]:
    """Return the lines of a paragraph, divided where an item or an address begins."""
    parts: list[list[str]] = []
    for line in lines:
        alone = line.startswith(_ADDRESSES)
        if not parts or alone or label_of(line) or parts[-1][0].startswith(_ADDRESSES):
            parts.append([line])
        else:
            parts[-1].append(line)
    return parts


def _block(lines: list[str], *, first: bool) -> Block:
    text = " ".join(lines)
    if lines[0].startswith(_ADDRESSES):
        local = not lines[0].startswith("http")
        return Block(
            BlockKind.LINK, [Line(REDACTED if local else lines[0])], redacted=local
        )
    label = label_of(lines[0])
    printed = [Line(line) for line in lines]
    if label:
        return Block(BlockKind.ITEM, printed, label=label)
    short = len(text) <= _HEADING_LETTERS and text[-1] not in _ENDS
    if first and short:
        return Block(BlockKind.TITLE, printed)
    if short and len(lines) <= 2 and text[:1].isupper():
        return Block(BlockKind.HEADING, printed, level=1)
    return Block(BlockKind.PARAGRAPH, printed)
