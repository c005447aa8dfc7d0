"""Where pages stand in each language, and the other forms of a page, by its path.

A page is named by its folder, as `doc/place/vik/`, "" for the first one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glokal.core.settings import Project
from glokal.site.page_words import load_words

# Forms without menus, for a frame on another site (`glokal.site.plain_forms`).
PLAIN = "embed/"


def twin_path(page: str) -> str:
    """Return the path of a page's Markdown twin: beside the folder, or `index.md`."""
    return f"{page.rstrip('/') or 'index'}.md"


def plain_path(page: str) -> str:
    """Return the path of a page's plain form: the same below `embed/`."""
    return PLAIN + page


class PublicationPaths:
    """Where the pages of a publication stand, in each language."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @property
    def words(self) -> Mapping[str, Mapping[str, Any]]:
        """The words of the pages, by language."""
        return load_words(self.project.translations)

    def home(self, lang: str) -> str:
        """Return the path of a language's root: the first language has the root."""
        return "" if lang == self.project.languages[0] else f"{lang}/"

    def reported_home(self, lang: str) -> str:
        """Return the path of a language's root in the view of what was reported."""
        reported: str = self.words[lang]["paths"]["reported"]
        return self.home(lang) + reported

    def own_home(self, lang: str) -> str:
        """Return the path of a language's root in the view of these pages."""
        return self.home(lang)

    def named(self, name: str) -> Mapping[str, str]:
        """Return the path of a page that has its own name in each language."""
        return {o: self.words[o]["paths"][name] for o in self.project.languages}

    def _paths(self, path: str | Mapping[str, str]) -> Mapping[str, str]:
        if isinstance(path, str):
            return dict.fromkeys(self.project.languages, path)
        return path
