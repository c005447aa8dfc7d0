"""Plain values to HTML, through Jinja; everything that data says is escaped."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from glokal.core.files.data_files import JSONLD, NTRIPLES, RDFXML, TURTLE
from glokal.core.files.symlinks import path_below
from glokal.core.namespaces import LICENCE_NAMES
from glokal.core.settings import Project
from glokal.site.build_cache import BuildCache
from glokal.site.translations import date_in, load_words

# The words and paths of the menus; pages with a name of their own have it in `paths`.
MENU = (
    ("strategy", ""),
    ("questions", "query/"),
    ("open", ""),
    ("all", ""),
    ("search", ""),
)
BELOW = (
    ("ontology", "def/"),
    ("dump", "dump/"),
    ("workbench", ""),
    ("about", ""),
    ("accessibility", ""),
    ("privacy", ""),
)
FORMAT_NAMES = {
    TURTLE: "Turtle",
    NTRIPLES: "N-Triples",
    JSONLD: "JSON-LD",
    RDFXML: "RDF/XML",
}


class PageRenderer:
    """Renders the pages of one publication into a folder."""

    def __init__(
        self, project: Project, root: Path, kept: BuildCache | None = None
    ) -> None:
        self.project = project
        self.root = root
        self.kept = kept or BuildCache(root, root, project.cache("made"))
        self.written: list[str] = []

    @property
    def words(self) -> Mapping[str, Mapping[str, Any]]:
        """The words of the pages, by language."""
        return load_words()

    @cached_property
    def _templates(self) -> jinja2.Environment:
        return jinja2.Environment(
            loader=jinja2.PackageLoader("glokal.site"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=False,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    @cached_property
    def _frames(self) -> Mapping[str, str]:
        # The words come with Glokal and are counted there.
        return {
            lang: repr({k: v for k, v in self._frame(lang).items() if k != "words"})
            for lang in self.project.languages
        }

    def home(self, lang: str) -> str:
        """Return the path of a language's root: the first language has the root."""
        return "" if lang == self.project.languages[0] else f"{lang}/"

    def named(self, name: str) -> Mapping[str, str]:
        """Return the path of a page that has its own name in each language."""
        return {o: self.words[o]["paths"][name] for o in self.project.languages}

    def render(
        self,
        template: str,
        lang: str,
        path: str | Mapping[str, str],
        title: str,
        **values: Any,
    ) -> None:
        """Render a page to `path` (a folder below the language's root, or one each)."""
        paths = self._paths(path)
        own = self.home(lang) + paths[lang]
        name = posixpath.join(own, "index.html")
        self.written.append(own)
        made_from = (self._frames[lang], template, own, sorted(paths.items()), title)
        key = self.kept.key(*made_from, values)
        if not self.kept.take(name, key):
            text = self.draft(template, lang, paths, title, **values)
            self._write(name, text)
            self.kept.note(name, key)

    def draft(
        self,
        template: str,
        lang: str,
        path: str | Mapping[str, str],
        title: str,
        **values: Any,
    ) -> str:
        """Return the HTML of a page, as `render` writes it."""
        paths = self._paths(path)
        own = self.home(lang) + paths[lang]
        up = "../" * own.count("/")
        return self._page(template, lang, own, paths, title, values, up)

    def _paths(self, path: str | Mapping[str, str]) -> Mapping[str, str]:
        if isinstance(path, str):
            return dict.fromkeys(self.project.languages, path)
        return path

    def compose(
        self,
        template: str,
        lang: str,
        path: str,
        title: str,
        *,
        translations: Mapping[str, str],
        **values: Any,
    ) -> str:
        """Return a page that is written nowhere; its paths are below the root."""
        own = list(translations.items())
        up = "../" * path.count("/")
        return self._page(
            template, lang, path, {}, title, {**values, "translations": own}, up
        )

    def missing(self, prefix: str) -> None:
        """Render 404.html, which is shown at any depth: links from the host's root."""
        lang = self.project.languages[0]
        title = self.words[lang]["missing_title"]
        values = {
            "searchable": False,
            "texts": [(o, self.words[o]) for o in self.project.languages],
            "homes": {o: self.home(o) for o in self.project.languages},
        }
        homes = dict.fromkeys(self.project.languages, "")
        text = self._page(
            "missing.html", lang, "404.html", homes, title, values, prefix
        )
        self._write("404.html", text)

    def redirect(self, path: str, target: str, iri: str) -> None:
        """Render a page at `path` that leads to another path of the publication."""
        text = self._templates.get_template("redirect.html").render(
            lang=self.project.languages[0],
            iri=iri,
            target="../" * path.count("/") + target,
            canonical=self.project.address + target,
        )
        self._write(f"{path}index.html", text)

    def _page(
        self,
        template: str,
        lang: str,
        own: str,
        paths: Mapping[str, str],
        title: str,
        values: Mapping[str, Any],
        up: str,
    ) -> str:
        given: dict[str, Any] = {"title_lang": "", "structured": ""}
        given |= {"formats": [], "crumbs": []}
        given["translations"] = [(o, self.home(o) + p) for o, p in paths.items()]
        given |= {"searchable": True, "behind": False, "elsewhere": ""}
        return self._templates.get_template(template).render(
            {**self._frame(lang), "description": "", **given, **values},
            title=title,
            here=own,
            root=up or "./",
            home=(up + self.home(lang)) or "./",
        )

    def _write(self, name: str, text: str) -> None:
        target = path_below(self.root, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")

    def _frame(self, lang: str) -> dict[str, Any]:
        project, words = self.project, self.words[lang]
        return {
            "lang": lang,
            "home_path": self.home(lang),
            "address": project.address,
            "site_title": project.title[lang],
            "words": words,
            "format_names": FORMAT_NAMES,
            "language_names": words["language_names"],
            "menu": [(w, words["paths"].get(w, p)) for w, p in MENU],
            "below": [(w, words["paths"].get(w, p)) for w, p in BELOW],
            "licence": project.licence,
            "licence_name": LICENCE_NAMES[project.licence],
            "contact_url": project.contact.url,
            "version": project.version,
            "modified": project.modified.isoformat(),
            "modified_text": date_in(project.modified.isoformat(), lang),
            "unofficial": project.unofficial,
        }


def as_script(values: Mapping[str, Any]) -> Markup:
    """Return JSON for a script element, where no text can end the element."""
    text = json.dumps(values, ensure_ascii=False)
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704
