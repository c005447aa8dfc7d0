"""What the table of a strategy is called: the appendix only where there is one.

The words of the pages and the questions speak of the appendix that the first region's
strategy has its table in. Where no document of a project has an appendix, they speak of
the table; what a project words itself goes before either.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.core.namespaces import GLO
from glokal.core.settings import Project
from glokal.rdf.source_files import SourceFile

# How the heading of an appendix begins: Norwegian, Danish, Swedish, Finnish, English.
_APPENDIX = ("vedlegg", "bilag", "bilaga", "liite", "appendix", "annex")


def with_table_words(project: Project, files: Iterable[SourceFile]) -> Project:
    """Return a project in whose texts the table is what its documents call it."""
    if has_appendix(files):
        return project
    own = project.translations
    below = {lang: _words()[lang] for lang in project.languages if lang in _words()}
    texts = {
        lang: {**below.get(lang, {}), **own.texts.get(lang, {})}
        for lang in (*below, *own.texts)
    }
    languages = own.languages or project.languages
    return replace(project, translations=replace(own, languages=languages, texts=texts))


def has_appendix(files: Iterable[SourceFile]) -> bool:
    """Whether a passage of a document begins as the heading of an appendix does."""
    return any(
        t.predicate.value == GLO + "readingText"
        and isinstance(t.object, ox.Literal)
        and _first_word(t.object.value) in _APPENDIX
        for file in files
        for t in file.triples
    )


def _first_word(text: str) -> str:
    words = text.split(maxsplit=1)
    return words[0].rstrip(".:,").casefold() if words else ""


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.dataset").joinpath("table_words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
