"""What the workbooks of drafts have put into the data: a record beside each draft.

`drafts/SLUG.applied.json` stands in Git with the data. Without it nobody could tell
what a workbook has said from what a person has written by hand, so that a correction in
the workbook couldn't take the place of what it said before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import pyoxigraph as ox

from glokal.core.errors import InputError, Place
from glokal.core.files.file_names import is_hidden
from glokal.core.settings import Project
from glokal.rdf.project_files import folder_of
from glokal.source.draft_files import FOLDER

_ENDING = ".applied.json"
Triples = Mapping[str, frozenset[ox.Triple]]


@dataclass(frozen=True)
class AppliedBook:
    """What one workbook has put into the files of the data, and taken out of them.

    `rows` name its answered rows, `passages` are those that it took out of the draft.
    """

    rows: frozenset[str] = frozenset()
    passages: frozenset[str] = frozenset()
    added: Triples = field(default_factory=dict)
    removed: Triples = field(default_factory=dict)


def record_file(slug: str) -> str:
    """Return the file of the record of a document, by its slug."""
    return f"{FOLDER}/{slug}{_ENDING}"


def read_records(project: Project) -> dict[str, list[AppliedBook]]:
    """Return the workbooks that were applied, by the slug of their document.

    Raises InputError for a record that can't be read, with what to do.
    """
    results = {}
    for found in folder_of(project, FOLDER).of(_ENDING):
        try:
            books = json.loads(found.path.read_text(encoding="utf-8"))["workbooks"]
            read = [_book(book) for book in books]
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            raise InputError(
                "The record of what was applied can't be read.",
                remedy="take it back from Git, or begin again: remove it with the "
                "files of data/ that the drafts wrote.",
                place=Place(found.name),
                name="draft.record",
                values={"file": found.name},
            ) from error
        results[found.path.name.removesuffix(_ENDING)] = read
    return results


def write_record(books: Iterable[AppliedBook]) -> str:
    """Return the text of a record, the same for the same workbooks."""
    listed = [
        {
            "rows": sorted(book.rows),
            "passages": sorted(book.passages),
            "added": _lines(book.added),
            "removed": _lines(book.removed),
        }
        for book in books
    ]
    return json.dumps({"workbooks": listed}, ensure_ascii=False, indent=1) + "\n"


def all_added(books: Iterable[AppliedBook]) -> dict[ox.Triple, str]:
    """Return what workbooks have added, each with a file that has it."""
    return {t: f for book in books for f, of in book.added.items() for t in of}


def _lines(triples: Triples) -> dict[str, list[str]]:
    return {name: sorted(f"{t} ." for t in of) for name, of in sorted(triples.items())}


def _book(book: Mapping[str, Any]) -> AppliedBook:
    return AppliedBook(
        frozenset(map(str, book["rows"])),
        frozenset(map(str, book["passages"])),
        _triples(book["added"]),
        _triples(book["removed"]),
    )


def _triples(files: Mapping[str, Sequence[str]]) -> Triples:
    results = {}
    for name, lines in files.items():
        # A record may come from a stranger: it names files of the data and no others.
        first, *parts = PurePosixPath(name).parts
        if first != "data" or not name.endswith(".ttl") or any(map(is_hidden, parts)):
            raise ValueError(name)
        quads = ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
        results[name] = frozenset(quad.triple for quad in quads)
    return results
