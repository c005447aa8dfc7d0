"""A TOML file of settings: read, and what is missing, unknown or wrong, with its place.

Each setting that is asked for leaves an example of itself, so that an error can say
what to write.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from glokal.core.characters import NOT_XML, UNSEEN, code_point, visible
from glokal.core.errors import ConfigError, GlokalError, Place, SourceError, UsageError
from glokal.core.files.bounded_read import decode, read_bytes

Error = TypeVar("Error", bound=GlokalError)
SETTINGS = "publication.toml"
# Of several regions together.
REGIONS = "regions.toml"
# Settings are a page of text.
_MEGABYTES = 1
_GUIDES = {
    SETTINGS: "docs/configuration.md",
    REGIONS: "docs/regions.md",
    "same.toml": "docs/regions.md",
}


def read_toml(path: Path, name: str) -> tuple[dict[str, Any], str]:
    """Return what a TOML file holds, and its text; ConfigError when it is none."""
    try:
        text = decode(read_bytes(path, name, _MEGABYTES), name)
        return tomllib.loads(text), text
    except SourceError as error:
        raise ConfigError(error.what, remedy=error.remedy, place=error.place) from error
    except RecursionError as error:
        raise settings_error("too_deep", Place(name)) from error
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+), column (\d+)", str(error))
        at = (int(match[1]), int(match[2])) if match else (None, None)
        raise settings_error("not_toml", Place(name, *at), value=str(error)) from error


def settings_error(
    name: str, place: Place | None = None, **values: object
) -> ConfigError:
    """Return an error about settings, by its name in `faults.toml`, in English.

    The commands say it in the language of their reader.
    """
    return _error(ConfigError, name, place, values)


def project_error(name: str, **values: object) -> UsageError:
    """Return the error that a folder is no project, or another kind of one."""
    return _error(UsageError, name, None, values)


def _error(
    kind: type[Error], name: str, place: Place | None, values: Mapping[str, object]
) -> Error:
    # CLDR is asked only when something is wrong.
    from glokal.core.plurals import filled

    words = _faults()
    advice = words.get(f"{name}_do") or words["do"]
    what, remedy = (filled(of["en"], "en", **values) for of in (words[name], advice))
    return kind(
        what, remedy=remedy, place=place, name=f"settings.{name}", values=values
    )


@cache
def _faults() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("glokal.core.settings").joinpath("faults.toml")
    words: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
        file.read_text(encoding="utf-8")
    )
    return words["settings"]


class SettingsFile:
    """The settings of a file, which tell of what is wrong by ConfigError.

    A key is written as in the file: the table, a point, the name. `languages` are
    those that a text may be given in. With `repeated` the tables are entries of lists,
    each in double brackets.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        text: str,
        languages: tuple[str, ...] = (),
        name: str = SETTINGS,
        *,
        repeated: bool = False,
    ) -> None:
        self._repeated = repeated
        self.settings = settings
        self.name = name
        self.guide = _GUIDES.get(name, "docs/server.md")
        self.lines = text.splitlines()
        self.languages = languages
        self._examples: dict[str, str] = {}
        self._missing: list[str] = []
        self._refuse_characters()

    def wrong(
        self, key: str, fault: str, example: str, value: object = "", **more: object
    ) -> NoReturn:
        """Raise the error for a setting: a fault of `faults.toml`, with its fields."""
        table, _, name = key.rpartition(".")
        told = {"key": key, "setting": name, "example": example, "value": value, **more}
        heading = self._heading(table)
        raise settings_error(fault, self.place(key), heading=heading, **told)

    def place(self, key: str) -> Place:
        """Return where a setting stands, or its table when it isn't there."""
        table, _, name = key.rpartition(".")
        return Place(self.name, self._line(table, name))

    def _heading(self, table: str) -> str:
        return f"[[{table}]]" if self._repeated and "." not in table else f"[{table}]"

    def finish(self) -> None:
        """Refuse what is missing, and what nobody has asked for: it would do nothing.

        To be called when every setting has been taken.
        """
        self._refuse_missing()
        self._refuse_unknown()

    def _refuse_missing(self) -> None:
        if not self._missing:
            return
        keys = list(dict.fromkeys(self._missing))
        table, _, name = keys[0].rpartition(".")
        written = [
            f"{n} = {self._examples[key]} under {self._heading(t)}"
            for key in keys
            for t, _, n in [key.rpartition(".")]
        ]
        raise settings_error(
            "missing" if len(keys) > 1 else "missing_one",
            Place(self.name, self._line(table, name)),
            keys=", ".join(keys),
            written=", ".join(written),
            guide=self.guide,
        )

    def _refuse_unknown(self) -> None:
        for key, _ in _leaves(self.settings):
            if key in self._examples:
                continue
            table, _, name = key.rpartition(".")
            beside = [k for k in self._examples if k.rpartition(".")[0] == table]
            names = [k.rpartition(".")[2] for k in beside]
            place = Place(self.name, self._line(table, name))
            for meant in difflib.get_close_matches(name, names, 1):
                raise settings_error(
                    "misspelt",
                    place,
                    key=key,
                    setting=meant,
                    example=self._examples[f"{table}.{meant}"],
                    heading=self._heading(table),
                )
            raise settings_error("unknown", place, key=key, guide=self.guide)

    def _refuse_characters(self) -> None:
        """Refuse texts that no page or XML file can show as they are, or find again."""
        for key, value in _leaves(self.settings):
            texts = [key, *(value if isinstance(value, list) else [value])]
            for text in texts:
                if not isinstance(text, str):
                    continue
                composed = unicodedata.normalize("NFC", text)
                if composed != text and not isinstance(value, list) and text != key:
                    self.wrong(key, "in_parts", quoted(composed))
                match = NOT_XML.search(text) or UNSEEN.search(text)
                if match:
                    table, _, name = key.rpartition(".")
                    raise settings_error(
                        "unseen",
                        Place(self.name, self._line(table, name)),
                        key=visible(key),
                        value=code_point(match[0]),
                    )

    def _found(self, key: str, example: str) -> Any:
        self._examples.setdefault(key, example)
        value: Any = self.settings
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def _line(self, table: str, name: str) -> int | None:
        """Return the line of a setting, or of its table when it isn't there."""
        here, headed = "", None
        parent, _, part = table.rpartition(".")
        wanted = {(table, name), (parent, part)}
        for number, line in enumerate(self.lines, 1):
            text = line.strip()
            if text.startswith("["):
                here = text.strip("[] ")
                headed = number if here == table else headed
            elif (here, text.partition("=")[0].strip()) in wanted:
                return number
        return headed


def _leaves(settings: dict[str, Any], above: str = "") -> Iterator[tuple[str, object]]:
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield above + name, value


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)
