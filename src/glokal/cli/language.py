"""`--lang`: the language that a command speaks, the project's unless it is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click
from click.core import ParameterSource

from glokal.cli.context import Session
from glokal.cli.messages import project_language, speak
from glokal.core.languages import PAGE_LANGUAGES

# Where no project is, and where its languages are none that a command speaks.
_USUAL = "nb"


def lang_option(
    words: str = "Language of texts.", among: Sequence[str] | None = PAGE_LANGUAGES
) -> Callable[[Any], Any]:
    """Return the option `--lang` of a command; `words` say what it is the language of.

    Without it the first of the project's languages is taken that is among those of the
    command; with None the command itself says which it takes. What is said besides is
    in the same language.
    """

    def default() -> str:
        session = click.get_current_context().find_object(Session)
        if session is None:
            return _USUAL
        return project_language(session.folder, among, _USUAL)

    def chosen(context: click.Context, option: click.Parameter, value: str) -> str:
        # A project in a language that this command lacks is spoken to in its own.
        if context.get_parameter_source(option.name or "") != ParameterSource.DEFAULT:
            speak(value)
        return value

    return click.option(
        "--lang",
        type=click.Choice(among) if among else str,
        default=default,
        callback=chosen,
        show_default="the project's first",
        help=words,
    )
