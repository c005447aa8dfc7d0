"""Writing statements: triples by the file they belong to, said once each.

What drafts and confirmed rows have in common, whatever they speak of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.namespaces import (
    ADMS,
    CODE,
    DCTERMS,
    GLO,
    RDF,
    RDFS,
    SKOS,
    XSD,
)
from glokal.rdf.terms import text_of
from glokal.source.draft_known import Kind, KnownThings
from glokal.source.draft_known import kinds as known_kinds

STRATEGY_FILE = "data/strategy/{}.ttl"
REFERENCE_FILE = "data/reference/{}.ttl"
REFERENCE_PLACES = REFERENCE_FILE.format("places")
CODES_FILE = "data/codes.ttl"
_LABEL = RDFS + "label"
_STATED = (GLO + "statedIn", GLO + "affirmedIn")
# The schemes of records of codes, in the IRIs of these.
_CODES = ("country-code", "county-number", "municipality-number", "nuts")


class StatementWriter:
    """Triples by file, those that the project has already left out.

    `languages` are those that names are looked for in, the first one first.
    """

    def __init__(self, known: KnownThings, base: str, languages: Sequence[str]) -> None:
        self.known = known
        self.added: dict[str, list[ox.Triple]] = defaultdict(list)
        # All that is said, also what the project has already.
        self.said: list[ox.Triple] = []
        # What rows say or rely on, whoever has said it first.
        self.claimed: set[ox.Triple] = set()
        self.removed: dict[str, list[ox.Triple]] = defaultdict(list)
        # What a correction takes back, in whichever file it stands.
        self.unsaid: list[ox.Triple] = []
        # What was corrected, with the passages that it rested on.
        self.corrected: dict[str, set[str]] = {}
        self.things, self.base, self._languages = known.things, base, languages

    def label(
        self, file: str, iri: str, prop: str, names: Mapping[str, str], passage: str
    ) -> None:
        """Say what something is called, and which passage says so."""
        self.name(file, iri, prop, names)
        self.say(file, iri, GLO + "statedIn", ox.NamedNode(passage))

    def relate(self, kind: Kind, iri: str, prop: str, value: str) -> None:
        """Say one more thing of a thing, in the file of its kind."""
        file = STRATEGY_FILE.format(kind.file)
        self.say(file, iri, GLO + prop, ox.NamedNode(value))

    def coded(self, iri: str, prop: str, scheme: str, code: str, source: str) -> None:
        """Say the code that a list gives a thing, with a record of where that is from.

        `source` is that in words. A thing that has a code keeps it.
        """
        if self.known.values(iri, GLO + prop):
            self.rely_on(iri)
            return
        self.say(REFERENCE_PLACES, iri, GLO + prop, ox.Literal(code))
        self.recorded(iri, scheme, code, source)

    def recorded(self, iri: str, scheme: str, code: str, source: str) -> None:
        """Say which code of a scheme a list gives a thing, and where that is from."""
        file = REFERENCE_PLACES
        record = f"{self.things}record/{iri.rpartition('/')[2]}-{scheme}"
        self.say(file, record, RDF + "type", ox.NamedNode(GLO + "OutsideRecord"))
        for name, value in (
            ("about", ox.NamedNode(iri)),
            ("confidence", ox.NamedNode(CODE + "confidence/high")),
            ("recordScheme", ox.NamedNode(f"{CODE}record-scheme/{scheme}")),
            ("recordSource", ox.Literal(source)),
            ("recordValue", ox.Literal(code)),
        ):
            self.say(file, record, GLO + name, value)

    def lies_in(self, iri: str, prop: str, area: str) -> None:
        """Say which county or country something lies in, by the list of its country."""
        self.say(REFERENCE_PLACES, iri, GLO + prop, ox.NamedNode(area))

    def stated(self, iri: str, passages: Iterable[str]) -> None:
        """Say which further passages say something of a thing, in the file of it."""
        path = self.known.path_of(iri)
        file = next((k.file for k in known_kinds().values() if k.path == path), "")
        for passage in passages if file else ():
            target = STRATEGY_FILE.format(file)
            self.say(target, iri, GLO + "statedIn", ox.NamedNode(passage))

    def read_with(self, file: str, passage: str, others: Iterable[str]) -> None:
        """Say which other cells of its row a passage is read with."""
        for other in others:
            self.say(file, passage, GLO + "readWith", ox.NamedNode(other))

    def reason(self, file: str, passage: str, texts: Mapping[str, str]) -> None:
        """Say why nothing rests on a passage, in the file of its document."""
        self.name(file, passage, GLO + "uncoveredReason", texts)

    def without_reason(self, file: str, passage: str) -> None:
        """Take away why nothing rests on a passage: now something does."""
        reasons = self.known.values(passage, GLO + "uncoveredReason")
        added = self.added.get(file, [])
        for t in reasons:
            if t in added:
                added.remove(t)
            elif t not in self.removed[file]:
                self.removed[file].append(t)

    def unsay(self, iri: str, prop: str, value: str = "") -> None:
        """Take back what a property says of a thing: one value, or each without one."""
        for t in self.known.values(iri, prop):
            if value and text_of(t.object) != value:
                continue
            new = [file for file, of in self.added.items() if t in of]
            for file in new:
                self.added[file].remove(t)
            if not new:
                self.unsaid.append(t)
            self.said = [other for other in self.said if other != t]
            self.known.forget(t)

    def recall(self, iri: str) -> None:
        """Count what the project says of a thing already to what is said now."""
        self.said += self.known.all_of(iri)

    def rely_on(self, iri: str, *, whole: bool = True) -> None:
        """Count what is said of a thing to what is said now, whoever has said it.

        Which passages say it, each document says for itself. What isn't `whole` is the
        class and the names only.
        """
        records = [f"{self.things}record/{iri.rpartition('/')[2]}-{s}" for s in _CODES]
        for t in (t for of in (iri, *records) for t in self.known.all_of(of)):
            prop = t.predicate.value
            if prop not in _STATED and (whole or prop in (RDF + "type", _LABEL)):
                self.claimed.add(t)

    def also_called(self, kind: Kind, iri: str, name: str, language: str) -> None:
        """Say what the document calls a thing, where its names are others.

        Words about a town and its twin are no name that people call that by; they lead
        to it all the same.
        """
        file = STRATEGY_FILE.format(kind.file)
        prop = "hiddenLabel" if kind.name == "Twinning" else "altLabel"
        self.name(file, iri, SKOS + prop, {language: name})

    def in_sphere(self, programme: str, spheres: Iterable[str]) -> None:
        """Say which spheres of cooperation a programme is of: an editor's knowledge."""
        for sphere in spheres:
            file = REFERENCE_FILE.format("programmes")
            self.say(file, programme, GLO + "inSphere", ox.NamedNode(sphere))

    def documents(self, file: str, document: str, plan: str) -> None:
        """Say which plan a document documents, in the file of its passages."""
        self.say(file, document, GLO + "documents", ox.NamedNode(plan))

    def prefixes(self) -> dict[str, str]:
        """Return the prefixes that the triples are written with."""
        paths = {kind.path for kind in known_kinds().values()}
        paths |= {"authority", "element", "entry", "membership", "participation"}
        paths |= {"passage", "record"}
        own = {path: f"{self.things}{path}/" for path in paths | {"document"}}
        shared = {
            name: f"{CODE}{name}/"
            for name in (
                *("confidence", "cooperation-sphere", "reading-certainty"),
                *("record-scheme", "role", "verification-status"),
            )
        }
        names = {"adms": ADMS, "dcterms": DCTERMS, "glo": GLO, "rdfs": RDFS}
        names |= {"skos": SKOS, "xsd": XSD, "scheme": CODE}
        area = {
            name: f"{self.base}code/{name}/"
            for name in ("subject-area", "collaborator-group")
        }
        return dict(sorted((own | shared | names | area).items()))

    def first(self, names: Mapping[str, str]) -> str:
        """Return the name in the first language that has one, "" for none."""
        asked = (*self._languages, *names)
        return next((names[lang] for lang in asked if names.get(lang)), "")

    def free(self, key: str) -> str:
        """Return a key that nothing has, with a number where it must be."""
        number, result = 1, key
        while self.known.is_known(self.things + result):
            number += 1
            result = f"{key}-{number}"
        return result

    def name(self, file: str, iri: str, prop: str, names: Mapping[str, str]) -> None:
        """Say what something is called, in each language."""
        for language, name in names.items():
            if name:
                self.say(file, iri, prop, ox.Literal(name, language=language))

    def say(
        self, file: str, iri: str, prop: str, value: ox.NamedNode | ox.Literal
    ) -> None:
        """Say one thing, in a file, unless the project has said it."""
        triple = ox.Triple(ox.NamedNode(iri), ox.NamedNode(prop), value)
        self.said.append(triple)
        self.claimed.add(triple)
        if triple not in self.known.triples:
            self.added[file].append(triple)
            self.known.add([triple])
