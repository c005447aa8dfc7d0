"""Word documents (Office Open XML, ECMA-376) as blocks, by python-docx.

Headings, lists and tables are what the styles say. Heads and feet of pages aren't part
of the text there; they are told of, not read, and so are notes, text boxes, content
controls and insertions that nobody has accepted.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from glokal.core.errors import InputError, Place
from glokal.source.extraction.blocks import Block, BlockKind, Doubt, Extraction, Line
from glokal.source.extraction.docx_margins import page_margins
from glokal.source.extraction.docx_tables import word_table
from glokal.source.extraction.links import REDACTED
from glokal.source.extraction.paragraphs import MARKS, label_of
from glokal.source.extraction.several_names import several_names

# What an archive may hold once it is unpacked, in megabytes.
_MEGABYTES = 256
# An OLE compound file: a Word document with a password, or of before 2007.
_OLE = b"\xd0\xcf\x11\xe0"
# The forms of numbers in a list; others, and marks, are read as marks.
_NUMBERED = ("decimal", "decimalZero")
_HEADING_LETTERS = 120
# Below those that have a style.
_BOLD_LEVEL = 9
_NOT_READ = {
    "footnoteReference": "footnotes",
    "endnoteReference": "endnotes",
    "txbxContent": "text-box",
    "ins": "tracked-insertion",
    "sdt": "content-control",
}
_TOLD_ONCE = ("footnotes", "endnotes")
_LETTERS = 80


def read_docx(raw: bytes, name: str) -> Extraction:
    """Return what a Word document says.

    Raises InputError for what can't be read: damaged, locked, without text, too large.
    """
    import docx
    from docx.opc.exceptions import OpcError

    place = Place(name)
    if raw.startswith(_OLE):
        raise InputError(
            "The Word document is locked with a password, or older than 2007.",
            remedy="save it as .docx without a password, and import that.",
            place=place,
            name="document.locked_docx",
        )
    damaged = InputError(
        "The Word document is damaged and can't be read.",
        remedy="open it in Word or LibreOffice and save it anew.",
        place=place,
        name="document.damaged_docx",
    )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _MEGABYTES << 20:
            raise InputError(
                f"The Word document has {size >> 20} MB once it is unpacked; "
                f"{_MEGABYTES} are allowed.",
                remedy="divide it, or take its pictures away.",
                place=place,
                name="document.large_docx",
                values={"size": size >> 20, "most": _MEGABYTES},
            )
        document = docx.Document(io.BytesIO(raw))
    except (zipfile.BadZipFile, OpcError, KeyError, ValueError, SyntaxError) as error:
        raise damaged from error
    reader = _Reader()
    reader.read(document)
    if not reader.blocks:
        raise InputError(
            "The document has no text.",
            remedy="see that it is the right one.",
            place=place,
            name="document.no_text",
        )
    doubts = [*reader.doubts, *several_names(reader.blocks)]
    return Extraction(reader.blocks, doubts)


class _Reader:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.doubts: list[Doubt] = []
        self._numbers: Counter[str] = Counter()

    def read(self, document: Any) -> None:
        """Take the paragraphs and tables of a document, in their order."""
        from docx.table import Table

        for part in document.iter_inner_content():
            if isinstance(part, Table):
                blocks, doubts = word_table(part)
                self.blocks += blocks
                self.doubts += doubts
            else:
                self._paragraph(part)
        first = self.blocks[0] if self.blocks else None
        titled = any(block.kind == BlockKind.TITLE for block in self.blocks)
        if first and not titled and first.kind == BlockKind.HEADING:
            first.kind = BlockKind.TITLE
        elif not titled:
            text = first.lines[0].text if first else ""
            self.doubts.append(Doubt("no-title", 0, text))
        for tag, rule in _NOT_READ.items():
            found = _elements(document.element.body, tag)
            if rule in _TOLD_ONCE:
                texts = [""] if any(True for _ in found) else []
            else:
                # One without words marks the end of a paragraph, or a picture.
                texts = list(filter(None, dict.fromkeys(map(_shown, found))))
            self.doubts += [Doubt(rule, 0, text) for text in texts]
        self.doubts += page_margins(document)

    def _paragraph(self, paragraph: Any) -> None:
        text = paragraph.text.strip()
        if not text:
            return
        style = (paragraph.style.name or "").casefold() if paragraph.style else ""
        lines = [Line(" ".join(line.split())) for line in text.split("\n")]
        lines = [line for line in lines if line.text]
        if style == "title":
            self.blocks.append(Block(BlockKind.TITLE, lines))
        elif style.startswith("heading"):
            level = style.rpartition(" ")[2]
            level_number = int(level) if level.isdigit() else 1
            self.blocks.append(Block(BlockKind.HEADING, lines, level=level_number))
        elif self._in_list(paragraph, style) or label_of(text):
            self._item(paragraph, lines)
        elif _set_bold(paragraph, text):
            self.blocks.append(Block(BlockKind.HEADING, lines, level=_BOLD_LEVEL))
        else:
            self.blocks.append(Block(BlockKind.PARAGRAPH, lines))
        for link in paragraph.hyperlinks:
            if link.address:
                local = not link.address.startswith(("http", "mailto:"))
                address = REDACTED if local else link.address
                self.blocks.append(
                    Block(BlockKind.LINK, [Line(address)], redacted=local)
                )

    def _in_list(self, paragraph: Any, style: str) -> bool:
        properties = paragraph._p.pPr
        numbered = properties is not None and properties.numPr is not None
        return numbered or style.startswith("list")

    def _item(self, paragraph: Any, lines: list[Line]) -> None:
        label = label_of(lines[0].text)
        if not label:
            before = self.blocks[-1].kind if self.blocks else None
            if before not in (BlockKind.ITEM, BlockKind.LINK):
                self._numbers.clear()
            of, form = _numbering(paragraph)
            if form in _NUMBERED:
                self._numbers[of] += 1
                label = f"{self._numbers[of]}."
                self.doubts.append(Doubt("numbering", 0, lines[0].text))
            else:
                label = MARKS[0]
            lines = [Line(f"{label} {lines[0].text}"), *lines[1:]]
        self.blocks.append(Block(BlockKind.ITEM, lines, label=label))


def _set_bold(paragraph: Any, text: str) -> bool:
    """Whether somebody set a heading by hand: short, all of it bold, no sentence."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    return bold and len(text) <= _HEADING_LETTERS and text[-1] not in ".:;,"


def _numbering(paragraph: Any) -> tuple[str, str]:
    """Return a list and level, and the form of its numbers (ECMA-376-1, 17.9.17).

    The paragraph says so itself, or its style does.
    """
    style = paragraph.style
    while True:
        element = paragraph._p if style is None else style.element
        for of in (paragraph._p, element):
            found = of.pPr.numPr if of.pPr is not None else None
            if found is not None and found.numId is not None:
                level = found.ilvl.val if found.ilvl is not None else 0
                number = found.numId.val
                return f"{number}/{level}", _form(paragraph.part, number, level)
        if style is None or style.base_style is None:
            return "", ""
        style = style.base_style


def _form(part: Any, number: int, level: int) -> str:
    try:
        lists = part.numbering_part.element
    except (KeyError, NotImplementedError):
        return ""
    named = lists.xpath(f'./w:num[@w:numId="{number}"]/w:abstractNumId/@w:val')
    if not named:
        return ""
    at = f'./w:abstractNum[@w:abstractNumId="{named[0]}"]/w:lvl[@w:ilvl="{level}"]'
    forms = lists.xpath(f"{at}/w:numFmt/@w:val")
    return str(forms[0]) if forms else ""


def _shown(element: Any) -> str:
    """Return the first words in an element, "" for one without."""
    words = " ".join(e.text or "" for e in _elements(element, "t")).split()
    text = " ".join(words)
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…"


def _elements(body: Any, name: str) -> Iterator[Any]:
    return (e for e in body.iter() if str(e.tag).endswith("}" + name))
