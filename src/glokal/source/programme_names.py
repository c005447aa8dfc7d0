"""What well-known programmes are called in the languages of the pages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from glokal.core.languages import PAGE_LANGUAGES
from glokal.source.reanchor import letters_of


def known_names(name: str, languages: Iterable[str]) -> dict[str, str]:
    """Return what a well-known programme is called, by language; {} for another name.

    Where a language has the same letters the name stands as it is written.
    """
    letters = letters_of(name)
    called = _well_known().get(letters, {})
    return {
        lang: name if letters_of(called[lang]) == letters else called[lang]
        for lang in languages
        if lang in called
    }


@cache
def _well_known() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.source").joinpath("programme_names.toml")
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    groups = [*told["programmes"]]
    groups += [dict.fromkeys(PAGE_LANGUAGES, name) for name in told["alike"]["names"]]
    return {letters_of(name): of for of in groups for name in of.values()}
