"""The texts of the site that come with Glokal, by table and language.

They stand as TOML beside the modules that use them. Here they are read in one form, a
table of texts for each language, so that a translator gets all of them and what a
project brings can be put in (`glokal.core.po_files`).
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from glokal.core.languages import PAGE_LANGUAGES, ByLanguage
from glokal.core.po_files import NONE, Translations

Table = dict[str, dict[str, Any]]

# The package and files of each; a table may be spread over several.
TABLES = {
    "words": (
        "glokal.site",
        (
            *(
                "words.toml",
                "reading.toml",
                "documents.toml",
                "search_and_workbench.toml",
            ),
            *("about.toml", "llms_txt.toml", "regions.toml"),
        ),
    ),
    "kinds": ("glokal.site", ("what_it_is.toml",)),
    "sections": ("glokal.site.pages", ("thing_sections.toml",)),
    "sentence": ("glokal.dataset", ("answer_sentence.toml",)),
    "catalogue": ("glokal.catalogue", ("words.toml",)),
}
# What no translator has to fill: parts of addresses, names of languages in themselves.
NOT_TRANSLATED = ("words.paths.", "words.language_names.")


@lru_cache(maxsize=64)
def texts(name: str, added: Translations = NONE) -> ByLanguage[dict[str, Any]]:
    """Return a table with what a project brings put in, and completed by languages."""
    return added.into(name, table(name))


@cache
def table(name: str) -> Table:
    """Return a table of texts, by language and name."""
    package, files = TABLES[name]
    result: Table = {}
    for file in files:
        text = resources.files(package).joinpath(file).read_text(encoding="utf-8")
        read = tomllib.loads(text)
        for lang, named in _by_language(name, read).items():
            known = result.setdefault(lang, {})
            for key, details in named.items():
                whole = isinstance(details, dict)
                known[key] = {**known.get(key, {}), **details} if whole else details
    return result


def _by_language(name: str, read: dict[str, Any]) -> Table:
    match name:
        case "sections":
            return _headings(read["section"])
        case "catalogue":
            result: Table = {}
            for resource, texts in read.items():
                for lang, (title, description) in texts.items():
                    named = {"title": title, "description": description}
                    result.setdefault(lang, {})[resource] = named
            return result
        case _:
            return read


def _headings(sections: list[dict[str, Any]]) -> Table:
    """Return the headings of sections by query, with `_reported` where they differ."""
    result: Table = {}
    for section in sections:
        for lang in PAGE_LANGUAGES:
            for end in ("", "_reported"):
                if heading := section.get(lang + end):
                    query = section["query"]
                    result.setdefault(lang, {})[query + end] = heading
    return result
