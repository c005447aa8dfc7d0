"""The files of a document: what is read of it, and what is written of that."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from glokal.cli.messages import told
from glokal.core.errors import UsageError
from glokal.core.files.bounded_read import as_input, read_bytes
from glokal.core.files.journal import FileChange, write_together
from glokal.core.files.journal_record import digest_of_file
from glokal.core.settings import Project

if TYPE_CHECKING:
    from glokal.source.extraction.documents import ReadDocument
    from glokal.source.extraction.passages import CutDocument
    from glokal.source.passage_turtle import DocumentNames

# A document may be larger than a file of the project: it has pictures.
_MEGABYTES = 256
_REMEDY = "see that the folders data and source can be written."


def read_and_cut(
    file: Path, language: str, cited_in: Sequence[str]
) -> tuple[bytes, ReadDocument, CutDocument]:
    """Return the bytes of a document, what was read in it, and its passages.

    `language` is that of the document, `cited_in` those that places are told in.
    Raises InputError for a file that can't be read or is too large, and what
    `read_document` does.
    """
    from glokal.source.extraction.documents import read_document
    from glokal.source.extraction.passages import cut_passages

    with as_input():
        raw = read_bytes(file, file.name, _MEGABYTES)
    read = read_document(raw, file.name)
    return raw, read, cut_passages(read.extraction, language, cited_in)


def passages_as_turtle(
    cut: CutDocument, names: DocumentNames, kind: str, language: str, plan: str
) -> str:
    """Return the passages of a document and what it is, as Turtle.

    `kind` is the format it was read in, `plan` the slug of the plan it documents.
    """
    from glokal.rdf.turtle.formatter import write_turtle
    from glokal.source.passage_turtle import document_triples, passage_triples

    triples = [
        *document_triples(cut, names, kind, language, plan),
        *passage_triples(cut, names, language),
    ]
    return write_turtle(triples, names.prefixes)


def pictures_of_pages(slug: str, raw: bytes, cut: CutDocument) -> dict[str, bytes]:
    """Return a picture of each page of a PDF (PNG), by its path in the project."""
    from glokal.source.extraction.page_pictures import page_pictures

    return {
        f"source/{slug}-pages/page-{number:03}.png": picture
        for number, picture in page_pictures(raw, cut.passages)
    }


def remove_old_pictures(project: Project, slug: str, kept: Container[str]) -> None:
    """Take away pictures of an earlier text: the pages may have become fewer."""
    for path in (project.root / f"source/{slug}-pages").glob("page-*.png"):
        if path.relative_to(project.root).as_posix() not in kept:
            path.unlink()


def refuse_other_text(project: Project, name: str, data: bytes) -> None:
    """Raise UsageError when a file of that name is there with another text."""
    path = project.root / name
    if path.exists() and path.read_bytes() != data:
        raise told(UsageError, "source.other_text", file=name)


def write_files(project: Project, files: Mapping[str, bytes], command: str) -> None:
    """Write files of a project, all or none; `command` is what the journal names."""
    root = project.root
    changes = [
        FileChange(root / name, data, digest_of_file(root / name))
        for name, data in files.items()
    ]
    write_together(root, changes, command=command, remedy=_REMEDY)
