"""The shapes that say which languages a text must be in, by those of a publication.

The shapes that come with Glokal have them written out for bokmål and English. For other
languages those are left out, and made from `language_shapes.ttl`, once for each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.locales import name_in
from glokal.rdf.chosen_shapes import without
from glokal.rdf.source_files import SourceFile, parse_turtle, read_text

WRITTEN_OUT = frozenset({"nb", "en"})
_NAME = "language_shapes.ttl"
# The languages of messages.
_MESSAGES = PAGE_LANGUAGES
# Those that ask for a language, by the ends of their IRIs, and those of both languages.
_ONE = (
    *("Code-prefLabel", "ConceptScheme-prefLabel", "PlanElement-statement"),
    *("SourcePassage-citation", "Thing-label"),
)
_BOTH = ("Thing-note-languages", "Statement-reading-languages")
_LEFT_OUT = (
    *_BOTH,
    *(f"{one}-{lang}" for one in _ONE for lang in ("nb", "nn", "en")),
)


def in_languages(
    files: Sequence[SourceFile], languages: Iterable[str]
) -> tuple[SourceFile, ...]:
    """Return shapes, asking for texts in these languages and no others."""
    wanted = tuple(dict.fromkeys(languages))
    if set(wanted) == WRITTEN_OUT:
        return tuple(files)
    return (*without(files, _LEFT_OUT), *(_made(language) for language in wanted))


def code_languages(languages: Iterable[str]) -> tuple[str, ...]:
    """Return the languages that a region's code must be named in (shapes/codes.ttl)."""
    wanted = tuple(dict.fromkeys(languages))
    return ("nb", "nn", "en") if set(wanted) == WRITTEN_OUT else wanted


def _made(language: str) -> SourceFile:
    file = resources.files("glokal.rdf").joinpath(_NAME)
    assert isinstance(file, Path)
    text = read_text(file, _NAME).replace("{lang}", language)
    for own in _MESSAGES:
        name = _names().get(language, {}).get(own) or name_in(language, own)
        text = text.replace(f"{{in_{own}}}", name)
    triples, prefixes = parse_turtle(text, _NAME)
    name = f"shapes/languages-{language}.ttl"
    return SourceFile(name, file, "", "shapes", tuple(triples), prefixes)


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.rdf").joinpath("language_shapes.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
