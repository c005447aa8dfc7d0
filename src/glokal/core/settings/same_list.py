"""The shared list: `same.toml`, what a person has confirmed to be one thing, or two.

Each entry names things by their IRIs, the source by which that is known, and the day.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glokal.core.errors import ConfigError, Place, SourceError
from glokal.core.files.folder_walk import target
from glokal.core.settings.project import LANGUAGES
from glokal.core.settings.regions import section_texts
from glokal.core.settings.toml_file import read_toml
from glokal.core.settings.toml_reader import Reader

SAME_LIST = "same.toml"
SAME, DIFFERENT = "same", "different"
_EXAMPLE = '["https://…/id/programme/a", "https://…/id/programme/b"]'


@dataclass(frozen=True)
class Confirmed:
    """Things that somebody has confirmed to be one (`same`), or to be several.

    `source` is a text or an address by which that is known, `day` when it was looked
    at, `place` where the list says so.
    """

    same: bool
    things: tuple[str, ...]
    source: str
    day: datetime.date
    place: Place


def load_same_list(root: Path) -> tuple[Confirmed, ...]:
    """Return what the shared list of a folder says; () when there is none.

    Raises ConfigError with line and remedy for an entry that is wrong.
    """
    path = root / SAME_LIST
    if not os.path.lexists(path):
        return ()
    try:
        target(path, SAME_LIST, root)
    except SourceError as error:
        raise ConfigError(error.what, remedy=error.remedy, place=error.place) from error
    settings, text = read_toml(path, SAME_LIST)
    result: list[Confirmed] = []
    for kind in (SAME, DIFFERENT):
        entries = settings.pop(kind, [])
        if not isinstance(entries, list):
            raise ConfigError(
                f"{kind} is no list of entries.",
                remedy=f"write [[{kind}]], and things, source and confirmed below it.",
                place=Place(SAME_LIST),
            )
        parts = section_texts(text, kind, len(entries))
        result += [
            _entry(kind, entry, part)
            for entry, part in zip(entries, parts, strict=True)
        ]
    Reader(settings, text, LANGUAGES, SAME_LIST).finish()
    return tuple(result)


def _entry(kind: str, entry: Any, text: str) -> Confirmed:
    entries = entry if isinstance(entry, dict) else {"things": entry}
    read = Reader({kind: entries}, text, LANGUAGES, SAME_LIST, repeated=True)
    things = read.words(f"{kind}.things", _EXAMPLE)
    source = read.match(f"{kind}.source", r"\S.*", "https://www.example.org/")
    day = read.date(f"{kind}.confirmed")
    read.finish()
    if len(things) < 2:
        read.wrong(f"{kind}.things", "one_thing", _EXAMPLE)
    for thing in things:
        if not thing.startswith(("http://", "https://")):
            read.wrong(f"{kind}.things", "no_iri", _EXAMPLE, repr(thing))
    place = read.place(f"{kind}.things")
    return Confirmed(kind == SAME, things, source, day, place)
