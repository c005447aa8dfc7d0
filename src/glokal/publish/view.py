"""From the graph to what a page shows: plain values, no HTML.

A page tells five things apart: what the strategy says, what registers add (names,
codes, geometry), what follows, what other sources say, and what refers to the thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.model.labels import Labels
from glokal.publish.words import outside_term
from glokal.rdf.sources import REFERENCE
from glokal.rdf.terms import literal_in, sort_key, text_of
from glokal.vocabulary import GLO, RDF, RDFS, SKOS
from glokal.workspace import Workspace

_OWN_PLACE = {RDF + "type", RDFS + "label", SKOS + "prefLabel"}
_ANCHORS = {GLO + "statedIn", GLO + "affirmedIn"}
# Help for the reasoner, of no interest to a reader.
_SILENT = {GLO + "hasAcceptedMembership", GLO + "hasAcceptedParticipation"}


@dataclass(frozen=True)
class Value:
    """A value on a page: its text, its language when not the page's, its link."""

    text: str
    lang: str = ""
    href: str = ""


@dataclass(frozen=True)
class Fact:
    """A property in words and its values."""

    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Quote:
    """A passage that a thing rests on: where it stands and what it says."""

    citation: str
    text: str
    href: str


@dataclass(frozen=True)
class Outside:
    """What another source says of a thing."""

    scheme: str
    values: tuple[Value, ...]
    source: str
    confidence: str


@dataclass(frozen=True)
class Thing:
    """Everything that the page of a thing shows, in one language."""

    iri: str
    path: str
    title: str
    title_lang: str
    kinds: tuple[Value, ...]
    facts: tuple[Fact, ...]
    registered: tuple[Fact, ...]
    quotes: tuple[Quote, ...]
    inferred: tuple[Fact, ...]
    outside: tuple[Outside, ...]
    incoming: tuple[Fact, ...]


class View:
    """The graph by subject and by object, for making pages."""

    def __init__(self, workspace: Workspace) -> None:
        self.base = workspace.project.things
        self.labels = Labels(workspace.files)
        self._out: dict[str, list[ox.Triple]] = defaultdict(list)
        self._in: dict[str, list[ox.Triple]] = defaultdict(list)
        self._inferred: dict[str, list[ox.Triple]] = defaultdict(list)
        self._about: dict[str, list[str]] = defaultdict(list)
        self._links: dict[tuple[str, str], Value] = {}
        for triple in self._all(workspace):
            self._out[text_of(triple.subject)].append(triple)
            self._in[text_of(triple.object)].append(triple)
            if triple.predicate.value == GLO + "about":
                self._about[text_of(triple.object)].append(text_of(triple.subject))
        said = {t for f in workspace.files if f.kind != REFERENCE for t in f.triples}
        self._registered = set(self._all(workspace)) - said
        for triple in workspace.inferred:
            self._inferred[text_of(triple.subject)].append(triple)

    @staticmethod
    def _all(workspace: Workspace) -> dict[ox.Triple, None]:
        return dict.fromkeys(t for f in workspace.files for t in f.triples)

    def things(self) -> list[str]:
        """Return the IRIs of all things, sorted."""
        return sorted(iri for iri in self._out if iri.startswith(self.base))

    def triples_of(self, iri: str) -> list[ox.Triple]:
        """Return the asserted triples with a subject."""
        return self._out[iri]

    def path(self, iri: str) -> str:
        """Return the path of a page below the language's root, "" for other IRIs."""
        return "doc/" + iri.removeprefix(self.base) + "/" if self.is_thing(iri) else ""

    def is_thing(self, iri: str) -> bool:
        """Whether an IRI is one of the project's things and is described."""
        return iri.startswith(self.base) and iri in self._out

    def thing(self, iri: str, lang: str) -> Thing:
        """Return what the page of a thing shows."""
        triples = self._out[iri]
        title = self.link(iri, lang)
        skip = _OWN_PLACE | _ANCHORS | _SILENT
        shown = [t for t in triples if t.predicate.value not in skip]
        return Thing(
            iri=iri,
            path=title.href,
            title=title.text,
            title_lang=title.lang,
            kinds=self.kinds(iri, lang),
            facts=self._facts((t for t in shown if t not in self._registered), lang),
            registered=self._facts((t for t in shown if t in self._registered), lang),
            quotes=self._quotes(triples, lang),
            inferred=self._facts(
                (t for t in self._inferred[iri] if t.predicate.value not in skip), lang
            ),
            outside=tuple(
                self._outside(r, lang) for r in sorted(self._about.get(iri, ()))
            ),
            incoming=self._incoming(iri, lang),
        )

    def kinds(self, iri: str, lang: str) -> tuple[Value, ...]:
        """Return the asserted classes of a thing."""
        types = (t.object for t in self._out[iri] if t.predicate.value == RDF + "type")
        return tuple(self.link(k, lang) for k in sorted(map(text_of, types)))

    def link(self, iri: str, lang: str) -> Value:
        """Return a thing as a value: its label and its page."""
        if (iri, lang) not in self._links:
            self._links[iri, lang] = self._link(iri, lang)
        return self._links[iri, lang]

    def cell(self, term: object, lang: str) -> Value:
        """Return a term of an answer as a value; nothing for an unbound one."""
        return self._value(term, lang) if term is not None else Value("–")

    def value(self, iri: str, prop: str, lang: str) -> str:
        """Return the text of a property in a language, "" when there is none."""
        found = literal_in(
            (t.object for t in self._out[iri] if t.predicate.value == prop), lang, "nb"
        )
        return found.value if found else ""

    def _untitled(self, triples: Iterable[ox.Triple], iri: str, lang: str) -> str:
        citation = self.value(iri, GLO + "citation", lang)
        if citation:
            return citation
        parts = [
            self.labels.of(text_of(t.object), lang)
            for t in sorted(triples, key=str)
            if t.predicate.value.removeprefix(GLO)
            in ("member", "membershipIn", "participant", "participationIn")
            or t.predicate.value.removeprefix(GLO) in ("entryOf", "refersTo", "about")
        ]
        return " – ".join(parts) or iri.rpartition("/")[2]

    def _value(self, term: object, lang: str) -> Value:
        if isinstance(term, ox.Literal):
            return Value(str(term.value), _foreign(term, lang))
        return self.link(text_of(term), lang)

    def _link(self, iri: str, lang: str) -> Value:
        if iri.startswith(GLO):
            return Value(self.labels.of(iri, lang), "", f"def/#{iri.removeprefix(GLO)}")
        label = self.labels.literal(iri, lang)
        if self.is_thing(iri):
            text = label.value if label else self._untitled(self._out[iri], iri, lang)
            return Value(text, _foreign(label, lang), self.path(iri))
        if label:
            return Value(label.value, _foreign(label, lang))
        return Value(iri, "", iri if iri.startswith("http") else "")

    def _term(self, iri: str, lang: str) -> str:
        own = iri.startswith(GLO)
        return self.labels.of(iri, lang) if own else outside_term(iri, lang)

    def _facts(self, triples: Iterable[ox.Triple], lang: str) -> tuple[Fact, ...]:
        by_property: dict[str, list[object]] = defaultdict(list)
        for t in triples:
            by_property[t.predicate.value].append(t.object)
        facts = [
            Fact(self._term(prop, lang), self._values(terms, lang))
            for prop, terms in by_property.items()
        ]
        return tuple(sorted(facts, key=lambda f: sort_key(f.label)))

    def _values(self, terms: list[object], lang: str) -> tuple[Value, ...]:
        tagged = [t for t in terms if isinstance(t, ox.Literal) and t.language]
        own = [t for t in tagged if t.language == lang]
        rest = [t for t in terms if t not in tagged]
        shown = [self._value(t, lang) for t in [*(own or tagged), *rest]]
        return tuple(sorted(shown, key=lambda v: sort_key(v.text)))

    def _quotes(self, triples: Iterable[ox.Triple], lang: str) -> tuple[Quote, ...]:
        passages = {text_of(t.object) for t in triples if t.predicate.value in _ANCHORS}
        return tuple(
            Quote(
                self.value(p, GLO + "citation", lang),
                self.value(p, GLO + "readingText", "nb"),
                self.path(p),
            )
            for p in sorted(passages)
        )

    def _outside(self, record: str, lang: str) -> Outside:
        triples = self._out[record]

        def objects(name: str) -> list[object]:
            return [t.object for t in triples if t.predicate.value == GLO + name]

        scheme = next(iter(objects("recordScheme")), None)
        confidence = next(iter(objects("confidence")), None)
        return Outside(
            scheme=self.labels.of(text_of(scheme), lang),
            values=self._values(objects("recordValue") + objects("recordIri"), lang),
            source=", ".join(map(text_of, objects("recordSource"))),
            confidence=self.labels.of(text_of(confidence), lang),
        )

    def _incoming(self, iri: str, lang: str) -> tuple[Fact, ...]:
        by_property: dict[str, list[object]] = defaultdict(list)
        for t in self._in[iri]:
            name = t.predicate.value
            if self.is_thing(text_of(t.subject)) and name != GLO + "about":
                by_property[name].append(t.subject)
        facts = [
            Fact(self._term(prop, lang), self._values(subjects, lang))
            for prop, subjects in by_property.items()
        ]
        return tuple(sorted(facts, key=lambda f: sort_key(f.label)))


def _foreign(literal: ox.Literal | None, lang: str) -> str:
    language = literal.language if literal is not None else None
    return language if language and language != lang else ""
