"""What a thing that a cell names is called in each language of the project.

A programme, a partner or a network is named by one cell, in the language of the
document. The sheet of names has the others: what a person writes there, and what many
plans name. No name is copied into another language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from glokal.core.namespaces import GLO, RDF, RDFS
from glokal.rdf.terms import text_of
from glokal.source.draft_known import KnownThings, kinds
from glokal.source.draft_row import (
    ENTRIES,
    MEMBERSHIPS,
    NAMES,
    THINGS,
    DraftRow,
    parts_of,
)
from glokal.source.draft_writer import REFERENCE_PLACES, STRATEGY_FILE
from glokal.source.programme_names import known_names
from glokal.source.reanchor import letters_of
from glokal.workbook.countries import find_country
from glokal.workbook.draft_cells import FilledRow
from glokal.workbook.draft_layout import language_column, language_name, sheet_title
from glokal.workbook.draft_reading import RowReader
from glokal.workbook.layout import BOOK_LANGUAGES

# The cells of a draft that name something, with the paths of what it may be, and the
# class that is shown of what is new.
_NAMING = (
    (ENTRIES, "programme", ("programme",), "Programme"),
    # A partner may be a place.
    (ENTRIES, "partner", (), ""),
    (MEMBERSHIPS, "network", ("organisation", "authority"), ""),
)


def name_rows(
    rows: Iterable[DraftRow],
    known: KnownThings,
    required: Sequence[str],
    language: str,
) -> list[DraftRow]:
    """Return the rows of the sheet of names, each thing once.

    They are what the rows of a draft name and the project doesn't know, and what the
    project has no name for in one of the languages `required`. `language` is that of
    the document.
    """
    own = language or required[0]
    found: dict[str, DraftRow] = {}
    if {*required} != {own}:
        for shown, name in _named_in(rows, known):
            named = {own: name, **known_names(name, (own, *required))}
            found.setdefault(letters_of(name), _row(shown, named))
    for iri in _unnamed(known, required):
        types = (text_of(t.object) for t in known.values(iri, RDF + "type"))
        kind = next((k for k in kinds().values() if k.iri in types), None)
        names = {c.removeprefix("name_"): n for c, n in known.names_of(iri).items()}
        found.setdefault(iri, _row(kind.name if kind else "", names))
    return list(found.values())


class NewNames:
    """Gives what a cell names its names, or tells which of them are missing."""

    def __init__(self, reader: RowReader) -> None:
        self._read, self._known = reader, reader.known
        self._rows: list[FilledRow] = []
        self._told: set[str] = set()

    def take(self, rows: Iterable[FilledRow]) -> None:
        """Take the rows of the sheet of names."""
        self._rows += rows

    def of(self, row: FilledRow, column: str, name: str) -> dict[str, str]:
        """Return the names of something new that a cell names, by language.

        Those that are missing are told once, and the others returned.
        """
        required = self._read.required
        own = self._read.language or required[0]
        written = self._row_of(name)
        names = {own: name, **known_names(name, (own, *required))}
        if written is not None:
            names |= self._read.written(written, "name")
        missing = [lang for lang in required if lang not in names]
        if missing and letters_of(name) not in self._told:
            self._told.add(letters_of(name))
            self._tell(row, column, name, missing, written)
        return {lang: names[lang] for lang in (own, *required) if lang in names}

    def settle(self) -> None:
        """Give what the project has the names that it lacks, once all is said."""
        for row in self._rows:
            names = self._read.written(row, "name")
            iris = self._things(row, names)
            for iri in iris if len(iris) == 1 else ():
                has = self._known.names_of(iri)
                new = {o: n for o, n in names.items() if f"name_{o}" not in has}
                if self._read.same_names(row, iri, RDFS + "label", names):
                    writer = self._read.statements
                    writer.name(self._file(iri), iri, RDFS + "label", new)

    def _things(self, row: FilledRow, names: Mapping[str, str]) -> set[str]:
        """Return what the project calls so in one of the languages of a row."""
        kind = self._read.kind(row) if row.cells["kind"] else None
        own = {f"name_{lang}": letters_of(name) for lang, name in names.items()}
        paths = {k.path for k in kinds().values() if kind in (None, k)}
        named = {self._known.named(p, n) for p in paths for n in names.values()}
        return {
            iri
            for iri in named - {""}
            for column, name in self._known.names_of(iri).items()
            if own.get(column) == letters_of(name)
        }

    def _file(self, iri: str) -> str:
        path = self._known.path_of(iri)
        file = next(k.file for k in kinds().values() if k.path == path)
        unsaid = path == "country" and not self._known.values(iri, GLO + "statedIn")
        return REFERENCE_PLACES if unsaid else STRATEGY_FILE.format(file)

    def _row_of(self, name: str) -> FilledRow | None:
        letters = letters_of(name)
        for row in self._rows:
            names = self._read.written(row, "name")
            if letters in map(letters_of, names.values()):
                return row
        return None

    def _tell(
        self,
        row: FilledRow,
        column: str,
        name: str,
        missing: Sequence[str],
        written: FilledRow | None,
    ) -> None:
        lang = row.lang
        languages = ", ".join(language_name(of, lang) for of in missing)
        if written is not None:
            place = f"{row.title}!{row.places[column]}"
            self._read.fault(
                written, f"name_{missing[0]}", "no-name-in",
                value=name, place=place, languages=languages,
            )  # fmt: skip
            return
        own = self._read.language or self._read.required[0]
        self._read.fault(
            row, column, "new-name", value=name, languages=languages,
            sheet=sheet_title(NAMES, lang), title=language_column("name", own, lang),
        )  # fmt: skip


def _named_in(
    rows: Iterable[DraftRow], known: KnownThings
) -> Iterator[tuple[str, str]]:
    """Yield what cells name that the project doesn't have, with its class."""
    paths = {kind.path for kind in kinds().values()}
    rows = list(rows)
    # A place that a row is about has its names there.
    named = {
        letters_of(value)
        for row in rows
        if row.sheet == THINGS
        for column, value in row.values.items()
        if column.startswith("name_")
    }
    for row in rows:
        if row.done:
            continue
        for sheet, column, of, kind in _NAMING:
            cell = row.values.get(column, "") if sheet == row.sheet else ""
            # What the project has may stand there by its IRI.
            for name in parts_of(cell if "://" not in cell else ""):
                there = any(known.named(path, name) for path in of or paths)
                there = there or (column == "partner" and letters_of(name) in named)
                if not there and not find_country(name, BOOK_LANGUAGES):
                    yield kind, name


def _unnamed(known: KnownThings, required: Sequence[str]) -> list[str]:
    """Return what the project has no name for in one of some languages."""
    paths = sorted({kind.path for kind in kinds().values()})
    return [
        iri
        for path in paths
        for iri in known.of_path(path)
        if (has := known.names_of(iri))
        and any(f"name_{o}" not in has for o in required)
    ]


def _row(kind: str, names: Mapping[str, str]) -> DraftRow:
    values = {"kind": kind} if kind else {}
    return DraftRow(
        NAMES, "", "", "", values | {f"name_{o}": n for o, n in names.items()}
    )
