"""A document of any kind that is read: by what its first bytes say it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from glokal.core.child_process import number_setting
from glokal.core.errors import InputError, Place
from glokal.core.extras import need_extras
from glokal.source.extraction.blocks import Extraction
from glokal.source.extraction.docx_file import read_docx
from glokal.source.extraction.pdf import read_pdf
from glokal.source.extraction.plain_text import read_text_file

# How many pages a PDF may have, unless the environment says otherwise.
PAGES = 500
PAGES_VARIABLE = "GLOKAL_SOURCE_PAGES"
PDF, DOCX, TEXT = "pdf", "docx", "text"
# Names of files that aren't read as text, whatever is in them.
_A_PDF = "a PDF"
_NAMED = {".pdf": _A_PDF, ".docx": "a Word document", ".doc": "a Word document"}
_NEEDS = "glokal source with PDF or Word documents"


@dataclass(frozen=True)
class ReadDocument:
    """A document as it was read, and which kind of file it was."""

    kind: str
    extraction: Extraction


def document_format(raw: bytes) -> str:
    """Return pdf, docx or text. A PDF may have some bytes before its header."""
    if b"%PDF-" in raw[:1024]:
        return PDF
    return DOCX if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) else TEXT


def read_document(raw: bytes, name: str) -> ReadDocument:
    """Return what a document says.

    Raises InputError for one that can't be read, and MissingExtraError where its reader
    isn't installed.
    """
    kind = document_format(raw)
    if kind == TEXT:
        meant = _NAMED.get(PurePath(name).suffix.lower())
        if meant:
            raise InputError(
                f"The file is called {meant}, and is none.",
                remedy="take it from its source again; a text has the ending .txt.",
                place=Place(name),
                name="document.no_pdf" if meant == _A_PDF else "document.no_docx",
            )
        return ReadDocument(kind, read_text_file(raw, name))
    need_extras(("source",), _NEEDS)
    if kind == DOCX:
        return ReadDocument(kind, read_docx(raw, name))
    pages = int(number_setting(PAGES_VARIABLE, PAGES))
    return ReadDocument(kind, read_pdf(raw, name, pages))
