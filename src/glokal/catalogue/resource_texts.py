"""The words of the catalogues, by language, from `words.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from glokal.catalogue.graph_builder import Texts
from glokal.core.languages import ByLanguage
from glokal.core.settings import Project
from glokal.core.text_tables import table

_PARTS = ("title", "description")


@dataclass(frozen=True)
class ResourceTexts:
    """What a resource is called and what is said of it, in each language."""

    title: Texts
    description: Texts


def resource_texts(project: Project, key: str, **filled_in: int | str) -> ResourceTexts:
    """Return the title and the description that `words.toml` has for a resource."""
    added = project.translations.of
    titles, descriptions = ByLanguage[str](), ByLanguage[str]()
    words = {lang: named[key] for lang, named in table("catalogue").items()}
    for lang in project.languages:
        own = {x: added(f"catalogue.{key}.{x}").get(lang, "") for x in _PARTS}
        # A resource may be without a title.
        if all(own[x] or not words["en"][x] for x in _PARTS):
            words[lang] = own
    for language, text in ByLanguage(words).among(project.languages).items():
        title, description = (text[x] for x in _PARTS)
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
