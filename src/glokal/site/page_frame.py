"""What stands around every page: menus, the foot, what the publication is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from glokal.core.files.data_files import JSONLD, NTRIPLES, RDFXML, TURTLE
from glokal.core.locales import own_name
from glokal.core.namespaces import LICENCE_NAMES
from glokal.core.settings import Project
from glokal.site.page_words import date_in

# The words and paths of the menus; pages with a name of their own have it in `paths`.
MENU = (
    ("strategy", ""),
    ("questions", "query/"),
    ("open", ""),
    ("all", ""),
    ("search", ""),
)
BELOW = (
    ("ontology", "def/"),
    ("dump", "dump/"),
    ("workbench", ""),
    ("about", ""),
    ("accessibility", ""),
    ("privacy", ""),
)
# Of several regions together there are fewer pages.
MENU_OF_SEVERAL = (("questions", "query/"), ("search", ""))
FORMAT_NAMES = {
    TURTLE: "Turtle",
    NTRIPLES: "N-Triples",
    JSONLD: "JSON-LD",
    RDFXML: "RDF/XML",
}


def page_frame(
    project: Project, lang: str, home: str, words: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what each page of a language has; `home` is the path of its root."""
    several = bool(project.member_bases)
    return {
        "several": several,
        "lang": lang,
        "home_path": home,
        "address": project.address,
        "slug": project.slug,
        "site_title": project.title[lang],
        "publisher": project.publisher.name[lang],
        "words": words,
        "format_names": FORMAT_NAMES,
        "language_names": {
            own: words["language_names"].get(own) or own_name(own)
            for own in project.languages
        },
        "below": [] if several else [(w, words["paths"].get(w, p)) for w, p in BELOW],
        "licence": project.licence,
        "licence_name": LICENCE_NAMES[project.licence],
        "contact_url": project.contact.url if project.has_contact else "",
        "version": project.version,
        "modified": project.modified.isoformat(),
        "modified_text": date_in(project.modified.isoformat(), lang),
        "unofficial": project.unofficial,
    }


def menu_paths(
    words: Mapping[str, Any], here: str, *, several: bool = False
) -> list[tuple[str, str, str]]:
    """Return the words of the menu, their paths, how the page `here` stands to them.

    Paths are below the root of the page's language and its view. `several` is whether
    the pages are those of several regions together.
    """
    results = []
    for word, usual in MENU_OF_SEVERAL if several else MENU:
        path = words["paths"].get(word, usual)
        current = "page" if here == path else "true" if here.startswith(path) else ""
        results.append((word, path, current))
    return results


def as_script(values: Mapping[str, Any]) -> Markup:
    """Return JSON for a script element, where no text can end the element."""
    text = json.dumps(values, ensure_ascii=False)
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704
