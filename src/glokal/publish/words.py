"""The words of the pages, by language, from `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from glokal.rdf.terms import shorten
from glokal.vocabulary import STANDARD_PREFIXES


@cache
def load_words() -> dict[str, dict[str, Any]]:
    """Return every word of the pages, by language and name."""
    file = resources.files("glokal.publish").joinpath("words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def outside_term(iri: str, lang: str) -> str:
    """Return the word for a term of another vocabulary, its name when there is none."""
    name = shorten(iri, STANDARD_PREFIXES)
    word: str = load_words()[lang]["names"].get(name, name)
    return word
