"""The documents of things that are no more: what was published keeps its address."""

from __future__ import annotations

import json

from glokal.core.files.data_files import write_data_file
from glokal.dataset.prefixes import all_prefixes
from glokal.dataset.releases.removed_things import RemovedThing, find_removed
from glokal.dataset.workspace import Workspace
from glokal.rdf.serializers.formats import SUFFIXES, serialise
from glokal.rdf.terms import literal_in
from glokal.site.graph_view import GraphView
from glokal.site.page_words import date_in
from glokal.site.renderer import PageRenderer

# What a server reads to answer 410, and 301 for what has been replaced.
INDEX = "retired.json"


def write_tombstones(
    view: GraphView, pages: PageRenderer, workspace: Workspace
) -> None:
    """Write a page and the data of each retired thing, and their list if any."""
    removed = find_removed(workspace)
    project, prefixes = pages.project, all_prefixes(workspace)
    for thing in removed:
        path = "doc/" + thing.iri.removeprefix(project.things)
        for lang in project.languages:
            words = pages.words[lang]
            pages.render(
                "retired.html",
                lang,
                f"{path}/",
                _title(thing, lang),
                date=date_in(thing.date.isoformat(), lang),
                thing=thing,
                instead=view.link(thing.replaced_by, lang)
                if thing.replaced_by
                else None,
                formats=[(m, f"{path}.{suffix}") for m, suffix in SUFFIXES.items()],
                crumbs=[(words["retired"], "")],
            )
        for media, suffix in SUFFIXES.items():
            data = serialise(thing.triples(), media, prefixes, things=project.things)
            write_data_file(pages.root, f"{path}.{suffix}", data, media)
        target = f"{path}/"
        pages.redirect(target.replace("doc/", "id/", 1), target, thing.iri)
    if removed:
        tail = len(project.things)
        listed = {t.iri[tail:]: t.replaced_by[tail:] for t in removed}
        text = json.dumps(listed, indent=1) + "\n"
        write_data_file(pages.root, INDEX, text.encode(), "application/json")


def _title(thing: RemovedThing, lang: str) -> str:
    literal = literal_in((t.object for t in thing.said), lang, "nb", "")
    return literal.value if literal else thing.iri.rpartition("/")[2]
