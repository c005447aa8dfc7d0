"""The pages about the site itself: who made it and how, accessibility, privacy."""

from __future__ import annotations

from glokal.core.namespaces import GLO
from glokal.site.graph_view import GraphView
from glokal.site.page_words import date_in
from glokal.site.renderer import PageRenderer


def write_about(view: GraphView, pages: PageRenderer) -> None:
    """Write the page about the site, the accessibility statement, the privacy note.

    Whose the strategy is, the data say: the publisher of the pages may be another.
    """
    project = pages.project
    owners = dict.fromkeys(
        owner
        for plan in view.instances("InternationalStrategy")
        for owner in view.objects(plan, GLO + "ownedBy")
    )
    for lang in project.languages:
        words = pages.words[lang]
        fields = {
            "publisher": project.publisher.name[lang],
            "title": project.title[lang],
            "version": project.version,
            "date": date_in(project.modified.isoformat(), lang),
            "year": str(project.modified.year),
            "address": project.address,
        }
        for name, title in (
            ("about", words["about"]),
            ("accessibility", words["accessibility_title"]),
            ("privacy", words["privacy"]),
        ):
            pages.render(
                f"{name}.html",
                lang,
                pages.named(name),
                title,
                crumbs=[(words[name], "")],
                said=words[f"{name}_words"],
                told=fields,
                owners=view.linked(owners, lang),
                project=project,
            )
