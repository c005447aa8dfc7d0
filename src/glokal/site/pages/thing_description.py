"""What the page of a thing shows: what is said of it, by whom, and what follows.

A page tells apart what the strategy says, each statement with its own passages, what
its editor has judged, what registers add (names, codes, geometry), what follows, and
what other sources say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.core.namespaces import GEO, GLO, RDF, RDFS, SKOS
from glokal.core.settings import LANGUAGES
from glokal.rdf.serializers.formats import SUFFIXES
from glokal.rdf.terms import text_of
from glokal.site.citations import Cited, CitedFact, PassageLink
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Fact, Value, in_order
from glokal.site.pages.outside_statements import (
    OutsideStatement,
    OutsideTable,
    outside_table,
)
from glokal.site.pages.thing_sections import Section, Sections
from glokal.site.reasons import InferredFact
from glokal.site.what_it_is import what_it_is
from glokal.source.statements import ours

# What has a place of its own on the page.
_OWN_PLACE = {
    RDF + "type",
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "scopeNote",
    GLO + "statement",
    GLO + "readingText",
    GLO + "citation",
}
LABELS = (RDFS + "label", SKOS + "prefLabel")
_ANCHORS = {GLO + "statedIn", GLO + "affirmedIn"}
# Help for the reasoner, of no interest to a reader.
_SILENT = {GLO + "hasAcceptedMembership", GLO + "hasAcceptedParticipation"}
_QUOTE = GLO + "exactQuote"
# A thousand coordinates are for programs; the data files have them.
_UNREADABLE = {GEO + "asWKT"}
# How a code stands in its list; the page of the ontology shows the lists.
_LISTED = {SKOS + "inScheme", SKOS + "notation", SKOS + "topConceptOf"}
Formats = list[tuple[str, str]]
# What the source can't be quoted for: the editor's notes and judgements.
JUDGED = {listed.term for listed in ours()} - {""}
SKIPPED = _OWN_PLACE | _ANCHORS | _SILENT | _UNREADABLE | _LISTED


@dataclass(frozen=True)
class Quote:
    """Words of the strategy, and every place that has them."""

    text: str
    lang: str
    places: tuple[PassageLink, ...]


@dataclass(frozen=True)
class Thing:
    """Everything that the page of a thing shows, in one language.

    `also` are the other IRIs that the page tells of, each with its files.
    """

    iri: str
    path: str
    title: str
    title_lang: str
    kinds: tuple[Value, ...]
    names: tuple[Value, ...]
    also: tuple[tuple[str, Formats], ...]
    about: str
    what: str
    wording: Value
    sections: tuple[Section, ...]
    is_text: bool
    facts: tuple[CitedFact, ...]
    judged: tuple[CitedFact, ...]
    reported: tuple[Fact, ...]
    registered: tuple[Fact, ...]
    records: OutsideTable
    quotes: tuple[Quote, ...]
    inferred: tuple[InferredFact, ...]
    added: tuple[Fact, ...]
    outside: OutsideTable
    incoming: tuple[Fact, ...]


def describe_thing(
    view: GraphView, sections: Sections, iri: str, lang: str, words: Mapping[str, Any]
) -> Thing:
    """Return what the page of a thing shows."""
    cited = sections.cited
    every = view.together(iri)
    title = view.link(iri, lang)
    shown = [
        t
        for one in every
        for t in view.out(one)
        if t.predicate.value not in SKIPPED and text_of(t.object) not in every
    ]
    quotes = gathered_quotes(_quotes(view, cited, every, lang, words))
    # What is quoted isn't said a second time.
    said = {_plain(quote.text) for quote in quotes}
    statements = [
        t
        for t in shown
        if t not in view.beside
        and not (t.predicate.value == _QUOTE and _plain(text_of(t.object)) in said)
    ]
    net, questions = sections.relations, sections.questions
    records, outside = (
        outside_table(view, every, net, lang, words, questions, registers=registers)
        for registers in (True, False)
    )
    return Thing(
        iri=iri,
        path=view.path(iri),
        title=title.text,
        title_lang=title.lang,
        kinds=view.kinds(iri, lang),
        names=_names(view, every, title, lang),
        also=tuple((one, data_formats(view, one)) for one in every[1:]),
        about=view.value(iri, SKOS + "scopeNote", lang),
        what=what_it_is(view, sections.relations, iri, lang),
        wording=_wording(view, iri, lang),
        sections=sections.of(iri, lang, words),
        is_text=iri in cited.provenance.source.own,
        facts=cited.facts(
            (t for t in statements if t.predicate.value not in JUDGED), lang, words
        ),
        judged=cited.facts(
            (t for t in statements if t.predicate.value in JUDGED), lang, words
        ),
        reported=view.facts((t for t in shown if t in view.reported), lang),
        registered=view.facts(
            (t for t in shown if t in view.registered and not _told(t, records.rows)),
            lang,
        ),
        added=view.facts((t for t in shown if t in view.added), lang),
        records=records,
        quotes=quotes,
        inferred=sections.reasons.facts(
            (
                t
                for one in every
                for t in view.inferred(one)
                if t.predicate.value not in SKIPPED
            ),
            lang,
            words,
        ),
        outside=outside,
        incoming=_naming(view, every, lang),
    )


def data_formats(view: GraphView, iri: str) -> Formats:
    """Return the files that hold the data of a thing, by their media types."""
    base = view.own_path(iri).rstrip("/")
    return [(media, f"{base}.{suffix}") for media, suffix in SUFFIXES.items()]


def _told(triple: ox.Triple, records: Iterable[OutsideStatement]) -> bool:
    """Whether a record beside it says the same, with its source."""
    text = text_of(triple.object)
    return any(text in (v.text, v.href) for r in records for v in r.values)


def _names(
    view: GraphView, every: Iterable[str], title: Value, lang: str
) -> tuple[Value, ...]:
    """Return other names: those in languages that no page is in, and other labels."""
    results = [
        view.cell(t.object, lang)
        for iri in every
        for t in view.out(iri)
        if isinstance(t.object, ox.Literal)
        and (
            t.predicate.value == SKOS + "altLabel"
            or (t.predicate.value in LABELS and t.object.language not in LANGUAGES)
        )
    ]
    return in_order({v for v in results if v.text != title.text}, lang)


def _wording(view: GraphView, iri: str, lang: str) -> Value:
    for prop in ("statement", "readingText"):
        terms = [t.object for t in view.out(iri) if t.predicate.value == GLO + prop]
        if terms:
            return view.values(terms, lang)[0]
    return Value("")


def _quotes(
    view: GraphView,
    cited: Cited,
    every: Iterable[str],
    lang: str,
    words: Mapping[str, Any],
) -> tuple[PassageLink, ...]:
    triples = [t for iri in every for t in view.out(iri)]
    passages = {text_of(t.object) for t in triples if t.predicate.value in _ANCHORS}
    return cited.sources(passages, lang, words)


def gathered_quotes(passages: Iterable[PassageLink]) -> tuple[Quote, ...]:
    """Return the words of passages, each once, with the places that have them."""
    places: dict[str, list[PassageLink]] = defaultdict(list)
    for passage in passages:
        places[_plain(passage.text).rstrip(".")].append(passage)
    return tuple(Quote(p[0].text, p[0].lang, tuple(p)) for p in places.values())


def _naming(view: GraphView, every: Iterable[str], lang: str) -> tuple[Fact, ...]:
    """Return what has a page and names one of some things, by what kind it is."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for one in every:
        for t in view.into(one):
            subject = text_of(t.subject)
            named = t.predicate.value != GLO + "about" and subject not in every
            if named and view.path(subject):
                kinds = view.kinds(subject, lang)
                by_kind[kinds[0].text if kinds else ""].add(subject)
    # Several items of the appendix are called alike.
    facts = (
        Fact(kind, view.linked(sorted(found), lang)) for kind, found in by_kind.items()
    )
    return tuple(sorted(facts, key=lambda f: sort_key(f.label, lang)))


def _plain(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(text.split())
