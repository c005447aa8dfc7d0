"""Search over all pages: the page with the form, and the index, made by Pagefind.

Pagefind reads the finished pages, one index for each language, with the stems of its
words; the browser fetches only the parts of the index that a search needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from glokal.core.files.data_files import write_new
from glokal.core.files.symlinks import path_below
from glokal.core.sandbox import run_sandboxed
from glokal.dataset.canned_queries import CannedQuery
from glokal.site.graph_view import GraphView
from glokal.site.name_search import index_file, named_pages, write_names
from glokal.site.page_frame import BELOW, MENU
from glokal.site.pagefind_service import make_index
from glokal.site.renderer import PageRenderer

FOLDER = "pagefind"
_ENTRY = "pagefind-entry.json"
# The scripts that search.js uses; Pagefind writes its own user interfaces besides.
_SCRIPTS = {"pagefind.js", "pagefind-worker.js"}
# What stands alike on many pages tells none of them apart.
_PASSED_OVER = (
    ".crumbs", ".kind", ".hidden", "thead", ".technical", ".why", ".since details",
    ".from", ".filter",
)  # fmt: skip


def write_search(
    pages: PageRenderer, view: GraphView, queries: Sequence[CannedQuery]
) -> None:
    """Write the page with the search form and the index of names in each language."""
    for lang in pages.project.languages:
        words = pages.words[lang]
        made = named_pages(view, queries, lang, words, _places(pages, lang))
        write_names(pages.root, lang, made)
        pages.render(
            "search.html",
            lang,
            pages.named("search"),
            pages.words[lang]["search"],
            **blank_search(pages, lang),
        )


def _places(pages: PageRenderer, lang: str) -> list[tuple[str, str]]:
    """Return the pages that have a word of their own in menus, with their paths."""
    words = pages.words[lang]
    found = [(w, words["paths"].get(w, usual)) for w, usual in (*MENU, *BELOW)]
    found += [(w, words["paths"][w]) for w in ("compare", "timeline", "sheets")]
    return [(words[w], path) for w, path in found if w != "search"]


def blank_search(pages: PageRenderer, lang: str) -> dict[str, Any]:
    """Return the values of the search page before anything has been asked."""
    return {
        "searchable": False,
        "crumbs": [(pages.words[lang]["search"], "")],
        "asked": "",
        "told": "",
        "hits": (),
        "names": index_file(lang),
        "others": [
            (o, pages.home(o) + path, pages.words[o]["search_here"])
            for o, path in pages.named("search").items()
            if o != lang
        ],
    }


def index_pages(root: Path, pages: Iterable[str]) -> None:
    """Write the search index of a publication, the same bytes each time.

    `pages` are those to be found, by their paths. Pagefind is given no other: it would
    read each whole before it passes it over.
    Raises ToolError when Pagefind fails.
    """
    shown = sorted(f"{page}index.html" for page in pages)
    files = run_sandboxed(lambda: make_index(root, shown, _PASSED_OVER))
    for name, data in files:
        if name == _ENTRY:
            # It lists the languages in an order of chance.
            text = json.dumps(json.loads(data), sort_keys=True) + "\n"
            write_new(root / FOLDER / name, text.encode())
        elif not name.endswith((".js", ".css")) or name in _SCRIPTS:
            write_new(path_below(root, f"{FOLDER}/{name}"), data)
