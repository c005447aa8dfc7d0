"""The register as CSV files in a folder, one a sheet, for those without a workbook.

UTF-8 with a byte-order mark and semicolons, as Excel reads and writes it in Norway.
A text that starts like a formula gets an apostrophe before it, which an import takes
away again (OWASP, CSV injection).
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from glokal.core.files.atomic import write_new_folder
from glokal.core.files.bounded_read import as_input, read_bytes
from glokal.core.files.journal import FileChange, Say, recover, write_together
from glokal.core.files.left_behind import PREFIX, sweep
from glokal.core.os_errors import machine_error
from glokal.core.settings import Project
from glokal.workbook.base_snapshot import write_snapshot
from glokal.workbook.cell_parsing import shown_date
from glokal.workbook.layout import CHOICE, CHOICES, DATE, load_layout
from glokal.workbook.rows import WorkbookRows
from glokal.workbook.whole_file import whole_fault
from glokal.workbook.write_workbook import shown_choice

BASE = "grunnlag.jsonl"
STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(content: WorkbookRows, project: Project) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each file."""
    layout = load_layout(content.lang)
    labels = {
        name: {iri: label for label, iri in known.items()}
        for name, known in content.lists.items()
    }
    for sheet in layout.sheets:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow([layout.key, *(c.title for c in sheet.columns)])
        for key, row in content.rows[sheet.name].items():
            cells = [key]
            for column in sheet.columns:
                value = row[column.name]
                if column.kind in (CHOICE, CHOICES):
                    value = shown_choice(value, labels[column.choices])
                elif column.kind == DATE and value:
                    value = shown_date(value)
                cells.append(value)
            writer.writerow([_neutral(cell) for cell in cells])
        yield f"{sheet.title.lower()}.csv", b"\xef\xbb\xbf" + text.getvalue().encode()
    yield BASE, ("\n".join(write_snapshot(content, project)) + "\n").encode()


def write_folder(
    folder: Path,
    files: Mapping[str, bytes],
    say: Say,
    *,
    command: str = "glokal sheet export",
    before: Mapping[str, str] | None = None,
) -> None:
    """Write files to a folder, all of them or none; others there stay.

    `before` is the digest of each file that was read to make its new content, "" when
    there was none. Raises MachineError when the folder can't be written, ChangedError
    when such a file isn't what it was.
    """
    if not os.path.lexists(folder):
        try:
            write_new_folder(folder.absolute(), files)
        except OSError as error:
            raise machine_error(
                error, f"{folder} can't be made", file=folder
            ) from error
        return
    settle_folder(folder, say)
    known = before or {}
    changes = [
        FileChange(folder / name, data, known.get(name)) for name, data in files.items()
    ]
    write_together(folder, changes, command=command)


def settle_folder(folder: Path, say: Say) -> None:
    """Complete or undo an export to a folder that was stopped half-way.

    Raises MachineError and UsageError as `recover` does.
    """
    recover(folder, say)
    sweep(folder, PREFIX)


def read_csv(path: Path, lang: str) -> tuple[list[list[str]], bool]:
    """Return the rows of a CSV file, and whether it was Latin-1 rather than UTF-8.

    Excel in Norway writes Windows-1252, which has the letters of Latin-1 and more.
    Raises WorkbookFault when it is neither, is broken, too large, or no file.
    """
    with as_input():
        raw = read_bytes(path, str(path))
    old = False
    try:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = raw.decode("utf-16")
        else:
            text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text, old = raw.decode("cp1252"), True
        except UnicodeDecodeError as error:
            raise whole_fault("encoding", lang, path) from error
    head = text.partition("\n")[0]
    mark = max(";,\t", key=head.count)
    try:
        rows = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        )
    except csv.Error as error:
        raise whole_fault("no_csv", lang, path, why=error) from error
    return [[_plain(cell) for cell in row] for row in rows], old


def _neutral(text: str) -> str:
    return f"'{text}" if text.startswith((*STARTS, "'")) else text


def _plain(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith((*STARTS, "'")) else text
