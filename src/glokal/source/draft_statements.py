"""What a row says as triples, in the project's usual files, each with its passage.

The same is written for a draft, where it is marked (`marked`), and for what a person
has confirmed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.namespaces import (
    ACCEPTED,
    ADMS,
    CODE,
    DCTERMS,
    GLO,
    RDF,
    RDFS,
    SKOS,
    XSD,
)
from glokal.core.slugs import slugify
from glokal.rdf.terms import text_of
from glokal.source.draft_files import MARK
from glokal.source.draft_known import SUBJECT_AREA, Kind, KnownThings, drafting_words
from glokal.source.draft_known import kinds as known_kinds

STRATEGY_FILE = "data/strategy/{}.ttl"
REFERENCE_PLACES = "data/reference/places.ttl"
CODES_FILE = "data/codes.ttl"
_PARTNER = CODE + "role/partner"


class Statements:
    """Triples by file, those that the project has already left out.

    `languages` are those that names are looked for in, the first one first.
    """

    def __init__(self, known: KnownThings, base: str, languages: Sequence[str]) -> None:
        self.known = known
        self.added: dict[str, list[ox.Triple]] = defaultdict(list)
        # All that is said, also what the project has already.
        self.said: list[ox.Triple] = []
        self.removed: dict[str, list[ox.Triple]] = defaultdict(list)
        self._things, self._base, self._languages = known.things, base, languages

    def thing(
        self, kind: Kind, names: Mapping[str, str], passage: str, key: str = ""
    ) -> str:
        """Say what a thing is and is called; return its IRI.

        One that has the name already is that one. A municipality comes with the
        authority that governs it.
        """
        name = self._first(names)
        iri = self.known.named(kind.path, name)
        new = key or self._free(f"{kind.path}/{slugify(name)}")
        iri = iri or self._things + new
        file = STRATEGY_FILE.format(kind.file)
        if not self.known.is_known(iri):
            self._say(file, iri, RDF + "type", ox.NamedNode(kind.iri))
            self._name(file, iri, RDFS + "label", names)
        else:
            self.recall(iri)
        self._say(file, iri, GLO + "statedIn", ox.NamedNode(passage))
        if kind.path == "municipality":
            self._authority(iri, names, passage)
        return iri

    def code(self, names: Mapping[str, str], key: str) -> str:
        """Say that the project has a subject area; return its IRI."""
        iri = self.known.named(SUBJECT_AREA, self._first(names))
        if iri:
            return iri
        iri = f"{self._base}code/{key}"
        scheme = ox.NamedNode(CODE + "subject-area")
        self._say(CODES_FILE, iri, RDF + "type", ox.NamedNode(SUBJECT_AREA))
        self._say(CODES_FILE, iri, RDF + "type", ox.NamedNode(SKOS + "Concept"))
        self._name(CODES_FILE, iri, SKOS + "prefLabel", names)
        self._say(CODES_FILE, iri, SKOS + "inScheme", scheme)
        self._say(CODES_FILE, iri, SKOS + "topConceptOf", scheme)
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
        name = slugify(self._first(texts["name"])) if kind else ""
        iri = next(iter(there), "") or self._things + (
            self._free(f"{kind.path}/{name}") if kind and name else key
        )
        file = STRATEGY_FILE.format("plans")
        if not there:
            about = kind.iri if kind else GLO + "PlanElement"
            self._say(file, iri, RDF + "type", ox.NamedNode(about))
            self._name(file, iri, RDFS + "label", texts["name"])
            self._name(file, iri, GLO + "statement", texts["statement"])
            self._say(file, iri, GLO + "elementOf", ox.NamedNode(plan))
            if number:
                integer = ox.NamedNode(XSD + "integer")
                value = ox.Literal(number, datatype=integer)
                self._say(file, iri, GLO + "elementNumber", value)
        self._say(file, iri, GLO + "statedIn", ox.NamedNode(passage))
        return iri

    def entry(
        self,
        key: str,
        authority: str,
        area: str,
        about: str,
        passage: str,
        quote: str,
        certainty: str = "",
    ) -> str:
        """Say what stands in a cell: whose, in which column, about what."""
        there = [
            iri
            for iri in self.known.resting_on(passage, ("entry",))
            if self._is_of(iri, authority)
        ]
        iri = next(iter(there), self._things + key)
        if there:
            self.recall(iri)
            return iri
        file = STRATEGY_FILE.format("entries")
        self._say(file, iri, RDF + "type", ox.NamedNode(GLO + "MappingEntry"))
        for prop, value in (
            ("entryOf", authority),
            ("inSubjectArea", area),
            ("readingCertainty", certainty),
            ("refersTo", about),
            ("statedIn", passage),
        ):
            if value:
                self._say(file, iri, GLO + prop, ox.NamedNode(value))
        self._say(file, iri, GLO + "exactQuote", ox.Literal(quote))
        return iri

    def participation(
        self, activity: str, who: str, passage: str, *, partner: bool = False
    ) -> str:
        """Say that an organisation takes part; as what, only if a person says partner.

        A table that lists who takes part in something speaks of no roles.
        """
        slug = "-".join(iri.rpartition("/")[2] for iri in (activity, who))
        iri = f"{self._things}participation/{slug}"
        file = STRATEGY_FILE.format("participations")
        self._say(file, iri, GLO + "affirmedIn", ox.NamedNode(passage))
        if self.known.values(iri, RDF + "type"):
            self.recall(iri)
            return iri
        self._say(file, iri, RDF + "type", ox.NamedNode(GLO + "Participation"))
        for prop, value in (
            ("participationIn", activity),
            ("participant", who),
            ("role", _PARTNER if partner else ""),
            ("verificationStatus", ACCEPTED),
        ):
            if value:
                self._say(file, iri, GLO + prop, ox.NamedNode(value))
        return iri

    def label(
        self, file: str, iri: str, prop: str, names: Mapping[str, str], passage: str
    ) -> None:
        """Say what something is called, and which passage says so."""
        self._name(file, iri, prop, names)
        self._say(file, iri, GLO + "statedIn", ox.NamedNode(passage))

    def relate(self, kind: Kind, iri: str, prop: str, value: str) -> None:
        """Say one more thing of a thing, in the file of its kind."""
        file = STRATEGY_FILE.format(kind.file)
        self._say(file, iri, GLO + prop, ox.NamedNode(value))

    def membership(self, member: str, network: str, passage: str) -> str:
        """Say that somebody is a member of something, and which passage says so."""
        slug = "-".join(iri.rpartition("/")[2] for iri in (network, member))
        iri = f"{self._things}membership/{slug}"
        file = STRATEGY_FILE.format("memberships")
        self._say(file, iri, GLO + "affirmedIn", ox.NamedNode(passage))
        if self.known.values(iri, RDF + "type"):
            self.recall(iri)
        else:
            self._say(file, iri, RDF + "type", ox.NamedNode(GLO + "Membership"))
            self._say(file, iri, GLO + "member", ox.NamedNode(member))
            self._say(file, iri, GLO + "membershipIn", ox.NamedNode(network))
            status = ox.NamedNode(ACCEPTED)
            self._say(file, iri, GLO + "verificationStatus", status)
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
            iri = self.known.named(kind.path, self._first(names)) or self._things + (
                self._free(f"{kind.path}/{slugify(self._first(names))}")
            )
            if not self.known.is_known(iri):
                self._say(REFERENCE_PLACES, iri, RDF + "type", ox.NamedNode(kind.iri))
                self._name(REFERENCE_PLACES, iri, RDFS + "label", names)
        self.coded(iri, "countryCode", "country-code", code, source)
        return iri

    def coded(self, iri: str, prop: str, scheme: str, code: str, source: str) -> None:
        """Say the code that a list gives a thing, with a record of where that is from.

        `source` is that in words. A thing that has a code keeps it.
        """
        if self.known.values(iri, GLO + prop):
            return
        self._say(REFERENCE_PLACES, iri, GLO + prop, ox.Literal(code))
        self.recorded(iri, scheme, code, source)

    def recorded(self, iri: str, scheme: str, code: str, source: str) -> None:
        """Say which code of a scheme a list gives a thing, and where that is from."""
        file = REFERENCE_PLACES
        record = f"{self._things}record/{iri.rpartition('/')[2]}-{scheme}"
        self._say(file, record, RDF + "type", ox.NamedNode(GLO + "OutsideRecord"))
        for name, value in (
            ("about", ox.NamedNode(iri)),
            ("confidence", ox.NamedNode(CODE + "confidence/high")),
            ("recordScheme", ox.NamedNode(f"{CODE}record-scheme/{scheme}")),
            ("recordSource", ox.Literal(source)),
            ("recordValue", ox.Literal(code)),
        ):
            self._say(file, record, GLO + name, value)

    def stated(self, iri: str, passages: Iterable[str]) -> None:
        """Say which further passages say something of a thing, in the file of it."""
        path = self.known.path_of(iri)
        file = next((k.file for k in known_kinds().values() if k.path == path), "")
        for passage in passages if file else ():
            target = STRATEGY_FILE.format(file)
            self._say(target, iri, GLO + "statedIn", ox.NamedNode(passage))

    def read_with(self, file: str, passage: str, others: Iterable[str]) -> None:
        """Say which other cells of its row a passage is read with."""
        for other in others:
            self._say(file, passage, GLO + "readWith", ox.NamedNode(other))

    def reason(self, file: str, passage: str, texts: Mapping[str, str]) -> None:
        """Say why nothing rests on a passage, in the file of its document."""
        self._name(file, passage, GLO + "uncoveredReason", texts)

    def without_reason(self, file: str, passage: str) -> None:
        """Take away why nothing rests on a passage: now something does."""
        reasons = self.known.values(passage, GLO + "uncoveredReason")
        added = self.added.get(file, [])
        for t in reasons:
            if t in added:
                added.remove(t)
            elif t not in self.removed[file]:
                self.removed[file].append(t)

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

    def recall(self, iri: str) -> None:
        """Count what the project says of a thing already to what is said now."""
        self.said += self.known.all_of(iri)

    def also_called(self, kind: Kind, iri: str, name: str, language: str) -> None:
        """Say what the document calls a thing, where its names are others."""
        file = STRATEGY_FILE.format(kind.file)
        self._name(file, iri, SKOS + "altLabel", {language: name})

    def lies_in(self, iri: str, prop: str, area: str) -> None:
        """Say which county or country something lies in, by the list of its country."""
        self._say(REFERENCE_PLACES, iri, GLO + prop, ox.NamedNode(area))

    def documents(self, file: str, document: str, plan: str) -> None:
        """Say which plan a document documents, in the file of its passages."""
        self._say(file, document, GLO + "documents", ox.NamedNode(plan))

    def authority_of(self, municipality: str) -> str:
        """Return who governs a municipality or a county, "" when nobody says."""
        for t in self.known.triples:
            if (
                t.predicate.value == GLO + "governs"
                and text_of(t.object) == municipality
            ):
                return text_of(t.subject)
        return ""

    def prefixes(self) -> dict[str, str]:
        """Return the prefixes that the triples are written with."""
        paths = {kind.path for kind in known_kinds().values()}
        paths |= {"authority", "element", "entry", "membership", "participation"}
        paths |= {"passage", "record"}
        own = {path: f"{self._things}{path}/" for path in paths | {"document"}}
        shared = {
            name: f"{CODE}{name}/"
            for name in (
                *("confidence", "reading-certainty", "record-scheme", "role"),
                "verification-status",
            )
        }
        names = {"adms": ADMS, "dcterms": DCTERMS, "glo": GLO, "rdfs": RDFS}
        names |= {"skos": SKOS, "xsd": XSD, "scheme": CODE}
        area = {"subject-area": f"{self._base}code/subject-area/"}
        return dict(sorted((own | shared | names | area).items()))

    def _authority(self, iri: str, names: Mapping[str, str], passage: str) -> None:
        authority = self.authority_of(iri)
        file = STRATEGY_FILE.format("organisations")
        if not authority:
            authority = f"{self._things}authority/{iri.rpartition('/')[2]}"
            kind = ox.NamedNode(GLO + "MunicipalAuthority")
            self._say(file, authority, RDF + "type", kind)
            called = {
                lang: drafting_words(lang)["authority"].format(name=name)
                for lang, name in names.items()
                if drafting_words(lang)["authority"]
            }
            self._name(file, authority, RDFS + "label", called)
            self._say(file, authority, GLO + "governs", ox.NamedNode(iri))
        self._say(file, authority, GLO + "statedIn", ox.NamedNode(passage))

    def _is_of(self, iri: str, authority: str) -> bool:
        of = self.known.values(iri, GLO + "entryOf")
        return not of or any(text_of(t.object) == authority for t in of)

    def _first(self, names: Mapping[str, str]) -> str:
        asked = (*self._languages, *names)
        return next((names[lang] for lang in asked if names.get(lang)), "")

    def _free(self, key: str) -> str:
        number, result = 1, key
        while self.known.is_known(self._things + result):
            number += 1
            result = f"{key}-{number}"
        return result

    def _name(self, file: str, iri: str, prop: str, names: Mapping[str, str]) -> None:
        for language, name in names.items():
            if name:
                self._say(file, iri, prop, ox.Literal(name, language=language))

    def _say(
        self, file: str, iri: str, prop: str, value: ox.NamedNode | ox.Literal
    ) -> None:
        triple = ox.Triple(ox.NamedNode(iri), ox.NamedNode(prop), value)
        self.said.append(triple)
        if triple not in self.known.triples:
            self.added[file].append(triple)
            self.known.add([triple])


def marked(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return triples with the mark of a draft on each thing that they describe."""
    given = list(triples)
    mark = ox.NamedNode(MARK[0]), ox.NamedNode(MARK[1])
    return given + [
        ox.Triple(s, *mark) for s in dict.fromkeys(t.subject for t in given)
    ]
