"""`--lang`: the language that a command speaks, the project's unless it is said."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import click

from glokal.cli.context import Session
from glokal.core.settings import SETTINGS
from glokal.core.settings.project import LANGUAGES

# Where no project is, and where its languages are none that commands speak.
_USUAL = "nb"


def lang_option(words: str = "Language of texts.") -> Callable[[Any], Any]:
    """Return the option `--lang` of a command; `words` say what it is the language of.

    Without it the first of the project's languages is taken that commands speak.
    """
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=_of_project,
        show_default="the project's first",
        help=words,
    )


def _of_project() -> str:
    """Return the first such language of the settings; whether they are right, or there
    at all, is for the command to say.
    """
    session = click.get_current_context().find_object(Session)
    if session is None:
        return _USUAL
    try:
        settings = tomllib.loads((session.folder / SETTINGS).read_text("utf-8"))
        listed = settings["publication"]["languages"]
        return next((lang for lang in listed if lang in LANGUAGES), _USUAL)
    except (OSError, ValueError, KeyError, TypeError):
        return _USUAL
