"""A row of a draft, and the sheets of the workbook that rows stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

THINGS, COLUMNS, ELEMENTS, PARTNERS, ENTRIES, MEMBERSHIPS, NAMES, REST = SHEETS = (
    "things",
    "columns",
    "elements",
    "partners",
    "entries",
    "memberships",
    "names",
    "rest",
)


@dataclass(frozen=True)
class DraftRow:
    """A row: its sheet, its key, the passage that says it, and what is known of it.

    `values` are what the columns of the sheet propose: `kind` by the name of the class
    in the ontology, `programme` by its IRI or as the document writes it, `name_nb` and
    the like by language; `status` is what the document says of something that doesn't
    go on. `also` are further passages that say something of it, `read_with` those that
    tell whose it is where its table doesn't. `done` is whether
    the project has it already, or a person has declined it.
    """

    sheet: str
    key: str
    passage: str
    quote: str
    values: Mapping[str, str] = field(default_factory=dict)
    done: bool = False
    also: tuple[str, ...] = ()
    read_with: tuple[str, ...] = ()


def beside_row(text: str) -> str:
    """Return words of a document as one part of the cell that is shown beside a row.

    A colon and a space are for the heading of a column, semicolons part the parts.
    """
    return text.replace(";", ",").replace(": ", ":\N{NO-BREAK SPACE}")


def parts_of(text: str) -> list[str]:
    """Return the parts of a cell that semicolons part."""
    return [part.strip() for part in text.split(";") if part.strip()]
