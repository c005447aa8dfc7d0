"""The settings of a project: `publication.toml` and the folders beside it.

A project is a region's folder. It holds `data/` and `publication.toml`, and may
hold `ontology/`, `shapes/` and `queries/` of its own; what it doesn't hold is taken
from the ones that come with Glokal, so that a new region brings only its data.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from glokal.errors import ConfigError, Place, UsageError

SETTINGS = "publication.toml"
LANGUAGES = ("nb", "nn", "en")


@dataclass(frozen=True)
class Project:
    """A region's folder with its settings, checked."""

    root: Path
    slug: str
    version: str
    issued: datetime.date
    modified: datetime.date
    address: str
    languages: tuple[str, ...]
    licence: str
    rights: str
    unofficial: bool
    title: Mapping[str, str]
    description: Mapping[str, str]
    publisher: Party
    contact: Party
    base: str

    @property
    def things(self) -> str:
        """The namespace of the things."""
        return self.base + "id/"

    @property
    def graphs(self) -> str:
        """The namespace of the named graphs."""
        return self.base + "graph/"

    @property
    def cache(self) -> Path:
        """The folder for what can be made again."""
        return self.root / ".cache" / "glokal"

    def folder(self, name: str) -> Path:
        """Return the project's own folder of that name, or the one Glokal brings."""
        own = self.root / name
        return own if own.is_dir() else shared_folder(name)


@dataclass(frozen=True)
class Party:
    """A publisher or contact: a name in each language and a web address."""

    name: Mapping[str, str]
    url: str
    slug: str = ""


def shared_folder(name: str) -> Path:
    """Return the folder that comes with Glokal: in the wheel, or in a checkout."""
    package = Path(__file__).parent
    bundled = package / "shared" / name
    return bundled if bundled.is_dir() else package.parents[1] / name


def load_project(root: Path) -> Project:
    """Read and check the settings of the project in a folder.

    Raises UsageError when the folder is not a project, ConfigError when a setting
    is missing or wrong.
    """
    path = root / SETTINGS
    if not root.is_dir():
        raise UsageError(
            f"There is no folder {root}.", remedy="name a folder with --project."
        )
    if not path.is_file():
        raise UsageError(
            f"{root.resolve().name} has no {SETTINGS}, so it is not a project.",
            remedy=f"stand in a region's folder, or name one with --project; "
            f"see the {SETTINGS} that comes with Glokal for an example.",
        )
    try:
        text = path.read_text(encoding="utf-8")
        settings = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigError(
            "The file is not UTF-8.",
            remedy="save it as UTF-8 without a byte-order mark.",
            place=Place(SETTINGS),
        ) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        at = (int(found[1]), int(found[2])) if found else (None, None)
        raise ConfigError(
            f"The file is not TOML: {error}.",
            remedy="mend that line.",
            place=Place(SETTINGS, *at),
        ) from error
    return _Reader(settings, text).project(root)


class _Reader:
    """Takes each setting out of the file, or says what is missing and where."""

    def __init__(self, settings: dict[str, Any], text: str) -> None:
        self.settings = settings
        self.lines = text.splitlines()

    def project(self, root: Path) -> Project:
        languages = tuple(self._get("publication.languages", list, '["nb", "en"]'))
        for language in languages:
            if language not in LANGUAGES:
                self._wrong("publication.languages", f"has {language!r}", '["nb"]')
        return Project(
            root=root,
            slug=self._match("publication.slug", r"[a-z0-9-]+", "my-region"),
            version=self._match("publication.version", r"\d+\.\d+\.\d+", "1.0.0"),
            issued=self._get("publication.issued", datetime.date, "2026-01-31"),
            modified=self._get("publication.modified", datetime.date, "2026-01-31"),
            address=self._address("publication.address"),
            languages=languages,
            licence=self._url("publication.licence"),
            rights=self._get("publication.rights", str, '"Data: CC BY 4.0."'),
            unofficial=self._get("publication.unofficial", bool, "true"),
            title=self._texts("publication.title", languages),
            description=self._texts("publication.description", languages),
            publisher=Party(
                self._texts("publisher.name", languages),
                self._url("publisher.homepage"),
                self._match("publisher.slug", r"[a-z0-9-]+", "a-council"),
            ),
            contact=Party(
                self._texts("contact.name", languages), self._url("contact.url")
            ),
            base=self._address("identifiers.base"),
        )

    def _get(self, key: str, kind: type, example: str) -> Any:
        value: Any = self.settings
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            self._wrong(key, "is missing", example)
        if not isinstance(value, kind):
            self._wrong(key, f"is {value!r}", example)
        return value

    def _match(self, key: str, pattern: str, example: str) -> str:
        value: str = self._get(key, str, f'"{example}"')
        if not re.fullmatch(pattern, value):
            self._wrong(key, f"is {value!r}", f'"{example}"')
        return value

    def _url(self, key: str) -> str:
        value: str = self._get(key, str, '"https://www.example.org/"')
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            self._wrong(
                key, f"is {value!r}, not a web address", '"https://www.example.org/"'
            )
        return value

    def _address(self, key: str) -> str:
        value = self._url(key)
        if not value.endswith("/"):
            self._wrong(key, f"is {value!r}, without a slash at its end", f'"{value}/"')
        return value

    def _texts(self, key: str, languages: tuple[str, ...]) -> Mapping[str, str]:
        for language in languages:
            self._get(f"{key}.{language}", str, '"a text"')
        return dict(self._get(key, dict, '{ nb = "en tekst" }'))

    def _wrong(self, key: str, what: str, example: str) -> None:
        name = key.rsplit(".", 1)[-1]
        line = next(
            (n for n, text in enumerate(self.lines, 1) if text.startswith(name)), None
        )
        raise ConfigError(
            f"The setting {key} {what}.",
            remedy=f"write {name} = {example} under [{key.rsplit('.', 1)[0]}].",
            place=Place(SETTINGS, line),
        )
