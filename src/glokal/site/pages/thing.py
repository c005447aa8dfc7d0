"""The page of a thing: what is said of it, by whom, and what has to do with it.

A page tells apart what the strategy says, each statement with its own passages, what
its editor has judged, what registers add (names, codes, geometry), what follows, and
what other sources say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from glokal.core.files.data_files import write_data_file
from glokal.core.namespaces import GEO, GLO, RDF, RDFS, SKOS
from glokal.core.settings import LANGUAGES
from glokal.dataset.prefixes import all_prefixes, statement_prefixes
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import SUFFIXES, serialise
from glokal.rdf.terms import text_of
from glokal.site.charts.municipality_map import draw_map
from glokal.site.charts.network import draw_network
from glokal.site.citations import Cited, CitedFact, PassageLink, passage_anchor
from glokal.site.graph_view import Fact, GraphView, Value, as_address, in_order
from glokal.site.pages.thing_list import is_supporting
from glokal.site.pages.thing_sections import Section, Sections
from glokal.site.pages.thing_summary import thing_summary
from glokal.site.reasons import InferredFact
from glokal.site.relations import RelationIndex
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChanges
from glokal.site.view_pages import view_box
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
# A thousand coordinates are for programs; the data files have them.
_UNREADABLE = {GEO + "asWKT"}
# How a code stands in its list; the page of the ontology shows the lists.
_LISTED = {SKOS + "inScheme", SKOS + "notation", SKOS + "topConceptOf"}
# What the source can't be quoted for: the editor's notes and judgements.
JUDGED = {listed.term for listed in ours()} - {""}
SKIPPED = _OWN_PLACE | _ANCHORS | _SILENT | _UNREADABLE | _LISTED


@dataclass(frozen=True)
class OutsideStatement:
    """What another source says of a thing."""

    scheme: str
    values: tuple[Value, ...]
    sources: tuple[Value, ...]
    confidence: str


@dataclass(frozen=True)
class Thing:
    """Everything that the page of a thing shows, in one language."""

    iri: str
    path: str
    title: str
    title_lang: str
    kinds: tuple[Value, ...]
    names: tuple[Value, ...]
    about: str
    wording: Value
    sections: tuple[Section, ...]
    is_text: bool
    facts: tuple[CitedFact, ...]
    judged: tuple[CitedFact, ...]
    reported: tuple[Fact, ...]
    registered: tuple[Fact, ...]
    records: tuple[OutsideStatement, ...]
    quotes: tuple[PassageLink, ...]
    inferred: tuple[InferredFact, ...]
    added: tuple[Fact, ...]
    outside: tuple[OutsideStatement, ...]
    incoming: tuple[Fact, ...]


def describe_thing(
    view: GraphView, sections: Sections, iri: str, lang: str, words: Mapping[str, Any]
) -> Thing:
    """Return what the page of a thing shows."""
    cited = sections.cited
    triples = view.out(iri)
    title = view.link(iri, lang)
    shown = [t for t in triples if t.predicate.value not in SKIPPED]
    statements = [t for t in shown if t not in view.beside]
    about = sorted(
        text_of(t.subject) for t in view.into(iri) if t.predicate.value == GLO + "about"
    )
    return Thing(
        iri=iri,
        path=view.path(iri),
        title=title.text,
        title_lang=title.lang,
        kinds=view.kinds(iri, lang),
        names=_names(view, iri, title, lang),
        about=view.value(iri, SKOS + "scopeNote", lang),
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
        registered=view.facts((t for t in shown if t in view.registered), lang),
        added=view.facts((t for t in shown if t in view.added), lang),
        records=tuple(
            _record(view, r, lang) for r in about if r not in view.supplement
        ),
        quotes=_quotes(view, cited, iri, lang, words),
        inferred=sections.reasons.facts(
            (t for t in view.inferred(iri) if t.predicate.value not in SKIPPED),
            lang,
            words,
        ),
        outside=tuple(_record(view, r, lang) for r in about if r in view.supplement),
        incoming=view.facts(
            (
                t
                for t in view.into(iri)
                if view.path(text_of(t.subject)) and t.predicate.value != GLO + "about"
            ),
            lang,
            backwards=True,
        ),
    )


def write_things(
    view: GraphView,
    pages: PageRenderer,
    workspace: Workspace,
    sections: Sections,
    changes: ReportedChanges,
) -> None:
    """Write the page of each thing in each language, and its data beside it.

    The data are its triples and the nodes that say which passages they rest on, and of
    what follows about it the nodes that say why. They are the same in every view.
    """
    net = RelationIndex(workspace)
    around = view.region_municipalities()
    prefixes = {**all_prefixes(workspace), **statement_prefixes(workspace)}
    known = sorted(prefixes.items())
    for iri in view.things():
        path = view.path(iri)
        if not any(pages.shows(lang, path) for lang in pages.project.languages):
            continue
        if pages.of_reported and iri in sections.cited.provenance.source.own:
            # The strategy's text is what it was.
            continue
        base, behind = path.rstrip("/"), is_supporting(view, iri)
        formats = [(media, f"{base}.{suffix}") for media, suffix in SUFFIXES.items()]
        about = [*sections.cited.triples(iri), *sections.reasons.triples(iri)]
        triples = [*view.out(iri), *dict.fromkeys(about)]
        for media, name in formats if not pages.of_reported else ():
            key = pages.kept.key(media, triples, known)
            if not pages.kept.take(name, key):
                data = serialise(triples, media, prefixes)
                write_data_file(pages.root, name, data, media)
                pages.kept.note(name, key)
        told, is_new = changes.about(iri), changes.is_new(iri)
        for lang in pages.project.languages:
            words = pages.words[lang]
            thing = describe_thing(view, sections, iri, lang, words)
            pages.render(
                "thing.html",
                lang,
                thing.path,
                thing.title,
                title_lang=thing.title_lang,
                thing=thing,
                crumbs=[
                    (words["all_things"], words["paths"]["all"]),
                    (thing.title, ""),
                ],
                brief=thing_summary(view, net, iri, lang, words),
                network=draw_network(view, net, iri, lang),
                map=draw_map(view, around, lang) if iri in around else None,
                place=_place(view, iri, words),
                report=report_address(pages, thing, lang),
                formats=formats,
                behind=behind,
                box=None
                if behind and not told
                else view_box(changes.lines(told, lang, words), is_new=is_new),
            )


def report_address(pages: PageRenderer, thing: Thing, lang: str) -> str:
    """Return where to tell of a mistake: an e-mail begun, else the contact's site."""
    project, words = pages.project, pages.words[lang]
    if not project.contact.email:
        return project.contact.url
    subject = words["report_subject"].format(title=thing.title)
    page = project.address + pages.home(lang) + thing.path
    body = words["report_body"].format(page=page, iri=thing.iri)
    fields = urlencode({"subject": subject, "body": body}, quote_via=quote)
    return f"mailto:{project.contact.email}?{fields}"


def _names(view: GraphView, iri: str, title: Value, lang: str) -> tuple[Value, ...]:
    """Return other names: those in languages that no page is in, and other labels."""
    results = [
        view.cell(t.object, lang)
        for t in view.out(iri)
        if isinstance(t.object, ox.Literal)
        and (
            t.predicate.value == SKOS + "altLabel"
            or (t.predicate.value in LABELS and t.object.language not in LANGUAGES)
        )
    ]
    return in_order({v for v in results if v.text != title.text})


def _place(view: GraphView, iri: str, words: Mapping[str, Any]) -> str:
    if not view.objects(iri, GLO + "passageOf"):
        return ""
    return f"{words['paths']['strategy']}#{passage_anchor(iri)}"


def _wording(view: GraphView, iri: str, lang: str) -> Value:
    for prop in ("statement", "readingText"):
        terms = [t.object for t in view.out(iri) if t.predicate.value == GLO + prop]
        if terms:
            return view.values(terms, lang)[0]
    return Value("")


def _quotes(
    view: GraphView, cited: Cited, iri: str, lang: str, words: Mapping[str, Any]
) -> tuple[PassageLink, ...]:
    triples = view.out(iri)
    passages = {text_of(t.object) for t in triples if t.predicate.value in _ANCHORS}
    return cited.sources(passages, lang, words)


def _record(view: GraphView, record: str, lang: str) -> OutsideStatement:
    triples = view.out(record)

    def objects(name: str) -> list[object]:
        return [t.object for t in triples if t.predicate.value == GLO + name]

    scheme = next(iter(objects("recordScheme")), None)
    confidence = next(iter(objects("confidence")), None)
    named = " ; ".join(map(text_of, objects("recordSource"))).split(" ; ")
    return OutsideStatement(
        scheme=view.labels.of(text_of(scheme), lang),
        values=view.values(objects("recordValue") + objects("recordIri"), lang),
        sources=tuple(as_address(source) for source in named),
        confidence=view.labels.of(text_of(confidence), lang),
    )
