"""From the graph to what pages show: plain values, no HTML."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.namespaces import DCTERMS, GLO, RDF
from glokal.dataset.codes_in_use import LOOKED_UP, codes_in_use
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import REFERENCE, REGISTER, SUPPLEMENT
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import literal_in, text_of
from glokal.site.page_values import (
    Fact,
    Value,
    as_address,
    foreign,
    in_language,
    in_order,
)
from glokal.site.page_words import cell_text, outside_term
from glokal.site.triple_lookup import SaidOnlyBy, by_subject, triple_lookup

# An untitled node is called by what it connects.
_CONNECTS = (
    "member", "membershipIn", "participant", "participationIn",
    "entryOf", "refersTo", "about",
)  # fmt: skip
_READING = GLO + "readingText"
_GOVERNS, _LANGUAGE = GLO + "governs", DCTERMS + "language"
# Links that are kept: about 40 MB.
_MOST_LINKS = 100_000


class GraphView:
    """The graph by subject and by object, for making pages."""

    def __init__(self, workspace: Workspace) -> None:
        self.base = workspace.project.things
        self.translations = workspace.project.translations
        self.today = workspace.project.modified
        self.source_names = workspace.project.sources
        self._triples = triple_lookup(workspace.files)
        self.labels = self._triples.labels
        self.registered = SaidOnlyBy(self._triples, REFERENCE)
        self.reported = SaidOnlyBy(self._triples, REGISTER)
        self.added = SaidOnlyBy(self._triples, SUPPLEMENT)
        self.beside = SaidOnlyBy(self._triples, REFERENCE, REGISTER, SUPPLEMENT)
        self._inferred = by_subject(workspace.inferred, len(workspace.inferred))
        self._links: dict[tuple[str, str], Value] = {}
        self._codes = codes_in_use(workspace.files)
        self._pages = set(self._codes)
        self.supplement: set[str] = set()
        self._governed_by: dict[str, list[str]] = {}
        self._languages: list[ox.Triple] = []
        self._go_through(workspace.files)
        self._leading = self._joined()

    def _go_through(self, files: Iterable[SourceFile]) -> None:
        """Keep what is asked of everything: who has a page, who governs what."""
        governed: dict[str, dict[str, None]] = defaultdict(dict)
        for file in files:
            before: object = None
            for t in file.triples:
                # What is said of a thing mostly stands together.
                if t.subject != before:
                    before, subject = t.subject, text_of(t.subject)
                    if subject.startswith(self.base):
                        self._pages.add(subject)
                    if file.kind == SUPPLEMENT:
                        self.supplement.add(subject)
                if t.predicate.value == _GOVERNS:
                    governed[text_of(t.object)][subject] = None
                elif t.predicate.value == _LANGUAGE:
                    self._languages.append(t)
        self._governed_by = {iri: list(whose) for iri, whose in governed.items()}

    def things(self) -> list[str]:
        """Return the IRIs of all that is told of on a page, sorted."""
        return sorted(self._pages)

    def leading(self, iri: str) -> str:
        """Return the thing whose page tells of a thing: itself, mostly.

        People make no difference between a municipality and the authority that governs
        it; the page of the area tells of both.
        """
        return self._leading.get(iri, iri)

    def together(self, iri: str) -> tuple[str, ...]:
        """Return all that the page of a thing tells of, itself first."""
        return (iri, *(o for o, lead in self._leading.items() if lead == iri))

    def out(self, iri: str) -> Sequence[ox.Triple]:
        """Return the asserted triples with a subject."""
        return self._triples.out(iri)

    def into(self, iri: str) -> Iterable[ox.Triple]:
        """Return the asserted triples with an object."""
        return self._triples.into(iri)

    def inferred(self, iri: str) -> Sequence[ox.Triple]:
        """Return what follows about a subject."""
        return self._inferred(iri)

    def instances(self, *kinds: str) -> list[str]:
        """Return the things that are asserted to be of the ontology's classes."""
        results = {
            text_of(t.subject)
            for kind in kinds
            for t in self.into(GLO + kind)
            if t.predicate.value == RDF + "type"
        }
        return sorted(results & self._pages)

    def subjects_of_type(self, kind: str) -> list[str]:
        """Return what is asserted to be of a class, given by its IRI; sorted."""
        return sorted(
            {
                text_of(t.subject)
                for t in self.into(kind)
                if t.predicate.value == RDF + "type"
            }
        )

    def region_municipalities(self) -> list[str]:
        """Return the municipalities that the source places in a region.

        A plan without a cooperation region has those that it applies to, and those that
        its mapping lists something for; when these are counties, the counties.
        """
        within = GLO + "withinRegion"
        areas = self.instances("Municipality")
        return (
            [m for m in areas if self.objects(m, within)]
            or [m for m in areas if self._planned_for(m)]
            or [c for c in self.instances("County") if self._planned_for(c)]
        )

    def _planned_for(self, area: str) -> bool:
        plans = set(self.instances("InternationalStrategy"))
        applied = {
            text_of(t.subject)
            for t in self.into(area)
            if t.predicate.value == GLO + "appliesTo"
        }
        listed = (
            t.predicate.value == GLO + "entryOf"
            for authority in self.governed_by(area)
            for t in self.into(authority)
        )
        return bool(plans & applied) or any(listed)

    def path(self, iri: str) -> str:
        """Return the path of the page that tells of a thing, "" for other IRIs.

        It stands below the root of the page's language.
        """
        return self.own_path(self.leading(iri))

    def own_path(self, iri: str) -> str:
        """Return the path that is a thing's own, where its data are; "" for others."""
        if iri not in self._pages:
            return ""
        if iri.startswith(self.base):
            return "doc/" + iri.removeprefix(self.base) + "/"
        return f"code/{self._codes[iri]}/"

    def in_use(self, code: str) -> bool:
        """Whether a code has a page, or is of a list that has none for any of them.

        A reader looks things up by the codes in use; the others are of other regions.
        """
        of_lists = {GLO + kind for kind in LOOKED_UP}
        return code in self._codes or of_lists.isdisjoint(self.kind_iris(code))

    def objects(self, iri: str, prop: str) -> list[str]:
        """Return the IRIs or texts of a property, sorted."""
        results = (t.object for t in self.out(iri) if t.predicate.value == prop)
        return sorted(text_of(o) for o in results)

    def kinds(self, iri: str, lang: str) -> tuple[Value, ...]:
        """Return the asserted classes of a thing, those of the ontology first."""
        return tuple(self.link(k, lang) for k in self.kind_iris(iri))

    def kind_iris(self, iri: str) -> list[str]:
        """Return the IRIs of the asserted classes of a thing, as `kinds` has them."""
        types = self.objects(iri, RDF + "type")
        return [k for k in types if k.startswith(GLO)] or types

    def link(self, iri: str, lang: str) -> Value:
        """Return a thing as a value: its label and its page."""
        link = self._links.get((iri, lang))
        if link is None:
            if len(self._links) >= _MOST_LINKS:
                self._links.clear()
            link = self._links[iri, lang] = self._link(iri, lang)
        return link

    def linked(self, iris: Iterable[str], lang: str) -> tuple[Value, ...]:
        """Return things as values, sorted by their labels."""
        return in_order((self.link(iri, lang) for iri in iris), lang)

    def cell(self, term: object, lang: str) -> Value:
        """Return a term as a value."""
        if not isinstance(term, ox.Literal):
            return self.link(text_of(term), lang)
        text = cell_text(term, lang)
        return Value(text, foreign(term, lang) if text == term.value else "")

    def value(self, iri: str, prop: str, lang: str) -> str:
        """Return the text of a property in a language, "" when there is none."""
        literal = literal_in(
            (t.object for t in self.out(iri) if t.predicate.value == prop), lang, "nb"
        )
        return literal.value if literal else ""

    def quoted_in(self, passage: str) -> str:
        """Return the language that a passage is read in, "" where nothing says it."""
        literal = literal_in(
            t.object for t in self.out(passage) if t.predicate.value == _READING
        )
        return (literal.language or "") if literal else ""

    @cached_property
    def source_language(self) -> str:
        """The language of the documents, "" when they are in several."""
        said = {
            text_of(t.object)
            for t in self._languages
            if GLO + "SourceDocument" in self.objects(text_of(t.subject), RDF + "type")
        }
        return next(iter(said)) if len(said) == 1 else ""

    def term(self, iri: str, lang: str) -> str:
        """Return the word for a property or a class."""
        own = iri.startswith(GLO)
        if own:
            return self.labels.of(iri, lang)
        return outside_term(iri, lang, self.translations)

    def term_named(self, name: str, lang: str) -> str:
        """Return the label of the ontology's term of that name, "" without one."""
        label = self.labels.literal(GLO + name, lang)
        return label.value if label else ""

    def facts(self, triples: Iterable[ox.Triple], lang: str) -> tuple[Fact, ...]:
        """Return triples as properties in words, sorted."""
        by_property: dict[str, list[object]] = defaultdict(list)
        for t in triples:
            by_property[t.predicate.value].append(t.object)
        facts = [
            Fact(self.term(prop, lang), self.values(terms, lang))
            for prop, terms in by_property.items()
        ]
        return tuple(sorted(facts, key=lambda f: sort_key(f.label, lang)))

    def values(self, terms: Iterable[object], lang: str) -> tuple[Value, ...]:
        """Return terms as values, texts in the page's language when they have it."""
        shown = in_language(terms, lang)
        return in_order((self.cell(t, lang) for t in shown), lang)

    def governed_by(self, iri: str) -> list[str]:
        """Return the authorities that are said to govern a municipality."""
        return self._governed_by.get(iri, [])

    def _joined(self) -> dict[str, str]:
        governed: dict[str, set[str]] = defaultdict(set)
        for municipality in self.instances("Municipality"):
            for authority in self.governed_by(municipality):
                governed[authority].add(municipality)
        return {
            authority: next(iter(areas))
            for authority, areas in sorted(governed.items())
            if len(areas) == 1 and authority in self._pages
        }

    def _link(self, iri: str, lang: str) -> Value:
        if iri.startswith(GLO):
            return Value(self.labels.of(iri, lang), "", f"def/#{iri.removeprefix(GLO)}")
        label = self.labels.literal(iri, lang)
        if iri in self._pages:
            text = label.value if label else self._untitled(iri, lang)
            return Value(text, foreign(label, lang), self.path(iri))
        if label:
            return Value(label.value, foreign(label, lang))
        return as_address(iri)

    def _untitled(self, iri: str, lang: str) -> str:
        parts = [
            self.labels.of(text_of(t.object), lang)
            for t in sorted(self.out(iri), key=str)
            if t.predicate.value.removeprefix(GLO) in _CONNECTS
        ]
        return " – ".join(parts) or iri.rpartition("/")[2]
