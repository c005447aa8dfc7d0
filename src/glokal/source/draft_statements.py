"""What a row says as triples, in the project's usual files, each with its passage.

The same is written for a draft, where it is marked (`marked`), and for what a person
has confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.namespaces import (
    ACCEPTED,
    CODE,
    GLO,
    RDF,
    RDFS,
    SKOS,
    XSD,
)
from glokal.core.slugs import slugify
from glokal.rdf.terms import text_of
from glokal.source.draft_files import MARK
from glokal.source.draft_known import Kind, drafting_words
from glokal.source.draft_known import kinds as known_kinds
from glokal.source.draft_writer import (
    CODES_FILE,
    REFERENCE_PLACES,
    STRATEGY_FILE,
    StatementWriter,
)

_PARTNER = CODE + "role/partner"


@dataclass(frozen=True)
class EntryCell:
    """What stands in a cell of the mapping: whose, in which column, about what.

    `key` is the end of the entry's IRI if it has none yet, `quote` the cell's words,
    `notes` say why the editor reads it so, by language.
    """

    key: str
    authority: str
    area: str
    about: str
    quote: str
    certainty: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


class Statements(StatementWriter):
    """What rows say of things, entries, memberships and elements of plans."""

    def thing(
        self, kind: Kind, names: Mapping[str, str], passage: str, key: str = ""
    ) -> str:
        """Say what a thing is and is called; return its IRI.

        One that has the name already is that one. A municipality comes with the
        authority that governs it.
        """
        name = self.first(names)
        iri = self.known.named(kind.path, name)
        new = key or self.free(f"{kind.path}/{slugify(name)}")
        iri = iri or self.things + new
        file = STRATEGY_FILE.format(kind.file)
        if not self.known.is_known(iri):
            self.say(file, iri, RDF + "type", ox.NamedNode(kind.iri))
            self.name(file, iri, RDFS + "label", names)
        else:
            self.recall(iri)
            self.rely_on(iri, whole=False)
        self.say(file, iri, GLO + "statedIn", ox.NamedNode(passage))
        if kind.path == "municipality":
            self._authority(iri, names, passage)
        return iri

    def code(self, names: Mapping[str, str], key: str, kind: Kind) -> str:
        """Say that the project has a code of a class of codes; return its IRI."""
        iri = self.known.named(kind.iri, self.first(names))
        if iri:
            self.rely_on(iri)
            return iri
        iri = f"{self.base}code/{key}"
        scheme = ox.NamedNode(CODE + kind.path)
        number = 1 + self.known.count(kind.iri)
        self.say(CODES_FILE, iri, RDF + "type", ox.NamedNode(kind.iri))
        self.say(CODES_FILE, iri, RDF + "type", ox.NamedNode(SKOS + "Concept"))
        self.name(CODES_FILE, iri, SKOS + "prefLabel", names)
        if kind.name == "CollaboratorGroup":
            # Groups are answered in the order of the plan.
            self.say(CODES_FILE, iri, SKOS + "notation", ox.Literal(str(number)))
        self.say(CODES_FILE, iri, SKOS + "inScheme", scheme)
        self.say(CODES_FILE, iri, SKOS + "topConceptOf", scheme)
        return iri

    def element(
        self,
        kind: Kind | None,
        texts: Mapping[str, Mapping[str, str]],
        number: str,
        plan: str,
        passage: str,
        key: str,
    ) -> str:
        """Say what an element of a plan is; `texts` has its `name` and `statement`.

        One of that class that rests on the passage already is that one.
        """
        there = [
            iri
            for iri in self.known.resting_on(passage, [kind.path] if kind else [])
            if kind and self.known.is_a(iri, kind.iri)
        ]
        name = slugify(self.first(texts["name"])) if kind else ""
        iri = next(iter(there), "") or self.things + (
            self.free(f"{kind.path}/{name}") if kind and name else key
        )
        file = STRATEGY_FILE.format("plans")
        if there:
            self.rely_on(iri)
        else:
            about = kind.iri if kind else GLO + "PlanElement"
            self.say(file, iri, RDF + "type", ox.NamedNode(about))
            self.name(file, iri, RDFS + "label", texts["name"])
            self.name(file, iri, GLO + "statement", texts["statement"])
            self.say(file, iri, GLO + "elementOf", ox.NamedNode(plan))
            if number:
                integer = ox.NamedNode(XSD + "integer")
                value = ox.Literal(number, datatype=integer)
                self.say(file, iri, GLO + "elementNumber", value)
        self.say(file, iri, GLO + "statedIn", ox.NamedNode(passage))
        return iri

    def entry(self, cell: EntryCell, passage: str) -> str:
        """Say what stands in a cell, which is a passage; return the entry's IRI."""
        about = cell.about
        resting = self.known.resting_on(passage, ("entry",))
        of = [iri for iri in resting if self._has(iri, "entryOf", cell.authority)]
        # A cell may have two activities, each an entry with words of its own.
        of = [iri for iri in of if not about or self._has(iri, "refersTo", about)]
        # A merged cell is an entry in each of its columns.
        there = [iri for iri in of if self._has(iri, "inSubjectArea", cell.area)] or [
            iri for iri in of if iri == self.things + cell.key
        ]
        iri = next(iter(there), self.things + cell.key)
        file = STRATEGY_FILE.format("entries")
        if not self.known.values(iri, SKOS + "editorialNote"):
            self.name(file, iri, SKOS + "editorialNote", cell.notes)
        if there:
            self.recall(iri)
            self.rely_on(iri)
            return iri
        self.say(file, iri, RDF + "type", ox.NamedNode(GLO + "MappingEntry"))
        for prop, value in (
            ("entryOf", cell.authority),
            ("inSubjectArea", cell.area),
            ("readingCertainty", cell.certainty),
            ("refersTo", about),
            ("statedIn", passage),
        ):
            if value:
                self.say(file, iri, GLO + prop, ox.NamedNode(value))
        self.say(file, iri, GLO + "exactQuote", ox.Literal(cell.quote))
        return iri

    def restate(self, entry: str, passage: str, quote: str) -> None:
        """Say which passage an entry rests on instead, with its words."""
        file = STRATEGY_FILE.format("entries")
        self.say(file, entry, GLO + "statedIn", ox.NamedNode(passage))
        self.say(file, entry, GLO + "exactQuote", ox.Literal(quote))

    def affirm(self, participation: str, passage: str) -> None:
        """Say which passage affirms that somebody takes part."""
        file = STRATEGY_FILE.format("participations")
        self.say(file, participation, GLO + "affirmedIn", ox.NamedNode(passage))

    def participation(
        self, activity: str, who: str, passage: str, *, partner: bool = False
    ) -> str:
        """Say that an organisation takes part; as what, only if a person says partner.

        A table that lists who takes part in something speaks of no roles.
        """
        slug = "-".join(iri.rpartition("/")[2] for iri in (activity, who))
        iri = f"{self.things}participation/{slug}"
        file = STRATEGY_FILE.format("participations")
        self.say(file, iri, GLO + "affirmedIn", ox.NamedNode(passage))
        if self.known.values(iri, RDF + "type"):
            self.recall(iri)
            self.rely_on(iri)
            return iri
        self.say(file, iri, RDF + "type", ox.NamedNode(GLO + "Participation"))
        for prop, value in (
            ("participationIn", activity),
            ("participant", who),
            ("role", _PARTNER if partner else ""),
            ("verificationStatus", ACCEPTED),
        ):
            if value:
                self.say(file, iri, GLO + prop, ox.NamedNode(value))
        return iri

    def membership(self, member: str, network: str, passage: str) -> str:
        """Say that somebody is a member of something, and which passage says so."""
        slug = "-".join(iri.rpartition("/")[2] for iri in (network, member))
        iri = f"{self.things}membership/{slug}"
        file = STRATEGY_FILE.format("memberships")
        self.say(file, iri, GLO + "affirmedIn", ox.NamedNode(passage))
        if self.known.values(iri, RDF + "type"):
            self.recall(iri)
            self.rely_on(iri)
        else:
            self.say(file, iri, RDF + "type", ox.NamedNode(GLO + "Membership"))
            self.say(file, iri, GLO + "member", ox.NamedNode(member))
            self.say(file, iri, GLO + "membershipIn", ox.NamedNode(network))
            status = ox.NamedNode(ACCEPTED)
            self.say(file, iri, GLO + "verificationStatus", status)
        return iri

    def country(
        self, names: Mapping[str, str], code: str, source: str, passage: str
    ) -> str:
        """Say what a country is called, with its code of ISO 3166-1 and where that is
        from, in words.

        Without a passage it is one that no document speaks of.
        """
        kind = known_kinds()["Country"]
        if passage:
            iri = self.thing(kind, names, passage)
        else:
            iri = self.known.named(kind.path, self.first(names)) or self.things + (
                self.free(f"{kind.path}/{slugify(self.first(names))}")
            )
            if not self.known.is_known(iri):
                self.say(REFERENCE_PLACES, iri, RDF + "type", ox.NamedNode(kind.iri))
                self.name(REFERENCE_PLACES, iri, RDFS + "label", names)
            self.rely_on(iri)
        self.coded(iri, "countryCode", "country-code", code, source)
        return iri

    def holder(self, name: str) -> str:
        """Return whose an activity is, by a name: a municipality's authority, another
        authority, or an organisation; "" when nobody is called so.
        """
        municipality = self.known.named("municipality", name)
        found = self.authority_of(municipality) if municipality else ""
        for path in ("authority", "organisation"):
            found = found or self.known.named(path, name)
        county = self.known.named("county", name)
        return found or (self.authority_of(county) if county else "")

    def authority_of(self, municipality: str) -> str:
        """Return who governs a municipality or a county, "" when nobody says."""
        for t in self.known.triples:
            if (
                t.predicate.value == GLO + "governs"
                and text_of(t.object) == municipality
            ):
                return text_of(t.subject)
        return ""

    def _authority(self, iri: str, names: Mapping[str, str], passage: str) -> None:
        authority = self.authority_of(iri)
        file = STRATEGY_FILE.format("organisations")
        if not authority:
            authority = f"{self.things}authority/{iri.rpartition('/')[2]}"
            kind = ox.NamedNode(GLO + "MunicipalAuthority")
            self.say(file, authority, RDF + "type", kind)
            called = {
                lang: drafting_words(lang)["authority"].format(name=name)
                for lang, name in names.items()
                if drafting_words(lang)["authority"]
            }
            self.name(file, authority, RDFS + "label", called)
            self.say(file, authority, GLO + "governs", ox.NamedNode(iri))
        self.rely_on(authority)
        self.say(file, authority, GLO + "statedIn", ox.NamedNode(passage))

    def _has(self, iri: str, prop: str, value: str) -> bool:
        of = self.known.values(iri, GLO + prop)
        return not of or any(text_of(t.object) == value for t in of)


def with_draft_marks(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return triples with the mark of a draft on each thing that they describe."""
    given = list(triples)
    mark = ox.NamedNode(MARK[0]), ox.NamedNode(MARK[1])
    return given + [
        ox.Triple(s, *mark) for s in dict.fromkeys(t.subject for t in given)
    ]
