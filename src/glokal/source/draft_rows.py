"""Rows of a draft: what passages give without judgement, and where a person is asked.

A table gives whose its items are, its areas, and each item as an entry; a list under a
heading gives elements of the plan; the title gives the plan; a sentence with the word
for it, memberships. What is left is asked for a reason why nothing rests on it.
Whatever the words of the document don't say is left empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from glokal.core.country_lists import CountryList
from glokal.core.namespaces import CODE
from glokal.core.slugs import slugify
from glokal.source.draft_known import SUBJECT_AREA, KnownThings, Named
from glokal.source.draft_passages import (
    PROSE,
    DraftPassage,
    PlaceNames,
    passages_of,
    unsettled_of,
)
from glokal.source.draft_period import period_in
from glokal.source.draft_places import PlaceDrafter, ReadDocument
from glokal.source.draft_prose import ProseDrafter
from glokal.source.draft_row import (
    COLUMNS,
    ENTRIES,
    MEMBERSHIPS,
    REST,
    THINGS,
    DraftRow,
)
from glokal.source.draft_table_reading import read_table
from glokal.source.draft_tables import ITEM, TableEntry, tables_of
from glokal.source.draft_twins import KIND, TwinDrafter
from glokal.source.programme_names import (
    known_names,
    programme_in,
    well_known_programme,
)
from glokal.source.project_documents import ProjectDocument


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
        *drafter.of_places.publisher(),
        *drafter.of_places.places(),
        *drafter.twins.places(),
        *drafter.columns(),
        *drafter.prose.groups(),
        *drafter.prose.elements(),
        *drafter.prose.partners(),
        *drafter.entries(),
        *drafter.twins.cooperations(drafter.of_places.own_municipality()),
        *drafter.prose.memberships(drafter.of_places.said_to_be_all()),
        *drafter.networks(),
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
        self._language = document.language
        self._passages = passages_of(document)
        listed = tuple(listed)
        self._home = frozenset(one.country for one in listed)
        self._names = PlaceNames(known, listed, self._language)
        self._words = self._names.words
        own_first = dict.fromkeys((self._language, *languages))
        self.twins = TwinDrafter(
            self._passages,
            known,
            self._names,
            [lang for lang in own_first if lang in languages],
            self._home,
        )
        self.prose = ProseDrafter(
            self._passages, known, self._names, self.twins, self._language, publisher
        )
        self._tables = [
            read_table(table, self._passages, self._names)
            for table in tables_of(self._passages)
        ]
        read = ReadDocument(
            self._passages,
            self._tables,
            self._names,
            languages,
            self._language,
            publisher,
        )
        self.of_places = PlaceDrafter(read, known, self.twins)

    def plan(self) -> Iterator[DraftRow]:
        """Yield the plan that the document is, by its title or what stands first."""
        titled = [p for p in self._passages.values() if p.kind == "title"]
        for p in (titled or list(self._passages.values()))[:1]:
            slug = self._document.plan or self._document.slug
            iri = f"{self._known.things}plan/{slug}"
            names = self._own_name(p.reading) if titled else {}
            if period := period_in(p.reading) if titled else None:
                names |= dict(zip(("start", "end"), period, strict=True))
            done = self._known.is_known(iri)
            yield DraftRow(THINGS, f"plan/{slug}", p.iri, p.exact, names, done)

    def columns(self) -> Iterator[DraftRow]:
        """Yield the areas that are no code yet; programmes are told by their names."""
        seen: set[str] = set()
        for p in (area for t in self._tables for area in t.areas):
            name = self.of_places.shown(p.reading)
            known = self._known.named(SUBJECT_AREA, name)
            programme = self._known.named("programme", name)
            key = f"subject-area/{_end(known) or slugify(name)}"
            named = well_known_programme(name)
            values = self._own_name(name) | _sphere(named)
            read_as = "Programme" if programme or named else "SubjectArea"
            values |= {"read_as": read_as}
            if named:
                called = known_names(name, self._languages)
                values |= {f"name_{lang}": own for lang, own in called.items()}
            done = bool(known) or self._is_settled(p)
            if key not in seen:
                yield DraftRow(COLUMNS, key, p.iri, p.exact, values, done)
            seen.add(key)

    def _is_settled(self, area: DraftPassage) -> bool:
        """Whether nothing rests on what stands in a column, since it is set aside."""
        items = [e.item for t in self._tables for e in t.entries if area in e.areas]
        return all(item.settled for item in items)

    def entries(self) -> Iterator[DraftRow]:
        """Yield the items of tables."""
        taken: set[str] = set()
        for entry in (e for t in self._tables for e in t.entries):
            p = entry.item
            if self._words.denies(p.reading):
                continue
            whose = entry.names or ("",)
            name = "; ".join(filter(None, (self.of_places.whose(n) for n in whose)))
            areas = [self.of_places.shown(area.reading) for area in entry.areas]
            there = self._known.resting_on(p.iri, ("entry",)) or (
                self._known.resting_on(p.iri, ("activity",)) if not areas else []
            )
            area = next(iter(areas), "")
            code = self._known.named(SUBJECT_AREA, area)
            parts = [slugify(name.partition(";")[0]), _end(code) or slugify(area)]
            key = self._key(there[0]) if there else self._free(parts, taken)
            taken.add(key)
            values = {"municipality": name, "area": "; ".join(areas)}
            values |= self._cells(entry) | self._own_name(p.reading)
            above = (p, *entry.areas)
            told_of = self._state(entry)
            twins = any(self._words.speaks_of_twins(part.reading) for part in above)
            if told_of:
                values["status"] = told_of
            elif twins:
                values["kind"] = KIND
            done = p.settled or bool(there)
            told = () if entry.names else self._naming(name)
            yield DraftRow(ENTRIES, key, p.iri, p.exact, values, done, entry.also, told)

    def _state(self, entry: TableEntry) -> str:
        """Return what says that an activity isn't going on, "" where nothing does."""
        state = self._words.state
        for head, text in entry.besides:
            if self._words.role(head) == "status" and not state.goes_on(text):
                return f"{head}: {text}"
        own = entry.item.reading
        *_, bracket = own.rpartition("(")
        aside = bracket if own.rstrip(". ").endswith(")") else ""
        whole = own if self._words.speaks_of_twins(own) else aside
        return own if state.is_unsettled(whole) else ""

    def networks(self) -> Iterator[DraftRow]:
        """Yield the networks that tables name, with those whose rows they stand in."""
        for cell in (c for t in self._tables for c in t.networks):
            p = cell.item
            if not cell.names or self._words.denies(p.reading):
                continue
            whose = "; ".join(filter(None, map(self.of_places.whose, cell.names)))
            values = {"member": whose, "network": p.reading.rstrip(".;, ")}
            network = values["network"]
            if told := unsettled_of(network, p, self._passages, self._words):
                values["status"] = told
            done = p.settled or bool(self._known.resting_on(p.iri, ("membership",)))
            key = f"membership/{_end(p.iri)}"
            yield DraftRow(MEMBERSHIPS, key, p.iri, p.exact, values, done)

    def _naming(self, name: str) -> tuple[str, ...]:
        """Return the passage that names whose plan it is, the title if that does."""
        words = name.casefold()
        named = [
            p
            for p in self._passages.values()
            if words
            and words in p.reading.casefold()
            and p.kind in ("title", "heading", *PROSE)
        ]
        named.sort(key=lambda p: p.kind != "title")
        return tuple(p.iri for p in named[:1])

    def _cells(self, entry: TableEntry) -> dict[str, str]:
        """Return what the row of a table, or the words of an item, say of it."""
        values = {role: text for role, text in entry.cells.items() if text}
        # Semicolons part the cells that are shown.
        values["besides"] = "; ".join(
            f"{head}: {text}".replace(";", ",") for head, text in entry.besides
        )
        text = values.get("programme", "")
        named = programme_in(text or entry.item.reading)
        if not text:
            known = next(
                iter(self._known.names_in("programme", entry.item.reading)), ""
            )
            called = self._known.names_of(known).values()
            if named and not any(named.name in name for name in called):
                known = self._known.named("programme", named.name) or named.name
            values |= {"programme": known} if known else {}
        elif named and well_known_programme(text) is None:
            named = None
        if not values.get("country"):
            abroad = self._words.countries_in(entry.item.reading, self._home)
            values["country"] = "; ".join(abroad)
        in_data = named and self._known.named("programme", named.name)
        return values | (_sphere(None if in_data else named))

    def rest(self, rows: Iterable[DraftRow]) -> Iterator[DraftRow]:
        """Yield the passages that no row speaks of and nothing rests on."""
        asked = {
            iri for row in rows if not row.done for iri in (row.passage, *row.also)
        }
        for p in self._passages.values():
            reason = self._document.said(p.iri, "uncoveredReason")
            done = bool(reason) or self._known.is_rested_on(p.iri)
            if p.iri not in asked and not done:
                empty = p.kind == ITEM and self._words.says_nothing(p.reading)
                values = {"reason": "nothing"} if empty else {}
                yield DraftRow(REST, f"rest/{_end(p.iri)}", p.iri, p.exact, values)

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


def _sphere(programme: Named | None) -> dict[str, str]:
    """Return the spheres that a person is proposed for a programme, as a cell."""
    codes = programme.sphere if programme else ()
    return {"sphere": "; ".join(f"{CODE}cooperation-sphere/{name}" for name in codes)}


def _end(iri: str) -> str:
    return iri.rpartition("/")[2]
