"""Whether the words of a passage speak of what a statement says.

A passage is read with the headings that it stands under. It speaks of

- a thing, when one of its names stands there; of a thing without a name, where that
  says itself that it stands or is left out, else when it speaks of one that this is
  about (a membership: the member or the organisation);
- the plan that its document documents, since it is part of it, when it speaks of the
  thing that is said to be in the plan; of what is listed there, only where one of its
  groups stands;
- a code that says itself where it stands (`glo:statedIn`), there and nowhere else; any
  other code or class by its labels or the words of `lexicon.toml`;
- the class of a thing also when it speaks of the thing, since the class is our word;
- an address or a text, when they stand there; a number or a date, when it speaks of
  the thing too, a number also as the item's place in its list.

Where another passage of the statement names a thing, the word for its class is enough
("kommunene"). "All the municipalities except Tolga" speaks of each of the region but
Tolga, and "the municipality" of the only one that there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

import pyoxigraph as ox

from glokal.core.namespaces import GLO, OWL, RDF, RDFS, SKOS, XSD
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of
from glokal.source.documents import Source
from glokal.source.draft_vocabulary import DraftVocabulary
from glokal.source.name_mentions import NameWords, words_for
from glokal.source.shared_values import SharedValues
from glokal.source.statements import SUPPORT

NAMES = (
    RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel",
)  # fmt: skip
_DATES = (XSD + "date", XSD + "gYear", XSD + "gYearMonth")
_NUMBERS = (XSD + "integer", XSD + "decimal", XSD + "nonNegativeInteger")
_TYPE = RDF + "type"
_MUNICIPALITY = GLO + "Municipality"
_AUTHORITY, _REGION = GLO + "MunicipalAuthority", GLO + "CooperationRegion"


class Citations:
    """The names of everything and the words of the passages, to compare them."""

    def __init__(self, files: Iterable[SourceFile], source: Source) -> None:
        self.source = source
        self._language = next(iter(sorted(source.languages)), "")
        # The same texts stand in several of them.
        pool: dict[str, str] = {}
        self._names = SharedValues(pool)
        # A premise or an aim is called by a headline of ours; these are its words.
        self._wordings = SharedValues(pool)
        self._groups = SharedValues(pool)
        self._about = SharedValues(pool)
        self._kinds = SharedValues(pool)
        self._stands = SharedValues(pool)
        self._omitted = SharedValues(pool)
        self._words: dict[str, NameWords] = {}
        self._read(files)

    def _read(self, files: Iterable[SourceFile]) -> None:
        by_predicate = {
            **dict.fromkeys(NAMES, self._names),
            **dict.fromkeys(SUPPORT, self._stands),
            _TYPE: self._kinds,
            GLO + "statement": self._wordings,
            GLO + "omittedIn": self._omitted,
            GLO + "listedAs": self._groups,
        }
        for file in files:
            for t in file.triples:
                value = t.object
                values = by_predicate.get(t.predicate.value)
                if values is not None:
                    values.add(text_of(t.subject), text_of(value))
                elif isinstance(value, ox.NamedNode) and (
                    value.value not in self.source.own
                ):
                    self._about.add(text_of(t.subject), value.value)
        for values in (*by_predicate.values(), self._about):
            values.finish()

    def names_of(self, iri: str) -> tuple[str, ...]:
        """Return all names of a thing in any language, equal ones once."""
        return tuple(self._names.get(iri, ()))

    def named_by(self, names: Iterable[str]) -> set[str]:
        """Return the passages in which one of these names stands."""
        asked = tuple(names)
        return {p for p in self.source.passages if self._has_any(p, asked)}

    def silent(self, triple: ox.Triple, passages: Iterable[str]) -> list[str]:
        """Return those of a statement's passages that don't speak of its object."""
        cited = tuple(passages)
        named = [p for p in cited if self.speaks(triple, p)]
        if not named:
            return list(cited)
        kind = self._kind_words(triple.object)
        return [p for p in cited if p not in named and not self._has_any(p, kind)]

    def speaks(self, triple: ox.Triple, passage: str) -> bool:
        """Return whether one passage speaks of the object of a statement by itself."""
        value, subject = triple.object, text_of(triple.subject)
        if isinstance(value, ox.Literal):
            return self._has_literal(passage, value, subject)
        iri = text_of(value)
        if triple.predicate.value == GLO + "listedIn" and self._listed[subject]:
            return passage in self._listed[subject]
        if self._is_part_of(passage, iri):
            return self._has_thing(passage, subject)
        if triple.predicate.value == _TYPE:
            return self._has_term(passage, iri) or self._has_thing(passage, subject)
        if iri in self._codes:
            stands = self._stands.get(iri)
            return passage in stands if stands else self._has_term(passage, iri)
        if not self._names.get(iri) and self._stands.get(iri):
            return passage in self._stands[iri] or passage in self._omitted[iri]
        return self._has_thing(passage, iri) or self._means(passage, iri)

    def _means(self, passage: str, iri: str) -> bool:
        """Whether the words of a passage mean a municipality without its name."""
        named = {iri, *self._about.get(iri, ())} & self._municipalities
        own = self.source.passages.get(passage)
        if len(named) != 1 or own is None:
            return False
        (municipality,) = named
        governing = {_MUNICIPALITY, _AUTHORITY} & {*self._kinds[iri]}
        if not governing or self._spoken.denies_any(own.text):
            return False
        if len(self._municipalities) == 1:
            return self._spoken.speaks_of_the_municipality(own.text)
        if not self._spoken.speaks_of_all(own.text):
            return False
        within = any(_REGION in self._kinds[a] for a in self._about[municipality])
        names = (*self.names_of(municipality), *self.names_of(iri))
        out = self._spoken.behind_exception(own.text)
        left_out = NameWords([out], self._language)
        return within and bool(names) and not any(map(left_out.has_name, names))

    @cached_property
    def _municipalities(self) -> set[str]:
        return {iri for iri, kinds in self._kinds.items() if _MUNICIPALITY in kinds}

    @cached_property
    def _spoken(self) -> DraftVocabulary:
        return DraftVocabulary(self._language)

    def _is_part_of(self, passage: str, plan: str) -> bool:
        result = self.source.passages.get(passage)
        return result is not None and plan in result.plans

    @cached_property
    def _listed(self) -> Mapping[str, set[str]]:
        """Where the groups stand that each thing is listed as."""
        results: dict[str, set[str]] = defaultdict(set)
        for subject, groups in self._groups.items():
            for group in groups:
                results[subject] |= set(self._stands[group])
        return results

    @cached_property
    def _codes(self) -> set[str]:
        return {
            iri
            for iri, kinds in self._kinds.items()
            if SKOS + "Concept" in kinds and OWL + "Class" not in kinds
        }

    def _has_thing(self, passage: str, iri: str, *, within: bool = True) -> bool:
        names = self._names.get(iri)
        if names:
            return self._has_any(passage, names) or any(
                self._alone(passage).has_text(text)
                for text in self._wordings.get(iri, ())
            )
        about = self._about.get(iri, ()) if within else ()
        if about:
            return any(self._has_thing(passage, a, within=False) for a in about)
        address = iri.partition("://")[2].rstrip("/")
        return bool(address) and self._in(passage).has_text(address)

    def _has_term(self, passage: str, iri: str) -> bool:
        words = (*self._names.get(iri, ()), *words_for(iri, self._language))
        return self._has_any(passage, words)

    def _has_literal(self, passage: str, value: ox.Literal, subject: str) -> bool:
        words, text = self._in(passage), value.value
        kind = value.datatype.value
        if kind in _DATES:
            return words.has_date(text) and self._has_thing(passage, subject)
        if kind in _NUMBERS:
            result = self.source.passages.get(passage)
            at = str(result.number) if result is not None else ""
            stands = self._alone(passage).has_number(text) or text == at != "0"
            return stands and self._has_thing(passage, subject)
        return self._alone(passage).has_text(text) or words.has_name(text)

    def _kind_words(self, value: object) -> list[str]:
        kinds = self._kinds.get(text_of(value), ())
        return [word for kind in kinds for word in words_for(kind, self._language)]

    def _has_any(self, passage: str, names: Iterable[str]) -> bool:
        words = self._in(passage)
        return any(words.has_name(name) for name in names)

    def _alone(self, passage: str) -> NameWords:
        own = self.source.passages.get(passage)
        return NameWords([own.text if own else ""], self._language)

    def _in(self, passage: str) -> NameWords:
        if passage not in self._words:
            texts = self.source.in_context(passage)
            self._words[passage] = NameWords(texts, self._language)
        return self._words[passage]
