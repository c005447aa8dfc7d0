"""Plain values to HTML, through Jinja; everything that data says is escaped."""

from __future__ import annotations

import copy
import hashlib
import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from glokal.catalogue.schema_org import page_for_search
from glokal.core.files.data_files import write_data_file
from glokal.core.settings import Project
from glokal.site.build_cache import BuildCache
from glokal.site.language_marks import with_languages
from glokal.site.page_frame import as_script, menu_paths, page_frame
from glokal.site.page_paths import PublicationPaths, plain_path
from glokal.site.page_templates import page_templates
from glokal.site.parallel_files import FileWriters
from glokal.site.view_pages import BuiltPages, PageSurvey, ViewBox, differing_box


@dataclass(frozen=True)
class PagePlace:
    """Where a page is: its path, those of its translations, and the way to the root.

    A page that is written nowhere has no translations.
    """

    path: str
    translations: Mapping[str, str]
    up: str


class PageRenderer(PublicationPaths):
    """Renders the pages of one publication into a folder."""

    # Whether the pages are those of the view of what was reported.
    of_reported = False
    # Whether anything is written at all.
    writes = True

    def __init__(
        self,
        project: Project,
        root: Path,
        kept: BuildCache | None = None,
        survey: PageSurvey | None = None,
        writers: FileWriters | None = None,
    ) -> None:
        """`survey` tells which pages the view of what was reported has besides.

        `writers` make the files beside the pages, else each is made at once.
        """
        super().__init__(project)
        self.survey = survey or PageSurvey()
        self.root = root
        self.kept = kept or BuildCache(root, root, project.cache("made"))
        self.files = writers or FileWriters(root, self.kept)
        self.written: list[str] = []
        # Those that the search finds.
        self.searchable: list[str] = []
        # How many of them have a twin.
        self.twins = 0

    @cached_property
    def _frames(self) -> Mapping[str, str]:
        """What stands around each page of a language, as a digest."""
        # Of the settings all are in it: templates and structured data have others, too.
        told = {
            lang: repr((self._frame(lang), self.project))
            for lang in self.project.languages
        }
        return {
            lang: hashlib.sha256(text.encode()).hexdigest()
            for lang, text in told.items()
        }

    def of_built(self, files: Collection[str]) -> PageRenderer:
        """Return a renderer of pages that are drawn beside a publication's files."""
        roots = {lang: self.reported_home(lang) for lang in self.project.languages}
        result = copy.copy(self)
        result.survey = BuiltPages(files, roots)
        return result

    def shows(self, lang: str, path: str) -> bool:
        """Whether there is any use in working out the page at a path."""
        del lang, path
        return True

    def render(
        self,
        template: str,
        lang: str,
        path: str | Mapping[str, str],
        title: str,
        *,
        box: ViewBox | None = None,
        way_in: bool = False,
        **values: Any,
    ) -> None:
        """Render a page to `path` (a folder below the language's root, or one each).

        `box` is what it says of the views; a page with `way_in` leads on to others.
        """
        del way_in
        paths = self._paths(path)
        values["box"] = self._boxed(lang, paths[lang], (template, title, values), box)
        own = self.own_home(lang) + paths[lang]
        name = posixpath.join(own, "index.html")
        self.written.append(own)
        if values.get("searchable", True):
            self.searchable.append(own)
        made_from = (self._frames[lang], template, own, sorted(paths.items()), title)
        key = self.kept.key(*made_from, self._ways(lang, own, paths[lang]), values)
        if not self.kept.take(name, key):
            text = self.draft(template, lang, paths, title, **values)
            self._write(name, text, key)
        if values.get("plain"):
            self._write_plain(template, lang, paths, title, values, key)

    def _write_plain(
        self,
        template: str,
        lang: str,
        paths: Mapping[str, str],
        title: str,
        values: Mapping[str, Any],
        key: str,
    ) -> None:
        """Write a page's form without menus, whose key follows from the page's."""
        own = self.own_home(lang) + paths[lang]
        there = plain_path(own)
        name, key = posixpath.join(there, "index.html"), key and self.kept.key(key)
        if not self.kept.take(name, key):
            up = "../" * there.count("/")
            layout = {**values, "layout": "plain.html", "beside": up + own}
            place = PagePlace(there, paths, up)
            text = self._page(template, lang, place, title, layout)
            self._write(name, text, key)

    def _structured(
        self, lang: str, own: str, title: str, values: Mapping[str, Any]
    ) -> Markup:
        """Return what search engines are told of a page."""
        texts = title, str(values.get("description", ""))
        address, told = self.project.address + own, values.get("entities", ())
        return as_script(page_for_search(self.project, lang, address, texts, told))

    def _boxed(
        self, lang: str, path: str, made_from: object, box: ViewBox | None
    ) -> ViewBox | None:
        """Return what a page says of the views, with the way to the other one."""
        if not self.survey.compare(lang, path, made_from):
            return box
        other = self.reported_home(lang) + path
        return differing_box(box, other, is_reported=False)

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
        own = self.own_home(lang) + paths[lang]
        up = "../" * own.count("/")
        return self._page(template, lang, PagePlace(own, paths, up), title, values)

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
        place = PagePlace(path, {}, "../" * path.count("/"))
        values |= {"translations": own}
        return self._page(template, lang, place, title, values)

    def missing(self, prefix: str) -> None:
        """Render 404.html, which is shown at any depth: links from the host's root."""
        lang = self.project.languages[0]
        title = self.words[lang]["missing_title"]
        values = {
            "searchable": False,
            "structured": "",
            "texts": [(o, self.words[o]) for o in self.project.languages],
            "homes": {o: self.home(o) for o in self.project.languages},
        }
        homes = dict.fromkeys(self.project.languages, "")
        place = PagePlace("404.html", homes, prefix)
        text = self._page("missing.html", lang, place, title, values)
        self._write("404.html", text)

    def redirect(self, path: str, target: str, iri: str, lang: str = "") -> None:
        """Render a page at `path` that leads to another path of the publication.

        `iri` is what it is about: an IRI, or the name of a thing in the language.
        """
        name, lang = f"{path}index.html", lang or self.project.languages[0]
        canonical = self.project.address + target
        key = self.kept.key("redirect", path, canonical, target, iri, lang)
        if self.kept.take(name, key):
            return
        text = (
            page_templates()
            .get_template("redirect.html")
            .render(
                lang=lang,
                iri=iri,
                target="../" * path.count("/") + target,
                canonical=canonical,
            )
        )
        self._write(name, text, key)

    def _page(
        self,
        template: str,
        lang: str,
        place: PagePlace,
        title: str,
        values: Mapping[str, Any],
    ) -> str:
        own, paths, up = place.path, place.translations, place.up
        text = (
            page_templates()
            .get_template(template)
            .render(
                {
                    **self._usual(lang, own, paths, up),
                    "structured": self._structured(lang, own, title, values),
                    **values,
                },
                title=title,
                here=own,
                root=up or "./",
                home=(up + self.home(lang)) or "./",
            )
        )
        return with_languages(text)

    def _usual(
        self, lang: str, own: str, paths: Mapping[str, str], up: str
    ) -> dict[str, Any]:
        """Return what every page has; `paths` are {} for one that isn't written."""
        local = paths.get(lang)
        return {
            **self._frame(lang),
            **{"title_lang": "", "description": "", "box": None},
            **{"layout": "base.html", "beside": ""},
            **{"searchable": True, "behind": False, "elsewhere": ""},
            "formats": [],
            "crumbs": [],
            "translations": [(o, self.home(o) + p) for o, p in paths.items()],
            "canonical": own if local is None else self.home(lang) + local,
            "menu": self._menu(lang, own, local),
            "start": (up + self._way(lang, "")) or "./",
        }

    def _ways(self, lang: str, own: str, local: str) -> object:
        """Return what a page's links lead to besides what its values say."""
        return self._menu(lang, own, local), self._way(lang, "")

    def _way(self, lang: str, path: str) -> str:
        """Return the path of a page that menus lead to: the reported one, if any."""
        there = self.survey.has(lang, path)
        return (self.reported_home(lang) if there else self.home(lang)) + path

    def _menu(
        self, lang: str, own: str, local: str | None
    ) -> list[tuple[str, str, str]]:
        here = own.removeprefix(self.home(lang)) if local is None else local
        several = bool(self.project.member_bases)
        menu = menu_paths(self.words[lang], here, several=several)
        return [(word, self._way(lang, path), current) for word, path, current in menu]

    def _frame(self, lang: str) -> dict[str, Any]:
        frame = page_frame(self.project, lang, self.home(lang), self.words[lang])
        return {**frame, "some_reported": not self.survey.is_empty}

    def _write(self, name: str, text: str, key: str = "") -> None:
        file = write_data_file(self.root, name, text.encode(), "text/html")
        self.kept.note_digest(name, key, file.sha256)
