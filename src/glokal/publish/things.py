"""The page of a thing: what is said of it, by whom, and what has to do with it.

A page tells apart what the strategy says, what registers add (names, codes,
geometry), what follows, and what other sources say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from glokal.config import LANGUAGES
from glokal.dump.files import write_file
from glokal.dump.formats import SUFFIXES, all_prefixes, serialise
from glokal.publish.brief import brief
from glokal.publish.index import is_behind
from glokal.publish.pages import Pages
from glokal.publish.pictures.network import draw_network
from glokal.publish.pictures.outlines import draw_map
from glokal.publish.sections import Section, Sections, Source, passage_anchor
from glokal.publish.ties import Net
from glokal.publish.view import Fact, Value, View, as_address, in_order
from glokal.rdf.terms import text_of
from glokal.vocabulary import GEO, GLO, RDF, RDFS, SKOS
from glokal.workspace import Workspace

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
SKIPPED = _OWN_PLACE | _ANCHORS | _SILENT | _UNREADABLE | _LISTED


@dataclass(frozen=True)
class Outside:
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
    facts: tuple[Fact, ...]
    reported: tuple[Fact, ...]
    registered: tuple[Fact, ...]
    records: tuple[Outside, ...]
    quotes: tuple[Source, ...]
    inferred: tuple[Fact, ...]
    outside: tuple[Outside, ...]
    incoming: tuple[Fact, ...]


def describe(
    view: View, sections: Sections, iri: str, lang: str, words: Mapping[str, Any]
) -> Thing:
    """Return what the page of a thing shows."""
    triples = view.out(iri)
    title = view.link(iri, lang)
    shown = [t for t in triples if t.predicate.value not in SKIPPED]
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
        facts=view.facts((t for t in shown if t not in view.beside), lang),
        reported=view.facts((t for t in shown if t in view.reported), lang),
        registered=view.facts((t for t in shown if t in view.registered), lang),
        records=tuple(
            _record(view, r, lang) for r in about if r not in view.supplement
        ),
        quotes=_quotes(view, sections, iri, lang, words),
        inferred=view.facts(
            (t for t in view.inferred(iri) if t.predicate.value not in SKIPPED), lang
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
    view: View, pages: Pages, workspace: Workspace, sections: Sections
) -> None:
    """Write the page of each thing in each language, and its triples beside it."""
    net = Net(workspace)
    around = view.region_municipalities()
    prefixes = all_prefixes(workspace)
    known = sorted(prefixes.items())
    for iri in view.things():
        base = view.path(iri).rstrip("/")
        formats = [(media, f"{base}.{suffix}") for media, suffix in SUFFIXES.items()]
        for media, path in formats:
            key = pages.kept.key(media, view.out(iri), known)
            if not pages.kept.take(path, key):
                data = serialise(view.out(iri), media, prefixes)
                write_file(pages.root, path, data, media)
                pages.kept.note(path, key)
        for lang in pages.project.languages:
            words = pages.words[lang]
            thing = describe(view, sections, iri, lang, words)
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
                brief=brief(view, net, iri, lang, words),
                network=draw_network(view, net, iri, lang),
                map=draw_map(view, around, lang) if iri in around else None,
                place=_place(view, iri, words),
                report=report_address(pages, thing, lang),
                formats=formats,
                behind=is_behind(view, iri),
            )


def report_address(pages: Pages, thing: Thing, lang: str) -> str:
    """Return where to tell of a mistake: an e-mail begun, else the contact's site."""
    project, words = pages.project, pages.words[lang]
    if not project.contact.email:
        return project.contact.url
    subject = words["report_subject"].format(title=thing.title)
    page = project.address + pages.home(lang) + thing.path
    body = words["report_body"].format(page=page, iri=thing.iri)
    fields = urlencode({"subject": subject, "body": body}, quote_via=quote)
    return f"mailto:{project.contact.email}?{fields}"


def _names(view: View, iri: str, title: Value, lang: str) -> tuple[Value, ...]:
    """Return other names: those in languages that no page is in, and other labels."""
    found = [
        view.cell(t.object, lang)
        for t in view.out(iri)
        if isinstance(t.object, ox.Literal)
        and (
            t.predicate.value == SKOS + "altLabel"
            or (t.predicate.value in LABELS and t.object.language not in LANGUAGES)
        )
    ]
    return in_order({v for v in found if v.text != title.text})


def _place(view: View, iri: str, words: Mapping[str, Any]) -> str:
    if not view.objects(iri, GLO + "passageOf"):
        return ""
    return f"{words['paths']['strategy']}#{passage_anchor(iri)}"


def _wording(view: View, iri: str, lang: str) -> Value:
    for prop in ("statement", "readingText"):
        terms = [t.object for t in view.out(iri) if t.predicate.value == GLO + prop]
        if terms:
            return view.values(terms, lang)[0]
    return Value("")


def _quotes(
    view: View, sections: Sections, iri: str, lang: str, words: Mapping[str, Any]
) -> tuple[Source, ...]:
    triples = view.out(iri)
    passages = {text_of(t.object) for t in triples if t.predicate.value in _ANCHORS}
    return tuple(sections.source(p, lang, words) for p in sorted(passages))


def _record(view: View, record: str, lang: str) -> Outside:
    triples = view.out(record)

    def objects(name: str) -> list[object]:
        return [t.object for t in triples if t.predicate.value == GLO + name]

    scheme = next(iter(objects("recordScheme")), None)
    confidence = next(iter(objects("confidence")), None)
    named = " ; ".join(map(text_of, objects("recordSource"))).split(" ; ")
    return Outside(
        scheme=view.labels.of(text_of(scheme), lang),
        values=view.values(objects("recordValue") + objects("recordIri"), lang),
        sources=tuple(as_address(source) for source in named),
        confidence=view.labels.of(text_of(confidence), lang),
    )
