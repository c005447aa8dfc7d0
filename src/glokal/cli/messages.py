"""What the commands say, in the reader's language: the tables `*.toml` beside it.

The language is the one that `--lang` names, else the first of the project's languages
that there are words in; outside a project it is English, as the help is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

from glokal.core.errors import GlokalError
from glokal.core.languages import PAGE_LANGUAGES, nearest
from glokal.core.settings import SETTINGS
from glokal.core.settings.toml_file import REGIONS

_FILES = (
    "messages.toml",
    "build.toml",
    "source.toml",
    "system.toml",
    "usage.toml",
)
_spoken: ContextVar[str] = ContextVar("spoken", default="en")
Error = TypeVar("Error", bound=GlokalError)


def project_language(
    folder: Path, among: Collection[str] | None = PAGE_LANGUAGES, usual: str = "en"
) -> str:
    """Return the first language of a project that is among some, else the usual.

    With None any language is.

    Whether the settings are right, or there at all, is for the command to say.
    """
    listed: object = None
    try:
        listed = _languages(folder / SETTINGS)
    except (OSError, ValueError, KeyError, TypeError):
        try:
            listed = _of_regions(folder)
        except (OSError, ValueError, KeyError, TypeError):
            return usual
    known = listed if isinstance(listed, list) else []
    told = [lang for lang in known if isinstance(lang, str)]
    return next((lang for lang in told if among is None or lang in among), usual)


def _languages(path: Path) -> object:
    return tomllib.loads(path.read_text("utf-8"))["publication"]["languages"]


def _of_regions(folder: Path) -> object:
    """Return the languages of several regions: their own, else the first member's.

    Whatever the list of members is like, the regions lie in the folders below.
    """
    named: list[str] = []
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        settings = tomllib.loads((folder / REGIONS).read_text("utf-8"))
        if listed := settings.get("publication", {}).get("languages"):
            return listed
        named = [m["folder"] for m in settings["member"] if "folder" in m]
    lying = [path.parent.name for path in sorted(folder.glob(f"*/{SETTINGS}"))]
    for name in (*named, *lying):
        with suppress(OSError, ValueError, KeyError, TypeError):
            return _languages(folder / name / SETTINGS)
    raise KeyError(REGIONS)


def speak(lang: str) -> None:
    """Let what is said from now on be in a language, or in the nearest there is."""
    _spoken.set(next(x for x in (*nearest(lang), "en") if x in PAGE_LANGUAGES))


def spoken() -> str:
    """Return the language that is spoken."""
    return _spoken.get()


def said(name: str, **values: object) -> str:
    """Return a message by its name, such as `fmt.changed`, with its fields filled."""
    # CLDR is asked only when something is said.
    from glokal.core.plurals import filled

    section, _, key = name.partition(".")
    lang = _spoken.get()
    return filled(_messages()[section][key][lang], lang, **values)


def under_way(stage: str) -> str:
    """Return what a stage of a long job is called; itself where it has no word."""
    words = _messages()["progress"].get(stage)
    return words[_spoken.get()] if words else stage


def told(kind: type[Error], name: str, **values: object) -> Error:
    """Return an error in the language that is spoken, with what to do about it.

    Its words are the messages `name` and, where there is one, `name_do`.
    """
    error = kind(said(name, **values))
    section, _, key = name.partition(".")
    advice = (of for of in (f"{key}_do", "do") if of in _messages()[section])
    for of in advice if section != "common" else ():
        error.remedy = said(f"{section}.{of}", **values)
        break
    error.do = said("common.do")
    return error


def translated(error: GlokalError) -> GlokalError:
    """Return an error in the language that is spoken, itself where it has no name."""
    section, _, key = error.name.partition(".")
    # What the system refused, and why, are told in English by who has asked it.
    if section == "system" and spoken() == "en":
        return error
    if key not in _messages().get(section, {}):
        return error
    result = told(type(error), error.name, **error.values)
    result.place, result.others = error.place, error.others
    return result


@cache
def _messages() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    result: dict[str, Mapping[str, Mapping[str, str]]] = {}
    files = [resources.files("glokal.cli").joinpath(name) for name in _FILES]
    files.append(resources.files("glokal.core.settings").joinpath("faults.toml"))
    for file in files:
        result |= tomllib.loads(file.read_text(encoding="utf-8"))
    return result
