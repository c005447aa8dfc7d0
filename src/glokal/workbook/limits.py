"""What a workbook may ask of the machine, looked at before it is opened.

A workbook comes from anybody by e-mail. It is a zip of XML parts (ISO/IEC 29500, or
26300), each of which is read here once as a stream: without a document type, so without
entities (29500-2, clause 8, forbids them), and within limits of size, of elements and
of what a merged range, a link or a repeated cell covers, for an object is made of each.
"""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path
from xml.parsers import expat

from openpyxl.utils import range_boundaries

from glokal.workbook.whole_file import WorkbookFault, text_of_fault, whole_fault

# All parts together, unpacked; a register of 10,000 activities takes a tenth of each.
MEGABYTES = 100
MOST_PARTS = 5_000
MOST_ELEMENTS = 3_000_000
MOST_COVERED = 1_000_000
_COVERING = frozenset(("mergeCell", "hyperlink"))


def check_workbook(path: Path, lang: str) -> None:
    """Raise WorkbookFault for a workbook that would take too much, or has entities.

    Raises what zipfile raises for a file that is no zip. A part that is no XML is left
    to its reader, which reads on no further than is read here.
    """
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS:
            raise _refused(path, lang, "parts", MOST_PARTS)
        if sum(part.file_size for part in parts) > MEGABYTES * 1_000_000:
            raise _refused(path, lang, "megabytes", MEGABYTES)
        counter = _Counter(path, lang)
        for part in parts:
            with packed.open(part) as file, contextlib.suppress(expat.ExpatError):
                counter.parser().ParseFile(file)


class _Counter:
    """Counts the elements of all parts, and the cells that ranges cover."""

    def __init__(self, path: Path, lang: str) -> None:
        self._path, self._lang = path, lang
        self._elements = self._covered = 0

    def parser(self) -> expat.XMLParserType:
        """Return a parser for one part, which raises WorkbookFault at a limit."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._count
        return parser

    def _refuse_doctype(self, *_: object) -> None:
        raise _refused(self._path, self._lang, "doctype", 0)

    def _count(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise _refused(self._path, self._lang, "elements", MOST_ELEMENTS)
        if name.rpartition(" ")[2] in _COVERING:
            self._covered += _cells(attributes.get("ref", ""))
            if self._covered > MOST_COVERED:
                raise _refused(self._path, self._lang, "covered", MOST_COVERED)


def _cells(ref: str) -> int:
    """Return how many cells a range such as A1:C3 has; 0 when it is none."""
    try:
        bounds = range_boundaries(ref)
    except (TypeError, ValueError):
        return 0
    left, top, right, bottom = bounds
    if left is None or top is None or right is None or bottom is None:
        # Whole columns or rows.
        return MOST_COVERED + 1
    return (right - left + 1) * (bottom - top + 1)


def _refused(path: Path, lang: str, what: str, most: int) -> WorkbookFault:
    said = text_of_fault(what, lang).format(most=most)
    return whole_fault("too_large", lang, path, what=said)
