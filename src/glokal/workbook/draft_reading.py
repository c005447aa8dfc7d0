"""What the cells of a confirmed row mean: names, choices, texts, or what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF, RDFS
from glokal.core.slugs import slugify
from glokal.dataset.labels import Labels
from glokal.rdf.language_shapes import code_languages
from glokal.rdf.terms import text_of
from glokal.source.draft_known import Kind, kinds
from glokal.source.draft_row import COLUMNS, THINGS, parts_of
from glokal.source.draft_statements import Statements
from glokal.source.extraction.paragraphs import MARKS
from glokal.source.name_mentions import NameWords
from glokal.source.reanchor import letters_of
from glokal.workbook.countries import SOURCE, find_country
from glokal.workbook.draft_cells import DraftFault, FilledRow
from glokal.workbook.draft_layout import choices_of, column_title, sheet_title
from glokal.workbook.layout import BOOK_LANGUAGES

# A name that a document gives something is no paragraph.
_LONGEST = 200
PLACES = ("place", "country", "county", "municipality", "region")
HOLDERS = ("organisation", "authority")


class RowReader:
    """Reads the cells of rows; what is wrong with one is told, and it gives nothing.

    `languages` are those that the project's names must be in, `texts` the passages as
    they are read, `language` that of the document.
    """

    def __init__(
        self,
        statements: Statements,
        labels: Labels,
        languages: Sequence[str],
        tell: Callable[[DraftFault], None],
        texts: Mapping[str, str],
        language: str,
    ) -> None:
        self.statements, self.known = statements, statements.known
        self.labels, self.languages = labels, languages
        self._tell, self._texts, self.language = tell, texts, language
        # The confirmed row of the plan, once it is read.
        self.plan_row: FilledRow | None = None
        # The passages that stand in tables.
        self.in_tables: Container[str] = ()

    def kind(self, row: FilledRow, column: str = "kind") -> Kind | None:
        """Return the class that a cell chooses."""
        iri = self.choice(row, column)
        return kinds()[iri.removeprefix(GLO)] if iri else None

    def choice(self, row: FilledRow, column: str) -> str:
        """Return what the label in a cell stands for."""
        value = row.cells[column]
        if not value:
            self.fault(row, column, "empty")
            return ""
        return self._chosen(row, column, value)

    def choices(self, row: FilledRow, column: str) -> list[str]:
        """Return what the labels in a cell stand for, [] for an empty one."""
        values = parts_of(row.cells[column])
        return list(filter(None, (self._chosen(row, column, v) for v in values)))

    def _chosen(self, row: FilledRow, column: str, value: str) -> str:
        for lang in (row.lang, *BOOK_LANGUAGES):
            known = choices_of(row.sheet, self.labels, lang)[column]
            by_letters = {letters_of(label): iri for label, iri in known.items()}
            if letters_of(value) in by_letters:
                return by_letters[letters_of(value)]
        self.fault(row, column, "choice", value=value, known=self.offered(row, column))
        return ""

    def offered(self, row: FilledRow, column: str) -> str:
        """Return the labels that may stand in a cell, in words."""
        return ", ".join(choices_of(row.sheet, self.labels, row.lang)[column])

    def texts(self, row: FilledRow, part: str) -> dict[str, str]:
        """Return the texts of a row by language; {} with a fault if one is missing."""
        texts = self.written(row, part)
        codes = row.sheet == COLUMNS
        required = code_languages(self.languages) if codes else self.required
        missing = [language for language in required if language not in texts]
        for language in missing:
            self.fault(row, f"{part}_{language}", "empty")
        return {} if missing else texts

    def written(self, row: FilledRow, part: str) -> dict[str, str]:
        """Return the texts that stand in a row, by language."""
        start = f"{part}_"
        return {
            column.removeprefix(start): text
            for column, text in row.cells.items()
            if column.startswith(start) and text
        }

    @property
    def required(self) -> list[str]:
        """Return the languages that a name must be in."""
        return list(self.languages)

    def place(self, name: str, passage: str) -> str:
        """Return a place of the project, or a country of the world; "" for another."""
        found = next(filter(None, (self.known.named(p, name) for p in PLACES)), "")
        if found:
            self.statements.rely_on(found)
        country = None if found else find_country(name, self.languages)
        if found and passage:
            # What was said of it before is asked again until it is answered.
            self.statements.recall(found)
        if country is None:
            return found
        names = {lang: country.names[lang] for lang in self.required}
        return self.statements.country(names, country.code, SOURCE, passage)

    def named(self, name: str) -> str:
        """Return who or what has a name: an organisation, an authority, a place."""
        paths = (*HOLDERS, *PLACES)
        return next(filter(None, (self.known.named(p, name) for p in paths)), "")

    def holders(self, row: FilledRow, column: str) -> list[str]:
        """Return who is named in a cell; [] with a fault when one isn't known."""
        results = []
        names = parts_of(row.cells[column])
        if not names:
            self.fault(row, column, "empty")
        for name in names:
            holder = self.statements.holder(name)
            if holder:
                results.append(holder)
            else:
                self.nowhere(row, column, name)
        return results if len(results) == len(names) else []

    def same_names(
        self, row: FilledRow, iri: str, prop: str, names: Mapping[str, str]
    ) -> bool:
        """Whether a thing has no other name in a language than a row gives it."""
        has = {
            t.object.language: t.object.value
            for t in self.known.values(iri, prop)
            if isinstance(t.object, ox.Literal) and t.object.language
        }
        result = True
        for language, name in names.items():
            other = has.get(language, name)
            if letters_of(other) != letters_of(name):
                self.fault(row, f"name_{language}", "other-name", known=other)
                result = False
        return result

    def is_of_kind(self, row: FilledRow, iri: str, kind: Kind) -> bool:
        """Whether a thing that is there is of the class that a row gives it."""
        if self.known.is_a(iri, kind.iri):
            return True
        types = self.known.values(iri, RDF + "type")
        label = self.labels.of(text_of(types[0].object), row.lang) if types else iri
        self.fault(row, "kind", "other-kind", known=label)
        return False

    def may_be_called(
        self,
        row: FilledRow,
        kind: Kind,
        names: Mapping[str, str],
        settled: Sequence[str],
    ) -> bool:
        """Whether a row may give a thing its names; False with a fault.

        `settled` is what was confirmed by the passage of the row before, [] for
        nothing: it keeps its name, and what has the name already its class.
        """
        language, name = next(iter(names.items()))
        if not self.has_slug(row, f"name_{language}", name):
            return False
        there = self.known.named(kind.path, name)
        if settled and there not in settled:
            label = self.labels.of(settled[0], row.lang)
            self.fault(row, f"name_{language}", "other-name", known=label)
            return False
        return not there or (
            self.is_of_kind(row, there, kind)
            and self.same_names(row, there, RDFS + "label", names)
        )

    def speaks_of(self, passage: str, names: Iterable[str]) -> bool:
        """Whether a passage has one of some names, in any inflection."""
        words = NameWords([self._texts.get(passage, "")], self.language)
        return any(words.has_name(name) for name in names)

    def called(self, row: FilledRow, kind: Kind, iri: str, passage: str) -> None:
        """Say what the document calls a thing, where none of its names stands there."""
        names = [text_of(t.object) for t in self.known.values(iri, RDFS + "label")]
        own = " ".join(row.cells["quote"].split()).strip(f"{MARKS} ")
        text = " ".join(self._texts.get(passage, "").split()).strip(f"{MARKS} ")
        words = own if letters_of(own) in letters_of(text) else text
        if not self.speaks_of(passage, names) and len(words) <= _LONGEST:
            self.statements.also_called(kind, iri, words, self.language)

    def has_slug(self, row: FilledRow, column: str, name: str) -> bool:
        """Whether a name has letters that a key can be made of."""
        if slugify(name):
            return True
        self.fault(row, column, "no-name", value=name)
        return False

    def unknown(self, row: FilledRow, column: str, value: str, sheet: str) -> None:
        """Tell that the project has nothing of that name."""
        shown = sheet_title(sheet, row.lang)
        self.fault(row, column, column.replace("_", "-"), value=value, sheet=shown)

    def only(self, row: FilledRow, column: str, name: str) -> None:
        """Tell that a column is for another class, by its name in the ontology."""
        title = column_title(column, row.lang)
        self.fault(
            row, column, "only", kind=self.labels.of(GLO + name, row.lang), title=title
        )

    def nowhere(self, row: FilledRow, column: str, value: str) -> None:
        """Tell that a name is that of nothing in the sheet of things."""
        self.unknown(row, column, value, THINGS)

    def no_plan(self, row: FilledRow, column: str) -> None:
        """Tell that the plan isn't there: not confirmed, or its row is wrong."""
        of = self.plan_row
        if of is None:
            self.fault(row, column, "plan", sheet=sheet_title(THINGS, row.lang))
            return
        name = "plan-row" if of.cells["kind"] else "plan-kind"
        self.fault(row, column, name, place=f"{of.title}!{of.places['kind']}")

    def fault(self, row: FilledRow, column: str, name: str, **values: object) -> None:
        """Tell what is wrong with a cell."""
        self._tell(row.fault(column, name, **values))
