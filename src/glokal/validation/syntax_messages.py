"""What is wrong with a file that can't be read, in words that each reader knows."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from glokal.core.errors import GlokalError
from glokal.core.settings import LANGUAGES


def explain(error: GlokalError) -> dict[str, str]:
    """Return what an error says in each language: what is wrong, then what to do.

    The usual messages of the parsers have words of their own; another is shown as it
    is, with a sentence around it.
    """
    other = _errors()["other"]
    return _known(error) or {
        lang: other[lang].format(what=error.what) for lang in LANGUAGES
    }


def in_language(error: GlokalError, lang: str) -> GlokalError:
    """Return the error with its words in a language, itself when it has none."""
    words = explain(error) if "syntax error" in error.what else _known(error)
    return type(error)(words[lang], place=error.place) if words else error


def _known(error: GlokalError) -> dict[str, str]:
    for known in _errors()["error"]:
        match = re.search(known["pattern"], error.what)
        if match:
            filled = match.groupdict(default="")
            return {lang: known[lang].format(**filled) for lang in LANGUAGES}
    return {}


@cache
def _errors() -> dict[str, Any]:
    file = resources.files("glokal.validation").joinpath("errors.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
