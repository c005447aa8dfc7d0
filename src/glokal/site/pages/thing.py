"""The pages of things, and their data beside them.

A thing that people make no difference from another has its data, and an address that
leads to the page of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from glokal.core.namespaces import GLO
from glokal.dataset.prefixes import all_prefixes, statement_prefixes
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import serialise
from glokal.site.charts.municipality_map import draw_map
from glokal.site.charts.network import draw_network
from glokal.site.citations import passage_anchor
from glokal.site.further_documents import (
    further_document,
    passages_named_by_document,
    words_of_document,
)
from glokal.site.graph_view import GraphView
from glokal.site.mapping_entries import compared_municipalities
from glokal.site.pages.conflict_sides import conflict_rows, conflict_sides
from glokal.site.pages.sheets import sheet_path
from glokal.site.pages.thing_description import Thing, data_formats, describe_thing
from glokal.site.pages.thing_entity import ThingEntities
from glokal.site.pages.thing_list import is_supporting
from glokal.site.pages.thing_sections import Sections
from glokal.site.pages.thing_summary import thing_summary
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChanges
from glokal.site.row_sources import printed_sources
from glokal.site.view_pages import view_box


class ThingWriter:
    """Writes the pages of things in each language, and their data beside.

    The data are its triples and the nodes that say which passages they rest on, and of
    what follows about it the nodes that say why. They are the same in every view.
    """

    def __init__(
        self,
        view: GraphView,
        pages: PageRenderer,
        workspace: Workspace,
        sections: Sections,
        changes: ReportedChanges,
    ) -> None:
        """Ask what is the same for all things."""
        self._view, self._pages = view, pages
        self._sections, self._changes = sections, changes
        self._entities = ThingEntities(view, workspace)
        self._around = view.region_municipalities()
        self._prefixes = {**all_prefixes(workspace), **statement_prefixes(workspace)}
        self._known = pages.kept.key(sorted(self._prefixes.items()))
        self._compared = set(compared_municipalities(view, workspace))
        self._further = passages_named_by_document(view)

    def write(self, things: Iterable[str]) -> None:
        """Write what belongs to the things that the view shows, by their IRIs."""
        view, pages = self._view, self._pages
        for iri in things:
            path = view.path(iri)
            if not any(pages.shows(lang, path) for lang in pages.project.languages):
                continue
            if pages.of_reported and iri in self._sections.cited.provenance.source.own:
                # The strategy's text is what it was.
                continue
            if not pages.of_reported:
                self._write_data(iri)
            if view.leading(iri) == iri:
                self._write_pages(iri)
            else:
                _lead_on(view, pages, iri)

    def _write_data(self, iri: str) -> None:
        sections, pages = self._sections, self._pages
        about = [*sections.cited.triples(iri), *sections.reasons.triples(iri)]
        triples = [*self._view.out(iri), *dict.fromkeys(about)]
        # The same in each format, so that it is told once.
        told_of = self._known and pages.kept.key(triples, self._known)
        for media, name in data_formats(self._view, iri):
            key = told_of and pages.kept.key(media, told_of)
            make = partial(serialise, triples, media, self._prefixes)
            pages.files.write(name, key, make)

    def _write_pages(self, iri: str) -> None:
        view, pages, sections = self._view, self._pages, self._sections
        changes, behind = self._changes, is_supporting(view, iri)
        told, is_new = changes.about_any(view.together(iri)), changes.is_new(iri)
        for lang in pages.project.languages:
            words = pages.words[lang]
            document = further_document(view, iri, lang)
            own: dict[str, Any] = {}
            if document:
                own["words"] = words_of_document(words, document)
            thing = describe_thing(view, sections, iri, lang, words)
            numbers, printed = printed_sources(
                row for part in thing.sections for row in part.rows
            )
            address = f"{pages.project.address}{pages.own_home(lang)}{thing.path}"
            pages.render(
                "thing.html",
                lang,
                thing.path,
                thing.title,
                title_lang=thing.title_lang,
                thing=thing,
                numbers=numbers,
                printed=printed,
                crumbs=[
                    (words["all_things"], words["paths"]["all"]),
                    (thing.title, ""),
                ],
                differing=conflict_rows(view, sections.cited, iri, lang, words),
                sides=conflict_sides(view, sections.cited, iri, lang, words),
                brief=thing_summary(view, sections.relations, iri, lang, words),
                network=draw_network(view, sections.relations, iri, lang),
                map=draw_map(view, self._around, lang) if iri in self._around else None,
                compared=iri in self._compared,
                quoted_from=document or _quoted_from(view, lang, words),
                names_itself=self._further.intersection(
                    p.href for q in thing.quotes for p in q.places
                ),
                **own,
                sheet=sheet_path(iri, words),
                place=_place(view, iri, words),
                report=report_address(pages, thing, lang),
                formats=data_formats(view, iri),
                behind=behind,
                searchable=not behind,
                proposal=changes.is_proposal(iri),
                plain=not behind,
                entities=self._entities.entities(thing, lang, address),
                box=None
                if behind and not told
                else view_box(changes.lines(told, lang, words), is_new=is_new),
            )


def _lead_on(view: GraphView, pages: PageRenderer, iri: str) -> None:
    """Let the address of a thing that has no page of its own lead to the page it has.

    In the view of what was reported it never had one.
    """
    if not pages.of_reported:
        for lang in pages.project.languages:
            home = pages.home(lang)
            own, page = home + view.own_path(iri), home + view.path(iri)
            pages.redirect(own, page, view.link(iri, lang).text, lang)


def report_address(pages: PageRenderer, thing: Thing, lang: str) -> str:
    """Return where to tell of a mistake: an e-mail begun, else the contact's site.

    "" when the makers of the pages have given no contact.
    """
    project, words = pages.project, pages.words[lang]
    if not project.contact.email:
        return project.contact.url if project.has_contact else ""
    subject = words["report_subject"].format(title=thing.title)
    page = project.address + pages.home(lang) + thing.path
    body = words["report_body"].format(page=page, iri=thing.iri)
    fields = urlencode({"subject": subject, "body": body}, quote_via=quote)
    return f"mailto:{project.contact.email}?{fields}"


def _quoted_from(view: GraphView, lang: str, words: Mapping[str, Any]) -> str:
    """Return the name of what is quoted: the strategy's own, if there is one."""
    found = view.linked(view.instances("InternationalStrategy"), lang)
    return found[0].text if len(found) == 1 else words["strategy"]


def _place(view: GraphView, iri: str, words: Mapping[str, Any]) -> str:
    if not view.objects(iri, GLO + "passageOf"):
        return ""
    return f"{words['paths']['strategy']}#{passage_anchor(iri)}"
