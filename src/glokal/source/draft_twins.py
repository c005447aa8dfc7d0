"""Rows of a draft for twin towns: the place, and the cooperation with it.

What the sentence says of them is proposed: whose, which town, in which country. Where
several have several, who has which is left to a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from glokal.core.slugs import slugify
from glokal.source.draft_known import KnownThings, drafting_words
from glokal.source.draft_passages import (
    PROSE,
    DraftPassage,
    PlaceNames,
    headings_above,
    unsettled_of,
)
from glokal.source.draft_row import ENTRIES, THINGS, DraftRow, beside_row
from glokal.source.twin_sentences import Twin, TwinReader, TwinReading

KIND = "Twinning"


class TwinDrafter:
    """Drafts what sentences and lists say of twin towns.

    `languages` are those that names are in, the document's own first; `home` are the
    codes of the countries of a plan.
    """

    def __init__(
        self,
        passages: Mapping[str, DraftPassage],
        known: KnownThings,
        names: PlaceNames,
        languages: Sequence[str],
        home: Collection[str],
    ) -> None:
        self._passages, self._known, self._names = passages, known, names
        self._languages = languages
        self._reader, self._words = TwinReader(names, home), names.words

    @cached_property
    def readings(self) -> Mapping[str, TwinReading]:
        """Return what is said of twin towns, by the IRI of its passage."""
        found = {
            p.iri: self._reader.read(p.reading, listed=self.is_listed(p))
            for p in self._passages.values()
            if p.kind in PROSE and not self._is_of_former(p)
        }
        return {iri: reading for iri, reading in found.items() if reading is not None}

    def is_listed(self, p: DraftPassage) -> bool:
        """Whether a passage stands right below a heading, or words, on twin towns."""
        return any(self._words.speaks_of_twins(h.reading) for h in self._right_above(p))

    def _is_of_former(self, p: DraftPassage) -> bool:
        """Whether what stands right above says that none of these goes on."""
        above = [h.reading for h in self._right_above(p)]
        return any(
            self._words.speaks_of_twins(said) and self._words.state.is_unsettled(said)
            for said in above
        )

    def _right_above(self, p: DraftPassage) -> list[DraftPassage]:
        above = headings_above(p, self._passages)
        return [h for h in above if h.iri in (p.read_with, p.heading)]

    def places(self) -> Iterator[DraftRow]:
        """Yield the places that twin towns are, each of them once."""
        seen: set[str] = set()
        for iri, twin in self._each():
            name = self._called(twin)
            key = f"place/{slugify(name)}" if name else ""
            if not key or key in seen:
                continue
            seen.add(key)
            values = {"kind": "Place", "belongs": twin.country}
            values |= {f"name_{lang}": name for lang in self._languages}
            known = self._known.named("place", name)
            passage = self._passages[iri]
            done = bool(known) or passage.settled
            yield DraftRow(THINGS, key, iri, passage.exact, values, done)

    def cooperations(self, publisher: str) -> Iterator[DraftRow]:
        """Yield the cooperation with each; a sentence that names nobody means the
        municipality that publishes, "" for none.
        """
        taken: set[str] = set()
        for iri, twin in self._each():
            reading, passage = self.readings[iri], self._passages[iri]
            whose = list(reading.whose) or [publisher]
            several = len(whose) > 1 and len(reading.twins) > 1
            name = self._called(twin)
            parts = [slugify(part) for part in (whose[0], name or twin.country)]
            key = self._free("-".join(filter(None, parts)), taken)
            values = {
                "municipality": "" if several else "; ".join(filter(None, whose)),
                "area": "",
                "partner": name,
                "country": twin.country,
                **self._what(passage, twin, name),
            }
            if told := unsettled_of(twin.name, passage, self._passages, self._words):
                # What is dormant or over is for a person to read.
                values |= {"kind": "", "status": told, "besides": beside_row(told)}
            quote = passage.exact if len(reading.twins) == 1 else twin.words
            done = passage.settled or self._is_there(iri, name)
            yield DraftRow(ENTRIES, key, iri, quote, values, done)

    def _each(self) -> Iterator[tuple[str, Twin]]:
        for iri, reading in self.readings.items():
            for twin in reading.twins:
                yield iri, twin

    def _called(self, twin: Twin) -> str:
        """Return a name that is no municipality's of the plan's country as well."""
        alike = twin.name and twin.country and self._names.is_known(twin.name)
        return f"{twin.name} ({twin.country})" if alike else twin.name

    def _what(self, passage: DraftPassage, twin: Twin, name: str) -> dict[str, str]:
        """Return type and names; a sentence without the word for a twin town may tell
        of another cooperation.
        """
        own = self._names.words.speaks_of_twins(passage.reading)
        if own or passage.kind == "list-item":
            return {"kind": KIND, **self._titles(name, twin.country)}
        return {f"name_{lang}": twin.words for lang in self._languages[:1]}

    def _titles(self, name: str, country: str) -> dict[str, str]:
        titles = {}
        for lang in self._languages if name else self._languages[:1]:
            title = drafting_words(lang)["twinning"]
            if title:
                titles[f"name_{lang}"] = title.format(place=name or country)
        return titles

    def _is_there(self, passage: str, name: str) -> bool:
        resting = self._known.resting_on(passage, ("activity",))
        called = [n for iri in resting for n in self._known.names_of(iri).values()]
        several = len(self.readings[passage].twins) > 1
        return any(name in title for title in called) if several else bool(resting)

    def _free(self, stem: str, taken: set[str]) -> str:
        number = 1
        while (key := f"entry/{stem}-{number}") in taken or self._known.is_known(
            self._known.things + key
        ):
            number += 1
        taken.add(key)
        return key
