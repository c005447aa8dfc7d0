"""Rows of a draft: what passages give without judgement, and where a person is asked.

A table gives whose its items are, its areas, and each item as an entry; a list under a
heading gives elements of the plan; the title gives the plan; a sentence with the word
for it, memberships. What is left is asked for a reason why nothing rests on it.
Whatever the words of the document don't say is left empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from glokal.core.country_lists import CountryList
from glokal.core.slugs import slugify
from glokal.source.draft_known import (
    SUBJECT_AREA,
    KnownThings,
    kinds,
    written_as_prose,
)
from glokal.source.draft_passages import (
    DraftPassage,
    PlaceNames,
    headings_above,
    passages_of,
)
from glokal.source.draft_tables import TableEntry, read_table, tables_of
from glokal.source.extraction.paragraphs import label_of
from glokal.source.project_documents import ProjectDocument

THINGS, COLUMNS, ELEMENTS, ENTRIES, MEMBERSHIPS, REST = SHEETS = (
    "things",
    "columns",
    "elements",
    "entries",
    "memberships",
    "rest",
)
# A name is no sentence.
_LONGEST_NAME = 60
_ELEMENTS = frozenset(k.path for k in kinds().values() if ELEMENTS in k.sheets)
_PROSE = ("sentence", "list-item")


@dataclass(frozen=True)
class DraftRow:
    """A row: its sheet, its key, the passage that says it, and what is known of it.

    `values` are what the columns of the sheet propose: `kind` by the name of the class
    in the ontology, `programme` by its IRI or as the document writes it, `name_nb` and
    the like by language. `also` are further passages that say something of it,
    `read_with` those that tell whose it is where its table doesn't. `done` is whether
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


def parts_of(text: str) -> list[str]:
    """Return the parts of a cell that semicolons part."""
    return [part.strip() for part in text.split(";") if part.strip()]


def draft_rows(
    document: ProjectDocument,
    known: KnownThings,
    languages: Sequence[str],
    listed: Iterable[CountryList] = (),
    publisher: str = "",
) -> list[DraftRow]:
    """Return the rows of a document in the order of its text, one sheet after another.

    `languages` are those that the project has names in, `listed` the municipalities
    and counties of its country, `publisher` who publishes it, in words.
    """
    drafter = _Drafter(document, known, languages, listed, publisher)
    rows = [
        *drafter.plan(),
        *drafter.publisher(),
        *drafter.places(),
        *drafter.columns(),
        *drafter.elements(),
        *drafter.entries(),
        *drafter.memberships(),
    ]
    return [*rows, *drafter.rest(rows)]


class _Drafter:
    def __init__(
        self,
        document: ProjectDocument,
        known: KnownThings,
        languages: Sequence[str],
        listed: Iterable[CountryList],
        publisher: str,
    ) -> None:
        self._document, self._known, self._languages = document, known, languages
        self._language, self._publisher = document.language, publisher
        self._passages = passages_of(document)
        self._names = PlaceNames(known, listed, self._language)
        self._tables = [
            read_table(table, self._passages, self._names)
            for table in tables_of(self._passages)
        ]

    def plan(self) -> Iterator[DraftRow]:
        """Yield the plan that the document is, by its title or what stands first."""
        titled = [p for p in self._passages.values() if p.kind == "title"]
        for p in (titled or list(self._passages.values()))[:1]:
            slug = self._document.plan or self._document.slug
            iri = f"{self._known.things}plan/{slug}"
            names = self._own_name(p.reading) if titled else {}
            done = self._known.is_known(iri)
            yield DraftRow(THINGS, f"plan/{slug}", p.iri, p.exact, names, done)

    def publisher(self) -> Iterator[DraftRow]:
        """Yield who publishes, where the document names them."""
        name = self._publisher
        municipality = self._names.municipality(name) if name else ""
        for p in self._passages.values():
            words = (municipality or name).casefold()
            own = p.kind in _PROSE or (municipality and p.kind == "title")
            if name and own and words in p.reading.casefold():
                if municipality or self._names.is_county(name):
                    kind = "Municipality" if municipality else "CountyAuthority"
                    yield self._place(p, municipality or name, kind)
                    return
                names = {f"name_{lang}": name for lang in self._languages}
                known = self._known.named("organisation", name)
                key = f"publisher/{slugify(name)}"
                yield DraftRow(THINGS, key, p.iri, p.exact, names, bool(known))
                return

    def places(self) -> Iterator[DraftRow]:
        """Yield whose rows or columns tables have, then who is named in sentences."""
        keys: set[str] = set()
        for passage, name in (place for t in self._tables for place in t.places):
            county = self._names.is_county(passage.reading)
            sure = self._names.municipality(passage.reading) or self._is_below(passage)
            kind = "CountyAuthority" if county else "Municipality" if sure else ""
            shown = self._whose(passage.reading) if county else self.shown(name)
            row = self._place(passage, shown, kind)
            if row.key not in keys:
                yield row
            keys.add(row.key)
        for p in self._passages.values():
            if p.kind in _PROSE and self._names.speaks_of_them(p.reading):
                for name in self._names.in_text(p.reading):
                    row = self._place(p, name, "Municipality")
                    if row.key not in keys:
                        yield row
                    keys.add(row.key)

    def _place(self, passage: DraftPassage, name: str, kind: str) -> DraftRow:
        path = "authority" if kind == "CountyAuthority" else "municipality"
        # One that was confirmed under a better name rests on its row all the same.
        resting = self._known.resting_on(passage.iri, (path,))
        one = resting if len(resting) == 1 and passage.kind not in _PROSE else []
        known = self._known.named(path, name) or "".join(one)
        key = self._key(known) or f"{path}/{slugify(name)}"
        # A name of a place is the same in every language.
        values = {"kind": kind} | {f"name_{lang}": name for lang in self._languages}
        values["code"] = self._names.code(name) if path == "municipality" else ""
        done = bool(known) or (
            passage.kind == "table-heading"
            and any(self._known.resting_on(passage.iri, ("authority", "organisation")))
        )
        return DraftRow(THINGS, key, passage.iri, passage.exact, values, done)

    def columns(self) -> Iterator[DraftRow]:
        """Yield the areas that are no code yet."""
        seen: set[str] = set()
        for p in (area for t in self._tables for area in t.areas):
            name = self.shown(p.reading)
            known = self._known.named(SUBJECT_AREA, name)
            programme = self._known.named("programme", name)
            key = f"subject-area/{_end(known) or slugify(name)}"
            names = self._own_name(name)
            if key not in seen:
                done = bool(known or programme)
                yield DraftRow(COLUMNS, key, p.iri, p.exact, names, done)
            seen.add(key)

    def elements(self) -> Iterator[DraftRow]:
        """Yield items of lists, and sentences that a word says to be an element."""
        for p in self._passages.values():
            kind, text = self._element(p)
            if p.kind != "list-item" and not kind:
                continue
            number, text = _numbered(text)
            values = {"kind": kind, "number": number}
            if len(text) <= _LONGEST_NAME:
                values |= self._own_name(text.rstrip(".;,"))
            values[f"statement_{self._language}"] = text
            key = f"element/{_end(p.iri)}"
            done = p.settled or bool(self._known.resting_on(p.iri, _ELEMENTS))
            yield DraftRow(ELEMENTS, key, p.iri, p.exact, values, done)

    def _element(self, p: DraftPassage) -> tuple[str, str]:
        """Return the class of an element, "" for none, and its words."""
        above = headings_above(p, self._passages)
        kind = next(
            filter(None, (self._names.kind_of_element(h.reading) for h in above)), ""
        )
        if p.kind == "list-item":
            return kind, p.reading
        if p.kind != "sentence":
            return "", ""
        word, sign, rest = p.reading.partition(": ")
        own = self._names.kind_of_element(word) if sign and " " not in word else ""
        if own and rest:
            return own, rest.strip()
        return (kind if kind in written_as_prose() else ""), p.reading

    def entries(self) -> Iterator[DraftRow]:
        """Yield the items of tables."""
        taken: set[str] = set()
        for entry in (e for t in self._tables for e in t.entries):
            p = entry.item
            whose = entry.names or ("",)
            name = "; ".join(filter(None, (self._whose(n) for n in whose)))
            area = self.shown(entry.area)
            there = self._known.resting_on(p.iri, ("entry",)) or (
                self._known.resting_on(p.iri, ("activity",)) if not area else []
            )
            code = self._known.named(SUBJECT_AREA, area)
            parts = [slugify(name.partition(";")[0]), _end(code) or slugify(area)]
            key = self._key(there[0]) if there else self._free(parts, taken)
            taken.add(key)
            values = {"municipality": name, "area": area} | self._cells(entry)
            values |= self._own_name(p.reading)
            done = p.settled or bool(there)
            told = () if entry.names else self._naming(name)
            yield DraftRow(ENTRIES, key, p.iri, p.exact, values, done, entry.also, told)

    def _whose(self, name: str) -> str:
        """Return whose a row is; a word alone, or no word, means who publishes."""
        if not name or self._names.is_word_for_county(name):
            own = self._names.municipality(self._publisher)
            county = self._names.is_county(self._publisher)
            name = own or (self._publisher if county else "") or name
        return self.shown(name)

    def _naming(self, name: str) -> tuple[str, ...]:
        """Return the passage that names whose plan it is, the title if that does."""
        words = name.casefold()
        named = [
            p
            for p in self._passages.values()
            if words
            and words in p.reading.casefold()
            and p.kind in ("title", "heading", *_PROSE)
        ]
        named.sort(key=lambda p: p.kind != "title")
        return tuple(p.iri for p in named[:1])

    def _cells(self, entry: TableEntry) -> dict[str, str]:
        """Return what the row of a table, or the words of an item, say of it."""
        values = {role: text for role, text in entry.cells.items() if text}
        if "programme" not in values:
            programmes = self._known.names_in("programme", entry.item.reading)
            values |= {"programme": programmes[0]} if programmes else {}
        return values

    def memberships(self) -> Iterator[DraftRow]:
        """Yield the sentences that speak of a membership."""
        for p in self._passages.values():
            what = self._names.membership(p.reading) if p.kind in _PROSE else None
            if what is None:
                continue
            found = self._names.in_text(p.reading)
            name = self._publisher
            if name and name.casefold() in p.reading.casefold():
                found.append(name)
            members = "; ".join(found)
            network = what if 0 < len(what) <= _LONGEST_NAME else ""
            values = {"member": members, "network": network}
            done = p.settled or bool(self._known.resting_on(p.iri, ("membership",)))
            key = f"membership/{_end(p.iri)}"
            yield DraftRow(MEMBERSHIPS, key, p.iri, p.exact, values, done)

    def rest(self, rows: Iterable[DraftRow]) -> Iterator[DraftRow]:
        """Yield the passages that no row speaks of and nothing rests on."""
        asked = {
            iri for row in rows if not row.done for iri in (row.passage, *row.also)
        }
        for p in self._passages.values():
            done = p.settled or self._known.is_rested_on(p.iri)
            if p.iri not in asked and not done:
                yield DraftRow(REST, f"rest/{_end(p.iri)}", p.iri, p.exact)

    def shown(self, text: str) -> str:
        """Return a heading; one in capitals as the document writes it elsewhere."""
        text = " ".join(text.split()).rstrip(":")
        if not text.isupper():
            return text
        for p in self._passages.values():
            at = p.reading.casefold().find(text.casefold())
            found = p.reading[at : at + len(text)] if at >= 0 else ""
            if found and not found.isupper() and found[:1].isupper():
                return found
        parts = text.capitalize().split("-")
        return "-".join(part[:1].upper() + part[1:] for part in parts)

    def _is_below(self, passage: DraftPassage) -> bool:
        corner = self._passages.get(passage.read_with)
        return corner is not None and self._names.is_above_municipalities(
            corner.reading
        )

    def _own_name(self, name: str) -> dict[str, str]:
        return {f"name_{self._language}": name}

    def _free(self, parts: Sequence[str], taken: set[str]) -> str:
        number = 1
        stem_ = "entry/" + "-".join(filter(None, parts))
        while f"{stem_}-{number}" in taken or self._known.is_known(
            f"{self._known.things}{stem_}-{number}"
        ):
            number += 1
        return f"{stem_}-{number}"

    def _key(self, iri: str) -> str:
        return iri.removeprefix(self._known.things)


def _numbered(text: str) -> tuple[str, str]:
    """Return the printed number of an item, "" without one, and what is behind it."""
    label = label_of(text)
    number = label.rstrip(".)") if label else ""
    if not number.isdecimal():
        return "", text
    return number, text.removeprefix(label).lstrip()


def _end(iri: str) -> str:
    return iri.rpartition("/")[2]
