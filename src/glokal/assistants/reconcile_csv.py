"""A column of names in a CSV file, and the identifier of each beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass

from glokal.assistants.thing_types import own_type
from glokal.core.errors import UsageError
from glokal.core.namespaces import GLO
from glokal.dataset.canned_queries import suggest
from glokal.dataset.names import NameIndex

# What is added to each row.
COLUMNS = ("identifier", "type", "label", "score", "sure", "candidates")
# Rows of one file, and other things that a name may mean, told in one cell.
MOST_ROWS, MOST_CANDIDATES = 100_000, 3
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class NameTable:
    """A CSV file: its delimiter, its columns, its rows, all of the same width."""

    delimiter: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ReconciledTable:
    """The file with the identifiers, and how many names are sure, unsure, unknown."""

    text: str
    sure: int
    unsure: int
    unknown: int


def read_names_table(text: str, name: str) -> NameTable:
    """Return a CSV file with a header; the delimiter is a comma, semicolon or tab.

    Raises UsageError where there is no header, and for too many rows or wrong CSV.
    """
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        lines = [line for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise UsageError(
            f"{name} is no CSV: {error}.", remedy="save it anew."
        ) from error
    if not lines:
        raise UsageError(
            f"{name} is empty.", remedy="give it a first row with names of columns."
        )
    header, *rows = lines
    if len(rows) > MOST_ROWS:
        raise UsageError(
            f"{name} has {len(rows)} rows; {MOST_ROWS} is the most.",
            remedy="divide it.",
        )
    width = max(map(len, lines))
    padded = (tuple(row) + ("",) * (width - len(row)) for row in rows)
    columns = tuple(header) + ("",) * (width - len(header))
    return NameTable(delimiter, columns, tuple(padded))


def column_of(table: NameTable, wanted: str) -> int:
    """Return the place of a column, the first without one wanted.

    Raises UsageError when there is none of that name.
    """
    if not wanted:
        return 0
    named = [column.strip() for column in table.columns]
    if wanted not in named:
        raise UsageError(
            f"There is no column {wanted!r}.", remedy=suggest(wanted, named)
        )
    return named.index(wanted)


def reconcile_table(
    table: NameTable,
    column: int,
    names: NameIndex,
    label: Callable[[str], str],
    kinds: Collection[str] = (),
) -> ReconciledTable:
    """Return the file with what each name of a column means.

    An identifier stands only where the match is sure; otherwise the candidates do.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=table.delimiter, lineterminator="\n")
    writer.writerow((*table.columns, *COLUMNS))
    counts = {"yes": 0, "no": 0, "": 0}
    for row in table.rows:
        cells = _identified(row[column], names, label, kinds)
        counts[cells[4]] += 1
        writer.writerow((*row, *cells))
    return ReconciledTable(out.getvalue(), counts["yes"], counts["no"], counts[""])


def _identified(
    written: str,
    names: NameIndex,
    label: Callable[[str], str],
    kinds: Collection[str],
) -> tuple[str, ...]:
    matches = names.find(written, kinds, limit=MOST_CANDIDATES)
    if not matches:
        return ("",) * len(COLUMNS)
    first = matches[0]
    if not first.sure:
        told = "; ".join(f"{label(m.iri)} <{m.iri}> {m.score:g}" for m in matches)
        return "", "", "", f"{first.score:g}", "no", told
    kind = own_type(names, first.iri).removeprefix(GLO)
    return first.iri, kind, label(first.iri), f"{first.score:g}", "yes", ""
