"""Passages: a document's blocks as one text, cut where a person would cite it.

A heading, an item and a cell's item are a passage each; a paragraph is cut into its
sentences, and so is what follows the first sentence of an item. Offsets count
characters (Unicode code points) from the start of the text, and between passages is
white space only. Each passage says where it stands by heading, row and column, never
by page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from glokal.source.extraction.blocks import Block, BlockKind, Extraction, Line
from glokal.source.extraction.citations import (
    CITED_IN,
    citation_of,
    cited_under,
    phrases,
    reason_of,
    shown,
    told_apart,
)
from glokal.source.extraction.hyphens import Vocabulary
from glokal.source.extraction.sentences import sentences
from glokal.source.name_mentions import lexicon

SENTENCE = "sentence"


@dataclass(frozen=True)
class CutPassage:
    """A passage: its place, its text as it stands and as it is read, its kind.

    `heading` and `read_with` are numbers of passages, -1 for none, `shared` those of
    further headings of a merged cell. `citation` and `reason` are by language, `lines`
    the printed lines with what is taken of each.
    """

    start: int
    end: int
    exact: str
    reading: str
    kind: str
    citation: Mapping[str, str]
    heading: int = -1
    read_with: int = -1
    reason: Mapping[str, str] | None = None
    redacted: bool = False
    lines: tuple[tuple[Line, int, int], ...] = ()
    shared: tuple[int, ...] = ()

    @property
    def page(self) -> int:
        """Return the page it begins on, 0 when there is none."""
        return self.lines[0][0].page if self.lines else 0


@dataclass(frozen=True)
class CutDocument:
    """A document as text, and its passages in the order of it."""

    text: str
    passages: tuple[CutPassage, ...]


def cut_passages(
    document: Extraction, language: str, cited_in: Iterable[str] = CITED_IN
) -> CutDocument:
    """Return a document's text and passages.

    `language` is that of the document, `cited_in` those that places are told in.
    """
    return _Cutter(document, language, cited_in).cut()


@dataclass(frozen=True)
class _Ties:
    """What a passage stands under if not the last heading, and what it is read with.

    `reason` names why it needs no statement, "" where it does.
    """

    heading: int | None = None
    read_with: int = -1
    reason: str = ""


_NO_TIES = _Ties()


class _Cutter:
    """Cuts one document; keeps where it is: headings, numbers, the last list."""

    def __init__(
        self, document: Extraction, language: str, cited_in: Iterable[str]
    ) -> None:
        self._cited_in = tuple(cited_in)
        self._blocks = document.blocks
        of: Mapping[str, list[str]] = phrases()["languages"].get(language, {})
        self._abbreviations = frozenset(of.get("abbreviations", ()))
        self._months = frozenset(lexicon(language)["months"])
        lines = [line.text for b in self._blocks for line in b.lines]
        self._words = Vocabulary(lines, frozenset(of.get("conjunctions", ())))
        self._parts: list[CutPassage] = []
        self._headings: list[tuple[int, int]] = []
        self._counts: Counter[tuple[object, ...]] = Counter()
        self._at: dict[int, int] = {}
        self._cells: dict[int, Block] = {}
        self._intro = -1
        self._item = 0

    def cut(self) -> CutDocument:
        """Return the text and its passages."""
        text = ""
        for block in self._blocks:
            start = len(text) + 2 if text else 0
            self._add(block, start)
            text = f"{text}\n\n{block.text}" if text else block.text
        parts = list(self._with_shared())
        citations = told_apart(part.citation for part in parts)
        cited = map(_with, parts, citations)
        return CutDocument(f"{text}\n", tuple(cited))

    def _with_shared(self) -> Iterator[CutPassage]:
        """Yield the passages with the headings that a merged cell stands under, too:
        those of rows stand behind it.
        """
        for number, part in enumerate(self._parts):
            block = self._cells.get(number)
            if block is None or not block.shared:
                yield part
                continue
            shared = (self._of(heading) for heading in block.shared)
            yield replace(part, shared=tuple(at for at in shared if at >= 0))

    def _add(self, block: Block, start: int) -> None:
        whole = [(0, len(block.text))]
        match block.kind:
            case BlockKind.PARAGRAPH | BlockKind.ITEM:
                self._prose(block, start)
            case BlockKind.TITLE:
                citation = citation_of("title", self._cited_in)
                self._keep(block, start, whole[0], "title", citation)
            case BlockKind.HEADING:
                self._heading(block, start)
            case BlockKind.TABLE_HEADING:
                self._table_heading(block, start)
            case BlockKind.TABLE_ITEM:
                self._table_item(block, start)
            case BlockKind.LINK:
                citation = self._under("link", number=self._count("link"))
                reason = "local-path" if block.redacted else "link"
                self._keep(
                    block, start, whole[0], "link", citation, ties=_Ties(reason=reason)
                )
        if block.kind not in (BlockKind.ITEM, BlockKind.PARAGRAPH, BlockKind.LINK):
            self._intro = -1

    def _heading(self, block: Block, start: int) -> None:
        while self._headings and self._headings[-1][0] >= block.level:
            self._headings.pop()
        number = len(self._parts)
        above = self._heading_at
        self._keep(
            block, start, (0, len(block.text)), "heading", {},
            ties=_Ties(above, reason="heading"),
        )  # fmt: skip
        self._headings.append((block.level, number))
        citation = self._under("heading", number=1)
        self._parts[number] = _with(self._parts[number], citation)
        self._item = 0

    def _prose(self, block: Block, start: int) -> None:
        item = block.kind == BlockKind.ITEM
        if not item:
            self._intro = -1
        read_with = self._intro if item else -1
        if item:
            self._item = self._count("item")
        spans = sentences(block.text, self._abbreviations, self._months)
        for at, span in enumerate(spans):
            if item and at == 0:
                kind = BlockKind.ITEM.value
                citation = self._under("item", number=self._item)
            elif item:
                kind = SENTENCE
                citation = self._under("item-sentence", number=self._item, nth=at + 1)
            else:
                kind = SENTENCE
                citation = self._under("sentence", number=self._count(SENTENCE))
            self._keep(
                block, start, span, kind, citation, ties=_Ties(read_with=read_with)
            )
        if not item and block.text.rstrip().endswith(":"):
            self._intro = len(self._parts) - 1

    def _table_heading(self, block: Block, start: int) -> None:
        self._at[id(block)] = len(self._parts)
        name = self._name(block)
        row = block.column is not None
        citation = self._under("row" if row else "column", name=name)
        self._keep(
            block, start, (0, len(block.text)), "table-heading", citation,
            ties=_Ties(None, self._of(block.column), "" if row else "column"),
        )  # fmt: skip

    def _table_item(self, block: Block, start: int) -> None:
        row, column = self._of(block.row), self._of(block.column)
        number = self._count("cell", row, column)
        names = {
            "row": self._name(block.row) if block.row else "",
            "column": self._name(block.column) if block.column else "",
        }
        citation = self._under("cell", number=number, **names)
        self._cells[len(self._parts)] = block
        self._keep(
            block, start, (0, len(block.text)), "table-item", citation,
            ties=_Ties(row if row >= 0 else self._heading_at, column),
        )  # fmt: skip

    @property
    def _heading_at(self) -> int:
        return self._headings[-1][1] if self._headings else -1

    def _of(self, block: Block | None) -> int:
        return self._at.get(id(block), -1) if block is not None else -1

    def _count(self, *what: object) -> int:
        key = (*what, self._heading_at)
        self._counts[key] += 1
        return self._counts[key]

    def _name(self, block: Block) -> str:
        return shown(self._words.read([line.text for line in block.lines]))

    def _under(self, phrase: str, **values: object) -> dict[str, str]:
        at = self._heading_at
        above = self._parts[at].reading if at >= 0 else None
        return cited_under(above, phrase, self._cited_in, **values)

    def _keep(
        self,
        block: Block,
        start: int,
        span: tuple[int, int],
        kind: str,
        citation: Mapping[str, str],
        *,
        ties: _Ties = _NO_TIES,
    ) -> None:
        first, last = span
        exact = block.text[first:last]
        reading = self._words.read(exact.split("\n"))
        mark = block.label if block.label and not block.label[:-1].isalnum() else ""
        if first == 0 and mark:
            reading = reading.removeprefix(mark).lstrip()
        self._parts.append(
            CutPassage(
                start + first,
                start + last,
                exact,
                reading,
                kind,
                citation,
                (self._heading_at if kind != "title" else -1)
                if ties.heading is None
                else ties.heading,
                ties.read_with,
                reason_of(ties.reason, self._cited_in) if ties.reason else None,
                block.redacted,
                tuple(_taken(block, first, last)),
            )
        )


def _with(passage: CutPassage, citation: Mapping[str, str]) -> CutPassage:
    return replace(passage, citation=citation)


def _taken(block: Block, first: int, last: int) -> Sequence[tuple[Line, int, int]]:
    """Return the lines of a block that a span has letters of, with what it has."""
    results = []
    at = 0
    for line in block.lines:
        begin, end = max(first, at), min(last, at + len(line.text))
        if begin < end:
            results.append((line, begin - at, end - at))
        at += len(line.text) + 1
    return results
