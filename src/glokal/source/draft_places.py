"""Whose plan a document is, and which municipalities it names: rows of places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from glokal.core.slugs import slugify
from glokal.source.draft_known import KnownThings
from glokal.source.draft_passages import PROSE, DraftPassage, PlaceNames
from glokal.source.draft_row import THINGS, DraftRow, parts_of
from glokal.source.draft_tables import TableReading
from glokal.source.draft_twins import TwinDrafter


@dataclass(frozen=True)
class ReadDocument:
    """A document as it was read: its passages, and what its tables say.

    `languages` are those that the project has names in, `language` the document's own,
    `publisher` who publishes the project, in words.
    """

    passages: Mapping[str, DraftPassage]
    tables: Sequence[TableReading]
    names: PlaceNames
    languages: Sequence[str]
    language: str
    publisher: str


class PlaceDrafter:
    """Drafts the rows of municipalities and counties, and tells whose a row is."""

    def __init__(
        self, document: ReadDocument, known: KnownThings, twins: TwinDrafter
    ) -> None:
        self._passages, self._tables = document.passages, document.tables
        self._names, self._words = document.names, document.names.words
        self._languages, self._language = document.languages, document.language
        self._publisher = document.publisher
        self._known, self._twins = known, twins
        self._names.learn(self._said_to_be())

    def _said_to_be(self) -> Iterator[str]:
        """Yield the municipalities that the document says to be such, listed or not."""
        yield from filter(None, (self.own_municipality(),))
        for p in self._passages.values():
            if p.kind in PROSE:
                yield from self._names.counted_up(p.reading)
        for passage, name in (place for t in self._tables for place in t.places):
            if self._is_below(passage) and not self._names.is_county(passage.reading):
                yield self.shown(name)

    def publisher(self) -> Iterator[DraftRow]:
        """Yield who publishes, where the document names them."""
        name = self._publisher
        municipality = self._names.municipality(name) if name else ""
        for p in self._passages.values():
            words = (municipality or name).casefold()
            own = p.kind in PROSE or (municipality and p.kind == "title")
            if name and own and words in p.reading.casefold():
                if municipality or self._names.is_county(name):
                    kind = "Municipality" if municipality else "CountyAuthority"
                    yield self._place(p, municipality or name, kind)
                    return
                names = {f"name_{self._language}": name}
                known = self._known.named("organisation", name)
                key = f"publisher/{slugify(name)}"
                yield DraftRow(THINGS, key, p.iri, p.exact, names, bool(known))
                return

    def places(self) -> Iterator[DraftRow]:
        """Yield whose rows or columns tables have, then who is named in sentences."""
        keys: set[str] = set()
        for passage, name in (place for t in self._tables for place in t.places):
            county = self._names.is_county(passage.reading)
            sure = any(map(self._names.municipality, (passage.reading, name)))
            sure = sure or self._is_below(passage)
            kind = "CountyAuthority" if county else "Municipality" if sure else ""
            shown = self.whose(passage.reading) if county else self.shown(name)
            row = self._place(passage, shown, kind)
            if row.key not in keys:
                yield row
            keys.add(row.key)
        # Who publishes has a row by its name already.
        keys |= {row.key for row in self.publisher()}
        for p in self._passages.values():
            told = self._twins.readings.get(p.iri)
            twins = {twin.name for twin in told.twins} if told else set()
            speaks = self._words.speaks_of_municipalities(p.reading)
            if p.kind in PROSE and (speaks or told):
                named = self._names.in_text(p.reading) if speaks else ()
                for name in dict.fromkeys((*(told.whose if told else ()), *named)):
                    if name in twins and name not in (told.whose if told else ()):
                        continue
                    row = self._place(p, name, "Municipality")
                    if row.key not in keys:
                        yield row
                    keys.add(row.key)

    def _place(self, passage: DraftPassage, name: str, kind: str) -> DraftRow:
        path = "authority" if kind == "CountyAuthority" else "municipality"
        # One that was confirmed under a better name rests on its row all the same.
        resting = self._known.resting_on(passage.iri, (path,))
        one = resting if len(resting) == 1 and passage.kind not in PROSE else []
        known = self._known.named(path, name) or "".join(one)
        key = known.removeprefix(self._known.things) or f"{path}/{slugify(name)}"
        # A name of a place is the same in every language.
        values = {"kind": kind} | {f"name_{lang}": name for lang in self._languages}
        values |= self._known.names_of(known)
        values["code"] = self._names.code(name) if path == "municipality" else ""
        in_table = passage.kind == "table-heading"
        # A further document says of what is known that it stands there, too.
        unsaid = in_table and not passage.settled
        done = bool(known) and (not unsaid or self._known.is_rested_on(passage.iri))
        done = done or (
            in_table
            and any(self._known.resting_on(passage.iri, ("authority", "organisation")))
        )
        return DraftRow(THINGS, key, passage.iri, passage.exact, values, done)

    def everyone(self) -> str:
        """Return the municipalities of the project and the document, as a cell has
        them.
        """
        drafted = [
            next((v for k, v in row.values.items() if k.startswith("name_")), "")
            for row in (*self.places(), *self.publisher())
            if row.values.get("kind") == "Municipality"
        ]
        known = [
            next(iter(self._known.names_of(iri).values()), "")
            for iri in self._known.of_path("municipality")
        ]
        return "; ".join(dict.fromkeys(filter(None, (*drafted, *known))))

    def said_to_be_all(self) -> list[str]:
        """Return the municipalities that a sentence counts up as those of the region,
        or the only one of the plan; [] where nothing tells that they are all.
        """
        everyone = parts_of(self.everyone())
        if len(everyone) == 1:
            return everyone
        for p in self._passages.values():
            if p.kind in PROSE and self._words.counts_up(p.reading):
                names = self._names.counted_up(p.reading)
                names = names or self._names.in_text(p.reading)
                if len(names) > 1 and {*names} <= {*everyone}:
                    return names
        return []

    def whose(self, name: str) -> str:
        """Return whose a row is; a word alone, or no word, means who publishes."""
        if self._words.says_everyone(name):
            return self.everyone() or name
        if not name or self._names.is_word_for_county(name):
            own = self.own_municipality()
            county = self._names.is_county(self._publisher)
            name = own or (self._publisher if county else "") or name
        return self.shown(name)

    def own_municipality(self) -> str:
        """Return the municipality that publishes, "" when another does."""
        return self._names.municipality(self._publisher) if self._publisher else ""

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
        return corner is not None and self._words.is_above_municipalities(
            corner.reading
        )
