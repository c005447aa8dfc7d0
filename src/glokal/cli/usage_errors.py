"""Wrong use of the command line as click tells it, in the reader's language.

click has its messages in English, and where it is translated, in the language of the
system; what a command says is in that of the project (`glokal.cli.messages`). So its
errors are told anew from what they are about: the command, the option, its type.
"""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from glokal.cli.messages import project_language, speak, told
from glokal.core.errors import UsageError


def usage_error(error: click.UsageError) -> UsageError:
    """Return an error of click as one of ours, with the help to look at."""
    context = error.ctx
    if context is None or context.parent is None:
        # The project is known, but nothing has been said yet in its language.
        folder = context.params.get("project") if context else None
        speak(project_language(folder or Path()))
    command = context.command_path if context else "glokal"
    name, values = _what(error, context)
    return told(UsageError, f"usage.{name}", command=command, **values)


def _what(
    error: click.UsageError, context: click.Context | None
) -> tuple[str, dict[str, object]]:
    """Return the message of an error and what stands in its fields."""
    match error:
        case click.NoSuchCommand():
            return _unknown("command", error.command_name, _commands(context))
        case click.NoSuchOption():
            return _unknown("option", error.option_name, _options(context))
        case click.MissingParameter(param=click.Parameter() as parameter):
            named: dict[str, object] = {"word": _named(parameter)}
            if known := _choices(parameter.type):
                return "missing_of", {**named, "known": known}
            return "missing", named
        case click.BadParameter(param=click.Parameter() as parameter):
            name, bounds = _must_be(parameter.type)
            named = {"word": _named(parameter), "given": _given(error), **bounds}
            return (name, named) if name else _other(error)
        case click.BadOptionUsage():
            given = error.option_name in _options(context, flags=True)
            name = "value_given" if given else "no_value"
            return name, {"word": error.option_name}
    return _other(error)


def _commands(context: click.Context | None) -> list[str]:
    group = context.command if context else None
    if context is None or not isinstance(group, click.Group):
        return []
    return group.list_commands(context)


def _options(context: click.Context | None, *, flags: bool = False) -> list[str]:
    """Return the names of a command's options, or of those that take no value."""
    parameters = context.command.get_params(context) if context else []
    options = [p for p in parameters if isinstance(p, click.Option)]
    return [
        name
        for option in options
        if option.is_flag or not flags
        for name in (*option.opts, *option.secondary_opts)
    ]


def _unknown(
    kind: str, word: str, known: Iterable[str]
) -> tuple[str, dict[str, object]]:
    near = difflib.get_close_matches(word, sorted(known), n=1)
    if near:
        return f"{kind}_near", {"word": word, "near": near[0]}
    return kind, {"word": word}


def _named(parameter: click.Parameter) -> str:
    """Return what a person calls an option or an argument."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.human_readable_name


def _given(error: click.BadParameter) -> str:
    """Return the value that was given, as it was written.

    click puts it into its sentence and nowhere else; where the sentence was made, it
    still is.
    """
    values = [
        frame.f_locals["value"]
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_name == "convert" and "value" in frame.f_locals
    ]
    return str(values[-1]) if values else ""


def _choices(kind: click.ParamType[Any]) -> str:
    choices = kind.choices if isinstance(kind, click.Choice) else ()
    return ", ".join(map(str, choices))


def _must_be(kind: click.ParamType[Any]) -> tuple[str, dict[str, object]]:
    """Return the message of what a value of a type must be, "" where there is none."""
    match kind:
        case click.Choice():
            return "none_of", {"known": _choices(kind)}
        case click.IntRange() | click.FloatRange():
            least = kind.min or 0
            if kind.max is None:
                return "at_least", {"least": least}
            return "between", {"least": least, "most": kind.max}
        case click.Path(exists=True):
            only = {(True, False): "a_file_there", (False, True): "a_folder_there"}
            return only.get((kind.file_okay, kind.dir_okay), "there"), {}
        case click.Path():
            return ("file" if kind.file_okay else "folder"), {}
    return ("number", {}) if kind is click.INT else ("", {})


def _other(error: click.UsageError) -> tuple[str, dict[str, object]]:
    return "other", {"word": error.format_message().rstrip(".")}
