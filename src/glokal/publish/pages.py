"""Plain values to HTML, through Jinja; everything that data says is escaped."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2

from glokal.config import Project
from glokal.publish.words import load_words


class Pages:
    """Renders the pages of one publication into a folder."""

    def __init__(self, project: Project, root: Path) -> None:
        self.project = project
        self.root = root
        self.written: list[str] = []

    @property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """The words of the pages, by language."""
        return load_words()

    @cached_property
    def _templates(self) -> jinja2.Environment:
        return jinja2.Environment(
            loader=jinja2.PackageLoader("glokal.publish"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=False,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def home(self, lang: str) -> str:
        """Return the path of a language's root: the first language has the root."""
        return "" if lang == self.project.languages[0] else f"{lang}/"

    def render(
        self, template: str, lang: str, path: str, title: str, **values: Any
    ) -> None:
        """Render a page to `path` (a folder below the language's root)."""
        own = self.home(lang) + path
        depth = own.count("/")
        up = "../" * depth
        translations = [(o, self.home(o) + path) for o in self.project.languages]
        text = self._templates.get_template(template).render(
            {"title_lang": "", "formats": [], **values},
            lang=lang,
            title=title,
            here=own,
            root=up or "./",
            home=(up + self.home(lang)) or "./",
            address=self.project.address,
            translations=translations,
            site_title=self.project.title[lang],
            words=self.words[lang],
            licence=self.project.licence,
            version=self.project.version,
            modified=self.project.modified.isoformat(),
            unofficial=self.project.unofficial,
        )
        target = self.root / posixpath.join(own, "index.html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        self.written.append(own)
