"""The shapes that say which languages a text must be in, by those of a publication.

The shapes that come with Glokal have them written out for bokmål and English. For other
languages those are left out, and made from `language_shapes.ttl`, once for each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import SHAPE
from glokal.rdf.source_files import SourceFile, parse_turtle, read_text

WRITTEN_OUT = frozenset({"nb", "en"})
_NAME = "language_shapes.ttl"
# Those that ask for a language, by the ends of their IRIs, and those of both languages.
_ONE = (
    *("Code-prefLabel", "ConceptScheme-prefLabel", "PlanElement-statement"),
    *("SourcePassage-citation", "Thing-label"),
)
_BOTH = ("Thing-note-languages", "Statement-reading-languages")
_LEFT_OUT = frozenset(
    ox.NamedNode(SHAPE + name)
    for name in (
        *_BOTH,
        *(f"{one}-{lang}" for one in _ONE for lang in ("nb", "nn", "en")),
    )
)


def in_languages(
    files: Sequence[SourceFile], languages: Iterable[str]
) -> tuple[SourceFile, ...]:
    """Return shapes, asking for texts in these languages and no others."""
    wanted = tuple(dict.fromkeys(languages))
    if set(wanted) == WRITTEN_OUT:
        return tuple(files)
    left = (replace(f, triples=tuple(_others(f.triples))) for f in files)
    return (*left, *(_made(language) for language in wanted))


def code_languages(languages: Iterable[str]) -> tuple[str, ...]:
    """Return the languages that a region's code must be named in (shapes/codes.ttl)."""
    wanted = tuple(dict.fromkeys(languages))
    return ("nb", "nn", "en") if set(wanted) == WRITTEN_OUT else wanted


def _others(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield the triples that aren't of shapes which ask for a language."""
    kept = tuple(triples)
    gone: set[object] = set(_LEFT_OUT)
    while (
        inside := {
            t.object
            for t in kept
            if t.subject in gone and isinstance(t.object, ox.BlankNode)
        }
        - gone
    ):
        gone |= inside
    return (t for t in kept if t.subject not in gone and t.object not in gone)


def _made(language: str) -> SourceFile:
    file = resources.files("glokal.rdf").joinpath(_NAME)
    assert isinstance(file, Path)
    text = read_text(file, _NAME).replace("{lang}", language)
    for own, name in _names()[language].items():
        text = text.replace(f"{{in_{own}}}", name)
    triples, prefixes = parse_turtle(text, _NAME)
    name = f"shapes/languages-{language}.ttl"
    return SourceFile(name, file, "", "shapes", tuple(triples), prefixes)


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.rdf").joinpath("language_shapes.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
