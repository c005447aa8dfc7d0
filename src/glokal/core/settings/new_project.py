"""The files of a new project: settings, what a code host runs, a README of its own."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from string import Template

from glokal import __version__
from glokal.core.namespaces import EU_COUNTRIES
from glokal.core.settings.project import shared_folder
from glokal.core.slugs import slugify

EXAMPLE = "example"
_FILES = {
    "publication.toml": "publication.toml",
    ".gitignore": "gitignore",
    ".github/workflows/data.yml": "github.yml",
    ".gitlab-ci.yml": "gitlab.yml",
}
# What the example has for the tests alone: questions and answers of its own.
_OF_TESTS = ("queries", "expected")


@dataclass(frozen=True)
class NewProject:
    """What is known of a region when its project begins.

    `country` is the code of three letters of ISO 3166-1, "" for none; `languages` are
    those of the publication, the first first; `address` is where it will be published,
    and `homepage` the publisher's own.
    """

    name: str
    publisher: str
    country: str
    languages: Sequence[str]
    address: str
    homepage: str

    def files(self, day: datetime.date) -> Mapping[str, bytes]:
        """Return the files of the project by their names, as of a day.

        What stands in the settings is checked by `load_project` when they are read.
        """
        readme = {"README.md": f"readme.{self.languages[0]}.md"}
        return {
            name: _template(file).substitute(self._values(name, day)).encode()
            for name, file in (_FILES | readme).items()
        }

    def _values(self, name: str, day: datetime.date) -> Mapping[str, str]:
        if name != "publication.toml":
            return {"name": self.name, "version": __version__}
        texts = _texts()

        def each(key: str) -> str:
            return "\n".join(
                f"{lang} = {_toml(_filled(texts[lang][key], self.name))}"
                for lang in self.languages
            )

        spatial = f'\nspatial = ["{EU_COUNTRIES}{self.country}"]'
        publisher = (f"{lang} = {_toml(self.publisher)}" for lang in self.languages)
        return {
            "slug": _toml(slugify(self.name)),
            "day": day.isoformat(),
            "address": _toml(self.address),
            "base": _toml(self.address),
            "homepage": _toml(self.homepage),
            "languages": _toml(list(self.languages)),
            "title": each("title"),
            "description": each("description"),
            "rights": each("rights"),
            "keywords": each("keywords"),
            "publisher": "\n".join(publisher),
            "publisher_slug": _toml(slugify(self.publisher)),
            "spatial": spatial if self.country else "",
        }


def example_files() -> Mapping[str, bytes]:
    """Return the files of the small region that comes with Glokal, by their names."""
    root = shared_folder(EXAMPLE)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and not path.relative_to(root).parts[0].startswith((".", *_OF_TESTS))
    }


def _filled(text: str | list[str], name: str) -> str | list[str]:
    return text.format(name=name) if isinstance(text, str) else text


def _toml(value: str | list[str]) -> str:
    """Return a value as TOML, whose strings and arrays of them are those of JSON."""
    return json.dumps(value, ensure_ascii=False)


def _package_file(name: str) -> Path:
    file = resources.files("glokal.core.settings").joinpath(name)
    assert isinstance(file, Path)
    return file


def _template(name: str) -> Template:
    file = _package_file(f"new_project_files/{name}")
    return Template(file.read_text(encoding="utf-8"))


@cache
def _texts() -> Mapping[str, Mapping[str, str | list[str]]]:
    return tomllib.loads(_package_file("new_project.toml").read_text(encoding="utf-8"))
