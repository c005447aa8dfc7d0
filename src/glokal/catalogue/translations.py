"""The words of the catalogues, by language, from `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources

from glokal.catalogue.graph_builder import Texts
from glokal.core.languages import ByLanguage
from glokal.core.settings import Project


@dataclass(frozen=True)
class ResourceTexts:
    """What a resource is called and what is said of it, in each language."""

    title: Texts
    description: Texts


def resource_texts(project: Project, key: str, **filled_in: int | str) -> ResourceTexts:
    """Return the title and the description that `words.toml` has for a resource."""
    named = ByLanguage(_words()[key])
    titles, descriptions = ByLanguage[str](), ByLanguage[str]()
    for language, (title, description) in named.among(project.languages).items():
        # In the words' language where it is one of the project's, else in the nearest.
        said = partial(_in, language)
        filled = {
            "title": said(project.title),
            "description": said(project.description),
            "publisher": said(project.publisher.name),
            **filled_in,
        }
        titles[language] = title.format(**filled)
        descriptions[language] = description.format(**filled)
    return ResourceTexts(titles, descriptions)


def view_texts(project: Project, view: str) -> ResourceTexts:
    """Return what a view of the graph is called (`glokal.dataset.views`)."""
    return resource_texts(project, f"view-{view}", date=project.modified.isoformat())


def with_status(project: Project, texts: Texts) -> Texts:
    """Return a description that says whether the publication has been adopted."""
    if not project.unofficial:
        return texts
    details = resource_texts(project, "unofficial").description
    # A text may be there in a language in which nothing is published.
    return {
        language: f"{text} {details[language]}"
        for language, text in texts.items()
        if language in details
    }


def _in(language: str, texts: Texts) -> str:
    return ByLanguage(texts)[language]


@cache
def _words() -> Mapping[str, Mapping[str, list[str]]]:
    file = resources.files("glokal.catalogue").joinpath("words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
